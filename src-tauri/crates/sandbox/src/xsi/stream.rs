//! Channels and subscriptions: who hears what, over which open answer, and what goes out in which pieces.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Weak;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::Bytes;
use hyper::body::{Body, Frame};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::book::Told;
use super::document::{self, Style};
use super::package::Package;
use super::server::{Cut, Shared};
use super::state::{Faults, State, Unacknowledged};
use super::user_of;
use super::xml::{Node, Prefixes};
use crate::pbx::StandingOrders;

/// One answer that stays open.
#[derive(Debug)]
pub(super) struct Channel {
    pub set: String,
    /// The extension of whoever opened it.
    pub owner: String,
    pub application: String,
    pub priority: u32,
    pub weight: u32,
    pub expires: u32,
    /// Which server behind the address has it.
    pub server: u32,
    /// The last sign of life.
    pub heard: Instant,
    pub out: UnboundedSender<Vec<u8>>,
    pub cut: Cut,
    /// What waits to be sent.
    pub waiting: Vec<u8>,
}

impl Channel {
    /// Whether it belongs to this set of this user.
    pub fn carries(&self, owner: &str, set: &str) -> bool {
        self.owner == owner && self.set == set
    }

    fn send(&mut self, document: &str, faults: &Faults) {
        if faults.silent {
            return;
        }
        self.waiting.extend_from_slice(document.as_bytes());
        if !faults.gathers {
            self.flush(faults.split);
        }
    }

    /// Sends what waits, in pieces of so many bytes, letters cut where they are.
    pub fn flush(&mut self, split: Option<usize>) {
        let bytes = std::mem::take(&mut self.waiting);
        let size = split.unwrap_or(bytes.len()).max(1);
        for piece in bytes.chunks(size) {
            // A client that has gone is swept up by its own connection.
            let _ = self.out.send(piece.to_vec());
        }
    }
}

/// Who wants to hear of what.
#[derive(Debug, Clone)]
pub(super) struct Subscription {
    /// The extension it is about.
    pub line: String,
    pub package: Package,
    pub set: String,
    pub application: String,
    pub expires: u32,
    /// The number of the last event.
    pub sequence: u32,
}

impl State {
    /// Tells those who subscribed to a line.
    pub fn tell(&mut self, line: &str, told: &Told) {
        let style = self.faults.style;
        match told {
            Told::Call(name, known) => {
                let (name, call) = (*name, document::call("call", known, style));
                self.publish(line, name, &[call]);
            }
            Told::Redirected(calls) => {
                let calls = calls
                    .iter()
                    .map(|known| document::call("call", known, style));
                let list = Node::new("calls").with_each(calls);
                self.publish(line, "CallRedirectedEvent", &[list]);
            }
            Told::Hook { off } => {
                let status = Node::new("hookStatus").text(document::hook(*off));
                self.publish(line, "HookStatusEvent", &[status]);
            }
            Told::Lost => {
                let now = self.calls_now(line, style);
                self.publish(line, "CallSubscriptionResyncEvent", &now);
            }
        }
    }

    /// Tells of something that is no call: standing orders, a conference.
    pub fn tell_about(&mut self, line: &str, kind: &'static str, info: &Node) {
        self.publish(line, kind, std::slice::from_ref(info));
    }

    /// The event that follows a subscription and each refreshing of it.
    pub fn tell_first(&mut self, id: &str, orders: &StandingOrders) {
        let Some(subscription) = self.subscriptions.get(id).cloned() else {
            return;
        };
        let (kind, data) = match subscription.package {
            Package::Calls(_) => {
                let now = self.calls_now(&subscription.line, self.faults.style);
                ("CallSubscriptionEvent", now)
            }
            Package::DoNotDisturb => {
                let info = document::do_not_disturb("info", orders);
                ("DoNotDisturbEvent", vec![info])
            }
            Package::Forwarding => {
                let info = document::forwarding("info", orders);
                ("CallForwardingAlwaysEvent", vec![info])
            }
        };
        self.publish_to(id, kind, &data);
    }

    /// Ends a subscription with its last word.
    pub fn end_subscription(&mut self, id: &str) {
        self.publish_to(id, "SubscriptionTerminatedEvent", &[]);
        self.subscriptions.remove(id);
    }

    /// Ends a channel; with a reason its last word is said, without it is just gone.
    pub fn end_channel(&mut self, id: &str, reason: Option<&str>) {
        let Some(mut channel) = self.channels.remove(id) else {
            return;
        };
        if let Some(reason) = reason {
            let event = Node::new("Event")
                .kind("ChannelTerminatedEvent")
                .leaf("channelId", id)
                .leaf("reason", reason);
            channel.send(&framed(&event, &self.faults.prefixes), &self.faults);
            channel.flush(self.faults.split);
        }
        self.unacknowledged.retain(|_, event| event.channel != id);
        let last = !self
            .channels
            .values()
            .any(|other| other.carries(&channel.owner, &channel.set));
        if last && !self.faults.forgets_nothing {
            self.subscriptions
                .retain(|_, one| !channel.carries(&one.line, &one.set));
        }
    }

    /// A sign of life over the channel itself.
    pub fn beat(&mut self, id: &str) {
        let name = if self.faults.small_beat {
            "ChannelHeartbeat"
        } else {
            "ChannelHeartBeat"
        };
        if let Some(channel) = self.channels.get_mut(id) {
            channel.heard = Instant::now();
            let beat = Node::new(name).document(&Prefixes::none());
            channel.send(&beat, &self.faults);
        }
    }

    /// The first words of a channel.
    pub fn greet(&mut self, id: &str) {
        if let Some(channel) = self.channels.get_mut(id) {
            let greeting = Node::new("Channel")
                .leaf("channelId", id)
                .leaf("expires", channel.expires.to_string());
            channel.send(&framed(&greeting, &Prefixes::none()), &self.faults);
            channel.flush(self.faults.split);
        }
    }

    fn calls_now(&self, line: &str, style: Style) -> Vec<Node> {
        let line = self.book.line(line);
        let calls = line.into_iter().flat_map(|line| line.calls());
        let calls: Vec<Node> = calls
            .map(|known| document::call("call", known, style))
            .collect();
        let off = line.is_some_and(|line| line.off_hook());
        let mut data = Vec::new();
        if !calls.is_empty() {
            data.push(Node::new("calls").with_each(calls));
        }
        data.push(Node::new("hookStatus").text(document::hook(off)));
        data
    }

    fn publish(&mut self, line: &str, kind: &'static str, data: &[Node]) {
        let hears = |one: &Subscription| one.line == line && one.package.tells(kind);
        let ids = self.subscriptions.iter().filter(|(_, one)| hears(one));
        let ids: Vec<String> = ids.map(|(id, _)| id.clone()).collect();
        for id in ids {
            self.publish_to(&id, kind, data);
        }
    }

    fn publish_to(&mut self, id: &str, kind: &'static str, data: &[Node]) {
        let event_id = self.next_id();
        let Some(subscription) = self.subscriptions.get_mut(id) else {
            return;
        };
        subscription.sequence += 1;
        let in_set = self
            .channels
            .iter_mut()
            .filter(|(_, channel)| channel.carries(&subscription.line, &subscription.set));
        let Some((channel_id, channel)) = in_set.min_by_key(|(_, channel)| channel.priority) else {
            return;
        };
        if self.faults.loses > 0 {
            self.faults.loses -= 1;
            return;
        }
        let user = user_of(&subscription.line);
        let event = Node::new("Event")
            .kind("SubscriptionEvent")
            .leaf("eventID", &event_id)
            .leaf("sequenceNumber", subscription.sequence.to_string())
            .leaf("userId", &user)
            .leaf("externalApplicationId", &subscription.application)
            .leaf("subscriptionId", id)
            .leaf("channelId", channel_id)
            .leaf("targetId", &user)
            .with(
                Node::new("eventData")
                    .kind(kind)
                    .with_each(data.iter().cloned()),
            );
        channel.send(&framed(&event, &self.faults.prefixes), &self.faults);
        let waits = Unacknowledged {
            channel: channel_id.clone(),
            since: Instant::now(),
        };
        self.unacknowledged.insert(event_id, waits);
    }
}

/// A foreign client throws away what stands before a line's end, which is why a document has just this one.
fn framed(node: &Node, prefixes: &Prefixes) -> String {
    let document = node.document(prefixes);
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{document}")
}

/// The open answer. It ends when its channel does, and its channel when nobody reads it any more.
pub(super) struct OpenAnswer {
    pub pieces: UnboundedReceiver<Vec<u8>>,
    pub shared: Weak<Shared>,
    pub channel: String,
    pub pauses: bool,
}

impl Body for OpenAnswer {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if std::mem::take(&mut self.pauses) {
            // Lets one piece reach the wire before the next, so that they are not joined again.
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        match self.pieces.poll_recv(context) {
            Poll::Ready(Some(piece)) => {
                self.pauses = true;
                Poll::Ready(Some(Ok(Frame::data(Bytes::from(piece)))))
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl Drop for OpenAnswer {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.upgrade() {
            shared.state().end_channel(&self.channel, None);
        }
    }
}

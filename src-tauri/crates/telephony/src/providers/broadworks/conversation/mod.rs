//! One conversation with a BroadWorks, without the link: the channel's bytes and the answers in,
//! requests and calls out.
//!
//! The session sends the requests and looks at the clock.

mod colleagues;
mod gathering;
mod keeping;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::Duration;

use ringcard_core::{
    Call, CallId, CommandError, CommandId, LineId, LinkState, LinkTrouble, Moment, Outcome,
};
use uuid::Uuid;

use self::colleagues::Colleagues;
use self::gathering::Gathering;
use super::commands::Desk;
use super::config::Config;
use super::model::{Ids, Model};
use super::wire::Stream;
use super::wire::answer::Answer;
use super::wire::event::{self, Event, Happening, Message, Termination};
use super::wire::request::{self, Request};
use crate::LineEvent;

/// The least that servers grant, in seconds.
const EXPIRES: u64 = 3_600;
/// What is granted for longer is renewed all the same.
const LONGEST_GRANT: u64 = 86_400;

/// What a request was sent for, so that its answer finds its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The subscription to the agent's calls.
    Subscribe,
    /// All calls there are.
    Calls,
    /// One of them.
    Details(String),
    /// A sign of life or a renewal.
    Keep,
    /// An event's acknowledgement.
    Acknowledge,
    /// A page of the directory.
    Directory,
    /// Is the receiver of a command's target lifted?
    Hook(CommandId),
    /// A step of a command.
    Command(CommandId),
    /// The agent's telephone is to pick up. If it does not, it rings on.
    PickUp,
}

/// How far a session has come.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    /// The channel has no name yet.
    Opening,
    /// The subscription or the first snapshot is under way.
    Syncing,
    /// Everything is told.
    Listening,
}

/// A line's conversation. It outlives links: between two of them it keeps the calls.
pub(super) struct Conversation {
    pub(super) config: Config,
    pub(super) model: Model,
    pub(super) desk: Desk,
    colleagues: Colleagues,
    gathering: Gathering,
    stream: Stream,
    phase: Phase,
    set: String,
    channel: Option<String>,
    subscription: Option<String>,
    sequence: Option<u64>,
    outgoing: VecDeque<(Purpose, Request)>,
    events: VecDeque<LineEvent>,
    heard_at: Duration,
    beat_at: Duration,
    renew_at: Duration,
    granted: Duration,
    trouble: Option<LinkTrouble>,
    /// Another one of our name is there: coming back at once would go on for ever.
    crowded: bool,
    /// This account did work, so that a refusal is the server's mood and not a missing right.
    has_listened: bool,
}

impl Conversation {
    /// A line that was never connected.
    pub(super) fn new(config: Config, line: LineId, ids: Ids) -> Self {
        Self {
            model: Model::new(line, ids, config.settle()),
            config,
            desk: Desk::default(),
            colleagues: Colleagues::default(),
            gathering: Gathering::default(),
            stream: Stream::default(),
            phase: Phase::Opening,
            set: String::new(),
            channel: None,
            subscription: None,
            sequence: None,
            outgoing: VecDeque::new(),
            events: VecDeque::new(),
            heard_at: Duration::ZERO,
            beat_at: Duration::ZERO,
            renew_at: Duration::ZERO,
            granted: Duration::from_secs(EXPIRES),
            trouble: None,
            crowded: false,
            has_listened: false,
        }
    }

    /// Everything but the calls and the colleagues begins anew. The request opens the channel.
    pub(super) fn begin(&mut self, now: Moment) -> Request {
        self.stream = Stream::default();
        self.gathering = Gathering::default();
        self.phase = Phase::Opening;
        self.set = Uuid::new_v4().to_string();
        self.channel = None;
        self.subscription = None;
        self.sequence = None;
        self.outgoing.clear();
        self.trouble = None;
        self.crowded = false;
        self.heard_at = now.monotonic;
        self.beat_at = now.monotonic + self.config.heartbeat();
        request::open_channel(&self.set, &self.config.application, EXPIRES)
    }

    /// The link is gone: whatever was asked has no answer. What is to be said to the server still.
    pub(super) fn end(&mut self) -> Vec<Request> {
        self.phase = Phase::Opening;
        self.outgoing.clear();
        self.model.dial_failed();
        for id in self.desk.give_up() {
            let refused = Outcome::Refused(CommandError::LinkDown);
            self.tell(LineEvent::CommandEnded(id, refused));
        }
        let subscription = self.subscription.take();
        let unsubscribe = subscription.map(|id| request::unsubscribe(&id));
        let close = self.channel.take().map(|id| request::close_channel(&id));
        unsubscribe.into_iter().chain(close).collect()
    }

    /// Bytes of the channel.
    pub(super) fn hear(&mut self, bytes: &[u8], now: Moment) {
        self.heard_at = now.monotonic;
        let mut messages = Vec::new();
        let read = self
            .stream
            .feed(bytes, |document| messages.push(event::read(document)));
        for message in messages {
            self.message(message, now);
        }
        if read.is_err() {
            self.fail(LinkTrouble::WrongProtocol);
        }
        self.settle(now);
    }

    fn message(&mut self, message: Message, now: Moment) {
        match message {
            Message::Opened { channel, expires } => self.opened(channel, expires, now),
            Message::Heartbeat | Message::Unknown => {}
            Message::Terminated(why) => {
                self.channel = None;
                self.crowded = why == Termination::Crowded;
                self.fail(match why {
                    Termination::UserGone => LinkTrouble::AuthenticationFailed,
                    Termination::Crowded | Termination::Other => LinkTrouble::Lost,
                });
            }
            Message::Event(event) => self.event(&event, now),
        }
    }

    fn opened(&mut self, channel: String, expires: u64, now: Moment) {
        if self.phase != Phase::Opening {
            return;
        }
        self.channel = Some(channel);
        self.granted = Duration::from_secs(expires.clamp(60, LONGEST_GRANT));
        self.renew_at = now.monotonic + self.granted / 2;
        self.phase = Phase::Syncing;
        let names = (self.set.as_str(), self.config.application.as_str());
        let subscribe = request::subscribe(&self.config.user, names, EXPIRES);
        self.ask(Purpose::Subscribe, subscribe);
    }

    fn event(&mut self, event: &Event, now: Moment) {
        self.ask(Purpose::Acknowledge, request::acknowledge(&event.id));
        // Another subscription's events may be about somebody else.
        let ours = self.subscription.as_deref();
        if ours.is_some_and(|ours| ours != event.subscription) {
            return;
        }
        if self.is_old(event) {
            return;
        }
        match &event.what {
            Happening::Changed(calls, change) => {
                for call in calls {
                    self.gathering.touch(&call.id);
                }
                let coming = self.model.take_all(calls, *change, now);
                if coming && self.is_listening() {
                    self.tell(LineEvent::Coming);
                }
            }
            Happening::Resync => {
                self.sequence = None;
                self.gather();
            }
            Happening::Ended => self.fail(LinkTrouble::Lost),
            Happening::Nothing => {}
        }
    }

    /// Notes the event's place. What was not acknowledged in time comes again and says nothing new;
    /// after a gap, or where the numbers begin anew, everything is asked for.
    fn is_old(&mut self, event: &Event) -> bool {
        let Some(this) = event.sequence else {
            return false;
        };
        let last = self.sequence.replace(this);
        match last {
            Some(last) if this == last => true,
            Some(last) if this != last.wrapping_add(1) => {
                self.gather();
                this < last
            }
            _ => false,
        }
    }

    /// The answer to a request, or why there is none.
    pub(super) fn answered(
        &mut self,
        purpose: &Purpose,
        answer: Result<Answer, LinkTrouble>,
        now: Moment,
    ) {
        match purpose {
            Purpose::Subscribe => self.subscribed(answer),
            Purpose::Calls => self.calls_listed(answer),
            Purpose::Details(id) => self.call_detailed(id, answer),
            // One lost sign of life is made up for by the next.
            Purpose::Keep => {
                if answer.is_ok_and(|answer| answer.is_forgotten()) {
                    self.fail(LinkTrouble::Lost);
                }
            }
            Purpose::Acknowledge | Purpose::PickUp => {}
            Purpose::Directory => self.page_listed(answer.ok()),
            Purpose::Hook(id) => self.target_known(*id, answer.ok(), now),
            Purpose::Command(id) => self.step_answered(*id, answer.ok(), now),
        }
        self.gathered(now);
        self.settle(now);
    }

    fn subscribed(&mut self, answer: Result<Answer, LinkTrouble>) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(trouble) => return self.fail(trouble),
        };
        if answer.is_double() {
            // Another one of the same name is there. It ends by itself; trying at once would make a storm.
            self.crowded = true;
            return self.fail(LinkTrouble::Lost);
        }
        if let Some(trouble) = answer.trouble() {
            return self.refused(trouble);
        }
        match answer.subscription() {
            Some(id) => self.subscription = Some(id.to_owned()),
            None => return self.fail(LinkTrouble::WrongProtocol),
        }
        self.gather();
    }

    /// The server refused to open a channel or to subscribe.
    pub(super) fn refused(&mut self, trouble: LinkTrouble) {
        self.fail(match trouble {
            // Too many requests are refused with the same word as a missing right.
            LinkTrouble::RightsMissing if self.has_listened => LinkTrouble::ShuttingDown,
            other => other,
        });
    }

    /// Time passes.
    pub(super) fn tick(&mut self, now: Moment) {
        self.keep(now);
        self.review(now);
        self.settle(now);
    }

    /// Passes on what is new; a command that it proves may make something new again.
    pub(super) fn settle(&mut self, now: Moment) {
        while self.is_listening() {
            let news = self.model.news(now);
            if news.is_empty() {
                return self.pick_up();
            }
            for call in news {
                self.tell(LineEvent::Call(Box::new(call.clone())));
                self.prove(&call);
            }
        }
    }

    /// That a telephone obeys is no news to the application.
    fn pick_up(&mut self) {
        while let Some(call) = self.model.next_to_pick_up() {
            let talk = request::talk(&self.config.user, &call);
            self.ask(Purpose::PickUp, talk);
        }
    }

    pub(super) fn ask(&mut self, purpose: Purpose, request: Request) {
        self.outgoing.push_back((purpose, request));
    }

    pub(super) fn tell(&mut self, event: LineEvent) {
        self.events.push_back(event);
    }

    pub(super) fn fail(&mut self, trouble: LinkTrouble) {
        self.trouble.get_or_insert(trouble);
    }

    fn listens(&mut self, calls: Vec<Call>, now: Moment) {
        self.phase = Phase::Listening;
        self.has_listened = true;
        let since = now.wall;
        self.tell(LineEvent::Snapshot(calls));
        self.tell(LineEvent::Link(LinkState::Listening { since }));
        self.ask_colleagues();
    }

    /// Why the link must be given up, when it must.
    pub(super) fn trouble(&self) -> Option<LinkTrouble> {
        self.trouble
    }

    /// May the next session begin soon?
    pub(super) fn is_sound(&self) -> bool {
        self.is_listening() && !self.crowded
    }

    /// Subscribed and the snapshot taken?
    pub(super) fn is_listening(&self) -> bool {
        self.phase == Phase::Listening
    }

    /// Requests to be sent, in this order.
    pub(super) fn take_requests(&mut self) -> VecDeque<(Purpose, Request)> {
        std::mem::take(&mut self.outgoing)
    }

    /// The next event for the application.
    pub(super) fn take_event(&mut self) -> Option<LineEvent> {
        self.events.pop_front()
    }

    /// Is there an event for the application?
    pub(super) fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Takes calls that were open when Ringcard ended.
    /// After the snapshot it is too late: nothing would ever say that they are over.
    pub(super) fn adopt(&mut self, calls: Vec<Call>) {
        if !self.is_listening() {
            self.model.adopt(calls);
        }
    }

    /// An open call as last told.
    pub(super) fn call(&self, id: CallId) -> Option<&Call> {
        self.model.call(id)
    }
}

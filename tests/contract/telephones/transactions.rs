//! The transactions of a test telephone: what is repeated until the other side has it, and what is answered twice.

use std::time::Duration;

use tokio::time::Instant;

use super::agent::Agent;
use super::call::token;
use super::digest;
use super::message::Message;

const FIRST_GAP: Duration = Duration::from_millis(500);
const LONGEST_GAP: Duration = Duration::from_secs(4);
const GIVE_UP: Duration = Duration::from_secs(32);
const KEPT_REPLIES: usize = 64;

/// Why a request of ours was sent, so that its answer finds its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Register,
    Invite,
    Hold,
    Resume,
    End,
    Cancel,
}

/// A request of ours without a final answer.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) request: Message,
    pub(super) purpose: Purpose,
    pub(super) call: Option<u64>,
    pub(super) authorised: bool,
    pub(super) answered: bool,
    timer: Timer,
}

/// An answer of ours, kept for repeated requests.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) branch: String,
    pub(super) method: String,
    call_id: String,
    sequence: u32,
    pub(super) bytes: Vec<u8>,
    /// Runs until the PBX acknowledges; `None` where nothing is to be acknowledged.
    unacknowledged: Option<Timer>,
}

#[derive(Debug, Clone, Copy)]
struct Timer {
    due: Instant,
    gap: Duration,
    give_up: Instant,
}

impl Timer {
    fn start() -> Self {
        let now = Instant::now();
        Self {
            due: now + FIRST_GAP,
            gap: FIRST_GAP,
            give_up: now + GIVE_UP,
        }
    }

    fn wind(&mut self) {
        self.gap = (self.gap * 2).min(LONGEST_GAP);
        self.due = Instant::now() + self.gap;
    }
}

impl Sent {
    pub(super) fn now(request: Message, purpose: Purpose, call: Option<u64>) -> Self {
        Self {
            request,
            purpose,
            call,
            authorised: false,
            answered: false,
            timer: Timer::start(),
        }
    }

    /// The same wish once more, now with the answer to the challenge.
    pub(super) fn authorised(&self, request: Message) -> Self {
        Self {
            authorised: true,
            ..Self::now(request, self.purpose, self.call)
        }
    }
}

impl Agent {
    /// Sends a request with a new Via and repeats it until it is answered.
    pub(super) async fn send(
        &mut self,
        mut request: Message,
        purpose: Purpose,
        call: Option<u64>,
    ) -> Message {
        request.set("Via", self.via());
        self.track(Sent::now(request.clone(), purpose, call)).await;
        request
    }

    /// Like `send`, but the first time is when the first repetition would be.
    pub(super) fn send_after_pause(&mut self, mut request: Message, purpose: Purpose, call: u64) {
        request.set("Via", self.via());
        self.sent.push(Sent::now(request, purpose, Some(call)));
    }

    pub(super) fn is_cancelling(&self, call: u64) -> bool {
        self.sent
            .iter()
            .any(|sent| sent.purpose == Purpose::Cancel && sent.call == Some(call))
    }

    /// A Via that names a transaction of its own.
    pub(super) fn via(&self) -> String {
        format!("SIP/2.0/UDP {};rport;branch=z9hG4bK{}", self.here, token())
    }

    /// Sends a request as it is and repeats it until it is answered.
    pub(super) async fn track(&mut self, sent: Sent) {
        self.transmit(&sent.request.to_bytes()).await;
        self.sent.push(sent);
    }

    /// Sends a request that gets no answer (ACK), or one that keeps the Via of another (CANCEL, ACK of a refusal).
    pub(super) async fn send_plain(&self, request: &Message) {
        self.transmit(&request.to_bytes()).await;
    }

    /// Answers a request; an answer to an invitation is repeated until it is acknowledged.
    pub(super) async fn answer(&mut self, request: &Message, response: Message) {
        let bytes = response.to_bytes();
        self.transmit(&bytes).await;
        let is_final = response.status().is_some_and(|status| status >= 200);
        self.replies
            .retain(|reply| reply.branch != request.branch() || reply.method != request.method());
        self.replies.push_back(Reply {
            branch: request.branch().to_owned(),
            method: request.method().to_owned(),
            call_id: request.header("Call-ID").to_owned(),
            sequence: request.sequence(),
            bytes,
            unacknowledged: (is_final && request.method() == "INVITE").then(Timer::start),
        });
        if self.replies.len() > KEPT_REPLIES {
            self.replies.pop_front();
        }
    }

    /// The PBX has our final answer to its invitation.
    pub(super) fn acknowledged(&mut self, acknowledgement: &Message) {
        for reply in &mut self.replies {
            let same_call = reply.call_id == acknowledgement.header("Call-ID");
            if same_call && reply.sequence == acknowledgement.sequence() {
                reply.unacknowledged = None;
            }
        }
    }

    /// Forgets what still waits for an answer about this call.
    pub(super) fn stop_asking(&mut self, call: u64) {
        self.sent.retain(|sent| sent.call != Some(call));
    }

    /// The same request once more with the answer to the challenge, if it was one and the first.
    pub(super) fn with_authorisation(
        &mut self,
        sent: &Sent,
        response: &Message,
    ) -> Option<Message> {
        if sent.authorised {
            return None;
        }
        let login = (self.identity.user.as_str(), self.identity.secret.as_str());
        let (name, value) = digest::authorization(response, &sent.request, login)?;
        let mut request = sent.request.clone();
        let sequence = request.sequence() + 1;
        request.set("CSeq", format!("{sequence} {}", sent.request.method()));
        request.set("Via", self.via());
        request.set(&name, value);
        if let Some(call) = sent.call.and_then(|id| self.call(id)) {
            call.sequence = sequence;
            if sent.purpose == Purpose::Invite {
                call.invitation = request.clone();
            }
        }
        Some(request)
    }

    pub(super) async fn acknowledge_refusal(&self, request: &Message, response: &Message) {
        if response.status().is_none_or(|status| status < 300) {
            return;
        }
        let mut ack = Message::request("ACK", request.uri()).with("Via", request.header("Via"));
        for route in request.all("Route") {
            ack = ack.with("Route", route);
        }
        let ack = ack
            .with("Max-Forwards", "70")
            .with("From", request.header("From"))
            .with("To", response.header("To"))
            .with("Call-ID", request.header("Call-ID"))
            .with("CSeq", format!("{} ACK", request.sequence()));
        self.send_plain(&ack).await;
    }

    pub(super) fn next_timer(&self) -> Instant {
        let asked = self.sent.iter().map(|sent| sent.timer.due);
        let replied = self
            .replies
            .iter()
            .filter_map(|reply| reply.unacknowledged.map(|timer| timer.due));
        asked
            .chain(replied)
            .min()
            .unwrap_or_else(|| Instant::now() + GIVE_UP)
    }

    pub(super) async fn repeat(&mut self) {
        let now = Instant::now();
        let mut again = Vec::new();
        for sent in self.sent.iter_mut().filter(|sent| sent.timer.due <= now) {
            // An invitation that was heard waits for a person; everything else is asked again.
            if !(sent.answered && sent.purpose == Purpose::Invite) {
                again.push(sent.request.to_bytes());
            }
            sent.timer.wind();
        }
        for reply in &mut self.replies {
            if let Some(timer) = reply
                .unacknowledged
                .as_mut()
                .filter(|timer| timer.due <= now)
            {
                again.push(reply.bytes.clone());
                timer.wind();
            }
        }
        self.give_up(now);
        for bytes in again {
            self.transmit(&bytes).await;
        }
    }

    /// What nobody answered in time ends here; a call whose end was not confirmed is over all the same.
    fn give_up(&mut self, now: Instant) {
        for reply in &mut self.replies {
            reply.unacknowledged.take_if(|timer| timer.give_up <= now);
        }
        let is_lost = |sent: &Sent| {
            sent.timer.give_up <= now && !(sent.answered && sent.purpose == Purpose::Invite)
        };
        let lost: Vec<u64> = self
            .sent
            .iter()
            .filter(|sent| is_lost(sent))
            .filter_map(|sent| sent.call)
            .collect();
        self.sent.retain(|sent| !is_lost(sent));
        self.calls.retain(|call| !lost.contains(&call.id));
    }
}

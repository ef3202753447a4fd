//! One conversation with the manager interface, without the link: bytes in, bytes and calls out.
//!
//! The session moves the bytes and looks at the clock. Replays, measurements and fuzzing use it as
//! it is.

mod colleagues;
mod questions;
mod signing_in;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use rand::RngExt as _;
use ringcard_core::{Call, CallId, LineId, LinkState, LinkTrouble, Moment, Outcome};

pub(super) use questions::Question;
use signing_in::Phase;

use self::colleagues::Colleagues;
use super::commands::Desk;
use super::config::Config;
use super::model::{Change, Ids, Model};
use super::wire::{Action, Block, Event, Frame, Reader, inquiry, spontaneous};
use crate::LineEvent;

/// How long the answer to a ping may take.
const PONG: Duration = Duration::from_secs(5);

/// A line's conversation. It outlives links: between two of them it keeps the calls.
pub struct Conversation {
    pub(super) config: Config,
    pub(super) model: Model,
    pub(super) desk: Desk,
    reader: Reader,
    phase: Phase,
    /// Makes the ids of actions unguessable, so that no injected block can pass for an answer.
    token: u64,
    count: u64,
    questions: HashMap<String, Question>,
    colleagues: Colleagues,
    outgoing: Vec<u8>,
    events: VecDeque<LineEvent>,
    heard_at: Duration,
    pinged_at: Option<Duration>,
    trouble: Option<LinkTrouble>,
}

impl Conversation {
    /// A line that was never connected.
    pub fn new(config: Config, line: LineId, ids: Ids) -> Self {
        Self {
            model: Model::new(config.clone(), line, ids),
            config,
            desk: Desk::default(),
            reader: Reader::default(),
            phase: Phase::Greeting,
            token: 0,
            count: 0,
            questions: HashMap::new(),
            colleagues: Colleagues::default(),
            outgoing: Vec::new(),
            events: VecDeque::new(),
            heard_at: Duration::ZERO,
            pinged_at: None,
            trouble: None,
        }
    }

    /// A new link is there: everything but the calls and the colleagues' names begins anew.
    pub fn begin(&mut self, now: Moment) {
        self.reader = Reader::default();
        self.phase = Phase::Greeting;
        self.token = rand::rng().random();
        self.questions.clear();
        self.outgoing.clear();
        self.heard_at = now.monotonic;
        self.pinged_at = None;
        self.trouble = None;
    }

    /// The link is gone: whatever was asked has no answer.
    pub fn end(&mut self) {
        self.phase = Phase::Greeting;
        for id in self.desk.give_up() {
            let refused = Outcome::Refused(ringcard_core::CommandError::LinkDown);
            self.events.push_back(LineEvent::CommandEnded(id, refused));
        }
    }

    /// Bytes from the telephone system.
    pub fn hear(&mut self, bytes: &[u8], now: Moment) {
        self.heard_at = now.monotonic;
        self.pinged_at = None;
        let mut frames = VecDeque::new();
        let mut reader = std::mem::take(&mut self.reader);
        reader.feed(bytes, &mut |frame| frames.push_back(frame));
        self.reader = reader;
        for frame in frames {
            match frame {
                Frame::Banner(banner) => self.greeted(&banner),
                Frame::Block(block) => self.block(&block, now),
            }
        }
        if self
            .reader
            .unfinished_greeting()
            .is_some_and(inquiry::is_no_greeting)
        {
            self.fail(LinkTrouble::WrongProtocol);
        }
    }

    fn block(&mut self, block: &Block, now: Moment) {
        if block.is_response() {
            self.answer(block, now);
        } else if self.list_item(block, now) {
            // Part of an answer that comes in pieces.
        } else if let Some(event) = spontaneous(block) {
            match &mut self.phase {
                Phase::Listening => self.event(&event, now),
                Phase::Syncing(sync) => sync.buffered.push(event),
                Phase::Greeting | Phase::SigningIn => {}
            }
        }
    }

    pub(super) fn event(&mut self, event: &Event, now: Moment) {
        match event {
            Event::Hint(row) => {
                if let Some(colleague) = self.colleagues.hint(row, &self.config.extension) {
                    self.events.push_back(LineEvent::Colleague(colleague));
                }
            }
            Event::Originated {
                action_id,
                answered,
            } => {
                self.originated(action_id, *answered);
            }
            _ => {
                let changes = self.model.apply(event, now);
                self.changed(changes, now);
            }
        }
    }

    /// Time passes.
    pub fn tick(&mut self, now: Moment) {
        let changes = self.model.tick(now);
        self.changed(changes, now);
        self.review(now);
        if !matches!(self.phase, Phase::Listening) {
            return;
        }
        match self.pinged_at {
            Some(at) if now.monotonic >= at + PONG => self.fail(LinkTrouble::Lost),
            None if now.monotonic >= self.heard_at + self.config.keep_alive() => {
                self.ask(Question::Ping, inquiry::ping());
                self.pinged_at = Some(now.monotonic);
            }
            _ => {}
        }
    }

    /// When [`Self::tick`] is to be called next.
    pub fn next_deadline(&self) -> Option<Duration> {
        let listening = matches!(self.phase, Phase::Listening);
        let alive = listening.then(|| match self.pinged_at {
            Some(at) => at + PONG,
            None => self.heard_at + self.config.keep_alive(),
        });
        [self.model.next_deadline(), self.desk.next_deadline(), alive]
            .into_iter()
            .flatten()
            .min()
    }

    /// Passes on what the model found, then looks whether a command is proved by it.
    pub(super) fn changed(&mut self, changes: Vec<Change>, now: Moment) {
        if changes.is_empty() && self.desk.is_idle() {
            return;
        }
        for change in changes {
            match change {
                Change::Coming => self.events.push_back(LineEvent::Coming),
                Change::Call(call) => {
                    self.desk.saw(&call);
                    self.events.push_back(LineEvent::Call(call));
                }
                asks => self.look_into(asks),
            }
        }
        self.review(now);
    }

    /// Sends an action whose answer is a question's.
    pub(super) fn ask(&mut self, question: Question, action: Action) {
        self.count += 1;
        let id = format!("rc-{:016x}-{}", self.token, self.count);
        self.outgoing.extend(action.encode(&id));
        self.questions.insert(id, question);
    }

    pub(super) fn tell(&mut self, event: LineEvent) {
        self.events.push_back(event);
    }

    pub(super) fn fail(&mut self, trouble: LinkTrouble) {
        self.trouble.get_or_insert(trouble);
    }

    /// Why the link must be given up, when it must.
    pub fn trouble(&self) -> Option<LinkTrouble> {
        self.trouble
    }

    /// Signed in and the snapshot taken?
    pub fn is_listening(&self) -> bool {
        matches!(self.phase, Phase::Listening)
    }

    /// Bytes for the telephone system.
    pub fn take_outgoing(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.outgoing)
    }

    /// The next event for the application.
    pub fn take_event(&mut self) -> Option<LineEvent> {
        self.events.pop_front()
    }

    /// Is there an event for the application?
    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Takes calls that were open when Ringcard ended.
    /// After the snapshot it is too late: nothing would ever say that they are over.
    pub fn adopt(&mut self, calls: Vec<Call>) {
        if !self.is_listening() {
            self.model.adopt(calls);
        }
    }

    /// An open call as last told.
    pub fn call(&self, id: CallId) -> Option<&Call> {
        self.model.track(id).map(|track| &track.call)
    }

    /// A slow application gets the newest value of a call, not each one in between.
    pub fn condense(&mut self, most: usize) {
        if self.events.len() <= most {
            return;
        }
        let mut newest = std::collections::HashSet::new();
        let mut kept = VecDeque::new();
        for event in std::mem::take(&mut self.events).into_iter().rev() {
            let keep = match &event {
                LineEvent::Call(call) => newest.insert(call.id),
                LineEvent::Coming => false,
                LineEvent::Colleague(_) | LineEvent::Link(LinkState::Connecting) => {
                    kept.len() < most
                }
                _ => true,
            };
            if keep {
                kept.push_front(event);
            }
        }
        self.events = kept;
    }

    pub(super) fn availability(&self, exten: &str) -> Option<ringcard_core::Availability> {
        self.colleagues.availability(exten)
    }
}

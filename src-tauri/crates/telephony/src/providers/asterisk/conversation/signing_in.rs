//! From the greeting to the snapshot: challenge, login with the event mask, list of legs.

use std::time::Duration;

use md5::{Digest as _, Md5};
use ringcard_core::{LinkState, LinkTrouble, Moment};

use super::{Conversation, Question};
use crate::LineEvent;
use crate::providers::asterisk::model::Row;
use crate::providers::asterisk::wire::{Action, Block, Event, row};

/// The beginning of every greeting.
const GREETING: &[u8] = b"Asterisk Call Manager/";
/// What is listened to; everything that the model reads is in these two.
const EVENT_MASK: &str = "call,agent";

/// How far the conversation has come.
pub(super) enum Phase {
    /// Nothing has been said yet.
    Greeting,
    /// Challenge or login is under way.
    SigningIn,
    /// The list of legs is under way; events wait for its end.
    Syncing(Box<Sync>),
    /// Events are applied as they come.
    Listening,
}

/// What is gathered for the snapshot.
#[derive(Default)]
pub(super) struct Sync {
    pub(super) rows: Vec<Row>,
    pub(super) buffered: Vec<Event>,
}

/// Can these first bytes no longer become a greeting?
pub(super) fn is_no_greeting(beginning: &[u8]) -> bool {
    let both = beginning.len().min(GREETING.len());
    beginning[..both] != GREETING[..both] || beginning.len() > 256
}

impl Conversation {
    pub(super) fn greeted(&mut self, banner: &str) {
        if !banner.as_bytes().starts_with(GREETING) {
            return self.fail(LinkTrouble::WrongProtocol);
        }
        self.phase = Phase::SigningIn;
        let challenge = Action::new("Challenge").with("AuthType", "MD5");
        self.ask(Question::Challenge, challenge);
    }

    pub(super) fn challenged(&mut self, challenge: Option<&str>) {
        let Some(challenge) = challenge else {
            return self.fail(LinkTrouble::WrongProtocol);
        };
        let mut md5 = Md5::new();
        md5.update(challenge.as_bytes());
        md5.update(self.config.secret.expose().as_bytes());
        let key: String = md5
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let login = Action::new("Login")
            .with("AuthType", "MD5")
            .with("Username", self.config.user.clone())
            .with("Key", key)
            .with("Events", EVENT_MASK);
        self.ask(Question::Login, login);
    }

    pub(super) fn signed_in(&mut self, accepted: bool) {
        if !accepted {
            return self.fail(LinkTrouble::AuthenticationFailed);
        }
        self.phase = Phase::Syncing(Box::default());
        self.ask(Question::Legs, Action::new("Status"));
        if self.config.colleagues {
            self.ask(Question::Hints, Action::new("ExtensionStateList"));
        }
    }

    pub(super) fn leg_listed(&mut self, block: &Block) {
        if let Phase::Syncing(sync) = &mut self.phase
            && let Some((leg, bridge, age, dialled)) = row(block)
        {
            sync.rows.push(Row {
                leg,
                bridge,
                age: Duration::from_secs(age),
                dialled,
            });
        }
    }

    /// The list is complete: the snapshot goes out, then what happened meanwhile.
    pub(super) fn legs_complete(&mut self, now: Moment) {
        let Phase::Syncing(sync) = std::mem::replace(&mut self.phase, Phase::Listening) else {
            return;
        };
        let (calls, asks) = self.model.snapshot(&sync.rows, now);
        self.tell(LineEvent::Snapshot(calls));
        self.tell(LineEvent::Link(LinkState::Listening { since: now.wall }));
        self.changed(asks, now);
        for event in &sync.buffered {
            self.event(event, now);
        }
    }
}

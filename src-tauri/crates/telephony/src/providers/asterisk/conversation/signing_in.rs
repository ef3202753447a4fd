//! From the greeting to the snapshot: challenge, login with the event mask, list of legs.

use std::time::Duration;

use ringcard_core::{LinkState, LinkTrouble, Moment};

use super::{Conversation, Question};
use crate::LineEvent;
use crate::providers::asterisk::model::Row;
use crate::providers::asterisk::wire::{Block, Event, inquiry, queue_of_row, row};

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

impl Conversation {
    pub(super) fn greeted(&mut self, banner: &str) {
        if inquiry::version(banner).is_none() {
            return self.fail(LinkTrouble::WrongProtocol);
        }
        self.phase = Phase::SigningIn;
        self.ask(Question::Challenge, inquiry::challenge());
    }

    pub(super) fn challenged(&mut self, challenge: Option<&str>) {
        let Some(challenge) = challenge else {
            return self.fail(LinkTrouble::WrongProtocol);
        };
        let secret = self.config.secret.expose();
        let login = inquiry::login(
            &self.config.user,
            (challenge, secret),
            inquiry::EVENT_CLASSES,
        );
        self.ask(Question::Login, login);
    }

    pub(super) fn signed_in(&mut self, accepted: bool) {
        if !accepted {
            return self.fail(LinkTrouble::AuthenticationFailed);
        }
        self.phase = Phase::Syncing(Box::default());
        self.ask(Question::Legs, inquiry::legs());
        if self.config.colleagues {
            self.ask(Question::Hints, inquiry::hints());
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
                queue: queue_of_row(block),
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

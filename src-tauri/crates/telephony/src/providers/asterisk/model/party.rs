//! Who is at the other end, and whether that may be shown.

use ringcard_core::{CallId, CallState, Direction, Party, Presentation, QueueName};

use super::{Change, Model};
use crate::providers::asterisk::wire::{Ident, LegView, may_be_shown};

/// What telephone systems write where there is no number to show.
const NOBODY: &[&str] = &[
    "anonymous",
    "restricted",
    "private",
    "unavailable",
    "withheld",
];

impl Model {
    /// The agent's telephone is shown somebody (else).
    pub(super) fn connected(&mut self, leg: &LegView) {
        let Some(own) = self.own(leg) else {
            return;
        };
        let Some(at) = self.facing(&own) else {
            return;
        };
        let track = &self.tracks[at];
        let echo = leg.connected.number.is_some() && leg.connected.number == track.left_behind;
        if track.call.state == CallState::CallingOwnPhone || echo {
            return;
        }
        self.meet(at, &leg.connected.clone());
    }

    /// Puts somebody at the far end, as far as it may be shown.
    pub(super) fn meet(&mut self, at: usize, ident: &Ident) {
        let Some(number) = &ident.number else {
            return self.meet_nameless(at, ident);
        };
        let track = &mut self.tracks[at];
        if *number == self.config.extension {
            return;
        }
        if track.heard.number.as_ref() == Some(number)
            && (ident.name.is_none() || ident.name == track.heard.name)
        {
            return;
        }
        track.heard = ident.clone();
        if is_nobody(number) {
            track.call.meet(Party::withheld());
        } else if track.call.direction == Direction::Outgoing {
            self.meet_dialled(at);
        } else if self.config.trusted_presentation {
            track.call.meet(Party {
                presentation: Presentation::Pending,
                ..Party::default()
            });
            self.ask_presentation(at);
        } else {
            let party = allowed(&track.heard);
            track.call.meet(party);
        }
    }

    /// A name without a number says something only while nobody is known.
    fn meet_nameless(&mut self, at: usize, ident: &Ident) {
        let track = &mut self.tracks[at];
        let Some(name) = &ident.name else {
            return;
        };
        if track.heard == Ident::default() && track.call.direction == Direction::Incoming {
            track.heard = ident.clone();
            track.call.meet(if is_nobody(name) {
                Party::withheld()
            } else {
                allowed(ident)
            });
        }
    }

    /// The number that the agent dialled stays as it was dialled; the name is news.
    fn meet_dialled(&mut self, at: usize) {
        let track = &mut self.tracks[at];
        let mut party = allowed(&track.heard);
        if track.rang_at == track.heard.number {
            party.number.clone_from(&track.call.remote.party.number);
        }
        track.call.meet(party);
    }

    fn ask_presentation(&mut self, at: usize) {
        let track = &self.tracks[at];
        let far = track.far.as_deref().filter(|_| !track.was_answered());
        let (leg, of_caller) = match far {
            Some(far) => (Some(far), true),
            None => (track.own.as_deref(), false),
        };
        let Some(channel) = leg.and_then(|leg| self.legs.name(leg)) else {
            return;
        };
        self.asks.push(Change::AskPresentation {
            call: track.call.id,
            channel: channel.to_owned(),
            of_caller,
        });
    }

    /// The answer to [`Change::AskPresentation`]; without one the number stays withheld.
    pub fn presentation(&mut self, call: CallId, value: Option<&str>) -> Vec<Change> {
        if let Some(track) = self.track_mut(call)
            && track.call.remote.party.presentation == Presentation::Pending
        {
            let party = match may_be_shown(value) {
                true => allowed(&track.heard),
                false => Party::withheld(),
            };
            track.call.meet(party);
        }
        self.tell()
    }

    /// The answer to [`Change::AskDiverter`].
    pub fn diverter(&mut self, call: CallId, number: Option<String>) -> Vec<Change> {
        if let Some(number) = number.filter(|number| !is_nobody(number))
            && let Some(track) = self.track_mut(call)
            && track.call.diverter.is_none()
        {
            track.call.diverter = Some(Party::from_number(number));
        }
        self.tell()
    }

    /// Everything that the caller's leg says about a call that begins to ring.
    pub(super) fn introduce(&mut self, at: usize, from: &LegView) {
        let Some(own) = self.tracks[at].own.clone() else {
            return;
        };
        let far = self.legs.caller_of(&own);
        let queue = self.legs.queue_of(&own);
        let extension = &self.config.extension;
        let track = &mut self.tracks[at];
        if track.call.dialled.is_none() {
            track.call.dialled = far
                .as_deref()
                .and_then(|far| self.legs.get(far))
                .and_then(|leg| leg.dialled.clone());
        }
        track.far = far;
        track.rang_at.clone_from(&from.exten);
        if track.call.queue.is_none() {
            track.call.queue = queue.map(QueueName::new);
        }
        let before =
            from.connected.number.as_ref().filter(|number| {
                *number != extension && track.call.dialled.as_ref() != Some(*number)
            });
        if let Some(before) = before {
            track.call.diverter = Some(allowed(&Ident {
                number: Some(before.clone()),
                name: from.connected.name.clone(),
            }));
        } else if let Some(channel) = track.far.as_deref().and_then(|far| self.legs.name(far)) {
            self.asks.push(Change::AskDiverter {
                call: track.call.id,
                channel: channel.to_owned(),
            });
        }
    }
}

fn allowed(ident: &Ident) -> Party {
    Party {
        number: ident.number.clone(),
        name: ident.name.clone(),
        presentation: Presentation::Allowed,
    }
}

fn is_nobody(text: &str) -> bool {
    NOBODY.iter().any(|word| text.eq_ignore_ascii_case(word))
}

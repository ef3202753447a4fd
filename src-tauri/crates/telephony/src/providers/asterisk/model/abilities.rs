//! What can be done with a call now.

use std::collections::BTreeSet;

use ringcard_core::{Ability, CallState, ConsultationPhase, Direction, HeldBy};

use super::{Model, Role, Track, Waiting, Way};
use crate::providers::asterisk::config::{AnswerMethod, ConsultMethod};

impl Model {
    pub(super) fn abilities(&self, at: usize) -> BTreeSet<Ability> {
        let track = &self.tracks[at];
        if let Some(why) = track.waiting {
            let resume = why == Waiting::HoldMusic;
            return resume.then_some(Ability::Resume).into_iter().collect();
        }
        if let Some(both) = track.call.consultation {
            return self.in_consultation(track, both.phase);
        }
        match track.call.state {
            CallState::CallingOwnPhone | CallState::Dialing => [Ability::HangUp].into(),
            CallState::Ringing => self.while_ringing(track),
            CallState::Active => self.while_talking(track),
            CallState::Held { by: HeldBy::Us } => self.while_held(track),
            CallState::Held { by: HeldBy::Remote } => {
                [Ability::HangUp, Ability::BlindTransfer].into()
            }
            CallState::Queued | CallState::Parked | CallState::Ended { .. } => BTreeSet::new(),
        }
    }

    fn while_ringing(&self, track: &Track) -> BTreeSet<Ability> {
        let mut can = BTreeSet::from([Ability::Decline]);
        let movable = self.is_movable(track);
        if movable {
            can.insert(Ability::Redirect);
        }
        let answer = match self.config.answer {
            AnswerMethod::AtTelephone => false,
            AnswerMethod::TalkNotify => true,
            AnswerMethod::RedialAutoAnswer => {
                movable && track.call.queue.is_none() && self.config.contexts.answer.is_some()
            }
        };
        if answer {
            can.insert(Ability::Answer);
        }
        can
    }

    /// May the caller's leg be moved? Only while it waits for us and for nobody else: a leg in a
    /// bridge talks with somebody.
    fn is_movable(&self, track: &Track) -> bool {
        track.call.direction == Direction::Incoming
            && track
                .far
                .as_deref()
                .and_then(|far| self.legs.get(far))
                .is_some_and(|leg| !leg.is_local() && leg.bridge.is_none())
    }

    fn while_talking(&self, track: &Track) -> BTreeSet<Ability> {
        let mut can = BTreeSet::from([Ability::HangUp, Ability::SendDtmf]);
        if self.can_hold(track) {
            can.insert(Ability::Hold);
        }
        let bridged = track.home.is_some();
        if bridged {
            can.insert(Ability::BlindTransfer);
        }
        if bridged && self.can_consult(track) {
            can.insert(Ability::Consult);
        }
        can
    }

    fn can_consult(&self, track: &Track) -> bool {
        track.asking.is_none()
            && match self.config.consult {
                ConsultMethod::Atxfer => true,
                ConsultMethod::TwoLegs => {
                    self.config.contexts.hold.is_some() && track.far.is_some()
                }
            }
    }

    fn can_hold(&self, track: &Track) -> bool {
        self.config.answer == AnswerMethod::TalkNotify
            || (self.config.contexts.hold.is_some() && track.far.is_some())
    }

    fn while_held(&self, track: &Track) -> BTreeSet<Ability> {
        let mut can = BTreeSet::from([Ability::HangUp]);
        let resume = if track.holding {
            track.far.is_some() && track.music.is_none()
        } else {
            self.config.answer == AnswerMethod::TalkNotify
        };
        if resume {
            can.insert(Ability::Resume);
        }
        can
    }

    /// No hang-up here: hanging up the agent's leg would hand the caller over.
    fn in_consultation(&self, track: &Track, phase: ConsultationPhase) -> BTreeSet<Ability> {
        if matches!(
            phase,
            ConsultationPhase::Completing | ConsultationPhase::Cancelling
        ) {
            return BTreeSet::new();
        }
        let two_legs = self.way_of(track) == Some(Way::TwoLegs);
        if two_legs && self.is_unsettled(track) {
            return BTreeSet::new();
        }
        let mut can = BTreeSet::from([Ability::CancelConsult]);
        if !two_legs || phase == ConsultationPhase::Talking {
            can.insert(Ability::CompleteTransfer);
        }
        if self.can_swap(track) {
            can.insert(Ability::Swap);
        }
        let active = track.call.state == CallState::Active;
        if active && (track.is_consult() || two_legs) {
            can.insert(Ability::SendDtmf);
        }
        can
    }

    /// Is somebody of this consultation by two legs still on the way into the music?
    fn is_unsettled(&self, track: &Track) -> bool {
        let on_the_way = |id| {
            self.track(id)
                .is_some_and(|track| track.music.is_some() || track.swap.is_some())
        };
        track
            .call
            .consultation
            .is_some_and(|both| on_the_way(both.held) || on_the_way(both.consult))
    }

    /// How the consultation that this call is part of is done.
    pub fn way_of(&self, track: &Track) -> Option<Way> {
        let both = track.call.consultation?;
        match self.track(both.consult)?.role {
            Role::Consult { way, .. } => Some(way),
            Role::Main => None,
        }
    }
}

//! A caller waits while the agent asks a colleague.

use std::time::Duration;

use ringcard_core::{CallState, Consultation, ConsultationPhase, Direction, EndReason, HeldBy};

use super::{Model, Role, Track, Way, dialled_party};
use crate::providers::asterisk::wire::{DialStatus, LegView};

/// On the agent's return Asterisk plays a sound (`xferfailsound`, a third of a second) and drops the
/// keys of that time without a word: a feature code sent into it is lost. No event tells its end.
const DEAF: Duration = Duration::from_secs(1);

impl Model {
    /// The consultation of the call at `main`.
    pub(super) fn consult_of(&self, main: usize) -> Option<usize> {
        let both = self.tracks[main].call.consultation?;
        self.index(both.consult).filter(|at| *at != main)
    }

    /// The waiting call of the consultation at `consult`.
    fn held_of(&self, consult: usize) -> Option<usize> {
        let both = self.tracks[consult].call.consultation?;
        self.index(both.held).filter(|at| *at != consult)
    }

    /// The agent's leg was taken out of the first bridge: Asterisk's own attended transfer.
    pub(super) fn consult_by_transfer(&mut self, main: usize, bridge: &str) {
        let partner = self
            .legs
            .in_bridge(bridge)
            .find(|uid| self.legs.get(uid).is_some_and(super::legs::Leg::is_local))
            .map(str::to_owned);
        let exten = partner
            .as_deref()
            .and_then(|uid| self.legs.get(uid))
            .and_then(|leg| leg.dialled.clone());
        let role = Role::Consult {
            partner: partner.clone(),
            way: Way::Atxfer,
        };
        self.begin_consult(main, role, exten);
        if let Some(partner) = partner
            && let Some(at) = self.consult_of(main)
        {
            self.catch_up_with_colleague(at, &partner);
        }
    }

    /// A busy machine calls the colleague before it tells that the agent has changed bridges.
    fn catch_up_with_colleague(&mut self, at: usize, partner: &str) {
        if let Some((hinge, telephone)) = self.legs.called_through(partner) {
            let track = &mut self.tracks[at];
            track.signs.status = hinge.failed;
            track.far = telephone.map(str::to_owned);
        }
        let leg = self.legs.get(partner);
        if leg.is_some_and(|leg| leg.state == super::legs::UP) {
            self.reached(at);
        }
    }

    /// The caller was put into the hold music, the agent's leg dials.
    pub(super) fn consult_by_two_legs(&mut self, main: usize, to: &LegView) {
        let role = Role::Consult {
            partner: None,
            way: Way::TwoLegs,
        };
        self.tracks[main].call.state = CallState::Held { by: HeldBy::Us };
        self.await_music(main, self.tracks[main].far.clone().into_iter().collect());
        self.begin_consult(main, role, to.caller.number.clone());
    }

    fn begin_consult(&mut self, main: usize, role: Role, exten: Option<String>) {
        let asked = self.tracks[main].asking.take().map(|(_, number)| number);
        let Some(own) = self.tracks[main].own.clone() else {
            return;
        };
        let view = LegView {
            linked: Some(self.tracks[main].call.correlation.as_str().to_owned()),
            ..LegView::default()
        };
        let kind = (Direction::Outgoing, CallState::Dialing);
        let mut consult = self.begin(&own, &view, kind);
        consult.shown = true;
        consult.role = role;
        consult.rang_at.clone_from(&exten);
        consult.call.dialled = asked.or(exten);
        if let Some(number) = &consult.call.dialled {
            consult.call.meet(dialled_party(number));
        }
        let both = Consultation {
            held: self.tracks[main].call.id,
            consult: consult.call.id,
            phase: ConsultationPhase::Dialing,
        };
        consult.call.consultation = Some(both);
        let held = &mut self.tracks[main];
        held.call.consultation = Some(both);
        held.call.state = CallState::Held { by: HeldBy::Us };
        self.tracks.push(consult);
    }

    /// The real telephone behind the Local channel that the agent is bridged with.
    pub(super) fn note_colleague(&mut self, uid: &str) {
        let Some(by) = self.legs.get(uid).and_then(|leg| leg.dialled_by.clone()) else {
            return;
        };
        let pair = self.legs.get(&by).and_then(|leg| leg.pair.clone());
        for track in &mut self.tracks {
            if let Role::Consult {
                partner: Some(partner),
                ..
            } = &track.role
                && Some(partner) == pair.as_ref()
            {
                track.far = Some(uid.to_owned());
            }
        }
    }

    pub(super) fn colleague_answered(&mut self, uid: &str) {
        let Some(at) = self.consult_with(uid) else {
            return;
        };
        if !self.tracks[at].was_answered() {
            self.tracks[at].talk(self.now);
            self.colleague_talks(at);
        }
        if self.tracks[at].waiting.is_some() {
            self.hand_over(at);
        }
    }

    pub(super) fn colleague_failed(&mut self, uid: &str, status: DialStatus) {
        if let Some(at) = self.consult_with(uid) {
            self.tracks[at].signs.status = Some(status);
        }
    }

    fn consult_with(&self, uid: &str) -> Option<usize> {
        self.tracks.iter().position(|track| {
            let partner = match &track.role {
                Role::Consult { partner, .. } => partner.as_deref() == Some(uid),
                Role::Main => return false,
            };
            !track.is_over() && (partner || track.far.as_deref() == Some(uid))
        })
    }

    /// Says on both calls that agent and colleague talk, unless they are past that.
    pub(super) fn colleague_talks(&mut self, consult: usize) {
        let held = self.held_of(consult);
        for at in [Some(consult), held].into_iter().flatten() {
            if self.tracks[at].phase() == Some(ConsultationPhase::Dialing) {
                self.tracks[at].set_phase(ConsultationPhase::Talking);
            }
        }
    }

    pub(super) fn joined_in_consultation(
        &mut self,
        main: usize,
        consult: usize,
        place: (&str, Option<String>),
    ) {
        let (bridge, partner) = place;
        if self.swapped(main, consult, partner.as_deref()) || self.tracks[consult].swapped {
            self.tracks[main].home = Some(bridge.to_owned());
            return;
        }
        let track = &self.tracks[main];
        let with_caller = partner.is_some() && partner == track.far;
        let home = track.home.as_deref() == Some(bridge);
        if with_caller || home {
            return self.returned(main, consult, bridge);
        }
        if partner.is_some() {
            self.tracks[consult].far = partner;
            if !self.tracks[consult].was_answered() {
                self.reached(consult);
            }
        }
    }

    /// The agent is back with the caller.
    fn returned(&mut self, main: usize, consult: usize, bridge: &str) {
        let reason = consult_reason(&self.tracks[consult]);
        let number = self.tracks[consult].heard.number.clone();
        self.tracks[consult].end(reason, self.now);
        let held = &mut self.tracks[main];
        held.call.consultation = None;
        held.home = Some(bridge.to_owned());
        held.left_behind = number;
        held.signs.moved = false;
        held.deaf_until = Some(self.now.monotonic + DEAF);
        held.talk(self.now);
    }

    /// The consultation of a call that comes back to the agent is over.
    pub(super) fn end_consult_of(&mut self, main: usize) {
        if let Some(consult) = self.consult_of(main) {
            let reason = consult_reason(&self.tracks[consult]);
            self.tracks[consult].end(reason, self.now);
        }
        self.tracks[main].call.consultation = None;
    }

    /// The colleague took the caller.
    pub(super) fn hand_over(&mut self, consult: usize) {
        let held = self.held_of(consult);
        for at in [held, Some(consult)].into_iter().flatten() {
            self.tracks[at].end(EndReason::TransferredAway, self.now);
        }
    }

    /// The waiting caller is gone: the consultation goes on as an ordinary call.
    pub(super) fn caller_left_consultation(&mut self, main: usize) {
        if let Some(consult) = self.consult_of(main) {
            if self.tracks[consult].swapped {
                self.colleague_waits_alone(consult);
                return self.tracks[main].end(EndReason::HungUp, self.now);
            }
            let track = &mut self.tracks[consult];
            track.role = Role::Main;
            track.call.consultation = None;
            let own = track.own.clone();
            track.home = own
                .and_then(|own| self.legs.get(&own))
                .and_then(|leg| leg.bridge.clone());
        }
        self.tracks[main].end(EndReason::HungUp, self.now);
    }
}

/// How a consultation ended that did not become a transfer.
pub(super) fn consult_reason(track: &Track) -> EndReason {
    match track.signs.status {
        _ if track.was_answered() => EndReason::HungUp,
        Some(DialStatus::Busy) => EndReason::Busy,
        Some(DialStatus::NoAnswer | DialStatus::Failed) => EndReason::Failed,
        _ => EndReason::HungUp,
    }
}

//! The agent changes between caller and colleague, in a consultation by two legs.
//!
//! Agent and present partner go into the music together, so that nobody is hung up for being left
//! alone; then the agent is bridged with the one who waited.

use ringcard_core::{CallId, CallState, ConsultationPhase, HeldBy};

use super::{Model, Swap, Track, Way};

impl Model {
    /// Held call and consultation by two legs that `track` is part of.
    fn two_legs(&self, track: &Track) -> Option<(&Track, &Track)> {
        let both = track.call.consultation?;
        let pair = (self.track(both.held)?, self.track(both.consult)?);
        (self.way_of(track) == Some(Way::TwoLegs)).then_some(pair)
    }

    /// With whom the agent talks, and who waits. `None` while that changes.
    pub fn sides(&self, track: &Track) -> Option<(&Track, &Track)> {
        let (held, consult) = self.two_legs(track)?;
        match (consult.swap, consult.swapped) {
            (None, false) => Some((consult, held)),
            (None, true) => Some((held, consult)),
            (Some(_), _) => None,
        }
    }

    /// Who waits for the agent, whom the swap brings together now.
    pub fn awaited(&self, call: CallId) -> Option<&Track> {
        let (held, consult) = self.two_legs(self.track(call)?)?;
        Some(if consult.swapped { consult } else { held })
    }

    pub(super) fn can_swap(&self, track: &Track) -> bool {
        let Some((talks, waits)) = self.sides(track) else {
            return false;
        };
        let together = talks
            .own
            .as_deref()
            .and_then(|own| self.legs.partner(own))
            .is_some_and(|partner| talks.far.as_deref() == Some(partner));
        track.phase() == Some(ConsultationPhase::Talking)
            && self.config.contexts.hold.is_some()
            && together
            && waits.music.is_none()
            && waits.far.is_some()
    }

    /// The swap was asked for: agent and present partner part.
    pub fn begin_swap(&mut self, call: CallId) {
        let Some((talks, _)) = self.track(call).and_then(|track| self.sides(track)) else {
            return;
        };
        let legs = [talks.own.clone(), talks.far.clone()];
        let consult = talks.call.consultation.map(|both| both.consult);
        if let Some(at) = consult.and_then(|id| self.index(id)) {
            self.tracks[at].swap = Some(Swap::Parting);
            self.await_music(at, legs.into_iter().flatten().collect());
        }
    }

    /// It did not come to it: all is as the last event left it.
    pub fn forget_swap(&mut self, call: CallId) {
        let both = self.track(call).and_then(|track| track.call.consultation);
        if let Some(track) = both.and_then(|both| self.track_mut(both.consult)) {
            track.swap = None;
            track.music = None;
        }
    }

    /// The agent has come together with somebody while a swap is under way. Says whether it was
    /// the one who waited.
    pub(super) fn swapped(&mut self, main: usize, consult: usize, partner: Option<&str>) -> bool {
        let to_caller = !self.tracks[consult].swapped;
        let (talks, waits) = if to_caller {
            (main, consult)
        } else {
            (consult, main)
        };
        if self.tracks[consult].swap.is_none()
            || partner.is_none()
            || self.tracks[talks].far.as_deref() != partner
        {
            return false;
        }
        let track = &mut self.tracks[consult];
        track.swap = None;
        track.swapped = to_caller;
        self.tracks[talks].talk(self.now);
        self.tracks[waits].call.state = CallState::Held { by: HeldBy::Us };
        self.tracks[main].signs.moved = false;
        true
    }

    /// One side of a swapped consultation is gone; the colleague who waits is an ordinary call
    /// in the music. The agent's leg, left alone in its bridge, ends a moment later: until then
    /// nobody can be bridged with it.
    pub(super) fn colleague_waits_alone(&mut self, consult: usize) {
        let own = self.tracks[consult].own.clone();
        self.await_music(consult, own.into_iter().collect());
        let track = &mut self.tracks[consult];
        track.role = super::Role::Main;
        track.call.consultation = None;
        track.holding = true;
        track.swapped = false;
        track.swap = None;
    }
}

//! How calls begin: a leg is made, dialled, rings, and answers or not.

use ringcard_core::{Beginning, CallState, ConsultationPhase, CorrelationKey, Direction, LegId};

use super::moving::{CODE_GRACE, may_pick_up};
use super::{Model, RING_GRACE, Role, SETTLE, Track, Waiting, dialled_party};
use crate::providers::asterisk::wire::{DialStatus, Ident, LegState, LegView};

impl Model {
    pub(super) fn appeared(&mut self, leg: &LegView) {
        self.appeared_torn(leg);
        let Some(own) = self.own(leg) else {
            return;
        };
        if self.main(&own).is_some() || self.side_legs.contains(&own) {
            return;
        }
        if let Some(dial) = self.dials.remove(&own) {
            let mut track = self.outgoing(&own, leg);
            track.call.id = dial.call;
            track.call.state = CallState::CallingOwnPhone;
            track.call.meet(dialled_party(&dial.number));
            track.call.dialled = Some(dial.number);
            track.rang_at = Some(dial.exten);
            self.tracks.push(track);
        } else if leg.state == LegState::Calling {
            self.dialled_at_phone(&own, leg);
        } else {
            self.coming = true;
        }
    }

    fn dialled_at_phone(&mut self, own: &str, leg: &LegView) {
        if self.fetches_parked(leg.exten.as_deref()) {
            self.side_legs.insert(own.to_owned());
            return;
        }
        let mut track = self.outgoing(own, leg);
        if let Some(exten) = &leg.exten {
            track.call.meet(dialled_party(exten));
        }
        track.call.dialled.clone_from(&leg.exten);
        track.rang_at.clone_from(&leg.exten);
        if leg.exten.as_deref().is_some_and(may_pick_up) {
            track.shown = false;
            track.pop_at = Some(self.now.monotonic + CODE_GRACE);
        }
        self.tracks.push(track);
    }

    fn outgoing(&mut self, own: &str, leg: &LegView) -> Track {
        let mut track = self.begin(own, leg, (Direction::Outgoing, CallState::Dialing));
        track.shown = true;
        track
    }

    pub(super) fn begin(
        &mut self,
        own: &str,
        leg: &LegView,
        kind: (Direction, CallState),
    ) -> Track {
        self.legs.keep(own);
        Track::new(Beginning {
            id: (self.ids)(),
            line: self.line.clone(),
            leg: LegId::new(own),
            correlation: CorrelationKey::new(self.group_of(own, leg)),
            direction: kind.0,
            state: kind.1,
            started_at: self.now.wall,
        })
    }

    /// The call that rings on this leg, made if need be and not shown before it really rings.
    fn ringing(&mut self, own: &str, leg: &LegView) -> usize {
        if let Some(at) = self.facing(own) {
            return at;
        }
        let mut track = self.begin(own, leg, (Direction::Incoming, CallState::Ringing));
        track.pop_at = Some(self.now.monotonic + RING_GRACE);
        self.tracks.push(track);
        self.tracks.len() - 1
    }

    pub(super) fn dial_began(&mut self, from: Option<&LegView>, to: &LegView) {
        let by = from.and_then(|from| self.legs.see(from));
        let Some(uid) = self.legs.see(to) else {
            return;
        };
        if let Some(leg) = by.as_ref().and_then(|by| self.legs.get_mut(by)) {
            leg.failed = None;
        }
        if by.is_some()
            && let Some(leg) = self.legs.get_mut(&uid)
        {
            leg.dialled_by.clone_from(&by);
        }
        self.note_colleague(&uid);
        if self.is_own(&to.name) {
            self.own_phone_called(from, (to, &uid));
        } else if let (Some(from), Some(by)) = (from, &by) {
            if self.is_own(&from.name) {
                self.agent_calls(by, to);
            } else if !to.name.starts_with("Local/") {
                self.parked_goes_elsewhere(by);
            }
        }
    }

    fn own_phone_called(&mut self, from: Option<&LegView>, to: (&LegView, &str)) {
        let (leg, own) = to;
        let outgoing = |track: &Track| track.call.direction == Direction::Outgoing;
        if self.side_legs.contains(own)
            || self.main(own).is_some_and(|at| outgoing(&self.tracks[at]))
        {
            return;
        }
        let Some(from) = from else {
            return self.called_by_nobody(leg, own);
        };
        let waiting = self.waiting_for(own);
        if let Some(at) = waiting.or_else(|| self.handed_over(&leg.connected)) {
            self.end_consult_of(at);
            return self.reattach(at, own, from);
        }
        let at = self.ringing(own, leg);
        self.introduce(at, from);
        let ident = if leg.connected.number.is_some() {
            leg.connected.clone()
        } else {
            from.caller.clone()
        };
        self.meet(at, &ident);
    }

    /// The call without a leg that this new leg of the agent continues.
    fn waiting_for(&self, own: &str) -> Option<usize> {
        // A quick telephone rings before the queue says whom it calls.
        let far = self
            .legs
            .caller_of(own)
            .or_else(|| self.legs.root_of(own))?;
        self.tracks.iter().position(|track| {
            // A parked call may come back before the leg that parked it is gone.
            let waits = track.waiting.is_some() || track.call.state == CallState::Parked;
            waits && !track.is_over() && track.far.as_ref() == Some(&far)
        })
    }

    fn reattach(&mut self, at: usize, own: &str, from: &LegView) {
        let id = self.tracks[at].call.id;
        self.drop_unshown(own);
        let Some(track) = self.track_mut(id) else {
            return;
        };
        track.attach(own.to_owned());
        track.call.state = CallState::Ringing;
        track.call.answered_at = None;
        track.call.consultation = None;
        track.signs = Default::default();
        track.home = None;
        track.holding = false;
        track.music = None;
        track.rang_in_vain = None;
        track.rang_at.clone_from(&from.exten);
        self.legs.keep(own);
    }

    /// Forgets the call that was begun for a leg which turned out to belong to another one.
    fn drop_unshown(&mut self, own: &str) {
        self.tracks
            .retain(|track| track.shown || track.own.as_deref() != Some(own));
    }

    /// Called on nobody's behalf: somebody's click-to-dial, or the telephone system brings back a
    /// caller whom the agent had handed over.
    fn called_by_nobody(&mut self, leg: &LegView, own: &str) {
        if let Some(at) = self.handed_over(&leg.connected) {
            self.end_consult_of(at);
            return self.reattach(at, own, leg);
        }
        let number = &leg.connected.number;
        if number.is_some() && *number != leg.caller.number {
            let at = self.ringing(own, leg);
            self.tracks[at].rang_at.clone_from(&leg.exten);
            return self.meet(at, &leg.connected);
        }
        self.drop_unshown(own);
        if self.helps_another(number.as_deref()) {
            self.side_legs.insert(own.to_owned());
            return;
        }
        let mut track = self.outgoing(own, leg);
        track.call.state = CallState::CallingOwnPhone;
        self.tracks.push(track);
    }

    /// Is a leg with this number only a means to answer or fetch a call that is already here?
    fn helps_another(&self, number: Option<&str>) -> bool {
        let rings = |track: &Track| {
            track.is_unanswered_ring()
                && number.is_some()
                && track.heard.number.as_deref() == number
        };
        self.tracks.iter().any(rings) || self.fetches_parked(number)
    }

    fn fetches_parked(&self, exten: Option<&str>) -> bool {
        exten.is_some()
            && self
                .tracks
                .iter()
                .any(|track| track.space.as_deref() == exten)
    }

    fn handed_over(&self, caller: &Ident) -> Option<usize> {
        self.tracks.iter().position(|track| {
            // The agent may be called back before the former leg is hung up.
            let handed = track.waiting == Some(Waiting::Handover)
                || track.phase() == Some(ConsultationPhase::Completing);
            handed && !track.is_consult() && track.heard.number == caller.number
        })
    }

    /// The agent's own leg calls somebody.
    fn agent_calls(&mut self, own: &str, to: &LegView) {
        if let Some(at) = self.main(own)
            && self.tracks[at].asking.is_some()
            && self.tracks[at].call.consultation.is_none()
        {
            self.consult_by_two_legs(at, to);
        }
        let Some(at) = self.facing(own) else {
            return;
        };
        let uid = self.legs.see(to).filter(|_| !to.name.starts_with("Local/"));
        let track = &mut self.tracks[at];
        track.settle_at = None;
        if uid.is_some() {
            track.far.clone_from(&uid);
        }
        if !track.is_unanswered_ring() {
            track.call.state = CallState::Dialing;
            track.home = None;
        }
        if uid.is_some() {
            self.meet(at, &to.caller);
        }
    }

    pub(super) fn dial_ended(
        &mut self,
        from: Option<&LegView>,
        to: &LegView,
        outcome: (DialStatus, bool),
    ) {
        let (status, forward) = outcome;
        let by = from.and_then(|from| self.legs.see(from));
        let Some(uid) = self.legs.see(to) else {
            return;
        };
        if self.is_own(&to.name) {
            self.own_ringing_ended(&uid, from, outcome);
        } else if status == DialStatus::Answer {
            self.somebody_answered(&uid);
        } else if !forward {
            if let Some(leg) = by.as_ref().and_then(|by| self.legs.get_mut(by)) {
                leg.failed = Some(status);
            }
            self.colleague_failed(&uid, status);
        }
        if let (Some(from), Some(own)) = (from, by)
            && self.is_own(&from.name)
        {
            self.agent_reached(&own, status);
        }
    }

    fn own_ringing_ended(
        &mut self,
        own: &str,
        from: Option<&LegView>,
        outcome: (DialStatus, bool),
    ) {
        let Some(at) = self.main(own) else {
            return;
        };
        let track = &mut self.tracks[at];
        if !track.is_unanswered_ring() {
            return;
        }
        let (status, forward) = outcome;
        track.signs.status.get_or_insert(status);
        // A call found by a snapshot has no place where it rang first; its caller gave up, then.
        let elsewhere =
            from.is_some_and(|from| track.rang_at.is_some() && from.exten != track.rang_at);
        if forward || (status == DialStatus::Cancel && elsewhere) {
            track.signs.redirected = true;
        }
    }

    /// A call that the agent's leg made has an outcome.
    fn agent_reached(&mut self, own: &str, status: DialStatus) {
        let Some(at) = self.facing(own) else {
            return;
        };
        let track = &mut self.tracks[at];
        if track.is_unanswered_ring() {
            return;
        }
        track.signs.status = Some(status);
        if status == DialStatus::Answer {
            self.reached(at);
        }
    }

    /// The other side of an outgoing call or consultation answered.
    pub(super) fn reached(&mut self, at: usize) {
        self.tracks[at].talk(self.now);
        if matches!(self.tracks[at].role, Role::Consult { .. }) {
            self.colleague_talks(at);
        }
    }

    pub(super) fn changed(&mut self, leg: &LegView) {
        let Some(uid) = self.legs.see(leg) else {
            return;
        };
        match (self.is_own(&leg.name), leg.state) {
            (true, LegState::Ringing) => self.own_phone_rings(&uid, leg),
            (true, LegState::Up) => self.own_phone_answered(&uid),
            (false, LegState::Up) => self.somebody_answered(&uid),
            _ => {}
        }
    }

    fn own_phone_rings(&mut self, own: &str, leg: &LegView) {
        if self.side_legs.contains(own) {
            return;
        }
        if self.facing(own).is_none()
            && let Some(at) = self
                .waiting_for(own)
                .or_else(|| self.handed_over(&leg.connected))
        {
            self.end_consult_of(at);
            return self.reattach(at, own, leg);
        }
        let at = self.ringing(own, leg);
        self.find_caller(at);
        if !self.tracks[at].is_unanswered_ring() {
            return;
        }
        self.meet(at, &leg.connected);
        // A click-to-dial from elsewhere looks the same until its dialling says on whose behalf.
        let unclear = leg.connected.number.is_none() || leg.connected.number == leg.caller.number;
        let track = &mut self.tracks[at];
        if !unclear || track.far.is_some() {
            track.pop_at = None;
            track.shown = true;
        }
    }

    fn own_phone_answered(&mut self, own: &str) {
        let Some(at) = self.main(own) else {
            return;
        };
        let track = &mut self.tracks[at];
        match track.call.state {
            CallState::Ringing => track.talk(self.now),
            CallState::CallingOwnPhone => {
                track.call.state = CallState::Dialing;
                track.settle_at = Some(self.now.monotonic + SETTLE);
            }
            CallState::Dialing if track.call.answered_at.is_none() => {
                let (shown, pop_at) = (track.shown, track.pop_at);
                track.talk(self.now);
                (track.shown, track.pop_at) = (shown, pop_at);
            }
            _ => {}
        }
    }

    /// A telephone that is not the agent's answered: another member of the group, or the colleague.
    fn somebody_answered(&mut self, uid: &str) {
        if let Some(caller) = self.legs.caller_of(uid) {
            for track in &mut self.tracks {
                if track.is_unanswered_ring() && track.far.as_ref() == Some(&caller) {
                    track.signs.elsewhere = true;
                }
            }
        }
        self.colleague_answered(uid);
    }
}

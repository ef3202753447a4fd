//! Calls that move to another leg or another telephone: pickup, park, transfer.

use std::time::Duration;

use ringcard_core::{CallState, ConsultationPhase, Direction, EndReason};

use super::{Model, Waiting};
use crate::providers::asterisk::wire::LegView;

/// How long a feature code may take to say that it picks a call up before it is shown as dialled.
pub(super) const CODE_GRACE: Duration = Duration::from_secs(1);

/// Is this perhaps the code that fetches a colleague's call? Then nobody is called from here.
pub(super) fn may_pick_up(dialled: &str) -> bool {
    dialled.starts_with('*')
}

impl Model {
    pub(super) fn picked_up(&mut self, by: &LegView, target: &LegView) {
        let (Some(by_uid), Some(target_uid)) = (self.legs.see(by), self.legs.see(target)) else {
            return;
        };
        match (self.is_own(&by.name), self.is_own(&target.name)) {
            (true, true) => self.answered_by_second_leg(&by_uid, &target_uid),
            (false, true) => {
                if let Some(at) = self.main(&target_uid) {
                    self.tracks[at].signs.picked_up = true;
                }
            }
            (true, false) => self.took_from_colleague(&by_uid, (target, &target_uid)),
            (false, false) => {}
        }
    }

    fn answered_by_second_leg(&mut self, by: &str, target: &str) {
        if let Some(at) = self.main(target) {
            self.tracks[at].attach(by.to_owned());
            self.tracks[at].talk(self.now);
            self.side_legs.remove(by);
            self.legs.keep(by);
            self.end_second_call(by, at);
        }
    }

    /// Another call that was shown for the leg which now carries the call at `keep`.
    fn end_second_call(&mut self, own: &str, keep: usize) {
        for at in 0..self.tracks.len() {
            if at != keep && self.tracks[at].own.as_deref() == Some(own) {
                self.tracks[at].own = None;
                self.tracks[at].end(EndReason::HungUp, self.now);
            }
        }
    }

    /// The agent dialled the pickup code: from now on this is the caller's call.
    fn took_from_colleague(&mut self, own: &str, target: (&LegView, &str)) {
        let Some(at) = self.main(own) else {
            return;
        };
        let (leg, uid) = target;
        let far = self.legs.caller_of(uid);
        let track = &mut self.tracks[at];
        track.call.direction = Direction::Incoming;
        track.call.dialled = far
            .as_deref()
            .and_then(|far| self.legs.get(far))
            .and_then(|leg| leg.dialled.clone());
        track.far = far;
        track.call.parties.clear();
        track.talk(self.now);
        self.meet(at, &leg.connected.clone());
    }

    pub(super) fn blind_transferred(&mut self, by: &LegView) {
        if let Some(own) = self.own(by)
            && let Some(at) = self.main(&own)
        {
            self.tracks[at].signs.transferred = true;
        }
    }

    /// The agent is out; the colleague may still be ringing.
    pub(super) fn attended_transferred(&mut self, first: &LegView, second: &LegView) {
        for leg in [first, second] {
            let Some(own) = self.own(leg) else {
                continue;
            };
            for track in &mut self.tracks {
                if track.own.as_ref() == Some(&own) {
                    track.signs.transferred = true;
                    track.set_phase(ConsultationPhase::Completing);
                }
            }
        }
    }

    pub(super) fn parked(&mut self, leg: &LegView, space: &str) {
        if let Some(uid) = self.legs.see(leg)
            && let Some(at) = self.with_far(&uid)
        {
            let track = &mut self.tracks[at];
            track.call.state = CallState::Parked;
            track.space = Some(space.to_owned());
        }
    }

    pub(super) fn unparked(&mut self, leg: &LegView, by: &LegView) {
        let (Some(far), Some(by_uid)) = (self.legs.see(leg), self.legs.see(by)) else {
            return;
        };
        let Some(at) = self.with_far(&far) else {
            return;
        };
        if !self.is_own(&by.name) {
            return self.tracks[at].end(EndReason::TransferredAway, self.now);
        }
        self.side_legs.remove(&by_uid);
        self.legs.keep(&by_uid);
        let track = &mut self.tracks[at];
        track.space = None;
        track.attach(by_uid.clone());
        track.signs = Default::default();
        track.home = None;
        track.talk(self.now);
        self.end_second_call(&by_uid, at);
    }

    pub(super) fn park_given_up(&mut self, leg: &LegView) {
        if let Some(uid) = self.legs.see(leg)
            && let Some(at) = self.with_far(&uid)
        {
            self.tracks[at].end(EndReason::HungUp, self.now);
        }
    }

    /// A parked caller rings at somebody else's telephone.
    pub(super) fn parked_goes_elsewhere(&mut self, far: &str) {
        if let Some(at) = self.with_far(far)
            && self.tracks[at].waiting == Some(Waiting::Parked)
        {
            self.tracks[at].end(EndReason::TransferredAway, self.now);
        }
    }
}

//! Calls in talk: bridges, hold, and the halves of Local channels.

use ringcard_core::{CallState, HeldBy};

use super::{Model, Track};
use crate::providers::asterisk::wire::LegView;

impl Model {
    pub(super) fn paired(&mut self, one: &LegView, two: &LegView) {
        let (Some(one), Some(two)) = (self.legs.see(one), self.legs.see(two)) else {
            return;
        };
        if let Some(leg) = self.legs.get_mut(&one) {
            leg.pair = Some(two.clone());
        }
        if let Some(leg) = self.legs.get_mut(&two) {
            leg.pair = Some(one);
        }
    }

    pub(super) fn held(&mut self, leg: &LegView) {
        let Some(uid) = self.legs.see(leg) else {
            return;
        };
        let (at, by) = match self.facing(&uid) {
            Some(at) => (Some(at), HeldBy::Us),
            None => (self.with_far(&uid), HeldBy::Remote),
        };
        if let Some(track) = at.map(|at| &mut self.tracks[at])
            && track.call.state == CallState::Active
        {
            track.call.state = CallState::Held { by };
        }
    }

    /// Also sent, without a hold before it, with every blind transfer: then it says nothing.
    pub(super) fn unheld(&mut self, leg: &LegView) {
        let Some(uid) = self.legs.see(leg) else {
            return;
        };
        let (at, by) = match self.facing(&uid) {
            Some(at) => (Some(at), HeldBy::Us),
            None => (self.with_far(&uid), HeldBy::Remote),
        };
        if let Some(track) = at.map(|at| &mut self.tracks[at])
            && track.call.state == (CallState::Held { by })
        {
            track.call.state = CallState::Active;
            track.holding = false;
            track.asking = None;
        }
    }

    pub(super) fn entered(&mut self, leg: &LegView, bridge: &str) {
        let Some(uid) = self.legs.see(leg) else {
            return;
        };
        if let Some(leg) = self.legs.get_mut(&uid) {
            leg.bridge = Some(bridge.to_owned());
            leg.music = false;
        }
        let own: Vec<String> = if self.is_own(&leg.name) {
            vec![uid]
        } else {
            self.own_legs_in(bridge)
        };
        for own in own {
            self.joined(&own, bridge);
        }
    }

    fn own_legs_in(&self, bridge: &str) -> Vec<String> {
        self.legs
            .in_bridge(bridge)
            .filter(|uid| self.legs.name(uid).is_some_and(|name| self.is_own(name)))
            .map(str::to_owned)
            .collect()
    }

    /// The agent's leg is in this bridge, and somebody (perhaps the agent) just came.
    fn joined(&mut self, own: &str, bridge: &str) {
        let Some(main) = self.main(own) else {
            return;
        };
        let partner = self.legs.partner(own).map(str::to_owned);
        if let Some(consult) = self.consult_of(main) {
            return self.joined_in_consultation(main, consult, (bridge, partner));
        }
        if self.leaves_caller_behind(&self.tracks[main], bridge) {
            return self.consult_by_transfer(main, bridge);
        }
        let track = &mut self.tracks[main];
        track.home = Some(bridge.to_owned());
        if partner.is_none() {
            return;
        }
        track.far = partner;
        track.signs.moved = false;
        let back = track.holding && matches!(track.call.state, CallState::Held { .. });
        if back || !track.was_answered() || track.call.state == CallState::Dialing {
            track.holding = false;
            track.talk(self.now);
        }
    }

    /// The agent pressed hold and is now in another bridge, while the caller stays in the first.
    fn leaves_caller_behind(&self, track: &Track, bridge: &str) -> bool {
        let held = track.call.state == (CallState::Held { by: HeldBy::Us });
        held && !track.holding
            && track
                .home
                .as_deref()
                .is_some_and(|home| home != bridge && self.legs.in_bridge(home).next().is_some())
    }

    pub(super) fn left(&mut self, leg: &LegView, bridge: &str) {
        let before = self
            .legs
            .see_before(leg)
            .and_then(|known| known.exten.clone());
        let Some(uid) = self.legs.see(leg) else {
            return;
        };
        if let Some(known) = self.legs.get_mut(&uid)
            && known.bridge.as_deref() == Some(bridge)
        {
            known.bridge = None;
        }
        let Some(at) = self
            .with_far(&uid)
            .filter(|at| !self.tracks[*at].is_consult())
        else {
            return;
        };
        let track = &mut self.tracks[at];
        if leg.exten != before && !track.signs.far_left {
            track.signs.moved = true;
        }
        if track.holding && track.call.state == CallState::Active {
            track.call.state = CallState::Held { by: HeldBy::Us };
            let legs = [track.own.clone(), track.far.clone()];
            self.await_music(at, legs.into_iter().flatten().collect());
        }
    }

    pub(super) fn hanging_up(&mut self, leg: &LegView) {
        let Some(uid) = self.legs.see(leg) else {
            return;
        };
        for track in &mut self.tracks {
            // A telephone that refuses a dial of ours says the same; that is no wish to end the call.
            let own_phone = track.call.state == CallState::CallingOwnPhone;
            if track.own.as_ref() == Some(&uid) && !own_phone {
                track.signs.own_left = true;
            }
            if track.far.as_ref() == Some(&uid) {
                track.signs.far_left = true;
            }
        }
    }
}

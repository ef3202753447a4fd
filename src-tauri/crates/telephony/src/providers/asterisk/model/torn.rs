//! A caller whose address holds a blank line tears every event that names him. The call is found
//! by what stands before the tear, and by asking.

use ringcard_core::QueueName;

use super::{Change, Model};
use crate::providers::asterisk::wire::LegView;

impl Model {
    /// Somebody's leg was made whose id is behind the tear.
    pub(super) fn appeared_torn(&mut self, leg: &LegView) {
        if leg.uid.is_none() && self.legs.named(&leg.name).is_none() && !self.is_own(&leg.name) {
            self.asks.push(Change::AskLeg {
                channel: leg.name.clone(),
            });
        }
    }

    /// The answer to [`Change::AskLeg`].
    pub fn leg_known(&mut self, channel: &str, uid: Option<&str>) -> Vec<Change> {
        if let Some(uid) = uid {
            self.legs.see(&LegView {
                name: channel.to_owned(),
                uid: Some(uid.to_owned()),
                linked: Some(uid.to_owned()),
                ..LegView::default()
            });
        }
        for at in 0..self.tracks.len() {
            self.find_caller(at);
        }
        self.tell()
    }

    /// The group of a leg, also where this event of it is torn.
    pub(super) fn group_of(&self, own: &str, leg: &LegView) -> String {
        let known = || self.legs.get(own).and_then(|leg| leg.linked.clone());
        let linked = leg.linked.clone().or_else(known);
        linked.unwrap_or_else(|| own.to_owned())
    }

    /// Whose dialling was torn, or comes later: the caller is the first leg of the group.
    pub(super) fn find_caller(&mut self, at: usize) {
        let track = &self.tracks[at];
        if track.far.is_none()
            && track.is_unanswered_ring()
            && let Some(own) = &track.own
        {
            let far = self.legs.root_of(own);
            let leg = far.as_deref().and_then(|far| self.legs.get(far));
            let queue = leg.and_then(|leg| leg.queue.clone());
            let track = &mut self.tracks[at];
            track.far = far;
            track.call.queue = track.call.queue.take().or(queue.map(QueueName::new));
        }
    }
}

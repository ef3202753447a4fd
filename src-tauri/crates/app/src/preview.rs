//! Which cards are to be seen, in which order, and for how long.
//!
//! A ringing call is always to be seen unless the agent closed its card. Any other card goes after
//! the set time. Closing a card never touches the call.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ringcard_core::{CallId, CallState};

use crate::state::TrackedCall;

/// The stack of cards.
#[derive(Debug, Default)]
pub(crate) struct Preview {
    /// Cards to be seen, each with the time (monotonic) at which it goes by itself.
    cards: BTreeMap<CallId, Option<Duration>>,
    /// Closed by the agent; stays closed until somebody else is at the other end.
    closed: BTreeSet<CallId>,
    /// Put in front by the agent, until another call begins to ring.
    front: Option<CallId>,
}

impl Preview {
    /// Something is to be seen.
    pub(crate) fn is_visible(&self) -> bool {
        !self.cards.is_empty()
    }

    /// A card comes, or stays because it rings.
    pub(crate) fn show(&mut self, call: CallId) -> bool {
        if self.closed.contains(&call) {
            return false;
        }
        self.cards.insert(call, None) != Some(None)
    }

    /// The card may go at `at`, if it is there.
    pub(crate) fn hide_at(&mut self, call: CallId, at: Duration) {
        if let Some(deadline) = self.cards.get_mut(&call) {
            deadline.get_or_insert(at);
        }
    }

    /// Somebody else is at the other end: a closed card may come back.
    pub(crate) fn reopen(&mut self, call: CallId) {
        self.closed.remove(&call);
        self.show(call);
    }

    /// The agent closed the card.
    pub(crate) fn close(&mut self, call: CallId) -> bool {
        self.closed.insert(call);
        self.cards.remove(&call).is_some()
    }

    /// The agent wants to see everything again, for `hide_at` at least.
    pub(crate) fn show_all(&mut self, calls: &BTreeMap<CallId, TrackedCall>, hide_at: Duration) {
        self.closed.clear();
        for (id, tracked) in calls {
            let rings = tracked.call.state == CallState::Ringing;
            self.cards.insert(*id, (!rings).then_some(hide_at));
        }
    }

    /// The agent chose a card to look at.
    pub(crate) fn bring_forward(&mut self, call: CallId) -> bool {
        self.cards.contains_key(&call) && self.front.replace(call) != Some(call)
    }

    /// A call begins to ring: a chosen card lies in front no longer. One that rings as well stays, under the mouse that
    /// is about to press Answer.
    pub(crate) fn make_way(&mut self, calls: &BTreeMap<CallId, TrackedCall>) {
        let rings = |id: &CallId| {
            let tracked = calls.get(id);
            tracked.is_some_and(|tracked| tracked.call.state == CallState::Ringing)
        };
        self.front = self.front.filter(rings);
    }

    /// Takes away what has had its time. Says whether anything went.
    pub(crate) fn expire(&mut self, now: Duration) -> bool {
        let before = self.cards.len();
        self.cards
            .retain(|_, hide_at| hide_at.is_none_or(|at| at > now));
        self.cards.len() != before
    }

    /// A call is forgotten.
    pub(crate) fn forget(&mut self, call: CallId) {
        self.cards.remove(&call);
        self.closed.remove(&call);
    }

    /// Does the card wait for its end?
    pub(crate) fn holds(&self, call: CallId) -> bool {
        self.cards.contains_key(&call)
    }

    /// When the next card goes.
    pub(crate) fn next_deadline(&self) -> Option<Duration> {
        self.cards.values().flatten().min().copied()
    }

    /// The order of the stack: the chosen one, then ringing, then talking, then the rest; the
    /// older first within each.
    pub(crate) fn order(
        &self,
        calls: &BTreeMap<CallId, TrackedCall>,
    ) -> impl Iterator<Item = CallId> + use<> {
        let front = self.front;
        let mut order: Vec<(u8, CallId)> = self
            .cards
            .keys()
            .filter_map(|id| calls.get(id))
            .map(|tracked| (rank(tracked, front), tracked.call.id))
            .collect();
        order.sort();
        order.into_iter().map(|(_, id)| id)
    }
}

fn rank(tracked: &TrackedCall, front: Option<CallId>) -> u8 {
    if front == Some(tracked.call.id) && !tracked.call.state.is_ended() {
        return 0;
    }
    match tracked.call.state {
        CallState::Ringing => 1,
        CallState::Active | CallState::CallingOwnPhone | CallState::Dialing => 2,
        CallState::Held { .. } | CallState::Parked | CallState::Queued => 3,
        CallState::Ended { .. } => 4,
    }
}

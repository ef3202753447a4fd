//! Local channels: the pair is announced, and taken out again when both sides talk.

use std::time::Duration;

use super::event::{Class, Event};
use super::exchange::Exchange;
use super::hangup::Ending;
use super::leg::{BridgeId, Far, LegId};

impl Exchange {
    pub(super) fn tell_local_bridge(&mut self, one: LegId, two: LegId) {
        let (Some(first), Some(second)) = (self.legs.get(&one), self.legs.get(&two)) else {
            return;
        };
        let optimise = matches!(first.far, Far::Local { optimise: true, .. });
        let event = Event::new("LocalBridge", Class::Call)
            .leg("LocalOne", first)
            .leg("LocalTwo", second)
            .field("Context", &second.place.context)
            .field("Exten", &second.place.exten)
            .field("LocalOptimization", if optimise { "Yes" } else { "No" });
        self.say(event);
    }

    /// Takes the pair out once both its halves talk, moving the telephone behind `;2`.
    pub(super) fn optimise_soon(&mut self, one: LegId) {
        self.optimise_later(one, false);
    }

    /// The same; with `customer_moves` it is the leg that talks to `;1` which changes its bridge.
    pub(super) fn optimise_later(&mut self, one: LegId, customer_moves: bool) {
        if matches!(
            self.legs.get(&one).map(|leg| &leg.far),
            Some(Far::Local { optimise: true, .. })
        ) {
            self.after(Duration::from_millis(200), move |exchange| {
                exchange.optimise(one, customer_moves)
            });
        }
    }

    fn optimise(&mut self, one: LegId, customer_moves: bool) {
        let Some(two) = self.other_half(one) else {
            return;
        };
        let bridge_of = |leg: LegId| self.legs.get(&leg).and_then(|leg| leg.bridge);
        let (Some(near), Some(far)) = (bridge_of(one), bridge_of(two)) else {
            return;
        };
        let (Some(customer), Some(telephone)) = (self.peer(one), self.peer(two)) else {
            return;
        };
        if self.consults(customer) || self.consults(telephone) {
            return;
        }
        let (moves, out_of, into) = if customer_moves {
            (customer, two, (near, far))
        } else {
            (telephone, one, (far, near))
        };
        self.swap(moves, out_of, into);
    }

    /// `moves` takes the place of a Local half; the pair and the emptied bridge end.
    fn swap(&mut self, moves: LegId, for_half: LegId, (from, into): (BridgeId, BridgeId)) {
        let Some(other) = self.other_half(for_half) else {
            return;
        };
        let (one, two) = match self.legs.get(&for_half).map(|leg| &leg.far) {
            Some(Far::Local { first: true, .. }) => (for_half, other),
            _ => (other, for_half),
        };
        let serial = self.counters.optimisation.to_string();
        self.counters.optimisation += 1;
        let Some(swapped) = self.legs.get(&for_half).map(|leg| leg.uniqueid.clone()) else {
            return;
        };
        let begins = self.optimisation("LocalOptimizationBegin", (one, two));
        if let (Some(begins), Some(source)) = (begins, self.legs.get(&moves)) {
            let event = begins
                .leg("Source", source)
                .field("DestUniqueId", &swapped)
                .field("Id", &serial);
            self.say(event);
        }
        self.leave(moves);
        if let Some(party) = self
            .legs
            .get(&moves)
            .map(|leg| leg.caller.clone())
            .filter(|_| for_half == two)
        {
            self.present(two, &party);
        }
        self.leave(for_half);
        self.enter(into, moves, Some(&swapped));
        if let Some(ends) = self.optimisation("LocalOptimizationEnd", (one, two)) {
            self.say(ends.field("Success", "No").field("Id", &serial));
        }
        self.leave(other);
        self.destroy(from);
        self.remove(two, Ending::new(16));
    }

    fn optimisation(&self, name: &'static str, (one, two): (LegId, LegId)) -> Option<Event> {
        let (first, second) = (self.legs.get(&one)?, self.legs.get(&two)?);
        Some(
            Event::new(name, Class::Call)
                .leg("LocalOne", first)
                .leg("LocalTwo", second),
        )
    }
}

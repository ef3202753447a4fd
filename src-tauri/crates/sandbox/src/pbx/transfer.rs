//! Moving live calls: redirect, blind transfer, and bridging two legs by hand.

use super::event::{Class, Event};
use super::exchange::Exchange;
use super::hangup::Ending;
use super::leg::{LegId, Place, State};

impl Exchange {
    /// Sends a leg to another place of the dialplan, whatever that does to the others of its call.
    pub(super) fn redirect(&mut self, id: LegId, place: Place) {
        self.detach(id, &place);
        self.send_to(id, place);
    }

    /// Sends two legs at once, so that neither is hung up because the other left.
    pub(super) fn redirect_both(&mut self, first: (LegId, Place), second: (LegId, Place)) {
        let together = self.legs.get(&first.0).and_then(|leg| leg.bridge);
        for (id, place) in [&first, &second] {
            self.queue_talk_transferred(*id);
            self.stop_doing(*id, Ending::new(16));
            self.set_place(
                *id,
                Place::new(&place.context, &place.exten, place.priority),
            );
        }
        if together.is_some() && self.peer(first.0) == Some(second.0) {
            self.leave(first.0);
            self.leave(second.0);
            if let Some(bridge) = together {
                self.destroy(bridge);
            }
        } else {
            self.pull_out(first.0);
            self.pull_out(second.0);
        }
        self.send_to(first.0, first.1);
        self.send_to(second.0, second.1);
    }

    /// Takes a leg out of what it does. A leg that is being called loses its caller, who is hung up.
    fn detach(&mut self, id: LegId, place: &Place) {
        if let Some(dial) = self.legs.get_mut(&id).and_then(|leg| leg.dialled_by.take()) {
            self.abandon_dial(dial, id);
        }
        self.set_place(id, Place::new(&place.context, &place.exten, place.priority));
        self.queue_talk_transferred(id);
        self.stop_doing(id, Ending::new(16));
        self.pull_out(id);
    }

    /// The called leg was stolen from its Dial: no DialEnd, and the caller is lost when nobody else rings.
    fn abandon_dial(&mut self, id: u32, stolen: LegId) {
        let Some(dial) = self.dials.get_mut(&id) else {
            return;
        };
        dial.open.retain(|open| *open != stolen);
        if !dial.open.is_empty() {
            return;
        }
        if let Some(caller) = self.dials.remove(&id).and_then(|dial| dial.caller) {
            self.set_doing(caller, super::leg::Doing::Nothing);
            self.set_priority(caller, 5);
            self.hang_up(caller, Ending::new(16));
        }
    }

    /// Sends the other side of `id`'s bridge away and ends `id`. Success even when the target does not exist.
    pub(super) fn blind_transfer(&mut self, id: LegId, context: &str, exten: &str) -> bool {
        let Some(other) = self.peer(id) else {
            return false;
        };
        self.notes_move(id, exten, "transfer");
        self.queue_talk_transferred(id);
        if self.legs.get(&other).is_some_and(|leg| leg.hears_music) {
            self.music_stops(other);
        }
        self.tell("Unhold", id);
        self.tell_blind_transfer((id, other), context, exten);
        let place = Place::new(context, exten, 1);
        self.set_place(other, Place::new(context, exten, 1));
        let bridge = self.leave(other);
        self.leave(id);
        if let Some(bridge) = bridge {
            self.destroy(bridge);
        }
        self.hang_up(id, Ending::new(16));
        self.send_to(other, place);
        true
    }

    /// Puts two legs together. A leg that still rings destroys the call, and the answer says so afterwards.
    pub(super) fn bridge_by_hand(&mut self, first: LegId, second: LegId) -> bool {
        let up = |exchange: &Self, id: LegId| {
            exchange
                .legs
                .get(&id)
                .is_some_and(|leg| leg.state == State::Up)
        };
        if !up(self, second) {
            self.bridge_with_ringing(first, second);
            return false;
        }
        let bridge = self.new_bridge(false);
        let mut left = Vec::new();
        for id in [first, second] {
            self.queue_talk_transferred(id);
            self.stop_doing(id, Ending::new(16));
            left.extend(self.leave(id));
            self.set_state(id, State::Up);
            self.enter(bridge, id, None);
        }
        let caller =
            |exchange: &Self, id: LegId| exchange.legs.get(&id).map(|leg| leg.caller.clone());
        if let (Some(one), Some(two)) = (caller(self, first), caller(self, second)) {
            self.show(first, &two);
            self.show(second, &one);
        }
        for old in left {
            for leg in self.dissolve(old) {
                self.hang_up(leg, Ending::new(16));
            }
        }
        true
    }

    fn bridge_with_ringing(&mut self, first: LegId, second: LegId) {
        let bridge = self.new_bridge(false);
        let dial = self
            .legs
            .get_mut(&second)
            .and_then(|leg| leg.dialled_by.take());
        if let Some(dial) = dial {
            self.dials.remove(&dial);
        }
        self.set_doing(first, super::leg::Doing::Nothing);
        self.leave(first);
        self.set_state(first, State::Up);
        self.enter(bridge, first, None);
        self.hang_up(second, Ending::new(16));
        self.hang_up(first, Ending::new(16));
    }

    fn tell_blind_transfer(&mut self, (from, other): (LegId, LegId), context: &str, exten: &str) {
        let (Some(transferer), Some(transferee)) = (self.legs.get(&from), self.legs.get(&other))
        else {
            return;
        };
        let Some(bridge) = transferer
            .bridge
            .and_then(|bridge| self.bridges.get(&bridge))
        else {
            return;
        };
        let event = Event::new("BlindTransfer", Class::Call)
            .field("Result", "Success")
            .leg("Transferer", transferer)
            .leg("Transferee", transferee);
        let event = bridge
            .describe(event, "")
            .field("IsExternal", "Yes")
            .field("Context", context)
            .field("Extension", exten);
        self.say(event);
    }
}

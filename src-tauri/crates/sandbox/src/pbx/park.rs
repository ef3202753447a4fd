//! Parking: a caller waits on a number until somebody fetches him or his time is over.

use std::time::{Duration, Instant};

use super::event::{Class, Event};
use super::exchange::Exchange;
use super::hangup::Ending;
use super::house::{DialPlan, Target};
use super::leg::{BridgeId, Doing, LegId, Place};

/// A caller on a parking space.
#[derive(Debug)]
pub(super) struct ParkedCall {
    pub leg: LegId,
    /// `PJSIP/101`: who is called back.
    pub parker: String,
    pub timeout: Duration,
    pub since: Instant,
}

impl Exchange {
    /// Parks a leg; the one it talked to is hung up.
    pub(super) fn park(&mut self, id: LegId, parker: &str, timeout: Duration) {
        let Some(slot) = (701..=720).find(|slot| !self.parked.contains_key(slot)) else {
            self.hang_up(id, Ending::new(16));
            return;
        };
        self.queue_talk_transferred(id);
        self.parked.insert(
            slot,
            ParkedCall {
                leg: id,
                parker: parker.to_owned(),
                timeout,
                since: Instant::now(),
            },
        );
        self.tell_parked("ParkedCall", slot, None);
        let lot = self.parking_bridge();
        let old = self.leave(id);
        self.set_doing(id, Doing::Parked(slot));
        self.enter(lot, id, None);
        self.music_starts(id);
        if let Some(old) = old {
            for leg in self.dissolve(old) {
                self.hang_up(leg, Ending::new(16));
            }
        }
        self.after(timeout, move |exchange| exchange.parked_too_long(slot, id));
    }

    /// Somebody fetches the caller from a parking space.
    pub(super) fn retrieve(&mut self, id: LegId, slot: u32) {
        self.answer_in_dialplan(id);
        let Some(leg) = self.parked.get(&slot).map(|parked| parked.leg) else {
            self.hang_up(id, Ending::new(16));
            return;
        };
        let bridge = self.new_bridge(false);
        self.music_stops(leg);
        self.tell_parked("UnParkedCall", slot, Some(id));
        self.parked.remove(&slot);
        self.set_doing(leg, Doing::Nothing);
        self.leave(leg);
        self.enter(bridge, leg, None);
        self.enter(bridge, id, None);
        let caller =
            |exchange: &Self, id: LegId| exchange.legs.get(&id).map(|leg| leg.caller.clone());
        if let (Some(parked), Some(fetcher)) = (caller(self, leg), caller(self, id)) {
            self.show(id, &parked);
            self.show(leg, &fetcher);
        }
    }

    fn parked_too_long(&mut self, slot: u32, id: LegId) {
        if self.parked.get(&slot).is_none_or(|parked| parked.leg != id) {
            return;
        }
        self.tell_parked("ParkedCallTimeOut", slot, None);
        let Some(parked) = self.parked.remove(&slot) else {
            return;
        };
        self.set_doing(id, Doing::Nothing);
        self.leave(id);
        self.music_stops(id);
        self.set_place(
            id,
            Place::new("park-dial", &parked.parker.replace('/', "_"), 1),
        );
        let extension = parked.parker.trim_start_matches("PJSIP/").to_owned();
        let plan = DialPlan {
            targets: vec![Target::Phone(extension)],
            seconds: 30,
            transfers: true,
            priority: 1,
            auto_answer: false,
            busy_tone: false,
        };
        self.begin_dial(id, &plan);
    }

    pub(super) fn gives_up_parked(&mut self, slot: u32) {
        self.tell_parked("ParkedCallGiveUp", slot, None);
        if let Some(leg) = self.parked.remove(&slot).map(|parked| parked.leg) {
            // The lot itself stays; only this caller leaves it.
            self.leave(leg);
        }
    }

    /// The lines about a parked call, after whose ever leg stands before them.
    pub(super) fn describe_parked(
        &self,
        event: Event,
        slot: u32,
        retriever: Option<LegId>,
    ) -> Event {
        let Some(parked) = self.parked.get(&slot) else {
            return event;
        };
        let Some(leg) = self.legs.get(&parked.leg) else {
            return event;
        };
        let mut event = event.leg("Parkee", leg);
        if let Some(retriever) = retriever.and_then(|leg| self.legs.get(&leg)) {
            event = event.leg("Retriever", retriever);
        }
        let waited = parked.since.elapsed().as_secs();
        event
            .field("ParkerDialString", &parked.parker)
            .field("Parkinglot", "default")
            .field("ParkingSpace", &slot.to_string())
            .field(
                "ParkingTimeout",
                &parked.timeout.as_secs().saturating_sub(waited).to_string(),
            )
            .field("ParkingDuration", &waited.to_string())
    }

    fn tell_parked(&mut self, name: &'static str, slot: u32, retriever: Option<LegId>) {
        let event = self.describe_parked(Event::new(name, Class::Call), slot, retriever);
        self.say(event);
    }

    fn parking_bridge(&mut self) -> BridgeId {
        let lot = self
            .bridges
            .iter()
            .find(|(_, bridge)| bridge.parking)
            .map(|(id, _)| *id);
        lot.unwrap_or_else(|| self.new_bridge(true))
    }
}

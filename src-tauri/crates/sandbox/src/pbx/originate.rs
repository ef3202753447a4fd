//! Originate: the PBX calls a telephone first and then does something with it.

use std::time::Duration;

use super::channels::NewLeg;
use super::dial::{Dial, Purpose};
use super::event::{Class, Event};
use super::exchange::Exchange;
use super::hangup::Ending;
use super::leg::{Doing, LegId, Party, Place};
use super::session::SessionId;

/// What happens once the telephone has answered.
#[derive(Debug, Clone)]
pub(super) enum Then {
    Run(Place),
    Application(String, String),
}

/// An Originate under way.
#[derive(Debug, Clone)]
pub(super) struct Originating {
    /// `PJSIP/101`, as asked for.
    pub channel: String,
    pub then: Then,
    pub action_id: Option<String>,
    pub party: Party,
    pub timeout: Duration,
    pub channel_id: Option<String>,
    pub variables: Vec<(String, String)>,
    /// The session that waits because it did not ask for `Async`.
    pub blocks: Option<SessionId>,
}

impl Exchange {
    /// Calls the telephone. A telephone that is not there fails at once.
    pub(super) fn originate(&mut self, originating: Originating) {
        let extension = originating
            .channel
            .strip_prefix("PJSIP/")
            .unwrap_or_default()
            .to_owned();
        let known = self
            .devices
            .get(&extension)
            .is_some_and(|device| device.registered)
            && extension != "trunk";
        if !known {
            self.originate_failed(&originating, 0);
            return;
        }
        let leg = self.new_leg(NewLeg {
            uniqueid: originating.channel_id.clone(),
            ..NewLeg::to_phone(&extension)
        });
        for (name, value) in &originating.variables {
            self.set_variable(leg, name, value);
        }
        let answer = originating
            .variables
            .iter()
            .any(|(_, value)| value.contains("answer-after"));
        self.with_leg(leg, |leg| leg.wants_answer = answer);
        self.show_caller_id(leg, &originating.party);
        let (dial, timeout) = (self.next_id(), originating.timeout);
        self.with_leg(leg, |leg| leg.dialled_by = Some(dial));
        self.dials.insert(
            dial,
            Dial {
                caller: None,
                open: vec![leg],
                purpose: Purpose::Originate(Box::new(originating)),
                transfers: true,
                failure: ("NOANSWER", Ending::new(0)),
            },
        );
        self.call_targets(dial, &[(leg, extension)]);
        self.after(timeout, move |exchange| exchange.originate_times_out(dial));
    }

    /// The caller id of an Originate is shown on the telephone and taken over by it.
    fn show_caller_id(&mut self, leg: LegId, party: &Party) {
        if *party == Party::default() {
            return;
        }
        let Some(own) = self.legs.get(&leg).map(|leg| leg.caller.clone()) else {
            return;
        };
        let presented = Party {
            number: party.number.clone().or(own.number),
            name: party.name.clone().or(own.name),
        };
        self.present(leg, &presented);
        self.show(leg, party);
    }

    pub(super) fn originate_answered(&mut self, leg: LegId, originating: &Originating) {
        self.originate_ends(originating, Some(leg), 4);
        self.tell_dial("DialEnd", (None, leg), &[("DialStatus", "ANSWER")]);
        self.with_leg(leg, |leg| leg.in_dialplan = true);
        match &originating.then {
            Then::Run(place) => self.send_to(leg, place.clone()),
            Then::Application(name, data) if name.eq_ignore_ascii_case("PickupChan") => {
                match self.leg_named(data) {
                    Some(target) => self.pick_up_leg(leg, target, Ending::new(26)),
                    None => self.hang_up(leg, Ending::new(16)),
                }
            }
            Then::Application(..) => self.set_doing(leg, Doing::Music),
        }
    }

    pub(super) fn originate_failed(&mut self, originating: &Originating, reason: u8) {
        self.originate_ends(originating, None, reason);
    }

    fn originate_times_out(&mut self, dial: u32) {
        let Some(dial) = self.dials.remove(&dial) else {
            return;
        };
        if let Purpose::Originate(originating) = &dial.purpose {
            self.originate_failed(originating, 3);
        }
        for leg in dial.open {
            self.drop_target(leg, Ending::with_tech(19, 480));
        }
    }

    /// A session that waited gets its answer; everybody else hears OriginateResponse.
    fn originate_ends(&mut self, originating: &Originating, leg: Option<LegId>, reason: u8) {
        if let Some(session) = originating.blocks {
            let (head, message) = if leg.is_some() {
                ("Success", "Originate successfully queued")
            } else {
                ("Error", "Originate failed")
            };
            self.sessions.unblock(
                session,
                &super::action::answer(head, originating.action_id.as_deref(), message),
            );
            return;
        }
        let leg = leg.and_then(|leg| self.legs.get(&leg));
        let mut event = Event::new("OriginateResponse", Class::Call);
        if let Some(id) = &originating.action_id {
            event = event.field("ActionID", id);
        }
        event = event
            .field(
                "Response",
                if leg.is_some() { "Success" } else { "Failure" },
            )
            .field(
                "Channel",
                leg.map_or(originating.channel.as_str(), |leg| leg.name.as_str()),
            );
        event = match &originating.then {
            Then::Run(place) => event
                .field("Context", &place.context)
                .field("Exten", &place.exten),
            Then::Application(name, data) => event.field("Application", name).field("Data", data),
        };
        let unknown = || "<unknown>".to_owned();
        let event = event
            .field("Reason", &reason.to_string())
            .field(
                "Uniqueid",
                leg.map_or("<unknown>", |leg| leg.uniqueid.as_str()),
            )
            .field(
                "CallerIDNum",
                &originating.party.number.clone().unwrap_or_else(unknown),
            )
            .field(
                "CallerIDName",
                &originating.party.name.clone().unwrap_or_else(unknown),
            );
        self.say(event);
    }
}

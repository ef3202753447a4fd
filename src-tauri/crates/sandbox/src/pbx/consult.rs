//! Consulting with feature codes: the agent asks a colleague while the customer waits, then completes or comes back.

use std::time::Duration;

use super::channels::{LocalTo, NewLeg};
use super::dial::{Dial, Purpose};
use super::event::{Class, Event};
use super::exchange::Exchange;
use super::hangup::Ending;
use super::leg::{BridgeId, LegId, Party, State};

/// How long the sound takes that greets an agent who comes back from a consultation.
const RETURN_SOUND: Duration = Duration::from_millis(360);

/// A consultation that is neither completed nor given up.
#[derive(Debug, Clone)]
pub(super) struct Consult {
    pub agent: LegId,
    pub customer: LegId,
    /// Where the customer waits.
    held: BridgeId,
    /// Where agent and `;1` meet.
    talk: BridgeId,
    one: LegId,
    two: LegId,
    /// The agent has hung up while the colleague still rings.
    pub left: bool,
}

impl Exchange {
    /// The agent's leg goes to a second bridge with a Local channel to the colleague.
    pub(super) fn begin_consult(&mut self, agent: LegId, context: &str, exten: &str) {
        let (Some(customer), Some(leg)) = (self.peer(agent), self.legs.get(&agent)) else {
            return;
        };
        let (Some(held), own) = (leg.bridge, leg.caller.clone()) else {
            return;
        };
        let (one, two) = self.new_local(
            &LocalTo {
                exten,
                context,
                optimise: true,
            },
            agent,
        );
        let talk = self.new_bridge(false);
        self.present(two, &own);
        self.tell_local_bridge(one, two);
        self.show(one, &own);
        self.enter(talk, one, None);
        self.leave(agent);
        self.enter(talk, agent, None);
        self.show(agent, &Party::default());
        self.consults.push(Consult {
            agent,
            customer,
            held,
            talk,
            one,
            two,
            left: false,
        });
        self.run(two);
    }

    pub(super) fn consults(&self, agent: LegId) -> bool {
        self.consults
            .iter()
            .any(|consult| consult.agent == agent && !consult.left)
    }

    /// The telephone has hung up although its leg still lives.
    pub(super) fn has_left(&self, leg: LegId) -> bool {
        self.consults
            .iter()
            .any(|consult| consult.agent == leg && consult.left)
    }

    /// The abort code: back to the customer.
    pub(super) fn abort_consult(&mut self, agent: LegId) {
        let Some(consult) = self.take_consult(|consult| consult.agent == agent && !consult.left)
        else {
            return;
        };
        self.agent_returns(&consult);
        self.hang_up(consult.two, Ending::new(16));
        self.hang_up(consult.one, Ending::new(16));
    }

    /// The agent hangs up, or keys the complete code. Whether the leg lives on for a while.
    pub(super) fn agent_completes_consult(&mut self, agent: LegId) -> bool {
        let Some(consult) = self.take_consult(|consult| consult.agent == agent && !consult.left)
        else {
            return false;
        };
        let answered = self
            .legs
            .get(&consult.one)
            .is_some_and(|leg| leg.state == State::Up);
        if !answered {
            self.leave(agent);
        }
        self.tell_merge(&consult);
        self.leave(consult.one);
        self.enter(consult.held, consult.one, None);
        self.leave(agent);
        self.music_stops(consult.customer);
        self.tell_attended_transfer(&consult);
        self.introduce(&consult);
        if answered {
            self.destroy(consult.talk);
            self.optimise_later(consult.one, true);
            return false;
        }
        let (one, timeout) = (consult.one, self.options.atxfer_no_answer_timeout);
        self.consults.push(Consult {
            left: true,
            ..consult
        });
        self.after(timeout, move |exchange| {
            if exchange
                .consults
                .iter()
                .any(|consult| consult.one == one && consult.left)
            {
                exchange.hang_up(one, Ending::new(16));
            }
        });
        true
    }

    /// The colleague picks up after the agent has left.
    pub(super) fn blonde_transfer_answered(&mut self, one: LegId) {
        if let Some(consult) = self.take_consult(|consult| consult.one == one && consult.left) {
            self.destroy(consult.talk);
            self.remove(consult.agent, Ending::new(16));
        }
    }

    /// A leg has left a bridge: is that the end of a consultation? Then what remains is taken care of here.
    pub(super) fn consult_loses(&mut self, bridge: BridgeId, leg: LegId) -> bool {
        let Some(consult) = self.take_consult(|consult| {
            (consult.talk == bridge && (consult.one == leg || consult.agent == leg))
                || (consult.held == bridge && (consult.customer == leg || consult.one == leg))
        }) else {
            return false;
        };
        if consult.left {
            return self.blonde_transfer_fails(&consult, leg);
        }
        if leg == consult.one {
            self.agent_returns(&consult);
            self.destroy(consult.talk);
            return true;
        }
        if leg == consult.customer {
            self.destroy(consult.held);
            return true;
        }
        self.hang_up(consult.customer, Ending::new(16));
        false
    }

    fn blonde_transfer_fails(&mut self, consult: &Consult, gone: LegId) -> bool {
        self.destroy(consult.talk);
        let extension = self
            .legs
            .get(&consult.agent)
            .and_then(|leg| leg.endpoint())
            .map(str::to_owned);
        self.remove(consult.agent, Ending::new(16));
        if gone != consult.one {
            return false;
        }
        let customer = consult.customer;
        if let Some(extension) = extension {
            self.after(Duration::from_millis(20), move |exchange| {
                exchange.recall(customer, &extension)
            });
        }
        true
    }

    fn agent_returns(&mut self, consult: &Consult) {
        self.leave(consult.agent);
        self.enter(consult.held, consult.agent, None);
        self.music_stops(consult.customer);
        self.tell("Unhold", consult.agent);
        // The sound that says so takes its time, and what is keyed meanwhile is lost.
        self.with_leg(consult.agent, |leg| leg.keys.deaf = true);
        let agent = consult.agent;
        self.after(RETURN_SOUND, move |exchange| {
            exchange.with_leg(agent, |leg| leg.keys.deaf = false);
        });
    }

    /// Nobody took the customer: the agent's telephone rings again, in a call of its own.
    fn recall(&mut self, customer: LegId, extension: &str) {
        let Some(party) = self.legs.get(&customer).map(|leg| leg.caller.clone()) else {
            return;
        };
        let dial = self.next_id();
        let purpose = Purpose::Recall(customer);
        let failure = ("NOANSWER", Ending::new(0));
        self.dials.insert(
            dial,
            Dial {
                caller: None,
                open: Vec::new(),
                purpose,
                transfers: true,
                failure,
            },
        );
        if !self
            .devices
            .get(extension)
            .is_some_and(|device| device.registered)
        {
            self.dial_failed(dial);
            return;
        }
        let leg = self.new_leg(NewLeg::to_phone(extension));
        self.with_leg(leg, |leg| leg.dialled_by = Some(dial));
        if let Some(dial) = self.dials.get_mut(&dial) {
            dial.open.push(leg);
        }
        self.show(leg, &party);
        self.call_targets(dial, &[(leg, extension.to_owned())]);
        self.after(
            self.options
                .atxfer_no_answer_timeout
                .max(Duration::from_secs(15)),
            move |exchange| {
                if exchange.dials.contains_key(&dial) {
                    exchange.refused(leg, "NOANSWER", Ending::new(0));
                }
            },
        );
    }

    pub(super) fn recall_answered(&mut self, leg: LegId, customer: LegId) {
        self.tell_dial("DialEnd", (None, leg), &[("DialStatus", "ANSWER")]);
        let (Some(bridge), Some(party)) = (
            self.legs.get(&customer).and_then(|leg| leg.bridge),
            self.legs.get(&leg).map(|leg| leg.caller.clone()),
        ) else {
            self.hang_up(leg, Ending::new(16));
            return;
        };
        for leg in [leg, customer] {
            self.with_leg(leg, |leg| leg.may_transfer = true);
        }
        self.enter(bridge, leg, None);
        self.show(customer, &party);
    }

    /// A customer who hangs up needs no recall any more.
    pub(super) fn cancel_recall(&mut self, customer: LegId) {
        let recall = |dial: &Dial| matches!(dial.purpose, Purpose::Recall(who) if who == customer);
        if let Some(id) = self
            .dials
            .iter()
            .find(|(_, dial)| recall(dial))
            .map(|(id, _)| *id)
        {
            self.cancel_dial(id, Ending::new(16));
        }
    }

    /// Customer and colleague see each other on their displays.
    fn introduce(&mut self, consult: &Consult) {
        let caller =
            |exchange: &Self, leg: LegId| exchange.legs.get(&leg).map(|leg| leg.caller.clone());
        let (Some(customer), Some(colleague)) =
            (caller(self, consult.customer), caller(self, consult.one))
        else {
            return;
        };
        self.show(consult.one, &customer);
        self.show(consult.customer, &colleague);
        let dialled = || {
            self.dials
                .values()
                .find(|dial| dial.caller == Some(consult.two))?
                .open
                .first()
                .copied()
        };
        if let Some(telephone) = self.peer(consult.two).or_else(dialled) {
            self.show(telephone, &customer);
        }
    }

    fn take_consult(&mut self, which: impl Fn(&Consult) -> bool) -> Option<Consult> {
        let index = self.consults.iter().position(which)?;
        Some(self.consults.remove(index))
    }

    fn tell_merge(&mut self, consult: &Consult) {
        let (Some(to), Some(from)) = (
            self.bridges.get(&consult.held),
            self.bridges.get(&consult.talk),
        ) else {
            return;
        };
        let event = from.describe(
            to.describe(Event::new("BridgeMerge", Class::Call), "To"),
            "From",
        );
        self.say(event);
    }

    fn tell_attended_transfer(&mut self, consult: &Consult) {
        let legs = [consult.agent, consult.customer, consult.one].map(|leg| self.legs.get(&leg));
        let ([Some(agent), Some(customer), Some(target)], Some(held), Some(talk)) = (
            legs,
            self.bridges.get(&consult.held),
            self.bridges.get(&consult.talk),
        ) else {
            return;
        };
        let event = Event::new("AttendedTransfer", Class::Call).field("Result", "Success");
        let event = held.describe(event.leg("OrigTransferer", agent), "Orig");
        let event = talk.describe(event.leg("SecondTransferer", agent), "Second");
        let event = event
            .leg("Transferee", customer)
            .leg("TransferTarget", target)
            .field("IsExternal", "No")
            .field("DestType", "Bridge")
            .field("DestBridgeUniqueid", &held.uniqueid);
        self.say(event);
    }
}

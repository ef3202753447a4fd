//! Dial: who is called for whom, ringing, answering, refusing, giving up.

use std::time::Duration;

use super::exchange::Exchange;
use super::hangup::Ending;
use super::house::DialPlan;
use super::leg::{DialId, Doing, LegId, State};
use super::originate::Originating;

/// A Dial that waits for an answer.
#[derive(Debug)]
pub(super) struct Dial {
    /// The leg for which it calls; an Originate and a recall have none.
    pub caller: Option<LegId>,
    pub open: Vec<LegId>,
    pub purpose: Purpose,
    pub transfers: bool,
    /// How the last target failed.
    pub failure: (&'static str, Ending),
}

/// Why it calls, which decides what follows.
#[derive(Debug)]
pub(super) enum Purpose {
    Plain {
        busy_tone: bool,
    },
    Queue,
    Originate(Box<Originating>),
    /// The agent is called back because a transfer of his found no one; the leg is the customer.
    Recall(LegId),
}

impl Exchange {
    /// The dialplan's Dial for `caller`.
    pub(super) fn begin_dial(&mut self, caller: LegId, plan: &DialPlan) {
        self.set_priority(caller, plan.priority);
        for name in [
            "DIALSTATUS",
            "DIALEDPEERNUMBER",
            "DIALEDPEERNAME",
            "ANSWEREDTIME",
            "DIALEDTIME",
        ] {
            self.set_variable(caller, name, "");
        }
        let dial = self.next_id();
        let purpose = Purpose::Plain {
            busy_tone: plan.busy_tone,
        };
        let failure = ("CHANUNAVAIL", Ending::new(20));
        self.dials.insert(
            dial,
            Dial {
                caller: Some(caller),
                open: Vec::new(),
                purpose,
                transfers: plan.transfers,
                failure,
            },
        );
        self.set_doing(caller, Doing::Dialing(dial));
        let called: Vec<(LegId, String)> = plan
            .targets
            .iter()
            .filter_map(|target| self.create_target(dial, target))
            .collect();
        for (leg, _) in &called {
            self.with_leg(*leg, |leg| leg.wants_answer = plan.auto_answer);
        }
        self.call_targets(dial, &called);
        self.after(Duration::from_secs(plan.seconds), move |exchange| {
            exchange.dial_times_out(dial)
        });
    }

    /// DialBegin for each, then let them ring.
    pub(super) fn call_targets(&mut self, dial: DialId, called: &[(LegId, String)]) {
        let caller = self.dials.get(&dial).and_then(|dial| dial.caller);
        if !self.ringing_first {
            for (leg, string) in called {
                self.tell_dial("DialBegin", (caller, *leg), &[("DialString", string)]);
            }
        }
        if let ([(only, _)], Some(caller)) = (called, caller) {
            let party = self
                .legs
                .get(only)
                .map(|leg| (leg.caller.clone(), leg.is_local()));
            if let Some((party, false)) = party {
                self.show_far(caller, &party);
            }
        }
        for (leg, string) in called {
            self.call(*leg);
            if self.ringing_first {
                self.tell_dial("DialBegin", (caller, *leg), &[("DialString", string)]);
            }
        }
        if called.is_empty() {
            self.dial_failed(dial);
        }
    }

    /// The far end has begun to ring.
    pub(super) fn rings(&mut self, leg: LegId) {
        if !self
            .legs
            .get(&leg)
            .is_some_and(|leg| leg.dialled_by.is_some() && leg.state == State::Down)
        {
            return;
        }
        self.set_state(leg, State::Ringing);
        let caller = self.caller_of(leg);
        self.tell_dial("DialState", (caller, leg), &[("DialStatus", "RINGING")]);
        if let Some(caller) = caller {
            self.local_rings(caller, leg);
        }
    }

    /// The other half of a Local channel rings because what it leads to rings.
    fn local_rings(&mut self, two: LegId, rings: LegId) {
        let Some(one) = self.other_half(two) else {
            return;
        };
        let Some(party) = self.legs.get(&rings).map(|leg| leg.caller.clone()) else {
            return;
        };
        let caller = self.caller_of(one);
        self.with_leg(one, |leg| leg.caller = party.clone());
        self.set_state(one, State::Ringing);
        self.present(one, &party);
        self.tell_dial("DialState", (caller, one), &[("DialStatus", "RINGING")]);
        if let Some(caller) = caller {
            self.local_rings(caller, one);
        }
    }

    /// The far end picks up.
    pub(super) fn answered(&mut self, leg: LegId) {
        let Some(id) = self
            .legs
            .get_mut(&leg)
            .and_then(|leg| leg.dialled_by.take())
        else {
            return;
        };
        let Some(mut dial) = self.dials.remove(&id) else {
            return;
        };
        dial.open.retain(|open| *open != leg);
        self.set_state(leg, State::Up);
        match dial.purpose {
            Purpose::Plain { .. } => self.plain_answered(&dial, leg),
            Purpose::Queue => self.queue_answered(&dial, leg),
            Purpose::Originate(originating) => self.originate_answered(leg, &originating),
            Purpose::Recall(customer) => self.recall_answered(leg, customer),
        }
    }

    fn plain_answered(&mut self, dial: &Dial, leg: LegId) {
        let Some(caller) = dial.caller else { return };
        let party = self
            .legs
            .get(&leg)
            .map(|leg| leg.caller.clone())
            .unwrap_or_default();
        if !dial.open.is_empty() {
            self.show_far(caller, &party);
        }
        for other in &dial.open {
            self.tell_dial(
                "DialEnd",
                (Some(caller), *other),
                &[("DialStatus", "CANCEL")],
            );
            self.drop_target(*other, Ending::new(26));
        }
        self.set_variable(caller, "DIALSTATUS", "ANSWER");
        self.with_leg(leg, |leg| leg.place.exten.clear());
        self.tell_dial("DialEnd", (Some(caller), leg), &[("DialStatus", "ANSWER")]);
        self.connect(leg, caller, dial.transfers);
    }

    /// Caller and called talk; a Local half between them tells its other half.
    pub(super) fn connect(&mut self, called: LegId, caller: LegId, transfers: bool) {
        self.set_state(caller, State::Up);
        self.set_doing(caller, Doing::Nothing);
        for leg in [called, caller] {
            self.with_leg(leg, |leg| leg.may_transfer = transfers);
        }
        self.join(called, caller);
        let Some(one) = self.other_half(caller) else {
            return;
        };
        if self
            .legs
            .get(&one)
            .is_some_and(|leg| leg.dialled_by.is_some())
        {
            self.answered(one);
        } else {
            self.set_state(one, State::Up);
            self.tell_dial("DialEnd", (None, one), &[("DialStatus", "ANSWER")]);
        }
        self.optimise_soon(one);
        self.blonde_transfer_answered(one);
    }

    /// A target refuses, is refused or is gone: the Dial goes on without it.
    pub(super) fn refused(&mut self, leg: LegId, status: &'static str, ending: Ending) {
        let Some(id) = self
            .legs
            .get_mut(&leg)
            .and_then(|leg| leg.dialled_by.take())
        else {
            return;
        };
        let Some(dial) = self.dials.get_mut(&id) else {
            return;
        };
        dial.open.retain(|open| *open != leg);
        let in_queue = matches!(dial.purpose, Purpose::Queue);
        let status = if in_queue { "NOANSWER" } else { status };
        dial.failure = (status, ending);
        let (caller, over) = (dial.caller, dial.open.is_empty());
        self.tell_dial("DialEnd", (caller, leg), &[("DialStatus", status)]);
        if in_queue {
            self.agent_did_not_answer(caller, leg);
        }
        self.hang_up(leg, ending);
        if over {
            self.dial_failed(id);
        }
    }

    /// Nobody is left to wait for.
    pub(super) fn dial_failed(&mut self, id: DialId) {
        let Some(dial) = self.dials.remove(&id) else {
            return;
        };
        let (status, ending) = dial.failure;
        match (dial.purpose, dial.caller) {
            (Purpose::Plain { busy_tone }, Some(caller)) => {
                self.set_doing(caller, Doing::Nothing);
                self.set_variable(caller, "DIALSTATUS", status);
                if busy_tone && status == "BUSY" {
                    self.hears_busy(caller, ending);
                } else if !self.returns_to_held(caller) {
                    self.set_priority(caller, 5);
                    self.hang_up(caller, ending.after_dial(status));
                }
            }
            (Purpose::Queue, Some(caller)) => self.queue_tries_again(caller),
            (Purpose::Originate(originating), _) => self.originate_failed(&originating, 0),
            (Purpose::Recall(customer), _) => self.hang_up(customer, Ending::new(16)),
            (_, None) => {}
        }
    }

    /// `Bridge(${RINGCARD_HELD})` behind the Dial of a consultation.
    fn returns_to_held(&mut self, caller: LegId) -> bool {
        let held = self
            .legs
            .get(&caller)
            .filter(|leg| leg.place.context == "cti-consult")
            .and_then(|leg| leg.variables.get("RINGCARD_HELD"))
            .and_then(|name| self.leg_named(name));
        held.is_some_and(|held| self.bridge_by_hand(caller, held))
    }

    /// The dialplan's `Busy(3)`: a caller who is not yet answered hears it from his own exchange at once.
    fn hears_busy(&mut self, caller: LegId, ending: Ending) {
        self.set_priority(caller, 6);
        let Some(leg) = self.legs.get(&caller) else {
            return;
        };
        if leg.state == State::Ring && !leg.is_local() {
            self.set_state(caller, State::Busy);
            self.far_end_hangs_up(caller, ending);
        } else {
            self.set_doing(caller, Doing::HearsBusy);
            self.after(Duration::from_secs(3), move |exchange| {
                if exchange
                    .legs
                    .get(&caller)
                    .is_some_and(|leg| leg.doing == Doing::HearsBusy)
                {
                    exchange.hang_up(caller, ending);
                }
            });
        }
    }

    fn dial_times_out(&mut self, id: DialId) {
        let open = self
            .dials
            .get(&id)
            .map(|dial| dial.open.clone())
            .unwrap_or_default();
        for leg in open {
            self.refused(leg, "NOANSWER", Ending::new(0));
        }
    }

    /// The caller wants none of them any more.
    pub(super) fn cancel_dial(&mut self, id: DialId, targets_end: Ending) {
        let Some(dial) = self.dials.remove(&id) else {
            return;
        };
        for leg in &dial.open {
            let times = if matches!(dial.purpose, Purpose::Queue) {
                2
            } else {
                1
            };
            for _ in 0..times {
                self.tell_dial("DialEnd", (dial.caller, *leg), &[("DialStatus", "CANCEL")]);
            }
        }
        for leg in &dial.open {
            self.drop_target(*leg, targets_end);
        }
    }

    /// Ends a target whose Dial has already said so, or will not say so.
    pub(super) fn drop_target(&mut self, leg: LegId, ending: Ending) {
        self.with_leg(leg, |leg| leg.dialled_by = None);
        self.hang_up(leg, ending);
    }
}

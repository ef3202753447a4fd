//! The queues: who waits, who is called, who answered, who gave up.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::channels::NewLeg;
use super::dial::{Dial, Purpose};
use super::exchange::Exchange;
use super::hangup::Ending;
use super::house::{self, Member, Target};
use super::leg::{Doing, LegId};

const RINGS_FOR: Duration = Duration::from_secs(15);
const RETRIES_AFTER: Duration = Duration::from_secs(2);

/// A caller who waits.
#[derive(Debug)]
pub(super) struct Waiting {
    pub leg: LegId,
    pub queue: &'static str,
    pub since: Instant,
    pub called_at: Instant,
    pub tried: Vec<&'static str>,
}

/// A caller who talks to a member.
#[derive(Debug)]
pub(super) struct Talk {
    pub caller: LegId,
    pub agent: LegId,
    pub member: Member,
    pub held_for: u64,
    pub since: Instant,
}

/// What the queues remember.
#[derive(Debug)]
pub(super) struct QueueBook {
    pub waiting: Vec<Waiting>,
    pub talks: Vec<Talk>,
    pub taken: Vec<(&'static str, u64)>,
    pub abandoned: u32,
    logged_in: u64,
}

impl Default for QueueBook {
    fn default() -> Self {
        Self {
            waiting: Vec::new(),
            talks: Vec::new(),
            taken: Vec::new(),
            abandoned: 0,
            logged_in: seconds_now(),
        }
    }
}

impl QueueBook {
    /// How many calls a member took, and when the last one ended.
    pub(super) fn taken_by(&self, member: &Member) -> (usize, u64) {
        let calls = || {
            self.taken
                .iter()
                .filter(|(interface, _)| *interface == member.interface)
        };
        (
            calls().count(),
            calls().map(|(_, at)| *at).max().unwrap_or(0),
        )
    }

    pub(super) fn login_time(&self) -> u64 {
        self.logged_in
    }

    pub(super) fn waiting_in(&self, queue: &str) -> usize {
        self.waiting
            .iter()
            .filter(|waiting| waiting.queue == queue)
            .count()
    }

    pub(super) fn position(&self, leg: LegId, queue: &str) -> usize {
        1 + self
            .waiting
            .iter()
            .filter(|waiting| waiting.queue == queue)
            .take_while(|waiting| waiting.leg != leg)
            .count()
    }
}

impl Exchange {
    pub(super) fn join_queue(&mut self, leg: LegId, queue: &'static str) {
        let now = Instant::now();
        self.queues.waiting.push(Waiting {
            leg,
            queue,
            since: now,
            called_at: now,
            tried: Vec::new(),
        });
        self.set_doing(leg, Doing::Queued);
        let (position, count) = (
            self.queues.position(leg, queue),
            self.queues.waiting_in(queue),
        );
        self.tell_with(
            "QueueCallerJoin",
            leg,
            &[
                ("Queue", queue),
                ("Position", &position.to_string()),
                ("Count", &count.to_string()),
            ],
        );
        self.music_starts(leg);
        self.call_members(leg);
    }

    /// Calls the untried members of the lowest penalty, all at once.
    fn call_members(&mut self, leg: LegId) {
        let Some(waiting) = self
            .queues
            .waiting
            .iter_mut()
            .find(|waiting| waiting.leg == leg)
        else {
            return;
        };
        waiting.called_at = Instant::now();
        let untried: Vec<Member> = house::MEMBERS
            .into_iter()
            .filter(|member| {
                member.queue == waiting.queue && !waiting.tried.contains(&member.interface)
            })
            .filter(|member| {
                self.devices
                    .get(member.extension)
                    .is_some_and(|device| device.registered)
            })
            .collect();
        let Some(penalty) = untried.iter().map(|member| member.penalty).min() else {
            waiting.tried.clear();
            self.after(RETRIES_AFTER, move |exchange| exchange.call_members(leg));
            return;
        };
        let tier: Vec<Member> = untried
            .into_iter()
            .filter(|member| member.penalty == penalty)
            .collect();
        waiting
            .tried
            .extend(tier.iter().map(|member| member.interface));
        let dial = self.next_id();
        let failure = ("NOANSWER", Ending::new(0));
        self.dials.insert(
            dial,
            Dial {
                caller: Some(leg),
                open: Vec::new(),
                purpose: Purpose::Queue,
                transfers: true,
                failure,
            },
        );
        let mut locals = Vec::new();
        for member in &tier {
            locals.extend(self.call_member(dial, leg, member));
        }
        for called in locals {
            self.call(called);
        }
        self.after(RINGS_FOR, move |exchange| {
            exchange.queue_dial_times_out(dial)
        });
    }

    fn call_member(&mut self, dial: u32, caller: LegId, member: &Member) -> Option<LegId> {
        let called = if member.interface.starts_with("Local/") {
            let target = Target::Local {
                exten: member.extension.into(),
                context: "from-queue".into(),
                optimise: false,
            };
            self.create_target(dial, &target)?.0
        } else {
            let called = self.new_leg(NewLeg {
                joins: Some(caller),
                ..NewLeg::to_phone(member.extension)
            });
            self.dials.get_mut(&dial)?.open.push(called);
            self.with_leg(called, |leg| leg.dialled_by = Some(dial));
            called
        };
        let (from, exten) = self
            .legs
            .get(&caller)
            .map(|leg| (leg.caller.clone(), leg.place.exten.clone()))?;
        let before = self
            .legs
            .get(&called)
            .map(|leg| (leg.connected.clone(), leg.place.clone()))?;
        let dressed = |leg: &mut super::leg::Leg| {
            leg.connected = from.clone();
            leg.place.exten.clone_from(&exten);
        };
        self.with_leg(called, dressed);
        self.tell_agent("AgentCalled", (caller, called, member), &[]);
        // DialBegin still shows the leg as it was created.
        self.with_leg(called, |leg| (leg.connected, leg.place) = before);
        self.tell_dial(
            "DialBegin",
            (Some(caller), called),
            &[("DialString", member.interface)],
        );
        self.with_leg(called, dressed);
        Some(called)
    }

    fn queue_dial_times_out(&mut self, dial: u32) {
        let open = self
            .dials
            .get(&dial)
            .map(|dial| dial.open.clone())
            .unwrap_or_default();
        for leg in open {
            self.refused(leg, "NOANSWER", Ending::new(0));
        }
    }

    pub(super) fn queue_tries_again(&mut self, caller: LegId) {
        self.after(Duration::from_millis(20), move |exchange| {
            exchange.call_members(caller)
        });
    }

    /// The caller gives up, or is sent somewhere else while waiting.
    pub(super) fn leave_queue(&mut self, leg: LegId) {
        let Some(index) = self
            .queues
            .waiting
            .iter()
            .position(|waiting| waiting.leg == leg)
        else {
            return;
        };
        let position = self.queues.position(leg, self.queues.waiting[index].queue);
        let waiting = self.queues.waiting.remove(index);
        self.queues.abandoned += 1;
        self.music_stops(leg);
        let dial = self
            .dials
            .iter()
            .find(|(_, dial)| dial.caller == Some(leg))
            .map(|(id, _)| *id);
        if let Some(dial) = dial {
            self.cancel_dial(dial, Ending::new(0));
        }
        self.tell_with(
            "QueueCallerAbandon",
            leg,
            &[
                ("Queue", waiting.queue),
                ("Position", &position.to_string()),
                ("OriginalPosition", &position.to_string()),
                ("HoldTime", &waiting.since.elapsed().as_secs().to_string()),
            ],
        );
        self.tell_left(leg, waiting.queue, position);
    }

    pub(super) fn tell_left(&mut self, leg: LegId, queue: &'static str, position: usize) {
        let count = self.queues.waiting_in(queue).to_string();
        let position = position.to_string();
        self.tell_with(
            "QueueCallerLeave",
            leg,
            &[("Queue", queue), ("Position", &position), ("Count", &count)],
        );
    }
}

pub(super) fn seconds_now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

//! What an operator sees of the telephones after each touch: every line's calls as that line has them, which ended,
//! which went elsewhere. Other interfaces than the manager's make their words out of this.

use std::collections::BTreeSet;

use super::dial::Purpose;
use super::exchange::Exchange;
use super::house;
use super::leg::{Doing, Far, Leg, LegId, State};
use super::originate::Then;
use super::phone::{OnKeyNotify, Whose};

/// Looks at the telephones; it is asked no more once it answers `false`.
pub(crate) type Watcher = Box<dyn FnMut(&Sight) -> bool + Send>;

/// Everything there is to see now, and what has happened since the last look.
#[derive(Debug)]
pub(crate) struct Sight {
    /// The calls of each telephone of the house, oldest first.
    pub lines: Vec<(&'static str, Vec<LineCall>)>,
    /// All legs that live.
    pub legs: BTreeSet<u32>,
    pub ended: Vec<Ended>,
    pub moved: Vec<Moved>,
}

/// Which part a line has in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Called,
    Caller,
    /// Is called so that it then calls somebody.
    Clicked,
}

/// How far a call has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Alerting,
    Active,
    Held,
    RemoteHeld,
}

/// The other end of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Remote {
    pub number: Option<String>,
    pub name: Option<String>,
    /// Does not want to be known.
    pub withheld: bool,
}

/// One call of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineCall {
    pub leg: u32,
    /// The same for all who are part of the call.
    pub tracking: u32,
    pub part: Part,
    pub stage: Stage,
    pub remote: Remote,
    pub diverted_by: Option<String>,
    pub queue: Option<&'static str>,
    /// The telephone has said that it has the call.
    pub at_phone: bool,
    /// It rings and can be made to answer.
    pub may_answer: bool,
    pub hears_busy: bool,
}

/// A leg that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    pub leg: u32,
    pub cause: u16,
    /// Its own side wanted it.
    pub own: bool,
}

/// A call that a line sent elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moved {
    pub leg: u32,
    pub to: String,
    pub why: &'static str,
    /// The other end, whose call goes on.
    pub follows: u32,
}

impl Exchange {
    /// Lets the watchers look.
    pub(super) fn tell_watchers(&mut self) {
        let ended = std::mem::take(&mut self.ended);
        let moved = std::mem::take(&mut self.moved);
        let mut watchers = std::mem::take(&mut self.watchers);
        if watchers.is_empty() {
            return;
        }
        let lines = house::PHONES
            .into_iter()
            .map(|(extension, _)| (extension, self.line_calls(extension)));
        let sight = Sight {
            lines: lines.collect(),
            legs: self.legs.keys().copied().collect(),
            ended,
            moved,
        };
        watchers.retain_mut(|watcher| watcher(&sight));
        self.watchers.append(&mut watchers);
    }

    /// Remembers where a line sent a call, before that is done.
    pub(super) fn notes_move(&mut self, id: LegId, to: &str, why: &'static str) {
        if let Some(follows) = self.beyond(id) {
            self.moved.push(Moved {
                leg: id,
                to: to.to_owned(),
                why,
                follows,
            });
        }
    }

    /// The other end of a call, through whatever Local channels lie between.
    pub(super) fn beyond(&self, id: LegId) -> Option<LegId> {
        let mut at = id;
        for _ in 0..4 {
            let next = self.peer(at).or_else(|| self.caller_of(at))?;
            match self.other_half(next) {
                Some(half) => at = half,
                None => return Some(next),
            }
        }
        None
    }

    /// Whether the telephone of a ringing leg obeys when it is told to answer.
    pub(super) fn may_answer(&self, leg: &Leg) -> bool {
        let device = leg.endpoint().and_then(|name| self.devices.get(name));
        leg.state == State::Ringing
            && !leg.silenced
            && device.is_some_and(|device| device.habits.on_key_notify == OnKeyNotify::Obeys)
    }

    fn line_calls(&self, extension: &str) -> Vec<LineCall> {
        self.legs_at(&Whose::Desk(extension.to_owned()))
            .into_iter()
            .filter_map(|id| self.legs.get(&id))
            .map(|leg| self.line_call(leg))
            .collect()
    }

    fn line_call(&self, leg: &Leg) -> LineCall {
        let far = self.beyond(leg.id).and_then(|far| self.legs.get(&far));
        let part = if leg.in_dialplan {
            Part::Caller
        } else if self.is_own_call(leg.id) {
            Part::Clicked
        } else {
            Part::Called
        };
        LineCall {
            leg: leg.id,
            tracking: leg.linked_rank,
            part,
            stage: stage(leg, far),
            remote: Remote {
                number: leg.connected.number.clone().or_else(|| self.wanted(leg)),
                name: leg.connected.name.clone(),
                withheld: far.is_some_and(|far| far.withheld),
            },
            diverted_by: far.and_then(|far| far.diverted_by.clone()),
            queue: self.queue_behind(leg.id, far.map(|far| far.id)),
            at_phone: leg.state != State::Down && !leg.silenced,
            may_answer: self.may_answer(leg),
            hears_busy: leg.doing == Doing::HearsBusy,
        }
    }

    /// The number that the line's own person dialled, or will dial once he has picked up.
    fn wanted(&self, leg: &Leg) -> Option<String> {
        let dial = leg.dialled_by.and_then(|dial| self.dials.get(&dial));
        match dial.map(|dial| &dial.purpose) {
            Some(Purpose::Originate(originating)) => match &originating.then {
                Then::Run(place) => Some(place.exten.clone()),
                Then::Application(..) => None,
            },
            _ if !leg.in_dialplan => None,
            _ if leg.dnid.is_empty() => Some(leg.place.exten.clone()),
            _ => Some(leg.dnid.clone()),
        }
    }

    fn queue_behind(&self, id: LegId, far: Option<LegId>) -> Option<&'static str> {
        let talk = self.queues.talks.iter().find(|talk| talk.agent == id);
        let waiting = || {
            let mut waiting = self.queues.waiting.iter();
            waiting.find(|waiting| Some(waiting.leg) == far)
        };
        talk.map(|talk| talk.member.queue)
            .or_else(|| waiting().map(|waiting| waiting.queue))
    }
}

fn stage(leg: &Leg, far: Option<&Leg>) -> Stage {
    let colleague_holds = far.is_some_and(|far| far.holds && matches!(far.far, Far::Phone(_)));
    match leg.state {
        State::Up if leg.holds => Stage::Held,
        State::Up if matches!(leg.doing, Doing::Dialing(_)) => Stage::Alerting,
        State::Up if colleague_holds => Stage::RemoteHeld,
        State::Up => Stage::Active,
        _ => Stage::Alerting,
    }
}

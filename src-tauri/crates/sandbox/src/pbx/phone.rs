//! The simulated telephones: what people do at them, and what they do by themselves.

use std::time::Duration;

use super::channels::NewLeg;
use super::exchange::Exchange;
use super::hangup::Ending;
use super::house::{self, Target};
use super::leg::{Far, LegId, Party, Place, State};

/// What a telephone does without a hand on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Habits {
    /// When a call comes in.
    pub on_call: OnCall,
    /// When the PBX presses its keys.
    pub on_key_notify: OnKeyNotify,
    /// Whether it picks up by itself when the invitation asks for it (`answer-after=0`).
    pub auto_answer: bool,
}

/// What a telephone does with a new call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum OnCall {
    /// Rings and waits.
    #[default]
    Rings,
    /// Takes the call without saying that it rings, and waits.
    RingsUnsaid,
    /// Rings and picks up after this long.
    Answers(Duration),
    /// Busy.
    Busy,
    /// Declined.
    Declines,
    /// Sends the caller to this number instead.
    Deflects(String),
}

/// What a telephone does with `NOTIFY` and `Event: talk` or `hold` inside a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnKeyNotify {
    /// Refuses (500); the call goes on.
    #[default]
    Refuses,
    /// Answers, resumes or holds as asked.
    Obeys,
    /// Refuses with 481, at which a real Asterisk tears the call down.
    LosesCall,
}

/// Where a call stands, as the person at the telephone sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneState {
    /// No call.
    Idle,
    /// Someone calls.
    Ringing,
    /// Dialled, no answer yet.
    Dialing,
    /// In talk.
    Talking,
    /// Held by this telephone.
    Holding,
}

/// One call at a telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallAtPhone {
    /// Never [`PhoneState::Idle`].
    pub state: PhoneState,
    /// Whom its display names, as the PBX said last.
    pub shows: String,
}

/// Whose telephone is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whose {
    Desk(String),
    /// The outside world, as far as the PBX called it.
    Outside,
    /// One call from outside.
    Call(LegId),
}

/// How soon a telephone reacts by itself.
pub(super) const REACTION: Duration = Duration::from_millis(30);

impl Exchange {
    /// The invitation has arrived: a telephone rings or follows its habits, a Local channel runs its other half.
    pub(super) fn call(&mut self, id: LegId) {
        let Some(leg) = self.legs.get(&id) else {
            return;
        };
        let endpoint = match &leg.far {
            Far::Local { other, .. } => {
                let other = *other;
                self.run(other);
                return;
            }
            Far::Phone(extension) => extension.clone(),
            Far::Trunk => "trunk".to_owned(),
        };
        let wants_answer = leg.wants_answer;
        if self.served_at_once(id, &endpoint) {
            return;
        }
        let habits = self
            .devices
            .get(&endpoint)
            .map(|device| device.habits.clone())
            .unwrap_or_default();
        if habits.on_call != OnCall::RingsUnsaid {
            self.rings(id);
        }
        if wants_answer && habits.auto_answer {
            self.reacts(id, REACTION, |exchange, id| exchange.answered(id));
        }
        match habits.on_call {
            OnCall::Rings | OnCall::RingsUnsaid => {}
            OnCall::Answers(after) => self.reacts(id, after.max(REACTION), |exchange, id| {
                exchange.answered(id)
            }),
            OnCall::Busy => self.reacts(id, REACTION, |exchange, id| {
                exchange.refuses(id, "BUSY", Ending::with_tech(17, 486))
            }),
            OnCall::Declines => self.reacts(id, REACTION, |exchange, id| {
                exchange.refuses(id, "NOANSWER", Ending::with_tech(21, 603))
            }),
            OnCall::Deflects(to) => self.reacts(id, REACTION, move |exchange, id| {
                exchange.deflects(id, &to, "deflection")
            }),
        }
    }

    pub(super) fn reacts(
        &mut self,
        id: LegId,
        after: Duration,
        how: impl FnOnce(&mut Self, LegId) + Send + 'static,
    ) {
        self.after(after, move |exchange| {
            if exchange.legs.get(&id).is_some_and(|leg| leg.rings()) {
                how(exchange, id);
            }
        });
    }

    /// The telephone refuses a ringing call.
    pub(super) fn refuses(&mut self, id: LegId, status: &'static str, ending: Ending) {
        self.with_leg(id, |leg| leg.let_go = true);
        let (cause, tech) = (
            ending.cause.to_string(),
            ending.tech.unwrap_or_default().to_string(),
        );
        self.tell_with(
            "HangupRequest",
            id,
            &[("Cause", &cause), ("TechCause", &tech)],
        );
        self.refused(id, status, ending);
    }

    /// 302: a Local channel to the new number takes the telephone's place.
    pub(super) fn deflects(&mut self, id: LegId, to: &str, why: &'static str) {
        let Some(dial) = self.legs.get(&id).and_then(|leg| leg.dialled_by) else {
            return;
        };
        let target = Target::Local {
            exten: to.to_owned(),
            context: "from-internal".into(),
            optimise: true,
        };
        let Some((one, string)) = self.create_target(dial, &target) else {
            return;
        };
        let caller = self.dials.get(&dial).and_then(|dial| dial.caller);
        self.notes_move(id, to, why);
        self.tell_dial(
            "DialEnd",
            (caller, id),
            &[("Forward", to), ("DialStatus", "CANCEL")],
        );
        self.tell_dial("DialBegin", (caller, one), &[("DialString", &string)]);
        if let Some(dial) = self.dials.get_mut(&dial) {
            dial.open.retain(|open| *open != id);
        }
        self.drop_target(id, Ending::new(0));
        self.call(one);
    }

    /// A person picks up a telephone and dials.
    pub(super) fn dials_from(&mut self, extension: &str, number: &str) {
        let own = Party::new(extension, house::name_of(extension));
        let place = Place::new("from-internal", number, 1);
        let leg = self.new_leg(NewLeg::calling(
            Far::Phone(extension.to_owned()),
            own,
            place,
        ));
        self.run(leg);
    }

    /// `Event: talk` or `hold` in the dialog of this leg.
    pub(super) fn notify(&mut self, id: LegId, event: &str) {
        let Some(leg) = self.legs.get(&id) else {
            return;
        };
        let (rings, holds) = (leg.rings(), leg.holds);
        let habits = leg
            .endpoint()
            .and_then(|endpoint| self.devices.get(endpoint))
            .map(|device| &device.habits);
        match (habits.map(|habits| habits.on_key_notify), event) {
            (Some(OnKeyNotify::Obeys), "talk") if rings => {
                self.reacts(id, REACTION, |exchange, id| exchange.answered(id));
            }
            (Some(OnKeyNotify::Obeys), "talk") if holds => self.phone_resumes(id),
            (Some(OnKeyNotify::Obeys), "hold") if !holds => self.phone_holds(id),
            (Some(OnKeyNotify::LosesCall), _) if rings => {
                self.refuses(id, "NOANSWER", Ending::with_tech(127, 487))
            }
            (Some(OnKeyNotify::LosesCall), _) => {
                self.far_end_hangs_up(id, Ending::with_tech(127, 487))
            }
            _ => {}
        }
    }

    pub(super) fn phone_holds(&mut self, id: LegId) {
        self.with_leg(id, |leg| leg.holds = true);
        self.tell_with("Hold", id, &[("MusicClass", "default")]);
        if let Some(peer) = self.peer(id) {
            self.music_starts(peer);
        }
    }

    pub(super) fn phone_resumes(&mut self, id: LegId) {
        self.with_leg(id, |leg| leg.holds = false);
        self.tell("Unhold", id);
        if let Some(peer) = self.peer(id) {
            self.music_stops(peer);
        }
    }

    /// The hand goes to the hook: refuse what rings, give up what is dialled, end what talks.
    pub(super) fn phone_hangs_up(&mut self, id: LegId) {
        self.with_leg(id, |leg| leg.let_go = true);
        match self.state_at_phone(id) {
            PhoneState::Ringing => self.refuses(id, "BUSY", Ending::with_tech(17, 486)),
            PhoneState::Dialing => self.far_end_hangs_up(id, Ending::with_tech(127, 487)),
            _ => self.far_end_hangs_up(id, Ending::new(16)),
        }
    }

    /// The legs that end at this telephone, oldest first.
    pub(super) fn legs_at(&self, whose: &Whose) -> Vec<LegId> {
        let here = |id: &LegId| match whose {
            Whose::Desk(extension) => self
                .legs
                .get(id)
                .is_some_and(|leg| leg.endpoint() == Some(extension)),
            Whose::Outside => self
                .legs
                .get(id)
                .is_some_and(|leg| leg.far == Far::Trunk && leg.dnid.is_empty()),
            Whose::Call(wanted) => wanted == id,
        };
        self.legs
            .keys()
            .copied()
            .filter(here)
            .filter(|id| !self.has_left(*id))
            .collect()
    }

    /// The newest leg of a telephone in the first of these states that any is in.
    pub(super) fn newest_in(&self, whose: &Whose, states: &[PhoneState]) -> Option<LegId> {
        let legs = self.legs_at(whose);
        states.iter().find_map(|state| {
            legs.iter()
                .rev()
                .copied()
                .find(|leg| self.state_at_phone(*leg) == *state)
        })
    }

    pub(super) fn state_at_phone(&self, id: LegId) -> PhoneState {
        match self.legs.get(&id) {
            None => PhoneState::Idle,
            Some(leg) if leg.silenced && leg.rings() => PhoneState::Idle,
            Some(leg) if leg.rings() => PhoneState::Ringing,
            Some(leg) if leg.holds => PhoneState::Holding,
            Some(leg) if leg.state == State::Up => PhoneState::Talking,
            Some(_) => PhoneState::Dialing,
        }
    }

    pub(super) fn calls_at(&self, whose: &Whose) -> Vec<CallAtPhone> {
        let describe = |id: LegId| {
            let connected = self
                .legs
                .get(&id)
                .map(|leg| leg.connected.clone())
                .unwrap_or_default();
            let withheld = self.legs.get(&id).is_some_and(|leg| leg.withheld);
            let shows = if withheld { None } else { connected.number }
                .unwrap_or_else(|| "anonymous".into());
            CallAtPhone {
                state: self.state_at_phone(id),
                shows,
            }
        };
        self.legs_at(whose).into_iter().map(describe).collect()
    }
}

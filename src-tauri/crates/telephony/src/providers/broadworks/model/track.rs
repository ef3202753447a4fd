//! One call with what the server said of it.

use std::time::Duration;

use ringcard_core::{
    Beginning, Call, CallId, CallState, Consultation, ConsultationPhase, CorrelationKey, Direction,
    HeldBy, LegId, LineId, Moment, Party, QueueName, Timestamp,
};

use super::super::wire::call::{Personality, RemoteParty, Stage, XsiCall};
use super::super::wire::event::Change;
use super::{Dialling, Wish, ending};

/// One call.
pub(super) struct Track {
    /// As it is told.
    pub call: Call,
    /// What actions call it.
    pub xsi: String,
    /// As last seen; `None` for one that was only adopted or dialled.
    pub seen: Option<XsiCall>,
    /// The newest value that was told.
    pub told: Option<Call>,
    /// Told at all.
    pub shown: bool,
    /// Not before (monotonic), unless a telephone of the agent has it.
    pub show_at: Duration,
    /// Until then it may turn out to be the call that we dialled, and gets that one's id.
    pub unbound_until: Option<Duration>,
    /// What the agent wants of it.
    pub wish: Option<Wish>,
    /// The call that waits for this one.
    pub held: Option<CallId>,
    /// The agent's telephone was told to pick it up.
    pub picked_up: bool,
}

impl Track {
    pub fn new(one: &XsiCall, (line, id): (&LineId, CallId), now: Moment) -> Self {
        let began = Beginning {
            id,
            line: line.clone(),
            leg: LegId::new(&one.id),
            correlation: CorrelationKey::new(one.tracking.as_deref().unwrap_or(&one.id)),
            direction: match one.personality {
                Personality::Terminator => Direction::Incoming,
                Personality::Originator | Personality::ClickToDial => Direction::Outgoing,
            },
            state: CallState::Ringing,
            started_at: moment(one.started).unwrap_or(now.wall),
        };
        let mut track = Self::of(Call::begin(began), &one.id);
        track.update(one, Change::Other, now);
        track
    }

    /// A call that was dialled and of which no event has come.
    pub fn dialled(xsi: &str, line: &LineId, dialling: &Dialling, now: Moment) -> Self {
        let began = Beginning {
            id: dialling.call,
            line: line.clone(),
            leg: LegId::new(xsi),
            correlation: CorrelationKey::new(xsi),
            direction: Direction::Outgoing,
            state: CallState::CallingOwnPhone,
            started_at: now.wall,
        };
        let mut track = Self::of(Call::begin(began), xsi);
        track.bind(dialling);
        track
    }

    /// A call that the journal knows as open.
    pub fn adopted(call: Call) -> Self {
        let xsi = call.leg.as_str().to_owned();
        Self {
            shown: true,
            told: Some(call.clone()),
            ..Self::of(call, &xsi)
        }
    }

    fn of(call: Call, xsi: &str) -> Self {
        Self {
            call,
            xsi: xsi.to_owned(),
            seen: None,
            told: None,
            shown: false,
            show_at: Duration::ZERO,
            unbound_until: None,
            wish: None,
            held: None,
            picked_up: false,
        }
    }

    /// Is this the adopted call, under the id of the whole instead of that of the half?
    pub fn is_adopted_as(&self, one: &XsiCall) -> bool {
        self.seen.is_none() && one.tracking.as_deref() == Some(self.call.correlation.as_str())
    }

    /// The dialled call gets the id that was promised for it.
    pub fn bind(&mut self, dialling: &Dialling) {
        self.call.id = dialling.call;
        self.call.dialled = Some(dialling.number.clone());
        if self.call.remote.party == Party::default() {
            self.call.meet(Party::from_number(&dialling.number));
        }
        self.held = dialling.held;
        self.unbound_until = None;
        self.shown = true;
    }

    /// May it be told now?
    pub fn is_ripe(&self, now: Moment) -> bool {
        let bound = self
            .unbound_until
            .is_none_or(|until| until <= now.monotonic);
        bound && (self.show_at <= now.monotonic || self.is_at_a_telephone())
    }

    /// A telephone of the agent has it: it can no longer be taken away unseen.
    pub fn is_at_a_telephone(&self) -> bool {
        self.seen.as_ref().is_some_and(|seen| {
            let talks = matches!(seen.stage, Stage::Active | Stage::Held | Stage::RemoteHeld);
            seen.has_endpoint || seen.allow_answer || talks
        })
    }

    /// A colleague is to be asked, and the agent's own telephone rings for that. Who asks has the receiver in his hand
    /// already: it is to pick up by itself, once, where it can.
    pub fn is_to_be_picked_up(&self) -> bool {
        let can = self.seen.as_ref().is_some_and(|seen| seen.allow_answer);
        let rings = self.call.state == CallState::CallingOwnPhone;
        can && rings && self.held.is_some() && !self.picked_up
    }

    /// The newest value.
    pub fn update(&mut self, one: &XsiCall, change: Change, now: Moment) {
        if let (None, Some(tracking)) = (&self.seen, &one.tracking) {
            self.call.correlation = CorrelationKey::new(tracking);
        }
        self.xsi.clone_from(&one.id);
        self.call.leg = LegId::new(&one.id);
        if self.call.answered_at.is_none() {
            self.call.answered_at = moment(one.answered);
        }
        // The agent's own telephone that is called first has nobody at its other end yet.
        if one.remote != RemoteParty::default() {
            self.call.meet(party(&one.remote));
        }
        self.call.diverter = one.diverter.as_ref().map(party);
        self.call.queue = one.group.as_deref().map(QueueName::new);
        self.call.state = self.state(one, change);
        if self.call.state == CallState::Active && self.call.answered_at.is_none() {
            self.call.answered_at = Some(now.wall);
        }
        if self.call.state.is_ended() {
            self.call.ended_at = Some(now.wall);
        }
        self.seen = Some(one.clone());
    }

    fn state(&self, one: &XsiCall, change: Change) -> CallState {
        match one.stage {
            Stage::Alerting => match one.personality {
                Personality::ClickToDial => CallState::CallingOwnPhone,
                Personality::Originator => CallState::Dialing,
                Personality::Terminator => CallState::Ringing,
            },
            Stage::Active => CallState::Active,
            Stage::Held => CallState::Held { by: HeldBy::Us },
            Stage::RemoteHeld => CallState::Held { by: HeldBy::Remote },
            Stage::Detached | Stage::Released => CallState::Ended {
                reason: ending::reason(self, one, change),
            },
        }
    }

    /// The consultation that this call was made for, while both calls live.
    pub fn consultation(&self, open: &[CallId]) -> Option<Consultation> {
        let held = self.held.filter(|held| open.contains(held))?;
        let phase = match (self.wish, self.call.state) {
            (Some(Wish::Transfer), _) => ConsultationPhase::Completing,
            (Some(Wish::Cancel), _) => ConsultationPhase::Cancelling,
            (_, CallState::CallingOwnPhone | CallState::Dialing) => ConsultationPhase::Dialing,
            _ => ConsultationPhase::Talking,
        };
        open.contains(&self.call.id).then_some(Consultation {
            held,
            consult: self.call.id,
            phase,
        })
    }
}

fn party(remote: &RemoteParty) -> Party {
    if remote.private {
        return Party::withheld();
    }
    Party {
        number: remote.number.clone(),
        name: remote.name.clone(),
        ..Party::default()
    }
}

fn moment(since_epoch: Option<Duration>) -> Option<Timestamp> {
    since_epoch.map(|since| Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
}

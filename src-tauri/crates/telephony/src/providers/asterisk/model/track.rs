//! One call with what is remembered of it beside its public value.

use std::time::Duration;

use ringcard_core::{
    Beginning, Call, CallState, Consultation, ConsultationPhase, Direction, EndReason, LegId,
    Moment,
};

use crate::providers::asterisk::wire::{DialStatus, Ident};

/// How a consultation is done at the telephone system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Its own attended transfer: one leg of the agent, which changes bridges.
    Atxfer,
    /// The caller waits in the dialplan, the agent's leg dials.
    TwoLegs,
}

/// What part a call plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// A call of its own.
    Main,
    /// The call to the colleague while another one waits.
    Consult {
        /// The half of a Local channel that the agent is bridged with.
        partner: Option<String>,
        /// How it is done.
        way: Way,
    },
}

/// Why a call without a leg of the agent is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// In a parking slot.
    Parked,
    /// The agent's telephone is about to be called again to answer.
    Redial,
    /// Handed to a telephone that still rings; the agent may be called back.
    Handover,
    /// Left in the hold music of a consultation by two legs.
    HoldMusic,
    /// Back in the queue, which may call the agent again.
    Queue,
}

/// Legs that are on their way into the waiting music. Before they hear it they cannot be bridged.
#[derive(Clone, Debug)]
pub struct Music {
    /// Those who do not hear it yet.
    pub legs: Vec<String>,
    /// Taken to hear it at this time: the account may not be told.
    pub by: Duration,
}

/// How far the change between caller and colleague has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swap {
    /// Agent and present partner are being moved into the music.
    Parting,
    /// The agent is being bridged with the one who waited.
    Joining,
}

/// What has been noticed and will say how the call ended.
#[derive(Clone, Debug, Default)]
pub struct Signs {
    /// How the ringing ended.
    pub status: Option<DialStatus>,
    /// The caller was sent elsewhere.
    pub redirected: bool,
    /// We asked for that.
    pub redirect_asked: bool,
    /// A colleague took it.
    pub picked_up: bool,
    /// Another member answered.
    pub elsewhere: bool,
    /// We refused it.
    pub declined: bool,
    /// The agent handed the other side on.
    pub transferred: bool,
    /// The other side was moved out of the bridge without hanging up.
    pub moved: bool,
    /// The other side hangs up.
    pub far_left: bool,
    /// This side hangs up.
    pub own_left: bool,
}

/// A call with its legs.
#[derive(Clone, Debug)]
pub struct Track {
    /// The public value.
    pub call: Call,
    /// The agent's leg; none while the call waits for one.
    pub own: Option<String>,
    /// The other side's real leg.
    pub far: Option<String>,
    /// The bridge in which agent and other side talk.
    pub home: Option<String>,
    /// The part it plays.
    pub role: Role,
    /// Why it is there without a leg of the agent.
    pub waiting: Option<Waiting>,
    /// The parking slot.
    pub space: Option<String>,
    /// What will say how it ended.
    pub signs: Signs,
    /// Name and number as last heard, before the question whether they may be shown.
    pub heard: Ident,
    /// Where in the dialplan the caller stood when it rang here.
    pub rang_at: Option<String>,
    /// The consulted party's number, which Asterisk goes on showing for a moment after the return.
    pub left_behind: Option<String>,
    /// A consultation was asked for, with this number.
    pub asking: Option<(Way, String)>,
    /// A hold by moving both legs was asked for.
    pub holding: bool,
    /// Who still has to hear the waiting music.
    pub music: Option<Music>,
    /// During a consultation by two legs the agent is with the caller, the colleague waits.
    pub swapped: bool,
    /// The change between the two is under way.
    pub swap: Option<Swap>,
    /// Until this time the telephone system does not listen to feature codes.
    pub deaf_until: Option<Duration>,
    /// The other side left while the agent was coming back, at which the telephone system may forget the agent's leg:
    /// hang it up at this time, if it is still alone.
    pub release_at: Option<Duration>,
    /// How the last ringing ended, while the caller waits in a queue.
    pub rang_in_vain: Option<EndReason>,
    /// The telephone may be ringing without saying so: show the call at this time.
    pub pop_at: Option<Duration>,
    /// Nobody was dialled on: the agent hears the telephone system itself from this time.
    pub settle_at: Option<Duration>,
    /// Give up waiting at this time.
    pub expires_at: Option<Duration>,
    /// Told to the application.
    pub shown: bool,
    /// The value as last told.
    pub told: Option<Call>,
}

impl Track {
    /// A call at its first sign.
    pub fn new(beginning: Beginning) -> Self {
        Self::adopted(Call::begin(beginning))
    }

    /// A call that the journal knows as open; the next snapshot says whether it still is.
    pub fn adopted(call: Call) -> Self {
        Self {
            own: Some(call.leg.as_str().to_owned()),
            far: None,
            home: None,
            role: match call.consultation {
                Some(both) if both.consult == call.id => Role::Consult {
                    partner: None,
                    way: Way::Atxfer,
                },
                _ => Role::Main,
            },
            waiting: (call.state == CallState::Parked).then_some(Waiting::Parked),
            space: None,
            signs: Signs::default(),
            heard: Ident::default(),
            rang_at: None,
            left_behind: None,
            asking: None,
            holding: false,
            music: None,
            swapped: false,
            swap: None,
            deaf_until: None,
            release_at: None,
            rang_in_vain: None,
            pop_at: None,
            settle_at: None,
            expires_at: None,
            shown: false,
            told: None,
            call,
        }
    }

    /// Is this the call to a colleague while another one waits?
    pub fn is_consult(&self) -> bool {
        matches!(self.role, Role::Consult { .. })
    }

    /// Has somebody talked?
    pub fn was_answered(&self) -> bool {
        self.call.answered_at.is_some()
    }

    /// An incoming call that nobody has answered yet.
    pub fn is_unanswered_ring(&self) -> bool {
        self.call.direction == Direction::Incoming && !self.was_answered() && !self.is_over()
    }

    /// Is it over?
    pub fn is_over(&self) -> bool {
        self.call.state.is_ended()
    }

    /// The phase of the consultation that it is part of.
    pub fn phase(&self) -> Option<ConsultationPhase> {
        self.call.consultation.map(|both| both.phase)
    }

    /// Sets the consultation's phase, if there is one.
    pub fn set_phase(&mut self, phase: ConsultationPhase) {
        if let Some(both) = &mut self.call.consultation {
            *both = Consultation { phase, ..*both };
        }
    }

    /// Both sides talk now.
    pub fn talk(&mut self, now: Moment) {
        self.call.state = CallState::Active;
        self.call.answered_at.get_or_insert(now.wall);
        self.pop_at = None;
        self.settle_at = None;
        self.waiting = None;
        self.shown = true;
    }

    /// Ends the call.
    pub fn end(&mut self, reason: EndReason, now: Moment) {
        if !self.is_over() {
            self.call.state = CallState::Ended { reason };
            self.call.ended_at = Some(now.wall);
            self.call.consultation = None;
        }
    }

    /// Gives the call another leg of the agent.
    pub fn attach(&mut self, own: String) {
        self.call.leg = LegId::new(own.clone());
        self.own = Some(own);
        self.waiting = None;
        self.expires_at = None;
    }

    /// The agent's leg is gone, the call is not.
    pub fn wait(&mut self, why: Waiting, until: Option<Duration>) {
        self.own = None;
        self.waiting = Some(why);
        self.expires_at = until;
    }

    /// The earliest time at which something happens by itself.
    pub fn deadline(&self) -> Option<Duration> {
        let music = self.music.as_ref().map(|music| music.by);
        let times = [
            self.pop_at,
            self.settle_at,
            self.expires_at,
            self.release_at,
            music,
        ];
        times.into_iter().flatten().min()
    }
}

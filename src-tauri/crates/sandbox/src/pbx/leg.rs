//! A leg: one channel between the PBX and a telephone, the outside world, or itself (`Local`).

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

/// Identifies a leg inside the sandbox; never seen on the wire.
pub(super) type LegId = u32;
/// Identifies a bridge inside the sandbox.
pub(super) type BridgeId = u32;
/// Identifies a running Dial.
pub(super) type DialId = u32;

/// Number and name of somebody, each perhaps not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Party {
    pub number: Option<String>,
    pub name: Option<String>,
}

impl Party {
    pub(super) fn new(number: &str, name: Option<&str>) -> Self {
        let number = if number.is_empty() {
            None
        } else {
            Some(number.to_owned())
        };
        Self {
            number,
            name: name.map(str::to_owned),
        }
    }
}

/// Where a leg stands, in Asterisk's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Down,
    /// Calls in and is not answered.
    Ring,
    /// Is being called and rings.
    Ringing,
    Up,
    Busy,
}

impl State {
    pub(super) fn number(self) -> u8 {
        match self {
            Self::Down => 0,
            Self::Ring => 4,
            Self::Ringing => 5,
            Self::Up => 6,
            Self::Busy => 7,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Down => "Down",
            Self::Ring => "Ring",
            Self::Ringing => "Ringing",
            Self::Up => "Up",
            Self::Busy => "Busy",
        }
    }
}

/// A place in the dialplan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub context: String,
    pub exten: String,
    pub priority: u32,
}

impl Place {
    pub(super) fn new(context: &str, exten: &str, priority: u32) -> Self {
        Self {
            context: context.into(),
            exten: exten.into(),
            priority,
        }
    }
}

/// What the leg leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Far {
    Phone(String),
    Trunk,
    /// One half of a Local channel: the other half, whether this is `;1`, and whether the pair may be optimised away.
    Local {
        other: LegId,
        first: bool,
        optimise: bool,
    },
}

/// What a leg is occupied with besides a bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    Nothing,
    Dialing(DialId),
    Queued,
    Music,
    Parked(u32),
    /// Hears the busy tone of the dialplan's `Busy(3)`.
    HearsBusy,
}

/// A transfer whose number is still being keyed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keying {
    pub context: String,
    pub digits: String,
    pub blind: bool,
}

/// Keys that are pressed, or simulated, during a call.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub waiting: VecDeque<char>,
    pub ticking: bool,
    pub typed: String,
    pub keying: Option<Keying>,
    /// A sound is played to the telephone: what is keyed meanwhile is lost.
    pub deaf: bool,
    /// Counts what was keyed, so that a stale digit timeout has no effect.
    pub turn: u32,
}

/// One channel.
#[derive(Debug)]
pub(super) struct Leg {
    pub id: LegId,
    pub name: String,
    pub uniqueid: String,
    pub linkedid: String,
    /// Age of the linkedid: of two calls that meet, the older one's id wins.
    pub linked_rank: u32,
    pub state: State,
    pub caller: Party,
    pub connected: Party,
    pub place: Place,
    pub far: Far,
    /// Runs the dialplan itself, so that its end is announced by SoftHangupRequest.
    pub in_dialplan: bool,
    pub bridge: Option<BridgeId>,
    pub doing: Doing,
    /// The Dial that called this leg and waits for it.
    pub dialled_by: Option<DialId>,
    pub may_transfer: bool,
    pub hears_music: bool,
    pub holds: bool,
    pub dnid: String,
    pub withheld: bool,
    pub diverted_by: Option<String>,
    pub wants_answer: bool,
    /// Its person was told to stop ringing, yet the call was not refused.
    pub silenced: bool,
    /// Ended by its own telephone, or in its name.
    pub let_go: bool,
    pub variables: BTreeMap<String, String>,
    pub since: Instant,
    pub keys: Keys,
}

impl Leg {
    /// `101`, `trunk`, or nothing for a Local half.
    pub(super) fn endpoint(&self) -> Option<&str> {
        match &self.far {
            Far::Phone(extension) => Some(extension),
            Far::Trunk => Some("trunk"),
            Far::Local { .. } => None,
        }
    }

    pub(super) fn is_local(&self) -> bool {
        matches!(self.far, Far::Local { .. })
    }

    /// Whether a telephone of the company would show this call as ringing, said or unsaid.
    pub(super) fn rings(&self) -> bool {
        self.dialled_by.is_some() && matches!(self.state, State::Down | State::Ringing)
    }

    pub(super) fn application(&self) -> (&'static str, String) {
        match self.doing {
            _ if !self.in_dialplan => ("AppDial", "(Outgoing Line)".into()),
            Doing::Queued => ("Queue", "sales,tT,,,60".into()),
            Doing::Music => ("MusicOnHold", "default,3600".into()),
            Doing::Parked(_) => ("Park", String::new()),
            _ => ("Dial", format!("PJSIP/{},25,tTkK", self.place.exten)),
        }
    }
}

//! The agent's calls, made from events. Pure: no link, no clock, ids from outside.
//!
//! Keyed by unique ids. Legs of others are followed as far as they lead to a call of the agent.

mod abilities;
mod arriving;
mod consulting;
mod ending;
mod legs;
mod moving;
mod party;
mod queueing;
mod settling;
mod snapshot;
mod swapping;
mod talking;
mod torn;
mod track;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use ringcard_core::{Call, CallId, LineId, Moment, Party, Timestamp};

pub use legs::Legs;
pub use snapshot::Row;
pub use track::{Role, Swap, Track, Waiting, Way};

use super::config::Config;
use super::wire::{Event, LegView};

/// How long a telephone may take to say that it rings before the call is shown without.
const RING_GRACE: Duration = Duration::from_millis(400);
/// How long the dialplan may take to dial on before the agent hears the telephone system itself.
const SETTLE: Duration = Duration::from_secs(2);

/// What came of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The agent's telephone is about to be called.
    Coming,
    /// A call is new, changed or ended.
    Call(Box<Call>),
    /// Ask whether the number may be shown.
    AskPresentation {
        /// The call.
        call: CallId,
        /// Of which leg.
        channel: String,
        /// The leg is the caller's; else it is the agent's, which is connected with him.
        of_caller: bool,
    },
    /// Ask for the id of a leg whose caller tore the events apart.
    AskLeg {
        /// Which leg.
        channel: String,
    },
    /// Both who part for a swap wait: bring the agent together with the other one.
    Join {
        /// The consultation's call.
        call: CallId,
    },
    /// Hang up this leg of the agent, which the telephone system has left alone.
    Release {
        /// Which leg.
        channel: String,
    },
    /// Ask who diverted the call here.
    AskDiverter {
        /// The call.
        call: CallId,
        /// Of which leg.
        channel: String,
    },
}

/// Makes the ids of new calls.
pub type Ids = Box<dyn FnMut() -> CallId + Send>;

/// A number that was dialled from here, before its leg appears.
struct Dial {
    call: CallId,
    number: String,
    exten: String,
}

/// The calls of one line.
pub struct Model {
    config: Config,
    line: LineId,
    prefix: String,
    ids: Ids,
    legs: Legs,
    tracks: Vec<Track>,
    dials: HashMap<String, Dial>,
    /// Legs of the agent that only help another call and are no call of their own.
    side_legs: HashSet<String>,
    asks: Vec<Change>,
    coming: bool,
    /// When the present event came.
    now: Moment,
}

impl Model {
    /// A line without calls.
    pub fn new(config: Config, line: LineId, ids: Ids) -> Self {
        Self {
            prefix: format!("{}-", config.endpoint()),
            config,
            line,
            ids,
            legs: Legs::default(),
            tracks: Vec::new(),
            dials: HashMap::new(),
            side_legs: HashSet::new(),
            asks: Vec::new(),
            coming: false,
            now: Moment {
                wall: Timestamp::default(),
                monotonic: Duration::ZERO,
            },
        }
    }

    /// Takes in one event.
    pub fn apply(&mut self, event: &Event, now: Moment) -> Vec<Change> {
        self.now = now;
        match event {
            Event::Appeared(leg) => self.appeared(leg),
            Event::Changed(leg) => self.changed(leg),
            Event::Connected(leg) => self.connected(leg),
            Event::DialBegan { from, to } => self.dial_began(from.as_ref(), to),
            Event::DialEnded {
                from,
                to,
                status,
                forward,
            } => {
                self.dial_ended(from.as_ref(), to, (*status, *forward));
            }
            Event::Gone { leg, cause } => self.gone(leg, *cause),
            Event::HangingUp(leg) => self.hanging_up(leg),
            Event::Held(leg) => self.held(leg),
            Event::Unheld(leg) => self.unheld(leg),
            Event::Entered { leg, bridge } => self.entered(leg, bridge),
            Event::Left { leg, bridge } => self.left(leg, bridge),
            Event::MusicBegan(leg) => self.music_began(leg),
            Event::MusicEnded(leg) => self.music_ended(leg),
            Event::Paired { one, two } => self.paired(one, two),
            Event::Queued { leg, queue } => self.queued(leg, Some(queue)),
            Event::Unqueued(leg) => self.queued(leg, None),
            Event::MemberCalled { from, to, queue } => {
                self.queued(from, Some(queue));
                if let Some(to) = to {
                    self.member_called(from, to);
                }
            }
            Event::PickedUp { by, target } => self.picked_up(by, target),
            Event::BlindTransferred { by } => self.blind_transferred(by),
            Event::AttendedTransferred { first, second } => {
                self.attended_transferred(first, second);
            }
            Event::Parked { leg, space } => self.parked(leg, space),
            Event::Unparked { leg, by } => self.unparked(leg, by),
            Event::ParkGivenUp(leg) => self.park_given_up(leg),
            Event::Originated { .. } | Event::Hint(_) => {}
        }
        self.tell()
    }

    /// What happens by itself at this time.
    pub fn tick(&mut self, now: Moment) -> Vec<Change> {
        self.now = now;
        let due = |at: Option<Duration>| at.is_some_and(|at| at <= now.monotonic);
        for at in 0..self.tracks.len() {
            let track = &mut self.tracks[at];
            if due(track.pop_at) {
                track.pop_at = None;
                track.shown = true;
            }
            if due(track.settle_at) {
                track.talk(self.now);
            }
            if due(track.expires_at) {
                self.expired(at);
            }
            self.settle(at);
            self.release(at);
        }
        self.tell()
    }

    /// When [`Self::tick`] is to be called next.
    pub fn next_deadline(&self) -> Option<Duration> {
        self.tracks.iter().filter_map(Track::deadline).min()
    }

    /// A number is about to be dialled with this id for its leg.
    pub fn expect_dial(&mut self, uid: String, call: CallId, dialled: (String, String)) {
        let (number, exten) = dialled;
        self.dials.insert(
            uid,
            Dial {
                call,
                number,
                exten,
            },
        );
    }

    /// The dial was refused before its leg appeared.
    pub fn forget_dial(&mut self, call: CallId) {
        self.dials.retain(|_, dial| dial.call != call);
    }

    /// The call with its legs.
    pub fn track(&self, call: CallId) -> Option<&Track> {
        self.tracks.iter().find(|track| track.call.id == call)
    }

    /// The same, for a command to leave a mark on.
    pub fn track_mut(&mut self, call: CallId) -> Option<&mut Track> {
        self.tracks.iter_mut().find(|track| track.call.id == call)
    }

    /// All legs that are known.
    pub fn legs(&self) -> &Legs {
        &self.legs
    }

    /// Tells every call whose abilities a command's mark has changed.
    pub fn refresh(&mut self) -> Vec<Change> {
        self.tell()
    }

    /// Is this one of the agent's own legs? `PJSIP/101-0000002a`, but not `PJSIP/101-desk-0000002a`.
    fn is_own(&self, name: &str) -> bool {
        name.strip_prefix(&self.prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_hexdigit()))
    }

    /// The id of the agent's own leg, when the event is about one.
    fn own(&mut self, leg: &LegView) -> Option<String> {
        let uid = self.legs.see(leg)?;
        self.is_own(&leg.name).then_some(uid)
    }

    /// The call that the agent is with on this leg: the consultation, else the call itself.
    fn facing(&self, own: &str) -> Option<usize> {
        let consult = self.tracks.iter().position(|track| {
            let on_leg = track.own.as_deref() == Some(own) && !track.is_over();
            // Already on the way to the other one counts: names come before the bridge.
            let with_caller = track.swapped != (track.swap == Some(Swap::Joining));
            on_leg && track.is_consult() && !with_caller
        });
        consult.or_else(|| self.main(own))
    }

    /// The call on this leg that is no consultation.
    fn main(&self, own: &str) -> Option<usize> {
        self.tracks.iter().position(|track| {
            track.own.as_deref() == Some(own) && !track.is_over() && !track.is_consult()
        })
    }

    /// The call whose other side is this leg.
    fn with_far(&self, far: &str) -> Option<usize> {
        self.tracks
            .iter()
            .position(|track| track.far.as_deref() == Some(far) && !track.is_over())
    }

    fn index(&self, call: CallId) -> Option<usize> {
        self.tracks.iter().position(|track| track.call.id == call)
    }

    /// Collects what changed since it was last told. Ended calls are told once and forgotten.
    fn tell(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        if std::mem::take(&mut self.coming) {
            changes.push(Change::Coming);
        }
        for at in 0..self.tracks.len() {
            let can = self.abilities(at);
            let track = &mut self.tracks[at];
            track.call.can = can;
            if let Some(far) = &track.far {
                self.legs.keep(far);
            }
            let shows = track.shown || (track.is_over() && track.rang_at.is_some());
            if shows && track.told.as_ref() != Some(&track.call) {
                track.told = Some(track.call.clone());
                changes.push(Change::Call(Box::new(track.call.clone())));
            }
        }
        self.tracks.retain(|track| !track.is_over());
        changes.append(&mut self.asks);
        changes
    }
}

/// Somebody by number alone, as the agent dialled it.
fn dialled_party(number: &str) -> Party {
    Party::from_number(number)
}

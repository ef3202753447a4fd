//! The state of the PBX and the few moves everything is made of: time, ids, saying what happened.
//!
//! What calls do stands in the files beside it, each an `impl Exchange` of its own.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::runtime::Handle;
use tokio::sync::watch;

use super::bridges::Bridge;
use super::consult::Consult;
use super::devices::Device;
use super::dial::Dial;
use super::event::{Class, Event};
use super::leg::{BridgeId, DialId, Leg, LegId};
use super::park::ParkedCall;
use super::queue::QueueBook;
use super::session::Sessions;
use super::shuffle::Shuffle;
use super::sight::{Ended, Moved, Watcher};
use super::{LinkLoss, PbxOptions};

/// The PBX behind its lock. Every touch ends with what happened being sent.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Exchange>>);

impl Shared {
    pub(super) fn new(options: PbxOptions) -> Self {
        let runtime = Handle::current();
        Self(Arc::new_cyclic(|me| {
            Mutex::new(Exchange::new(options, me.clone(), runtime))
        }))
    }

    /// Does one thing to the PBX and lets the managers hear of it.
    pub(super) fn with<R>(&self, act: impl FnOnce(&mut Exchange) -> R) -> R {
        let mut exchange = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let result = act(&mut exchange);
        exchange.flush();
        result
    }

    /// Changes whenever anything happened.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.with(|exchange| exchange.changes.subscribe())
    }
}

/// Running numbers; a restart begins them anew, as Asterisk does.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub channel: u32,
    pub unique: u32,
    pub local: u32,
    pub optimisation: u32,
}

/// Everything the PBX knows.
pub(super) struct Exchange {
    pub options: PbxOptions,
    pub legs: BTreeMap<LegId, Leg>,
    pub bridges: BTreeMap<BridgeId, Bridge>,
    pub dials: BTreeMap<DialId, Dial>,
    pub consults: Vec<Consult>,
    pub queues: QueueBook,
    pub parked: BTreeMap<u32, ParkedCall>,
    pub devices: BTreeMap<String, Device>,
    pub sessions: Sessions,
    pub counters: Counters,
    pub shuffle: Shuffle,
    /// DialBegin comes after the first sign of ringing, as a busy Asterisk does now and then.
    pub ringing_first: bool,
    pub link_loss: Option<LinkLoss>,
    pub started: Instant,
    /// Those beside the managers who look at the telephones after each touch.
    pub watchers: Vec<Watcher>,
    /// Legs that ended since the watchers looked last.
    pub ended: Vec<Ended>,
    /// Calls that were sent elsewhere since then.
    pub moved: Vec<Moved>,
    next_id: u32,
    /// Raised by every restart, so that timers of a former life have no effect.
    life: u32,
    seconds_floor: u64,
    outbox: Vec<Event>,
    me: Weak<Mutex<Exchange>>,
    runtime: Handle,
    changes: watch::Sender<u64>,
}

impl Exchange {
    fn new(options: PbxOptions, me: Weak<Mutex<Self>>, runtime: Handle) -> Self {
        let devices = Device::all(&options.registered);
        let shuffle = Shuffle::new(options.shuffled);
        Self {
            options,
            legs: BTreeMap::new(),
            bridges: BTreeMap::new(),
            dials: BTreeMap::new(),
            consults: Vec::new(),
            queues: QueueBook::default(),
            parked: BTreeMap::new(),
            devices,
            sessions: Sessions::default(),
            counters: Counters::default(),
            shuffle,
            ringing_first: false,
            link_loss: None,
            started: Instant::now(),
            watchers: Vec::new(),
            ended: Vec::new(),
            moved: Vec::new(),
            next_id: 1,
            life: 0,
            seconds_floor: 0,
            outbox: Vec::new(),
            me,
            runtime,
            changes: watch::Sender::new(0),
        }
    }

    /// An id that was never given before.
    pub(super) fn next_id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    /// Does `act` after a while, unless the PBX was stopped in between.
    pub(super) fn after(&self, wait: Duration, act: impl FnOnce(&mut Self) + Send + 'static) {
        let (me, life) = (self.me.clone(), self.life);
        self.runtime.spawn(async move {
            tokio::time::sleep(wait).await;
            let Some(shared) = me.upgrade().map(Shared) else {
                return;
            };
            shared.with(|exchange| {
                if exchange.life == life {
                    act(exchange);
                }
            });
        });
    }

    /// Seconds since 1970, never before those of a former life.
    pub(super) fn seconds(&mut self) -> u64 {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        self.seconds_floor = self.seconds_floor.max(now);
        self.seconds_floor
    }

    pub(super) fn say(&mut self, event: Event) {
        self.outbox.push(event);
    }

    /// An event that consists of one leg's description.
    pub(super) fn tell(&mut self, name: &'static str, leg: LegId) {
        self.tell_with(name, leg, &[]);
    }

    /// An event with a leg's description and further lines.
    pub(super) fn tell_with(&mut self, name: &'static str, leg: LegId, more: &[(&str, &str)]) {
        let Some(leg) = self.legs.get(&leg) else {
            return;
        };
        let mut event = Event::new(name, class_of(name)).leg("", leg);
        for (key, value) in more {
            event = event.field(key, value);
        }
        self.say(event);
    }

    /// Sends what was said since the last time.
    pub(super) fn flush(&mut self) {
        let events = self.shuffle.order(std::mem::take(&mut self.outbox));
        for event in &events {
            self.sessions.spread(event);
        }
        self.tell_watchers();
        self.changes.send_modify(|count| *count += 1);
    }

    /// Everything in memory is gone, as after the process has ended. Nothing is said about it.
    pub(super) fn forget_everything(&mut self) {
        self.life += 1;
        self.seconds_floor = self.seconds() + 1;
        self.legs.clear();
        self.bridges.clear();
        self.dials.clear();
        self.consults.clear();
        self.parked.clear();
        self.queues = QueueBook::default();
        self.counters = Counters::default();
        self.started = Instant::now();
        self.outbox.clear();
        self.ended.clear();
        self.moved.clear();
        for device in self.devices.values_mut() {
            device.forget_calls();
        }
    }
}

fn class_of(name: &str) -> Class {
    match name {
        "Newexten" | "VarSet" => Class::Dialplan,
        "DTMFBegin" | "DTMFEnd" => Class::Dtmf,
        _ if name.starts_with("Queue") || name.starts_with("Agent") => Class::Agent,
        _ => Class::Call,
    }
}

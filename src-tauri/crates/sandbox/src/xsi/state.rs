//! Everything the server remembers while it runs: calls, channels, subscriptions, who may sign in, what is broken.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::book::Book;
use super::document::Style;
use super::gate::Gate;
use super::request::SeenRequest;
use super::stream::{Channel, Subscription};
use super::xml::Prefixes;
use super::{Charset, Colleague};

/// What a test has broken or set up otherwise.
#[derive(Debug, Clone)]
pub(super) struct Faults {
    /// Every request gets this status and a page.
    pub status: Option<u16>,
    /// Nothing is answered, and nothing comes over the channels.
    pub silent: bool,
    /// Signs of life get this status.
    pub heartbeat: Option<u16>,
    /// The schema's spelling of a sign of life is `ChannelHeartBeat`; the specification's text has this one.
    pub small_beat: bool,
    /// Acknowledgements are answered after this long.
    pub slow_acknowledgement: Duration,
    /// Events come in pieces of so many bytes.
    pub split: Option<usize>,
    /// Events wait, to come all at once.
    pub gathers: bool,
    /// So many events are counted and never sent.
    pub loses: u32,
    /// The server does not notice that a channel is gone: its subscriptions stay.
    pub forgets_nothing: bool,
    /// Nobody sees whether colleagues are on the telephone.
    pub hides_hooks: bool,
    pub prefixes: Prefixes,
    pub style: Style,
    pub charset: Charset,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            status: None,
            silent: false,
            heartbeat: None,
            small_beat: false,
            slow_acknowledgement: Duration::ZERO,
            split: None,
            gathers: false,
            loses: 0,
            forgets_nothing: false,
            hides_hooks: false,
            prefixes: Prefixes::usual(),
            style: Style::default(),
            charset: Charset::Latin1,
        }
    }
}

/// An event that nobody has acknowledged yet.
#[derive(Debug, Clone)]
pub(super) struct Unacknowledged {
    pub channel: String,
    pub since: Instant,
}

/// The server's memory. One lock guards it, and the PBX is never touched under it.
#[derive(Debug)]
pub(super) struct State {
    pub book: Book,
    pub channels: BTreeMap<String, Channel>,
    pub subscriptions: BTreeMap<String, Subscription>,
    pub unacknowledged: BTreeMap<String, Unacknowledged>,
    /// Participants of each line's conference, by leg.
    pub conferences: BTreeMap<String, BTreeSet<u32>>,
    pub gate: Gate,
    pub faults: Faults,
    pub staff: Vec<Colleague>,
    pub requests: Vec<SeenRequest>,
    /// Which of the servers behind the one address takes new connections.
    pub server: u32,
    next_id: u64,
}

impl State {
    pub fn new(staff: Vec<Colleague>) -> Self {
        Self {
            book: Book::default(),
            channels: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
            unacknowledged: BTreeMap::new(),
            conferences: BTreeMap::new(),
            gate: Gate::default(),
            faults: Faults::default(),
            staff,
            requests: Vec::new(),
            server: 0,
            next_id: 0,
        }
    }

    /// An id that looks like those of the real server.
    pub fn next_id(&mut self) -> String {
        self.next_id += 1;
        let id = self.next_id;
        format!(
            "{:08x}-5a4d-4b0c-8000-{id:012x}",
            id * 2_654_435_761 % 0xffff_ffff
        )
    }
}

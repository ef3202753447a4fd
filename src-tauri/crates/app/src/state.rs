//! The whole state, owned by the one loop.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ringcard_core::{
    Ability, Call, CallId, CallState, Colleague, CommandError, CommandId, HeldBy, IntegrationId,
    LineId, LinkState, Matches, Timestamp,
};

use crate::away::Away;
use crate::event::LastContact;
use crate::integrations::{Integration, IntegrationSetup};
use crate::luck::Luck;
use crate::preview::Preview;

/// What the settings decide for the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The lines, in the order of the settings.
    pub lines: Vec<LineId>,
    /// The integrations, in the order of the settings.
    pub integrations: Vec<IntegrationSetup>,
    /// How long the card of an answered or ended call stays.
    pub hide_after: Duration,
    /// Tell missed calls outside the windows.
    pub missed_call_toast: bool,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// The link as last told; `None` before the first word.
    pub link: Option<LinkState>,
    /// Colleagues that this line can reach.
    pub colleagues: BTreeMap<String, Colleague>,
}

/// A command that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingCommand {
    /// Which.
    pub id: CommandId,
    /// What was asked for.
    pub ability: Option<Ability>,
    /// The provider has its own limits; past this one (monotonic) nobody waits any more.
    pub deadline: Duration,
}

/// A call with what the application knows beside the telephone system.
#[derive(Clone, Debug)]
pub struct TrackedCall {
    /// As the provider told it last.
    pub call: Call,
    /// Since when it is in its present state.
    pub state_since: Timestamp,
    /// What each mirror found for the present party.
    pub matches: BTreeMap<IntegrationId, Matches>,
    /// Mirrors that have not answered yet for the present party.
    pub looking: BTreeSet<IntegrationId>,
    /// The last call with this number before.
    pub last_contact: Option<LastContact>,
    /// The number as people read it.
    pub readable: Option<String>,
    /// A command under way.
    pub pending: Option<PendingCommand>,
    /// What the last command came to, until the next event.
    pub trouble: Option<CommandError>,
    /// The last command was accepted, but nothing proved it.
    pub unconfirmed: bool,
    /// What the agent wrote about it.
    pub note: String,
}

/// What the tray icon says, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraySign {
    /// A call rings.
    Ringing,
    /// A caller waits on hold.
    CallerWaiting,
    /// On a call.
    OnCall,
    /// Nothing is set up.
    NotConfigured,
    /// No line listens.
    TelephonyDown,
    /// A CRM needs attention.
    CrmTrouble,
    /// Waiting for calls.
    Listening,
}

/// Everything that the application knows.
#[derive(Debug)]
pub struct State {
    pub(crate) setup: Setup,
    pub(crate) lines: BTreeMap<LineId, Line>,
    pub(crate) calls: BTreeMap<CallId, TrackedCall>,
    pub(crate) integrations: BTreeMap<IntegrationId, Integration>,
    pub(crate) preview: Preview,
    pub(crate) away: Away,
    pub(crate) luck: Luck,
}

impl State {
    /// The state at the start. `open` are the calls that the journal knows as open: the lines'
    /// first snapshots confirm or end them.
    pub fn new(setup: Setup, open: Vec<Call>) -> Self {
        let mut state = Self {
            setup: Setup {
                lines: Vec::new(),
                integrations: Vec::new(),
                ..setup.clone()
            },
            lines: BTreeMap::new(),
            calls: BTreeMap::new(),
            integrations: BTreeMap::new(),
            preview: Preview::default(),
            away: Away::default(),
            luck: Luck::of(0),
        };
        for call in open {
            let tracked = TrackedCall::new(call);
            state.calls.insert(tracked.call.id, tracked);
        }
        state.take_setup(setup);
        state
    }

    /// What the journal knows that the agent wrote about open calls.
    pub fn remember_notes(&mut self, notes: BTreeMap<CallId, String>) {
        for (call, note) in notes {
            if let Some(tracked) = self.calls.get_mut(&call) {
                tracked.note = note;
            }
        }
    }

    /// Gives each desktop waits of its own, so that they do not all knock at once after a fault.
    pub fn spread_by(&mut self, seed: u64) {
        self.luck = Luck::of(seed);
    }

    /// The settings in force.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Lines in the order of the settings.
    pub fn lines(&self) -> impl Iterator<Item = (&LineId, &Line)> {
        self.setup
            .lines
            .iter()
            .filter_map(|id| self.lines.get_key_value(id))
    }

    /// Calls in the order of their beginning; the id keeps it.
    pub fn calls(&self) -> impl Iterator<Item = &TrackedCall> {
        self.calls.values()
    }

    /// One call.
    pub fn call(&self, id: CallId) -> Option<&TrackedCall> {
        self.calls.get(&id)
    }

    /// Integrations in the order of the settings.
    pub fn integrations(&self) -> impl Iterator<Item = (&IntegrationId, &Integration)> {
        self.setup
            .integrations
            .iter()
            .filter_map(|setup| self.integrations.get_key_value(&setup.id))
    }

    /// One integration.
    pub fn integration(&self, id: &IntegrationId) -> Option<&Integration> {
        self.integrations.get(id)
    }

    /// The cards that are to be seen, the front one first.
    pub fn preview_cards(&self) -> Vec<&TrackedCall> {
        self.preview
            .order(&self.calls)
            .filter_map(|id| self.calls.get(&id))
            .collect()
    }

    /// Is the card on the screen?
    pub fn preview_visible(&self) -> bool {
        self.preview.is_visible()
    }

    /// What the tray icon says.
    pub fn tray_sign(&self) -> TraySign {
        let any = |wanted: fn(&CallState) -> bool| {
            self.calls
                .values()
                .any(|tracked| wanted(&tracked.call.state))
        };
        if any(|state| *state == CallState::Ringing) {
            return TraySign::Ringing;
        }
        if any(|state| matches!(state, CallState::Held { by: HeldBy::Us })) {
            return TraySign::CallerWaiting;
        }
        if any(|state| !state.is_ended() && !state.is_elsewhere()) {
            return TraySign::OnCall;
        }
        if self.setup.lines.is_empty() {
            return TraySign::NotConfigured;
        }
        let listens = |line: &Line| matches!(line.link, Some(LinkState::Listening { .. }));
        if !self.lines.values().any(listens) {
            return TraySign::TelephonyDown;
        }
        if self.integrations.values().any(Integration::needs_attention) {
            return TraySign::CrmTrouble;
        }
        TraySign::Listening
    }
}

impl Line {
    pub(crate) fn new() -> Self {
        Self {
            link: None,
            colleagues: BTreeMap::new(),
        }
    }

    /// Does it get events now?
    pub fn listens(&self) -> bool {
        matches!(self.link, Some(LinkState::Listening { .. }))
    }
}

impl TrackedCall {
    pub(crate) fn new(call: Call) -> Self {
        Self {
            state_since: call.answered_at.unwrap_or(call.started_at),
            call,
            matches: BTreeMap::new(),
            looking: BTreeSet::new(),
            last_contact: None,
            readable: None,
            pending: None,
            trouble: None,
            unconfirmed: false,
            note: String::new(),
        }
    }
}

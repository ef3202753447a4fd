//! What the loop owns, and how it performs the effects of a step.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ringcard_app::{Effect, Event, JournalEntry, Notice, Setup, State, SyncEvent};
use ringcard_core::{CallId, CommandId, IntegrationId, LineId, Outcome, PhoneNumber};
use ringcard_crm::{Error as CrmError, ErrorKind, StatusReason};
use ringcard_ipc::settings::{IntegrationSettings, Settings};
use ringcard_ipc::{AppEvent, Ended, ErrorCode, Failure, Reply};
use ringcard_telephony::LineCommand;
use tokio::sync::oneshot;
use tracing::{debug, info, warn};

use crate::integrations::{Connected, Refresh, refresh};
use crate::lines::{ListedColleague, RunningLine};
use crate::numbers::Numbers;
use crate::rekeying::Rekeying;
use crate::run::{Inbox, Rooms};
use crate::settings::InForce;
use crate::views::{CardContext, StatusContext};
use crate::writer::{Entry, Writer};
use crate::{requests, views};

/// History is kept this long.
const RETENTION: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// Everything that belongs to the loop alone.
pub struct Desk {
    pub(crate) rooms: Rooms,
    pub(crate) state: State,
    pub(crate) settings: Settings,
    pub(crate) policy: InForce,
    pub(crate) numbers: Numbers,
    pub(crate) listed: BTreeMap<String, ListedColleague>,
    pub(crate) integrations: BTreeMap<IntegrationId, Arc<Connected>>,
    pub(crate) sign_ins: BTreeMap<IntegrationId, tokio::task::AbortHandle>,
    /// The last refresh of each integration.
    pub(crate) refreshes: BTreeMap<IntegrationId, tokio::task::AbortHandle>,
    pub(crate) lines: BTreeMap<LineId, RunningLine>,
    pub(crate) rekeying: Rekeying,
    waiters: HashMap<CommandId, (CallId, oneshot::Sender<Reply>)>,
    writer: Writer,
    revision: u64,
}

impl Desk {
    /// Puts the loop's things together. Nothing is connected yet.
    pub fn new(rooms: Rooms, settings: Settings, policy: InForce) -> Result<Self, Failure> {
        let journal = rooms.databases.journal.clone();
        let open = journal.hold().open_calls().unwrap_or_else(|error| {
            warn!(kind = ?error.kind, "open calls could not be read");
            Vec::new()
        });
        let notes = journal.hold().open_notes().unwrap_or_default();
        let now = rooms.clocks.now();
        let before = ringcard_core::Timestamp(
            now.wall.0 - i64::try_from(RETENTION.as_millis()).unwrap_or(i64::MAX),
        );
        if journal.hold().expire(before).is_err() {
            warn!("old history could not be forgotten");
        }
        let writer = Writer::start(&rooms.databases, rooms.inbox.clone()).map_err(|_| {
            Failure::new(
                ErrorCode::Internal,
                "The journal's writer could not be started.",
            )
        })?;
        let kept = settings.integrations.iter().map(|one| one.id.as_str());
        rooms.databases.delete_orphans(&kept.collect::<Vec<_>>());
        let numbers = Numbers::of(&settings.dialing);
        let mut desk = Self {
            state: State::new(empty_setup(), Vec::new()),
            rooms,
            rekeying: Rekeying::new(numbers.numbering()),
            numbers,
            policy,
            listed: BTreeMap::new(),
            integrations: BTreeMap::new(),
            sign_ins: BTreeMap::new(),
            refreshes: BTreeMap::new(),
            lines: BTreeMap::new(),
            waiters: HashMap::new(),
            writer,
            revision: 0,
            settings: Settings::default(),
        };
        desk.settings = settings;
        desk.connect_integrations();
        let setup = desk.setup();
        desk.state = State::new(setup, open);
        desk.state.remember_notes(notes);
        desk.state.spread_by(rand::random());
        Ok(desk)
    }

    /// Starts the lines and whatever is due.
    pub async fn begin(&mut self) {
        self.read_listed_colleagues();
        self.rekey_mirrors();
        self.start_lines().await;
        self.step(Event::Tick).await;
    }

    /// Until when nothing has to be done without an event.
    pub fn sleeps_until(&self) -> Option<Instant> {
        let now = self.rooms.clocks.now();
        self.state
            .next_deadline(now)
            .map(|at| self.rooms.clocks.at(at))
    }

    /// One event, its effects.
    pub async fn step(&mut self, event: Event) {
        let now = self.rooms.clocks.now();
        let effects = self.state.step(event, now);
        // What is to be seen comes first; disk and network come after.
        self.publish(&effects);
        for effect in effects {
            self.perform(effect).await;
        }
    }

    fn publish(&mut self, effects: &[Effect]) {
        let any = |wanted: &[Effect]| effects.iter().any(|effect| wanted.contains(effect));
        let preview = [
            Effect::ShowPreview,
            Effect::UpdatePreview,
            Effect::HidePreview,
        ];
        self.revision += 1;
        if any(&preview) {
            let view = views::preview(&self.card_context(), self.revision);
            self.tell(AppEvent::Preview(Box::new(view)));
        }
        if any(&[Effect::WakePreview]) {
            self.tell(AppEvent::CallComing);
        }
        if any(&[Effect::TellPhone]) {
            let view = views::phone(&self.card_context(), self.revision);
            self.tell(AppEvent::Phone(Box::new(view)));
        }
        if any(&[Effect::TellStatus]) {
            self.tell(AppEvent::Status(Box::new(self.status())));
        }
    }

    async fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Lookup(request) => requests::look_up(self, request),
            Effect::Telephony(line, command) => self.send(&line, command).await,
            Effect::StartSync(id, cause) => self.start_sync(&id, cause),
            Effect::Record(entry) => self.record(entry),
            Effect::Notify(notice) => self.notify(notice),
            Effect::Reply(command, outcome) => self.reply(command, outcome),
            Effect::ShowPreview
            | Effect::UpdatePreview
            | Effect::HidePreview
            | Effect::TellPhone
            | Effect::TellStatus
            | Effect::WakePreview => {}
        }
    }

    pub(crate) fn tell(&self, event: AppEvent) {
        // Nobody listens in a headless Ringcard; that is no error.
        let _ = self.rooms.events.send(event);
    }

    async fn send(&mut self, line: &LineId, command: LineCommand) {
        let Some(running) = self.lines.get(line) else {
            return;
        };
        if running.commands.send(command).await.is_err() {
            warn!("a line takes no commands");
        }
    }

    fn start_sync(&mut self, id: &IntegrationId, cause: ringcard_app::SyncCause) {
        let settings = self
            .settings
            .integrations
            .iter()
            .find(|one| one.id == id.as_str());
        let Some(settings) = settings else {
            return;
        };
        let mirror = self.rooms.databases.mirror(id, self.numbers.region());
        let (Some(connected), Some(mirror)) = (self.integrations.get(id), mirror) else {
            return self.end_before_it_begins(id);
        };
        let task = Refresh {
            id: id.clone(),
            connected: connected.clone(),
            mirror,
            journal: self.rooms.databases.journal.clone(),
            modules: modules(settings),
            share: settings.credit_share_percent,
            inbox: self.rooms.inbox.clone(),
        };
        let running = tokio::spawn(refresh(task, cause)).abort_handle();
        self.refreshes.insert(id.clone(), running);
    }

    /// A refresh that cannot even begin has failed: otherwise it would seem to run for ever.
    fn end_before_it_begins(&self, id: &IntegrationId) {
        let (reason, message) = match self.integrations.contains_key(id) {
            true => (
                StatusReason::SyncStale,
                "the local copy cannot be opened; check the disk",
            ),
            false => (
                StatusReason::InvalidToken,
                "the access to the CRM is not in the keychain",
            ),
        };
        let error = CrmError::new(ErrorKind::Status(reason), message);
        let ended = SyncEvent::Ended(Box::new(Err(error)));
        let event = Inbox::Event(Event::Sync(id.clone(), Box::new(ended)));
        let inbox = self.rooms.inbox.clone();
        // The loop is at work here: it cannot wait for room in its own inbox.
        tokio::spawn(async move {
            let _ = inbox.send(event).await;
        });
    }

    fn record(&mut self, entry: JournalEntry) {
        let raw = match &entry {
            JournalEntry::OpenCall(_) | JournalEntry::Note { .. } => None,
            JournalEntry::EndedCall(call) => call.remote.party.number_to_look_up(),
            JournalEntry::Choice { number, .. } => Some(number.as_str()),
        };
        let number: Option<PhoneNumber> = raw.and_then(|raw| self.numbers.incoming(raw));
        self.writer.write(Entry { entry, number });
    }

    fn notify(&mut self, notice: Notice) {
        let integration_name = |id: &IntegrationId| {
            let is_it = |one: &&IntegrationSettings| one.id == id.as_str();
            let found = self.settings.integrations.iter().find(is_it);
            found.map_or_else(String::new, |one| one.name.clone())
        };
        let notice = match notice {
            Notice::MissedCall(call) => ringcard_ipc::Notice::MissedCall {
                call: call.to_string(),
            },
            Notice::MissedCalls(count) => ringcard_ipc::Notice::MissedCalls { count },
            Notice::IntegrationTrouble(id, reason) => {
                warn!(integration = %id, ?reason, "a connection has a fault");
                let name = integration_name(&id);
                ringcard_ipc::Notice::IntegrationTrouble { name, reason }
            }
            Notice::IntegrationWell(id) => {
                info!(integration = %id, "a connection is well again");
                let name = integration_name(&id);
                ringcard_ipc::Notice::IntegrationWell { name }
            }
            Notice::LineDown(id) => {
                let line = self
                    .settings
                    .lines
                    .iter()
                    .find(|line| line.id == id.as_str());
                let name = line.map_or_else(String::new, |line| line.name.clone());
                ringcard_ipc::Notice::LineDown { name }
            }
        };
        self.tell(AppEvent::Notice(notice));
    }

    /// What is on its way to the journal and belongs on the next card.
    pub(crate) fn mark(&self) -> crate::writer::Mark {
        self.writer.mark()
    }

    /// Whoever asked for a command waits here for its end.
    pub(crate) fn wait_for(&mut self, id: CommandId, call: CallId, reply: oneshot::Sender<Reply>) {
        self.waiters.insert(id, (call, reply));
    }

    fn reply(&mut self, command: CommandId, outcome: Outcome) {
        let Some((call, waiter)) = self.waiters.remove(&command) else {
            return;
        };
        let ended = |confirmed| {
            Reply::Ended(Ended {
                call: call.to_string(),
                confirmed,
            })
        };
        let reply = match outcome {
            Outcome::Confirmed => ended(true),
            Outcome::Unconfirmed => ended(false),
            Outcome::NeedsConfirmation(why) => Reply::Failed(Failure::new(
                ErrorCode::NeedsConfirmation(why),
                format!("{why}; say so again to send the caller there all the same"),
            )),
            Outcome::Refused(error) => Reply::Failed(error.into()),
        };
        debug!(?command, "a command ended");
        let _ = waiter.send(reply);
    }

    fn journal_waiting(&self) -> u32 {
        u32::try_from(self.writer.waiting()).unwrap_or(u32::MAX)
    }

    /// The journal began to wait for the disk, or waits no more: every window says so.
    pub fn journal_waits(&mut self) {
        self.publish(&[Effect::TellPhone, Effect::TellStatus]);
    }

    /// Raised with each step, so that a late answer never paints over a newer one.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn card_context(&self) -> CardContext<'_> {
        CardContext {
            state: &self.state,
            settings: &self.settings,
            numbers: &self.numbers,
            listed: &self.listed,
            journal_waiting: self.journal_waiting(),
        }
    }

    pub(crate) fn status(&self) -> ringcard_ipc::StatusView {
        let ids = || {
            self.settings
                .integrations
                .iter()
                .map(|one| IntegrationId::new(&one.id))
        };
        let records = |id: IntegrationId| {
            let mirror = self.rooms.databases.open_mirror(&id);
            mirror.and_then(|mirror| mirror.count().ok()).unwrap_or(0)
        };
        let modules = |id: IntegrationId| {
            let connected = self.integrations.get(&id);
            connected.map(|one| one.modules()).unwrap_or_default()
        };
        let account = |id: IntegrationId| {
            let connected = self.integrations.get(&id);
            connected.and_then(|one| one.account())
        };
        views::status(&StatusContext {
            state: &self.state,
            settings: &self.settings,
            records: ids().map(records).collect(),
            modules: ids().map(modules).collect(),
            accounts: ids().map(account).collect(),
            secrets_in_file: self.rooms.secrets.is_file(),
            log_details: self.rooms.logs.details(),
            journal_waiting: self.journal_waiting(),
        })
    }

    /// Signs off everywhere. No call is touched.
    pub async fn end(mut self) {
        for (_, line) in std::mem::take(&mut self.lines) {
            line.stop().await;
        }
    }
}

fn empty_setup() -> Setup {
    Setup {
        lines: Vec::new(),
        integrations: Vec::new(),
        hide_after: Duration::from_secs(10),
        missed_call_toast: false,
    }
}

/// The modules that an integration mirrors.
pub(crate) fn modules(settings: &IntegrationSettings) -> Vec<String> {
    match &settings.source {
        ringcard_ipc::settings::SourceSettings::Zoho(zoho) => zoho.modules.clone(),
    }
}

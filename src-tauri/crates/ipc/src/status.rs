//! The state of lines, integrations and the application, and the events that change it.

use ringcard_core::{LinkTrouble, StatusReason};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::settings::SettingsView;
use crate::{Notice, PhoneView, PreviewView};

/// What is pushed to windows and to `watch`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "event", content = "body")]
#[ts(export)]
pub enum AppEvent {
    /// The cards changed.
    Preview(Box<PreviewView>),
    /// The running calls changed.
    Phone(Box<PhoneView>),
    /// Lines, integrations or the application changed.
    Status(Box<StatusView>),
    /// The settings changed, by a window, the command line or the file.
    Settings(Box<SettingsView>),
    /// Something to tell once.
    Notice(Notice),
    /// A call is about to ring: what shows the card may wake up.
    CallComing,
    /// Somebody wants to see the main window.
    ShowWindow,
}

/// A line as windows show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LineStatus {
    /// Its id in the settings.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The agent's extension.
    pub extension: String,
    /// Listening since, when it listens.
    pub listening_since: Option<i64>,
    /// Why it does not.
    pub trouble: Option<LinkTrouble>,
    /// When it is tried again by itself.
    pub retry_at: Option<i64>,
}

/// The two states of an integration, and the one before the first sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum IntegrationState {
    /// Nobody has signed in yet.
    NotSignedIn,
    /// The browser is open.
    SigningIn,
    /// Normal.
    Connected,
    /// Something is wrong; the reason says what.
    Disconnected,
}

/// A whole reading, or what changed since the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncKind {
    /// Everything.
    Full,
    /// What changed.
    Delta,
}

/// How far a refresh has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Progress {
    /// Whole or delta.
    pub kind: SyncKind,
    /// The module being read.
    pub module: String,
    /// Records read so far.
    pub read: u64,
    /// In percent, where the total is known.
    pub percent: Option<u8>,
}

/// What a refresh did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncReportView {
    /// Whole or delta.
    pub kind: SyncKind,
    /// When it began.
    pub started_at: i64,
    /// How long it took.
    pub duration_ms: u64,
    /// Records read.
    pub read: u64,
    /// New ones.
    pub new: u64,
    /// Changed ones.
    pub changed: u64,
    /// Deleted ones.
    pub deleted: u64,
    /// Requests made.
    pub calls: u32,
    /// Credits used.
    pub credits: u32,
}

/// A module that could not be read; the others go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Warning {
    /// The module.
    pub module: String,
    /// Why; `None` where the CRM refused it for a cause that is no state of the connection.
    pub reason: Option<StatusReason>,
    /// The CRM's own code, for the details.
    pub code: Option<String>,
    /// The HTTP status, for the details.
    pub http_status: Option<u16>,
}

/// What stopped a try.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Fault {
    /// The reason; `None` for a fault that is no state of the connection.
    pub reason: Option<StatusReason>,
    /// The CRM's own code, for the details.
    pub code: Option<String>,
    /// The HTTP status, for the details.
    pub http_status: Option<u16>,
    /// The module, where the fault belongs to one.
    pub module: Option<String>,
    /// The organisation that the sign-in leads to instead of the one of the local copy.
    pub found_organisation: Option<String>,
}

/// What was tried with a CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Tried {
    /// A refresh of the mirror.
    Refresh,
    /// A sign-in.
    SignIn,
}

/// One try, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Try {
    /// When it ended.
    pub at: i64,
    /// What was tried.
    pub what: Tried,
    /// What stopped it; `None` when it went well.
    pub fault: Option<Fault>,
}

/// An integration as windows show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IntegrationStatus {
    /// Its id in the settings.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What the CRM is called, such as "Zoho".
    pub crm: String,
    /// Connected or not.
    pub state: IntegrationState,
    /// Why not.
    pub reason: Option<StatusReason>,
    /// The CRM's own code, for the details.
    pub code: Option<String>,
    /// The HTTP status, for the details.
    pub http_status: Option<u16>,
    /// The module, where the fault belongs to one.
    pub module: Option<String>,
    /// The organisation that the sign-in leads to instead of the one of the local copy.
    pub found_organisation: Option<String>,
    /// Since when it is in this state.
    pub since: i64,
    /// What was tried last, the newest first.
    pub tries: Vec<Try>,
    /// Refreshes in a row that failed, counted since Ringcard was started.
    pub failed_in_a_row: u32,
    /// Why the last sign-in was refused, while the former access is kept.
    pub refused_sign_in: Option<Fault>,
    /// The last refresh that went well.
    pub last_success: Option<i64>,
    /// The next one, or the next try.
    pub next_run: Option<i64>,
    /// A refresh under way.
    pub progress: Option<Progress>,
    /// What the last one did.
    pub last_report: Option<SyncReportView>,
    /// The organisation.
    pub organisation: Option<String>,
    /// The signed-in user.
    pub user_email: Option<String>,
    /// When the organisation's trial or plan ends or ended, as the CRM told last.
    pub plan_ends: Option<i64>,
    /// The signed-in user is not this desk's agent.
    pub other_user: bool,
    /// Records in the mirror.
    pub records: u64,
    /// Credits used in the last 24 hours by this PC.
    pub credits_today: u32,
    /// The modules that the CRM offers, once they are known.
    pub modules: Vec<String>,
    /// Modules that could not be read.
    pub warnings: Vec<Warning>,
}

/// What the tray icon says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TraySign {
    /// Waiting for calls.
    Listening,
    /// A call rings.
    Ringing,
    /// On a call.
    OnCall,
    /// A caller waits.
    CallerWaiting,
    /// No line listens.
    TelephonyDown,
    /// Lines listen, a CRM needs attention.
    CrmTrouble,
    /// Lines listen; the disk is full and the journal waits.
    JournalWaits,
    /// Nothing is set up yet.
    NotConfigured,
}

/// The whole state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StatusView {
    /// This program's version.
    pub version: String,
    /// What the tray icon says.
    pub tray: TraySign,
    /// The lines.
    pub lines: Vec<LineStatus>,
    /// The integrations.
    pub integrations: Vec<IntegrationStatus>,
    /// Secrets lie in a file because `--home` was given.
    pub secrets_in_file: bool,
    /// The first start: telephony is to be set up before anything else.
    pub first_start: bool,
    /// Detailed logging is on.
    pub log_details: bool,
    /// Entries of the journal that wait because the disk is full.
    pub journal_waiting: u32,
}

/// A setting that is allowed but deserves a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AdviceKind {
    /// Refreshing so often uses up the CRM's limit, which the whole organisation shares.
    FrequentRefresh,
    /// Without an area code, local numbers without one belong to nobody.
    NoAreaCode,
    /// The secret of the line crosses the network readable.
    UnsecuredLink,
}

/// One word about one setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Advice {
    /// The settings' field, such as `integrations.0.refresh_minutes`.
    pub field: String,
    /// What is to be said of it.
    pub kind: AdviceKind,
}

/// What saving the settings has to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedSettings {
    /// Fields that are allowed but deserve a word.
    pub advice: Vec<Advice>,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogEntry {
    /// When.
    pub at: i64,
    /// `error`, `warn`, `info` or `debug`.
    pub level: String,
    /// Which room.
    pub target: String,
    /// What; redacted.
    pub text: String,
}

/// The newest lines of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogView {
    /// Oldest first.
    pub entries: Vec<LogEntry>,
    /// Detailed logging is on.
    pub details: bool,
}

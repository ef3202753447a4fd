//! What windows and the command line may ask for, and the answers.

use ringcard_core::{Availability, Check, CommandError, Sensitive};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::settings::{HelpPage, Settings, SettingsView};
use crate::{
    Card, Failure, LogView, MatchView, PhoneView, PreviewView, RecordRef, SavedSettings, StatusView,
};

/// One request. The same words from a window and from the command line, with the same guards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "request")]
#[ts(export)]
pub enum Request {
    /// Lines, integrations, version.
    Status,
    /// The running calls.
    Calls,
    /// Every change from now on, as [`crate::AppEvent`]s.
    Watch,
    /// What the preview shows now.
    Preview,
    /// What the phone window shows now.
    Phone,
    /// Take a ringing call; without an id the one that rings longest.
    Answer {
        /// The call.
        call: Option<String>,
    },
    /// Refuse a ringing call.
    Decline {
        /// The call.
        call: Option<String>,
    },
    /// End a call.
    HangUp {
        /// The call.
        call: Option<String>,
    },
    /// Let the other side wait.
    Hold {
        /// The call.
        call: Option<String>,
    },
    /// Fetch the waiting side back.
    Resume {
        /// The call.
        call: Option<String>,
    },
    /// Send a ringing call elsewhere.
    Redirect {
        /// The call.
        call: Option<String>,
        /// What was typed or chosen.
        to: String,
        /// The warning has been seen.
        confirmed: bool,
    },
    /// Ask a colleague.
    Consult {
        /// The call that will wait.
        call: Option<String>,
        /// What was typed or chosen.
        to: String,
        /// The warning has been seen.
        confirmed: bool,
    },
    /// Join caller and colleague.
    Complete {
        /// Either call.
        call: Option<String>,
    },
    /// Back to the caller.
    Cancel {
        /// Either call.
        call: Option<String>,
    },
    /// Change between caller and colleague.
    Swap {
        /// Either call.
        call: Option<String>,
    },
    /// Hand the caller on without asking.
    Transfer {
        /// The call.
        call: Option<String>,
        /// What was typed or chosen.
        to: String,
        /// The warning has been seen.
        confirmed: bool,
    },
    /// Send digits into the call.
    SendDtmf {
        /// The call.
        call: Option<String>,
        /// 0-9, *, #.
        digits: String,
    },
    /// Keep what the agent writes about a call; it replaces what was kept before.
    SetNote {
        /// The call.
        call: String,
        /// The note; empty deletes it.
        note: String,
    },
    /// Call a number.
    Dial {
        /// What was typed or chosen.
        to: String,
        /// The line of choice; `None` is the first.
        line: Option<String>,
        /// The agent was asked and wants it all the same.
        #[serde(default)]
        confirmed: bool,
    },
    /// Who has this number?
    Lookup {
        /// In any format.
        number: String,
    },
    /// Refresh the mirror now.
    Sync {
        /// Which one; `None` is all.
        integration: Option<String>,
        /// Read everything anew instead of what changed.
        full: bool,
    },
    /// Close one card; the call goes on.
    ClosePreview {
        /// The call.
        call: String,
    },
    /// Bring the cards back.
    ShowPreview,
    /// Bring the main window to the front, as a second start does.
    ShowWindow,
    /// Put a card in front; the call is not touched.
    BringForward {
        /// The call.
        call: String,
    },
    /// Open a record in the browser.
    OpenRecord {
        /// Which.
        record: RecordRef,
        /// The call for which it was chosen, so that it comes first next time.
        call: Option<String>,
    },
    /// Open the CRM's own page for a new record, for an unknown number.
    OpenCreate {
        /// The call.
        call: String,
    },
    /// Colleagues and contacts for a typed text.
    Targets {
        /// What was typed so far.
        typed: String,
        /// The call that is to be sent.
        call: Option<String>,
    },
    /// The settings as they are in force.
    Settings,
    /// Check and save the settings, and apply them at once.
    SaveSettings {
        /// All of them.
        settings: Box<Settings>,
    },
    /// Keep a secret in the keychain.
    SetSecret {
        /// Such as `line.desk.secret` or `integration.zoho.client_secret`.
        name: String,
        /// The secret itself; empty deletes it.
        value: String,
    },
    /// Look at everything that a line needs at its telephone system, with unsaved values.
    CheckLine {
        /// Unsaved settings.
        settings: Box<Settings>,
        /// Which line.
        line: String,
        /// The secret that was typed and not saved; without one the kept one is used.
        #[ts(as = "Option<String>")]
        secret: Option<Sensitive<String>>,
    },
    /// Sign in by the browser.
    SignIn {
        /// Which integration.
        integration: String,
    },
    /// Sign in with the code of a Self Client.
    SignInWithCode {
        /// Which integration.
        integration: String,
        /// The code.
        code: String,
    },
    /// Break off a sign-in that waits for the browser.
    CancelSignIn {
        /// Which integration.
        integration: String,
    },
    /// Delete an integration with its mirror and its secrets.
    RemoveIntegration {
        /// Which.
        integration: String,
    },
    /// The newest log lines that match.
    Log {
        /// Text to find; empty is all.
        find: String,
    },
    /// Record lookups and requests in detail, or stop it.
    LogDetails {
        /// On or off.
        on: bool,
    },
    /// Open a page of the administrator's own.
    OpenHelpPage {
        /// Which.
        page: HelpPage,
    },
    /// End Ringcard. No call is touched.
    Quit,
}

/// Where a target in the picker comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// Somebody inside.
    Colleague,
    /// Somebody from the CRM.
    Contact,
    /// What was typed, as a number.
    Typed,
}

/// One line of the target picker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TargetView {
    /// Where it comes from.
    pub kind: TargetKind,
    /// The name; for a typed number its readable form.
    pub name: String,
    /// The company of a contact.
    pub company: Option<String>,
    /// The number as people read it.
    pub number: String,
    /// What is sent back when this one is chosen.
    pub to: String,
    /// For colleagues.
    pub availability: Availability,
}

/// The picker's list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TargetsView {
    /// Best first.
    pub targets: Vec<TargetView>,
    /// Why the typed text alone cannot be called.
    pub typed_trouble: Option<CommandError>,
}

/// Who has a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LookupView {
    /// The number as it was understood.
    pub number: String,
    /// Everybody, best first.
    pub found: Vec<MatchView>,
    /// Among how many contacts.
    pub among: u64,
    /// When the data last agreed with the CRM.
    pub as_of: Option<i64>,
    /// How long the lookup took, in microseconds.
    pub took_us: u64,
}

/// How a command for a call ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Ended {
    /// The call that it was about.
    pub call: String,
    /// False when it was accepted but nothing proved it in time.
    pub confirmed: bool,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "reply", content = "body")]
#[ts(export)]
pub enum Reply {
    /// Done; nothing to tell.
    Done,
    /// A command for a call.
    Ended(Ended),
    /// `status`.
    Status(Box<StatusView>),
    /// `calls`.
    Calls(Vec<Card>),
    /// `preview`.
    Preview(Box<PreviewView>),
    /// `phone`.
    Phone(Box<PhoneView>),
    /// `lookup`.
    Lookup(Box<LookupView>),
    /// `targets`.
    Targets(TargetsView),
    /// `settings`.
    Settings(Box<SettingsView>),
    /// `save_settings` went well; some fields may deserve a word.
    Saved(SavedSettings),
    /// `check_line`.
    Checks(Vec<Check>),
    /// `sign_in`: the address that was opened in the browser.
    SigningIn {
        /// To be copied where no browser opened.
        url: String,
    },
    /// `log`.
    Log(LogView),
    /// Not done.
    Failed(Failure),
}

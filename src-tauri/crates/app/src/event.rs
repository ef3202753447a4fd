//! Everything that can happen to the application.

use std::time::Duration;

use ringcard_core::{
    CallCommand, CallId, CommandId, CrmRecord, Direction, EndReason, IntegrationId, LineId,
    Matches, Timestamp,
};
use ringcard_crm::Error as CrmError;
use ringcard_sync::{SyncProgress, SyncReport};
use ringcard_telephony::LineEvent;

use crate::state::Setup;

/// One thing that happened.
#[derive(Debug)]
pub enum Event {
    /// A line told something.
    Line(LineId, LineEvent),
    /// A lookup came back.
    LookedUp(Box<LookedUp>),
    /// A refresh of a mirror told something.
    Sync(IntegrationId, Box<SyncEvent>),
    /// The agent or the command line wants something.
    Ui(CommandId, UiCommand),
    /// The session of the desktop changed.
    Session(Session),
    /// The settings changed.
    Settings(Box<Setup>),
    /// A deadline of the state may have passed.
    Tick,
}

/// The answer to a [`crate::LookupRequest`].
#[derive(Debug)]
pub struct LookedUp {
    /// The call.
    pub call: CallId,
    /// The party's revision that was looked up.
    pub revision: u32,
    /// Whose mirror.
    pub integration: IntegrationId,
    /// What was found.
    pub matches: Matches,
    /// The last call with this number before.
    pub last_contact: Option<LastContact>,
    /// The number as people read it; `None` when it could not be understood.
    pub readable: Option<String>,
}

/// The last call with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastContact {
    /// When it began.
    pub at: Timestamp,
    /// Which way.
    pub direction: Direction,
    /// How it ended.
    pub reason: EndReason,
}

/// What a refresh tells.
#[derive(Debug)]
pub enum SyncEvent {
    /// How far it is.
    Progress(SyncProgress),
    /// It ended, well or with what stopped it.
    Ended(Box<Result<SyncReport, CrmError>>),
    /// Somebody signed in anew; who it was is told by the refresh that follows.
    SignedIn,
    /// A sign-in failed; the former token is kept.
    SignInFailed(CrmError),
    /// The browser was opened for a sign-in.
    SigningIn,
    /// A sign-in was broken off.
    SignInCancelled,
    /// Credits that this PC used in the last 24 hours.
    CreditsUsed(u32),
    /// Modules were ticked or unticked: what is under way does not know it.
    OtherModules,
}

/// What the agent may ask of the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UiCommand {
    /// Something with a call; the line is found by it.
    Call(CallCommand),
    /// Call somebody by a line.
    Dial(LineId, CallCommand),
    /// Close one card.
    ClosePreview(CallId),
    /// Bring the cards back.
    ShowPreview,
    /// Put one card in front.
    BringForward(CallId),
    /// Refresh a mirror now.
    Sync(IntegrationId, bool),
    /// A record was opened for a call.
    Chose(CallId, CrmRecord),
    /// The agent wrote about a call.
    Note(CallId, String),
}

/// The desktop's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    /// The machine goes to sleep.
    Sleep,
    /// It woke up after this long.
    Resume(Duration),
    /// The screen was locked.
    Lock,
    /// The screen was unlocked.
    Unlock,
    /// Another network.
    NetworkChanged,
}

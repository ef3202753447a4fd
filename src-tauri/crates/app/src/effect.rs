//! What the application wants done.

use ringcard_core::{
    Call, CallId, CommandId, CrmRecord, IntegrationId, LineId, Outcome, StatusReason, Timestamp,
};
use ringcard_telephony::LineCommand;

/// One thing to do. The host performs it and reports back with an event where there is a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask a mirror who has a number.
    Lookup(LookupRequest),
    /// The card is to be seen.
    ShowPreview,
    /// Its content changed.
    UpdatePreview,
    /// It is to go.
    HidePreview,
    /// The running calls changed.
    TellPhone,
    /// Lines or integrations changed.
    TellStatus,
    /// Wake what shows the card: a call is coming.
    WakePreview,
    /// Tell a line something.
    Telephony(LineId, LineCommand),
    /// Refresh a mirror.
    StartSync(IntegrationId, SyncCause),
    /// Write to the journal.
    Record(JournalEntry),
    /// Tell the agent once, outside any window.
    Notify(Notice),
    /// The end of a command.
    Reply(CommandId, Outcome),
}

/// A number to be looked up.
#[derive(Clone, PartialEq, Eq)]
pub struct LookupRequest {
    /// For this call.
    pub call: CallId,
    /// The party's revision.
    pub revision: u32,
    /// In this mirror.
    pub integration: IntegrationId,
    /// The number as the telephone system gave it.
    pub number: String,
    /// The line, for its rules of reading numbers.
    pub line: LineId,
}

impl std::fmt::Debug for LookupRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LookupRequest")
            .field("call", &self.call)
            .field("revision", &self.revision)
            .field("integration", &self.integration)
            .finish_non_exhaustive()
    }
}

/// Why a refresh starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncCause {
    /// The time has come.
    Schedule,
    /// Somebody asked.
    Asked {
        /// Everything anew.
        full: bool,
    },
    /// After a sign-in.
    SignIn,
    /// A missed time is made up for after sleep.
    CatchUp,
}

/// What must survive in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalEntry {
    /// An open call, whole; replaces what was known of it.
    OpenCall(Box<Call>),
    /// An ended call moves to the history.
    EndedCall(Box<Call>),
    /// What the agent wrote about a call; replaces what was written before.
    Note {
        /// The call.
        call: CallId,
        /// The note; empty deletes it.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// The agent chose this record for the call's number.
    Choice {
        /// The number as the telephone system gave it.
        number: String,
        /// The line, for its rules of reading numbers.
        line: LineId,
        /// The record.
        record: CrmRecord,
        /// When.
        at: Timestamp,
    },
}

/// Something to tell once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A call was missed.
    MissedCall(CallId),
    /// So many calls were missed while the screen was locked.
    MissedCalls(u32),
    /// An integration got a new reason.
    IntegrationTrouble(IntegrationId, StatusReason),
    /// An integration is well again.
    IntegrationWell(IntegrationId),
    /// A line lost its link.
    LineDown(LineId),
}

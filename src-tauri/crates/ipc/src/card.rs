//! What a card shows of one call: facts to be put into words and places by the window.

use ringcard_core::{
    Ability, Availability, Basis, CallState, CommandError, ConsultationPhase, Direction, EndReason,
    NumberKind, OptOut, Origin, Presentation, StatusReason,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A record of a CRM, as windows hand it back to open it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordRef {
    /// The integration that knows it.
    pub integration: String,
    /// The CRM's module.
    pub module: String,
    /// The CRM's id.
    pub id: String,
}

/// The CRM user to whom a record belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OwnerView {
    /// As the CRM shows it.
    pub name: String,
    /// The telephone extension of the same person, where it is known.
    pub extension: Option<String>,
    /// Can the owner take a call?
    pub availability: Availability,
}

/// One contact that the number may belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MatchView {
    /// To open it.
    pub record: RecordRef,
    /// The name in large letters.
    pub name: String,
    /// The company.
    pub company: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// What people call the module, such as "Contact".
    pub module_label: String,
    /// What the CRM is called on buttons, such as "Zoho"; with several integrations the name of this one.
    pub crm: String,
    /// To whom it belongs.
    pub owner: Option<OwnerView>,
    /// What the person does not want.
    pub opt_out: OptOut,
    /// A note from the record.
    pub note: Option<String>,
    /// How sure.
    pub basis: Basis,
    /// From the local copy or asked just now.
    pub origin: Origin,
    /// The kind of number that matched.
    pub number_kind: Option<NumberKind>,
    /// The agent chose this one for this number before.
    pub chosen_before: bool,
}

/// Who it may be. The card never claims more than this says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Who {
    /// No integration is set up.
    NoCrm,
    /// The number is withheld: nothing was looked up.
    Withheld,
    /// Being looked up.
    LookingUp,
    /// Not in the local copy.
    Unknown {
        /// Among how many contacts.
        among: u64,
    },
    /// One person or company, by the whole number.
    Certain {
        /// The match.
        found: Box<MatchView>,
    },
    /// The company is known, the person is not.
    Company {
        /// The company's name.
        company: String,
        /// The company's own record, where there is one.
        account: Option<Box<MatchView>>,
        /// People of the company with this number or stem.
        people: Vec<MatchView>,
    },
    /// Several records have this number.
    Several {
        /// All of them, best first.
        found: Vec<MatchView>,
    },
}

/// Where a number is from, for an unknown caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NumberPlace {
    /// ISO code of the country, such as `PL`.
    pub region: String,
    /// A mobile number.
    pub mobile: bool,
}

/// The party as the telephone system names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PartyView {
    /// The number in the form that people read.
    pub number: Option<String>,
    /// The number as it is dialled.
    pub dial: Option<String>,
    /// Where it is from.
    pub place: Option<NumberPlace>,
    /// The display name from the telephone system: a claim of the caller, no contact.
    pub name: Option<String>,
    /// Whether the number may be shown.
    pub presentation: Presentation,
}

/// The last call with this number before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LastContact {
    /// When it began.
    pub at: i64,
    /// Which way.
    pub direction: Direction,
    /// How it ended.
    pub reason: EndReason,
}

/// A command for this call that has not ended yet; its buttons wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Pending {
    /// What was asked for.
    pub ability: Ability,
}

/// Which part of a consultation this call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsultRole {
    /// The caller who waits.
    Held,
    /// The colleague who is asked.
    Consult,
}

/// The consultation that a call is part of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Consulting {
    /// Which part.
    pub role: ConsultRole,
    /// How far it has come.
    pub phase: ConsultationPhase,
    /// The other call.
    pub other: String,
}

/// How this line takes a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AnswerWay {
    /// A button answers.
    Here,
    /// The agent lifts the handset.
    AtTelephone,
}

/// One call with everything known about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Card {
    /// The call.
    pub call: String,
    /// The line's name, only when there are several.
    pub line: Option<String>,
    /// Seen from the agent.
    pub direction: Direction,
    /// As the last event left it.
    pub state: CallState,
    /// First sign.
    pub started_at: i64,
    /// When the talk began.
    pub answered_at: Option<i64>,
    /// Since when it is in its present state; for the timers of waiting callers.
    pub state_since: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// The party as the telephone system names it.
    pub party: PartyView,
    /// Raised when somebody else is at the other end.
    pub revision: u32,
    /// Who it may be.
    pub who: Who,
    /// The queue or group.
    pub queue: Option<String>,
    /// Who diverted it here: a name or a readable number.
    pub diverter: Option<String>,
    /// The last call with this number before.
    pub last_contact: Option<LastContact>,
    /// When the data last agreed with the CRM.
    pub data_as_of: Option<i64>,
    /// The first filling is under way: how far, in percent.
    pub still_filling: Option<u8>,
    /// The CRM is not connected: why.
    pub crm_trouble: Option<StatusReason>,
    /// What can be done now; the window shows just these.
    pub can: Vec<Ability>,
    /// How the call is taken.
    pub answer_way: AnswerWay,
    /// A command under way.
    pub pending: Option<Pending>,
    /// What the last command came to, when it was not confirmed; shown until the next event.
    pub trouble: Option<CommandError>,
    /// The last command was accepted, but nothing proved it in time.
    pub unconfirmed: bool,
    /// The consultation that it is part of.
    pub consulting: Option<Consulting>,
    /// What the agent wrote about this call.
    pub note: String,
}

/// The stack of cards, the front one first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PreviewView {
    /// Front first.
    pub cards: Vec<Card>,
    /// Shown now; when false the window is hidden and keeps its last cards.
    pub visible: bool,
    /// Raised with each change, so that a late answer never paints over a newer one.
    pub revision: u64,
}

/// The phone window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PhoneView {
    /// Running calls, oldest first; the talk before the waiting.
    pub cards: Vec<Card>,
    /// The lines with their state.
    pub lines: Vec<crate::LineStatus>,
    /// Entries of the journal that wait because the disk is full.
    pub journal_waiting: u32,
    /// Raised with each change.
    pub revision: u64,
}

//! Words and rules of calls, numbers and contacts: no I/O, no clock, no runtime.
//!
//! Every other room speaks in these words. What a telephone system or a CRM calls the same
//! things stays in that system's own `wire`.

mod call;
mod command;
mod contact;
mod ids;
mod line;
mod matching;
mod party;
mod sensitive;
mod status;
mod time;

pub mod number;

pub use call::{
    Ability, Beginning, Call, CallState, Consultation, ConsultationPhase, Direction, EndReason,
    HeldBy,
};
pub use command::{CallCommand, CommandError, Outcome, Target};
pub use contact::{Contact, ContactNumber, CrmRecord, NumberKind, OptOut, Owner};
pub use ids::{CallId, CommandId, CorrelationKey, IntegrationId, LegId, LineId, QueueName};
pub use line::{Availability, Colleague, LinkState, LinkTrouble};
pub use matching::{
    Basis, Match, Matches, NumberBlock, Origin, ScreenPop, company_behind, names_company,
    same_company_name, settle,
};
pub use number::PhoneNumber;
pub use party::{Party, Presentation, Remote};
pub use sensitive::Sensitive;
pub use status::{Check, CheckResult, StatusReason};
pub use time::{Moment, Timestamp};

//! Everything that crosses to the windows or the command line, declared once.
//!
//! TypeScript types are generated from here (`cargo xtask bindings`). Ids are strings, times are
//! milliseconds since 1970. What a window shows is a finished view: it decides texts, nothing else.

mod card;
mod error;
mod request;
pub mod settings;
pub mod socket;
mod status;
mod window;

pub use card::{
    AnswerWay, Card, ConsultRole, Consulting, LastContact, MatchView, NumberPlace, OwnerView,
    PartyView, Pending, PhoneView, PreviewView, RecordRef, Who,
};
pub use error::{ErrorCode, Failure, Notice};
pub use request::{Ended, LookupView, Reply, Request, TargetKind, TargetView, TargetsView};
pub use status::{
    Advice, AdviceKind, AppEvent, Fault, IntegrationState, IntegrationStatus, LineStatus, LogEntry,
    LogView, Progress, SavedSettings, StatusView, SyncKind, SyncReportView, TraySign, Tried, Try,
    Warning,
};
pub use window::{Appearance, DragPhase, Page, PickerContext, Purpose};
// The core's words that cross, so that who only speaks to Ringcard needs no other room.
pub use ringcard_core::{
    Availability, Basis, CallState, CommandError, Direction, EndReason, HeldBy, LinkTrouble,
    Presentation, StatusReason,
};

//! From a CRM source to the mirror: plan, apply, cursor, schedule.

mod report;
mod schedule;

pub use report::{SyncKind, SyncProgress, SyncReport};
pub use schedule::{LastRun, Schedule};

//! From a CRM source to the mirror: plan, apply, cursor, schedule.

mod about;
mod apply;
mod budget;
mod cursor;
mod error;
mod plan;
mod report;
mod run;
mod schedule;
mod store;

pub use about::About;
pub use budget::CreditShare;
pub use cursor::SyncCursor;
pub use error::{Error, Stopped};
pub use plan::Depth;
pub use report::{ModuleReport, SyncKind, SyncNews, SyncProgress, SyncReport};
pub use run::{Listener, SyncRequest, run};
pub use schedule::{LastRun, Schedule};

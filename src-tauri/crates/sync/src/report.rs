//! What a refresh tells while it runs and when it has ended.

use std::time::Duration;

use ringcard_core::Timestamp;
use ringcard_crm::{Account, Tally};

use crate::About;

/// A whole reading, or what changed since the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncKind {
    /// Everything, by a new generation.
    Full,
    /// What changed.
    Delta,
}

/// What a refresh tells while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncNews {
    /// What the CRM tells of itself. The mirror has it already, and no record was read yet.
    About(About),
    /// How far it has come.
    Progress(SyncProgress),
}

/// How far a refresh has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncProgress {
    /// Whole or delta.
    pub kind: SyncKind,
    /// The module being read.
    pub module: String,
    /// Records read so far, over all modules.
    pub read: u64,
    /// In percent, where the total is known.
    pub percent: Option<u8>,
}

/// What a refresh did. A module that failed is named in `failed`; the others went on.
#[derive(Debug)]
pub struct SyncReport {
    /// Whole when any module was read whole.
    pub kind: SyncKind,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took.
    pub duration: Duration,
    /// Records read.
    pub read: u64,
    /// New in the mirror.
    pub new: u64,
    /// Changed in the mirror.
    pub changed: u64,
    /// Gone from the mirror.
    pub deleted: u64,
    /// What it cost.
    pub tally: Tally,
    /// The same, module by module, in the order in which they were read.
    pub modules: Vec<ModuleReport>,
    /// Whose data it is, as the CRM says now.
    pub account: Account,
    /// How far this PC's clock is from the CRM's, when that is more than a clock may be.
    pub clock_off_by: Option<Duration>,
    /// Modules that could not be read, with the reason.
    pub failed: Vec<(String, ringcard_crm::Error)>,
}

/// What a refresh did with one module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleReport {
    /// Its name.
    pub module: String,
    /// Whole or delta.
    pub kind: SyncKind,
    /// Records read.
    pub read: u64,
    /// New in the mirror.
    pub new: u64,
    /// Changed in the mirror.
    pub changed: u64,
    /// Gone from the mirror.
    pub deleted: u64,
}

impl ModuleReport {
    /// Nothing was done yet.
    pub(crate) fn of(module: &str, kind: SyncKind) -> Self {
        Self {
            module: module.to_owned(),
            kind,
            read: 0,
            new: 0,
            changed: 0,
            deleted: 0,
        }
    }
}

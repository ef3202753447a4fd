//! What was tried with a CRM and what came of it: the last few tries, for whoever has to repair
//! the connection.

use std::collections::VecDeque;

use ringcard_core::Timestamp;
use ringcard_crm::Error as CrmError;

/// Tries that are remembered. A fault that lasts repeats itself; more would tell nothing new.
const REMEMBERED: usize = 6;

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// A refresh of the mirror.
    Refresh,
    /// A sign-in.
    SignIn,
}

/// One try.
#[derive(Clone, Debug)]
pub struct Try {
    /// When it ended.
    pub at: Timestamp,
    /// What was tried.
    pub what: Tried,
    /// What stopped it; `None` when it went well.
    pub fault: Option<CrmError>,
}

/// The last tries, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Tries(VecDeque<Try>);

impl Tries {
    /// One more.
    pub(crate) fn remember(&mut self, at: Timestamp, what: Tried, fault: Option<CrmError>) {
        self.0.push_front(Try { at, what, fault });
        self.0.truncate(REMEMBERED);
    }

    /// The newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Try> {
        self.0.iter()
    }
}

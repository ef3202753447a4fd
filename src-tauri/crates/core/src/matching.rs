//! Which contacts a number may belong to, and what the card may claim about it.

use serde::{Deserialize, Serialize};

use crate::{Contact, CrmRecord, NumberKind, Timestamp};

/// How sure a match is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The whole number stands in the record.
    Exact,
    /// The number begins like the company's switchboard: names the company, not a person.
    Stem,
    /// The number lies in a block that the administrator gave to the company.
    Block,
}

/// Where the match was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// In the local copy.
    Mirror,
    /// Asked of the CRM just now.
    Live,
}

/// One contact that the number may belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// The contact.
    pub contact: Contact,
    /// How sure.
    pub basis: Basis,
    /// Where from.
    pub origin: Origin,
    /// The kind of the number that matched; `None` for a block.
    pub number_kind: Option<NumberKind>,
    /// The agent chose this one for this number before.
    pub chosen_before: bool,
}

/// Everything known about one number, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matches {
    /// Best first; never chosen silently when there are several.
    pub found: Vec<Match>,
    /// When the data last agreed with the CRM.
    pub as_of: Option<Timestamp>,
    /// Records in the mirror, so that "unknown" can say among how many.
    pub among: u64,
    /// The first filling is still under way.
    pub still_filling: bool,
}

/// A record to open for a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenPop {
    /// The record.
    pub record: CrmRecord,
}

impl Matches {
    /// The one match that may be shown as the caller: exact and alone.
    pub fn certain(&self) -> Option<&Match> {
        match self.found.as_slice() {
            [only] if only.basis == Basis::Exact => Some(only),
            _ => None,
        }
    }
}

//! What the mirror keeps for us between two runs, as text: how far a module was read.

use ringcard_core::Timestamp;
use ringcard_crm::{Cursor, PageToken};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// From where the next delta of a module goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncCursor {
    /// Changes up to here are in the mirror. `None` when the CRM told no time: read whole again.
    pub changed: Option<Cursor>,
    /// Deletions up to here are in the mirror.
    pub deleted: Option<Cursor>,
    /// When deletions were last asked for.
    pub deleted_at: Timestamp,
    /// When the module was last read whole.
    pub whole_at: Timestamp,
}

/// Where a whole reading goes on after a kill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bookmark {
    /// Good once the reading has ended: the time of its first page.
    pub cursor: Option<Cursor>,
    /// The next page; `None` when the last was stored and only the end is left.
    pub page: Option<PageToken>,
    /// When the reading began: the mirror is as fresh as that.
    pub began_at: Timestamp,
    /// Records that are expected, where that is known.
    pub total: Option<u64>,
    /// Records that were read up to here.
    #[serde(default)]
    pub read: u64,
}

/// The text that the mirror keeps.
pub(crate) fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and numbers can always be written")
}

/// What [`write`] wrote; `None` for anything else, such as another version's text.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

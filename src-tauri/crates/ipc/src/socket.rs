//! The local socket or pipe: one JSON line a message, with a version.

use serde::{Deserialize, Serialize};

use crate::{AppEvent, Reply, Request};

/// Raised when an older program could misunderstand.
pub const VERSION: u32 = 1;

/// The longest line that is read, in bytes.
pub const LINE_LIMIT: usize = 256 * 1024;

/// What a client sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// [`VERSION`].
    pub version: u32,
    /// Chosen by the client, repeated in the answer.
    pub id: u64,
    /// What it wants.
    #[serde(flatten)]
    pub request: Request,
}

/// What the server sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", untagged)]
pub enum Told {
    /// The answer to an [`Ask`].
    Answer {
        /// [`VERSION`].
        version: u32,
        /// From the ask.
        id: u64,
        /// The answer.
        #[serde(flatten)]
        reply: Reply,
    },
    /// After `watch`: what changed.
    Event {
        /// [`VERSION`].
        version: u32,
        /// The change.
        #[serde(flatten)]
        event: AppEvent,
    },
}

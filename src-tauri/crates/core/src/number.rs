//! Telephone numbers: cleaned, understood where they can be, verbatim where not.
//!
//! The parsing itself is Google's library in Rust; what real fields and links carry around a
//! number is cleaned here first.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number that can be dialled, compared and shown. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "digits", rename_all = "snake_case")]
pub enum PhoneNumber {
    /// A public number in E.164 with its plus.
    Global(String),
    /// A short or internal number or a service code, kept as it was.
    Internal(String),
}

impl PhoneNumber {
    /// The digits as they are dialled: with `+` when global.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Global(digits) | Self::Internal(digits) => digits,
        }
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Global(_) => "PhoneNumber::Global(•••)",
            Self::Internal(_) => "PhoneNumber::Internal(•••)",
        })
    }
}

//! Telephone numbers: cleaned, understood where they can be, verbatim where not.
//!
//! The parsing itself is Google's library in Rust; what real fields and links carry around a
//! number is cleaned here first. Every decision about a number is made in this module, so that
//! dialling, looking up and showing never disagree.

mod clean;
mod format;
mod keys;
mod link;
mod parse;
mod pieces;
mod region;

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use format::{LineKind, NumberOrigin, describe, format_for_people};
pub use keys::{Candidates, Key, lookup_candidates, stored_keys, stored_keys_by};
pub use parse::{parse_incoming, parse_typed};
pub use region::Region;

/// A number that can be dialled, compared and shown. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "digits", rename_all = "snake_case")]
pub enum PhoneNumber {
    /// A public number in E.164 with its plus.
    Global(String),
    /// A short or internal number or a service code, kept as it was.
    Internal(String),
}

/// How numbers are written and signalled where a line or a field belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DialRules {
    /// The country whose national numbers are meant.
    pub region: Region,
    /// Own area code without its trunk digit, where local numbers come or are typed without it.
    pub area_code: Option<String>,
    /// The digit that the telephone system puts before incoming outside numbers, so that they can
    /// be called back; `None` where they come bare.
    pub outside_digit: Option<String>,
    /// What incoming outside numbers look like.
    pub incoming: IncomingForm,
}

/// What incoming outside numbers look like, behind the outside digit. Learnt from a test call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncomingForm {
    /// As one would dial them in this country, or with a plus.
    #[default]
    National,
    /// Country code first, without a plus.
    InternationalWithoutPlus,
}

/// Why a text is no number that can be dialled. Never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// Nothing was given.
    #[error("there is no number")]
    Empty,
    /// The text has no number, or letters where digits should be.
    #[error("this is no telephone number")]
    NotANumber,
    /// More than one number: a person must choose.
    #[error("there is more than one number")]
    SeveralNumbers,
    /// Too few digits for its country.
    #[error("the number is too short")]
    TooShort,
    /// Too many digits for its country, or a text of more than 512 bytes.
    #[error("the number is too long")]
    TooLong,
    /// No country has this code.
    #[error("no country has this code")]
    UnknownCountry,
    /// Characters that could end a line of a protocol.
    #[error("the number holds characters that are not allowed")]
    ControlCharacters,
    /// A link that would command the telephone system instead of calling somebody.
    #[error("the link holds a service code")]
    ServiceCodeInLink,
}

impl DialRules {
    /// The rules of a country where numbers come bare and as one would dial them.
    pub fn of(region: Region) -> Self {
        Self {
            region,
            area_code: None,
            outside_digit: None,
            incoming: IncomingForm::National,
        }
    }
}

impl PhoneNumber {
    /// The digits as they are dialled: with `+` when global.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Global(digits) | Self::Internal(digits) => digits,
        }
    }

    /// A code that commands the telephone system: to be confirmed before it is dialled.
    pub fn is_service_code(&self) -> bool {
        matches!(self, Self::Internal(digits) if digits.contains(['*', '#']))
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

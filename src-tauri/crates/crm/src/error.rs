//! What can go wrong between a source and its CRM, and the reason that the windows show.

use std::time::Duration;

use ringcard_core::Sensitive;
use thiserror::Error;

pub use ringcard_core::StatusReason;

/// The kind decides what is done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The integration's state has this reason.
    Status(StatusReason),
    /// A page token is no longer good: the window is read anew.
    PageTokenExpired,
    /// More than the list can walk: another way of reading is needed.
    TooManyRecords,
    /// This module or feature is not there; the others go on.
    ModuleUnavailable,
    /// The request was wrong, a bug of ours.
    BadRequest,
}

/// An error with a sentence of ours; never with personal data or a secret.
#[derive(Clone, Debug, Error)]
#[error("{message}{}", code.as_deref().map(|c| format!(" ({c})")).unwrap_or_default())]
pub struct Error {
    /// What kind.
    pub kind: ErrorKind,
    /// A sentence that is safe to show.
    pub message: &'static str,
    /// The CRM's own code, such as `INVALID_TOKEN`, for the details page.
    pub code: Option<String>,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// The CRM asked to wait this long, or the kind of limit is known to last this long.
    pub retry_after: Option<Duration>,
    /// The module, where the error belongs to one.
    pub module: Option<String>,
    /// The organisation that the sign-in leads to instead of the mirror's. For the windows alone.
    pub found_organisation: Option<Sensitive<String>>,
}

impl Error {
    /// An error of this kind with a sentence.
    pub fn new(kind: ErrorKind, message: &'static str) -> Self {
        Self {
            kind,
            message,
            code: None,
            status: None,
            retry_after: None,
            module: None,
            found_organisation: None,
        }
    }

    /// The same error with the name of the organisation that was found.
    pub fn finding(mut self, organisation: &str) -> Self {
        let is_named = !organisation.is_empty();
        self.found_organisation = is_named.then(|| Sensitive::new(organisation.to_owned()));
        self
    }

    /// The reason that the windows show; `None` where the error is no state of the connection.
    pub fn reason(&self) -> Option<StatusReason> {
        match self.kind {
            ErrorKind::Status(reason) => Some(reason),
            _ => None,
        }
    }

    /// The reason of a whole try that this error ended. What is no state of its own, such as a page
    /// token that is no longer good, is told as a CRM that refused what was asked of it.
    pub fn reason_of_try(&self) -> StatusReason {
        self.reason().unwrap_or(StatusReason::CrmRefused)
    }

    /// Can a retry without a person help?
    pub fn heals_itself(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::PageTokenExpired
                | ErrorKind::Status(
                    StatusReason::TokenRefresh
                        | StatusReason::ApiLimitExceeded
                        | StatusReason::Offline
                        | StatusReason::CrmUnreachable
                        | StatusReason::ClockSkew
                )
        )
    }
}

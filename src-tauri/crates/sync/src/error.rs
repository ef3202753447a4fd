//! Why a refresh stopped.

use ringcard_crm::{ErrorKind, StatusReason, Tally};
use thiserror::Error;

/// What stopped a refresh.
#[derive(Debug, Error)]
pub enum Error {
    /// The CRM, or the way to it.
    #[error(transparent)]
    Crm(#[from] ringcard_crm::Error),
    /// The mirror on the disk.
    #[error(transparent)]
    Mirror(#[from] ringcard_mirror::Error),
}

/// A refresh that did not reach its end. What it stored before stays, and the next goes on there.
#[derive(Debug, Error)]
#[error("{cause}")]
pub struct Stopped {
    /// What stopped it.
    pub cause: Error,
    /// What it had cost by then.
    pub tally: Tally,
}

/// Does the error belong to one module, so that the others go on?
pub(crate) fn belongs_to_module(error: &Error) -> bool {
    match error {
        Error::Crm(error) => matches!(
            error.kind,
            ErrorKind::ModuleUnavailable
                | ErrorKind::TooManyRecords
                | ErrorKind::BadRequest
                | ErrorKind::PageTokenExpired
                | ErrorKind::Status(StatusReason::InsufficientPermissions)
        ),
        Error::Mirror(_) => false,
    }
}

/// The CRM would still answer, but our share of its day is used up.
pub(crate) fn share_used_up() -> Error {
    Error::Crm(ringcard_crm::Error::new(
        ErrorKind::Status(StatusReason::ApiLimitExceeded),
        "Our share of the day's calls is used up; the rest is for others and for writing back.",
    ))
}

/// Nothing is mixed: the mirror belongs to somebody else.
pub(crate) fn other_organisation(found: &str) -> Error {
    let error = ringcard_crm::Error::new(
        ErrorKind::Status(StatusReason::InvalidOrganization),
        "This sign-in belongs to another organisation than the local copy.",
    );
    Error::Crm(error.finding(found))
}

/// A module that was chosen and that the CRM does not offer to this user.
pub(crate) fn not_offered(module: &str) -> ringcard_crm::Error {
    let mut error = ringcard_crm::Error::new(
        ErrorKind::Status(StatusReason::InsufficientPermissions),
        "This module is not there, or this user may not read it.",
    );
    error.module = Some(module.to_owned());
    error
}

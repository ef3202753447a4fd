//! What can go wrong with the mirror, and what helps.

use thiserror::Error;

/// The kind decides what is done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The file is damaged: set it aside with [`crate::Mirror::set_aside`] and fill a fresh one.
    Damaged,
    /// The disk is full. What was there stays; a later try can help.
    DiskFull,
    /// The folder cannot be written or read.
    NotAccessible,
    /// The module was never begun, or the call came in the wrong order: a bug of ours.
    WrongOrder,
    /// Anything else: a bug of ours.
    Internal,
}

/// An error without any of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the local copy of the CRM: {}{}", self.sentence(), self.code_in_brackets())]
pub struct Error {
    /// What kind.
    pub kind: ErrorKind,
    /// The storage's own code, for the log.
    code: Option<i32>,
}

impl Error {
    /// An error of this kind.
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self { kind, code: None }
    }

    /// Can the same call succeed later, without anybody doing anything?
    pub fn may_heal(&self) -> bool {
        matches!(self.kind, ErrorKind::DiskFull | ErrorKind::NotAccessible)
    }

    fn sentence(&self) -> &'static str {
        match self.kind {
            ErrorKind::Damaged => "the file is damaged",
            ErrorKind::DiskFull => "the disk is full",
            ErrorKind::NotAccessible => "the file cannot be written or read",
            ErrorKind::WrongOrder => "this module was not begun",
            ErrorKind::Internal => "an unexpected answer",
        }
    }

    fn code_in_brackets(&self) -> String {
        self.code
            .map(|code| format!(" ({code})"))
            .unwrap_or_default()
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let failure = error.sqlite_error();
        let kind = match failure.map(|failure| failure.code) {
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => ErrorKind::Damaged,
            Some(Code::DiskFull) => ErrorKind::DiskFull,
            Some(
                Code::CannotOpen | Code::ReadOnly | Code::PermissionDenied | Code::SystemIoFailure,
            ) => ErrorKind::NotAccessible,
            _ => ErrorKind::Internal,
        };
        Self {
            kind,
            code: failure.map(|failure| failure.extended_code),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        let kind = if error.kind() == std::io::ErrorKind::StorageFull {
            ErrorKind::DiskFull
        } else {
            ErrorKind::NotAccessible
        };
        Self {
            kind,
            code: error.raw_os_error(),
        }
    }
}

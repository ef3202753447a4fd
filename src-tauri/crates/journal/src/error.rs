//! What can go wrong with the journal's file.

use thiserror::Error;

/// The kind decides what the agent is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The disk is full: entries wait in memory and are tried again.
    DiskFull,
    /// The file or its folder cannot be written.
    NotWritable,
    /// The content is not what this version writes.
    Damaged,
    /// Another program holds the file.
    Busy,
}

/// An error of the journal; never with a number or a name.
#[derive(Debug, Error)]
#[error("the journal cannot be used ({kind:?})")]
pub struct Error {
    /// What kind.
    pub kind: ErrorKind,
    #[source]
    source: Option<rusqlite::Error>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self { kind, source: None }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let kind = match source.sqlite_error_code() {
            Some(Code::DiskFull) => ErrorKind::DiskFull,
            Some(Code::ReadOnly | Code::CannotOpen | Code::PermissionDenied) => {
                ErrorKind::NotWritable
            }
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => ErrorKind::Busy,
            _ => ErrorKind::Damaged,
        };
        Self {
            kind,
            source: Some(source),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(_: serde_json::Error) -> Self {
        Self::new(ErrorKind::Damaged)
    }
}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Self {
        Self::new(match source.kind() {
            std::io::ErrorKind::StorageFull => ErrorKind::DiskFull,
            _ => ErrorKind::NotWritable,
        })
    }
}

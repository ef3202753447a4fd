//! What can go wrong between a provider and its telephone system.

use ringcard_core::LinkTrouble;
use thiserror::Error;

/// The kind decides what the agent is told and whether a retry can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The link could not be made or is gone.
    Link(LinkTrouble),
    /// The remote side said something that cannot be understood.
    Protocol,
}

/// An error with a sentence of ours; never with a number, a name or a secret.
#[derive(Debug, Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: &'static str,
    #[source]
    source: Option<std::io::Error>,
}

impl Error {
    /// An error with a sentence that is safe to show.
    pub fn new(kind: ErrorKind, message: &'static str) -> Self {
        Self {
            kind,
            message,
            source: None,
        }
    }

    /// The same, with the system's error for the log.
    pub fn with_source(mut self, source: std::io::Error) -> Self {
        self.source = Some(source);
        self
    }

    /// What kind it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Why the link is down, as the windows tell it.
    pub fn trouble(&self) -> LinkTrouble {
        match self.kind {
            ErrorKind::Link(trouble) => trouble,
            ErrorKind::Protocol => LinkTrouble::WrongProtocol,
        }
    }
}

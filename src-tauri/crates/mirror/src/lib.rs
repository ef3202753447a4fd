//! The local copy of the CRM: schema, lookup and search. May be deleted at any moment.
//!
//! One file holds one integration, so that deleting an integration is deleting a file. The file is
//! encrypted. Reading the CRM and deciding what to read is `sync`'s work; what exists only on this
//! desktop lives in the journal.

mod digits;
mod error;
mod fill;
mod fold;
mod key;
mod lookup;
mod open;
mod read;
mod schema;
mod search;
mod state;
mod write;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ringcard_core::number::Region;
use ringcard_core::{IntegrationId, Sensitive};
use rusqlite::Connection;

pub use error::{Error, ErrorKind};
pub use fill::{Delta, DeltaTally, PageTally};
pub use lookup::LookupContext;
pub use open::Opened;
pub use state::FillState;

/// Where a mirror lies and what it needs to be read.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file. Beside it lie the files of the storage with the same beginning.
    pub path: PathBuf,
    /// The raw key from the keychain.
    pub key: Sensitive<[u8; 32]>,
    /// The integration that all records of this file belong to.
    pub integration: IntegrationId,
    /// How numbers of records without a country are read. Used when the file is made; later
    /// changes go through [`Mirror::rekey`].
    pub region: Region,
}

/// How numbers are read whose records do not say it themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbering {
    /// The country of records without one.
    pub region: Region,
    /// The area code of numbers of this country that stand without one.
    pub area_code: Option<String>,
}

impl From<Region> for Numbering {
    fn from(region: Region) -> Self {
        Self {
            region,
            area_code: None,
        }
    }
}

/// The mirror of one integration. Every call blocks for as long as the disk needs; lookups and
/// searches never wait for writing, nor for each other.
pub struct Mirror {
    place: Place,
    writer: Mutex<Connection>,
    /// For lookups alone: a slow search must not delay a ringing call.
    for_lookup: Mutex<Connection>,
    for_search: Mutex<Connection>,
}

impl Mirror {
    /// The integration that all records belong to.
    pub fn integration(&self) -> &IntegrationId {
        &self.place.integration
    }

    fn write(&self) -> MutexGuard<'_, Connection> {
        held(&self.writer)
    }
}

/// A panic elsewhere leaves the connection whole: its transaction was rolled back.
fn held(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Mirror {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mirror")
            .field("integration", &self.place.integration)
            .finish_non_exhaustive()
    }
}

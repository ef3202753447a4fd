//! What exists only here: open calls, history, notes, choices and the credit ledger.
//!
//! The file holds numbers and record ids, no names: names come from the mirror when they are
//! shown. It is encrypted with the key that is handed in. Everything is on disk when a method
//! returns (`synchronous=FULL`).

mod calls;
mod choices;
mod copies;
mod credits;
mod error;
mod notes;
mod open;

pub use calls::HistoryEntry;
pub use error::{Error, ErrorKind};
pub use open::{Journal, JournalKey, Opened};

//! Telephone systems: the provider trait, its layers, and the providers.
//!
//! A provider turns one remote system's words into [`ringcard_core`] calls. It knows no database,
//! no window and no other provider.

mod error;
mod harmless;
pub mod layers;
mod provider;
pub mod providers;

pub use error::{Error, ErrorKind};
pub use provider::{LineCommand, LineEvent, LineIo, SessionEnd, TelephonyProvider};
pub use ringcard_core::{Check, CheckResult};

//! The command line: arguments, client of the local socket, output, exit codes.
//!
//! [`parse`] reads what was typed, [`run`] asks the running Ringcard and prints its answer.
//! Starting Ringcard is the caller's, and so is knowing where its socket is: see [`Lent`].

mod arguments;
mod client;
mod exit;
mod run;
mod secret;
mod show;

pub use arguments::{Command, Parsed, PbxFlavour, Start, What, parse};
pub use client::{Client, Refusal};
pub use exit::Exit;
pub use run::{Lent, Streams, run, run_with};

//! Ringcard without windows: settings, secrets, databases, lines, integrations, socket, run loop.
//!
//! [`start`] puts it together and answers with a [`Handle`], through which a shell or the command
//! line asks and listens.

#[cfg(windows)]
mod access;
mod apply;
mod clock;
mod databases;
mod desk;
mod home;
mod integrations;
mod lines;
mod logs;
mod long_paths;
mod numbers;
mod rekeying;
mod requests;
mod run;
mod secrets;
mod session;
mod settings;
mod socket;
mod views;
mod writer;

pub use home::Home;
pub use ringcard_app::Session;
pub use ringcard_telephony::providers::asterisk::{Flavour as PbxFlavour, asterisk_config};
pub use run::{Handle, Options, Running, start};
pub use secrets::{FileSecrets, Keychain, SecretStore, store};
pub use socket::address;

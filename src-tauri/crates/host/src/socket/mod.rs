//! The local socket (or named pipe) of this user's session: the command line's way in, and the
//! lock that lets one Ringcard run for each home.

mod server;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub use server::Listener;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

use crate::home::Home;

/// Where the socket of a home is.
pub fn address(home: &Home) -> String {
    system::address(home)
}

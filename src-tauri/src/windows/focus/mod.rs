//! Which window has the keyboard, and how it gets it back.
//!
//! Only the picker needs this: it takes the keyboard on the agent's wish.

#[cfg(target_os = "linux")]
mod x11;
#[cfg(target_os = "linux")]
use x11 as system;

#[cfg(windows)]
mod win32;
#[cfg(windows)]
use win32 as system;

/// A window of any program.
pub struct Foreground(system::Window);

/// The window that has the keyboard now, where the system tells.
pub fn foreground() -> Option<Foreground> {
    system::foreground().map(Foreground)
}

/// Gives the keyboard back. A window that has gone in the meantime is no error.
pub fn give_back(to: &Foreground) {
    system::give_back(&to.0);
}

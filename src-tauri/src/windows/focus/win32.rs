//! The foreground window of Windows.

use windows_sys::Win32::UI::WindowsAndMessaging::{GetForegroundWindow, SetForegroundWindow};

/// A window handle, kept as a number: it is only handed back to the system.
pub type Window = isize;

/// The foreground window.
pub fn foreground() -> Option<Window> {
    // SAFETY: takes nothing and returns a handle or null.
    let window = unsafe { GetForegroundWindow() } as isize;
    (window != 0).then_some(window)
}

/// Brings it back; the system refuses silently when it has gone.
pub fn give_back(window: &Window) {
    // SAFETY: a stale handle is checked by the system.
    unsafe { SetForegroundWindow(*window as _) };
}

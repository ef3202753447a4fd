//! Whether a program has the whole screen to itself, so that no card may lie above it.

use windows_sys::Win32::UI::Shell::{
    QUNS_PRESENTATION_MODE, QUNS_RUNNING_D3D_FULL_SCREEN, SHQueryUserNotificationState,
};

/// A game in exclusive full screen, or a presentation.
pub fn full_screen_or_presenting() -> bool {
    let mut state = 0;
    // SAFETY: writes one value to the place that it is given.
    let asked = unsafe { SHQueryUserNotificationState(&mut state) };
    asked == 0 && matches!(state, QUNS_RUNNING_D3D_FULL_SCREEN | QUNS_PRESENTATION_MODE)
}

//! Whether the card may come: a program may have the whole screen to itself, so that nothing can lie above it.

/// What becomes of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It comes.
    Show,
    /// It goes.
    Hide,
    /// It cannot come: a notification tells who calls.
    Tell,
    /// It stays as it is.
    Stay,
}

impl Turn {
    /// The system is asked whether the screen is `taken` only where a card is to come.
    pub fn of(wanted: bool, shown: bool, taken: fn() -> bool) -> Self {
        match (wanted, shown) {
            (true, false) if taken() => Self::Tell,
            (true, false) => Self::Show,
            (false, true) => Self::Hide,
            (true, true) | (false, false) => Self::Stay,
        }
    }
}

/// A game in exclusive full screen, or a presentation.
#[cfg(windows)]
pub fn screen_is_taken() -> bool {
    use windows_sys::Win32::UI::Shell::{
        QUNS_PRESENTATION_MODE, QUNS_RUNNING_D3D_FULL_SCREEN, SHQueryUserNotificationState,
    };
    let mut state = 0;
    // SAFETY: writes one value to the place that it is given.
    let asked = unsafe { SHQueryUserNotificationState(&mut state) };
    asked == 0 && matches!(state, QUNS_RUNNING_D3D_FULL_SCREEN | QUNS_PRESENTATION_MODE)
}

/// Other systems do not tell, and let the card lie above everything.
#[cfg(not(windows))]
pub fn screen_is_taken() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_whose_card_cannot_come_is_told_instead() {
        let taken: fn() -> bool = || true;
        let free: fn() -> bool = || false;
        assert_eq!(Turn::of(true, false, taken), Turn::Tell, "not silently");
        assert_eq!(Turn::of(true, false, free), Turn::Show);
        assert_eq!(Turn::of(true, true, taken), Turn::Stay, "it was there");
        assert_eq!(Turn::of(false, true, taken), Turn::Hide);
        assert_eq!(Turn::of(false, false, taken), Turn::Stay, "nobody calls");
    }
}

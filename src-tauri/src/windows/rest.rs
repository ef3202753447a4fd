//! A hidden card rests: after a quiet time its browser is put to sleep, and the first sign of a call wakes it.
//!
//! On Asterisk the caller's channel is there before the telephone rings, and that is enough to wake up in. Only
//! WebView2 can be put to sleep; elsewhere nothing of this happens.

use std::time::Duration;

use tauri::{AppHandle, Manager};

use crate::events;
use crate::shell::shell;
use crate::windows::preview;

/// So long nobody has seen the card and no call was coming.
const QUIET: Duration = Duration::from_secs(120);

/// How far the card is from sleeping.
#[derive(Debug, Default)]
pub struct Rest {
    /// Raised by every sign that the card is wanted: a sleep that was prepared before it does not come.
    wanted: u64,
    sleeps: bool,
}

impl Rest {
    /// The card is wanted; true when it slept.
    pub fn want(&mut self) -> bool {
        self.wanted += 1;
        std::mem::take(&mut self.sleeps)
    }

    /// What [`Rest::fall_asleep`] is to be asked with after the quiet time.
    pub fn prepare(&self) -> u64 {
        self.wanted
    }

    /// Whether nobody wanted the card since it was prepared. Then it sleeps from now on.
    pub fn fall_asleep(&mut self, prepared: u64) -> bool {
        let quiet = self.wanted == prepared && !self.sleeps;
        self.sleeps |= quiet;
        quiet
    }

    /// Whether it sleeps, and hears nothing.
    pub fn sleeps(&self) -> bool {
        self.sleeps
    }
}

/// The card was hidden, or a call that was coming may not come to it: lets it sleep after the quiet time.
pub fn begin(app: &AppHandle) {
    if !possible() {
        return;
    }
    let prepared = shell(app).rest().prepare();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(QUIET).await;
        let wished = shell(&app).settings().general.suspend_card;
        let seen = shell(&app).standing().is_visible();
        if wished && !seen && shell(&app).rest().fall_asleep(prepared) {
            sleep(&app);
        }
    });
}

/// The card is wanted: wakes it, and tells it what it did not hear.
pub fn wake(app: &AppHandle) {
    if !shell(app).rest().want() {
        return;
    }
    rouse(app);
    tauri::async_runtime::spawn(events::tell_card_again(app.clone()));
}

#[cfg(windows)]
fn possible() -> bool {
    true
}

#[cfg(not(windows))]
fn possible() -> bool {
    false
}

#[cfg(windows)]
fn sleep(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(preview::LABEL) {
        crate::win32::webview::suspend(&window);
    }
}

#[cfg(windows)]
fn rouse(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(preview::LABEL) {
        crate::win32::webview::resume(&window);
    }
}

#[cfg(not(windows))]
fn sleep(app: &AppHandle) {
    let _ = app.get_webview_window(preview::LABEL);
}

#[cfg(not(windows))]
fn rouse(_app: &AppHandle) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_sleeps_after_a_quiet_time_and_wakes_once() {
        let mut rest = Rest::default();
        let prepared = rest.prepare();
        assert!(rest.fall_asleep(prepared), "nobody wanted it");
        assert!(rest.sleeps());
        assert!(rest.want(), "it slept");
        assert!(!rest.want(), "it is awake already");
    }

    #[test]
    fn a_call_in_the_quiet_time_keeps_the_card_awake() {
        let mut rest = Rest::default();
        let prepared = rest.prepare();
        rest.want();
        assert!(
            !rest.fall_asleep(prepared),
            "a sleep prepared before the call"
        );
        let prepared = rest.prepare();
        assert!(rest.fall_asleep(prepared), "the next quiet time counts");
    }

    #[test]
    fn two_hidings_make_one_sleep() {
        let mut rest = Rest::default();
        let (first, second) = (rest.prepare(), rest.prepare());
        assert!(rest.fall_asleep(first));
        assert!(!rest.fall_asleep(second), "it sleeps already");
    }
}

//! Puts a hidden WebView2 to sleep and wakes it (`ICoreWebView2_3::TrySuspend`, `Resume`).
//!
//! It sleeps only while its controller is not visible, and becomes awake by being visible: so visibility is said here
//! and not by the window, which is hidden by then.

use tauri::WebviewWindow;
use tauri::webview::PlatformWebview;
use tracing::{debug, warn};
use webview2_com::Microsoft::Web::WebView2::Win32::ICoreWebView2_3;
use webview2_com::TrySuspendCompletedHandler;
use windows_core::Interface;

/// Lets the browser of a hidden window sleep.
pub fn suspend(window: &WebviewWindow) {
    with(window, "sleep", |webview| {
        // SAFETY: called in the thread of the window, as `with_webview` promises.
        unsafe {
            // First, because a card that cannot sleep must not become invisible either.
            let sleeper = inside(webview)?;
            webview.controller().SetIsVisible(false)?;
            let ended = TrySuspendCompletedHandler::create(Box::new(|result, slept| {
                debug!(ok = result.is_ok(), slept, "the card was put to sleep");
                Ok(())
            }));
            sleeper.TrySuspend(&ended)
        }
    });
}

/// Wakes it: from now on it hears what it is told.
pub fn resume(window: &WebviewWindow) {
    with(window, "wake", |webview| {
        // SAFETY: called in the thread of the window, as `with_webview` promises.
        unsafe {
            // This alone wakes it; the other call is for a runtime that is slow to notice.
            webview.controller().SetIsVisible(true)?;
            inside(webview)?.Resume()
        }
    });
}

/// The interface that can sleep; runtimes of 2020 do not have it.
fn inside(webview: &PlatformWebview) -> windows_core::Result<ICoreWebView2_3> {
    // SAFETY: a call into the object that Tauri keeps alive meanwhile.
    unsafe { webview.controller().CoreWebView2()? }.cast()
}

fn with(
    window: &WebviewWindow,
    what: &'static str,
    act: impl FnOnce(&PlatformWebview) -> windows_core::Result<()> + Send + 'static,
) {
    let asked = window.with_webview(move |webview| {
        if let Err(error) = act(&webview) {
            warn!(%error, "the card did not {what}");
        }
    });
    if asked.is_err() {
        warn!("the card could not be told to {what}");
    }
}

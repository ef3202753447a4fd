//! Announces a caller to screen readers: the card never has the focus, so nothing else would tell them of it.
//!
//! The function is looked up at run time, because Windows has it since version 1709 only.

use std::ffi::c_void;

use tauri::WebviewWindow;
use tracing::debug;
use windows_core::{BSTR, HRESULT, IUnknown, Interface};
use windows_sys::Win32::System::LibraryLoader::{GetProcAddress, LoadLibraryW};

use super::wide;

type FromWindow = unsafe extern "system" fn(*mut c_void, *mut *mut c_void) -> HRESULT;
type Raise = unsafe extern "system" fn(*mut c_void, i32, i32, *const u16, *const u16) -> HRESULT;

/// `NotificationKind_Other`.
const OTHER: i32 = 4;
/// `NotificationProcessing_ImportantMostRecent`: said before other things, and only the newest.
const IMPORTANT_MOST_RECENT: i32 = 1;

/// Says a sentence as something that happens in this window.
pub fn announce(window: &WebviewWindow, sentence: String) {
    let target = window.clone();
    let asked = window.run_on_main_thread(move || {
        if raise(&target, &sentence).is_none() {
            debug!("no screen reader can be told");
        }
    });
    if asked.is_err() {
        debug!("no screen reader was told");
    }
}

fn raise(window: &WebviewWindow, sentence: &str) -> Option<()> {
    let hwnd = window.hwnd().ok()?;
    let from_window = function(b"UiaHostProviderFromHwnd\0")?;
    let raise = function(b"UiaRaiseNotificationEvent\0")?;
    // SAFETY: these are the functions of these names, with the signatures of uiautomationcoreapi.h.
    let (from_window, raise) = unsafe {
        (
            std::mem::transmute::<*const c_void, FromWindow>(from_window),
            std::mem::transmute::<*const c_void, Raise>(raise),
        )
    };
    let (sentence, activity) = (BSTR::from(sentence), BSTR::from("ringcard.call"));
    let mut provider = std::ptr::null_mut();
    // SAFETY: the window is ours and alive in this thread; the provider is given back by `IUnknown`'s drop.
    unsafe {
        from_window(hwnd.0, &raw mut provider).ok().ok()?;
        if provider.is_null() {
            return None;
        }
        let provider = IUnknown::from_raw(provider);
        raise(
            provider.as_raw(),
            OTHER,
            IMPORTANT_MOST_RECENT,
            sentence.as_ptr(),
            activity.as_ptr(),
        )
        .ok()
        .ok()
    }
}

/// A function of the system's library for accessibility, if it is there.
fn function(name: &'static [u8]) -> Option<*const c_void> {
    let library = wide("uiautomationcore.dll");
    // SAFETY: both names are ended by a zero. The library stays loaded for as long as the process lives.
    let found = unsafe {
        let library = LoadLibraryW(library.as_ptr());
        if library.is_null() {
            return None;
        }
        GetProcAddress(library, name.as_ptr())
    };
    found.map(|function| function as *const c_void)
}

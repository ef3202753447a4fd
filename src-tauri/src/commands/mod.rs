//! What windows may call. Each window's capability file names just its own commands.
//!
//! Those that may make a window are asynchronous: inside a synchronous one that stops the event loop on Windows.

pub mod ask;

use ringcard_ipc::{Appearance, DragPhase, Page, PickerContext, Purpose};
use tauri::{AppHandle, WebviewWindow};
use tracing::warn;

use crate::browser;
use crate::default_apps;
use crate::licences;
use crate::shell::shell;
use crate::windows::pages::{self, Name};
use crate::windows::{picker, preview};

/// Language and theme.
#[tauri::command]
pub async fn appearance(app: AppHandle) -> Appearance {
    shell(&app).appearance()
}

/// The card measured itself. In order, on the windows' thread: a later measure must not be overtaken.
#[tauri::command]
pub fn preview_size(app: AppHandle, width: f64, height: f64) {
    preview::resize(&app, width, height);
}

/// The card is moved; in order for the same reason.
#[tauri::command]
pub fn preview_drag(app: AppHandle, phase: DragPhase, x: f64, y: f64) {
    preview::drag(&app, phase, (x, y));
}

/// A target is to be chosen.
#[tauri::command]
pub async fn open_picker(
    app: AppHandle,
    window: WebviewWindow,
    purpose: Purpose,
    call: Option<String>,
) {
    picker::open(&app, &window, purpose, call);
}

/// What the picker is open for.
#[tauri::command]
pub async fn picker_context(app: AppHandle) -> Option<PickerContext> {
    picker::context(&app)
}

/// The picker has done its work, or the agent thought better of it.
#[tauri::command]
pub async fn close_picker(app: AppHandle) {
    picker::close(&app);
}

/// Another window is wanted.
#[tauri::command]
pub async fn open_window(app: AppHandle, name: Name, page: Option<Page>) {
    pages::open(&app, name, page);
}

/// The calling window has asked whatever it had to ask, and closes.
#[tauri::command]
pub async fn close_window(window: WebviewWindow) {
    if window.destroy().is_err() {
        warn!("a window could not be closed");
    }
}

/// The configuration asked, and stays: a Quit that waited for it is off. In order, on the windows' thread: the next
/// Quit asks again.
#[tauri::command]
pub fn stay_open(app: AppHandle) {
    shell(&app).ending().forget();
}

/// A page of the help, in the browser.
#[tauri::command]
pub async fn open_help(topic: String) {
    match (browser::help_page(&topic), topic.as_str()) {
        (Some(page), _) => browser::open(page),
        (None, "licences") => licences::open(),
        (None, _) => warn!("a topic of the help has no page"),
    }
}

/// Whether the page with the licences of what is inside lies beside the program: only a packed one has it.
#[tauri::command]
pub async fn has_licences() -> bool {
    licences::page().is_some()
}

/// Whether the system offers Ringcard for links: only an installer with that switch has registered it.
#[tauri::command]
pub async fn offers_links() -> bool {
    default_apps::offers_ringcard()
}

/// The system's own dialog, in which people choose what opens a link.
#[tauri::command]
pub async fn open_default_apps() {
    default_apps::open();
}

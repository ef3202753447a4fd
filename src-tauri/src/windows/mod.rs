//! The windows: the card that is always there, and those that are made on demand.

pub mod ending;
pub mod focus;
pub mod pages;
pub mod picker;
pub mod place;
pub mod preview;
pub mod quiet;
pub mod rest;

use tauri::{AppHandle, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use tracing::warn;

use crate::shell::shell;
use crate::toasts;

fn builder<'a>(app: &'a AppHandle, label: &str) -> WebviewWindowBuilder<'a, tauri::Wry, AppHandle> {
    let page = WebviewUrl::App(format!("{label}.html").into());
    let theme = match shell(app).settings().general.theme {
        ringcard_ipc::settings::Theme::System => None,
        ringcard_ipc::settings::Theme::Light => Some(tauri::Theme::Light),
        ringcard_ipc::settings::Theme::Dark => Some(tauri::Theme::Dark),
    };
    let texts = shell(app).texts();
    WebviewWindowBuilder::new(app, label, page)
        .title(texts.say(&format!("window.{label}")))
        .theme(theme)
        .disable_drag_drop_handler()
        // Our pages lead nowhere: whatever is to be opened goes to the browser by a command.
        .on_navigation(|url| {
            matches!(url.scheme(), "tauri") || url.host_str() == Some("tauri.localhost")
        })
}

/// The window, or nothing where the system lacks the browser runtime: then tray, toasts and the
/// command line go on, and the agent is told once.
fn make(
    app: &AppHandle,
    window: WebviewWindowBuilder<'_, tauri::Wry, AppHandle>,
) -> Option<WebviewWindow> {
    // Without the runtime Tauri would stop tray, toasts and all the rest with a message box before it says so.
    let made = match shell(app).has_webview {
        true => window.build().map_err(|error| error.to_string()),
        false => Err("the browser runtime is missing".to_owned()),
    };
    match made {
        Ok(window) => Some(window),
        Err(error) => {
            warn!(%error, "a window could not be made");
            if shell(app).first_webview_failure() {
                toasts::no_webview(app);
            }
            None
        }
    }
}

/// A window that has gone in the meantime needs no more attention.
fn quietly(done: tauri::Result<()>) {
    if done.is_err() {
        warn!("a window did not follow");
    }
}

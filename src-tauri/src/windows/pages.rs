//! The phone window and the main window: made on demand, gone when closed.

use ringcard_ipc::Page;
use tauri::{AppHandle, Emitter, EventTarget, Manager};

use super::ending;
use crate::shell::shell;

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Name {
    /// The running calls.
    Phone,
    /// The configuration.
    Main,
}

impl Name {
    /// The window's name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Main => "main",
        }
    }

    /// First and least size, in logical pixels.
    fn sizes(self) -> [(f64, f64); 2] {
        match self {
            Self::Phone => [(420.0, 560.0), (360.0, 320.0)],
            Self::Main => [(980.0, 720.0), (720.0, 480.0)],
        }
    }
}

/// Opens a window, or brings it to the front; the main one at a page.
pub fn open(app: &AppHandle, name: Name, page: Option<Page>) {
    *shell(app).page() = page;
    if let Some(window) = app.get_webview_window(name.label()) {
        super::quietly(window.unminimize());
        super::quietly(window.show());
        super::quietly(window.set_focus());
        tell_page(app);
        return;
    }
    let [size, least] = name.sizes();
    let window = super::builder(app, name.label())
        .inner_size(size.0, size.1)
        .min_inner_size(least.0, least.1)
        .center();
    let made = super::make(app, window);
    if let (Name::Main, Some(window)) = (name, made) {
        ending::follow(app, &window);
    }
}

/// Tells the main window the page at which it was opened, once it listens.
pub fn tell_page(app: &AppHandle) {
    let page = shell(app).page().take();
    if let Some(page) = page {
        let target = EventTarget::webview_window(Name::Main.label());
        super::quietly(app.emit_to(target, "page", page));
    }
}

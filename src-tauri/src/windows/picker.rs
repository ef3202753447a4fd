//! The target picker: a small window that takes the keyboard only on the agent's wish, and gives it
//! back to the window that had it.

use ringcard_ipc::{PickerContext, Purpose};
use tauri::{
    AppHandle, Emitter, EventTarget, LogicalSize, Manager, PhysicalPosition, WebviewWindow,
};

use super::focus;
use super::place::{self, Area};
use crate::shell::shell;

/// The window's name.
pub const LABEL: &str = "picker";

/// Its size, in logical pixels.
const SIZE: (f64, f64) = (420.0, 400.0);

/// Opens the picker, near the window that asked.
pub fn open(app: &AppHandle, from: &WebviewWindow, purpose: Purpose, call: Option<String>) {
    let about = call
        .as_deref()
        .and_then(|call| shell(app).seen().about(call));
    let context = PickerContext {
        purpose,
        call,
        about,
    };
    {
        let state = shell(app);
        let mut picker = state.picker();
        picker.context = Some(context.clone());
        // A second click while it is open must not make the picker its own predecessor.
        picker.before = picker.before.take().or_else(focus::foreground);
    }
    let corner = corner(from);
    match app.get_webview_window(LABEL) {
        Some(window) => {
            let target = EventTarget::webview_window(LABEL);
            super::quietly(app.emit_to(target, "picker_context", &context));
            bring(&window, corner);
        }
        None => create(app, corner),
    }
}

fn create(app: &AppHandle, corner: Option<(i32, i32)>) {
    let window = super::builder(app, LABEL)
        .visible(false)
        .focused(true)
        .decorations(false)
        .always_on_top(true)
        .skip_taskbar(true)
        .resizable(false)
        .maximizable(false)
        .minimizable(false)
        .inner_size(SIZE.0, SIZE.1);
    let Some(window) = super::make(app, window) else {
        return;
    };
    window.on_window_event({
        let app = app.clone();
        move |event| {
            if let tauri::WindowEvent::CloseRequested { api, .. } = event {
                api.prevent_close();
                close(&app);
            }
        }
    });
    bring(&window, corner);
}

fn bring(window: &WebviewWindow, corner: Option<(i32, i32)>) {
    let place = || {
        if let Some((x, y)) = corner {
            super::quietly(window.set_position(PhysicalPosition::new(x, y)));
        }
    };
    place();
    super::quietly(window.show());
    place();
    super::quietly(window.set_focus());
}

/// What the picker is open for.
pub fn context(app: &AppHandle) -> Option<PickerContext> {
    shell(app).picker().context.clone()
}

/// Closes it; the keyboard goes back to where it was.
pub fn close(app: &AppHandle) {
    let before = {
        let state = shell(app);
        let mut picker = state.picker();
        picker.context = None;
        picker.before.take()
    };
    if let Some(window) = app.get_webview_window(LABEL) {
        super::quietly(window.hide());
    }
    if let Some(before) = before {
        focus::give_back(&before);
    }
}

fn corner(from: &WebviewWindow) -> Option<(i32, i32)> {
    let at = from.outer_position().ok()?;
    let size = from.outer_size().ok()?.cast::<i32>();
    let anchor = Area {
        x: at.x,
        y: at.y,
        width: size.width,
        height: size.height,
    };
    let screen = place::screen_at(from.app_handle(), anchor.middle())?;
    let own = LogicalSize::new(SIZE.0, SIZE.1).to_physical::<i32>(screen.scale);
    Some(place::beside(
        &screen.area,
        &anchor,
        (own.width, own.height),
    ))
}

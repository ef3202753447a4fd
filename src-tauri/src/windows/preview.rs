//! The card's window: made hidden at start, painted once beside the screen, shown without ever
//! taking the keyboard.
//!
//! It is moved by pointer events and `set_position`, because the system's own dragging moves the focus.

use std::time::Duration;

use ringcard_ipc::settings::Quarter;
use ringcard_ipc::{AppEvent, DragPhase, PreviewView, Reply, Request};
use tauri::webview::PageLoadEvent;
use tauri::{
    AppHandle, Emitter, EventTarget, LogicalSize, Manager, PhysicalPosition, WebviewWindow,
};
use tracing::warn;

use super::place::{self, Area};
use super::quiet::{self, Turn};
use super::rest;
use crate::shell::shell;
use crate::toasts;

/// The window's name.
pub const LABEL: &str = "preview";

/// The size until the page has measured its first card.
const FIRST_SIZE: (f64, f64) = (380.0, 260.0);

/// Beside every screen: painted there, seen by nobody.
const ASIDE: (i32, i32) = (-20_000, -20_000);

/// How long the first painting may take. It costs a card that comes earlier nothing.
const WARMING: Duration = Duration::from_millis(600);

/// Where the card stands.
pub struct Standing {
    size: (f64, f64),
    visible: bool,
    drag: Option<Drag>,
}

impl Standing {
    /// Whether the agent has the card before him.
    pub fn is_visible(&self) -> bool {
        self.visible
    }
}

/// A drag under way.
#[derive(Clone, Copy)]
struct Drag {
    window: (i32, i32),
    mouse: (i32, i32),
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            size: FIRST_SIZE,
            visible: false,
            drag: None,
        }
    }
}

/// Makes the window. Without a browser runtime there is none, and the rest goes on.
pub fn create(app: &AppHandle) {
    let window = super::builder(app, LABEL)
        .focusable(focusable())
        .focused(focusable())
        .visible(false)
        .decorations(false)
        .always_on_top(true)
        .visible_on_all_workspaces(true)
        .skip_taskbar(true)
        .resizable(false)
        .maximizable(false)
        .minimizable(false)
        .inner_size(1.0, 1.0)
        .position(f64::from(ASIDE.0), f64::from(ASIDE.1))
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Finished {
                warm(window);
            }
        });
    if let Some(window) = super::make(app, window) {
        window.on_window_event({
            let app = app.clone();
            move |event| {
                if let tauri::WindowEvent::CloseRequested { api, .. } = event {
                    api.prevent_close();
                    hide(&app);
                }
            }
        });
    }
}

/// The red control of the focus test: in a program for tests, and only there, the card may be made to take the focus.
fn focusable() -> bool {
    cfg!(debug_assertions) && std::env::var_os("RINGCARD_TEST_FOCUSABLE").is_some()
}

/// The first showing of a process costs a tenth of a second more; it is spent where nobody sees it. Some window
/// managers keep a corner of every window on the screen: that is why it is one pixel large meanwhile.
fn warm(window: WebviewWindow) {
    if focusable() || shell(window.app_handle()).standing().visible {
        return;
    }
    fit(&window, (1.0, 1.0));
    move_to(&window, ASIDE);
    super::quietly(window.show());
    move_to(&window, ASIDE);
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(WARMING).await;
        if !shell(window.app_handle()).standing().visible {
            super::quietly(window.hide());
            rest::begin(window.app_handle());
        }
    });
}

/// Shows, changes or hides the card as the application says.
pub fn follow(app: &AppHandle, view: &PreviewView) {
    let shown = shell(app).standing().visible;
    let wanted = view.visible && !view.cards.is_empty();
    if wanted {
        rest::wake(app);
    } else if shell(app).rest().sleeps() {
        // Nothing is to be seen, and a sleeping page hears nothing: it is told everything when it wakes.
        return;
    }
    let event = AppEvent::Preview(Box::new(view.clone()));
    let target = EventTarget::webview_window(LABEL);
    if app.emit_to(target, "app_event", &event).is_err() {
        warn!("the card did not hear of a change");
    }
    let turn = Turn::of(wanted, shown, quiet::screen_is_taken);
    match turn {
        Turn::Show => show(app),
        Turn::Hide => hide(app),
        Turn::Tell | Turn::Stay => {}
    }
    let sentences = shell(app).spoken().news(view, shell(app).texts());
    if turn == Turn::Tell {
        for sentence in &sentences {
            toasts::incoming(app, sentence);
        }
    }
    #[cfg(windows)]
    announce(app, sentences);
}

/// Tells screen readers who calls. Other systems have no way for a window without the focus.
#[cfg(windows)]
fn announce(app: &AppHandle, sentences: Vec<String>) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    for sentence in sentences {
        crate::win32::announce::announce(&window, sentence);
    }
}

/// A call is about to ring: a card that sleeps is woken, and sleeps again when it was nothing.
pub fn call_is_coming(app: &AppHandle) {
    rest::wake(app);
    if !shell(app).standing().visible {
        rest::begin(app);
    }
}

fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    {
        let state = shell(app);
        let mut standing = state.standing();
        standing.visible = true;
        fit(&window, standing.size);
    }
    // A window manager places a window anew when it is mapped: the place is said before and after.
    place(app, &window);
    super::quietly(window.show());
    place(app, &window);
    if focusable() {
        // What a window for every day does, and what the focus test must be able to see.
        super::quietly(window.set_focus());
    }
}

fn hide(app: &AppHandle) {
    {
        let state = shell(app);
        let mut standing = state.standing();
        standing.visible = false;
        standing.drag = None;
    }
    if let Some(window) = app.get_webview_window(LABEL) {
        super::quietly(window.hide());
    }
    rest::begin(app);
}

/// Puts a card that is on the screen to where the settings say.
pub fn place_again(app: &AppHandle) {
    let visible = shell(app).standing().visible;
    if let (true, Some(window)) = (visible, app.get_webview_window(LABEL)) {
        place(app, &window);
    }
}

/// The page may measure a card on another thread while it is shown: size and place are said with the lock held, so that
/// whoever says them last has the newest.
fn place(app: &AppHandle, window: &WebviewWindow) {
    let Some(screen) = place::screen_with_mouse(app) else {
        return;
    };
    let quarter = shell(app).settings().general.quarter;
    let state = shell(app);
    let standing = state.standing();
    if standing.drag.is_some() {
        return;
    }
    let (width, height) = standing.size;
    let physical = LogicalSize::new(width, height).to_physical::<i32>(screen.scale);
    move_to(
        window,
        place::in_quarter(&screen, quarter, (physical.width, physical.height)),
    );
}

/// The page measured its cards.
pub fn resize(app: &AppHandle, width: f64, height: f64) {
    let sane = |side: f64| side.is_finite() && (1.0..=4000.0).contains(&side);
    if !sane(width) || !sane(height) {
        return;
    }
    let window = app.get_webview_window(LABEL);
    {
        let state = shell(app);
        let mut standing = state.standing();
        standing.size = (width, height);
        if let Some(window) = &window {
            fit(window, standing.size);
        }
    }
    place_again(app);
}

fn fit(window: &WebviewWindow, (width, height): (f64, f64)) {
    let size = LogicalSize::new(width, height);
    if cfg!(target_os = "linux") {
        // GTK gives a window that people cannot resize its natural size, within these limits.
        super::quietly(window.set_min_size(Some(size)));
        super::quietly(window.set_max_size(Some(size)));
    }
    super::quietly(window.set_size(size));
}

/// The pointer moves the card. Only the page's first `pointer` is used, in logical pixels of the screen: once the
/// window moves, a page may reckon with where the window was. From then on the system says where the mouse is.
pub fn drag(app: &AppHandle, phase: DragPhase, pointer: (f64, f64)) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    let begun = shell(app).standing().drag;
    match (phase, begun, place::mouse(app)) {
        (DragPhase::Start, _, Some(mouse)) => {
            if let Ok(at) = window.outer_position() {
                let mouse = first_point(&window, pointer).unwrap_or(mouse);
                shell(app).standing().drag = Some(Drag {
                    window: (at.x, at.y),
                    mouse,
                });
            }
        }
        (DragPhase::Move, Some(begun), Some(mouse)) => move_to(&window, begun.at(mouse)),
        (DragPhase::End, Some(begun), Some(mouse)) => {
            shell(app).standing().drag = None;
            snap(app, &window, begun.at(mouse));
        }
        _ => {}
    }
}

/// Where the pointer went down. The mouse may be further on by now; but where screens have different scales,
/// the page's reckoning cannot be turned into the system's.
fn first_point(window: &WebviewWindow, (x, y): (f64, f64)) -> Option<(i32, i32)> {
    let scale = window.scale_factor().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "a point on a desktop")]
    let point = |value: f64| (value * scale).round() as i32;
    (!cfg!(windows)).then(|| (point(x), point(y)))
}

impl Drag {
    /// Where the window is to be now.
    fn at(&self, mouse: (i32, i32)) -> (i32, i32) {
        (
            self.window.0 + mouse.0 - self.mouse.0,
            self.window.1 + mouse.1 - self.mouse.1,
        )
    }
}

/// Into the nearest quarter, which is remembered.
fn snap(app: &AppHandle, window: &WebviewWindow, (x, y): (i32, i32)) {
    let Ok(size) = window.outer_size() else {
        return;
    };
    let size = size.cast::<i32>();
    let card = Area {
        x,
        y,
        width: size.width,
        height: size.height,
    };
    if let Some(screen) = place::screen_at(app, card.middle()) {
        let quarter = place::quarter_of(&screen.area, card.middle());
        let changed = shell(app).settings().general.quarter != quarter;
        shell(app).settings().general.quarter = quarter;
        let corner = place::in_quarter(&screen, quarter, (card.width, card.height));
        move_to(window, corner);
        if changed {
            remember(app, quarter);
        }
    }
}

fn remember(app: &AppHandle, quarter: Quarter) {
    let handle = shell(app).handle.clone();
    tauri::async_runtime::spawn(async move {
        let Reply::Settings(view) = handle.ask(Request::Settings).await else {
            return;
        };
        let mut settings = view.settings;
        settings.general.quarter = quarter;
        let save = Request::SaveSettings {
            settings: Box::new(settings),
        };
        if let Reply::Failed(failure) = handle.ask(save).await {
            warn!(code = ?failure.code, "the card's quarter could not be remembered");
        }
    });
}

fn move_to(window: &WebviewWindow, (x, y): (i32, i32)) {
    super::quietly(window.set_position(PhysicalPosition::new(x, y)));
}

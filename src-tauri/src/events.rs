//! Carries what the application tells to windows, tray, toasts and hotkeys: to each what it needs.

use std::borrow::Cow;

use ringcard_host::Handle;
use ringcard_ipc::settings::SettingsView;
use ringcard_ipc::{AppEvent, Page, Reply, Request};
use tauri::{AppHandle, Emitter, EventTarget, Manager};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tracing::warn;

use crate::shell::shell;
use crate::windows::pages::{self, Name};
use crate::windows::preview;
use crate::{autostart, hotkeys, toasts, tray};

/// Listens until the application ends. `events` were subscribed to before anything was asked.
pub async fn carry(app: AppHandle, handle: Handle, mut events: Receiver<AppEvent>) {
    look_at_everything(&app, &handle).await;
    begin_with_the_telephone(&app);
    loop {
        match events.recv().await {
            Ok(event) => take(&app, &event),
            // Too much at once: what was missed is in the whole state.
            Err(RecvError::Lagged(_)) => look_at_everything(&app, &handle).await,
            Err(RecvError::Closed) => break,
        }
    }
}

/// Before anything is set up, the telephone comes first.
fn begin_with_the_telephone(app: &AppHandle) {
    let first = shell(app)
        .seen()
        .status
        .as_ref()
        .is_some_and(|status| status.first_start);
    if first {
        pages::open(app, Name::Main, Some(Page::Telephony));
    }
}

/// Tells the card what it shows once more: it slept, and heard nothing. No other window and no part of the system is
/// told anything: a call is about to ring.
pub async fn tell_card_again(app: AppHandle) {
    let handle = shell(&app).handle.clone();
    let card = || EventTarget::webview_window(preview::LABEL);
    let appearance = shell(&app).appearance();
    let mut heard = app.emit_to(card(), "appearance", &appearance).is_ok();
    for request in [Request::Settings, Request::Preview] {
        let event = match handle.ask(request).await {
            Reply::Settings(view) => AppEvent::Settings(view),
            Reply::Preview(view) => AppEvent::Preview(view),
            _ => continue,
        };
        heard &= app.emit_to(card(), "app_event", &event).is_ok();
    }
    if !heard {
        warn!("the card did not hear what it missed");
    }
}

async fn look_at_everything(app: &AppHandle, handle: &Handle) {
    for request in [
        Request::Settings,
        Request::Status,
        Request::Preview,
        Request::Phone,
    ] {
        let event = match handle.ask(request).await {
            Reply::Settings(view) => AppEvent::Settings(view),
            Reply::Status(view) => AppEvent::Status(view),
            Reply::Preview(view) => AppEvent::Preview(view),
            Reply::Phone(view) => AppEvent::Phone(view),
            _ => continue,
        };
        take(app, &event);
    }
}

fn take(app: &AppHandle, event: &AppEvent) {
    shell(app).seen().take(event);
    match event {
        // The card comes first: it is what the agent waits for.
        AppEvent::Preview(view) => preview::follow(app, view),
        AppEvent::Settings(view) => follow_settings(app, view),
        AppEvent::Notice(notice) => toasts::tell(app, notice),
        AppEvent::CallComing => preview::call_is_coming(app),
        AppEvent::ShowWindow => pages::open(app, Name::Main, None),
        AppEvent::Status(_) | AppEvent::Phone(_) => {}
    }
    tray::follow(app, event);
    let shown = as_shown(app, event);
    for window in listeners(event) {
        let asleep = *window == preview::LABEL && shell(app).rest().sleeps();
        let open = app.get_webview_window(window).is_some() && !asleep;
        let target = EventTarget::webview_window(*window);
        if open && app.emit_to(target, "app_event", &*shown).is_err() {
            warn!(window, "a window did not hear of a change");
        }
    }
}

/// The event as windows hear it: whether Ringcard starts with the session, the system knows.
fn as_shown<'event>(app: &AppHandle, event: &'event AppEvent) -> Cow<'event, AppEvent> {
    let AppEvent::Settings(view) = event else {
        return Cow::Borrowed(event);
    };
    let mut view = view.clone();
    autostart::show(&shell(app), &mut view);
    Cow::Owned(AppEvent::Settings(view))
}

/// Who needs to hear an event, beside the preview's own.
fn listeners(event: &AppEvent) -> &'static [&'static str] {
    match event {
        AppEvent::Preview(_) | AppEvent::CallComing | AppEvent::ShowWindow => &[],
        AppEvent::Phone(_) => &["phone"],
        AppEvent::Status(_) => &["phone", "main", "picker"],
        AppEvent::Settings(_) => &["preview", "main"],
        AppEvent::Notice(_) => &["main"],
    }
}

fn follow_settings(app: &AppHandle, view: &SettingsView) {
    let before = shell(app).appearance();
    let (new, old) = {
        let state = shell(app);
        let mut settings = state.settings();
        let old = std::mem::replace(&mut *settings, view.settings.clone());
        (view.settings.clone(), old)
    };
    let after = shell(app).appearance();
    if before != after {
        if app.emit("appearance", &after).is_err() {
            warn!("the windows did not hear of their new looks");
        }
        tray::relabel(app);
    }
    if old.general.quarter != new.general.quarter {
        preview::place_again(app);
    }
    hotkeys::apply(app, &new.hotkeys);
    let locked = autostart::is_locked(view);
    let change = shell(app).autostart().hear(new.general.autostart, locked);
    if let Some(wanted) = change {
        autostart::apply(&shell(app).home_name, wanted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringcard_ipc::PhoneView;

    #[test]
    fn a_window_hears_only_what_it_shows() {
        let phone = AppEvent::Phone(Box::<PhoneView>::default());
        assert_eq!(
            listeners(&phone),
            ["phone"],
            "calls are no business of the configuration"
        );
    }
}

//! The tray icon: its picture by state, its tooltip, its menu.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::tz::TimeZone;
use ringcard_ipc::{AppEvent, Request, StatusReason, StatusView, TraySign};
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};
use tracing::warn;

use crate::shell::shell;
use crate::texts::Texts;
use crate::windows::ending;
use crate::windows::pages::{self, Name};

const ID: &str = "ringcard";

/// Puts the icon there. A desktop without a tray goes on with windows, toasts and hotkeys.
pub fn create(app: &AppHandle) {
    // The library behind it panics where the system has no tray library at all.
    let made = catch_unwind(AssertUnwindSafe(|| build(app)));
    if !matches!(made, Ok(Ok(_))) {
        warn!("the tray icon could not be made");
    }
}

fn build(app: &AppHandle) -> tauri::Result<TrayIcon> {
    TrayIconBuilder::with_id(ID)
        .icon(picture(TraySign::NotConfigured)?)
        .tooltip("Ringcard")
        .menu(&menu(app, shell(app).texts())?)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
        .on_tray_icon_event(|tray, event| touched(tray.app_handle(), &event))
        .build(app)
}

/// The state changed.
pub fn show(app: &AppHandle, status: &StatusView) {
    let Some(tray) = app.tray_by_id(ID) else {
        return;
    };
    let tooltip = tooltip(status, shell(app).texts(), &TimeZone::system());
    let done = picture(status.tray)
        .and_then(|picture| tray.set_icon(Some(picture)))
        .and_then(|()| tray.set_tooltip(Some(&tooltip)));
    if done.is_err() {
        warn!("the tray icon did not follow");
    }
}

/// The language changed.
pub fn relabel(app: &AppHandle) {
    let Some(tray) = app.tray_by_id(ID) else {
        return;
    };
    let done = menu(app, shell(app).texts()).and_then(|menu| tray.set_menu(Some(menu)));
    if done.is_err() {
        warn!("the tray menu did not follow");
    }
    if let Some(status) = shell(app).seen().status.clone() {
        show(app, &status);
    }
}

fn menu(app: &AppHandle, texts: &Texts) -> tauri::Result<Menu<Wry>> {
    let item = |id: &str| {
        MenuItem::with_id(
            app,
            id,
            texts.say(&format!("tray.{id}")),
            true,
            None::<&str>,
        )
    };
    let line = || PredefinedMenuItem::separator(app);
    Menu::with_items(
        app,
        &[
            &item("show_calls")?,
            &item("phone")?,
            &line()?,
            &item("sync")?,
            &item("configuration")?,
            &line()?,
            &item("quit")?,
        ],
    )
}

fn chosen(app: &AppHandle, id: &str) {
    match id {
        "show_calls" => show_calls(app),
        "phone" => pages::open(app, Name::Phone, None),
        "sync" => {
            let everything = Request::Sync {
                integration: None,
                full: false,
            };
            ask(app, everything);
        }
        "configuration" => pages::open(app, Name::Main, None),
        "quit" => ending::begin(app),
        _ => {}
    }
}

fn touched(app: &AppHandle, event: &TrayIconEvent) {
    match event {
        TrayIconEvent::Click {
            button: MouseButton::Left,
            button_state: MouseButtonState::Up,
            ..
        } => show_calls(app),
        // Only Windows tells when the pointer comes; there it brings the cards back, and no window.
        TrayIconEvent::Enter { .. } if cfg!(windows) => ask(app, Request::ShowPreview),
        _ => {}
    }
}

/// Brings the cards back; without any, the phone window says so.
pub fn show_calls(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let handle = shell(&app).handle.clone();
        handle.ask(Request::ShowPreview).await;
        if !shell(&app).seen().has_cards {
            pages::open(&app, Name::Phone, None);
        }
    });
}

fn ask(app: &AppHandle, request: Request) {
    let handle = shell(app).handle.clone();
    tauri::async_runtime::spawn(async move { handle.ask(request).await });
}

/// Takes what an event says.
pub fn follow(app: &AppHandle, event: &AppEvent) {
    if let AppEvent::Status(status) = event {
        show(app, status);
    }
}

fn picture(sign: TraySign) -> tauri::Result<Image<'static>> {
    /// Windows draws its icons small; other trays scale a larger one down.
    macro_rules! picture {
        ($name:literal) => {
            if cfg!(windows) {
                include_bytes!(concat!("../../assets/icons/tray-", $name, "-32.png")).as_slice()
            } else {
                include_bytes!(concat!("../../assets/icons/tray-", $name, "-64.png")).as_slice()
            }
        };
    }
    Image::from_bytes(match sign {
        TraySign::Listening => picture!("listening"),
        TraySign::Ringing => picture!("ringing"),
        TraySign::OnCall => picture!("on_call"),
        TraySign::CallerWaiting => picture!("caller_waiting"),
        TraySign::TelephonyDown => picture!("telephony_down"),
        TraySign::CrmTrouble | TraySign::JournalWaits => picture!("crm_trouble"),
        TraySign::NotConfigured => picture!("not_configured"),
    })
}

/// "listening since 09:14 · contacts as of 11:30", or what is wrong instead.
fn tooltip(status: &StatusView, texts: &Texts, zone: &TimeZone) -> String {
    let since = status.lines.iter().filter_map(|line| line.listening_since);
    let listening = since.min().map(|at| clock(at, zone));
    let mut parts = vec![match (status.tray, listening) {
        (TraySign::Ringing, _) => texts.say("tray.ringing").to_owned(),
        (TraySign::OnCall, _) => texts.say("tray.on_call").to_owned(),
        (TraySign::CallerWaiting, _) => texts.say("tray.caller_waiting").to_owned(),
        (TraySign::TelephonyDown, _) | (_, None) if !status.lines.is_empty() => {
            texts.say("tray.telephony_down").to_owned()
        }
        (_, Some(time)) => texts.fill("tray.listening", &[("time", &time)]),
        (_, None) => texts.say("tray.not_configured").to_owned(),
    }];
    if status.journal_waiting > 0 {
        parts.push(texts.say("tray.journal_waits").to_owned());
    }
    let troubled = status
        .integrations
        .iter()
        .find_map(|one| Some((one, one.reason?)));
    let contacts = status
        .integrations
        .iter()
        .filter_map(|one| one.last_success)
        .min();
    match (troubled, contacts) {
        (Some((one, reason)), _) => {
            let reason = texts.say(&reason_key(reason)).to_owned();
            parts.push(texts.fill(
                "tray.crm_trouble",
                &[("name", &one.name), ("reason", &reason)],
            ));
        }
        (None, Some(at)) => {
            parts.push(texts.fill("tray.contacts", &[("time", &clock(at, zone))]));
        }
        (None, None) => {}
    }
    // Windows shows 127 characters and cuts the rest off in the middle of a word.
    parts.join(" · ").chars().take(127).collect()
}

/// The key of a reason's sentence.
pub fn reason_key(reason: StatusReason) -> String {
    let word = serde_json::to_value(reason).ok();
    let word = word
        .as_ref()
        .and_then(|word| word.as_str())
        .unwrap_or_default();
    format!("reason.{word}")
}

fn clock(at: i64, zone: &TimeZone) -> String {
    let moment = jiff::Timestamp::from_millisecond(at).unwrap_or_default();
    moment.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringcard_ipc::LineStatus;

    fn status() -> StatusView {
        StatusView {
            version: "0".into(),
            tray: TraySign::Listening,
            lines: vec![LineStatus {
                id: "desk".into(),
                name: "Desk".into(),
                extension: "101".into(),
                listening_since: Some(1_700_000_000_000),
                trouble: None,
                retry_at: None,
            }],
            integrations: Vec::new(),
            secrets_in_file: false,
            first_start: false,
            log_details: false,
            journal_waiting: 0,
        }
    }

    fn said(status: &StatusView) -> String {
        tooltip(status, Texts::of("en"), &TimeZone::UTC)
    }

    #[test]
    fn the_tooltip_says_since_when_it_listens() {
        assert_eq!(
            said(&status()),
            "listening since 22:13",
            "the agent sees that it works"
        );
    }

    #[test]
    fn a_line_that_is_down_is_said_first() {
        let mut status = status();
        status.tray = TraySign::TelephonyDown;
        status.lines[0].listening_since = None;
        assert_eq!(
            said(&status),
            "telephone system not connected",
            "no call would be shown"
        );
        status.lines.clear();
        assert_eq!(
            said(&status),
            "not set up yet",
            "nothing is broken, it was never there"
        );
    }

    #[test]
    fn a_full_disk_is_said_while_calls_go_on() {
        let mut status = status();
        status.tray = TraySign::JournalWaits;
        status.journal_waiting = 2;
        assert_eq!(
            said(&status),
            "listening since 22:13 · the disk is full",
            "what waits would be lost with the program"
        );
    }

    #[test]
    fn a_crm_that_is_not_connected_is_named_with_its_reason() {
        let mut status = status();
        status.tray = TraySign::CrmTrouble;
        let integration = serde_json::json!({
            "id": "zoho", "name": "Customers", "crm": "Zoho", "state": "disconnected",
            "reason": "inactive_token", "code": null, "http_status": null, "module": null,
            "found_organisation": null, "since": 0, "tries": [], "failed_in_a_row": 1,
            "refused_sign_in": null, "last_success": 0, "next_run": null, "progress": null,
            "last_report": null, "organisation": null, "user_email": null, "plan_ends": null,
            "other_user": false, "records": 0, "credits_today": 0, "modules": [], "warnings": [],
        });
        status.integrations = vec![serde_json::from_value(integration).unwrap()];
        assert_eq!(
            said(&status),
            "listening since 22:13 · Customers: The access was withdrawn in the CRM.",
            "what is wrong is read without opening anything"
        );
        let picture_of = |sign| picture(sign).unwrap().rgba().to_vec();
        assert_ne!(
            picture_of(TraySign::CrmTrouble),
            picture_of(TraySign::Listening),
            "and the icon carries a mark"
        );
        status.tray = TraySign::OnCall;
        assert!(
            said(&status).ends_with("Customers: The access was withdrawn in the CRM."),
            "a call's picture comes first, the reason is read all the same"
        );
    }

    #[test]
    fn every_sign_has_a_picture_that_a_tray_takes() {
        for sign in [
            TraySign::Listening,
            TraySign::Ringing,
            TraySign::OnCall,
            TraySign::CallerWaiting,
            TraySign::TelephonyDown,
            TraySign::CrmTrouble,
            TraySign::JournalWaits,
            TraySign::NotConfigured,
        ] {
            let picture = picture(sign).unwrap();
            let bytes = picture.width() * picture.height() * 4;
            assert_eq!(
                picture.rgba().len(),
                bytes as usize,
                "another depth is dropped by the tray without a word"
            );
        }
    }
}

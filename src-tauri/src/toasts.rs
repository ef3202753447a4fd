//! System notifications: missed calls, and integrations or lines that went or came back.
//!
//! All text that comes from outside stands in the title, which no desktop interprets.

use notify_rust::{Notification, NotificationResponse};
use ringcard_ipc::Notice;
use tauri::AppHandle;
use tracing::warn;

use crate::shell::shell;
use crate::tray::reason_key;
use crate::windows::pages::{self, Name};

/// Tells a notice.
pub fn tell(app: &AppHandle, notice: &Notice) {
    let texts = shell(app).texts();
    let (title, body, leads_to) = match notice {
        Notice::MissedCall { call } => {
            let missed = texts.say("toast.missed").to_owned();
            let title = match shell(app).seen().about(call) {
                Some(who) => format!("{missed}: {who}"),
                None => missed,
            };
            (title, String::new(), Name::Phone)
        }
        Notice::MissedCalls { count } => (
            texts.fill("toast.missed_several", &[("count", &count.to_string())]),
            String::new(),
            Name::Phone,
        ),
        Notice::IntegrationTrouble { name, reason } => (
            texts.fill("toast.integration_trouble", &[("name", name)]),
            texts.say(&reason_key(*reason)).to_owned(),
            Name::Main,
        ),
        Notice::IntegrationWell { name } => (
            texts.fill("toast.integration_well", &[("name", name)]),
            String::new(),
            Name::Main,
        ),
        Notice::LineDown { name } => (
            texts.fill("toast.line_down", &[("name", name)]),
            String::new(),
            Name::Main,
        ),
    };
    show(app, title, body, leads_to);
}

/// Tells something of the shell's own.
pub fn plain(app: &AppHandle, sentence: &str) {
    show(app, sentence.to_owned(), String::new(), Name::Main);
}

/// The name of the one button. On a freedesktop it stands for a click on the whole notification.
const OPEN: &str = "default";

/// Windows tells a click on the notification and one on its button apart; both lead on.
fn leads_on(response: &NotificationResponse) -> bool {
    match response {
        NotificationResponse::Default => true,
        NotificationResponse::Action(name) => name == OPEN,
        _ => false,
    }
}

/// A notification waits for its click, so each has a thread of its own. A desktop without
/// notifications is no error of ours.
fn show(app: &AppHandle, title: String, body: String, leads_to: Name) {
    let app = app.clone();
    let waiting = std::thread::Builder::new().name("toast".into());
    let started = waiting.spawn(move || {
        let mut toast = Notification::new();
        toast.appname("Ringcard").summary(&title).body(&body);
        toast.action(OPEN, shell(&app).texts().say("tray.show_calls"));
        #[cfg(windows)]
        toast.app_id(crate::win32::identity::APP_ID);
        let answered = toast.show().and_then(|shown| {
            shown.wait_for_response(|response: &NotificationResponse| {
                if leads_on(response) {
                    pages::open(&app, leads_to, None);
                }
            })
        });
        if answered.is_err() {
            warn!("the system took no notification");
        }
    });
    if started.is_err() {
        warn!("a notification could not be shown");
    }
}

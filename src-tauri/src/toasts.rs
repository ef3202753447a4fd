//! System notifications: missed calls, calls whose card cannot come, and integrations or lines that went or came back.
//!
//! All text that comes from outside stands in the title, which no desktop interprets.

#[cfg(not(windows))]
use notify_rust::{Notification, NotificationResponse};
use ringcard_ipc::Notice;
use tauri::AppHandle;
use tracing::warn;

use crate::browser;
use crate::shell::shell;
use crate::tray::reason_key;
#[cfg(windows)]
use crate::win32::toast;
use crate::windows::pages::{self, Name};

/// Where Microsoft offers the runtime that shows windows. Other systems have theirs among their packages.
const WEBVIEW: Option<&str> = if cfg!(windows) {
    Some("https://go.microsoft.com/fwlink/p/?LinkId=2124703")
} else {
    None
};

/// What a click on a notification opens.
#[derive(Clone, Copy)]
enum LeadsTo {
    Window(Name),
    Page(&'static str),
}

impl LeadsTo {
    /// What the button says.
    fn label(self) -> &'static str {
        match self {
            Self::Window(Name::Phone) => "tray.phone",
            Self::Window(Name::Main) => "tray.configuration",
            Self::Page(_) => "toast.open_page",
        }
    }
}

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
    show(app, title, body, LeadsTo::Window(leads_to));
}

/// Tells who calls where the card cannot come; a click opens the phone window, which takes the call as well.
pub fn incoming(app: &AppHandle, sentence: &str) {
    let phone = LeadsTo::Window(Name::Phone);
    show(app, sentence.to_owned(), String::new(), phone);
}

/// Tells something of the shell's own.
pub fn plain(app: &AppHandle, sentence: &str) {
    let main = LeadsTo::Window(Name::Main);
    show(app, sentence.to_owned(), String::new(), main);
}

/// Tells that the system cannot show windows, with the address of what it lacks; a click opens that page.
pub fn no_webview(app: &AppHandle) {
    let sentence = shell(app).texts().say("toast.no_webview").to_owned();
    match WEBVIEW {
        Some(address) => show(app, sentence, address.to_owned(), LeadsTo::Page(address)),
        None => plain(app, &sentence),
    }
}

/// Tells a sentence where there is no app, because it could not start: a click leads nowhere.
#[cfg(not(windows))]
pub fn alone(sentence: &str) {
    let mut toast = Notification::new();
    toast.appname(NAME).summary(NAME).body(sentence);
    drop(toast.show());
}

/// Tells a sentence where there is no app, because it could not start: a click leads nowhere.
#[cfg(windows)]
pub fn alone(sentence: &str) {
    drop(toast::of(NAME, sentence).show());
}

/// Who tells.
const NAME: &str = "Ringcard";

/// The name of the one button. On a freedesktop it stands for a click on the whole notification.
const OPEN: &str = "default";

/// Telling takes its time, and on a freedesktop a notification waits for its click: each has a thread of its own. A
/// desktop without notifications is no error of ours.
fn show(app: &AppHandle, title: String, body: String, leads_to: LeadsTo) {
    let app = app.clone();
    let telling = std::thread::Builder::new().name("toast".into());
    let started = telling.spawn(move || {
        if !put_up(&app, &title, &body, leads_to) {
            warn!("the system took no notification");
        }
    });
    if started.is_err() {
        warn!("a notification could not be shown");
    }
}

/// Shows a notification and stays until it was clicked or has gone. False where the system took none.
#[cfg(not(windows))]
fn put_up(app: &AppHandle, title: &str, body: &str, leads_to: LeadsTo) -> bool {
    let mut toast = Notification::new();
    toast.appname(NAME).summary(title).body(body);
    toast.action(OPEN, shell(app).texts().say(leads_to.label()));
    let answered = toast.show().and_then(|shown| {
        shown.wait_for_response(|response: &NotificationResponse| {
            if leads_on(response) {
                follow(app, leads_to);
            }
        })
    });
    answered.is_ok()
}

/// The whole notification and its button are told apart; both lead on.
#[cfg(not(windows))]
fn leads_on(response: &NotificationResponse) -> bool {
    match response {
        NotificationResponse::Default => true,
        NotificationResponse::Action(name) => name == OPEN,
        _ => false,
    }
}

/// Shows a notification, which leads on whenever it or its button is clicked. False where the system took none.
#[cfg(windows)]
fn put_up(app: &AppHandle, title: &str, body: &str, leads_to: LeadsTo) -> bool {
    let label = shell(app).texts().say(leads_to.label());
    let app = app.clone();
    let toast = toast::of(title, body).add_button(label, OPEN);
    let toast = toast.on_activated(move |_| {
        let app = app.clone();
        // The system's thread is not kept waiting for a window.
        tauri::async_runtime::spawn_blocking(move || follow(&app, leads_to));
        Ok(())
    });
    toast.show().is_ok()
}

fn follow(app: &AppHandle, leads_to: LeadsTo) {
    match leads_to {
        LeadsTo::Window(name) => pages::open(app, name, None),
        LeadsTo::Page(address) => browser::open(address),
    }
}

//! Key combinations that work in every program: answer, hang up, show the calls.

use std::cell::RefCell;
use std::str::FromStr;

use global_hotkey::hotkey::HotKey;
use global_hotkey::{GlobalHotKeyEvent, GlobalHotKeyManager, HotKeyState};
use ringcard_ipc::settings::Hotkeys;
use ringcard_ipc::{CommandError, ErrorCode, Reply, Request};
use tauri::AppHandle;
use tracing::{info, warn};

use crate::shell::shell;
use crate::{toasts, tray};

/// What a combination does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Answer,
    HangUp,
    ShowCalls,
}

/// The combinations that are registered now. The system ties them to the thread of the windows.
#[derive(Default)]
struct Registered {
    manager: Option<GlobalHotKeyManager>,
    wanted: Option<Hotkeys>,
    keys: Vec<(HotKey, Deed)>,
}

thread_local! {
    static REGISTERED: RefCell<Registered> = RefCell::default();
}

/// Begins to listen.
pub fn listen(app: &AppHandle) {
    let app = app.clone();
    GlobalHotKeyEvent::set_event_handler(Some(move |event: GlobalHotKeyEvent| {
        if event.state() == HotKeyState::Pressed {
            let handled = app.clone();
            // The registered keys live on the windows' thread.
            let _ = app.run_on_main_thread(move || pressed(&handled, event.id()));
        }
    }));
}

/// Registers what the settings say, where that changed.
pub fn apply(app: &AppHandle, wanted: &Hotkeys) {
    let (handled, wanted) = (app.clone(), wanted.clone());
    let _ = app.run_on_main_thread(move || {
        let taken = REGISTERED.with_borrow_mut(|registered| registered.register(&wanted));
        for combination in taken {
            let texts = shell(&handled).texts();
            let sentence = texts.fill("toast.hotkey_taken", &[("name", &combination)]);
            toasts::plain(&handled, &sentence);
        }
    });
}

impl Registered {
    /// Answers with the combinations that another program has.
    fn register(&mut self, wanted: &Hotkeys) -> Vec<String> {
        if self.wanted.as_ref() == Some(wanted) {
            return Vec::new();
        }
        self.wanted = Some(wanted.clone());
        if self.manager.is_none() {
            self.manager = GlobalHotKeyManager::new().ok();
        }
        let Some(manager) = &self.manager else {
            info!("this desktop has no key combinations for all programs");
            return Vec::new();
        };
        for (key, _) in self.keys.drain(..) {
            let _ = manager.unregister(key);
        }
        let mut taken = Vec::new();
        for (combination, deed) in combinations(wanted) {
            let Ok(key) = HotKey::from_str(combination) else {
                warn!(?deed, "a key combination is not understood");
                continue;
            };
            match manager.register(key) {
                Ok(()) => self.keys.push((key, deed)),
                Err(_) => {
                    warn!(?deed, "a key combination is taken by another program");
                    taken.push(combination.to_owned());
                }
            }
        }
        taken
    }
}

fn combinations(wanted: &Hotkeys) -> impl Iterator<Item = (&str, Deed)> {
    let all = [
        (wanted.answer.trim(), Deed::Answer),
        (wanted.hang_up.trim(), Deed::HangUp),
        (wanted.show_calls.trim(), Deed::ShowCalls),
    ];
    all.into_iter().filter(|(keys, _)| !keys.is_empty())
}

fn pressed(app: &AppHandle, id: u32) {
    let deed = REGISTERED.with_borrow(|registered| {
        let found = registered.keys.iter().find(|(key, _)| key.id() == id);
        found.map(|(_, deed)| *deed)
    });
    let request = match deed {
        Some(Deed::Answer) => Request::Answer { call: None },
        Some(Deed::HangUp) => Request::HangUp { call: None },
        Some(Deed::ShowCalls) => return tray::show_calls(app),
        None => return,
    };
    let (app, handle) = (app.clone(), shell(app).handle.clone());
    tauri::async_runtime::spawn(async move {
        if let Reply::Failed(failure) = handle.ask(request).await
            && let Some(key) = refusal(&failure.code)
        {
            toasts::plain(&app, shell(&app).texts().say(&key));
        }
    });
}

/// The text of why a key did nothing: it would look broken. Where there is no call there is nothing to say.
fn refusal(code: &ErrorCode) -> Option<String> {
    match code {
        ErrorCode::Command(CommandError::NoSuchCall) => None,
        ErrorCode::Command(why) => {
            let name = serde_json::to_value(why).ok()?;
            Some(format!("command.{}", name.as_str()?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_does_nothing_says_why_in_every_language() {
        let not_supported = ErrorCode::Command(CommandError::NotSupported);
        let key = refusal(&not_supported).unwrap_or_default();
        for language in ["en", "de", "ru"] {
            let texts = crate::texts::Texts::of(language);
            assert_ne!(texts.say(&key), key, "{language}");
        }
        let nothing_rings = ErrorCode::Command(CommandError::NoSuchCall);
        assert_eq!(refusal(&nothing_rings), None);
    }

    #[test]
    fn the_default_combinations_are_understood() {
        let hotkeys = Hotkeys::default();
        let all: Vec<_> = combinations(&hotkeys).collect();
        assert_eq!(all.len(), 2, "an empty combination is off");
        for (combination, _) in all {
            assert!(
                HotKey::from_str(combination).is_ok(),
                "{combination} can be registered"
            );
        }
    }
}

//! Quit, chosen in the tray: an open configuration closes first, and asks about what is not saved.
//!
//! What it asks is the page's own; the command line and a signal end Ringcard without it.

use ringcard_ipc::Request;
use tauri::{AppHandle, Manager, WebviewWindow, WindowEvent};

use super::pages::Name;
use crate::shell::shell;

/// Whether Quit was chosen and waits for the configuration.
#[derive(Debug, Default)]
pub struct Ending {
    waits: bool,
}

/// How Ringcard ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// After the configuration has closed.
    AfterTheConfiguration,
    /// Whatever is open.
    AtOnce,
}

impl Ending {
    /// Quit was chosen. Chosen again while the configuration asks, it is meant: a page that hangs keeps nobody here.
    pub fn choose(&mut self, configuration_is_open: bool) -> Way {
        let again = std::mem::replace(&mut self.waits, configuration_is_open);
        match configuration_is_open && !again {
            true => Way::AfterTheConfiguration,
            false => Way::AtOnce,
        }
    }

    /// The agent goes on editing.
    pub fn forget(&mut self) {
        self.waits = false;
    }

    /// The configuration has closed; true when Quit waited for it.
    pub fn configuration_closed(&mut self) -> bool {
        std::mem::take(&mut self.waits)
    }
}

/// Quit was chosen.
pub fn begin(app: &AppHandle) {
    let configuration = app.get_webview_window(Name::Main.label());
    let way = shell(app).ending().choose(configuration.is_some());
    match (way, configuration) {
        (Way::AfterTheConfiguration, Some(window)) if window.close().is_ok() => {}
        _ => end(app),
    }
}

/// Ends Ringcard when this window, the configuration, has gone and Quit waited for it.
pub fn follow(app: &AppHandle, configuration: &WebviewWindow) {
    let app = app.clone();
    configuration.on_window_event(move |event| {
        let gone = matches!(event, WindowEvent::Destroyed);
        if gone && shell(&app).ending().configuration_closed() {
            end(&app);
        }
    });
}

fn end(app: &AppHandle) {
    let handle = shell(app).handle.clone();
    tauri::async_runtime::spawn(async move { handle.ask(Request::Quit).await });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quit_waits_for_an_open_configuration_and_no_longer_when_it_is_chosen_again() {
        let mut ending = Ending::default();
        assert_eq!(ending.choose(true), Way::AfterTheConfiguration);
        assert_eq!(ending.choose(true), Way::AtOnce, "a page may hang");
        let mut closed = Ending::default();
        assert_eq!(closed.choose(false), Way::AtOnce, "there is nobody to ask");
    }

    #[test]
    fn a_configuration_that_closes_ends_only_what_was_to_end() {
        let mut ending = Ending::default();
        assert!(!ending.configuration_closed(), "it was just closed");
        ending.choose(true);
        assert!(ending.configuration_closed(), "Quit waited for it");
        assert!(!ending.configuration_closed(), "once");
    }

    #[test]
    fn keep_editing_takes_quit_back() {
        let mut ending = Ending::default();
        ending.choose(true);
        ending.forget();
        assert!(!ending.configuration_closed(), "it is closed much later");
        assert_eq!(
            ending.choose(true),
            Way::AfterTheConfiguration,
            "the changes are still not saved"
        );
    }
}

//! What the shell keeps while it runs: the way to the application, and where its windows stand.

use std::sync::{Mutex, MutexGuard, PoisonError};

use ringcard_host::Handle;
use ringcard_ipc::settings::{Language, Settings};
use ringcard_ipc::{Appearance, Page, PickerContext};
use tauri::{AppHandle, Manager, State};

use crate::autostart::Autostart;
use crate::seen::Seen;
use crate::spoken::Spoken;
use crate::texts::Texts;
use crate::windows::ending::Ending;
use crate::windows::focus::Foreground;
use crate::windows::preview::Standing;
use crate::windows::rest::Rest;

/// One for each process; every window and event handler reaches it through Tauri.
pub struct Shell {
    /// The way to the application.
    pub handle: Handle,
    /// A name for what is kept in the system for this home, such as its entry for starting with the session.
    pub home_name: HomeName,
    seen: Mutex<Seen>,
    settings: Mutex<Settings>,
    standing: Mutex<Standing>,
    rest: Mutex<Rest>,
    spoken: Mutex<Spoken>,
    picker: Mutex<Picker>,
    page: Mutex<Option<Page>>,
    ending: Mutex<Ending>,
    autostart: Mutex<Autostart>,
    told_no_webview: Mutex<bool>,
    /// The browser runtime was there at the start. Tauri looks once as well.
    pub has_webview: bool,
}

/// Which Ringcard this is, among those of this user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HomeName {
    /// The user's own.
    Own,
    /// One in a folder of its own.
    Folder(std::path::PathBuf),
}

/// Why the picker is open, and who had the keyboard before.
#[derive(Default)]
pub struct Picker {
    /// What it is for.
    pub context: Option<PickerContext>,
    /// The window that gets the keyboard back.
    pub before: Option<Foreground>,
}

impl Shell {
    /// A shell around a running application.
    pub fn new(handle: Handle, home_name: HomeName) -> Self {
        Self {
            handle,
            home_name,
            seen: Mutex::default(),
            settings: Mutex::default(),
            standing: Mutex::default(),
            rest: Mutex::default(),
            spoken: Mutex::default(),
            picker: Mutex::default(),
            page: Mutex::default(),
            ending: Mutex::default(),
            autostart: Mutex::default(),
            told_no_webview: Mutex::default(),
            has_webview: tauri::webview_version().is_ok(),
        }
    }

    /// What the application told last.
    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        hold(&self.seen)
    }

    /// The settings in force.
    pub fn settings(&self) -> MutexGuard<'_, Settings> {
        hold(&self.settings)
    }

    /// Where the card stands.
    pub fn standing(&self) -> MutexGuard<'_, Standing> {
        hold(&self.standing)
    }

    /// Whether the hidden card sleeps.
    pub fn rest(&self) -> MutexGuard<'_, Rest> {
        hold(&self.rest)
    }

    /// What was told of calls beside their cards.
    pub fn spoken(&self) -> MutexGuard<'_, Spoken> {
        hold(&self.spoken)
    }

    /// The picker's purpose.
    pub fn picker(&self) -> MutexGuard<'_, Picker> {
        hold(&self.picker)
    }

    /// The page at which the main window is to open, until it has heard so.
    pub fn page(&self) -> MutexGuard<'_, Option<Page>> {
        hold(&self.page)
    }

    /// Whether Quit waits for the configuration.
    pub fn ending(&self) -> MutexGuard<'_, Ending> {
        hold(&self.ending)
    }

    /// What was said about starting with the session.
    pub fn autostart(&self) -> MutexGuard<'_, Autostart> {
        hold(&self.autostart)
    }

    /// True the first time only: a missing browser runtime is told once.
    pub fn first_webview_failure(&self) -> bool {
        !std::mem::replace(&mut *hold(&self.told_no_webview), true)
    }

    /// How windows look, by the settings in force.
    pub fn appearance(&self) -> Appearance {
        let general = self.settings().general.clone();
        Appearance {
            language: language(general.language).to_owned(),
            theme: general.theme,
        }
    }

    /// The texts in the agent's language.
    pub fn texts(&self) -> &'static Texts {
        Texts::of(language(self.settings().general.language))
    }
}

/// The shell of this process.
pub fn shell(app: &AppHandle) -> State<'_, Shell> {
    app.state::<Shell>()
}

fn language(chosen: Language) -> &'static str {
    match chosen {
        Language::En => "en",
        Language::De => "de",
        Language::Ru => "ru",
        Language::System => of_tag(&sys_locale::get_locale().unwrap_or_default()),
    }
}

/// The language of a tag such as `de-AT` or `ru_RU.UTF-8`; what is not known is English.
fn of_tag(tag: &str) -> &'static str {
    let base = tag.split(['-', '_', '.']).next().unwrap_or_default();
    let mut known = ["de", "ru"].into_iter();
    known
        .find(|language| base.eq_ignore_ascii_case(language))
        .unwrap_or("en")
}

/// A thread that panicked left a whole value behind: each is replaced in one step.
fn hold<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_language_is_taken_where_there_are_texts_in_it() {
        for (tag, language) in [
            ("de-AT", "de"),
            ("ru_RU.UTF-8", "ru"),
            ("RU", "ru"),
            ("rup-RO", "en"),
            ("pl-PL", "en"),
            ("", "en"),
        ] {
            assert_eq!(of_tag(tag), language, "{tag}");
        }
    }
}

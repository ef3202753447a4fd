//! Starting with the session: a `.desktop` file on Linux, an entry under `Run` on Windows.
//!
//! What the system has is what counts. Installers make the entry as well, and users switch it off in the system: it is
//! changed only when the agent or the administrator changes the setting here, never because a file says otherwise.

#[cfg(windows)]
mod win32;
#[cfg(windows)]
use win32 as system;

#[cfg(not(windows))]
mod xdg;
#[cfg(not(windows))]
use xdg as system;

use ringcard_host::Home;
use ringcard_ipc::settings::SettingsView;
use tracing::warn;

use crate::shell::{HomeName, Shell};

/// What was said about the start so far.
#[derive(Debug, Default)]
pub struct Autostart {
    /// By the settings.
    told: Option<bool>,
    /// To the agent.
    shown: Option<bool>,
    /// By the agent, until the settings tell that they were saved.
    chosen: Option<bool>,
}

impl Autostart {
    /// The agent saves a form with this in it. It is his wish where the form said otherwise before.
    pub fn choose(&mut self, wanted: bool) {
        self.chosen = (self.shown != Some(wanted)).then_some(wanted);
    }

    /// The form was refused.
    pub fn forget(&mut self) {
        self.chosen = None;
    }

    /// What is to be changed, now that the settings say this. What they say at first changes nothing.
    pub fn hear(&mut self, now: bool) -> Option<bool> {
        let before = self.told.replace(now);
        let changed = before.is_some_and(|before| before != now);
        self.chosen.take().or(changed.then_some(now))
    }
}

/// Makes the system agree with a wish.
pub fn apply(home: &HomeName, wanted: bool) {
    let done = system::Entry::of(home).and_then(|entry| {
        if entry.is_on()? != wanted {
            entry.switch(wanted)?;
        }
        entry.is_on()
    });
    if !matches!(done, Ok(on) if on == wanted) {
        warn!("starting with the session could not be changed");
    }
}

/// Lets a form show what the system does. Where the administrator locked the setting it shows that: another word in it
/// would be refused.
pub fn show(shell: &Shell, view: &mut SettingsView) {
    let ours = |field: &String| field == "general" || field == "general.autostart";
    if !view.locked.iter().any(ours)
        && let Ok(on) = system::Entry::of(&shell.home_name).and_then(|entry| entry.is_on())
    {
        view.settings.general.autostart = on;
    }
    shell.autostart().shown = Some(view.settings.general.autostart);
}

/// The entry's name. A Ringcard with a folder of its own has an entry of its own, and never touches the user's.
fn name(home: &HomeName) -> String {
    match home {
        HomeName::Own => "Ringcard".to_owned(),
        HomeName::Folder(folder) => format!("Ringcard {}", Home::in_folder(folder).hashed_name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_installer_chose_is_not_undone_by_a_settings_file() {
        let mut autostart = Autostart::default();
        assert_eq!(autostart.hear(false), None, "read at the start");
        assert_eq!(autostart.hear(false), None, "another setting was saved");
    }

    #[test]
    fn changed_settings_change_the_system_once() {
        let mut autostart = Autostart::default();
        autostart.hear(false);
        assert_eq!(autostart.hear(true), Some(true), "changed");
        assert_eq!(autostart.hear(true), None, "another setting was saved");
        assert_eq!(autostart.hear(false), Some(false), "changed back");
    }

    #[test]
    fn the_agents_wish_counts_where_the_file_said_so_all_the_time() {
        let mut autostart = Autostart::default();
        autostart.hear(true);
        autostart.shown = Some(false);
        autostart.choose(true);
        assert_eq!(autostart.hear(true), Some(true), "the form said no before");
        assert_eq!(autostart.hear(true), None, "carried out once");
    }

    #[test]
    fn a_form_that_leaves_the_start_alone_changes_nothing() {
        let mut autostart = Autostart::default();
        autostart.hear(true);
        autostart.shown = Some(true);
        autostart.choose(true);
        assert_eq!(autostart.hear(true), None, "shown and saved alike");
        autostart.choose(false);
        autostart.forget();
        assert_eq!(autostart.hear(true), None, "what was refused is no wish");
    }
}

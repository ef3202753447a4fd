//! Starting with the session: a `.desktop` file on Linux, an entry under `Run` on Windows.
//!
//! What the system has is what counts. Installers make the entry as well, and users switch it off in the system: it is
//! changed only when the agent or the administrator changes the setting here, never because a file says otherwise. What
//! the administrator locked is no suggestion: the system follows it from the start.

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
    /// By the settings, and whether the administrator locked it.
    told: Option<(bool, bool)>,
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

    /// What is to be changed, now that the settings say this. What they say at first changes nothing, unless the
    /// administrator locked it.
    pub fn hear(&mut self, now: bool, locked: bool) -> Option<bool> {
        let changed = match self.told.replace((now, locked)) {
            None => locked,
            Some((before, was_locked)) => before != now || (locked && !was_locked),
        };
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

/// Whether the administrator decides.
pub fn is_locked(view: &SettingsView) -> bool {
    let ours = |field: &String| field == "general" || field == "general.autostart";
    view.locked.iter().any(ours)
}

/// Lets a form show what the system does. Where the administrator locked the setting it shows that: another word in it
/// would be refused.
pub fn show(shell: &Shell, view: &mut SettingsView) {
    if !is_locked(view)
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
        assert_eq!(autostart.hear(false, false), None, "read at the start");
        assert_eq!(
            autostart.hear(false, false),
            None,
            "another setting was saved"
        );
    }

    #[test]
    fn what_the_administrator_locked_is_carried_out_from_the_start() {
        for wanted in [true, false] {
            let mut autostart = Autostart::default();
            assert_eq!(autostart.hear(wanted, true), Some(wanted), "at the start");
            assert_eq!(autostart.hear(wanted, true), None, "carried out once");
            assert_eq!(autostart.hear(wanted, false), None, "left to the agent");
            assert_eq!(autostart.hear(wanted, true), Some(wanted), "locked anew");
        }
    }

    #[test]
    fn changed_settings_change_the_system_once() {
        let mut autostart = Autostart::default();
        autostart.hear(false, false);
        assert_eq!(autostart.hear(true, false), Some(true), "changed");
        assert_eq!(
            autostart.hear(true, false),
            None,
            "another setting was saved"
        );
        assert_eq!(autostart.hear(false, false), Some(false), "changed back");
    }

    #[test]
    fn the_agents_wish_counts_where_the_file_said_so_all_the_time() {
        let mut autostart = Autostart::default();
        autostart.hear(true, false);
        autostart.shown = Some(false);
        autostart.choose(true);
        assert_eq!(
            autostart.hear(true, false),
            Some(true),
            "the form said no before"
        );
        assert_eq!(autostart.hear(true, false), None, "carried out once");
    }

    #[test]
    fn a_form_that_leaves_the_start_alone_changes_nothing() {
        let mut autostart = Autostart::default();
        autostart.hear(true, false);
        autostart.shown = Some(true);
        autostart.choose(true);
        assert_eq!(autostart.hear(true, false), None, "shown and saved alike");
        autostart.choose(false);
        autostart.forget();
        assert_eq!(
            autostart.hear(true, false),
            None,
            "what was refused is no wish"
        );
    }
}

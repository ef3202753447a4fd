//! A value under `Run` in this user's part of the registry. The one for everybody on this PC is the installer's alone.

use std::path::Path;

use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE};

use super::name;
use crate::shell::HomeName;

const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";

/// Where Windows keeps what was switched off in its task manager or its settings.
const APPROVED: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run";

/// The value of one Ringcard.
pub struct Entry {
    name: String,
    command: String,
}

impl Entry {
    /// What it is called, and what it would say.
    pub fn of(home: &HomeName) -> anyhow::Result<Self> {
        let mut command = quoted(&std::env::current_exe()?);
        if let HomeName::Folder(folder) = home {
            command = format!("{command} --home {}", quoted(folder));
        }
        Ok(Self {
            name: name(home),
            command,
        })
    }

    /// Ringcard starts with the session.
    pub fn is_on(&self) -> anyhow::Result<bool> {
        let starts = |hive| self.is_in(hive) && !self.is_switched_off_in(hive);
        Ok(starts(CURRENT_USER) || starts(LOCAL_MACHINE))
    }

    /// Switches it on or off, for this user.
    pub fn switch(&self, on: bool) -> anyhow::Result<()> {
        match on {
            true => self.switch_on(),
            false => self.switch_off(),
        }
    }

    fn switch_on(&self) -> anyhow::Result<()> {
        // A second entry would start a second Ringcard.
        if !self.is_in(CURRENT_USER) && !self.is_in(LOCAL_MACHINE) {
            let run = CURRENT_USER.create(RUN)?;
            run.set_string(&self.name, &self.command)?;
        }
        // The agent's newest word: it counts more than an older one in the task manager.
        if self.is_switched_off_in(CURRENT_USER) {
            let approved = CURRENT_USER.options().write().open(APPROVED)?;
            approved.remove_value(&self.name)?;
        }
        Ok(())
    }

    fn switch_off(&self) -> anyhow::Result<()> {
        if self.is_in(CURRENT_USER) {
            let run = CURRENT_USER.options().write().open(RUN)?;
            run.remove_value(&self.name)?;
        }
        Ok(())
    }

    fn is_in(&self, hive: &Key) -> bool {
        let found = hive.open(RUN).and_then(|run| run.get_type(&self.name));
        found.is_ok()
    }

    /// The first byte is odd there; what was never touched has no value.
    fn is_switched_off_in(&self, hive: &Key) -> bool {
        let approved = hive.open(APPROVED);
        let kept = approved.and_then(|approved| approved.get_value(&self.name));
        kept.is_ok_and(|value| value.first().is_some_and(|byte| byte & 1 == 1))
    }
}

/// Windows reads a whole command line here: without quotes a user "Max Mustermann" would start `C:\Users\Max.exe`.
fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.display())
}

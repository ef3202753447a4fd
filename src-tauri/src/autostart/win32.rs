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
        let own = self.is_own() && !self.is_switched_off_in(CURRENT_USER);
        let everybodys = self.is_in(LOCAL_MACHINE) && !self.is_switched_off_in(LOCAL_MACHINE);
        Ok(own || everybodys)
    }

    /// Switches it on or off, for this user.
    pub fn switch(&self, on: bool) -> anyhow::Result<()> {
        match on {
            true => self.switch_on(),
            false => self.switch_off(),
        }
    }

    fn switch_on(&self) -> anyhow::Result<()> {
        // A second entry would start a second Ringcard. One of this user that starts another program is written over.
        if !self.is_own() && !self.is_in(LOCAL_MACHINE) {
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

    /// This user's value starts this program: it may have stayed from one that lay elsewhere. Windows does not tell
    /// large letters in a path from small ones.
    fn is_own(&self) -> bool {
        let found = CURRENT_USER
            .open(RUN)
            .and_then(|run| run.get_string(&self.name));
        found.is_ok_and(|found| found.to_lowercase() == self.command.to_lowercase())
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

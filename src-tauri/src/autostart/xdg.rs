//! A `.desktop` file among those that the desktop starts.

use auto_launch::{AutoLaunch, AutoLaunchBuilder};

use super::name;
use crate::shell::HomeName;

/// The file of one Ringcard.
pub struct Entry(AutoLaunch);

impl Entry {
    /// Where it is, or would be.
    pub fn of(home: &HomeName) -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let mut builder = AutoLaunchBuilder::new();
        builder.set_app_name(&name(home));
        builder.set_app_path(&program.to_string_lossy());
        if let HomeName::Folder(folder) = home {
            builder.set_args(&["--home".to_owned(), folder.to_string_lossy().into_owned()]);
        }
        Ok(Self(builder.build()?))
    }

    /// Ringcard starts with the session.
    pub fn is_on(&self) -> anyhow::Result<bool> {
        Ok(self.0.is_enabled()?)
    }

    /// Switches it on or off.
    pub fn switch(&self, on: bool) -> anyhow::Result<()> {
        match on {
            true => self.0.enable()?,
            false => self.0.disable()?,
        }
        Ok(())
    }
}

//! Starting with the session: a `.desktop` file on Linux, an entry under `Run` on Windows.

use auto_launch::{AutoLaunch, AutoLaunchBuilder, WindowsEnableMode};
use tracing::warn;

use crate::shell::HomeName;

/// Makes the system agree with the setting.
pub fn apply(home: &HomeName, wanted: bool) {
    let done = entry(home).and_then(|entry| {
        if entry.is_enabled()? == wanted {
            return Ok(());
        }
        match wanted {
            true => entry.enable()?,
            false => entry.disable()?,
        }
        Ok(())
    });
    if done.is_err() {
        warn!("starting with the session could not be changed");
    }
}

/// A Ringcard with a folder of its own has an entry of its own, and never touches the user's.
fn entry(home: &HomeName) -> anyhow::Result<AutoLaunch> {
    let program = std::env::current_exe()?;
    let mut builder = AutoLaunchBuilder::new();
    builder.set_app_path(&command(&program.to_string_lossy()));
    // Never for everybody on this PC, also where somebody with administrator's rights signs in.
    builder.set_windows_enable_mode(WindowsEnableMode::CurrentUser);
    match home {
        HomeName::Own => builder.set_app_name("Ringcard"),
        HomeName::Folder(folder) => {
            let name = ringcard_host::Home::in_folder(folder).hashed_name();
            builder.set_args(&["--home".into(), command(&folder.to_string_lossy())]);
            builder.set_app_name(&format!("Ringcard {name}"))
        }
    };
    Ok(builder.build()?)
}

/// Windows reads a whole command line here: without quotes a user "Max Mustermann" would start `C:\Users\Max.exe`.
fn command(program: &str) -> String {
    match cfg!(windows) {
        true => format!("\"{program}\""),
        false => program.to_owned(),
    }
}

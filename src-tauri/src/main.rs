//! Ringcard with windows: reads what was typed and starts the app, or hands the words to the command line.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod app;
mod autostart;
mod browser;
mod commands;
mod default_apps;
mod events;
mod headless;
mod hotkeys;
mod licences;
mod pictures;
mod seen;
mod shell;
mod spoken;
mod texts;
mod toasts;
mod tray;
#[cfg(windows)]
mod win32;
mod windows;

use std::path::Path;
use std::process::ExitCode;

use ringcard_cli::{Lent, Parsed, PbxFlavour};
use ringcard_host::Home;
use ringcard_ipc::Failure;

fn main() -> ExitCode {
    #[cfg(windows)]
    attach_to_console();
    match ringcard_cli::parse(std::env::args_os()) {
        Ok(Parsed::Run(start)) if start.headless => headless::run(start.home.as_deref()),
        Ok(Parsed::Run(start)) => app::run(start),
        Ok(Parsed::Command(command)) => {
            let lent = Lent {
                address: &address,
                asterisk_config: &asterisk_config,
            };
            tauri::async_runtime::block_on(ringcard_cli::run(command, &lent))
        }
        Err(exit) => exit.into(),
    }
}

/// The folders that were named, or the user's own.
fn home(folder: Option<&Path>) -> Result<Home, Failure> {
    folder.map_or_else(Home::of_user, |folder| Ok(Home::in_folder(folder)))
}

fn address(folder: Option<&Path>) -> String {
    home(folder).map_or_else(|_| String::new(), |home| ringcard_host::address(&home))
}

fn asterisk_config(extension: &str, flavour: PbxFlavour) -> String {
    let flavour = match flavour {
        PbxFlavour::Plain => ringcard_host::PbxFlavour::Plain,
        PbxFlavour::FreePbx => ringcard_host::PbxFlavour::FreePbx,
    };
    ringcard_host::asterisk_config(extension, flavour)
}

/// A program with windows has no console of its own; what it prints belongs into the one it was typed in.
#[cfg(windows)]
fn attach_to_console() {
    use windows_sys::Win32::System::Console::{ATTACH_PARENT_PROCESS, AttachConsole};
    // SAFETY: takes no pointer. It fails where there is no console, and then nothing is printed.
    unsafe { AttachConsole(ATTACH_PARENT_PROCESS) };
}

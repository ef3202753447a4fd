//! Who tells: without an application id Windows shows notifications as those of PowerShell, and keeps no switch for them.

use std::fs;
use std::path::Path;

use tracing::warn;
use windows_sys::Win32::System::Registry::{HKEY_CURRENT_USER, REG_SZ, RegSetKeyValueW};
use windows_sys::Win32::UI::Shell::SetCurrentProcessExplicitAppUserModelID;

use super::wide;

/// The application id; the installer names it in its shortcuts and removes what is registered under it.
pub const APP_ID: &str = "app.ringcard.desktop";

const ICON: &[u8] = include_bytes!("../../../assets/icons/256x256.png");

/// Takes the identity for this process and registers its name and picture for this user. `folder` is where the picture
/// may lie; without it the name alone must do.
pub fn take(folder: Option<&Path>) {
    let id = wide(APP_ID);
    // SAFETY: the text is ended by a zero and outlives the call.
    let taken = unsafe { SetCurrentProcessExplicitAppUserModelID(id.as_ptr()) };
    let picture = folder.and_then(picture_in);
    let named = register("DisplayName", "Ringcard")
        && picture.is_none_or(|picture| register("IconUri", &picture));
    if taken < 0 || !named {
        warn!("notifications have no name of their own");
    }
}

/// Notifications want a picture in a file.
fn picture_in(folder: &Path) -> Option<String> {
    let file = folder.join("ringcard.png");
    let there = fs::metadata(&file).is_ok_and(|found| found.len() == ICON.len() as u64);
    if !there {
        fs::write(&file, ICON).ok()?;
    }
    Some(file.to_str()?.to_owned())
}

fn register(name: &str, value: &str) -> bool {
    let key = wide(&format!("Software\\Classes\\AppUserModelId\\{APP_ID}"));
    let (name, value) = (wide(name), wide(value));
    let bytes = u32::try_from(value.len() * 2).unwrap_or(0);
    // SAFETY: all texts are ended by a zero and outlive the call; `bytes` is the length of the value with its zero.
    let result = unsafe {
        RegSetKeyValueW(
            HKEY_CURRENT_USER,
            key.as_ptr(),
            name.as_ptr(),
            REG_SZ,
            value.as_ptr().cast(),
            bytes,
        )
    };
    result == 0
}

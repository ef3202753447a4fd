//! The installer, made by NSIS from `src-tauri/packaging/windows/ringcard.nsi`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::{Parts, Release, sign};
use crate::project::{Project, is_on_path};

const SCRIPT: &str = "src-tauri/packaging/windows/ringcard.nsi";
const ICON: &str = "assets/icons/icon.ico";

/// Packs the parts. The script has the uninstaller signed, and then the installer with it inside.
pub fn make(
    project: &Project,
    deadline: Instant,
    parts: &Parts,
    release: &Release,
) -> Result<PathBuf, String> {
    let installer = release.file("exe");
    // Debian's makensis makes 64-bit installers, which wine runs alone; the one for Windows makes 32-bit ones only.
    let target = if cfg!(windows) {
        "x86-unicode"
    } else {
        "amd64-unicode"
    };
    let mut makensis = project
        .program(makensis())
        .args([switch("V2"), switch("WX"), switch("INPUTCHARSET")])
        .arg("UTF8")
        .arg(define("TARGET", target))
        .arg(define("VERSION", release.version))
        .arg(define("PROGRAM", &parts.program))
        .arg(define("LICENCES", &parts.licences))
        .arg(define("ICON", project.path(ICON)))
        .arg(define("OUT", &installer));
    if let Some(loader) = &parts.loader {
        makensis = makensis.arg(define("LOADER", loader));
    }
    if let Some(command) = release.signing.command() {
        makensis = makensis
            .arg(define("SIGN", "1"))
            .env(sign::VARIABLE, command);
    }
    makensis.arg(project.path(SCRIPT)).run(deadline)?;
    Ok(installer)
}

fn makensis() -> PathBuf {
    let usual = Path::new(r"C:\Program Files (x86)\NSIS\makensis.exe");
    if !is_on_path("makensis") && usual.is_file() {
        return usual.to_owned();
    }
    PathBuf::from("makensis")
}

/// makensis for Windows takes a slash, the others a hyphen.
fn switch(name: &str) -> OsString {
    let sign = if cfg!(windows) { "/" } else { "-" };
    OsString::from(format!("{sign}{name}"))
}

fn define(name: &str, value: impl Into<OsString>) -> OsString {
    let mut text = switch(&format!("D{name}="));
    text.push(value.into());
    text
}

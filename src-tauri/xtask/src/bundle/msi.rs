//! The package for group policies, made by msitools' wixl from `src-tauri/packaging/windows/ringcard.wxs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::{Parts, Release};
use crate::project::{Project, is_on_path};

const DESCRIPTION: &str = "src-tauri/packaging/windows/ringcard.wxs";
const ICON: &str = "assets/icons/icon.ico";

/// Packs the parts, which lie in one folder. Only Debian has wixl.
pub fn make(
    project: &Project,
    deadline: Instant,
    parts: &Parts,
    release: &Release,
) -> Result<Option<PathBuf>, String> {
    let Some(loader) = parts.loader.as_ref().filter(|_| is_on_path("wixl")) else {
        println!("no package for group policies: there is no wixl");
        return Ok(None);
    };
    let folder = parts.program.parent().unwrap_or(&parts.program);
    // wixl finds nothing by a path from the root.
    let icon = folder.join("icon.ico");
    fs::copy(project.path(ICON), &icon).map_err(|error| format!("{ICON}: {error}"))?;
    let package = release.file("msi");
    let define = |name: &str, file: &Path| {
        let file = file.file_name().unwrap_or_default().to_string_lossy();
        ["-D".to_owned(), format!("{name}={file}")]
    };
    let wixl = project
        .program("wixl")
        .directory(folder)
        .args(["--arch", "x64", "-D"])
        .arg(format!("VERSION={}", release.version))
        .args(define("PROGRAM", &parts.program))
        .args(define("LOADER", loader))
        .args(define("LICENCES", &parts.licences))
        .args(define("ICON", &icon))
        .arg("--output")
        .arg(&package);
    wixl.arg(project.path(DESCRIPTION)).run(deadline)?;
    fs::remove_file(&icon).map_err(|error| format!("{}: {error}", icon.display()))?;
    Ok(Some(package))
}

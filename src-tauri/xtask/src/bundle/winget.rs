//! The manifests for winget, filled from the templates in `src-tauri/packaging/winget`.

use std::env;
use std::fs;
use std::path::Path;

use super::VERSION;
use crate::project::Project;

const TEMPLATES: &str = "src-tauri/packaging/winget";

/// Fills the templates, if it is known where the installer will be downloaded.
pub fn write(project: &Project, installer: &Path, folder: &Path) -> Result<(), String> {
    let Some(address) = env::var("RINGCARD_DOWNLOAD")
        .ok()
        .filter(|address| !address.is_empty())
    else {
        println!("no manifests for winget: RINGCARD_DOWNLOAD is empty");
        return Ok(());
    };
    fill(project, installer, &address, &folder.join("winget"))
}

/// Fills the templates for an installer that is found below this address. The folder has nothing else afterwards.
pub fn fill(
    project: &Project,
    installer: &Path,
    address: &str,
    folder: &Path,
) -> Result<(), String> {
    let name = installer.file_name().unwrap_or_default().to_string_lossy();
    let address = format!("{}/{name}", address.trim_end_matches('/'));
    let fingerprint = sha256(project, installer)?;
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    fs::create_dir_all(folder).map_err(failed)?;
    for entry in fs::read_dir(project.path(TEMPLATES)).map_err(failed)? {
        let template = entry.map_err(failed)?.path();
        let text = fs::read_to_string(&template).map_err(failed)?;
        let text = text
            .replace("{VERSION}", VERSION)
            .replace("{ADDRESS}", &address)
            .replace("{SHA256}", &fingerprint);
        let name = template.file_name().unwrap_or_default();
        fs::write(folder.join(name), text).map_err(failed)?;
    }
    println!("{}: manifests for {address}", folder.display());
    Ok(())
}

/// The file's SHA-256 in capitals, as winget writes it.
pub fn sha256(project: &Project, file: &Path) -> Result<String, String> {
    let printed = if cfg!(windows) {
        let certutil = project.program("certutil").arg("-hashfile");
        certutil.arg(file).arg("SHA256").output()
    } else {
        project.program("sha256sum").arg(file).output()
    };
    printed
        .as_deref()
        .and_then(fingerprint)
        .ok_or_else(|| format!("{}: no SHA-256", file.display()))
}

/// The first word of 64 hexadecimal digits.
fn fingerprint(printed: &str) -> Option<String> {
    let is_one = |word: &&str| word.len() == 64 && word.chars().all(|c| c.is_ascii_hexdigit());
    printed
        .split_whitespace()
        .find(is_one)
        .map(str::to_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_found_in_what_either_system_prints() {
        let digits = "0123456789abcdef".repeat(4);
        for printed in [
            format!("{digits}  ringcard.exe\n"),
            format!("SHA256 hash of ringcard.exe:\n{digits}\nCertUtil: done\n"),
        ] {
            assert_eq!(
                fingerprint(&printed),
                Some(digits.to_ascii_uppercase()),
                "winget refuses a manifest without it"
            );
        }
    }
}

//! Stages on peers written in Python: Zoho's own SDK and Google's number library.
//!
//! They live in a venv in the cache, made from a list with checksums and named after that list.

use std::fs;
use std::path::PathBuf;

use super::rust::test_target;
use super::{Context, targets};

const LIST: &str = "tests/zoho-oracles/requirements.txt";

pub fn zoho(context: &Context) -> Result<(), String> {
    let python = venv(context)?;
    let files = context.project.zoho_interface_files();
    for target in targets(context.project)
        .into_iter()
        .filter(|name| name.starts_with("zoho_"))
    {
        let test = test_target(context, &target).env("RINGCARD_PYTHON", &python);
        match &files {
            Some(folder) => context.run(test.env("RINGCARD_ZOHO_OAS", folder))?,
            None if target == "zoho_oas" => {
                *context.note.borrow_mut() = Some(
                    "without Zoho's interface files: RINGCARD_ZOHO_OAS names no folder".to_owned(),
                );
            }
            None => context.run(test)?,
        }
    }
    Ok(())
}

pub fn numbers(context: &Context) -> Result<(), String> {
    let python = venv(context)?;
    context.run(test_target(context, "numbers_oracle").env("RINGCARD_PYTHON", python))
}

/// The venv's Python, made when this list was never installed before.
fn venv(context: &Context) -> Result<PathBuf, String> {
    let project = context.project;
    let list = fs::read(project.path(LIST)).map_err(|error| format!("{LIST}: {error}"))?;
    let version = project
        .program("python3")
        .arg("--version")
        .output()
        .unwrap_or_default();
    let folder = project.cache.join(format!(
        "venv-{:016x}",
        fingerprint(&[&list, version.as_bytes()])
    ));
    let python = if cfg!(windows) {
        folder.join("Scripts").join("python.exe")
    } else {
        folder.join("bin").join("python")
    };
    let ready = folder.join("ready");
    if ready.exists() {
        return Ok(python);
    }
    context.run(
        project
            .program("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )?;
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        LIST,
    ];
    context.run(project.program(&python).args(install))?;
    fs::write(&ready, "").map_err(|error| format!("{}: {error}", ready.display()))?;
    Ok(python)
}

/// FNV-1a: the same on every system and in every version of Rust, which the standard library's hasher is not.
fn fingerprint(parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.iter());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_list_has_another_fingerprint() {
        assert_eq!(
            fingerprint(&[b"a"]),
            0xaf63_dc4c_8601_ec8c,
            "FNV-1a of one letter, from its specification"
        );
        assert_ne!(
            fingerprint(&[b"x==1"]),
            fingerprint(&[b"x==2"]),
            "an old venv must not serve a new list"
        );
    }
}

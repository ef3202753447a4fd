//! OpenSSL for Windows, built once for each of its versions.
//!
//! The encrypted databases need it, and every profile, compiler or flag would otherwise build it anew for minutes. It is
//! the very source that `openssl-sys` would build, in the version that Cargo.lock names.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::lock::locked_version;
use super::toolchain::debian;
use crate::child::{Invocation, system_program};
use crate::project::Project;
use crate::windows::TARGET;

/// The libraries in the cache.
pub struct OpenSsl {
    folder: PathBuf,
}

impl OpenSsl {
    /// Builds them if they are not there in the version that is locked.
    pub fn prepare(project: &Project, deadline: Instant) -> Result<Self, String> {
        let lock = fs::read_to_string(project.path("Cargo.lock"))
            .map_err(|error| format!("Cargo.lock: {error}"))?;
        let version =
            locked_version(&lock, "openssl-src").ok_or("Cargo.lock names no openssl-src")?;
        // Such as `300.6.1+3.6.3`: the part behind the sign is OpenSSL's.
        let (_, own) = version
            .split_once('+')
            .ok_or("openssl-src names no version of OpenSSL")?;
        let windows = project.cache.join("windows");
        let folder = windows.join(format!("openssl-{own}"));
        if !folder.is_dir() {
            build(project, version, &folder, deadline)?;
        }
        Ok(Self { folder })
    }

    /// Lets a build take them instead of building its own.
    pub fn lend(&self, cargo: Invocation) -> Invocation {
        let prefix = TARGET.to_uppercase().replace('-', "_");
        let name = |variable: &str| format!("{prefix}_OPENSSL_{variable}");
        cargo
            .env(&name("NO_VENDOR"), "1")
            .env(&name("STATIC"), "1")
            .env(&name("DIR"), &self.folder)
    }
}

fn build(project: &Project, version: &str, folder: &Path, deadline: Instant) -> Result<(), String> {
    let work = project.cache.join("windows").join("openssl-build");
    let failed = |error: std::io::Error| format!("building OpenSSL for Windows: {error}");
    if work.exists() {
        fs::remove_dir_all(&work).map_err(failed)?;
    }
    let made = work.join("made");
    write_package(project, version, &work).map_err(failed)?;
    let cargo = debian(project.program(system_program("cargo")))
        .directory(&work)
        .args(["build", "--release"])
        .env("RINGCARD_OPENSSL", &made)
        .env("CARGO_TARGET_DIR", work.join("target"));
    cargo.run(deadline)?;
    fs::rename(made.join("install"), folder).map_err(failed)?;
    fs::remove_dir_all(&work).map_err(failed)
}

/// A package whose build script does nothing else. Its other dependencies have the project's versions.
fn write_package(project: &Project, version: &str, folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    fs::write(
        folder.join("Cargo.toml"),
        format!(
            "[package]\nname = \"libraries\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [build-dependencies]\nopenssl-src = \"={version}\"\n"
        ),
    )?;
    fs::copy(project.path("Cargo.lock"), folder.join("Cargo.lock"))?;
    fs::write(
        folder.join("build.rs"),
        format!(
            "fn main() {{\n    let folder = std::env::var_os(\"RINGCARD_OPENSSL\").expect(\"xtask names it\");\n    \
             openssl_src::Build::new().target(\"{TARGET}\").out_dir(folder).build();\n}}\n"
        ),
    )?;
    fs::write(folder.join("src").join("lib.rs"), "//! Nothing.\n")
}

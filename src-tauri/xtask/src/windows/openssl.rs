//! OpenSSL for Windows, built once for each of its versions, with what the encrypted databases need and nothing else.
//!
//! SQLCipher asks for AES-256-CBC, HMAC over SHA-1 and SHA-2, PBKDF2 and random bytes. The whole library would make the
//! program larger by a third, and every profile, compiler or flag would build it anew for minutes. It is the very source
//! that `openssl-sys` would build, in the version that Cargo.lock names.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::Instant;

use super::lock::locked_version;
use super::toolchain::debian;
use crate::child::{Invocation, system_program};
use crate::project::{Project, cargo_sources};
use crate::windows::TARGET;

/// A change of [`LEFT_OUT`] is another library: this number is part of its folder's name.
const CHOICE: u32 = 1;

/// What is left out. `bulk` stands for all ciphers, hashes and protocols that can be done without.
const LEFT_OUT: [&str; 19] = [
    "bulk",
    "apps",
    "argon2",
    "docs",
    "dtls",
    "err",
    "http",
    "legacy",
    "mdc2",
    "module",
    "quic",
    "rfc3779",
    "scrypt",
    "slh-dsa",
    "sock",
    "ssl",
    "tests",
    "thread-pool",
    "tls",
];

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
        let folder = windows.join(format!("openssl-{own}-small-{CHOICE}"));
        if !folder.is_dir() {
            let source = source(project, version, deadline)?;
            build(project, &source, &folder, deadline)?;
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
            // Nothing here speaks TLS by it.
            .env(&name("LIBS"), "crypto")
            .env(&name("DIR"), &self.folder)
    }
}

/// The folder in which cargo has unpacked the library's source.
fn source(project: &Project, version: &str, deadline: Instant) -> Result<PathBuf, String> {
    let fetch = debian(project.program(system_program("cargo"))).args(["fetch", "--locked"]);
    fetch.run(deadline)?;
    let package = format!("openssl-src-{version}");
    cargo_sources()
        .iter()
        .map(|folder| folder.join(&package).join("openssl"))
        .find(|folder| folder.is_dir())
        .ok_or(format!("cargo has fetched no {package}"))
}

fn build(project: &Project, source: &Path, folder: &Path, deadline: Instant) -> Result<(), String> {
    let work = project.cache.join("windows").join("openssl-build");
    let failed = |error: std::io::Error| format!("building OpenSSL for Windows: {error}");
    if work.exists() {
        fs::remove_dir_all(&work).map_err(failed)?;
    }
    let (tree, made) = (work.join("tree"), work.join("made"));
    fs::create_dir_all(&tree).map_err(failed)?;
    let configure = project.program("perl").arg(source.join("Configure"));
    configure
        .directory(&tree)
        .args(["mingw64", "--cross-compile-prefix=x86_64-w64-mingw32-"])
        // No folder of this PC is written into the library.
        .args(["--prefix=/openssl", "--openssldir=/openssl", "--libdir=lib"])
        .arg("no-shared")
        .args(LEFT_OUT.map(|part| format!("no-{part}")))
        // Ciphers and hashes are assembler: what is made small here is the way to them.
        .args(["-Os", "-ffunction-sections", "-fdata-sections"])
        .run(deadline)?;
    let jobs = available_parallelism().map_or(1, usize::from);
    for target in ["build_libs", "install_dev"] {
        let make = project.program("make").directory(&tree);
        make.args(["--silent", &format!("-j{jobs}"), target])
            .arg(format!("DESTDIR={}", made.display()))
            .run(deadline)?;
    }
    fs::rename(made.join("openssl"), folder).map_err(failed)?;
    fs::remove_dir_all(&work).map_err(failed)
}

//! Rust for Windows on Debian.
//!
//! No toolchain with a Windows standard library can be downloaded everywhere, so one is built once from Debian's own
//! Rust source and kept in the cache beside a target folder of its own. Debian's Rust must do all of it: another
//! version cannot read that source. The system's folders are not touched: `--sysroot` names the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::openssl::OpenSsl;
use crate::child::{Invocation, system_program};
use crate::project::{Project, cargo_sources};

/// What is built for.
pub const TARGET: &str = "x86_64-pc-windows-gnu";

/// What the compiler is told for this target.
const FLAGS: &str = "CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUSTFLAGS";

/// A change of the flags of [`build_standard_library`] is another library: this number is part of its folder's name.
const CHOICE: u32 = 2;

/// Debian's compiler with a standard library for Windows.
pub struct Toolchain {
    sysroot: PathBuf,
    openssl: OpenSsl,
    /// Where it builds.
    pub target: PathBuf,
}

impl Toolchain {
    /// The one in the cache; its standard library is built if there is none for the present compiler.
    pub fn prepare(project: &Project, deadline: Instant) -> Result<Self, String> {
        let compiler = compiler(project)?;
        let windows = project.cache.join("windows");
        let sysroot = windows.join(format!("std-{compiler}-{CHOICE}"));
        if !sysroot.is_dir() {
            build_standard_library(project, &sysroot, deadline)?;
        }
        Ok(Self {
            sysroot,
            openssl: OpenSsl::prepare(project, deadline)?,
            target: windows.join("target"),
        })
    }

    /// Debian's cargo, with what it builds in the cache.
    pub fn cargo(&self, project: &Project) -> Invocation {
        self.building(project.program(system_program("cargo")))
    }

    /// The same for what is handed to people: no path of the PC it was built on is inside.
    pub fn releasing_cargo(&self, project: &Project) -> Invocation {
        let flags = self.flags() + &without_folders();
        self.cargo(project).env(FLAGS, flags)
    }

    /// Debian's cargo with Debian's clippy for a compiler.
    pub fn linting_cargo(&self, project: &Project) -> Invocation {
        self.linting(self.cargo(project))
    }

    /// Lets Debian's clippy compile what is ours.
    pub fn linting(&self, cargo: Invocation) -> Invocation {
        cargo.linting(&system_program("clippy-driver"))
    }

    fn building(&self, invocation: Invocation) -> Invocation {
        self.openssl
            .lend(debian(invocation))
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_INCREMENTAL", "0")
            .env(FLAGS, self.flags())
    }

    fn flags(&self) -> String {
        format!("--sysroot={}", self.sysroot.display())
    }
}

fn build_standard_library(
    project: &Project,
    sysroot: &Path,
    deadline: Instant,
) -> Result<(), String> {
    let work = project.cache.join("windows").join("std-build");
    let failed =
        |error: std::io::Error| format!("building the standard library for Windows: {error}");
    if work.exists() {
        fs::remove_dir_all(&work).map_err(failed)?;
    }
    write_empty_package(&work).map_err(failed)?;
    // Before anything was fetched there is no folder yet whose name is to be left out.
    let fetch = debian(project.program(system_program("cargo"))).args(["fetch", "--locked"]);
    fetch.run(deadline)?;
    let parts = "-Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test";
    let build = debian(project.program(system_program("cargo")))
        .directory(&work)
        .args(["build", "--release", parts, "--target", TARGET])
        .env("RUSTC_BOOTSTRAP", "1")
        // Without the bitcode a release build with link-time optimisation fails.
        .env(
            "RUSTFLAGS",
            format!("-Cembed-bitcode=yes{}", without_folders()),
        )
        .env("CARGO_TARGET_DIR", work.join("target"));
    build.run(deadline)?;
    collect(&work)
        .and_then(|built| fs::rename(built, sysroot))
        .map_err(failed)?;
    fs::remove_dir_all(&work).map_err(failed)
}

/// Flags by which the folders of other people's sources, which name this PC's user, are not written into what is built.
fn without_folders() -> String {
    let sources = cargo_sources().into_iter().map(|folder| {
        let remapped = folder.file_name().unwrap_or_default().to_string_lossy();
        format!(" --remap-path-prefix={}={remapped}", folder.display())
    });
    sources.collect()
}

/// Debian's compiler, cargo and clippy, also where a toolchain manager comes first on the path.
pub fn debian(invocation: Invocation) -> Invocation {
    invocation
        .env("CARGO", system_program("cargo"))
        .env("RUSTC", system_program("rustc"))
}

/// Release and commit of Debian's compiler: a library built by another one cannot be used.
fn compiler(project: &Project) -> Result<String, String> {
    let version = project
        .program(system_program("rustc"))
        .arg("-vV")
        .output()
        .ok_or("Debian's rustc does not answer")?;
    let field = |name: &str| {
        version
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .map_or("unknown", str::trim)
    };
    Ok(format!("{}-{}", field("release:"), field("commit-hash:")))
}

fn write_empty_package(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    fs::write(
        folder.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n",
    )?;
    fs::write(
        folder.join("src").join("lib.rs"),
        "//! Nothing: only the standard library is wanted.\n",
    )
}

/// Gathers the built libraries in the shape of a sysroot.
fn collect(work: &Path) -> std::io::Result<PathBuf> {
    let sysroot = work.join("sysroot");
    let libraries = sysroot.join("lib").join("rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&libraries)?;
    for entry in fs::read_dir(
        work.join("target")
            .join(TARGET)
            .join("release")
            .join("deps"),
    )? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            fs::copy(&path, libraries.join(name))?;
        }
    }
    Ok(sysroot)
}

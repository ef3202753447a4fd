//! Where things lie: the project's root, the cache that outlives a clone, and the target folder.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::child::Invocation;

/// The folders every command works with.
pub struct Project {
    /// The folder with the workspace manifest.
    pub root: PathBuf,
    /// What is expensive to make and survives a fresh clone: target folders, chroot, venv, npm's downloads.
    pub cache: PathBuf,
    /// Where cargo builds.
    pub target: PathBuf,
    shared_target: bool,
}

impl Project {
    /// Finds the project this xtask belongs to, and its cache.
    pub fn find() -> Self {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .ancestors()
            .nth(2)
            .expect("xtask lies two folders below the root")
            .to_path_buf();
        let named = env::var_os("RINGCARD_CACHE")
            .filter(|value| !value.is_empty())
            .map(PathBuf::from);
        let shared_target =
            named.is_some() || env::var_os("CI").is_some_and(|value| value == "true");
        let cache = named.unwrap_or_else(|| home().join(".cache").join("ringcard"));
        let cache = if cache.is_absolute() {
            cache
        } else {
            root.join(cache)
        };
        let target = if shared_target {
            cache.join("target")
        } else {
            root.join("target")
        };
        Self {
            root,
            cache,
            target,
            shared_target,
        }
    }

    /// A path below the root, written with slashes.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Whether a file or folder is there, written with slashes from the root.
    pub fn has(&self, relative: &str) -> bool {
        self.path(relative).exists()
    }

    /// A program of this system, started in the root with a clean environment.
    pub fn program(&self, name: impl AsRef<Path>) -> Invocation {
        Invocation::new(name.as_ref())
            .directory(&self.root)
            .env("RINGCARD_CACHE", &self.cache)
    }

    /// Cargo of the toolchain the developer uses, building into the project's target folder.
    pub fn cargo(&self) -> Invocation {
        let cargo = self.program("cargo").env("CARGO_TARGET_DIR", &self.target);
        // Incremental files of a clone are worth nothing to the next clone and would fill the cache.
        if self.shared_target {
            cargo.env("CARGO_INCREMENTAL", "0")
        } else {
            cargo
        }
    }

    /// The built program of this name in the debug profile.
    pub fn built(&self, name: &str) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The built program of this name in the release profile.
    pub fn released(&self, name: &str) -> PathBuf {
        self.target
            .join("release")
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// Zoho's own OpenAPI files, where the environment or the folder beside the project has them.
    pub fn zoho_interface_files(&self) -> Option<PathBuf> {
        let folder = env::var_os("RINGCARD_ZOHO_OAS")
            .filter(|value| !value.is_empty())
            .map_or_else(|| PathBuf::from("../shared/zoho-oas"), PathBuf::from);
        let folder = if folder.is_absolute() {
            folder
        } else {
            self.root.join(folder)
        };
        folder.is_dir().then_some(folder)
    }
}

/// Whether a program of this name is on the search path.
pub fn is_on_path(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| {
        folder
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
            .is_file()
            || (cfg!(windows) && folder.join(format!("{name}.cmd")).is_file())
    })
}

/// npm's name on this system.
pub const fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// The folders in which cargo unpacks the sources of crates, one for each registry.
pub fn cargo_sources() -> Vec<PathBuf> {
    let home = env::var_os("CARGO_HOME").map_or_else(|| home().join(".cargo"), PathBuf::from);
    let entries = fs::read_dir(home.join("registry").join("src"));
    let folders = entries.into_iter().flatten().filter_map(Result::ok);
    folders.map(|entry| entry.path()).collect()
}

fn home() -> PathBuf {
    let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    env::var_os(name).map_or_else(env::temp_dir, PathBuf::from)
}

//! Debian packages: which are missing, and installing just those.
//!
//! Only root installs. Everyone else is told the one line to run.

use std::time::Instant;

use crate::project::{Project, is_on_path};

/// Packages that serve one purpose and are installed together.
pub struct Set {
    /// What they are for, as shown to people.
    pub purpose: &'static str,
    names: &'static [&'static str],
}

/// C compiler and OpenSSL, for the encrypted SQLite.
pub const BUILD: Set = Set {
    purpose: "building the crates",
    names: &["build-essential", "pkg-config", "libssl-dev"],
};

/// What the shell links on Linux.
pub const WEBKIT: Set = Set {
    purpose: "building the app with windows",
    names: &[
        "build-essential",
        "pkg-config",
        "libwebkit2gtk-4.1-dev",
        "libayatana-appindicator3-dev",
    ],
};

/// Debian's Rust with its own source, and the C compiler for Windows.
pub const WINDOWS: Set = Set {
    purpose: "building for Windows",
    names: &[
        "rustc-web",
        "cargo-web",
        "rust-web-src",
        "rust-web-clippy",
        "gcc-mingw-w64-x86-64-win32",
        "g++-mingw-w64-x86-64-win32",
        "build-essential",
        "perl",
    ],
};

/// A small Windows to run things in.
pub const WINE: Set = Set {
    purpose: "running what was built for Windows",
    names: &["wine", "wine64", "xvfb", "xauth"],
};

/// A Secret Service without a desktop.
pub const KEYRING: Set = Set {
    purpose: "secrets in a keychain",
    names: &["gnome-keyring", "dbus"],
};

/// What packs the program for Windows.
pub const INSTALLER: Set = Set {
    purpose: "the installer for Windows",
    names: &["nsis", "wixl", "msitools"],
};

/// What builds and isolates the real Asterisk.
pub const ASTERISK: Set = Set {
    purpose: "a real Asterisk",
    names: &["debootstrap", "zstd", "iproute2"],
};

/// Python for the peers that are written in it.
pub const PYTHON: Set = Set {
    purpose: "the Python peers",
    names: &["python3", "python3-venv"],
};

/// A browser and fonts for pictures of the windows.
pub const BROWSER: Set = Set {
    purpose: "pictures of the windows",
    names: &[
        "chromium",
        "fonts-dejavu-core",
        "fonts-noto-core",
        "fonts-noto-color-emoji",
        "fontconfig",
    ],
};

/// A screen, window managers, a session bus and the WebDriver of WebKit.
pub const SCREEN: Set = Set {
    purpose: "running the app without a display",
    names: &[
        "xvfb",
        "xauth",
        "x11-utils",
        "x11-apps",
        "dbus",
        "dbus-x11",
        "dunst",
        "libnotify-bin",
        "openbox",
        "xfwm4",
        "xdotool",
        "wmctrl",
        "imagemagick",
        "webkit2gtk-driver",
        "at-spi2-core",
        "libglib2.0-bin",
        "fonts-dejavu-core",
        "fonts-noto-core",
        "fonts-noto-color-emoji",
        "hicolor-icon-theme",
        "adwaita-icon-theme",
    ],
};

/// Whether packages can be asked for here at all.
pub fn are_known_here() -> bool {
    is_on_path("dpkg-query") && is_on_path("apt-get")
}

/// The packages of these sets that are not installed. On a system without dpkg nothing is known to be missing.
pub fn missing(project: &Project, sets: &[&Set]) -> Vec<&'static str> {
    let mut wanted: Vec<&'static str> = sets
        .iter()
        .flat_map(|set| set.names.iter().copied())
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() || !are_known_here() {
        return Vec::new();
    }
    let query = project
        .program("dpkg-query")
        .args(["-W", "-f", "${Package} ${db:Status-Status}\n"])
        .args(&wanted);
    let installed = query.printed().unwrap_or_default();
    wanted.retain(|name| {
        !installed
            .lines()
            .any(|line| line == format!("{name} installed"))
    });
    wanted
}

/// Installs what is missing, set by set, so that one that this distribution lacks does not spoil the others.
pub fn install(project: &Project, sets: &[&Set], deadline: Instant) -> Result<(), String> {
    let mut failures = Vec::new();
    let mut updated = false;
    for set in sets {
        let names = missing(project, &[set]);
        if names.is_empty() {
            continue;
        }
        println!("for {}: {}", set.purpose, names.join(" "));
        let mut result = apt(project, &install_arguments(&names), deadline);
        if result.is_err() && !updated {
            updated = true;
            result = apt(project, &["update"], deadline)
                .and_then(|()| apt(project, &install_arguments(&names), deadline));
        }
        if let Err(why) = result {
            failures.push(format!("{}: {why}", set.purpose));
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures.join("; "))
    }
}

/// The line a person without root's rights asks someone to run.
pub fn line_to_run(names: &[&str]) -> String {
    format!(
        "sudo apt-get install -y --no-install-recommends {}",
        names.join(" ")
    )
}

/// Whether this process may install packages.
pub fn may_install(project: &Project) -> bool {
    project
        .program("id")
        .arg("-u")
        .output()
        .is_some_and(|user| user.trim() == "0")
}

/// Installs what is missing if that is allowed; otherwise says the line to run.
pub fn ensure(project: &Project, sets: &[&Set], deadline: Instant) -> Result<(), String> {
    let names = missing(project, sets);
    if names.is_empty() {
        return Ok(());
    }
    if !may_install(project) {
        return Err(format!(
            "packages are missing, run: {}",
            line_to_run(&names)
        ));
    }
    install(project, sets, deadline)
}

fn install_arguments<'a>(names: &[&'a str]) -> Vec<&'a str> {
    ["install", "-y", "--no-install-recommends"]
        .iter()
        .copied()
        .chain(names.iter().copied())
        .collect()
}

fn apt(project: &Project, arguments: &[&str], deadline: Instant) -> Result<(), String> {
    let apt = project
        .program("apt-get")
        .args(["-q", "-o", "DPkg::Lock::Timeout=600"])
        .args(arguments);
    apt.env("DEBIAN_FRONTEND", "noninteractive").run(deadline)
}

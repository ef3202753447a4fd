//! The stage on secrets: a session bus with a Secret Service of its own, unlocked, and folders that nobody else uses.

use std::fs;

use super::Context;
use super::rust::{CRATES, test_target};

/// Starts the service, then what follows. The password guards invented secrets.
const WITH_SERVICE: &str = r#"printf invented | gnome-keyring-daemon --unlock --components=secrets >/dev/null || exit 1
exec "$@""#;

pub fn run(context: &Context) -> Result<(), String> {
    let project = context.project;
    let home = project.target.join("home-of-secrets");
    let failed = |error: std::io::Error| format!("{}: {error}", home.display());
    if home.exists() {
        fs::remove_dir_all(&home).map_err(failed)?;
    }
    fs::create_dir_all(home.join("data")).map_err(failed)?;
    let program = ["build", "--locked", "--bin", "ringcard-headless"];
    context.run(context.cargo().args(program).args(CRATES))?;
    context.run(test_target(context, "secret_keychain").arg("--no-run"))?;
    let session = ["--", "sh", "-c", WITH_SERVICE, "session"];
    context.run(
        test_target(context, "secret_keychain")
            .under("dbus-run-session", &session)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("RINGCARD_OWN_HOME", &home)
            .env("RINGCARD_HEADLESS", project.built("ringcard-headless")),
    )
}

//! The built app on a screen of its own, with a telephone system and a CRM of the tests.
//!
//! What a test needs of the system is looked at first: without it the test says so and ends.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "tests may stop at the first surprise; each uses its part"
)]

pub mod desk;
pub mod driver;
pub mod mouse;
pub mod page;
pub mod toasts;
pub mod tray;

use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Longer than anything takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What is missing on this system, if anything.
pub fn missing() -> Option<String> {
    let variables = ["DISPLAY", "RINGCARD_APP", "DBUS_SESSION_BUS_ADDRESS"];
    let variable = variables
        .iter()
        .find(|name| std::env::var_os(name).is_none_or(|value| value.is_empty()));
    if let Some(name) = variable {
        return Some(format!("not on this system: {name} is not set"));
    }
    let programs = ["openbox", "xdotool", "WebKitWebDriver"];
    let program = programs.iter().find(|program| !is_there(program));
    program.map(|program| format!("not on this system: {program} is not installed"))
}

/// Runs a scenario, or says why it cannot be run here.
pub fn on_a_screen(scenario: impl Future<Output = ()>) {
    if let Some(why) = missing() {
        assert!(std::env::var_os("CI").is_none(), "{why}");
        println!("{why}");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let _manager = Running::start(Command::new("openbox"));
        page::window_manager_is_there().await;
        scenario.await;
    });
}

/// A program that ends with this value.
pub struct Running(pub Child);

impl Running {
    /// Starts it with its output out of the way.
    pub fn start(mut command: Command) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        Self(child.unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until `look` finds something.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let mut again = tokio::time::interval(Duration::from_millis(20));
    let looking = async {
        loop {
            again.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    };
    let found = tokio::time::timeout(PATIENCE, looking).await;
    found.unwrap_or_else(|_| panic!("in {PATIENCE:?} there was not: {what}"))
}

fn is_there(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

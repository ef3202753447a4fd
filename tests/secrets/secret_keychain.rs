//! Secrets on Linux, in a real Secret Service: what one process keeps, the next one reads, and no file has it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ringcard_cli::Client;
use ringcard_host::{Home, address};
use ringcard_ipc::{Reply, Request, StatusView};
use ringcard_sandbox::pbx::{CTI, Pbx, PbxOptions};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is missing on this system, if anything.
fn missing() -> Option<&'static str> {
    let variables = [
        "RINGCARD_HEADLESS",
        "RINGCARD_OWN_HOME",
        "DBUS_SESSION_BUS_ADDRESS",
    ];
    let lacking = variables
        .into_iter()
        .find(|name| std::env::var_os(name).is_none_or(|value| value.is_empty()))?;
    assert!(
        std::env::var_os("CI").is_none(),
        "the stage secrets sets {lacking}"
    );
    println!("not on this system: {lacking} is not set, the stage secrets sets it");
    Some(lacking)
}

/// The program, with the user's own folders; it ends with this value.
struct Program(Child);

impl Program {
    fn start() -> Self {
        let mut command = Command::new(std::env::var_os("RINGCARD_HEADLESS").unwrap());
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
        Self(quiet.spawn().unwrap())
    }

    async fn leaves_when_asked(mut self) {
        asks(Request::Quit).await;
        let ended = tokio::task::spawn_blocking(move || self.0.wait());
        let ended = tokio::time::timeout(PATIENCE, ended).await;
        assert!(
            ended.unwrap().unwrap().unwrap().success(),
            "it leaves in good order"
        );
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

async fn asks(request: Request) -> Option<Reply> {
    let address = address(&Home::of_user().unwrap());
    let mut client = Client::connect(&address).await.ok()?;
    client.ask(request).await.ok()
}

async fn status_is(what: &str, wanted: impl Fn(&StatusView) -> bool) -> StatusView {
    let mut again = tokio::time::interval(Duration::from_millis(50));
    let looking = async {
        loop {
            again.tick().await;
            if let Some(Reply::Status(status)) = asks(Request::Status).await
                && wanted(&status)
            {
                return *status;
            }
        }
    };
    let found = tokio::time::timeout(PATIENCE, looking).await;
    found.unwrap_or_else(|_| panic!("it never came: {what}"))
}

fn listens(status: &StatusView) -> bool {
    status
        .lines
        .iter()
        .all(|line| line.listening_since.is_some())
}

fn write_settings(home: &Path, port: u16) {
    let folder = home.join("config").join("Ringcard");
    std::fs::create_dir_all(&folder).unwrap();
    let text = format!(
        "[[lines]]\nid = \"desk\"\nname = \"Desk\"\nprovider = \"asterisk\"\nhost = \"127.0.0.1\"\n\
         port = {port}\nuser = \"{}\"\nextension = \"101\"\n",
        CTI.0,
    );
    std::fs::write(folder.join("settings.toml"), text).unwrap();
}

/// Files below a folder that contain the text.
fn files_with(folder: &Path, text: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let found = paths.flat_map(|path| {
        if path.is_dir() {
            return files_with(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        let has = bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes());
        if has { vec![path] } else { Vec::new() }
    });
    found.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_of_one_process_is_read_by_the_next_and_lies_in_no_file() {
    if missing().is_some() {
        return;
    }
    let home = PathBuf::from(std::env::var_os("RINGCARD_OWN_HOME").unwrap());
    let pbx = Pbx::start(PbxOptions::default()).await.unwrap();
    write_settings(&home, pbx.port());
    let first = Program::start();
    status_is("a line without its secret", |status| {
        status.lines[0].trouble.is_some()
    })
    .await;
    let kept = Request::SetSecret {
        name: "line.desk.secret".into(),
        value: CTI.1.into(),
    };
    assert_eq!(
        asks(kept).await,
        Some(Reply::Done),
        "the Secret Service takes it"
    );
    let status = status_is("a line that listens", listens).await;
    assert!(
        !status.secrets_in_file,
        "it is in no file, and that is said"
    );
    first.leaves_when_asked().await;
    let second = Program::start();
    status_is("the same line in another process", listens).await;
    second.leaves_when_asked().await;
    let found = files_with(&home, CTI.1);
    assert_eq!(
        found,
        Vec::<PathBuf>::new(),
        "the secret lies in the keychain alone"
    );
}

//! The peers of the app, its home folder, and the app itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ringcard_cli::Client;
use ringcard_host::{Home, address};
use ringcard_ipc::{AppEvent, Card, PreviewView, Reply, Request};
use ringcard_sandbox::pbx::{CTI, Habits, OnCall, OnKeyNotify, Pbx, PbxOptions, Phone};
use ringcard_sandbox::zoho::{CLIENT_ID, CLIENT_SECRET, SCOPES, World, Zoho};
use serde_json::json;

use super::{PATIENCE, Running, until};

/// A desk: what the app is connected to, and the folder where it keeps everything.
pub struct Desk {
    /// The telephone system.
    pub pbx: Pbx,
    /// The CRM.
    pub zoho: Zoho,
    folder: tempfile::TempDir,
}

impl Desk {
    /// A desk whose CRM knows Erika Mustermann, and whose telephone obeys the buttons.
    pub async fn prepare() -> Self {
        let pbx = Pbx::start(PbxOptions::default()).await.unwrap();
        let zoho = Zoho::with(World::empty()).await.unwrap();
        zoho.adds_contact(json!({
            "First_Name": "Erika", "Last_Name": "Mustermann",
            "Account_Name": "Brandt & Söhne GmbH", "Phone": "+49 (0) 231 1234-56",
        }));
        pbx.phone("101").behaves(Habits {
            on_key_notify: OnKeyNotify::Obeys,
            ..Habits::default()
        });
        let folder = tempfile::tempdir().unwrap();
        let desk = Self { pbx, zoho, folder };
        desk.write_home();
        desk
    }

    fn write_home(&self) {
        let settings = format!(
            "[general]\nlanguage = \"en\"\n\n[dialing]\ncountry = \"DE\"\narea_code = \"231\"\n\n\
             [hotkeys]\nanswer = \"Ctrl+Shift+F8\"\nhang_up = \"Ctrl+Shift+F9\"\n\n\
             [[lines]]\nid = \"desk\"\nname = \"Desk\"\nprovider = \"asterisk\"\n\
             host = \"127.0.0.1\"\nport = {port}\nuser = \"{user}\"\nextension = \"101\"\n\
             hold_context = \"cti-hold\"\nanswer = \"talk_notify\"\n\n\
             [[integrations]]\nid = \"zoho\"\nname = \"Zoho CRM\"\nsource = \"zoho\"\n\
             data_centre = \"custom\"\ncustom_address = \"{url}\"\nclient_id = \"{CLIENT_ID}\"\n",
            port = self.pbx.port(),
            user = CTI.0,
            url = self.zoho.url(),
        );
        std::fs::write(self.folder().join("settings.toml"), settings).unwrap();
        let tokens = json!({
            "data_centre": {"custom": {"accounts": self.zoho.url(), "api": self.zoho.url()}},
            "environment": "production", "client_secret": CLIENT_SECRET,
            "refresh": self.zoho.gives_refresh_token(SCOPES), "access": null,
        });
        let secrets = json!({
            "line.desk.secret": CTI.1, "integration.zoho.tokens": tokens.to_string(),
        });
        std::fs::write(self.folder().join("secrets.json"), secrets.to_string()).unwrap();
    }

    /// Everything of this Ringcard.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where opened addresses are written.
    pub fn opened_file(&self) -> PathBuf {
        self.folder().join("opened.txt")
    }

    /// The built app, started with this desk's folder.
    pub fn app(&self) -> Command {
        let mut command = Command::new(std::env::var_os("RINGCARD_APP").unwrap());
        command.arg("--home").arg(self.folder());
        self.lend(&mut command);
        command
    }

    /// What the app, or who starts it, finds in its environment.
    pub fn lend(&self, command: &mut Command) {
        command
            .env("RINGCARD_TEST_OPEN_FILE", self.opened_file())
            .env("NO_AT_BRIDGE", "1");
    }

    /// Starts the app alone.
    pub fn starts(&self) -> Running {
        Running::start(self.app())
    }

    /// The way to the running app: it listens and knows its contacts.
    pub async fn line(&self) -> Line {
        let home = Home::in_folder(self.folder());
        let address = address(&home);
        let client = until("a running app", async || {
            Client::connect(&address).await.ok()
        })
        .await;
        let mut line = Line { client };
        until("a line that listens, a mirror that is filled", async || {
            let reply = line.ask(Request::Status).await;
            let Reply::Status(status) = reply else {
                return None;
            };
            let listens = status.lines.iter().all(|one| one.listening_since.is_some());
            let filled = status
                .integrations
                .iter()
                .all(|one| one.last_success.is_some());
            (listens && filled).then_some(())
        })
        .await;
        line
    }

    /// Waits until the app has ended: nobody serves its address any more.
    pub async fn sees_the_app_go(&self) {
        let address = address(&Home::in_folder(self.folder()));
        until("the end of the app", async || {
            Client::connect(&address).await.is_err().then_some(())
        })
        .await;
    }

    /// A known caller rings at the agent's telephone.
    pub fn erika_rings(&self) -> Phone {
        self.pbx.rings("+4923155501101").from("0231123456").place()
    }

    /// A colleague picks up at once.
    pub fn colleague_answers(&self, extension: &str) {
        self.pbx.phone(extension).behaves(Habits {
            on_call: OnCall::Answers(std::time::Duration::ZERO),
            ..Habits::default()
        });
    }
}

impl Drop for Desk {
    /// Nothing of a test may live on: a program that a driver has started does not end with it, and keeps the keys that
    /// the next one asks for.
    fn drop(&mut self) {
        for process in with_word(self.folder()) {
            let kill = ["-c", "kill -KILL \"$0\"", &process];
            // One that has ended meanwhile is no failure.
            let _ = Command::new("sh").args(kill).stderr(Stdio::null()).status();
        }
    }
}

/// The processes on whose command line this folder is.
fn with_word(folder: &Path) -> Vec<String> {
    let folder = folder.as_os_str().as_encoded_bytes();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let named = entries.filter(|entry| {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|word| word == folder)
    });
    named
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

/// A connection to the running app, as the command line has one.
pub struct Line {
    client: Client,
}

impl Line {
    /// Asks.
    pub async fn ask(&mut self, request: Request) -> Reply {
        let asking = tokio::time::timeout(PATIENCE, self.client.ask(request));
        asking.await.expect("an answer in time").unwrap()
    }

    /// Hears every change from now on.
    pub async fn watch(&mut self) {
        assert_eq!(self.ask(Request::Watch).await, Reply::Done);
    }

    /// Waits until the cards are as wanted.
    pub async fn cards(
        &mut self,
        what: &str,
        wanted: impl Fn(&PreviewView) -> bool,
    ) -> PreviewView {
        let waiting = async {
            loop {
                if let AppEvent::Preview(view) = self.client.next_event().await.unwrap()
                    && wanted(&view)
                {
                    return *view;
                }
            }
        };
        let heard = tokio::time::timeout(PATIENCE, waiting).await;
        heard.unwrap_or_else(|_| panic!("in {PATIENCE:?} there was not: {what}"))
    }

    /// Waits until a card is as wanted.
    pub async fn card(&mut self, what: &str, wanted: impl Fn(&Card) -> bool) -> Card {
        let view = self
            .cards(what, |view| view.cards.iter().any(&wanted))
            .await;
        view.cards.into_iter().find(wanted).unwrap()
    }
}

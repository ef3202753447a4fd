//! A desk for tests: the whole application without windows, at a PBX and a Zoho of our own.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ringcard_host::{Home, Options, Running, start};
use ringcard_ipc::{AppEvent, Card, Failure, Notice, Reply, Request, StatusView};
use ringcard_sandbox::pbx::{CTI, Habits, OnCall, Pbx, PbxOptions};
use ringcard_sandbox::zoho::{CLIENT_ID, CLIENT_SECRET, SCOPES, World, Zoho};
use serde_json::json;
use tokio::sync::broadcast;

/// Longer than anything takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The application with its peers.
pub struct Desk {
    /// The telephone system.
    pub pbx: Pbx,
    /// The CRM.
    pub zoho: Zoho,
    /// Addresses that were opened.
    pub opened: Arc<Mutex<Vec<String>>>,
    folder: tempfile::TempDir,
    running: Option<Running>,
    events: Option<broadcast::Receiver<AppEvent>>,
}

impl Desk {
    /// A desk whose CRM has the contacts that `people` adds. It listens, and its mirror is filled.
    pub async fn with(people: impl FnOnce(&Zoho)) -> Self {
        let pbx = Pbx::start(PbxOptions::default()).await.unwrap();
        let zoho = Zoho::with(World::empty()).await.unwrap();
        people(&zoho);
        let mut desk = Self {
            pbx,
            zoho,
            opened: Arc::default(),
            folder: tempfile::tempdir().unwrap(),
            running: None,
            events: None,
        };
        desk.write_home();
        desk.begins().await.unwrap();
        desk.is_ready().await;
        desk
    }

    /// A desk whose CRM knows Erika Mustermann.
    pub async fn that_knows_erika() -> Self {
        Self::with(|zoho| {
            let person = json!({
                "First_Name": "Erika", "Last_Name": "Mustermann",
                "Account_Name": "Brandt & Söhne GmbH", "Phone": "+49 (0) 231 1234-56",
            });
            zoho.adds_contact(person);
        })
        .await
    }

    /// Settings and secrets. Cards stay, so that a busy machine loses none that a test still looks at.
    fn write_home(&self) {
        let settings = format!(
            "[general]\nhide_after_seconds = 600\n\n\
             [dialing]\ncountry = \"DE\"\narea_code = \"231\"\n\n\
             [[lines]]\nid = \"desk\"\nname = \"Desk\"\nprovider = \"asterisk\"\n\
             host = \"127.0.0.1\"\nport = {port}\nuser = \"{user}\"\nextension = \"101\"\n\
             hold_context = \"cti-hold\"\nanswer = \"talk_notify\"\nasks_presentation = true\n\n\
             [[integrations]]\nid = \"zoho\"\nname = \"Zoho CRM\"\nsource = \"zoho\"\n\
             data_centre = \"custom\"\ncustom_address = \"{url}\"\nclient_id = \"{CLIENT_ID}\"\n",
            port = self.pbx.port(),
            user = CTI.0,
            url = self.zoho.url(),
        );
        std::fs::write(self.folder.path().join("settings.toml"), settings).unwrap();
        let tokens = json!({
            "data_centre": {"custom": {"accounts": self.zoho.url(), "api": self.zoho.url()}},
            "environment": "production", "client_secret": CLIENT_SECRET,
            "refresh": self.zoho.gives_refresh_token(SCOPES), "access": null,
        });
        let secrets = json!({
            "line.desk.secret": CTI.1, "integration.zoho.tokens": tokens.to_string(),
        });
        std::fs::write(self.folder.path().join("secrets.json"), secrets.to_string()).unwrap();
    }

    /// The folder of everything.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// What `start` takes for this desk.
    pub fn options(&self) -> Options {
        let opened = self.opened.clone();
        Options {
            home: Home::in_folder(self.folder.path()),
            open_url: Arc::new(move |url: &str| opened.lock().unwrap().push(url.to_owned())),
        }
    }

    /// Ringcard starts.
    pub async fn begins(&mut self) -> Result<(), Failure> {
        let running = start(self.options()).await?;
        self.events = Some(running.handle.watch());
        self.running = Some(running);
        Ok(())
    }

    /// Ringcard ends, as by "Quit".
    pub async fn ends(&mut self) {
        let running = self.running.take().expect("it runs");
        running.handle.quit().await;
        running.task.await.unwrap();
    }

    /// Everything that is told from now on.
    pub fn events_from_now(&self) -> broadcast::Receiver<AppEvent> {
        self.running.as_ref().expect("it runs").handle.watch()
    }

    /// Asks as a window would.
    pub async fn ask(&self, request: Request) -> Reply {
        let running = self.running.as_ref().expect("it runs");
        tokio::time::timeout(PATIENCE, running.handle.ask(request))
            .await
            .expect("an answer")
    }

    /// The line listens and the mirror is filled.
    pub async fn is_ready(&mut self) {
        self.status_is("listening with a filled mirror", |status| {
            status
                .lines
                .iter()
                .all(|line| line.listening_since.is_some())
                && status
                    .integrations
                    .iter()
                    .all(|one| one.last_success.is_some())
        })
        .await;
    }

    /// Waits until the status is as wanted.
    pub async fn status_is(
        &mut self,
        what: &str,
        wanted: impl Fn(&StatusView) -> bool,
    ) -> StatusView {
        if let Reply::Status(status) = self.ask(Request::Status).await
            && wanted(&status)
        {
            return *status;
        }
        hears(self.unheard(), what, |event| match event {
            AppEvent::Status(status) if wanted(status) => Some(status.as_ref().clone()),
            _ => None,
        })
        .await
    }

    /// Waits until a card of the preview is as wanted. How it was before does not count.
    pub async fn card_is(&self, what: &str, wanted: impl Fn(&Card) -> bool) -> Card {
        let mut events = self.events_from_now();
        if let Reply::Preview(view) = self.ask(Request::Preview).await
            && let Some(card) = view.cards.iter().find(|card| wanted(card))
        {
            return card.clone();
        }
        hears(&mut events, what, |event| match event {
            AppEvent::Preview(view) => view.cards.iter().find(|card| wanted(card)).cloned(),
            _ => None,
        })
        .await
    }

    /// Waits for something to be told once.
    pub async fn notice(&mut self) -> Notice {
        hears(self.unheard(), "a notice", |event| match event {
            AppEvent::Notice(notice) => Some(notice.clone()),
            _ => None,
        })
        .await
    }

    /// What was told and no test has waited for yet.
    fn unheard(&mut self) -> &mut broadcast::Receiver<AppEvent> {
        self.events.as_mut().expect("it runs")
    }

    /// The company's client has a secret, which a sign-in with a code needs.
    pub async fn keeps_the_client_secret(&self) {
        let secret = Request::SetSecret {
            name: "integration.zoho.client_secret".into(),
            value: CLIENT_SECRET.into(),
        };
        assert_eq!(self.ask(secret).await, Reply::Done);
    }

    /// A colleague picks up at once.
    pub fn colleague_answers(&self, extension: &str) {
        self.pbx.phone(extension).behaves(Habits {
            on_call: OnCall::Answers(Duration::ZERO),
            ..Habits::default()
        });
    }
}

async fn hears<T>(
    events: &mut broadcast::Receiver<AppEvent>,
    what: &str,
    wanted: impl Fn(&AppEvent) -> Option<T>,
) -> T {
    let waiting = async {
        loop {
            match events.recv().await {
                Ok(event) => {
                    if let Some(found) = wanted(&event) {
                        return found;
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => panic!("Ringcard ended"),
            }
        }
    };
    let heard = tokio::time::timeout(PATIENCE, waiting).await;
    heard.unwrap_or_else(|_| panic!("in {PATIENCE:?} there was not: {what}"))
}

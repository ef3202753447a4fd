//! The run loop: waits for what happens, steps the state, performs the effects.

use std::sync::Arc;

use ringcard_app::Event;
use ringcard_ipc::{AppEvent, ErrorCode, Failure, Reply, Request};
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::clock::{Clocks, wall};
use crate::databases::Databases;
use crate::desk::Desk;
use crate::home::Home;
use crate::logs::Logs;
use crate::secrets::{SecretStore, database_key, store};
use crate::{session, settings, socket};

/// Messages that may wait for the loop.
const INBOX: usize = 4_096;

/// Events that a slow listener may fall behind before it is told to look again.
const BEHIND: usize = 256;

/// What the loop receives.
pub enum Inbox {
    /// Something happened.
    Event(Event),
    /// A window or the command line asks.
    Ask(Request, oneshot::Sender<Reply>),
    /// Somebody signed in: the source is to be built anew.
    SignedIn(ringcard_core::IntegrationId),
    /// The journal began to wait for the disk, or waits no more.
    JournalWaits,
    /// The end.
    Quit,
}

/// What a shell decides.
pub struct Options {
    /// The folders.
    pub home: Home,
    /// Opens a checked address in the browser.
    pub open_url: Arc<dyn Fn(&str) + Send + Sync>,
}

/// The way to ask and to listen. Cheap to clone.
#[derive(Clone)]
pub struct Handle {
    inbox: mpsc::Sender<Inbox>,
    events: broadcast::Sender<AppEvent>,
}

impl Handle {
    /// Asks, and waits for the answer.
    pub async fn ask(&self, request: Request) -> Reply {
        let (sender, answer) = oneshot::channel();
        let ending = || Reply::Failed(Failure::new(ErrorCode::Ending, "Ringcard is ending."));
        if self.inbox.send(Inbox::Ask(request, sender)).await.is_err() {
            return ending();
        }
        answer.await.unwrap_or_else(|_| ending())
    }

    /// Every change from now on.
    pub fn watch(&self) -> broadcast::Receiver<AppEvent> {
        self.events.subscribe()
    }

    /// Ends the loop. No call is touched.
    pub async fn quit(&self) {
        let _ = self.inbox.send(Inbox::Quit).await;
    }
}

/// A Ringcard that runs.
pub struct Running {
    /// The way to it.
    pub handle: Handle,
    /// Ends when the loop has ended and everything is on disk.
    pub task: JoinHandle<()>,
}

/// Starts everything. Fails when another Ringcard of this home runs, when the settings are broken,
/// or when the journal cannot be opened.
pub async fn start(options: Options) -> Result<Running, Failure> {
    let home = options.home;
    home.prepare().map_err(|_| {
        let message = "Ringcard's folder cannot be made. Check the disk and who may write there.";
        Failure::new(ErrorCode::Internal, message)
    })?;
    let listener = socket::Listener::bind(&home).await?;
    let logs = Logs::start(&home.logs());
    let secrets: Arc<dyn SecretStore> = Arc::from(store(&home));
    let policy = settings::load_policy(&home);
    let settings = settings::load(&home.settings_file(), &policy.policy)?;
    let databases = Databases::open(&home, database_key(secrets.as_ref())?, wall())?;
    let (inbox, queue) = mpsc::channel(INBOX);
    let (events, _) = broadcast::channel(BEHIND);
    let handle = Handle {
        inbox: inbox.clone(),
        events: events.clone(),
    };
    let rooms = Rooms {
        home,
        databases,
        secrets,
        logs,
        inbox,
        events,
        open_url: options.open_url,
        clocks: Clocks::start(),
    };
    let watching = session::watch(rooms.inbox.clone());
    let desk = Desk::new(rooms, settings, policy)?;
    let serving = tokio::spawn(listener.serve(handle.clone()));
    let task = tokio::spawn(async move {
        run(desk, queue).await;
        drop(watching);
        serving.abort();
        let _ = serving.await;
    });
    Ok(Running { handle, task })
}

/// What the loop and its tasks share.
#[derive(Clone)]
pub struct Rooms {
    /// The folders.
    pub home: Home,
    /// Journal and mirrors.
    pub databases: Databases,
    /// Secrets.
    pub secrets: Arc<dyn SecretStore>,
    /// Logs.
    pub logs: Logs,
    /// To the loop.
    pub inbox: mpsc::Sender<Inbox>,
    /// To everybody who listens.
    pub events: broadcast::Sender<AppEvent>,
    /// Opens a checked address in the browser.
    pub open_url: Arc<dyn Fn(&str) + Send + Sync>,
    /// The clocks.
    pub clocks: Clocks,
}

async fn run(mut desk: Desk, mut queue: mpsc::Receiver<Inbox>) {
    desk.begin().await;
    loop {
        let message = match desk.sleeps_until() {
            Some(deadline) => tokio::select! {
                message = queue.recv() => message,
                () = tokio::time::sleep_until(deadline.into()) => Some(Inbox::Event(Event::Tick)),
            },
            None => queue.recv().await,
        };
        match message {
            Some(Inbox::Event(event)) => desk.step(event).await,
            Some(Inbox::Ask(Request::Quit, reply)) => {
                let _ = reply.send(Reply::Done);
                break;
            }
            Some(Inbox::Ask(request, reply)) => desk.ask(request, reply).await,
            Some(Inbox::SignedIn(id)) => desk.signed_in(&id).await,
            Some(Inbox::JournalWaits) => desk.journal_waits(),
            Some(Inbox::Quit) | None => break,
        }
    }
    desk.end().await;
}

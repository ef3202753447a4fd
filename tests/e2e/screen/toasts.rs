//! The desktop's notifications: a server of our own, which writes down what it is to show, and a hand that clicks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zbus::object_server::SignalEmitter;
use zbus::{Connection, OwnedVariant, interface};

use super::until;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// What the desktop was asked to show.
#[derive(Clone, Debug)]
pub struct Toast {
    /// The first line, which no desktop interprets.
    pub title: String,
    /// The rest.
    pub body: String,
    id: u32,
}

/// The notifications of this session.
pub struct Toasts {
    connection: Connection,
    shown: Arc<Mutex<Vec<Toast>>>,
}

struct Server {
    shown: Arc<Mutex<Vec<Toast>>>,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Server {
    #[expect(
        clippy::too_many_arguments,
        reason = "the interface of freedesktop.org"
    )]
    fn notify(
        &self,
        _app: String,
        _replaces: u32,
        _icon: String,
        title: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedVariant>,
        _timeout: i32,
    ) -> u32 {
        let mut shown = self.shown.lock().unwrap();
        let id = u32::try_from(shown.len()).unwrap() + 1;
        shown.push(Toast { title, body, id });
        id
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["actions".to_owned(), "body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let text = str::to_owned;
        (text("toasts"), text("tests"), text("1"), text("1.2"))
    }

    fn close_notification(&self, _id: u32) {}

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str)
    -> zbus::Result<()>;
}

impl Toasts {
    /// Takes the session's notifications. To be there before the app.
    pub async fn open() -> Self {
        let shown = Arc::<Mutex<Vec<_>>>::default();
        let server = Server {
            shown: shown.clone(),
        };
        let connection = zbus::connection::Builder::session()
            .name(NAME)
            .serve_at(PATH, server)
            .build()
            .await
            .unwrap();
        Self { connection, shown }
    }

    /// Waits for a notification with this beginning.
    pub async fn that_begins(&self, title: &str) -> Toast {
        until(title, async || {
            let shown = self.shown.lock().unwrap();
            shown
                .iter()
                .find(|one| one.title.starts_with(title))
                .cloned()
        })
        .await
    }

    /// Everything that was shown.
    pub fn all(&self) -> Vec<Toast> {
        self.shown.lock().unwrap().clone()
    }

    /// Clicks a notification.
    pub async fn clicks(&self, toast: &Toast) {
        let emitter = SignalEmitter::new(&self.connection, PATH).unwrap();
        Server::action_invoked(&emitter, toast.id, "default")
            .await
            .unwrap();
    }
}

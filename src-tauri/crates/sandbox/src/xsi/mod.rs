//! The BroadWorks Xsi of the PBX: Xsi-Actions and Xsi-Events v2.0 on loopback, for the same telephones and calls that the
//! manager interface shows, as unkind as the real ones.
//!
//! What is published of the interface is followed; what is not is assumed, and said so where it is done. It shares no
//! wire code with the product. Words of documents stand in `document`, events in `book`, what may break in `verbs`.

mod actions;
mod answer;
mod book;
mod conference;
mod directory;
mod document;
mod events;
mod gate;
mod package;
mod request;
mod server;
mod state;
mod stream;
mod verbs;
mod xml;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use answer::Charset;
pub use request::SeenRequest;

use crate::pbx::{Pbx, Sight, house_staff};
use server::Shared;
use state::State;

/// The domain of all users.
pub const DOMAIN: &str = "sandbox.example";

/// The user of an extension, as one signs in.
pub fn user_of(extension: &str) -> String {
    format!("{extension}@{DOMAIN}")
}

/// The password of that user, invented.
pub fn password_of(extension: &str) -> String {
    format!("xsi-secret-{extension}")
}

/// The token of that user for `Authorization: Bearer`, invented.
pub fn token_of(extension: &str) -> String {
    format!("xsi-token-{extension}")
}

/// Where below the host the parts of the interface are. Operators move them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots {
    /// What is done and asked.
    pub actions: String,
    /// What is subscribed to.
    pub events: String,
    /// Where events come from.
    pub channel: String,
}

impl Default for Roots {
    fn default() -> Self {
        Self {
            actions: "com.broadsoft.xsi-actions".to_owned(),
            events: "com.broadsoft.xsi-events".to_owned(),
            channel: "com.broadsoft.async/com.broadsoft.xsi-events".to_owned(),
        }
    }
}

/// How long the server waits for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A channel without a sign of life for this long is closed.
    pub channel: Duration,
    /// So is one with an event that nobody acknowledged for this long.
    pub acknowledgement: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            channel: Duration::from_secs(30),
            acknowledgement: Duration::from_secs(30),
        }
    }
}

/// What differs from one server to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XsiOptions {
    /// The port; 0 takes a free one.
    pub port: u16,
    /// Where the parts of the interface are.
    pub roots: Roots,
    /// How long it waits for a client.
    pub limits: Limits,
    /// How many colleagues a page of the directory has when nobody says, and at most.
    pub directory_page: usize,
}

impl Default for XsiOptions {
    fn default() -> Self {
        Self {
            port: 0,
            roots: Roots::default(),
            limits: Limits::default(),
            directory_page: 50,
        }
    }
}

/// Somebody in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The number inside the house.
    pub extension: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
}

/// A running Xsi server. It ends when this is dropped; its PBX goes on.
pub struct Xsi {
    shared: Arc<Shared>,
    address: SocketAddr,
    accepting: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Xsi {
    /// Starts a server for the telephones of a PBX. Must be called inside a tokio runtime.
    pub async fn start(pbx: &Pbx, options: XsiOptions) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let state = State::new(staff());
        let shared = Arc::new(Shared::new(state, pbx.switch(), options));
        let watching = Arc::downgrade(&shared);
        shared.switch.watch(Box::new(move |sight: &Sight| {
            let Some(shared) = watching.upgrade() else {
                return false;
            };
            shared.look(sight);
            true
        }));
        let accepting = tokio::spawn(server::accept(listener, Arc::clone(&shared)));
        Ok(Self {
            shared,
            address,
            accepting: tokio::sync::Mutex::new(Some(accepting)),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base of its URLs, without a root.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Xsi {
    fn drop(&mut self) {
        if let Some(accepting) = self.accepting.get_mut().take() {
            accepting.abort();
        }
        self.shared.cut_all();
    }
}

/// The directory begins with those who have a telephone.
fn staff() -> Vec<Colleague> {
    let named = |(extension, name): (&str, &str)| {
        let (first_name, last_name) = name.split_once(' ').unwrap_or(("", name));
        Colleague {
            extension: extension.to_owned(),
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
        }
    };
    house_staff().map(named).collect()
}

//! A Zoho on loopback: accounts server and CRM API in one, as unkind as the real one.
//!
//! Start it, hand `address()` to a client as both its accounts and its API base, and tell it with
//! the verbs what to do: `zoho.goes_offline()`, `zoho.expires_access_tokens()`.
//! What Zoho does not document is assumed, and said so where it is done.

mod accounts;
mod answer;
mod budget;
mod checks;
mod clock;
mod coql;
mod coql_parser;
mod criteria;
mod crm;
mod deleted;
mod field_metadata;
mod fields;
mod list;
mod modules;
mod paging;
mod request;
mod search;
mod server;
mod settings;
mod sign_in;
mod state;
mod verbs;
mod world;
mod write;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, MutexGuard};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use request::SeenRequest;
pub use world::{AGENTS, Agent, World};

use server::Shared;
use state::State;

/// The client id that the sandbox knows.
pub const CLIENT_ID: &str = "1000.SANDBOXRINGCARD";
/// The secret of that client.
pub const CLIENT_SECRET: &str = "sandbox-secret-of-no-value";
/// Every scope that Ringcard may ask for, as one parameter.
pub const SCOPES: &str = "ZohoCRM.modules.ALL,ZohoCRM.settings.modules.READ,\
ZohoCRM.settings.fields.READ,ZohoCRM.org.READ,ZohoCRM.users.READ,ZohoCRM.coql.READ,\
ZohoSearch.securesearch.READ";

/// A running sandbox Zoho. It ends when this is dropped.
#[derive(Debug)]
pub struct Zoho {
    shared: Arc<Shared>,
    address: SocketAddr,
    accepting: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Zoho {
    /// Starts with the world of the demo, on a free port.
    pub async fn start() -> io::Result<Self> {
        Self::on_port(0, World::demo()).await
    }

    /// Starts with a world of the test's own, on a free port.
    pub async fn with(world: World) -> io::Result<Self> {
        Self::on_port(0, world).await
    }

    /// Starts on a port; 0 takes a free one.
    pub async fn on_port(port: u16, world: World) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(State::new(format!("http://{address}"), world)));
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

    /// The base of its URLs, for accounts and API alike.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state()
    }
}

impl Drop for Zoho {
    fn drop(&mut self) {
        if let Some(accepting) = self.accepting.get_mut().take() {
            accepting.abort();
        }
        self.shared.cut_all();
    }
}

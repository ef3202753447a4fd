//! A desk with a sign-in at the sandbox Zoho: settings, tokens and a clock of its own.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod liar;

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ringcard_core::{IntegrationId, Timestamp};
use ringcard_crm::http::{Options, Reach};
use ringcard_crm::sources::zoho::{
    Clock, Config, DataCentre, Environment, LoopbackUrl, LoopbackZoho, Setup, Tokens, ZohoSource,
};
use ringcard_crm::{CrmSource as _, Error, ListRequest, Module, Page};
use ringcard_sandbox::zoho::{CLIENT_ID, CLIENT_SECRET, SCOPES, Zoho};

/// Settings for a sandbox.
pub fn config(zoho: &Zoho) -> Config {
    config_at(&zoho.url())
}

/// Settings for a server on this machine.
pub fn config_at(url: &str) -> Config {
    let url = || LoopbackUrl::try_from(url.to_owned()).expect("it is on loopback");
    let here = LoopbackZoho {
        accounts: url(),
        api: url(),
    };
    Config::new(DataCentre::Custom(here), CLIENT_ID)
}

/// What a test has instead of a PC.
pub struct Desk {
    pub config: Config,
    pub tokens: Tokens,
    moved_by: Arc<AtomicI64>,
    pub kept: Arc<Mutex<Option<Tokens>>>,
    pub changes: Arc<AtomicUsize>,
}

impl Desk {
    /// Signed in with every scope.
    pub fn at(zoho: &Zoho) -> Self {
        Self::with_scopes(zoho, SCOPES)
    }

    /// Signed in with these scopes.
    pub fn with_scopes(zoho: &Zoho, scopes: &str) -> Self {
        Self::with(config(zoho), zoho.gives_refresh_token(scopes))
    }

    /// Signed in with this refresh token.
    pub fn with(config: Config, refresh: String) -> Self {
        let tokens = Tokens {
            data_centre: config.data_centre.clone(),
            environment: Environment::Production,
            client_secret: Some(CLIENT_SECRET.to_owned().into()),
            refresh: refresh.into(),
            access: None,
            locked_until: None,
        };
        Self {
            config,
            tokens,
            moved_by: Arc::default(),
            kept: Arc::default(),
            changes: Arc::default(),
        }
    }

    /// A clock that the test can move.
    pub fn clock(&self) -> Clock {
        let moved_by = Arc::clone(&self.moved_by);
        Arc::new(move || now_plus(moved_by.load(Ordering::SeqCst)))
    }

    /// The desk's time.
    pub fn now(&self) -> Timestamp {
        (self.clock())()
    }

    /// Time passes at this desk.
    pub fn time_passes(&self, time: Duration) {
        let millis = i64::try_from(time.as_millis()).expect("a short time");
        self.moved_by.fetch_add(millis, Ordering::SeqCst);
    }

    pub fn source(&self) -> ZohoSource {
        self.source_with(self.tokens.clone(), None)
    }

    /// One that soon gives up waiting.
    pub fn impatient_source(&self) -> ZohoSource {
        let limits = Options {
            read: Duration::from_millis(1500),
            ..Options::to(Reach::Loopback)
        };
        self.source_with(self.tokens.clone(), Some(limits))
    }

    pub fn source_with(&self, tokens: Tokens, limits: Option<Options>) -> ZohoSource {
        let (kept, changes) = (Arc::clone(&self.kept), Arc::clone(&self.changes));
        let setup = Setup {
            integration: IntegrationId::new("zoho"),
            config: self.config.clone(),
            tokens,
            clock: self.clock(),
            sink: Arc::new(move |tokens| {
                changes.fetch_add(1, Ordering::SeqCst);
                *kept.lock().expect("no panic") = Some(tokens.clone());
            }),
            limits,
        };
        ZohoSource::new(setup).expect("a client for this machine")
    }

    pub async fn module(&self, source: &ZohoSource, name: &str) -> Module {
        let (modules, _) = source.modules().await.expect("modules");
        let found = modules.into_iter().find(|module| module.name == name);
        found.expect("the sandbox has this module")
    }

    pub async fn first_page(&self, source: &ZohoSource, module: &Module) -> Result<Page, Error> {
        let request = ListRequest {
            module,
            since: None,
            page: None,
        };
        source.list(request).await
    }

    /// Every id of a module, in the order of the pages.
    pub async fn walk(&self, source: &ZohoSource, module: &Module) -> Result<Vec<String>, Error> {
        let mut ids = Vec::new();
        let mut next = None;
        loop {
            let request = ListRequest {
                module,
                since: None,
                page: next.as_ref(),
            };
            let page = source.list(request).await?;
            ids.extend(page.contacts.into_iter().map(|contact| contact.record.id));
            ids.extend(page.gone);
            next = page.next;
            if next.is_none() {
                return Ok(ids);
            }
        }
    }
}

fn now_plus(millis: i64) -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    Timestamp(i64::try_from(since.as_millis()).expect("before the year 292278994") + millis)
}

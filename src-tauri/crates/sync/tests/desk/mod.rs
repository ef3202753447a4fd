//! A desk with a mirror on its disk and a sign-in at the sandbox Zoho.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ringcard_core::number::{PhoneNumber, Region};
use ringcard_core::{Contact, CrmRecord, IntegrationId, Matches, Timestamp};
use ringcard_crm::sources::zoho::{
    Config, DataCentre, Environment, LoopbackUrl, LoopbackZoho, Setup, Tokens, ZohoSource,
};
use ringcard_mirror::{LookupContext, Mirror, Place};
use ringcard_sandbox::zoho::{CLIENT_ID, CLIENT_SECRET, SCOPES, World, Zoho};
use ringcard_sync::{Depth, Stopped, SyncNews, SyncProgress, SyncReport, SyncRequest, run};
use serde_json::json;
use tempfile::TempDir;

/// One PC.
pub struct Desk {
    pub source: Arc<ZohoSource>,
    pub mirror: Arc<Mirror>,
    pub modules: Vec<String>,
    later: Duration,
    folder: TempDir,
}

impl Desk {
    /// Signed in, with an empty mirror of leads, contacts and accounts.
    pub fn at(zoho: &Zoho) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            source: Arc::new(source(zoho)),
            mirror: Arc::new(open(&folder)),
            modules: ["Leads", "Contacts", "Accounts"].map(str::to_owned).into(),
            later: Duration::ZERO,
            folder,
        }
    }

    /// The program was killed and starts again: another process, the same disk.
    pub fn restarts(self, zoho: &Zoho) -> Self {
        let Self {
            mirror,
            modules,
            later,
            folder,
            ..
        } = self;
        drop(mirror);
        Self {
            source: Arc::new(source(zoho)),
            mirror: Arc::new(open(&folder)),
            modules,
            later,
            folder,
        }
    }

    /// Time passes on this PC's clock.
    pub fn time_passes(&mut self, time: Duration) {
        self.later += time;
    }

    pub fn request(&self, depth: Depth) -> SyncRequest {
        SyncRequest {
            depth,
            modules: self.modules.clone(),
            now: now().plus(self.later),
            credits_left: None,
        }
    }

    pub async fn refresh(&self, depth: Depth) -> Result<SyncReport, Stopped> {
        self.refresh_with(&self.request(depth), &|_| {}).await
    }

    pub async fn refresh_with(
        &self,
        request: &SyncRequest,
        listener: &(dyn Fn(SyncProgress) + Send + Sync),
    ) -> Result<SyncReport, Stopped> {
        let progress_only = |news: SyncNews| {
            if let SyncNews::Progress(progress) = news {
                listener(progress);
            }
        };
        run(self.source.as_ref(), &self.mirror, request, &progress_only).await
    }

    /// Who has this number?
    pub fn looks_up(&self, number: &str) -> Matches {
        let number = PhoneNumber::Global(number.to_owned());
        let context = LookupContext::default();
        self.mirror
            .lookup(&number, &context)
            .expect("a readable mirror")
    }

    pub fn contact(&self, module: &str, id: &str) -> Option<Contact> {
        let record = CrmRecord {
            integration: IntegrationId::new("zoho"),
            module: module.to_owned(),
            id: id.to_owned(),
        };
        self.mirror.contact(&record).expect("a readable mirror")
    }

    pub fn count(&self) -> u64 {
        self.mirror.count().expect("a readable mirror")
    }
}

/// A small organisation: three pages of contacts, two of leads, one of accounts.
pub async fn organisation() -> Zoho {
    let zoho = Zoho::with(World::empty()).await.expect("a free port");
    for number in 0..450 {
        let name = format!("Muster {number}");
        zoho.adds_contact(json!({"Last_Name": name, "Phone": format!("+49 30 5550{number:03}")}));
    }
    for number in 0..230 {
        zoho.adds_lead(
            json!({"Last_Name": format!("Interesse {number}"), "Company": "Muster GmbH"}),
        );
    }
    for number in 0..20 {
        zoho.adds(
            "Accounts",
            json!({"Account_Name": format!("Firma {number}")}),
        );
    }
    // Old enough that no overlap reads them again.
    zoho.time_passes(Duration::from_secs(3600));
    zoho
}

/// Records that a whole mirror holds.
pub fn expected(zoho: &Zoho, modules: &[String]) -> u64 {
    modules
        .iter()
        .map(|module| zoho.ids(module).len() as u64)
        .sum()
}

/// Requests for a list, or for what is below it.
pub fn calls_of(zoho: &Zoho, path: &str) -> usize {
    let path = format!("/crm/v8/{path}");
    zoho.requests()
        .iter()
        .filter(|request| request.path == path)
        .count()
}

fn open(folder: &TempDir) -> Mirror {
    let place = Place {
        path: folder.path().join("mirror.db"),
        key: [7; 32].into(),
        integration: IntegrationId::new("zoho"),
        region: Region::from_code("DE").expect("there is Germany"),
    };
    Mirror::open(&place).expect("a mirror").0
}

fn source(zoho: &Zoho) -> ZohoSource {
    let url = || LoopbackUrl::try_from(zoho.url()).expect("the sandbox is on loopback");
    let here = LoopbackZoho {
        accounts: url(),
        api: url(),
    };
    let config = Config::new(DataCentre::Custom(here), CLIENT_ID);
    let tokens = Tokens {
        data_centre: config.data_centre.clone(),
        environment: Environment::Production,
        client_secret: Some(CLIENT_SECRET.to_owned().into()),
        refresh: zoho.gives_refresh_token(SCOPES).into(),
        access: None,
        locked_until: None,
    };
    let setup = Setup {
        integration: IntegrationId::new("zoho"),
        config,
        tokens,
        clock: Arc::new(now),
        sink: Arc::new(|_| {}),
        limits: None,
    };
    ZohoSource::new(setup).expect("a client for this machine")
}

fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    Timestamp(i64::try_from(since.as_millis()).expect("not yet"))
}

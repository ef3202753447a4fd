//! Zoho as a source: account, modules, lists, deletions, single numbers.

use std::sync::Mutex;
use std::time::Duration;

use ringcard_core::{IntegrationId, Timestamp};
use url::Url;

use super::client::{Call, Client, Reply};
use super::config::{Config, ExtraField};
use super::error;
use super::tokens::{Clock, TokenKeeper, TokenSink, Tokens};
use super::wire::{self, Licence};
use crate::http::{self, Options, Reach};
use crate::{
    Account, Answer, CrmSource, Cursor, DeletedPage, Error, ErrorKind, ListRequest, Module, Page,
    PageToken, StatusReason, Tally,
};

/// Metadata is read again after this time; a new field shows up the next morning at the latest.
const METADATA_AGE: Duration = Duration::from_secs(6 * 3600);
/// Zoho's own modules that hold people and companies; custom ones are offered as well.
const CONTACT_MODULES: [&str; 4] = ["Leads", "Contacts", "Accounts", "Vendors"];

/// What a Zoho source is made of.
pub struct Setup {
    /// Its name in the settings; it stands in every record.
    pub integration: IntegrationId,
    /// The settings.
    pub config: Config,
    /// What the sign-in gave.
    pub tokens: Tokens,
    /// The time of day.
    pub clock: Clock,
    /// Gets the tokens whenever they change.
    pub sink: TokenSink,
    /// Time limits of requests; the reach follows the data centre.
    pub limits: Option<Options>,
}

/// One Zoho account.
pub struct ZohoSource {
    pub(super) integration: IntegrationId,
    config: Config,
    web: String,
    client: Client,
    clock: Clock,
    licence: Mutex<Licence>,
    modules: tokio::sync::Mutex<Option<(Timestamp, Vec<Module>)>>,
}

impl ZohoSource {
    /// Puts a source together. Nothing is asked yet.
    pub fn new(setup: Setup) -> Result<Self, Error> {
        let Setup {
            integration,
            config,
            tokens,
            clock,
            sink,
            limits,
        } = setup;
        // A token for this machine stays there, and one of Zoho's never comes here.
        let centre = &tokens.data_centre;
        let same = *centre == config.data_centre;
        if !same && (centre.is_loopback() || config.data_centre.is_loopback()) {
            return Err(error::of_reason(StatusReason::InvalidToken));
        }
        let http = http_client(&config, limits)?;
        let api = centre.api(tokens.environment);
        let web = centre.web(tokens.environment);
        let watch = (clock.clone(), sink);
        let keeper = TokenKeeper::new(http.clone(), config.client_id.clone(), tokens, watch);
        Ok(Self {
            integration,
            config,
            web,
            client: Client::new(http, api, keeper),
            clock,
            licence: Mutex::new(Licence::default()),
            modules: tokio::sync::Mutex::new(None),
        })
    }

    async fn read_account(&self) -> Result<(Account, Tally), Error> {
        let org = self.client.ask(call("org")).await?;
        let body = org.body.ok_or_else(no_account)?;
        if wire::rows(&body, "org").is_empty() && body.get("org").is_some() {
            return Err(no_account());
        }
        let read = wire::organisation(&body);
        let (mut account, licence) = read.ok_or_else(|| error::not_a_crm(200))?;
        *self
            .licence
            .lock()
            .expect("nothing panics while it is held") = licence;
        let mut users = call("users");
        users.query.push(("type", "CurrentUser".to_owned()));
        let users = self.ask(users).await?.body.ok_or_else(no_account)?;
        (account.user_email, account.user_name) = wire::user(&users).ok_or_else(no_account)?;
        let tally = Tally {
            calls: 2,
            credits: 2,
        };
        Ok((account, tally))
    }

    async fn read_modules(&self) -> Result<(Vec<Module>, Tally), Error> {
        let mut kept = self.modules.lock().await;
        let now = (self.clock)();
        if let Some((read_at, modules)) = &*kept
            && now.since(*read_at) < METADATA_AGE
        {
            return Ok((modules.clone(), Tally::default()));
        }
        let mut names = call("settings/modules");
        names.query.push(("status", "visible".to_owned()));
        let body = self.ask(names).await?.body.unwrap_or_default();
        let mut tally = Tally {
            calls: 1,
            credits: 1,
        };
        let mut modules = Vec::new();
        for name in wire::modules(&body) {
            if !name.is_custom && !CONTACT_MODULES.contains(&name.name.as_str()) {
                continue;
            }
            tally.calls += 1;
            tally.credits += 1;
            modules.extend(self.read_fields(name).await?);
        }
        *kept = Some((now, modules.clone()));
        Ok((modules, tally))
    }

    /// The module with its fields; `None` when it has no telephone field or may not be read.
    async fn read_fields(&self, name: wire::ModuleName) -> Result<Option<Module>, Error> {
        let mut fields = call("settings/fields");
        fields.query.push(("module", name.name.clone()));
        let body = match self.ask(fields).await {
            Ok(Reply { body, .. }) => body.or_else(|| wire::usual_fields(&name.name)),
            Err(error) if belongs_to_module(&error) => None,
            Err(error) => return Err(error),
        };
        let wanted = self.wanted_fields();
        let module = body.map(|body| wire::with_fields(name, &body, &wanted));
        Ok(module.filter(|module| !module.phone_fields.is_empty()))
    }

    fn wanted_fields(&self) -> Vec<&'static str> {
        let extra = self
            .config
            .extra_fields
            .iter()
            .flat_map(|field| match field {
                ExtraField::Email => &["Email"][..],
                ExtraField::City => &["City", "Mailing_City", "Billing_City"],
                ExtraField::Note => &["Description"],
            });
        wire::ALWAYS.iter().chain(extra).copied().collect()
    }

    /// Asks; a refusal while `/org` says that the trial is over is the trial's end.
    pub(super) async fn ask(&self, call: Call<'_>) -> Result<Reply, Error> {
        let outcome = self.client.ask(call).await;
        outcome.map_err(|mut error| {
            let is_refusal = matches!(
                error.reason(),
                Some(StatusReason::Forbidden | StatusReason::InsufficientPermissions)
            );
            let licence = self
                .licence
                .lock()
                .expect("nothing panics while it is held");
            if is_refusal && licence.has_ended(self.client.server_time()) {
                let ended = error::of_reason(StatusReason::TrialExpired);
                (error.kind, error.message) = (ended.kind, ended.message);
            }
            error
        })
    }
}

/// The client for the data centre of these settings.
pub(super) fn http_client(
    config: &Config,
    limits: Option<Options>,
) -> Result<reqwest::Client, Error> {
    let reach = if config.data_centre.is_loopback() {
        Reach::Loopback
    } else {
        Reach::Internet
    };
    let limits = limits.unwrap_or_else(|| Options::to(reach));
    http::client(&Options { reach, ..limits })
}

pub(super) fn call(path: &str) -> Call<'static> {
    Call {
        path: path.to_owned(),
        ..Call::default()
    }
}

fn no_account() -> Error {
    error::of_reason(StatusReason::NoAccount)
}

pub(super) fn belongs_to_module(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::ModuleUnavailable | ErrorKind::Status(StatusReason::InsufficientPermissions)
    )
}

impl CrmSource for ZohoSource {
    fn account(&self) -> Answer<'_, (Account, Tally)> {
        Box::pin(self.read_account())
    }

    fn modules(&self) -> Answer<'_, (Vec<Module>, Tally)> {
        Box::pin(self.read_modules())
    }

    fn list<'a>(&'a self, request: ListRequest<'a>) -> Answer<'a, Page> {
        Box::pin(self.read_page(request))
    }

    fn deleted<'a>(
        &'a self,
        module: &'a Module,
        since: Option<&'a Cursor>,
        page: Option<&'a PageToken>,
    ) -> Answer<'a, DeletedPage> {
        Box::pin(self.read_deleted(module, (since, page)))
    }

    fn count<'a>(&'a self, module: &'a Module) -> Answer<'a, (Option<u64>, Tally)> {
        Box::pin(self.read_count(module))
    }

    fn search<'a>(&'a self, module: &'a Module, number: &'a str) -> Answer<'a, Page> {
        Box::pin(self.search_number(module, number))
    }

    fn record_url(&self, account: &Account, module: &Module, id: &str) -> String {
        let Ok(mut url) = Url::parse(&self.web) else {
            return String::new();
        };
        if let Ok(mut path) = url.path_segments_mut() {
            let slug = account.organisation_slug.as_str();
            path.extend(["crm", slug, "tab", module.tab.as_str(), id]);
        }
        url.into()
    }

    fn server_time(&self) -> Option<Timestamp> {
        self.client.server_time()
    }
}

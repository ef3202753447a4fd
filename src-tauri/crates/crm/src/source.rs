//! The face that every CRM shows to Ringcard: what can be read of it, page by page.

use std::future::Future;
use std::pin::Pin;

use ringcard_core::{Contact, NumberKind, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Error;

/// A future of a source; boxed because sources are chosen by name at run time.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// The organisation and the user behind a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The CRM's id of the organisation; text.
    pub organisation_id: String,
    /// The part of record URLs that names the organisation.
    pub organisation_slug: String,
    /// The organisation's name.
    pub organisation: String,
    /// The signed-in user's e-mail.
    pub user_email: String,
    /// The signed-in user's name.
    pub user_name: String,
    /// The country of the organisation, for reading national numbers.
    pub country: Option<String>,
    /// When a trial or plan ends or ended, where the CRM says so.
    pub plan_ends: Option<String>,
    /// The calls that the whole organisation has for a day, as far as its plan tells.
    #[serde(default)]
    pub daily_credits: Option<u32>,
}

/// A module that can be mirrored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// The CRM's own spelling, such as `Contacts`.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// The path segment of record URLs.
    pub tab: String,
    /// The telephone fields.
    pub phone_fields: Vec<Field>,
    /// The other fields that are read, in the CRM's own spelling.
    #[serde(default)]
    pub fields: Vec<String>,
    /// How changes are found.
    #[serde(default)]
    pub changes: Changes,
}

/// Whether a module can be asked for what changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changes {
    /// The CRM tells what changed since a time.
    #[default]
    Told,
    /// It hides when records changed: the module is read whole each time.
    Hidden,
}

/// A telephone field of a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The CRM's own spelling.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What kind of number it holds, as far as its name tells.
    pub kind: NumberKind,
}

/// From where a delta goes on. Opaque outside the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Where the next page begins. Opaque outside the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageToken(pub String);

/// Which page of a module to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRequest<'a> {
    /// The module with its fields.
    pub module: &'a Module,
    /// Only what changed since; `None` reads everything.
    pub since: Option<&'a Cursor>,
    /// The next page; `None` is the first.
    pub page: Option<&'a PageToken>,
}

/// What reading cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Requests made.
    pub calls: u32,
    /// Credits that they cost, as far as known; never less.
    pub credits: u32,
}

/// One page of records.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The records.
    pub contacts: Vec<Contact>,
    /// Ids of the module's records that are still listed but are none any more, such as a lead
    /// that was converted into nothing we know.
    pub gone: Vec<String>,
    /// The next page, if there is one.
    pub next: Option<PageToken>,
    /// The next cursor, good once every page is stored: the server's time when the *first* page
    /// was answered, less an overlap. Every page of a walk carries the same.
    pub cursor: Option<Cursor>,
    /// What it cost.
    pub tally: Tally,
}

/// One page of deletions: ids of records that are gone.
#[derive(Clone, Debug, Default)]
pub struct DeletedPage {
    /// Ids of the module's records that were deleted.
    pub ids: Vec<String>,
    /// The next page, if there is one.
    pub next: Option<PageToken>,
    /// What it cost.
    pub tally: Tally,
}

/// A CRM with one account.
pub trait CrmSource: Send + Sync {
    /// The organisation and the user. Compared with the mirror's before anything is written.
    fn account(&self) -> Answer<'_, (Account, Tally)>;

    /// The modules that this user may read and that have telephone fields.
    fn modules(&self) -> Answer<'_, (Vec<Module>, Tally)>;

    /// One page of a module, whole or since a cursor.
    fn list<'a>(&'a self, request: ListRequest<'a>) -> Answer<'a, Page>;

    /// One page of what was deleted since a cursor. Records that became invisible are not in it.
    fn deleted<'a>(
        &'a self,
        module: &'a Module,
        since: Option<&'a Cursor>,
        page: Option<&'a PageToken>,
    ) -> Answer<'a, DeletedPage>;

    /// How many records a module has, about; `None` when the CRM does not tell. It can be dear and
    /// is asked for once, before the first whole reading.
    fn count<'a>(&'a self, _module: &'a Module) -> Answer<'a, (Option<u64>, Tally)> {
        Box::pin(std::future::ready(Ok((None, Tally::default()))))
    }

    /// Asks the CRM itself for a number, beside the mirror. Costs credits; one answer per module.
    fn search<'a>(&'a self, module: &'a Module, number: &'a str) -> Answer<'a, Page>;

    /// The address of a record in the browser.
    fn record_url(&self, account: &Account, module: &Module, id: &str) -> String;

    /// The server's clock as last seen, to tell a wrong clock of this PC.
    fn server_time(&self) -> Option<Timestamp>;
}

//! A person or company from the CRM, reduced to what the call card needs.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{IntegrationId, Timestamp};

/// Where a contact lives in its CRM: enough to open it and to tell it from all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CrmRecord {
    /// The integration that knows it.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub integration: IntegrationId,
    /// The CRM's module, such as `Contacts`, in the CRM's own spelling.
    pub module: String,
    /// The CRM's id. Text: it has 18 digits and more.
    pub id: String,
}

/// Are the records of this module companies? Those of every other module are people, who may work
/// for one.
pub(crate) fn is_company_module(module: &str) -> bool {
    ["Accounts", "Vendors"].contains(&module)
}

/// What kind of number a field holds, as far as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NumberKind {
    /// The general one.
    Phone,
    /// A mobile.
    Mobile,
    /// At home.
    Home,
    /// An assistant's.
    Assistant,
    /// Any other field that holds a telephone number.
    Other,
}

/// One number of a contact as it stands in the CRM.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ContactNumber {
    /// The field's kind.
    pub kind: NumberKind,
    /// The field's name in the CRM, for the card's "why".
    pub field: String,
    /// The text of the field, uncleaned: one field may hold two numbers.
    pub raw: String,
}

/// The CRM user to whom a record belongs.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Owner {
    /// The CRM's user id.
    pub id: String,
    /// As the CRM shows it.
    pub name: String,
    /// For finding the telephone extension of the same person.
    pub email: Option<String>,
}

/// What the person does not want.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct OptOut {
    /// No e-mail.
    pub email: bool,
    /// No calls.
    pub call: bool,
}

/// A mirrored record. `Debug` shows its identity only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Its place in the CRM.
    pub record: CrmRecord,
    /// The name that the card shows in large letters. For an account the company's.
    pub name: String,
    /// The company that the person works for.
    pub company: Option<String>,
    /// The record of that company, so that both are folded into one.
    pub account: Option<CrmRecord>,
    /// The contact that a converted lead became.
    pub converted_to: Option<CrmRecord>,
    /// Every telephone number.
    pub numbers: Vec<ContactNumber>,
    /// E-mail address.
    pub email: Option<String>,
    /// City, for the card's second line.
    pub city: Option<String>,
    /// The record's country in the CRM's words; it decides how national numbers are read.
    pub country: Option<String>,
    /// To whom it belongs.
    pub owner: Option<Owner>,
    /// What the person does not want.
    pub opt_out: OptOut,
    /// A note for the card (the record's description), where that field is mirrored.
    pub note: Option<String>,
    /// When the CRM last changed it.
    pub modified_at: Option<Timestamp>,
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact")
            .field("record", &self.record)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ContactNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactNumber")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Owner")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

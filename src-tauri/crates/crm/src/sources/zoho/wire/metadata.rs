//! Organisation, user, modules and fields, as Zoho's metadata tells them.

use ringcard_core::{NumberKind, Timestamp};
use serde_json::Value;

use super::{rows, text, time};
use crate::{Account, Changes, Field, Module};

/// What `/org` tells of the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct Licence {
    pub paid: bool,
    pub trial_ends: Option<String>,
    pub paid_ends: Option<String>,
}

impl Licence {
    /// Has the trial ended, and nothing was paid for? Said only of calls that were refused.
    pub fn has_ended(&self, now: Option<Timestamp>) -> bool {
        let ends = self.trial_ends.as_deref().and_then(time);
        match (self.paid, ends, now) {
            (false, Some(ends), Some(now)) => ends < now,
            _ => false,
        }
    }
}

/// The organisation in the answer of `/org`. The user is added by the next call.
pub(in super::super) fn organisation(body: &Value) -> Option<(Account, Licence)> {
    let org = body.get("org")?.as_array()?.first()?;
    let id = text(org, "zgid").or_else(|| text(org, "id"))?;
    let details = org.get("license_details").cloned().unwrap_or_default();
    let licence = Licence {
        paid: details.get("paid").and_then(Value::as_bool).unwrap_or(true),
        trial_ends: text(&details, "trial_expiry"),
        paid_ends: text(&details, "paid_expiry"),
    };
    let ends = licence.trial_ends.clone().filter(|_| !licence.paid);
    let account = Account {
        organisation_slug: text(org, "domain_name").unwrap_or_else(|| format!("org{id}")),
        organisation: text(org, "company_name").unwrap_or_default(),
        user_email: String::new(),
        user_name: String::new(),
        country: text(org, "country_code"),
        plan_ends: ends.or_else(|| licence.paid_ends.clone()),
        daily_credits: daily_credits(&details),
        organisation_id: id,
    };
    Some((account, licence))
}

/// The credits of an organisation for 24 hours, by its edition and its users.
fn daily_credits(licence: &Value) -> Option<u32> {
    let users = licence
        .get("users_license_purchased")
        .and_then(Value::as_u64);
    let users = u32::try_from(users.unwrap_or(1)).ok()?;
    let with_users = |each: u32, most: u32| {
        50_000_u32
            .saturating_add(each.saturating_mul(users))
            .min(most)
    };
    // A trial has the limits of the edition that is tried.
    let edition = text(licence, "trial_type").or_else(|| text(licence, "paid_type"))?;
    Some(match edition.to_ascii_lowercase().as_str() {
        "free" => 5_000,
        "standard" | "starter" => with_users(250, 100_000),
        "professional" => with_users(500, 3_000_000),
        "enterprise" | "zohooneenterprise" => with_users(1_000, 5_000_000),
        "ultimate" | "crmplus" => with_users(2_000, u32::MAX),
        _ => return None,
    })
}

/// E-mail and name of the user in the answer of `/users?type=CurrentUser`.
pub(in super::super) fn user(body: &Value) -> Option<(String, String)> {
    let user = body.get("users")?.as_array()?.first()?;
    Some((
        text(user, "email")?,
        text(user, "full_name").unwrap_or_default(),
    ))
}

/// A module as the metadata names it, before its fields are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct ModuleName {
    pub name: String,
    pub label: String,
    pub tab: String,
    pub is_custom: bool,
}

/// The modules that the API can read.
pub(in super::super) fn modules(body: &Value) -> Vec<ModuleName> {
    let is_readable = |row: &&Value| {
        let yes = |key: &str| row.get(key).and_then(Value::as_bool);
        yes("api_supported") == Some(true) && yes("viewable") != Some(false)
    };
    let read = |row: &Value| {
        let name = text(row, "api_name").filter(|name| is_name(name))?;
        Some(ModuleName {
            label: text(row, "plural_label").unwrap_or_else(|| name.clone()),
            tab: text(row, "module_name").unwrap_or_else(|| name.clone()),
            is_custom: text(row, "generated_type").as_deref() == Some("custom"),
            name,
        })
    };
    rows(body, "modules")
        .iter()
        .filter(is_readable)
        .filter_map(read)
        .collect()
}

/// Names go into URLs and queries: letters, digits and underscores, as Zoho's are.
fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.len() <= 100 && name.chars().all(is_plain)
}

/// Completes a module by the fields in the answer of `/settings/fields`.
///
/// `wanted` are the other fields that the mirror uses where the module has them.
pub(in super::super) fn with_fields(module: ModuleName, body: &Value, wanted: &[&str]) -> Module {
    let fields = rows(body, "fields");
    let names: Vec<String> = fields.iter().filter_map(|f| text(f, "api_name")).collect();
    let phone_fields: Vec<Field> = fields.iter().filter_map(phone_field).take(40).collect();
    let chosen = |name: &&str| names.iter().any(|known| known == name);
    let room = 50 - phone_fields.len();
    let others = wanted.iter().filter(|name| chosen(name)).take(room);
    let tells_changes = names.iter().any(|name| name == "Modified_Time");
    Module {
        name: module.name,
        label: module.label,
        tab: module.tab,
        phone_fields,
        fields: others.map(|name| (*name).to_owned()).collect(),
        changes: if tells_changes {
            Changes::Told
        } else {
            Changes::Hidden
        },
    }
}

fn phone_field(field: &Value) -> Option<Field> {
    let name = text(field, "api_name").filter(|name| is_name(name))?;
    let is_phone = text(field, "data_type").as_deref() == Some("phone");
    let is_fax = name.to_ascii_lowercase().contains("fax");
    (is_phone && !is_fax).then(|| Field {
        label: text(field, "field_label").unwrap_or_else(|| name.clone()),
        kind: kind_of(&name),
        name,
    })
}

fn kind_of(name: &str) -> NumberKind {
    match name {
        "Phone" => NumberKind::Phone,
        "Mobile" => NumberKind::Mobile,
        "Home_Phone" => NumberKind::Home,
        "Asst_Phone" => NumberKind::Assistant,
        _ => NumberKind::Other,
    }
}

/// What a module of Zoho's own has for certain, for when its field list is withheld.
pub(in super::super) fn usual_fields(module: &str) -> Option<Value> {
    let (phones, others): (&[&str], &[&str]) = match module {
        "Leads" => (
            &["Phone", "Mobile"],
            &[
                "Company",
                "First_Name",
                "Last_Name",
                "Full_Name",
                "Email",
                "City",
                "Country",
            ],
        ),
        "Contacts" => (
            &["Phone", "Mobile", "Home_Phone", "Other_Phone", "Asst_Phone"],
            &[
                "First_Name",
                "Last_Name",
                "Full_Name",
                "Account_Name",
                "Email",
                "Mailing_City",
            ],
        ),
        "Accounts" => (
            &["Phone"],
            &["Account_Name", "Billing_City", "Billing_Country"],
        ),
        "Vendors" => (&["Phone"], &["Vendor_Name", "Email", "City", "Country"]),
        _ => return None,
    };
    let row = |name: &&str, kind: &str| serde_json::json!({"api_name": name, "data_type": kind});
    let phones = phones.iter().map(|name| row(name, "phone"));
    let others = others.iter().chain(&["Owner", "Modified_Time"]);
    let all: Vec<Value> = phones.chain(others.map(|name| row(name, "text"))).collect();
    Some(serde_json::json!({ "fields": all }))
}

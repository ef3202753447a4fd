//! A record of a list as a contact.

use ringcard_core::{Contact, ContactNumber, CrmRecord, IntegrationId, OptOut, Owner};
use serde_json::Value;

use super::{id, text, time};
use crate::{Field, Module};

/// A row as a contact. `None` when it has no id.
pub(in super::super) fn contact(
    integration: &IntegrationId,
    module: &Module,
    row: &Value,
) -> Option<Contact> {
    let record = |module: &str, id: String| CrmRecord {
        integration: integration.clone(),
        module: module.to_owned(),
        id,
    };
    let is_account = module.name == "Accounts";
    let account = row
        .get("Account_Name")
        .filter(|account| account.is_object());
    let converted = converted_contact(row);
    Some(Contact {
        record: record(&module.name, id(row)?),
        name: name(row).unwrap_or_default(),
        company: first(row, &["Company"]).or_else(|| text(account?, "name")),
        account: account
            .and_then(id)
            .filter(|_| !is_account)
            .map(|id| record("Accounts", id)),
        converted_to: converted.map(|id| record("Contacts", id)),
        numbers: numbers(module, row),
        email: first(row, &["Email"]),
        city: first(row, &["Mailing_City", "Billing_City", "City"]),
        country: first(row, &["Mailing_Country", "Billing_Country", "Country"]),
        owner: row.get("Owner").and_then(owner),
        opt_out: OptOut {
            email: is_true(row, "Email_Opt_Out"),
            call: is_true(row, "Do_Not_Call"),
        },
        note: first(row, &["Description"]),
        modified_at: text(row, "Modified_Time").as_deref().and_then(time),
    })
}

/// The fields beside the telephone fields that [`contact`] understands and always wants.
pub(in super::super) const ALWAYS: &[&str] = &[
    "Full_Name",
    "First_Name",
    "Last_Name",
    "Account_Name",
    "Vendor_Name",
    "Name",
    "Company",
    "Owner",
    "Email_Opt_Out",
    "Do_Not_Call",
    "Country",
    "Mailing_Country",
    "Billing_Country",
    "Converted_Contact",
    "Converted__s",
    "Modified_Time",
];

fn name(row: &Value) -> Option<String> {
    let parts = || {
        let parts = [text(row, "First_Name"), text(row, "Last_Name")];
        let whole: Vec<String> = parts.into_iter().flatten().collect();
        (!whole.is_empty()).then(|| whole.join(" "))
    };
    first(row, &["Full_Name"])
        .or_else(parts)
        .or_else(|| first(row, &["Account_Name", "Vendor_Name", "Name"]))
}

/// The contact that a lead became: a field in lists, a detail in single records.
fn converted_contact(row: &Value) -> Option<String> {
    let detail = || row.get("$converted_detail")?.get("contact");
    let value = row
        .get("Converted_Contact")
        .filter(|value| !value.is_null())
        .or_else(detail)?;
    match value {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        other => id(other),
    }
}

/// Is this lead converted?
pub(in super::super) fn is_converted(row: &Value) -> bool {
    is_true(row, "Converted__s") || is_true(row, "$converted") || converted_contact(row).is_some()
}

fn numbers(module: &Module, row: &Value) -> Vec<ContactNumber> {
    let read = |field: &Field| {
        Some(ContactNumber {
            kind: field.kind,
            field: field.name.clone(),
            raw: text(row, &field.name)?,
        })
    };
    module.phone_fields.iter().filter_map(read).collect()
}

fn owner(owner: &Value) -> Option<Owner> {
    Some(Owner {
        id: id(owner)?,
        name: text(owner, "name").unwrap_or_default(),
        email: text(owner, "email"),
    })
}

fn first(row: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| text(row, name))
}

fn is_true(row: &Value, name: &str) -> bool {
    row.get(name).and_then(Value::as_bool).unwrap_or(false)
}

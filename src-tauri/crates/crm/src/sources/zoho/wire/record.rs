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

#[cfg(test)]
mod tests {
    use ringcard_core::NumberKind;
    use serde_json::json;

    use super::*;
    use crate::Changes;

    fn module(name: &str) -> Module {
        let phone = |name: &str, kind| Field {
            name: name.to_owned(),
            label: name.to_owned(),
            kind,
        };
        Module {
            name: name.to_owned(),
            label: name.to_owned(),
            tab: name.to_owned(),
            phone_fields: vec![
                phone("Phone", NumberKind::Phone),
                phone("Mobile", NumberKind::Mobile),
            ],
            fields: Vec::new(),
            changes: Changes::Told,
        }
    }

    fn read(name: &str, row: &Value) -> Option<Contact> {
        contact(&IntegrationId::new("zoho"), &module(name), row)
    }

    #[test]
    fn a_contact_has_its_company_owner_and_numbers() {
        let row = json!({
            "id": "5725767000000400003", "Full_Name": "Erika Muster",
            "Account_Name": {"name": "Muster GmbH", "id": "572576700001000007"},
            "Owner": {"name": "Anna Kowalska", "id": "1", "email": "anna.kowalska@example.com"},
            "Phone": " 030 23125 001 ", "Mobile": null, "Email_Opt_Out": true,
            "Modified_Time": "2026-02-17T12:12:00+01:00",
        });
        let contact = read("Contacts", &row).expect("it has an id");
        assert_eq!(contact.company.as_deref(), Some("Muster GmbH"));
        assert_eq!(
            contact.account.map(|account| account.module),
            Some("Accounts".to_owned())
        );
        assert_eq!(contact.numbers.len(), 1, "an empty field is no number");
        assert_eq!(contact.numbers[0].raw, "030 23125 001");
        assert!(contact.opt_out.email && !contact.opt_out.call);
        let winter = contact.modified_at.map(|at| at.0);
        assert_eq!(winter, Some(1_771_326_720_000), "the offset is heard");
    }

    #[test]
    fn an_account_is_named_by_itself() {
        let row = json!({"id": "7", "Account_Name": "Muster GmbH", "Phone": "030 23125 0"});
        let account = read("Accounts", &row).expect("it has an id");
        assert_eq!(account.name, "Muster GmbH");
        assert_eq!((account.company, account.account), (None, None));
    }

    #[test]
    fn a_row_may_be_anything() {
        for row in [
            json!(null),
            json!([]),
            json!({}),
            json!({"id": ""}),
            json!({"id": null}),
        ] {
            assert!(read("Contacts", &row).is_none(), "{row} has no id");
        }
        let row = json!({
            "id": 5725767000000400003_u64, "Full_Name": 7, "Phone": {"x": 1}, "Mobile": 493023125001_u64,
            "Owner": "me", "Account_Name": [], "Email_Opt_Out": "true", "Modified_Time": "soon",
        });
        let contact = read("Contacts", &row).expect("numeric ids are ids");
        assert_eq!(contact.record.id, "5725767000000400003", "no digit is lost");
        assert_eq!(
            contact.numbers[0].raw, "493023125001",
            "a number written as one"
        );
        assert_eq!((contact.owner, contact.modified_at), (None, None));
    }

    #[test]
    fn a_converted_lead_names_its_contact_in_every_form() {
        for row in [
            json!({"id": "1", "Converted_Contact": {"id": "9", "name": "x"}}),
            json!({"id": "1", "Converted_Contact": "9"}),
            json!({"id": "1", "Converted_Contact": null, "$converted_detail": {"contact": "9"}}),
            json!({"id": "1", "$converted_detail": {"contact": {"id": "9"}}}),
        ] {
            let lead = read("Leads", &row).expect("it has an id");
            assert_eq!(
                lead.converted_to.map(|to| to.id).as_deref(),
                Some("9"),
                "{row}"
            );
            assert!(is_converted(&row));
        }
    }
}

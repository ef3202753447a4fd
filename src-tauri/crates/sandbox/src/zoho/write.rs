//! Creating, changing and converting records, by call and by verb.
//!
//! There is no idempotency key, as in the real one: a repeated POST makes a second record.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Refusal};
use super::checks::{check, id_of};
use super::clock;
use super::modules::{self, Module};
use super::request::Request;
use super::sign_in::Grant;
use super::state::State;
use super::world::{AGENTS, Record, complete};

/// Records that one call may write.
const MOST_RECORDS: usize = 100;

/// A writing call costs a credit for every ten records.
pub(super) fn cost(request: &Request) -> u64 {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let records = body["data"].as_array().map_or(1, Vec::len) as u64;
    records.div_ceil(10).max(1)
}

/// `POST /{module}`.
pub(super) fn create(
    state: &mut State,
    request: &Request,
    module: &'static Module,
    grant: &Grant,
) -> Answer {
    each(request, |place, fields| {
        check(state, module, fields, place)?;
        let id = insert(state, module, &Value::Object(fields.clone()));
        own(state, id, fields, grant);
        Ok(success(state, id, grant, "record added"))
    })
    .with_success(201)
}

/// `PUT /{module}`: records with their ids, unless changed since `If-Unmodified-Since`.
pub(super) fn update(
    state: &mut State,
    request: &Request,
    module: &'static Module,
    grant: &Grant,
) -> Answer {
    let unmodified_since = request.header("if-unmodified-since").and_then(clock::parse);
    each(request, |place, fields| {
        let id = known_id(state, module, fields, place)?;
        let modified = state
            .world
            .find(id)
            .map_or(0, |(_, record)| record.modified);
        if unmodified_since.is_some_and(|since| modified > since) {
            return Err(Refusal::new(
                412,
                "ALREADY_MODIFIED",
                "record updated time has already passed if-unmodified-since time",
            )
            .details(json!({ "id": id.to_string() })));
        }
        change(state, id, &Value::Object(fields.clone()));
        Ok(success(state, id, grant, "record updated"))
    })
    .with_success(200)
}

/// `POST /{module}/upsert`: changes what the duplicate check finds, creates the rest.
pub(super) fn upsert(
    state: &mut State,
    request: &Request,
    module: &'static Module,
    grant: &Grant,
) -> Answer {
    let checked = duplicate_fields(request, module);
    each(request, |place, fields| {
        let found = find_duplicate(state, module, fields, &checked);
        let action = if found.is_some() { "update" } else { "insert" };
        let mut done = match found {
            Some((id, field)) => {
                change(state, id, &Value::Object(fields.clone()));
                let mut done = success(state, id, grant, "record updated");
                done["duplicate_field"] = json!(field);
                done
            }
            None => {
                check(state, module, fields, place)?;
                let id = insert(state, module, &Value::Object(fields.clone()));
                own(state, id, fields, grant);
                let mut done = success(state, id, grant, "record added");
                done["duplicate_field"] = Value::Null;
                done
            }
        };
        done["action"] = json!(action);
        Ok(done)
    })
    .with_success(200)
}

/// What became of each record of a call.
struct Results {
    rows: Vec<Value>,
    refused: Vec<u16>,
    whole: Option<Refusal>,
}

impl Results {
    /// `status` when all went well, 207 when some did, and the refusal's own when none did.
    fn with_success(self, status: u16) -> Answer {
        if let Some(refusal) = self.whole {
            return refusal.flat();
        }
        let status = match self.refused.first() {
            None => status,
            Some(refused) if self.refused.len() == self.rows.len() => *refused,
            Some(_) => 207,
        };
        Answer::json(status, &json!({ "data": self.rows }))
    }
}

fn each(
    request: &Request,
    mut act: impl FnMut(usize, &Map<String, Value>) -> Result<Value, Refusal>,
) -> Results {
    let mut results = Results {
        rows: Vec::new(),
        refused: Vec::new(),
        whole: None,
    };
    let records = match read_records(request) {
        Ok(records) => records,
        Err(refusal) => {
            results.whole = Some(refusal);
            return results;
        }
    };
    for (place, fields) in records.iter().enumerate() {
        match act(place, fields) {
            Ok(row) => results.rows.push(row),
            Err(refusal) => {
                results.refused.push(refusal.status);
                results.rows.push(refusal.envelope());
            }
        }
    }
    results
}

fn read_records(request: &Request) -> Result<Vec<Map<String, Value>>, Refusal> {
    let invalid = |expected: &str| {
        Refusal::new(400, "INVALID_DATA", "body").details(json!({ "expected_data_type": expected }))
    };
    let body: Value = serde_json::from_slice(&request.body).map_err(|_| invalid("jsonobject"))?;
    let Some(data) = body.get("data") else {
        return Err(
            Refusal::new(400, "MANDATORY_NOT_FOUND", "required field not found")
                .details(json!({ "api_name": "data", "json_path": "$.data" })),
        );
    };
    let records = data.as_array().ok_or_else(|| invalid("jsonarray"))?;
    if records.is_empty() || records.len() > MOST_RECORDS {
        return Err(invalid("jsonarray"));
    }
    records
        .iter()
        .map(|record| record.as_object().cloned())
        .collect::<Option<_>>()
        .ok_or_else(|| invalid("jsonobject"))
}

fn success(state: &mut State, id: u64, grant: &Grant, message: &str) -> Value {
    let agent = &AGENTS[grant.agent];
    let person = json!({ "name": agent.full_name(), "id": agent.id.to_string() });
    let (created, modified, is_note) = match state.world.find(id) {
        Some((module, record)) => (record.created, record.modified, module == "Notes"),
        None => (0, 0, false),
    };
    let mut done = json!({
        "code": "SUCCESS",
        "details": {
            "Modified_Time": clock::iso(modified),
            "Modified_By": person,
            "Created_Time": clock::iso(created),
            "id": id.to_string(),
            "Created_By": person,
        },
        "message": message,
        "status": "success",
    });
    if !is_note {
        done["details"]["$approval_state"] = json!("approved");
    }
    done
}

/// New records belong to whoever authorised the call, unless an owner is named.
fn own(state: &mut State, id: u64, fields: &Map<String, Value>, grant: &Grant) {
    let named = fields
        .get("Owner")
        .and_then(id_of)
        .and_then(|id| AGENTS.iter().position(|agent| agent.id == id));
    if let Some((_, record)) = state.world.find(id) {
        record.owner = named.unwrap_or(grant.agent);
    }
}

/// Adds a record with any fields. An `Account_Name` given as a text becomes a link to its account.
pub(super) fn insert(state: &mut State, module: &'static Module, fields: &Value) -> u64 {
    let now = state.clock.now();
    let mut record = Record::new(state.signed_in, now);
    record.unindexed = state.search_lags;
    set_fields(state, module, &mut record, fields);
    state.world.add(module, record)
}

/// Changes fields of a record. `false` when there is none of this id.
pub(super) fn change(state: &mut State, id: u64, fields: &Value) -> bool {
    let Some((name, record)) = state.world.find(id) else {
        return false;
    };
    let Some(module) = modules::find(name) else {
        return false;
    };
    let mut changed = record.clone();
    changed.modified = state.clock.now();
    changed.unindexed = state.search_lags;
    set_fields(state, module, &mut changed, fields);
    complete(module, &mut changed.fields);
    if let Some((_, record)) = state.world.find(id) {
        *record = changed;
    }
    true
}

/// Converts a lead: it leaves the default list, its contact and account appear.
pub(super) fn convert(state: &mut State, id: u64) -> Option<u64> {
    let (module, lead) = state.world.find(id)?;
    if module != "Leads" || lead.converted {
        return None;
    }
    let lead = lead.clone();
    let mut fields = Map::new();
    for name in [
        "First_Name",
        "Last_Name",
        "Email",
        "Phone",
        "Mobile",
        "Fax",
        "Email_Opt_Out",
    ] {
        if let Some(value) = lead.fields.get(name) {
            fields.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(company) = lead.fields.get("Company") {
        fields.insert("Account_Name".to_owned(), company.clone());
    }
    let contact = insert(state, modules::find("Contacts")?, &Value::Object(fields));
    let account = state
        .world
        .find(contact)?
        .1
        .fields
        .get("Account_Name")
        .cloned();
    let name = state
        .world
        .find(contact)?
        .1
        .text("Full_Name")
        .map(str::to_owned);
    let now = state.clock.now();
    let (_, lead) = state.world.find(id)?;
    lead.converted = true;
    lead.modified = now;
    lead.set(
        "Converted_Contact",
        json!({ "name": name, "id": contact.to_string() }),
    );
    if let Some(account) = account {
        lead.set("Converted_Account", account);
    }
    Some(contact)
}

fn set_fields(state: &mut State, module: &'static Module, record: &mut Record, fields: &Value) {
    let now = state.clock.now();
    for (name, value) in fields.as_object().into_iter().flatten() {
        let Some(field) = module.field(name) else {
            continue;
        };
        if matches!(
            field.api_name,
            "Owner" | "Created_Time" | "Modified_Time" | "Created_By" | "Modified_By"
        ) {
            continue;
        }
        let links_account = name == "Account_Name" && field.data_type == "lookup";
        let value = match value.as_str() {
            Some(account) if links_account => {
                let id = state.world.account_named(account, now);
                json!({ "name": account, "id": id.to_string() })
            }
            _ => named(state, field.data_type, value),
        };
        record.fields.insert(Cow::Borrowed(field.api_name), value);
    }
}

/// A link as Zoho shows it: with the name of its record, whoever wrote it without one.
fn named(state: &mut State, data_type: &str, value: &Value) -> Value {
    let (Some(id), "lookup") = (id_of(value), data_type) else {
        return value.clone();
    };
    let name = state.world.find(id).and_then(|(module, record)| {
        let field = modules::find(module)?.name_field();
        record.text(field).map(str::to_owned)
    });
    json!({ "name": name, "id": id.to_string() })
}

fn known_id(
    state: &mut State,
    module: &Module,
    fields: &Map<String, Value>,
    place: usize,
) -> Result<u64, Refusal> {
    let path = format!("$.data[{place}].id");
    let Some(id) = fields.get("id").and_then(Value::as_str) else {
        return Err(
            Refusal::new(400, "MANDATORY_NOT_FOUND", "required field not found")
                .details(json!({ "api_name": "id", "json_path": path })),
        );
    };
    let known = id.parse().ok().filter(|id| {
        let of_module = |(name, _): (&'static str, _)| name == module.api_name;
        state.world.find(*id).is_some_and(of_module)
    });
    known.ok_or_else(|| {
        Refusal::new(400, "INVALID_DATA", "the id given seems to be invalid")
            .details(json!({ "id": id, "json_path": path }))
    })
}

/// The fields to check come from the body; a header for them is ignored, as by the real one.
fn duplicate_fields(request: &Request, module: &Module) -> Vec<String> {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let mut fields: Vec<String> = body["duplicate_check_fields"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let default = match module.api_name {
        "Leads" | "Contacts" => Some("Email"),
        "Accounts" => Some("Account_Name"),
        _ => None,
    };
    fields.extend(default.map(str::to_owned));
    fields
}

fn find_duplicate(
    state: &State,
    module: &Module,
    fields: &Map<String, Value>,
    checked: &[String],
) -> Option<(u64, String)> {
    checked.iter().find_map(|name| {
        let value = fields.get(name).filter(|value| !value.is_null())?;
        let record = state
            .world
            .records(module)
            .find(|record| !record.hidden && record.fields.get(name.as_str()) == Some(value))?;
        Some((record.id, name.clone()))
    })
}

//! What a new record must have before it is taken: mandatory fields, types, and links that exist.

use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::clock;
use super::modules::{Field, Module};
use super::state::State;

/// Checks the record at `place` of a writing call.
pub(super) fn check(
    state: &mut State,
    module: &Module,
    fields: &Map<String, Value>,
    place: usize,
) -> Result<(), Refusal> {
    for name in module.mandatory {
        if fields.get(*name).is_none_or(is_blank) {
            return Err(missing(name, place));
        }
    }
    for (name, value) in fields {
        if let Some(field) = module.field(name) {
            check_value(field, value, place)?;
        }
    }
    check_links(state, module, fields, place)
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn check_value(field: &Field, value: &Value, place: usize) -> Result<(), Refusal> {
    if value.is_null() {
        return Ok(());
    }
    let text = value.as_str();
    let fits = match field.data_type {
        "datetime" => text.is_some_and(|text| text.len() >= 20 && clock::parse(text).is_some()),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "lookup" | "ownerlookup" => id_of(value).is_some(),
        "picklist" => text.is_some_and(|text| field.choices.contains(&text)),
        // A tag is a list of objects and has no type of its own in the metadata.
        _ if field.api_name == "Tag" => value.is_array(),
        _ => text.is_some(),
    };
    if fits {
        return Ok(());
    }
    Err(
        Refusal::new(400, "INVALID_DATA", "invalid data").details(json!({
            "expected_data_type": field.data_type,
            "api_name": field.api_name,
            "json_path": format!("$.data[{place}].{}", field.api_name),
        })),
    )
}

/// `Who_Id` names a contact, `What_Id` a record of `$se_module`, a note's parent its module.
fn check_links(
    state: &mut State,
    module: &Module,
    fields: &Map<String, Value>,
    place: usize,
) -> Result<(), Refusal> {
    if let Some(who) = fields.get("Who_Id").filter(|value| !value.is_null()) {
        check_link(state, who, "Contacts", ("Who_Id", place))?;
    }
    if let Some(what) = fields.get("What_Id").filter(|value| !value.is_null()) {
        let Some(parent) = fields.get("$se_module").and_then(Value::as_str) else {
            return Err(missing("$se_module", place));
        };
        check_link(state, what, parent, ("What_Id", place))?;
    }
    if module.api_name == "Notes"
        && let Some(parent) = fields.get("Parent_Id")
    {
        let Some(name) = parent["module"]["api_name"].as_str() else {
            return Err(missing("Parent_Id.module", place));
        };
        check_link(state, parent, name, ("Parent_Id", place))?;
    }
    Ok(())
}

fn check_link(
    state: &mut State,
    link: &Value,
    module: &str,
    (field, place): (&str, usize),
) -> Result<(), Refusal> {
    let found = id_of(link).and_then(|id| state.world.find(id));
    if found.is_some_and(|(name, record)| name == module && !record.hidden) {
        return Ok(());
    }
    Err(Refusal::new(
        400,
        "INVALID_DATA",
        "the related id given seems to be invalid",
    )
    .details(json!({
        "api_name": field,
        "json_path": format!("$.data[{place}].{field}"),
    })))
}

/// The id in a link. Zoho's own SDK writes it as a number, everybody else as a text.
pub(super) fn id_of(link: &Value) -> Option<u64> {
    let id = &link["id"];
    id.as_u64().or_else(|| id.as_str()?.parse().ok())
}

fn missing(name: &str, place: usize) -> Refusal {
    Refusal::new(400, "MANDATORY_NOT_FOUND", "required field not found").details(json!({
        "api_name": name,
        "json_path": format!("$.data[{place}].{name}"),
    }))
}

//! `POST /crm/v8/coql`: enough of the query language to walk a module by key, with its limits.
//!
//! `select … from … where … order by … limit …`; no joins beyond `Link.id`, no functions.
//! Converted leads are found like all others, which is assumed.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Refusal};
use super::coql_parser::{Select, parse};
use super::criteria::value_of;
use super::modules::{self, Module};
use super::request::Request;
use super::state::State;
use super::world::Record;

/// Rows of one call.
const MOST_ROWS: usize = 2000;
/// Rows that `offset` can reach.
const MOST_OFFSET: usize = 100_000;
/// Fields that one call may select.
const MOST_FIELDS: usize = 50;
/// Values in one `in`.
const MOST_IN: usize = 100;

/// One credit for 200 rows, two for 1,000, three for 2,000.
pub(super) fn cost(request: &Request) -> u64 {
    match query_text(request).as_deref().and_then(parse) {
        Some(select) if select.limit > 1000 => 3,
        Some(select) if select.limit > 200 => 2,
        _ => 1,
    }
}

/// Answers a query.
pub(super) fn answer(state: &State, request: &Request) -> Answer {
    match run(state, request) {
        Ok(answer) => answer,
        Err(refusal) => refusal.flat(),
    }
}

fn query_text(request: &Request) -> Option<String> {
    let body: Value = serde_json::from_slice(&request.body).ok()?;
    body["select_query"].as_str().map(str::to_owned)
}

fn run(state: &State, request: &Request) -> Result<Answer, Refusal> {
    let text = query_text(request).ok_or_else(|| {
        Refusal::new(400, "MANDATORY_NOT_FOUND", "required field not found")
            .details(json!({ "api_name": "select_query", "json_path": "$.select_query" }))
    })?;
    let select = parse(&text).ok_or_else(|| {
        Refusal::new(
            400,
            "SYNTAX_ERROR",
            "error occurred while parsing the query",
        )
    })?;
    let module = modules::find(&select.module).ok_or_else(|| {
        Refusal::new(400, "INVALID_QUERY", "invalid query formed")
            .details(json!({ "module": select.module, "reason": "the module is not supported" }))
    })?;
    if state.refusals.modules.contains(module.api_name) {
        let permission = format!("Crm_Implied_View_{}", module.api_name);
        return Err(Refusal::new(403, "NO_PERMISSION", "Permission denied")
            .details(json!({ "permissions": [permission] })));
    }
    check(state, module, &select)?;
    let mut found: Vec<&Record> = state
        .world
        .records(module)
        .filter(|record| !record.hidden && select.condition.holds(module, record))
        .collect();
    sort(&mut found, module, &select);
    let rows: Vec<Value> = found
        .iter()
        .skip(select.offset)
        .take(select.limit)
        .map(|record| show(record, module, &select.fields))
        .collect();
    if rows.is_empty() {
        return Ok(Answer::empty(204));
    }
    let more = select.offset + rows.len() < found.len();
    let info = json!({ "count": rows.len(), "more_records": more });
    Ok(Answer::json(200, &json!({ "data": rows, "info": info })))
}

fn check(state: &State, module: &Module, select: &Select) -> Result<(), Refusal> {
    let too_many = |name: &str, limit: usize| {
        Err(Refusal::new(400, "LIMIT_EXCEEDED", "limit exceeded")
            .details(json!({ "clause": name, "limit": limit })))
    };
    if select.fields.len() > MOST_FIELDS {
        return too_many("select", MOST_FIELDS);
    }
    if select.limit > MOST_ROWS || select.limit == 0 {
        return too_many("limit", MOST_ROWS);
    }
    if select.offset + select.limit > MOST_OFFSET {
        return too_many("offset", MOST_OFFSET);
    }
    if select.longest_in > MOST_IN {
        return too_many("in", MOST_IN);
    }
    let mut seen = Vec::new();
    for field in &select.fields {
        if seen.contains(&field) {
            return Err(Refusal::new(400, "DUPLICATE_DATA", "duplicate data")
                .details(json!({ "api_name": field })));
        }
        seen.push(field);
    }
    let ordered = select.order.iter().map(|(field, _)| field);
    let unknown = select
        .fields
        .iter()
        .chain(ordered)
        .map(String::as_str)
        .find(|field| !is_known(state, module, field))
        .or_else(|| select.condition.unknown_field(module));
    match unknown {
        Some(field) => Err(Refusal::new(400, "INVALID_QUERY", "invalid query formed")
            .details(json!({ "column_name": field, "reason": "the column is not available" }))),
        None => Ok(()),
    }
}

fn is_known(state: &State, module: &Module, field: &str) -> bool {
    let name = field.split('.').next().unwrap_or_default();
    let hidden = super::list::is_hidden(state, module, name);
    name == "id" || (module.field(name).is_some() && !hidden)
}

fn sort(records: &mut [&Record], module: &Module, select: &Select) {
    for (field, ascending) in select.order.iter().rev() {
        records.sort_by(|left, right| {
            let left = value_of(module, left, field);
            let right = value_of(module, right, field);
            let order = left
                .partial_cmp(&right)
                .unwrap_or(std::cmp::Ordering::Equal);
            if *ascending { order } else { order.reverse() }
        });
    }
}

/// A row of a query: links carry only their id, unlike in a list.
fn show(record: &Record, module: &Module, fields: &[String]) -> Value {
    let mut row = Map::new();
    for field in fields {
        let (name, inner) = field.split_once('.').unwrap_or((field, ""));
        let value = match record.show(module, name) {
            Some(Value::Object(link)) if inner.is_empty() => json!({ "id": link.get("id") }),
            Some(Value::Object(link)) => link.get(inner).cloned().unwrap_or_default(),
            Some(value) => value,
            None => continue,
        };
        row.insert(field.clone(), value);
    }
    row.insert("id".to_owned(), record.id.to_string().into());
    Value::Object(row)
}

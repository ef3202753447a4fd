//! `GET /crm/v8/{module}/deleted`: what was deleted, in no order that anybody promised.

use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::clock;
use super::list::{MOST_ROWS, read_number, read_since};
use super::modules::Module;
use super::request::Request;
use super::state::State;
use super::world::{AGENTS, Gone};

/// Rows of the recycle bin are kept so long.
const RECYCLED_SECONDS: i64 = 60 * 24 * 3600;
/// Rows of what is gone for good are kept so long.
const PERMANENT_SECONDS: i64 = 120 * 24 * 3600;

/// Answers a request for the deleted records. Its 400s are wrapped in `data`.
pub(super) fn list(state: &State, request: &Request, module: &'static Module) -> Answer {
    match read(state, request, module) {
        Ok(answer) => answer,
        Err(refusal) => refusal.wrapped(),
    }
}

fn read(state: &State, request: &Request, module: &Module) -> Result<Answer, Refusal> {
    let kind = request.query("type").unwrap_or("all");
    if !["all", "recycle", "permanent"].contains(&kind) {
        return Err(Refusal::new(
            400,
            "PATTERN_NOT_MATCHED",
            "Please check whether the input values are correct",
        )
        .details(json!({ "param_name": "type" })));
    }
    let per_page = read_number(request, "per_page", MOST_ROWS, MOST_ROWS)?;
    let page = read_number(request, "page", 1, usize::MAX)?;
    let since = read_since(request)?;
    let now = state.clock.now();
    let mut rows: Vec<&Gone> = state
        .world
        .deleted
        .get(module.api_name)
        .into_iter()
        .flatten()
        .filter(|row| kind == "all" || row.permanent == (kind == "permanent"))
        .filter(|row| since.is_none_or(|since| row.at >= since))
        .filter(|row| now - row.at <= kept_for(row))
        .collect();
    // Undocumented order: neither by time nor by id, but the same for every page.
    rows.sort_by_key(|row| row.id.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let shown: Vec<Value> = rows
        .iter()
        .skip((page - 1).saturating_mul(per_page))
        .take(per_page)
        .map(|row| show(row))
        .collect();
    if shown.is_empty() {
        return Ok(Answer::empty(if since.is_some() { 304 } else { 204 }));
    }
    let more = page * per_page < rows.len();
    let info = json!({
        "per_page": per_page,
        "count": shown.len(),
        "page": page,
        "more_records": more,
    });
    Ok(Answer::json(200, &json!({ "data": shown, "info": info })))
}

fn kept_for(row: &Gone) -> i64 {
    if row.permanent {
        PERMANENT_SECONDS
    } else {
        RECYCLED_SECONDS
    }
}

fn show(row: &Gone) -> Value {
    let owner = &AGENTS[row.owner];
    let person = json!({ "name": owner.full_name(), "id": owner.id.to_string() });
    let person = if row.permanent { Value::Null } else { person };
    json!({
        "deleted_by": person,
        "created_by": person,
        "id": row.id.to_string(),
        "display_name": if row.permanent { None } else { row.name.clone() },
        "type": if row.permanent { "permanent" } else { "recycle" },
        "deleted_time": clock::iso(row.at),
    })
}

//! `GET /crm/v8/{module}` and `/{module}/{id}`: lists with all their limits, and single records.
//!
//! Two things are assumed where Zoho documents nothing: an unknown id gives 204 like an empty
//! list, and `If-Modified-Since` counts for the request that carries it, also on later pages.

use serde_json::{Value, json};

use super::answer::{Answer, Refusal, invalid_data, limit_exceeded, param_missing};
use super::clock;
use super::modules::Module;
use super::paging::Place;
use super::request::Request;
use super::state::State;
use super::world::Record;

/// Fields that one call may ask for.
const MOST_FIELDS: usize = 50;
/// Rows of one page.
pub(super) const MOST_ROWS: usize = 200;
/// Pages that can be had without a page token.
const MOST_PAGES: usize = 10;
/// Ids that one call may name.
const MOST_IDS: usize = 100;

/// What a list request asks, checked.
#[derive(Debug)]
struct Query {
    fields: Vec<String>,
    per_page: usize,
    page: usize,
    sort_by: String,
    ascending: bool,
    converted: Converted,
    ids: Option<Vec<u64>>,
    since: Option<i64>,
    walk: Option<Place>,
}

/// Which leads a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Converted {
    No,
    Yes,
    Both,
}

impl Converted {
    /// Reads the parameter; the default leaves converted leads out.
    pub fn read(request: &Request) -> Result<Self, Refusal> {
        match request.query("converted") {
            None | Some("false") => Ok(Self::No),
            Some("true") => Ok(Self::Yes),
            Some("both") => Ok(Self::Both),
            Some(_) => Err(invalid_data("converted")),
        }
    }

    /// Whether it shows this record.
    pub fn shows(self, record: &Record) -> bool {
        match self {
            Self::No => !record.converted,
            Self::Yes => record.converted,
            Self::Both => true,
        }
    }
}

/// Answers a list request.
pub(super) fn list(state: &mut State, request: &Request, module: &'static Module) -> Answer {
    match read_query(state, request, module) {
        Ok(query) => page(state, request, module, &query),
        Err(refusal) => refusal.flat(),
    }
}

/// Answers a request for one record.
pub(super) fn single(state: &State, module: &'static Module, id: &str) -> Answer {
    let record = id.parse().ok().and_then(|id: u64| {
        let record = state.world.records.get(module.api_name)?.get(&id)?;
        (!record.hidden).then_some(record)
    });
    match record {
        Some(record) => Answer::json(200, &json!({ "data": [record.whole(module)] })),
        None => Answer::empty(204),
    }
}

fn read_query(state: &State, request: &Request, module: &Module) -> Result<Query, Refusal> {
    let fields = read_fields(request)?;
    if request
        .query("cvid")
        .is_some_and(|_| request.query("sort_by").is_some())
    {
        return Err(invalid_data("sort_by"));
    }
    let per_page = read_number(request, "per_page", MOST_ROWS, MOST_ROWS)?;
    let walk = read_token(state, request)?;
    let page = match (&walk, request.query("page")) {
        (Some(_), Some(_)) => return Err(ambiguous()),
        (Some(place), None) => place.page,
        (None, _) => read_page(request)?,
    };
    let sort_by = request.query("sort_by").unwrap_or("id").to_owned();
    if !["id", "Created_Time", "Modified_Time"].contains(&sort_by.as_str()) {
        return Err(invalid_data("sort_by"));
    }
    if sort_by != "id" && is_hidden(state, module, &sort_by) {
        return Err(invalid_data("sort_by"));
    }
    let ascending = match request.query("sort_order") {
        None | Some("desc") => false,
        Some("asc") => true,
        Some(_) => return Err(invalid_data("sort_order")),
    };
    Ok(Query {
        fields,
        per_page,
        page,
        sort_by,
        ascending,
        converted: Converted::read(request)?,
        ids: read_ids(request)?,
        since: read_since(request)?,
        walk,
    })
}

/// Whether the user's profile hides a field.
pub(super) fn is_hidden(state: &State, module: &Module, field: &str) -> bool {
    let key = (module.api_name.to_owned(), field.to_owned());
    state.refusals.fields.contains(&key)
}

fn read_fields(request: &Request) -> Result<Vec<String>, Refusal> {
    let text = request.query("fields").unwrap_or_default();
    let fields: Vec<String> = text
        .split(',')
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    match fields.len() {
        0 => Err(param_missing("fields")),
        count if count > MOST_FIELDS => Err(limit_exceeded("fields", MOST_FIELDS)),
        _ => Ok(fields),
    }
}

/// A whole number from 1 to `most`.
pub(super) fn read_number(
    request: &Request,
    name: &str,
    default: usize,
    most: usize,
) -> Result<usize, Refusal> {
    let Some(text) = request.query(name) else {
        return Ok(default);
    };
    match text.parse() {
        Ok(number) if number >= 1 && number <= most => Ok(number),
        Ok(number) if number > most => Err(limit_exceeded(name, most)),
        _ => Err(invalid_data(name)),
    }
}

fn read_page(request: &Request) -> Result<usize, Refusal> {
    let page = read_number(request, "page", 1, usize::MAX)?;
    if page <= MOST_PAGES {
        return Ok(page);
    }
    Err(Refusal::new(
        400,
        "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
        "You can only get the first 2000 records without using page_token param",
    )
    .details(json!({ "limit": MOST_PAGES * MOST_ROWS })))
}

fn read_token(state: &State, request: &Request) -> Result<Option<Place>, Refusal> {
    let Some(token) = request.query("page_token") else {
        return Ok(None);
    };
    let place = state.page_tokens.find(token).ok_or_else(token_mismatch)?;
    if place.expires <= state.clock.now() {
        return Err(Refusal::new(400, "EXPIRED_VALUE", "Page token expired")
            .details(json!({ "api_name": "page_token", "json_path": "$.query.page_token" })));
    }
    if place.query != signature(request) {
        return Err(token_mismatch());
    }
    if place.rows >= state.page_tokens.walk_rows {
        return Err(Refusal::new(
            400,
            "PAGINATION_LIMIT_EXCEEDED",
            "You can only get upto 100000 records using page_token param",
        )
        .details(json!({ "param_name": "page_token" })));
    }
    Ok(Some(place.clone()))
}

fn token_mismatch() -> Refusal {
    Refusal::new(
        400,
        "TOKEN_BOUND_DATA_MISMATCH",
        "The page_token given seems to be invalid or input param is added or altered or deleted",
    )
    .details(json!({ "param_name": "page_token" }))
}

fn ambiguous() -> Refusal {
    Refusal::new(
        400,
        "AMBIGUITY_DURING_PROCESSING",
        "ambiguity while processing the request",
    )
    .details(json!({ "param_names": ["page", "page_token"] }))
}

fn read_ids(request: &Request) -> Result<Option<Vec<u64>>, Refusal> {
    let Some(text) = request.query("ids") else {
        return Ok(None);
    };
    let ids: Result<Vec<u64>, _> = text.split(',').map(|id| id.trim().parse()).collect();
    match ids {
        Ok(ids) if ids.len() <= MOST_IDS => Ok(Some(ids)),
        Ok(_) => Err(limit_exceeded("ids", MOST_IDS)),
        Err(_) => Err(invalid_data("ids")),
    }
}

/// The `If-Modified-Since` header, which must be a date when it is there.
pub(super) fn read_since(request: &Request) -> Result<Option<i64>, Refusal> {
    match request.header("if-modified-since") {
        None => Ok(None),
        Some(text) => match clock::parse(text) {
            Some(time) => Ok(Some(time)),
            None => Err(invalid_data("If-Modified-Since")),
        },
    }
}

/// The query that a page token is bound to: everything but the place in it.
fn signature(request: &Request) -> String {
    let mut parts: Vec<String> = request
        .query
        .iter()
        .filter(|(name, _)| name != "page_token" && name != "page")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    parts.sort();
    format!("{}?{}", request.path, parts.join("&"))
}

fn sort_key(record: &Record, sort_by: &str) -> (i64, u64) {
    match sort_by {
        "Modified_Time" => (record.modified, record.id),
        "Created_Time" => (record.created, record.id),
        _ => (0, record.id),
    }
}

fn matching<'a>(state: &'a State, module: &Module, query: &Query) -> Vec<&'a Record> {
    let is_wanted = |record: &&Record| {
        !record.hidden
            && query.converted.shows(record)
            && query.since.is_none_or(|since| record.modified >= since)
            && query
                .ids
                .as_ref()
                .is_none_or(|ids| ids.contains(&record.id))
    };
    let mut records: Vec<&Record> = state.world.records(module).filter(is_wanted).collect();
    if query.sort_by != "id" {
        records.sort_by_key(|record| sort_key(record, &query.sort_by));
    }
    if !query.ascending {
        records.reverse();
    }
    records
}

fn page(state: &mut State, request: &Request, module: &'static Module, query: &Query) -> Answer {
    let records = matching(state, module, query);
    let start = match &query.walk {
        Some(place) => records.partition_point(|record| {
            let key = sort_key(record, &query.sort_by);
            if query.ascending {
                key <= place.behind
            } else {
                key >= place.behind
            }
        }),
        None => (query.page - 1) * query.per_page,
    };
    let shown: Vec<&Record> = records
        .iter()
        .skip(start)
        .take(query.per_page)
        .copied()
        .collect();
    let fields: Vec<&str> = query
        .fields
        .iter()
        .map(String::as_str)
        .filter(|field| !is_hidden(state, module, field))
        .collect();
    let rows: Vec<Value> = shown
        .iter()
        .map(|record| record.row(module, &fields))
        .collect();
    let last = shown.last().map(|record| sort_key(record, &query.sort_by));
    let more = start + rows.len() < records.len();
    let Some(behind) = last else {
        return Answer::empty(if query.since.is_some() { 304 } else { 204 });
    };
    let walked = query
        .walk
        .as_ref()
        .map_or((query.page - 1) * query.per_page, |walk| walk.rows);
    let place = Place {
        query: signature(request),
        behind,
        rows: walked + rows.len(),
        page: query.page + 1,
        expires: 0,
    };
    let now = state.clock.now();
    let next = more.then(|| state.page_tokens.make(place, now));
    Answer::json(
        200,
        &json!({ "info": info(query, rows.len(), next), "data": rows }),
    )
}

fn info(query: &Query, count: usize, next: Option<(String, i64)>) -> Value {
    let (token, expires) = next.unzip();
    json!({
        "call": false,
        "email": false,
        "per_page": query.per_page,
        "page": query.page,
        "count": count,
        "sort_by": query.sort_by,
        "sort_order": if query.ascending { "asc" } else { "desc" },
        "more_records": token.is_some(),
        "next_page_token": token,
        "page_token_expiry": expires.map(clock::iso),
        "previous_page_token": null,
    })
}

//! `GET /{module}/search` and `/{module}/actions/count`.
//!
//! How Zoho compares telephone numbers is not documented. The sandbox is no cleverer than it must
//! be: digits that follow each other in the stored text. `+49 231` does not find `0231`.

use serde_json::{Value, json};

use super::answer::{Answer, Refusal, invalid_data};
use super::criteria::{self, Condition};
use super::list::{Converted, MOST_ROWS, read_number};
use super::modules::Module;
use super::request::Request;
use super::state::State;
use super::world::Record;

/// Comparisons that one `criteria` may have.
const MOST_CRITERIA: usize = 15;
/// Rows that one search can reach.
const MOST_RESULTS: usize = 2000;

/// What is searched for; the first of them that is given counts.
enum Wanted {
    Criteria(Condition),
    Email(String),
    Phone(String),
    Word(String),
}

/// Answers a search.
pub(super) fn search(state: &State, request: &Request, module: &'static Module) -> Answer {
    match find(state, request, module) {
        Ok(answer) => answer,
        Err(refusal) => refusal.flat(),
    }
}

/// Answers how many records there are.
pub(super) fn count(state: &State, request: &Request, module: &'static Module) -> Answer {
    let counted = Converted::read(request).and_then(|converted| {
        let wanted = match wanted(request, module) {
            Ok(wanted) => Some(wanted),
            Err(refusal) if refusal.code == "EXPECTED_PARAM_MISSING" => None,
            Err(refusal) => return Err(refusal),
        };
        Ok(state
            .world
            .records(module)
            .filter(|record| !record.hidden && converted.shows(record))
            .filter(|record| wanted.as_ref().is_none_or(|w| w.fits(module, record)))
            .count())
    });
    match counted {
        Ok(count) => Answer::json(200, &json!({ "count": count })),
        Err(refusal) => refusal.flat(),
    }
}

fn find(state: &State, request: &Request, module: &'static Module) -> Result<Answer, Refusal> {
    let wanted = wanted(request, module)?;
    let converted = Converted::read(request)?;
    let per_page = read_number(request, "per_page", MOST_ROWS, MOST_ROWS)?;
    let page = read_number(request, "page", 1, usize::MAX)?;
    if page.saturating_mul(per_page) > MOST_RESULTS {
        return Err(Refusal::new(
            400,
            "LIMIT_REACHED",
            "the maximum limit for the search is reached",
        )
        .details(json!({ "limit": MOST_RESULTS })));
    }
    let found: Vec<&Record> = state
        .world
        .records(module)
        .rev()
        .filter(|record| !record.hidden && !record.unindexed && converted.shows(record))
        .filter(|record| wanted.fits(module, record))
        .collect();
    let fields: Option<Vec<&str>> = request
        .query("fields")
        .map(|text| text.split(',').map(str::trim).collect());
    let rows: Vec<Value> = found
        .iter()
        .skip((page - 1) * per_page)
        .take(per_page)
        .map(|record| match &fields {
            Some(fields) => record.row(module, fields),
            None => record.whole(module),
        })
        .collect();
    if rows.is_empty() {
        return Ok(Answer::empty(204));
    }
    let info = json!({
        "per_page": per_page,
        "count": rows.len(),
        "page": page,
        "more_records": page * per_page < found.len(),
    });
    Ok(Answer::json(200, &json!({ "data": rows, "info": info })))
}

fn wanted(request: &Request, module: &Module) -> Result<Wanted, Refusal> {
    if let Some(text) = request.query("criteria") {
        return read_criteria(text, module).map(Wanted::Criteria);
    }
    if let Some(email) = request.query("email") {
        return Ok(Wanted::Email(email.to_lowercase()));
    }
    if let Some(phone) = request.query("phone") {
        return read_phone(phone).map(Wanted::Phone);
    }
    match request.query("word") {
        Some(word) if word.trim().chars().count() >= 2 => Ok(Wanted::Word(word.to_lowercase())),
        Some(_) => Err(invalid_data("word")),
        None => Err(Refusal::new(
            400,
            "EXPECTED_PARAM_MISSING",
            "one of the expected parameter is missing",
        )
        .details(json!({ "param_names": ["criteria", "email", "phone", "word"] }))),
    }
}

fn read_criteria(text: &str, module: &Module) -> Result<Condition, Refusal> {
    let condition = criteria::parse(text).ok_or_else(|| {
        Refusal::new(400, "INVALID_QUERY", "invalid query formed")
            .details(json!({ "reason": "the criteria cannot be read" }))
    })?;
    if condition.size() > MOST_CRITERIA {
        return Err(Refusal::new(
            400,
            "CRITERIA_LIMIT_EXCEEDED",
            "The number of criteria exceed the limit 15",
        ));
    }
    if let Some(field) = condition.unknown_field(module) {
        return Err(Refusal::new(400, "INVALID_QUERY", "invalid query formed")
            .details(json!({ "reason": "the field is not available", "api_name": field })));
    }
    Ok(condition)
}

/// 3 to 50 characters, of which all are digits and what people write between them.
fn read_phone(text: &str) -> Result<String, Refusal> {
    let rest = text.strip_prefix('+').unwrap_or(text);
    let is_fine = |character: char| character.is_ascii_digit() || " \t-().".contains(character);
    let digits = digits(text);
    let fits = (3..=50).contains(&text.chars().count()) && rest.chars().all(is_fine);
    if fits && !digits.is_empty() {
        return Ok(digits);
    }
    Err(invalid_data("phone"))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

impl Wanted {
    fn fits(&self, module: &Module, record: &Record) -> bool {
        let any = |kinds: &[&str], fits: &dyn Fn(&str) -> bool| {
            module
                .fields
                .iter()
                .filter(|field| kinds.contains(&field.data_type))
                .filter_map(|field| record.text(field.api_name))
                .any(fits)
        };
        match self {
            Self::Criteria(condition) => condition.holds(module, record),
            Self::Email(email) => any(&["email"], &|text| text.to_lowercase() == *email),
            Self::Phone(wanted) => any(&["phone"], &|text| digits(text).contains(wanted)),
            Self::Word(word) => any(&["text", "email", "phone"], &|text| {
                text.to_lowercase().contains(word)
            }),
        }
    }
}

//! The way through a long list: by page tokens first, and by ids where Zoho's walk ends.
//!
//! A page token walks 100,000 rows. The list comes with the highest id first, so the rest is what
//! has a lower id than the last row seen, which Zoho's query language can be asked for.

use serde_json::Value;

use super::client::Call;
use super::wire;
use crate::{Error, ListRequest, Module, PageToken};

const ROWS_BY_ID: usize = 2000;
const LONGEST: usize = 5000;

/// Where a walk stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The cursor that is good once the walk has ended.
    pub began: Option<String>,
    /// The lowest id so far.
    pub last_id: String,
    /// Does it go on by ids?
    pub by_id: bool,
    /// Zoho's token; empty when it goes on by ids.
    pub token: String,
}

impl Place {
    /// Reads what [`Place::write`] wrote.
    pub fn read(token: &PageToken) -> Self {
        let mut parts = token.0.splitn(3, '|');
        let mut part = || parts.next().unwrap_or_default().to_owned();
        let (began, last_id, token) = (part(), part(), part());
        Self {
            began: (!began.is_empty()).then_some(began),
            by_id: token.is_empty(),
            last_id,
            token,
        }
    }

    fn write(&self) -> PageToken {
        let began = self.began.as_deref().unwrap_or_default();
        PageToken(format!("{began}|{}|{}", self.last_id, self.token))
    }
}

/// The request for a page of a list.
pub(super) fn list_call<'a>(request: &ListRequest<'_>, place: Option<&Place>) -> Call<'a> {
    let mut query = vec![
        ("fields", field_list(request.module)),
        ("per_page", "200".to_owned()),
    ];
    if request.module.name == "Leads" {
        // A converted lead leaves the usual list without a word.
        query.push(("converted", "both".to_owned()));
    }
    if let Some(place) = place {
        query.push(("page_token", place.token.clone()));
    }
    Call {
        path: request.module.name.clone(),
        query,
        since: request.since.map(|cursor| cursor.0.clone()),
        coql: None,
    }
}

/// The request for what comes behind the last id.
pub(super) fn keyset_call<'a>(request: &ListRequest<'_>, place: &Place) -> Call<'a> {
    let digits: String = place.last_id.chars().filter(char::is_ascii_digit).collect();
    let fields = field_list(request.module);
    let module = &request.module.name;
    let filter = match request.since {
        Some(since) => format!("(id < {digits} and Modified_Time >= '{}')", since.0),
        None => format!("id < {digits}"),
    };
    let query =
        format!("select {fields} from {module} where {filter} order by id desc limit {ROWS_BY_ID}");
    Call {
        path: "coql".to_owned(),
        coql: Some(query),
        ..Call::default()
    }
}

/// The fields to ask for; the id comes by itself.
pub(super) fn field_list(module: &Module) -> String {
    let phones = module.phone_fields.iter().map(|field| field.name.as_str());
    let others = module.fields.iter().map(String::as_str);
    let names: Vec<&str> = phones.chain(others).take(50).collect();
    names.join(",")
}

/// Where the next page begins, if Zoho says that there is one.
pub(super) fn next(
    body: &Value,
    rows: &[Value],
    (by_id, began): (bool, Option<String>),
) -> Result<Option<PageToken>, Error> {
    if !wire::has_more(body) {
        return Ok(None);
    }
    let last_id = rows.last().and_then(wire::id);
    let token = match by_id {
        true => Some(String::new()),
        false => wire::next_page_token(body).filter(|token| token.len() <= LONGEST),
    };
    // "More" without a way to it: to stop here would lose records silently.
    let (Some(last_id), Some(token)) = (last_id, token) else {
        return Err(super::error::not_a_crm(200));
    };
    let place = Place {
        began,
        last_id,
        by_id,
        token,
    };
    Ok(Some(place.write()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_being_written() {
        for token in ["", "a|b|c", "plain"] {
            let place = Place {
                began: Some("2026-02-17T11:07:00+00:00".to_owned()),
                last_id: "5725767000000400003".to_owned(),
                by_id: token.is_empty(),
                token: token.to_owned(),
            };
            assert_eq!(Place::read(&place.write()), place, "token {token:?}");
        }
    }

    #[test]
    fn more_without_a_way_to_it_is_no_end() {
        let body = serde_json::json!({"data": [{"id": "1"}], "info": {"more_records": true}});
        let outcome = next(&body, wire::rows(&body, "data"), (false, None));
        assert!(outcome.is_err(), "stopping here would lose records");
    }
}

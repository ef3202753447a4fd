//! Zoho's words: refusals, token answers, times; metadata and records have files of their own.
//!
//! Every answer may be anything; what does not look as it should is left out or refused.

mod metadata;
mod record;

use std::time::Duration;

use ringcard_core::{Sensitive, Timestamp};
use serde_json::Value;

pub(super) use metadata::{
    Licence, ModuleName, modules, organisation, user, usual_fields, with_fields,
};
pub(super) use record::{ALWAYS, contact, is_converted};

/// An error as Zoho words it.
#[derive(Debug, Clone, Default)]
pub(super) struct Refusal {
    pub code: String,
    pub message: String,
    pub details: Value,
}

/// The refusal in a body: flat, or wrapped in `data`.
pub(super) fn refusal(body: &Value) -> Option<Refusal> {
    let inner = match body.get("data") {
        Some(Value::Array(rows)) if rows.len() == 1 => &rows[0],
        Some(_) => return None,
        None => body,
    };
    let is_error = inner.get("status").is_some_and(|status| status == "error");
    let has_records = inner.get("id").is_some() || body.get("info").is_some();
    let code = match inner.get("code")? {
        Value::String(code) => code.clone(),
        Value::Number(code) => code.to_string(),
        _ => return None,
    };
    (is_error || !has_records).then(|| Refusal {
        code,
        message: text(inner, "message").unwrap_or_default(),
        details: inner.get("details").cloned().unwrap_or_default(),
    })
}

/// What the token address gives.
#[derive(Debug)]
pub(super) struct TokenAnswer {
    pub access: Sensitive<String>,
    pub refresh: Option<Sensitive<String>>,
    pub api_domain: Option<String>,
    pub lasts: Duration,
}

/// Reads an answer of the token address; else its word for what was wrong, if it has one.
pub(super) fn token_answer(body: &[u8]) -> Result<TokenAnswer, Option<String>> {
    let body: Value = serde_json::from_slice(body).map_err(|_| None)?;
    if let Some(word) = text(&body, "error") {
        return Err(Some(word));
    }
    let access = text(&body, "access_token").ok_or(None)?;
    // Some answers have said it in milliseconds under the old name; a token never lasts a day.
    let seconds = number(&body, "expires_in").unwrap_or(3600).clamp(60, 3600);
    Ok(TokenAnswer {
        access: access.into(),
        refresh: text(&body, "refresh_token").map(Sensitive::new),
        api_domain: text(&body, "api_domain"),
        lasts: Duration::from_secs(seconds),
    })
}

/// The rows of a list, and whether Zoho has more.
pub(super) fn rows<'a>(body: &'a Value, key: &str) -> &'a [Value] {
    body.get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Does `info` say that there is more?
pub(super) fn has_more(body: &Value) -> bool {
    let more = body.get("info").and_then(|info| info.get("more_records"));
    more.and_then(Value::as_bool).unwrap_or(false)
}

/// The token of the next page.
pub(super) fn next_page_token(body: &Value) -> Option<String> {
    text(body.get("info")?, "next_page_token")
}

/// A row's id, always as text.
pub(super) fn id(row: &Value) -> Option<String> {
    match row.get("id")? {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// A text or a number as text; `None` when there is nothing in it.
fn text(row: &Value, name: &str) -> Option<String> {
    match row.get(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn number(row: &Value, name: &str) -> Option<u64> {
    match row.get(name)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A time as Zoho writes it, with any offset.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let time: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp(time.as_millisecond()))
}

/// A time as Zoho reads it: whole seconds, with an offset.
pub(super) fn iso(time: Timestamp) -> Option<String> {
    let time = jiff::Timestamp::from_second(time.0.div_euclid(1000)).ok()?;
    Some(time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string())
}

/// The time in a `Date` header.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(Timestamp(date.timestamp().as_millisecond()))
}

//! Requests to the API: one at a time, with a fresh token, and answers that are checked before
//! anybody reads them.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use reqwest::Response;
use reqwest::header::{AUTHORIZATION, DATE, HeaderMap, HeaderName, HeaderValue};
use ringcard_core::{Sensitive, Timestamp};
use serde_json::Value;

use super::tokens::TokenKeeper;
use super::{error, wire};
use crate::{Error, StatusReason};

/// 200 records with the longest descriptions stay below.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// A request that reads.
#[derive(Debug, Clone, Default)]
pub(super) struct Call<'a> {
    /// The path below the version, such as `Contacts/deleted`.
    pub path: String,
    /// The parameters of the URL.
    pub query: Vec<(&'a str, String)>,
    /// The time for `If-Modified-Since`.
    pub since: Option<String>,
    /// A query in Zoho's query language makes the request a POST.
    pub coql: Option<String>,
}

/// An answer that is no refusal.
#[derive(Debug)]
pub(super) struct Reply {
    /// The body; `None` when there was nothing to say (204) or nothing new (304).
    pub body: Option<Value>,
    /// When the server answered, by its own clock.
    pub date: Option<Timestamp>,
}

/// The API of one account.
pub(super) struct Client {
    http: reqwest::Client,
    base: String,
    tokens: TokenKeeper,
    /// Zoho counts the organisation's concurrent requests; ours is one.
    gate: tokio::sync::Mutex<()>,
    server_clock: Mutex<Option<(Timestamp, Instant)>>,
}

impl Client {
    /// A client of the API at `base`.
    pub fn new(http: reqwest::Client, base: String, tokens: TokenKeeper) -> Self {
        Self {
            http,
            base,
            tokens,
            gate: tokio::sync::Mutex::new(()),
            server_clock: Mutex::new(None),
        }
    }

    /// Asks, and asks once more with another token when the first was refused.
    pub async fn ask(&self, call: Call<'_>) -> Result<Reply, Error> {
        let _turn = self.gate.lock().await;
        let token = self.tokens.access().await?;
        match self.ask_once(&call, &token).await {
            Err(error) if is_refused_token(&error) => {
                let token = self.tokens.instead_of(&token).await?;
                let outcome = self.ask_once(&call, &token).await;
                if let Err(error) = &outcome
                    && is_refused_token(error)
                {
                    self.tokens.give_up(error.clone()).await;
                }
                outcome
            }
            outcome => outcome,
        }
    }

    /// The server's clock now, by its last answer.
    pub fn server_time(&self) -> Option<Timestamp> {
        let seen = *self
            .server_clock
            .lock()
            .expect("nothing panics while it is held");
        seen.map(|(time, at)| time.plus(at.elapsed()))
    }

    async fn ask_once(&self, call: &Call<'_>, token: &Sensitive<String>) -> Result<Reply, Error> {
        let request = self.request(call, token)?;
        let mut response = send(request).await.map_err(|e| error::of_network(&e))?;
        let date = self.note_date(response.headers());
        let status = response.status().as_u16();
        if matches!(status, 204 | 304) {
            return Ok(Reply { body: None, date });
        }
        let retry_after = retry_after(response.headers());
        let body = read_body(&mut response).await?;
        let json: Option<Value> = serde_json::from_slice(&body).ok();
        let refusal = json.as_ref().and_then(wire::refusal);
        match (status, json, refusal) {
            (200..=299, Some(body), None) => Ok(Reply {
                body: Some(body),
                date,
            }),
            (200..=299, None, _) => Err(error::not_a_crm(status)),
            (status, _, refusal) => {
                let mut error = error::of_answer(status, refusal.as_ref());
                error.retry_after = retry_after.or(error.retry_after);
                Err(error)
            }
        }
    }

    fn request(
        &self,
        call: &Call<'_>,
        token: &Sensitive<String>,
    ) -> Result<reqwest::RequestBuilder, Error> {
        let url = format!("{}/crm/v8/{}", self.base, call.path);
        let request = match &call.coql {
            Some(query) => self
                .http
                .post(url)
                .json(&serde_json::json!({ "select_query": query })),
            None => self.http.get(url).query(&call.query),
        };
        let value = format!("Zoho-oauthtoken {}", token.expose());
        let mut value = HeaderValue::try_from(value)
            .map_err(|_| error::of_reason(StatusReason::InvalidToken))?;
        value.set_sensitive(true);
        let request = request.header(AUTHORIZATION, value);
        Ok(match &call.since {
            Some(since) => request.header(HeaderName::from_static("if-modified-since"), since),
            None => request,
        })
    }

    fn note_date(&self, headers: &HeaderMap) -> Option<Timestamp> {
        let text = headers.get(DATE)?.to_str().ok()?;
        let date = wire::http_date(text)?;
        let mut seen = self
            .server_clock
            .lock()
            .expect("nothing panics while it is held");
        *seen = Some((date, Instant::now()));
        Some(date)
    }
}

/// Sends, and sends once more when a kept connection turned out to be dead, as after a sleep.
async fn send(request: reqwest::RequestBuilder) -> Result<Response, reqwest::Error> {
    let again = request.try_clone();
    match (request.send().await, again) {
        (Err(failure), Some(again)) if !failure.is_connect() && !failure.is_timeout() => {
            again.send().await
        }
        (outcome, _) => outcome,
    }
}

fn is_refused_token(error: &Error) -> bool {
    error.reason() == Some(StatusReason::InvalidToken)
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("retry-after")?.to_str().ok()?;
    let seconds: u64 = text.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(24 * 3600)))
}

/// Reads a body to its end, but not more than a CRM can mean.
pub(super) async fn read_body(response: &mut Response) -> Result<Vec<u8>, Error> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= LARGEST_BODY => {
                body.extend_from_slice(&chunk);
            }
            Ok(None) => return Ok(body),
            Ok(Some(_)) | Err(_) => return Err(error::not_a_crm(status)),
        }
    }
}

//! What was asked of the sandbox, and what of it may be shown to a test.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use url::form_urlencoded;

/// Headers and parameters whose values are never kept in the open.
const SECRETS: [&str; 8] = [
    "authorization",
    "client_secret",
    "code",
    "code_verifier",
    "cookie",
    "refresh_token",
    "token",
    "state",
];

/// One request, read whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Request {
    pub method: String,
    pub path: String,
    /// The parameters in the URL.
    pub query: Vec<(String, String)>,
    /// The parameters in a form body, urlencoded or multipart.
    pub form: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Request {
    /// The first parameter of this name in the URL.
    pub fn query(&self, name: &str) -> Option<&str> {
        value_of(&self.query, name)
    }

    /// The first parameter of this name in the form or in the URL.
    pub fn param(&self, name: &str) -> Option<&str> {
        value_of(&self.form, name).or_else(|| self.query(name))
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What a test may see of it.
    pub fn seen(&self) -> SeenRequest {
        let hide = |(name, value): (&str, &str)| {
            let value = if SECRETS.contains(&name) {
                "hidden"
            } else {
                value
            };
            (name.to_owned(), value.to_owned())
        };
        let query = self.query.iter().map(|(n, v)| hide((n, v))).collect();
        let headers = self
            .headers
            .iter()
            .map(|(name, value)| hide((name.as_str(), value.to_str().unwrap_or_default())))
            .collect();
        SeenRequest {
            method: self.method.clone(),
            path: self.path.clone(),
            query,
            headers,
        }
    }
}

/// A request that the sandbox got, for a test to look at. Secrets are hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRequest {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The parameters of the URL; the last of a repeated name.
    pub query: BTreeMap<String, String>,
    /// The headers, names in small letters.
    pub headers: BTreeMap<String, String>,
}

/// Splits `a=1&b=2` into its decoded pairs.
pub(super) fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(encoded).into_owned().collect()
}

fn value_of<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

//! What the sandbox answers: status, headers, body; and Zoho's envelope for errors.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::{Map, Value, json};

/// One answer before it goes onto the wire.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// A JSON body with its status.
    pub fn json(status: u16, body: &Value) -> Self {
        let content_type = "application/json;charset=utf-8".to_owned();
        Self {
            status,
            headers: vec![("content-type", content_type)],
            body: body.to_string().into_bytes(),
        }
    }

    /// A page for a browser.
    pub fn html(status: u16, page: &str) -> Self {
        let content_type = "text/html;charset=UTF-8".to_owned();
        Self {
            status,
            headers: vec![("content-type", content_type)],
            body: page.as_bytes().to_vec(),
        }
    }

    /// A status without a body: 204 for nothing found, 304 for nothing new.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Sends the browser on to `location`.
    pub fn redirect(location: String) -> Self {
        Self::empty(302).with("location", location)
    }

    /// The same answer with one more header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The answer as the server sends it.
    pub fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response
                    .headers_mut()
                    .append(HeaderName::from_static(name), value);
            }
        }
        // An answer without a type would be guessed at; Zoho sends none with 204 and 304.
        debug_assert!(
            matches!(response.status().as_u16(), 204 | 302 | 304)
                || response.headers().contains_key(header::CONTENT_TYPE)
        );
        response
    }
}

/// A refusal in Zoho's words, still without its place in the envelope.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
    pub details: Value,
}

impl Refusal {
    /// A refusal with empty details.
    pub fn new(status: u16, code: &'static str, message: &str) -> Self {
        Self {
            status,
            code,
            message: message.to_owned(),
            details: Value::Object(Map::new()),
        }
    }

    /// The same refusal with details.
    pub fn details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }

    /// The envelope: code, details, message, status.
    pub fn envelope(&self) -> Value {
        json!({
            "code": self.code,
            "details": self.details,
            "message": self.message,
            "status": "error",
        })
    }

    /// The usual, flat form.
    pub fn flat(&self) -> Answer {
        Answer::json(self.status, &self.envelope())
    }

    /// Inside `data`, as the deleted list and the writing calls answer their 400s.
    pub fn wrapped(&self) -> Answer {
        Answer::json(self.status, &json!({ "data": [self.envelope()] }))
    }
}

/// 400 for a parameter that a call cannot do without.
pub(super) fn param_missing(name: &str) -> Refusal {
    Refusal::new(400, "REQUIRED_PARAM_MISSING", "required param is missing")
        .details(json!({ "param_name": name }))
}

/// 400 for a parameter with a value that cannot be.
pub(super) fn invalid_data(name: &str) -> Refusal {
    Refusal::new(400, "INVALID_DATA", "invalid data").details(json!({ "param_name": name }))
}

/// 400 for a parameter above its limit.
pub(super) fn limit_exceeded(name: &str, limit: usize) -> Refusal {
    Refusal::new(400, "LIMIT_EXCEEDED", "limit exceeded")
        .details(json!({ "limit": limit, "param_name": name }))
}

/// 400 for a module that this organisation does not have.
pub(super) fn invalid_module() -> Refusal {
    Refusal::new(
        400,
        "INVALID_MODULE",
        "the module name given seems to be invalid",
    )
    .details(json!({ "resource_path_index": 0 }))
}

/// 404 for a path that is no call of the API.
pub(super) fn invalid_url() -> Refusal {
    Refusal::new(
        404,
        "INVALID_URL_PATTERN",
        "Please check if the URL trying to access is a correct one",
    )
}

//! What the server answers: status, headers, a document or nothing.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};

use super::xml::{Node, Prefixes};

/// How the letters of a document are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// As calls and events always are.
    Utf8,
    /// As documents in the user's own language may be.
    Latin1,
}

/// One answer before it goes onto the wire.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// Done, and nothing to say.
    pub fn done() -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// A document about calls, channels or subscriptions.
    pub fn document(status: u16, node: &Node) -> Self {
        Self::in_charset(status, node, Charset::Utf8)
    }

    /// A document whose letters are those of the user's language.
    pub fn in_charset(status: u16, node: &Node, charset: Charset) -> Self {
        let name = match charset {
            Charset::Utf8 => "UTF-8",
            Charset::Latin1 => "ISO-8859-1",
        };
        let document = node.document(&Prefixes::none());
        let text = format!("<?xml version=\"1.0\" encoding=\"{name}\"?>\n{document}");
        let body = match charset {
            Charset::Utf8 => text.into_bytes(),
            Charset::Latin1 => text
                .chars()
                .map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?'))
                .collect(),
        };
        let kind = format!("application/xml; charset={name}");
        Self {
            status,
            headers: vec![("content-type", kind)],
            body,
        }
    }

    /// A refusal in the interface's own words.
    pub fn refusal(status: u16, code: u32, summary: &str) -> Self {
        let node = Node::new("ErrorInfo")
            .leaf("summary", summary)
            .leaf("summaryEnglish", summary)
            .leaf("errorCode", code.to_string());
        Self::document(status, &node)
    }

    /// A page of the web server in front of the interface.
    pub fn page(status: u16) -> Self {
        Self {
            status,
            headers: vec![("content-type", "text/html;charset=utf-8".to_owned())],
            body: format!("<html><body><h1>HTTP Status {status}</h1></body></html>").into_bytes(),
        }
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
        response
    }
}

/// The call is not there, or no longer, or not this user's.
pub(super) fn unknown_call() -> Answer {
    Answer::refusal(404, 111_002, "Call not found")
}

/// The call is in no state for this.
pub(super) fn not_now() -> Answer {
    Answer::refusal(400, 111_009, "Invalid state for the requested action")
}

/// Something is missing or wrong in the request.
pub(super) fn bad_request(what: &str) -> Answer {
    Answer::refusal(400, 110_001, &format!("Invalid request: {what}"))
}

/// Not within what this user may see or do.
pub(super) fn forbidden() -> Answer {
    Answer::refusal(403, 110_006, "Not authorized for this resource")
}

/// Nothing has this id, or there is no such command.
pub(super) fn not_found(what: &str) -> Answer {
    Answer::refusal(404, 110_004, &format!("{what} not found"))
}

//! SIP messages: taking one apart, putting one together.
//!
//! Just what a telephone on loopback meets: UDP, one Via of ours, no folding, no multipart.

use std::fmt::Write as _;

/// A request or a response.
#[derive(Debug, Clone)]
pub(super) struct Message {
    start: String,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Message {
    pub(super) fn request(method: &str, uri: &str) -> Self {
        Self {
            start: format!("{method} {uri} SIP/2.0"),
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// A response that carries what identifies `request`; the To header comes from the caller, who knows the tag.
    pub(super) fn response(status: u16, request: &Message) -> Self {
        let mut response = Self {
            start: format!("SIP/2.0 {status} {}", reason(status)),
            headers: Vec::new(),
            body: String::new(),
        };
        for name in ["Via", "Record-Route", "From", "Call-ID", "CSeq"] {
            for value in request.all(name) {
                response = response.with(name, value);
            }
        }
        response
    }

    pub(super) fn parse(datagram: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(datagram);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.split("\r\n");
        let start = lines.next()?.to_owned();
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (whole_name(name.trim()).to_owned(), value.trim().to_owned()))
            .collect();
        start.contains("SIP/2.0").then(|| Self {
            start,
            headers,
            body: body.to_owned(),
        })
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("{}\r\n", self.start);
        for (name, value) in &self.headers {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        let _ = write!(
            text,
            "Content-Length: {}\r\n\r\n{}",
            self.body.len(),
            self.body
        );
        text.into_bytes()
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Replaces the header, or adds it.
    pub(super) fn set(&mut self, name: &str, value: String) {
        self.headers
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value));
    }

    pub(super) fn with_sdp(mut self, sdp: String) -> Self {
        self.body = sdp;
        self.with("Content-Type", "application/sdp")
    }

    /// The first value of a header; empty when there is none.
    pub(super) fn header(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    pub(super) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The status of a response; `None` for a request.
    pub(super) fn status(&self) -> Option<u16> {
        self.start.strip_prefix("SIP/2.0 ")?.get(..3)?.parse().ok()
    }

    /// The method of a request, or of the request that a response answers.
    pub(super) fn method(&self) -> &str {
        match self.status() {
            None => self.start.split(' ').next().unwrap_or_default(),
            Some(_) => self.header("CSeq").split(' ').nth(1).unwrap_or_default(),
        }
    }

    pub(super) fn uri(&self) -> &str {
        self.start.split(' ').nth(1).unwrap_or_default()
    }

    pub(super) fn sequence(&self) -> u32 {
        self.header("CSeq")
            .split(' ')
            .next()
            .and_then(|number| number.parse().ok())
            .unwrap_or_default()
    }

    /// What names the transaction.
    pub(super) fn branch(&self) -> &str {
        parameter(self.header("Via"), "branch").unwrap_or_default()
    }
}

/// A parameter behind the address of a header, such as the tag.
pub(super) fn parameter<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    let behind = value.rsplit_once('>').map_or(value, |(_, behind)| behind);
    behind.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The address of a header, without brackets, name and parameters.
pub(super) fn address(value: &str) -> &str {
    match value
        .rsplit_once('<')
        .and_then(|(_, behind)| behind.split_once('>'))
    {
        Some((uri, _)) => uri,
        None => value.split(';').next().unwrap_or(value).trim(),
    }
}

/// The user part of a header's address: the number.
pub(super) fn user(value: &str) -> &str {
    let uri = address(value);
    let behind_scheme = uri.split_once(':').map_or(uri, |(_, rest)| rest);
    behind_scheme.split_once('@').map_or("", |(user, _)| user)
}

/// A name in quotes, as a header carries it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

fn whole_name(name: &str) -> &str {
    match name {
        "v" | "V" => "Via",
        "f" | "F" => "From",
        "t" | "T" => "To",
        "i" | "I" => "Call-ID",
        "m" | "M" => "Contact",
        "o" | "O" => "Event",
        other => other,
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        100 => "Trying",
        180 => "Ringing",
        200 => "OK",
        302 => "Moved Temporarily",
        481 => "Call/Transaction Does Not Exist",
        486 => "Busy Here",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        500 => "Server Internal Error",
        501 => "Not Implemented",
        603 => "Decline",
        _ => "Unnamed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_survives_being_written_and_read() {
        let written = Message::request("INVITE", "sip:101@127.0.0.1")
            .with("Via", "SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK7")
            .with("CSeq", "3 INVITE")
            .with_sdp("v=0\r\n".into());
        let read = Message::parse(&written.to_bytes()).expect("what we write can be read");
        assert_eq!(
            (read.method(), read.uri()),
            ("INVITE", "sip:101@127.0.0.1"),
            "the start line"
        );
        assert_eq!(
            (read.branch(), read.sequence()),
            ("z9hG4bK7", 3),
            "what names the transaction"
        );
        assert_eq!(read.body, "v=0\r\n", "the body is kept");
    }

    #[test]
    fn number_and_tag_are_found_behind_a_name_with_brackets() {
        let value = "\"Anna <x>\" <sip:+4923112345@127.0.0.2;user=phone>;tag=ab";
        assert_eq!(user(value), "+4923112345", "the last address counts");
        assert_eq!(
            parameter(value, "tag"),
            Some("ab"),
            "the tag stands behind the address"
        );
    }
}

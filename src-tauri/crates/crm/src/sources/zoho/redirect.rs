//! The one-shot listener to which the browser comes back after the consent.
//!
//! Any page in the browser can send requests here. Only one with the state of this sign-in ends
//! the waiting; everything else is answered and forgotten.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use url::form_urlencoded;

/// The path of the redirect address.
pub(super) const PATH: &str = "/ringcard/zoho";
const LONGEST_HEAD: usize = 8 * 1024;
const PATIENCE: Duration = Duration::from_secs(5);

/// What the browser shows when it has come back. Plain text in the agent's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerWords {
    /// The sign-in can go on in Ringcard.
    pub done: String,
    /// The user refused, or something was wrong.
    pub failed: String,
}

impl Default for AnswerWords {
    fn default() -> Self {
        Self {
            done: "Signed in. You can close this page and go back to Ringcard.".to_owned(),
            failed: "The sign-in did not work. Go back to Ringcard and try again.".to_owned(),
        }
    }
}

/// What came back with the right state.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Returned {
    /// A code, and the accounts server that is said to take it.
    Code {
        code: String,
        accounts_server: Option<String>,
    },
    /// The user or Zoho refused.
    Refused,
}

/// Why a request does not end the waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ignored {
    /// Not for us: another path, a favicon, no HTTP.
    Stray,
    /// For us, but not of this sign-in.
    ForeignState,
}

/// A listener that waits for one browser.
pub(super) struct Listener {
    socket: TcpListener,
    port: u16,
}

impl Listener {
    /// Listens on a loopback port; 0 takes a free one.
    pub async fn bind(port: u16) -> std::io::Result<Self> {
        let socket = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        let port = socket.local_addr()?.port();
        Ok(Self { socket, port })
    }

    /// The address that the browser is sent to.
    pub fn redirect_uri(&self) -> String {
        format!("http://localhost:{}{PATH}", self.port)
    }

    /// Waits until a request with `state` comes. `foreign` counts those with another.
    pub async fn wait(&self, state: &str, words: &AnswerWords, foreign: &mut u32) -> Returned {
        let mut visits = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.socket.accept() => {
                    if let Ok((stream, _)) = accepted {
                        // A silent connection must not keep the browser waiting behind it.
                        visits.spawn(visit(stream, state.to_owned(), words.clone()));
                    }
                }
                Some(visited) = visits.join_next() => match visited {
                    Ok(Ok(returned)) => return returned,
                    Ok(Err(Ignored::ForeignState)) => *foreign += 1,
                    Ok(Err(Ignored::Stray)) | Err(_) => {}
                },
            }
        }
    }
}

async fn visit(
    mut stream: TcpStream,
    state: String,
    words: AnswerWords,
) -> Result<Returned, Ignored> {
    let head = tokio::time::timeout(PATIENCE, read_head(&mut stream)).await;
    let outcome = match head {
        Ok(Some(head)) => read_request(&head, &state),
        _ => Err(Ignored::Stray),
    };
    let (status, text) = match &outcome {
        Ok(Returned::Code { .. }) => ("200 OK", words.done.as_str()),
        Ok(Returned::Refused) => ("200 OK", words.failed.as_str()),
        Err(Ignored::ForeignState) => ("400 Bad Request", words.failed.as_str()),
        Err(Ignored::Stray) => ("404 Not Found", ""),
    };
    // The browser's answer is a courtesy: the sign-in goes on when it cannot be delivered.
    let _ = tokio::time::timeout(PATIENCE, answer(&mut stream, status, text)).await;
    outcome
}

async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let count = stream.read(&mut piece).await.ok()?;
        if count == 0 || head.len() + count > LONGEST_HEAD {
            return None;
        }
        head.extend_from_slice(&piece[..count]);
    }
    String::from_utf8(head).ok()
}

fn read_request(head: &str, state: &str) -> Result<Returned, Ignored> {
    let line = head.lines().next().ok_or(Ignored::Stray)?;
    let mut words = line.split(' ');
    let (Some("GET"), Some(target)) = (words.next(), words.next()) else {
        return Err(Ignored::Stray);
    };
    let (path, query) = target.split_once('?').ok_or(Ignored::Stray)?;
    if path != PATH {
        return Err(Ignored::Stray);
    }
    let one = |name: &str| {
        let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        let value = values.next().map(|(_, value)| value.into_owned());
        // A name twice is a trick: neither value is taken.
        values.next().is_none().then_some(value).flatten()
    };
    if one("state").as_deref() != Some(state) {
        return Err(Ignored::ForeignState);
    }
    Ok(match one("code").filter(|code| !code.is_empty()) {
        Some(code) => Returned::Code {
            code,
            accounts_server: one("accounts-server"),
        },
        None => Returned::Refused,
    })
}

async fn answer(stream: &mut TcpStream, status: &str, text: &str) -> std::io::Result<()> {
    let page = format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>Ringcard</title></head>\
         <body style=\"font:16px system-ui;margin:3rem\"><p>{}</p></body></html>",
        escape(text)
    );
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\
         Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
        page.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(page.as_bytes()).await?;
    stream.shutdown().await
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(query: &str) -> Result<Returned, Ignored> {
        read_request(&format!("GET {PATH}?{query} HTTP/1.1\r\n\r\n"), "right")
    }

    #[test]
    fn only_the_right_state_ends_the_waiting() {
        assert_eq!(request("code=c&state=wrong"), Err(Ignored::ForeignState));
        assert_eq!(request("code=c"), Err(Ignored::ForeignState));
        assert_eq!(
            request("code=c&state=right&state=wrong"),
            Err(Ignored::ForeignState),
            "a state said twice is no state"
        );
        assert_eq!(
            request("code=c&state=right&accounts-server=https%3A%2F%2Faccounts.zoho.eu"),
            Ok(Returned::Code {
                code: "c".to_owned(),
                accounts_server: Some("https://accounts.zoho.eu".to_owned()),
            })
        );
    }

    #[test]
    fn a_refusal_without_the_state_is_not_believed() {
        assert_eq!(request("error=access_denied"), Err(Ignored::ForeignState));
        assert_eq!(
            request("error=access_denied&state=right"),
            Ok(Returned::Refused)
        );
    }

    #[test]
    fn another_path_or_verb_is_nothing_of_ours() {
        for head in [
            "GET /favicon.ico HTTP/1.1",
            "POST /ringcard/zoho?code=c&state=right HTTP/1.1",
            "",
            "GET",
            "\u{0}\u{0}",
        ] {
            assert_eq!(read_request(head, "right"), Err(Ignored::Stray), "{head:?}");
        }
    }
}

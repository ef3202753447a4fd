//! A bare HTTP client for the tests of the sandbox: it shows every byte and smooths nothing over.
#![allow(dead_code, missing_docs, reason = "each test target uses a part of it")]

use std::collections::BTreeMap;
use std::time::Duration;

use ringcard_sandbox::zoho::{CLIENT_ID, CLIENT_SECRET, SCOPES, Zoho};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than any answer takes; a test that hangs on it has found something.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a body of JSON")
    }

    pub fn code(&self) -> String {
        let body = self.json();
        let inner = body["data"].get(0).unwrap_or(&body);
        inner["code"].as_str().expect("a code").to_owned()
    }

    pub fn ids(&self) -> Vec<String> {
        let body = self.json();
        let rows = body["data"].as_array().expect("rows");
        rows.iter()
            .map(|row| row["id"].as_str().expect("ids are text").to_owned())
            .collect()
    }
}

/// Sends `head` and `body` and reads until the server closes. An error is a broken connection.
pub async fn send(zoho: &Zoho, head: &str, body: &[u8]) -> std::io::Result<Reply> {
    timeout(PATIENCE, exchange(zoho, head, body))
        .await
        .expect("an answer or a broken connection in time")
}

async fn exchange(zoho: &Zoho, head: &str, body: &[u8]) -> std::io::Result<Reply> {
    let mut stream = TcpStream::connect(zoho.address()).await?;
    let head = format!(
        "{head}\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        zoho.address(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    parse(&bytes).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
}

/// `None` when the answer is not whole.
fn parse(bytes: &[u8]) -> Option<Reply> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let body = bytes[end + 4..].to_vec();
    let promised = headers
        .get("content-length")
        .map_or(Some(0), |n| n.parse().ok())?;
    (body.len() == promised).then_some(Reply {
        status,
        headers,
        body,
    })
}

/// A form to the accounts server.
pub async fn form(zoho: &Zoho, path: &str, form: &str) -> Reply {
    let head = format!("POST {path} HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded");
    send(zoho, &head, form.as_bytes()).await.expect("an answer")
}

/// Signs in by a Self Client code; the rights of `SCOPES`.
pub async fn sign_in(zoho: &Zoho) -> Session<'_> {
    sign_in_for(zoho, SCOPES).await
}

/// Signs in with other rights.
pub async fn sign_in_for<'a>(zoho: &'a Zoho, scopes: &str) -> Session<'a> {
    let code = zoho.self_client_code(scopes);
    let body = format!(
        "grant_type=authorization_code&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}\
         &code={code}"
    );
    let tokens = form(zoho, "/oauth/v2/token", &body).await.json();
    let text = |name: &str| tokens[name].as_str().expect("a token").to_owned();
    Session {
        zoho,
        access: text("access_token"),
        refresh: text("refresh_token"),
    }
}

/// A signed-in client.
pub struct Session<'a> {
    pub zoho: &'a Zoho,
    pub access: String,
    pub refresh: String,
}

impl Session<'_> {
    pub async fn get(&self, path: &str) -> Reply {
        self.try_get(path, None).await.expect("a whole answer")
    }

    pub async fn since(&self, path: &str, since: &str) -> Reply {
        let reply = self.try_get(path, Some(since)).await;
        reply.expect("a whole answer")
    }

    pub async fn try_get(&self, path: &str, since: Option<&str>) -> std::io::Result<Reply> {
        let since = since.map(|time| format!("\r\nif-modified-since: {time}"));
        let head = format!(
            "GET /crm/v8/{path} HTTP/1.1\r\nauthorization: Zoho-oauthtoken {}{}",
            self.access,
            since.unwrap_or_default()
        );
        send(self.zoho, &head, b"").await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.write("POST", path, body).await
    }

    pub async fn write(&self, method: &str, path: &str, body: &Value) -> Reply {
        let head = format!(
            "{method} /crm/v8/{path} HTTP/1.1\r\nauthorization: Zoho-oauthtoken {}\r\n\
             content-type: application/json",
            self.access
        );
        let body = body.to_string();
        send(self.zoho, &head, body.as_bytes())
            .await
            .expect("a whole answer")
    }

    pub async fn select(&self, query: &str) -> Reply {
        self.post("coql", &json!({ "select_query": query })).await
    }

    /// Asks for a new access token and takes it.
    pub async fn refresh(&mut self) -> Reply {
        let body = format!(
            "grant_type=refresh_token&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}\
             &refresh_token={}",
            self.refresh
        );
        let reply = form(self.zoho, "/oauth/v2/token", &body).await;
        if let Some(token) = reply.json()["access_token"].as_str() {
            self.access = token.to_owned();
        }
        reply
    }

    /// Walks a list to its end by page tokens and says the ids in their order.
    pub async fn walk(&self, path: &str) -> Vec<String> {
        let mut ids = Vec::new();
        let mut token = String::new();
        loop {
            let reply = self.get(&format!("{path}{token}")).await;
            if reply.status != 200 {
                return ids;
            }
            ids.extend(reply.ids());
            match reply.json()["info"]["next_page_token"].as_str() {
                Some(next) => token = format!("&page_token={next}"),
                None => return ids,
            }
        }
    }
}

/// `%`-encodes a value for a URL.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

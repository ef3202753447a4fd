//! A bare client for the tests of the Xsi server: it shows every byte and smooths nothing over.
#![allow(dead_code, missing_docs, reason = "each test target uses a part of it")]

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ringcard_sandbox::pbx::{Habits, OnKeyNotify, Pbx, PbxOptions};
use ringcard_sandbox::xsi::{Xsi, XsiOptions, password_of, user_of};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than any answer takes; a test that hangs on it has found something.
pub const PATIENCE: Duration = Duration::from_secs(10);
pub const ACTIONS: &str = "/com.broadsoft.xsi-actions/v2.0";
pub const EVENTS: &str = "/com.broadsoft.xsi-events/v2.0";
pub const CHANNEL: &str = "/com.broadsoft.async/com.broadsoft.xsi-events/v2.0/channel";
const NAMESPACE: &str = "xmlns=\"http://schema.broadsoft.com/xsi\"";

/// A PBX whose telephones obey the network, and its Xsi server.
pub async fn house() -> (Pbx, Xsi) {
    house_with(XsiOptions::default()).await
}

pub async fn house_with(options: XsiOptions) -> (Pbx, Xsi) {
    let pbx = Pbx::start(PbxOptions::default())
        .await
        .expect("a free port");
    for extension in ["101", "102", "103"] {
        pbx.phone(extension).behaves(Habits {
            on_key_notify: OnKeyNotify::Obeys,
            ..Habits::default()
        });
    }
    let xsi = Xsi::start(&pbx, options).await.expect("a free port");
    (pbx, xsi)
}

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn field(&self, name: &str) -> String {
        field(&self.text(), name)
    }
}

/// The text of the first element of this name, whatever its prefix; nothing when there is none.
pub fn field(document: &str, name: &str) -> String {
    let opens = document.match_indices(name).find_map(|(at, _)| {
        let before = document[..at].chars().last()?;
        let after = &document[at + name.len()..];
        let starts = matches!(before, '<' | ':') && after.starts_with(['>', ' ']);
        let (attributes, text) = after.split_once('>')?;
        (starts && !attributes.ends_with('/')).then_some(text)
    });
    let text = opens.and_then(|text| text.split('<').next());
    text.unwrap_or_default().trim().to_owned()
}

/// One user with a password.
#[derive(Clone, Copy)]
pub struct Agent<'a> {
    pub xsi: &'a Xsi,
    pub extension: &'static str,
}

impl<'a> Agent<'a> {
    pub fn of(xsi: &'a Xsi, extension: &'static str) -> Self {
        Self { xsi, extension }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.act("GET", path).await
    }

    /// A command without a document below the user's own path.
    pub async fn act(&self, method: &str, path: &str) -> Reply {
        let path = format!("{ACTIONS}/user/{}/{path}", user_of(self.extension));
        self.send(method, &path, "").await
    }

    /// A document to Xsi-Events; `root` is its name, `inside` what it holds.
    pub async fn tell(&self, method: &str, path: &str, (root, inside): (&str, &str)) -> Reply {
        let path = format!("{EVENTS}/{path}");
        self.send(method, &path, &document(root, inside)).await
    }

    pub async fn send(&self, method: &str, path: &str, body: &str) -> Reply {
        let proof = proof(self.extension);
        let head = format!("{method} {path} HTTP/1.1\r\n{proof}");
        send(self.xsi, &head, body).await.expect("a whole answer")
    }

    pub async fn subscribe(&self, package: &str, set: &str) -> Reply {
        let inside = format!(
            "<event>{package}</event><expires>3600</expires><channelSetId>{set}</channelSetId>\
             <applicationId>test</applicationId>"
        );
        let path = format!("user/{}", user_of(self.extension));
        self.tell("POST", &path, ("Subscription", &inside)).await
    }

    /// Opens a channel and subscribes to all there is of calls.
    pub async fn listens(&self) -> Listener {
        let mut listener = self.opens("set-1", "test").await;
        let reply = self.subscribe("Advanced Call", "set-1").await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        listener.until("CallSubscriptionEvent").await;
        listener
    }

    pub async fn opens(&self, set: &str, application: &str) -> Listener {
        let inside = format!(
            "<channelSetId>{set}</channelSetId><priority>1</priority><weight>50</weight>\
             <expires>60</expires><applicationId>{application}</applicationId>"
        );
        let proof = proof(self.extension);
        let head = format!("POST {CHANNEL} HTTP/1.1\r\n{proof}");
        let stream = written(self.xsi, &head, &document("Channel", &inside))
            .await
            .expect("the server takes connections");
        let mut listener = Listener {
            stream,
            raw: Vec::new(),
            open: String::new(),
            seen: Vec::new(),
            cursor: 0,
            head: String::new(),
            channel: String::new(),
            chunks: 0,
            over: false,
        };
        let greeting = listener.until("<Channel ").await;
        listener.channel = field(&greeting, "channelId");
        assert!(!listener.channel.is_empty(), "{greeting}");
        listener
    }
}

pub fn document(root: &str, inside: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} {NAMESPACE}>{inside}</{root}>")
}

/// Sends a request on a connection of its own and reads until the server closes.
pub async fn send(xsi: &Xsi, head: &str, body: &str) -> std::io::Result<Reply> {
    let asked = async {
        let head = format!("{head}\r\nconnection: close");
        let mut stream = written(xsi, &head, body).await?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await?;
        parse(&bytes).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
    };
    timeout(PATIENCE, asked).await.expect("an answer in time")
}

async fn written(xsi: &Xsi, head: &str, body: &str) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(xsi.address()).await?;
    let head = format!(
        "{head}\r\nhost: {}\r\ncontent-length: {}\r\n\r\n",
        xsi.address(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    Ok(stream)
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
    Some(Reply {
        status,
        headers,
        bytes: bytes[end + 4..].to_vec(),
    })
}

/// An open channel and everything that came over it.
pub struct Listener {
    stream: TcpStream,
    raw: Vec<u8>,
    /// What has come and is no whole document yet.
    open: String,
    pub seen: Vec<String>,
    cursor: usize,
    head: String,
    pub channel: String,
    /// How many chunks came, however many documents stood in them.
    pub chunks: usize,
    /// Its last chunk may come in one piece with an event; the connection itself stays open.
    over: bool,
}

impl Listener {
    /// The next document that contains this; documents before it are passed over.
    pub async fn until(&mut self, what: &str) -> String {
        let found = timeout(PATIENCE, async {
            loop {
                while self.cursor < self.seen.len() {
                    self.cursor += 1;
                    if self.seen[self.cursor - 1].contains(what) {
                        return self.seen[self.cursor - 1].clone();
                    }
                }
                if !self.read().await && self.cursor == self.seen.len() {
                    return String::new();
                }
            }
        });
        let found = found.await;
        match found {
            Ok(document) if !document.is_empty() => document,
            _ => panic!("{what} did not come; there were {:?}", self.kinds()),
        }
    }

    /// The kinds of all events so far, in order.
    pub fn kinds(&self) -> Vec<String> {
        let kinds = self.seen.iter().filter_map(|document| {
            let data = document.split_once("eventData ")?.1;
            let kind = data.split('"').nth(1)?;
            Some(kind.rsplit(':').next()?.to_owned())
        });
        kinds.collect()
    }

    /// Reads until the server ends the channel.
    pub async fn until_closed(&mut self) {
        let closed = timeout(PATIENCE, async { while self.read().await {} });
        closed.await.expect("the channel ends");
    }

    /// Takes in what came; `false` at the end.
    async fn read(&mut self) -> bool {
        if self.over {
            return false;
        }
        let mut piece = [0; 16 * 1024];
        let count = self.stream.read(&mut piece).await.unwrap_or(0);
        self.raw.extend_from_slice(&piece[..count]);
        if self.head.is_empty() {
            let Some(end) = self.raw.windows(4).position(|four| four == b"\r\n\r\n") else {
                return count > 0;
            };
            let head: Vec<u8> = self.raw.drain(..end + 4).collect();
            self.head = String::from_utf8_lossy(&head).to_lowercase();
            assert!(self.head.starts_with("http/1.1 200"), "{}", self.head);
            assert!(
                self.head.contains("transfer-encoding: chunked"),
                "an answer without an end has no length: {}",
                self.head
            );
        }
        while let Some(chunk) = self.chunk() {
            if chunk.is_empty() {
                self.take_documents();
                self.over = true;
                return false;
            }
            self.chunks += 1;
            self.open.push_str(&String::from_utf8_lossy(&chunk));
        }
        self.take_documents();
        count > 0
    }

    /// One whole chunk, if there is one; an empty one is the last.
    fn chunk(&mut self) -> Option<Vec<u8>> {
        let line = self.raw.windows(2).position(|two| two == b"\r\n")?;
        let size = std::str::from_utf8(&self.raw[..line]).ok()?;
        let size = usize::from_str_radix(size.trim(), 16).expect("the size of a chunk");
        let end = line + 2 + size;
        if self.raw.len() < end + 2 {
            return None;
        }
        let chunk = self.raw[line + 2..end].to_vec();
        self.raw.drain(..end + 2);
        Some(chunk)
    }

    fn take_documents(&mut self) {
        let ends = ["</xsi:Event>", "</bw:Event>", "</Event>", "</Channel>"];
        loop {
            let beat = self.open.find("<ChannelHeart").and_then(|at| {
                let end = self.open[at..].find("/>")?;
                Some(at + end + 2)
            });
            let ended = ends
                .iter()
                .filter_map(|end| Some(self.open.find(end)? + end.len()));
            let Some(end) = ended.chain(beat).min() else {
                return;
            };
            self.seen.push(self.open.drain(..end).collect());
        }
    }
}

/// The header that proves who asks.
fn proof(extension: &str) -> String {
    let proof = format!("{}:{}", user_of(extension), password_of(extension));
    format!("authorization: Basic {}", STANDARD.encode(proof))
}

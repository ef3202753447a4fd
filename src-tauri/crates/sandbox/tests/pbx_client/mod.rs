//! A manager as the tests need it: reads blocks byte for byte, knows nothing of calls.

#![allow(dead_code, reason = "each test file uses another part")]

use std::time::Duration;

use ringcard_sandbox::pbx::{CTI, Pbx, PbxOptions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub const PATIENCE: Duration = Duration::from_secs(10);

/// One block: its lines in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block(pub Vec<(String, String)>);

impl Block {
    pub fn parse(text: &str) -> Self {
        Self(
            text.lines()
                .filter_map(|line| line.split_once(':'))
                .map(|(key, value)| (key.to_owned(), value.trim_start().to_owned()))
                .collect(),
        )
    }

    /// The first line of this name: what a careful client believes.
    pub fn get(&self, key: &str) -> &str {
        self.0
            .iter()
            .find(|(name, _)| name == key)
            .map_or("", |(_, value)| value)
    }

    pub fn is(&self, event: &str) -> bool {
        self.get("Event") == event
    }

    pub fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(key, _)| key.as_str()).collect()
    }
}

/// A manager session and everything it has heard.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    pub seen: Vec<Block>,
    cursor: usize,
    last_id: u32,
}

impl Client {
    /// Connects and reads the banner.
    pub async fn connect(port: u16) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", port))
            .await
            .expect("the manager port is open");
        let mut banner = [0; 30];
        timeout(PATIENCE, stream.read_exact(&mut banner))
            .await
            .expect("a banner in time")
            .expect("a banner");
        assert_eq!(
            &banner, b"Asterisk Call Manager/11.0.0\r\n",
            "the banner of Asterisk 22"
        );
        Self {
            stream,
            buffer: Vec::new(),
            seen: Vec::new(),
            cursor: 0,
            last_id: 0,
        }
    }

    /// Connects and logs in with every right and every event.
    pub async fn cti(pbx: &Pbx) -> Self {
        Self::login(pbx, CTI, "on").await
    }

    pub async fn login(pbx: &Pbx, (user, secret): (&str, &str), events: &str) -> Self {
        let mut client = Self::connect(pbx.port()).await;
        let answer = client
            .ask(
                "Login",
                &[("Username", user), ("Secret", secret), ("Events", events)],
            )
            .await;
        assert_eq!(
            answer.get("Message"),
            "Authentication accepted",
            "a right secret"
        );
        client
    }

    pub async fn send(&mut self, action: &str, headers: &[(&str, &str)]) -> String {
        self.last_id += 1;
        let id = format!("t{}", self.last_id);
        let mut text = format!("Action: {action}\r\nActionID: {id}\r\n");
        for (key, value) in headers {
            text.push_str(&format!("{key}: {value}\r\n"));
        }
        text.push_str("\r\n");
        self.raw(text.as_bytes()).await;
        id
    }

    pub async fn raw(&mut self, bytes: &[u8]) {
        self.stream
            .write_all(bytes)
            .await
            .expect("the session is open");
    }

    /// Sends an action and waits for its answer.
    pub async fn ask(&mut self, action: &str, headers: &[(&str, &str)]) -> Block {
        let id = self.send(action, headers).await;
        self.find(0, |block| {
            !block.get("Response").is_empty()
                && block.get("ActionID") == id
                && !block.is("OriginateResponse")
        })
        .await
        .1
    }

    /// The next block that fits; blocks before it are passed over.
    pub async fn until(&mut self, fits: impl Fn(&Block) -> bool) -> Block {
        let (at, block) = self.find(self.cursor, fits).await;
        self.cursor = at + 1;
        block
    }

    pub async fn event(&mut self, name: &str, key: &str, value: &str) -> Block {
        self.until(|block| block.is(name) && block.get(key).starts_with(value))
            .await
    }

    /// Like `event`, but what came earlier counts too: for events whose order nobody promises.
    pub async fn some_event(&mut self, name: &str, key: &str, value: &str) -> Block {
        self.find(0, |block| {
            block.is(name) && block.get(key).starts_with(value)
        })
        .await
        .1
    }

    /// Reads until the other side closes.
    pub async fn until_closed(&mut self) {
        while self.read().await {}
    }

    /// Everything heard so far of this event.
    pub fn heard(&self, name: &str) -> Vec<&Block> {
        self.seen.iter().filter(|block| block.is(name)).collect()
    }

    pub fn position(&self, fits: impl Fn(&Block) -> bool) -> Option<usize> {
        self.seen.iter().position(fits)
    }

    async fn find(&mut self, from: usize, fits: impl Fn(&Block) -> bool) -> (usize, Block) {
        let mut at = from;
        loop {
            while at < self.seen.len() {
                if fits(&self.seen[at]) {
                    return (at, self.seen[at].clone());
                }
                at += 1;
            }
            assert!(self.read().await, "the session ended before the block came");
        }
    }

    async fn read(&mut self) -> bool {
        let mut chunk = [0; 16 * 1024];
        let read = timeout(PATIENCE, self.stream.read(&mut chunk)).await;
        let names: Vec<_> = self
            .seen
            .iter()
            .rev()
            .take(8)
            .map(|block| block.0.first())
            .collect();
        let Ok(Ok(count)) = read else {
            panic!("nothing came in time; last were {names:?}")
        };
        self.buffer.extend_from_slice(&chunk[..count]);
        while let Some(end) = self
            .buffer
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
        {
            let block: Vec<u8> = self.buffer.drain(..end + 4).collect();
            self.seen
                .push(Block::parse(&String::from_utf8_lossy(&block)));
        }
        count > 0
    }
}

pub async fn pbx() -> Pbx {
    Pbx::start(quick()).await.expect("a free port")
}

/// Waits as short as the contract's options allow.
pub fn quick() -> PbxOptions {
    PbxOptions {
        atxfer_no_answer_timeout: Duration::from_secs(1),
        transfer_digit_timeout: Duration::from_millis(300),
        ..PbxOptions::default()
    }
}

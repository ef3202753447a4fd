//! A manager connection of the suite's own: bare lines, read without any of the product's code.

use std::collections::HashMap;
use std::time::Duration;

use ringcard_tests::pbx::{Account, Pbx};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(10);

/// One event or response; a key that comes twice keeps its first value.
#[derive(Debug, Clone, Default)]
pub struct Block(HashMap<String, String>);

impl Block {
    /// The value of a key; empty when it is not there.
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// Whether it is this event.
    pub fn is(&self, event: &str) -> bool {
        self.get("Event") == event
    }

    /// Whether this event is about a channel whose name begins so.
    pub fn is_of(&self, event: &str, channel: &str) -> bool {
        self.is(event) && self.get("Channel").starts_with(channel)
    }

    /// Whether a channel whose name begins so has begun to ring.
    pub fn is_ringing_of(&self, channel: &str) -> bool {
        self.is_of("Newstate", channel) && self.get("ChannelStateDesc") == "Ringing"
    }

    /// Whether it answers an action. Events may have a `Response` too.
    pub fn is_answer(&self) -> bool {
        self.is("") && !self.get("Response").is_empty()
    }

    /// Whether it has no line at all: a blank line too many.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether any of its values holds this text, in whatever case.
    pub fn says(&self, text: &str) -> bool {
        let says = |value: &String| value.to_lowercase().contains(text);
        self.0.values().any(says)
    }
}

/// A connection and everything that was heard on it.
pub struct Wire {
    stream: BufReader<TcpStream>,
    heard: Vec<Block>,
}

impl Wire {
    /// Connects and logs in with every right.
    pub async fn open<P: Pbx>(pbx: &P) -> Self {
        Self::open_as(pbx, Account::Everything).await
    }

    /// Connects and logs in.
    pub async fn open_as<P: Pbx>(pbx: &P, account: Account) -> Self {
        let manager = pbx.manager(account);
        let mut wire = Self::connect(pbx).await;
        let fields = [("Username", &*manager.user), ("Secret", &*manager.secret)];
        let answer = wire.order("Login", &fields).await;
        assert_eq!(answer.get("Response"), "Success", "the account is known");
        wire
    }

    /// Connects, and is nobody yet.
    pub async fn connect<P: Pbx>(pbx: &P) -> Self {
        let manager = pbx.manager(Account::Everything);
        let stream = TcpStream::connect((manager.host.as_str(), manager.port)).await;
        let mut stream = BufReader::new(stream.expect("the manager interface listens"));
        let mut banner = String::new();
        let read = stream.read_line(&mut banner).await;
        read.expect("a banner comes");
        Self {
            stream,
            heard: Vec::new(),
        }
    }

    /// Sends an action and returns its response.
    pub async fn order(&mut self, action: &str, fields: &[(&str, &str)]) -> Block {
        self.send(action, fields).await;
        self.answer(action).await
    }

    /// Sends an action and waits for nothing.
    pub async fn send(&mut self, action: &str, fields: &[(&str, &str)]) {
        let mut text = format!("Action: {action}\r\n");
        for (name, value) in fields {
            text += &format!("{name}: {value}\r\n");
        }
        text += "\r\n";
        let sent = self.stream.get_mut().write_all(text.as_bytes()).await;
        sent.expect("the manager interface takes it");
    }

    /// The next response.
    pub async fn answer(&mut self, action: &str) -> Block {
        self.wait_for(action, Block::is_answer).await
    }

    /// Waits until a block fits; what was heard before does not count.
    pub async fn wait_for(&mut self, what: &str, fits: impl Fn(&Block) -> bool) -> Block {
        let waiting = async {
            loop {
                assert!(self.hear().await, "{what}: the manager interface hung up");
                if let Some(block) = self.heard.last().filter(|block| fits(block)) {
                    return block.clone();
                }
            }
        };
        let in_time = timeout(PATIENCE, waiting).await;
        in_time.unwrap_or_else(|_| panic!("{what}: not said in time"))
    }

    /// The first block that fits, heard before or still to come: for events whose order nobody promises.
    pub async fn hears(&mut self, what: &str, fits: impl Fn(&Block) -> bool) -> Block {
        let before = self.heard.iter().find(|block| fits(block)).cloned();
        match before {
            Some(block) => block,
            None => self.wait_for(what, fits).await,
        }
    }

    /// How many of the blocks so far fit.
    pub fn count(&self, fits: impl Fn(&Block) -> bool) -> usize {
        self.heard.iter().filter(|block| fits(block)).count()
    }

    /// How often it was said that this leg is no longer called, or was answered.
    pub fn dial_ends(&self, leg: &str) -> usize {
        self.count(|block| block.is("DialEnd") && block.get("DestChannel") == leg)
    }

    /// Reads until the other side ends the connection.
    pub async fn ends(&mut self) {
        let reading = async { while self.hear().await {} };
        let ended = timeout(PATIENCE, reading).await;
        assert!(ended.is_ok(), "the connection goes on");
    }

    /// Hears one block more; `false` when the other side has ended the connection.
    async fn hear(&mut self) -> bool {
        let mut block = Block::default();
        loop {
            let mut line = Vec::new();
            // A connection that is torn down has ended as well as one that is closed.
            let read = self.stream.read_until(b'\n', &mut line).await;
            if read.unwrap_or(0) == 0 {
                return false;
            }
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\r', '\n']);
            if line.is_empty() {
                self.heard.push(block);
                return true;
            }
            if let Some((key, value)) = line.split_once(": ") {
                let first = block.0.entry(key.to_owned());
                first.or_insert_with(|| value.to_owned());
            }
        }
    }
}

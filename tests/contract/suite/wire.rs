//! A manager connection of the suite's own: bare lines, read without any of the product's code.

use std::collections::HashMap;
use std::time::Duration;

use ringcard_tests::pbx::{Account, Pbx};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(10);

/// One event or response; a key that comes twice keeps its first value.
#[derive(Debug, Default)]
pub struct Block(HashMap<String, String>);

impl Block {
    /// The value of a key; empty when it is not there.
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// Whether this event is about a channel whose name begins so.
    pub fn is_of(&self, event: &str, channel: &str) -> bool {
        self.get("Event") == event && self.get("Channel").starts_with(channel)
    }
}

/// A connection with every right.
pub struct Wire(BufReader<TcpStream>);

impl Wire {
    /// Connects and logs in.
    pub async fn open<P: Pbx>(pbx: &P) -> Self {
        let manager = pbx.manager(Account::Everything);
        let stream = TcpStream::connect((manager.host.as_str(), manager.port)).await;
        let mut wire = Self(BufReader::new(
            stream.expect("the manager interface listens"),
        ));
        let mut banner = String::new();
        wire.0.read_line(&mut banner).await.expect("a banner comes");
        let fields = [("Username", &*manager.user), ("Secret", &*manager.secret)];
        let answer = wire.order("Login", &fields).await;
        assert_eq!(answer.get("Response"), "Success", "the account is known");
        wire
    }

    /// Sends an action and returns its response; events that come before it are dropped.
    pub async fn order(&mut self, action: &str, fields: &[(&str, &str)]) -> Block {
        let mut text = format!("Action: {action}\r\n");
        for (name, value) in fields {
            text += &format!("{name}: {value}\r\n");
        }
        text += "\r\n";
        let sent = self.0.get_mut().write_all(text.as_bytes()).await;
        sent.expect("the manager interface takes it");
        self.wait_for(action, |block| !block.get("Response").is_empty())
            .await
    }

    /// Waits until a block fits.
    pub async fn wait_for(&mut self, what: &str, fits: impl Fn(&Block) -> bool) -> Block {
        let waiting = async {
            loop {
                let block = self.block().await;
                if fits(&block) {
                    return block;
                }
            }
        };
        let in_time = timeout(PATIENCE, waiting).await;
        in_time.unwrap_or_else(|_| panic!("{what}: not said in time"))
    }

    async fn block(&mut self) -> Block {
        let mut block = Block::default();
        loop {
            let mut line = String::new();
            let read = self.0.read_line(&mut line).await.expect("text comes");
            assert!(read > 0, "the manager interface hung up");
            let line = line.trim_end_matches(['\r', '\n']);
            if line.is_empty() {
                return block;
            }
            if let Some((key, value)) = line.split_once(": ") {
                let first = block.0.entry(key.to_owned());
                first.or_insert_with(|| value.to_owned());
            }
        }
    }
}

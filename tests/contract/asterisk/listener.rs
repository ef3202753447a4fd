//! A manager connection of the test's own: the bare lines of AMI, read without any of the product's code.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::{interval, timeout};

use crate::pbx::PATIENCE;

/// One event or response, its lines in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block(Vec<(String, String)>);

impl Block {
    /// The first value of a key; empty when it is not there.
    pub fn get(&self, key: &str) -> &str {
        let found = self
            .0
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key));
        found.map_or("", |(_, value)| value.as_str())
    }

    /// Whether it is this event.
    pub fn is(&self, event: &str) -> bool {
        self.get("Event") == event
    }

    /// Whether the key's value begins so: `event.names("Channel", "PJSIP/101-")`.
    pub fn names(&self, key: &str, start: &str) -> bool {
        self.get(key).starts_with(start)
    }
}

/// A logged-in connection and everything it has heard.
#[derive(Debug)]
pub struct Listener {
    stream: BufReader<TcpStream>,
    heard: Vec<Block>,
    actions: u32,
}

impl Listener {
    /// Connects and logs in; all events of the account's rights come.
    pub async fn login(address: SocketAddr, user: &str, secret: &str) -> io::Result<Self> {
        let stream = BufReader::new(TcpStream::connect(address).await?);
        let mut listener = Self {
            stream,
            heard: Vec::new(),
            actions: 0,
        };
        let mut banner = String::new();
        listener.stream.read_line(&mut banner).await?;
        if !banner.starts_with("Asterisk Call Manager/") {
            return Err(io::Error::other("no banner"));
        }
        let response = listener
            .ask("Login", &[("Username", user), ("Secret", secret)])
            .await?;
        match response.get("Response") {
            "Success" => Ok(listener),
            _ => Err(io::Error::other("not let in")),
        }
    }

    /// Sends an action and returns its response.
    pub async fn ask(&mut self, action: &str, fields: &[(&str, &str)]) -> io::Result<Block> {
        self.actions += 1;
        let id = format!("t{}", self.actions);
        let mut text = format!("Action: {action}\r\nActionID: {id}\r\n");
        for (name, value) in fields {
            text += &format!("{name}: {value}\r\n");
        }
        text += "\r\n";
        self.stream.write_all(text.as_bytes()).await?;
        self.hear(|block| !block.get("Response").is_empty() && block.get("ActionID") == id)
            .await
    }

    /// Asks and insists on success.
    pub async fn order(&mut self, action: &str, fields: &[(&str, &str)]) {
        let response = self
            .ask(action, fields)
            .await
            .expect("Asterisk stays connected");
        assert_eq!(
            response.get("Response"),
            "Success",
            "{action} was refused: {}",
            response.get("Message")
        );
    }

    /// The first event so far, or to come, that is meant. Panics after [`PATIENCE`] with what it waited for.
    pub async fn wait_for(&mut self, what: &str, meant: impl Fn(&Block) -> bool) -> Block {
        match timeout(PATIENCE, self.hear(meant)).await {
            Ok(Ok(block)) => block,
            Ok(Err(error)) => panic!("the connection ended while waiting for {what}: {error}"),
            Err(_) => panic!("Asterisk never said: {what}\n{}", self.last_events()),
        }
    }

    /// Forgets what was heard, so that the same event is waited for once more.
    pub fn forget(&mut self) {
        self.heard.clear();
    }

    /// Reads until the other side ends the connection. Panics after [`PATIENCE`].
    pub async fn wait_for_end(&mut self) {
        let ended = timeout(PATIENCE, self.hear(|_| false)).await;
        assert!(ended.is_ok(), "the connection goes on");
    }

    /// Whether an event was heard until now.
    pub fn has_heard(&self, meant: impl Fn(&Block) -> bool) -> bool {
        self.heard.iter().any(meant)
    }

    async fn hear(&mut self, meant: impl Fn(&Block) -> bool) -> io::Result<Block> {
        if let Some(block) = self.heard.iter().find(|block| meant(block)) {
            return Ok(block.clone());
        }
        loop {
            let block = self.read_block().await?;
            self.heard.push(block.clone());
            if meant(&block) {
                return Ok(block);
            }
        }
    }

    async fn read_block(&mut self) -> io::Result<Block> {
        let mut lines = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.stream.read_until(b'\n', &mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let line = String::from_utf8_lossy(&line);
            match line.trim_end_matches(['\r', '\n']).split_once(':') {
                Some((name, value)) => lines.push((name.to_owned(), value.trim().to_owned())),
                // An extra blank line ends nothing.
                None if lines.is_empty() => {}
                None => return Ok(Block(lines)),
            }
        }
    }

    fn last_events(&self) -> String {
        let told = |block: &Block| {
            let state = block.get("ChannelStateDesc");
            format!(
                "  {} {} {state} {}",
                block.get("Event"),
                block.get("Channel"),
                block.get("Exten")
            )
        };
        let skipped = ["VarSet", "Newexten", "RTCPSent", "RTCPReceived"];
        let shown = self
            .heard
            .iter()
            .filter(|block| !skipped.contains(&block.get("Event")));
        shown.map(told).collect::<Vec<_>>().join("\n")
    }
}

/// Returns when the manager interface at `address` lets cti in and says that everything is loaded.
pub(super) async fn until_booted(address: SocketAddr) {
    let mut knock = interval(Duration::from_millis(25));
    loop {
        knock.tick().await;
        let Ok(mut listener) = Listener::login(address, "cti", "cti-secret").await else {
            continue;
        };
        if listener.hear(|block| block.is("FullyBooted")).await.is_ok() {
            return;
        }
    }
}

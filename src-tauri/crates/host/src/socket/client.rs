//! The asking end.

use ringcard_ipc::socket::{Ask, Told, VERSION};
use ringcard_ipc::{AppEvent, Reply, Request};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines, ReadHalf, WriteHalf};

use super::{address, system};
use crate::home::Home;

#[cfg(unix)]
type Stream = system::Stream;
#[cfg(windows)]
type Stream = tokio::net::windows::named_pipe::NamedPipeClient;

/// Why nothing could be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No Ringcard runs for this home.
    NotRunning,
    /// The connection broke, or the other side speaks another version.
    Broken,
}

/// A connection to the running Ringcard.
pub struct Client {
    lines: Lines<BufReader<ReadHalf<Stream>>>,
    writer: WriteHalf<Stream>,
    asked: u64,
}

impl Client {
    /// Connects to the Ringcard of a home.
    pub async fn connect(home: &Home) -> Result<Self, Refusal> {
        let stream = system::connect(&address(home))
            .await
            .map_err(|_| Refusal::NotRunning)?;
        let (reader, writer) = tokio::io::split(stream);
        Ok(Self {
            lines: BufReader::new(reader).lines(),
            writer,
            asked: 0,
        })
    }

    /// Asks, and waits for the answer.
    pub async fn ask(&mut self, request: Request) -> Result<Reply, Refusal> {
        self.asked += 1;
        let ask = Ask {
            version: VERSION,
            id: self.asked,
            request,
        };
        let mut line = serde_json::to_vec(&ask).map_err(|_| Refusal::Broken)?;
        line.push(b'\n');
        self.writer
            .write_all(&line)
            .await
            .map_err(|_| Refusal::Broken)?;
        loop {
            if let Told::Answer { reply, .. } = self.next().await? {
                return Ok(reply);
            }
        }
    }

    /// After [`Request::Watch`]: the next change.
    pub async fn next_event(&mut self) -> Result<AppEvent, Refusal> {
        loop {
            if let Told::Event { event, .. } = self.next().await? {
                return Ok(event);
            }
        }
    }

    async fn next(&mut self) -> Result<Told, Refusal> {
        let line = self.lines.next_line().await.map_err(|_| Refusal::Broken)?;
        let line = line.ok_or(Refusal::Broken)?;
        serde_json::from_str(&line).map_err(|_| Refusal::Broken)
    }
}

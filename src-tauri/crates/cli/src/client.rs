//! The asking end of the local socket (or named pipe): one JSON line a message.
//!
//! Where the socket is, who may connect and what is served is the serving end's.

use std::io;

use ringcard_ipc::socket::{Ask, Told, VERSION};
use ringcard_ipc::{AppEvent, Reply, Request};
use tokio::io::{
    AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, ReadHalf, WriteHalf, split,
};

#[cfg(unix)]
type Stream = tokio::net::UnixStream;
#[cfg(windows)]
type Stream = tokio::net::windows::named_pipe::NamedPipeClient;

/// The longest answer that is read, in bytes: the log's page is the largest and far smaller.
const ANSWER_LIMIT: u64 = 16 * 1024 * 1024;

/// Why nothing could be asked, or no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No Ringcard runs there.
    NotRunning,
    /// It went away before it answered.
    Ended,
    /// It runs, and no answer came in time.
    Silent,
    /// It runs in another session of this user, and answers there alone. Or another user of this PC holds its name: the
    /// system tells nobody which.
    Elsewhere,
    /// The other side speaks another version.
    Broken,
}

/// A connection to the running Ringcard.
pub struct Client {
    reader: BufReader<ReadHalf<Stream>>,
    writer: WriteHalf<Stream>,
    asked: u64,
}

impl Client {
    /// Connects to the Ringcard that serves this address.
    pub async fn connect(address: &str) -> Result<Self, Refusal> {
        let stream = open(address).await.map_err(|error| no_way(error.kind()))?;
        let (reader, writer) = split(stream);
        Ok(Self {
            reader: BufReader::new(reader),
            writer,
            asked: 0,
        })
    }

    /// Asks, and waits for the answer. Changes that come before it are passed over.
    pub async fn ask(&mut self, request: Request) -> Result<Reply, Refusal> {
        self.asked += 1;
        let ask = Ask {
            version: VERSION,
            id: self.asked,
            request,
        };
        let mut line = serde_json::to_vec(&ask).map_err(|_| Refusal::Broken)?;
        line.push(b'\n');
        let written = self.writer.write_all(&line).await;
        written.map_err(|_| Refusal::Ended)?;
        loop {
            match self.next().await? {
                // 0 answers a line that the other side could not read at all.
                Told::Answer { id, reply, .. } if id == self.asked || id == 0 => return Ok(reply),
                Told::Answer { .. } | Told::Event { .. } => {}
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
        let mut line = Vec::new();
        let mut limited = (&mut self.reader).take(ANSWER_LIMIT);
        let read = limited.read_until(b'\n', &mut line).await;
        read.map_err(|_| Refusal::Ended)?;
        if line.is_empty() {
            return Err(Refusal::Ended);
        }
        serde_json::from_slice(&line).map_err(|_| Refusal::Broken)
    }
}

fn no_way(kind: io::ErrorKind) -> Refusal {
    match kind {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Refusal::NotRunning,
        io::ErrorKind::PermissionDenied => Refusal::Elsewhere,
        _ => Refusal::Broken,
    }
}

#[cfg(unix)]
async fn open(address: &str) -> io::Result<Stream> {
    Stream::connect(address).await
}

#[cfg(windows)]
async fn open(address: &str) -> io::Result<Stream> {
    use std::time::Duration;
    use tokio::net::windows::named_pipe::ClientOptions;

    /// All instances are taken for a moment, until the server has made the next one.
    const PIPE_BUSY: i32 = 231;
    const PAUSE: Duration = Duration::from_millis(20);
    let mut tries = 100;
    loop {
        match ClientOptions::new().open(address) {
            Err(error) if error.raw_os_error() == Some(PIPE_BUSY) && tries > 0 => {
                tries -= 1;
                tokio::time::sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use tokio::net::UnixListener;

    /// Answers one connection with these lines, whatever it asks.
    async fn asked_of(lines: &'static str) -> Result<Reply, Refusal> {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("socket");
        let listener = UnixListener::bind(&path).expect("a fresh path");
        let serving = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("one client");
            let mut stream = BufReader::new(stream);
            let mut ask = String::new();
            stream.read_line(&mut ask).await.expect("a line");
            let written = stream.get_mut().write_all(lines.as_bytes()).await;
            written.expect("the client reads");
            ask
        });
        let mut client = Client::connect(&path.to_string_lossy()).await?;
        let reply = client.ask(Request::Status).await;
        let ask = serving.await.expect("the serving end");
        assert_eq!(ask, "{\"version\":1,\"id\":1,\"request\":\"status\"}\n");
        reply
    }

    #[tokio::test]
    async fn answer_is_found_behind_changes_and_other_answers() {
        let lines = concat!(
            r#"{"version":1,"event":"notice","body":{"kind":"missed_call","call":"a"}}"#,
            "\n",
            r#"{"version":1,"id":9,"reply":"done"}"#,
            "\n",
            r#"{"version":1,"id":1,"reply":"calls","body":[]}"#,
            "\n"
        );
        assert_eq!(asked_of(lines).await, Ok(Reply::Calls(Vec::new())));
    }

    #[tokio::test]
    async fn end_before_the_answer_is_said() {
        assert_eq!(asked_of("").await, Err(Refusal::Ended));
    }

    #[tokio::test]
    async fn answer_of_another_kind_of_program_is_not_believed() {
        assert_eq!(asked_of("HTTP/1.1 200 OK\n").await, Err(Refusal::Broken));
    }

    #[tokio::test]
    async fn address_without_a_socket_is_not_running() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let nowhere = folder.path().join("none");
        let outcome = Client::connect(&nowhere.to_string_lossy()).await;
        assert_eq!(outcome.err(), Some(Refusal::NotRunning));
    }

    #[test]
    fn a_ringcard_that_may_not_be_asked_from_here_runs_elsewhere() {
        let refused = no_way(io::ErrorKind::PermissionDenied);
        assert_eq!(refused, Refusal::Elsewhere, "starting it anew is no help");
    }
}

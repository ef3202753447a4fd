//! The serving end: one JSON line a message, bounded, and no client can hold up another.

use ringcard_ipc::socket::{Ask, LINE_LIMIT, Told, VERSION};
use ringcard_ipc::{ErrorCode, Failure, Reply, Request};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinSet;
use tracing::warn;

use super::{address, system};
use crate::home::Home;
use crate::run::Handle;

/// Messages that wait for a slow client; of what comes meanwhile it skips some.
const OUTBOX: usize = 256;

/// The lock and the socket of a home.
pub struct Listener {
    server: system::Server,
}

impl Listener {
    /// Takes the home's address, or says that another Ringcard has it.
    pub async fn bind(home: &Home) -> Result<Self, Failure> {
        let server = system::Server::bind(&address(home))
            .await
            .map_err(|error| {
                let message = match error.kind() {
                    std::io::ErrorKind::AddrInUse | std::io::ErrorKind::PermissionDenied => {
                        "Another Ringcard runs already."
                    }
                    _ => "The local socket cannot be made.",
                };
                Failure::new(ErrorCode::Internal, message)
            })?;
        Ok(Self { server })
    }

    /// Serves clients until the task is ended. They leave with it.
    pub async fn serve(mut self, handle: Handle) {
        let mut clients = JoinSet::new();
        loop {
            match self.server.accept().await {
                Ok(stream) => {
                    while clients.try_join_next().is_some() {}
                    clients.spawn(serve_one(stream, handle.clone()));
                }
                Err(_) => {
                    warn!("a client of the local socket could not be accepted");
                    tokio::task::yield_now().await;
                }
            }
        }
    }
}

async fn serve_one(stream: system::Stream, handle: Handle) {
    let (reader, mut writer) = tokio::io::split(stream);
    let (outbox, mut lines) = mpsc::channel::<Told>(OUTBOX);
    let writing = tokio::spawn(async move {
        while let Some(told) = lines.recv().await {
            let Ok(mut line) = serde_json::to_vec(&told) else {
                continue;
            };
            line.push(b'\n');
            if writer.write_all(&line).await.is_err() {
                return;
            }
        }
    });
    let mut reader = BufReader::new(reader);
    while let Some(line) = next_line(&mut reader).await {
        if !take(&line, &handle, &outbox).await {
            break;
        }
    }
    drop(outbox);
    let _ = writing.await;
}

/// A line without its end, or nothing when the client left or sent too much.
async fn next_line(reader: &mut (impl AsyncBufReadExt + Unpin)) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    let limit = LINE_LIMIT as u64 + 1;
    let read = reader.take(limit).read_until(b'\n', &mut line).await.ok()?;
    let whole = read > 0 && line.ends_with(b"\n");
    whole.then_some(line)
}

/// Answers one message in its own task. Says whether the client may go on.
async fn take(line: &[u8], handle: &Handle, outbox: &mpsc::Sender<Told>) -> bool {
    let ask: Ask = match serde_json::from_slice::<Ask>(line) {
        Ok(ask) if ask.version == VERSION => ask,
        Ok(ask) => {
            return refuse(
                ask.id,
                "This version of Ringcard speaks another language.",
                outbox,
            )
            .await;
        }
        Err(_) => return refuse(0, "This is no request that Ringcard understands.", outbox).await,
    };
    let (handle, outbox) = (handle.clone(), outbox.clone());
    tokio::spawn(async move {
        let events = (ask.request == Request::Watch).then(|| handle.watch());
        let reply = handle.ask(ask.request).await;
        let told = Told::Answer {
            version: VERSION,
            id: ask.id,
            reply,
        };
        if outbox.send(told).await.is_ok()
            && let Some(events) = events
        {
            // It would keep alive what it waits for the end of.
            drop(handle);
            forward(events, outbox).await;
        }
    });
    true
}

async fn refuse(id: u64, message: &str, outbox: &mpsc::Sender<Told>) -> bool {
    let failure = Failure::new(ErrorCode::BadRequest, message);
    let told = Told::Answer {
        version: VERSION,
        id,
        reply: Reply::Failed(failure),
    };
    let _ = outbox.send(told).await;
    false
}

async fn forward(
    mut events: broadcast::Receiver<ringcard_ipc::AppEvent>,
    outbox: mpsc::Sender<Told>,
) {
    loop {
        match events.recv().await {
            Ok(event) => {
                let told = Told::Event {
                    version: VERSION,
                    event,
                };
                if outbox.send(told).await.is_err() {
                    return;
                }
            }
            // Each event carries the whole view: what was skipped is in the next one.
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

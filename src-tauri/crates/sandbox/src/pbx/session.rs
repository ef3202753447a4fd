//! Manager sessions: the socket, the blocks that come in, the queue of what goes out.
//!
//! What an action does stands in `action`.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{mpsc, oneshot};

use super::LinkLoss;
use super::account::Account;
use super::action::{After, Request};
use super::event::{Class, Event};
use super::exchange::Shared;

/// Identifies a session.
pub(super) type SessionId = u64;

const BANNER: &[u8] = b"Asterisk Call Manager/11.0.0\r\n";
/// More than this in one action ends the session.
const LONGEST_ACTION: usize = 64 * 1024;

/// What of the events a session asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mask {
    Everything,
    Nothing,
    Only(Vec<String>),
}

impl Mask {
    /// `on`, `off`, or class names with commas between them.
    pub(super) fn parse(text: &str) -> Self {
        match text.trim().to_ascii_lowercase().as_str() {
            "on" | "all" | "yes" | "true" | "" => Self::Everything,
            "off" | "no" | "false" | "none" => Self::Nothing,
            classes => Self::Only(
                classes
                    .split(',')
                    .map(|class| class.trim().to_owned())
                    .collect(),
            ),
        }
    }

    fn has(&self, class: Class) -> bool {
        match self {
            Self::Everything => true,
            Self::Nothing => false,
            Self::Only(classes) => classes.iter().any(|wanted| wanted == class.word()),
        }
    }
}

/// One connected manager.
#[derive(Debug)]
pub(super) struct Session {
    id: SessionId,
    pub account: Option<&'static Account>,
    pub mask: Mask,
    pub challenge: Option<String>,
    pub filters: Vec<String>,
    out: mpsc::UnboundedSender<Vec<u8>>,
    /// What waits while a blocking action runs, and how to end that.
    blocked: Option<(Vec<Vec<u8>>, oneshot::Sender<()>)>,
    /// The link is dead but was never closed.
    mute: bool,
}

impl Session {
    pub(super) fn send(&mut self, bytes: Vec<u8>) {
        if self.mute {
            return;
        }
        match &mut self.blocked {
            Some((waiting, _)) => waiting.push(bytes),
            // A session whose socket is gone is swept up by its own task.
            None => drop(self.out.send(bytes)),
        }
    }

    fn hears(&self, event: &Event) -> bool {
        self.account.is_some_and(|account| account.may_hear(event))
            && self.mask.has(event.class)
            && (self.filters.is_empty()
                || self
                    .filters
                    .iter()
                    .any(|filter| self.matches(filter, event)))
    }

    fn matches(&self, filter: &str, event: &Event) -> bool {
        let bytes = event.bytes();
        String::from_utf8_lossy(&bytes).contains(filter)
    }
}

/// All sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    list: Vec<Session>,
    last: SessionId,
}

impl Sessions {
    fn open(&mut self, out: mpsc::UnboundedSender<Vec<u8>>, mute: bool) -> SessionId {
        self.last += 1;
        let mut session = Session {
            id: self.last,
            account: None,
            mask: Mask::Everything,
            challenge: None,
            filters: Vec::new(),
            out,
            blocked: None,
            mute,
        };
        session.send(BANNER.to_vec());
        self.list.push(session);
        self.last
    }

    fn close(&mut self, id: SessionId) {
        self.list.retain(|session| session.id != id);
    }

    /// Ends every session: what was said before still goes out.
    pub(super) fn close_all(&mut self) {
        self.list.clear();
    }

    /// From now on the sessions carry nothing, in neither direction.
    pub(super) fn mute_all(&mut self) {
        for session in &mut self.list {
            session.mute = true;
        }
    }

    pub(super) fn get(&mut self, id: SessionId) -> Option<&mut Session> {
        self.list.iter_mut().find(|session| session.id == id)
    }

    /// Sends an event to whoever may hear it and wants to.
    pub(super) fn spread(&mut self, event: &Event) {
        let bytes = event.bytes();
        for session in self.list.iter_mut().filter(|session| session.hears(event)) {
            session.send(bytes.clone());
        }
    }

    /// The session hears and says nothing until `unblock`.
    pub(super) fn block(&mut self, id: SessionId) -> oneshot::Receiver<()> {
        let (done, wait) = oneshot::channel();
        if let Some(session) = self.get(id) {
            session.blocked = Some((Vec::new(), done));
        }
        wait
    }

    /// The answer of the blocking action, then everything that waited.
    pub(super) fn unblock(&mut self, id: SessionId, answer: &[u8]) {
        let Some(session) = self.get(id) else { return };
        let waiting = session.blocked.take();
        session.send(answer.to_vec());
        if let Some((waiting, done)) = waiting {
            for bytes in waiting {
                session.send(bytes);
            }
            // Nobody waits any more when the client has gone.
            let _ = done.send(());
        }
    }
}

/// Serves one connection until either side ends it.
pub(super) async fn serve<S: AsyncRead + AsyncWrite + Send + 'static>(
    shared: Shared,
    stream: S,
    write_timeout: Duration,
) {
    let (reader, writer) = tokio::io::split(stream);
    let (out, inbox) = mpsc::unbounded_channel();
    let id = shared.with(|exchange| {
        let mute = exchange.link_loss == Some(LinkLoss::Silent);
        exchange.sessions.open(out, mute)
    });
    let mut writing = tokio::spawn(write_out(writer, inbox, write_timeout));
    let ended = tokio::select! {
        () = read_actions(&shared, id, reader) => false,
        _ = &mut writing => true,
    };
    shared.with(|exchange| exchange.sessions.close(id));
    if !ended {
        // The rest of what was said still goes out; a panic in there would be ours to see.
        writing.await.expect("writing out does not panic");
    }
}

/// A reader that is too slow loses its connection, without a word.
async fn write_out<W: AsyncWrite + Unpin>(
    mut writer: W,
    mut inbox: mpsc::UnboundedReceiver<Vec<u8>>,
    timeout: Duration,
) {
    while let Some(bytes) = inbox.recv().await {
        if !matches!(
            tokio::time::timeout(timeout, writer.write_all(&bytes)).await,
            Ok(Ok(()))
        ) {
            return;
        }
        if inbox.is_empty()
            && !matches!(
                tokio::time::timeout(timeout, writer.flush()).await,
                Ok(Ok(()))
            )
        {
            return;
        }
    }
    // The other side may have closed first.
    drop(writer.shutdown().await);
}

async fn read_actions<R: AsyncRead>(shared: &Shared, id: SessionId, reader: R) {
    let mut reader = BufReader::new(Box::pin(reader));
    let (mut line, mut block, mut size) = (Vec::new(), Vec::new(), 0);
    loop {
        line.clear();
        match reader.read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(read) => size += read,
        }
        if size > LONGEST_ACTION {
            return;
        }
        let text = String::from_utf8_lossy(&line)
            .trim_end_matches(['\r', '\n'])
            .to_owned();
        if !text.is_empty() {
            block.push(text);
            continue;
        }
        size = 0;
        let request = Request::new(id, &std::mem::take(&mut block));
        let Some(request) = request else { continue };
        match shared.with(|exchange| exchange.act(&request)) {
            After::Goes => {}
            After::Closes => return,
            // The sender may go with its session; then reading ends at the closed socket.
            After::Waits(done) => drop(done.await),
        }
    }
}

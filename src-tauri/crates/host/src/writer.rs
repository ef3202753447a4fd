//! The one who writes to the journal: in order, off the way from ring to card, and patient when
//! the disk is full.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use ringcard_app::JournalEntry;
use ringcard_core::PhoneNumber;
use ringcard_journal::{Error, ErrorKind, Journal};
use tracing::{error, warn};

use crate::databases::SharedJournal;

/// A full disk or a held file is tried again after this.
const RETRY: Duration = Duration::from_secs(5);

/// One entry with the number that it is found by later.
pub struct Entry {
    /// What happened.
    pub entry: JournalEntry,
    /// The number of the party, understood.
    pub number: Option<PhoneNumber>,
}

/// Where entries are handed in.
pub struct Writer {
    entries: Option<Sender<Entry>>,
    waiting: Arc<AtomicUsize>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread that writes.
    pub fn start(journal: SharedJournal) -> std::io::Result<Self> {
        let (sender, entries) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let counter = waiting.clone();
        let thread = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || write_all(&journal, &entries, &counter))?;
        Ok(Self {
            entries: Some(sender),
            waiting,
            thread: Some(thread),
        })
    }

    /// Hands in an entry; it is never refused.
    pub fn write(&self, entry: Entry) {
        let gone = self
            .entries
            .as_ref()
            .is_none_or(|entries| entries.send(entry).is_err());
        if gone {
            error!("the journal's writer is gone");
        }
    }

    /// Entries that wait for a disk that takes them.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

impl Drop for Writer {
    /// What was handed in is on disk before the program ends.
    fn drop(&mut self) {
        self.entries.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write_all(journal: &SharedJournal, entries: &Receiver<Entry>, waiting: &AtomicUsize) {
    let mut queue: VecDeque<Entry> = VecDeque::new();
    loop {
        let ended = match queue.is_empty() {
            true => match entries.recv() {
                Ok(entry) => {
                    queue.push_back(entry);
                    false
                }
                Err(_) => return,
            },
            false => match entries.recv_timeout(RETRY) {
                Ok(entry) => {
                    queue.push_back(entry);
                    false
                }
                Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => true,
            },
        };
        queue.extend(entries.try_iter());
        write_queue(journal, &mut queue);
        waiting.store(queue.len(), Ordering::Relaxed);
        if ended {
            return;
        }
    }
}

fn write_queue(journal: &SharedJournal, queue: &mut VecDeque<Entry>) {
    while let Some(entry) = queue.front() {
        match write_one(&mut journal.hold(), entry) {
            Ok(()) => {
                queue.pop_front();
            }
            Err(error) if matches!(error.kind, ErrorKind::DiskFull | ErrorKind::Busy) => {
                warn!(kind = ?error.kind, waiting = queue.len(), "the journal has to wait");
                return;
            }
            Err(error) => {
                error!(kind = ?error.kind, "an entry of the journal could not be written");
                queue.pop_front();
            }
        }
    }
}

fn write_one(journal: &mut Journal, entry: &Entry) -> Result<(), Error> {
    match &entry.entry {
        JournalEntry::OpenCall(call) => journal.keep_open(call),
        JournalEntry::EndedCall(call) => journal.close(call, entry.number.as_ref()),
        JournalEntry::Choice { record, at, .. } => match &entry.number {
            Some(number) => journal.choose(number, record, *at),
            None => Ok(()),
        },
    }
}

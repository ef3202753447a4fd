//! The one who writes to the journal: in order, off the way from ring to card, and patient when
//! the disk is full.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use ringcard_app::JournalEntry;
use ringcard_core::PhoneNumber;
use ringcard_journal::{Error, ErrorKind, Journal};
use tracing::{error, warn};

use crate::databases::SharedJournal;

/// A full disk or a held file is tried again after this.
const RETRY: Duration = Duration::from_secs(5);

/// How long a lookup waits for what was just handed in.
const PATIENCE: Duration = Duration::from_millis(300);

/// One entry with the number that it is found by later.
pub struct Entry {
    /// What happened.
    pub entry: JournalEntry,
    /// The number of the party, understood.
    pub number: Option<PhoneNumber>,
}

/// How many entries that later cards tell of (ends and choices) are on disk.
#[derive(Default)]
struct Told {
    written: Mutex<u64>,
    changed: Condvar,
}

/// A place in the order of entries: everything handed in before it can be waited for.
#[derive(Clone)]
pub struct Mark {
    told: Arc<Told>,
    upto: u64,
}

impl Mark {
    /// Waits until ends and choices from before the mark are on disk, but never long: a card must
    /// not wait for a full disk.
    pub fn wait(&self) {
        let written = self
            .told
            .written
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let before = |written: &mut u64| *written < self.upto;
        let _ = self
            .told
            .changed
            .wait_timeout_while(written, PATIENCE, before);
    }
}

/// Where entries are handed in.
pub struct Writer {
    entries: Option<Sender<Entry>>,
    told: Arc<Told>,
    handed_in: u64,
    waiting: Arc<AtomicUsize>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread that writes.
    pub fn start(journal: SharedJournal) -> std::io::Result<Self> {
        let (sender, entries) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let counter = waiting.clone();
        let told = Arc::new(Told::default());
        let progress = told.clone();
        let thread = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || write_all(&journal, &entries, (&counter, &progress)))?;
        Ok(Self {
            entries: Some(sender),
            told,
            handed_in: 0,
            waiting,
            thread: Some(thread),
        })
    }

    /// Hands in an entry; it is never refused.
    pub fn write(&mut self, entry: Entry) {
        self.handed_in += u64::from(is_told(&entry));
        let gone = self
            .entries
            .as_ref()
            .is_none_or(|entries| entries.send(entry).is_err());
        if gone {
            error!("the journal's writer is gone");
        }
    }

    /// What was handed in so far.
    pub fn mark(&self) -> Mark {
        Mark {
            told: self.told.clone(),
            upto: self.handed_in,
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

fn is_told(entry: &Entry) -> bool {
    !matches!(entry.entry, JournalEntry::OpenCall(_))
}

fn write_all(
    journal: &SharedJournal,
    entries: &Receiver<Entry>,
    (waiting, told): (&AtomicUsize, &Told),
) {
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
        write_queue(journal, &mut queue, told);
        waiting.store(queue.len(), Ordering::Relaxed);
        if ended {
            return;
        }
    }
}

fn write_queue(journal: &SharedJournal, queue: &mut VecDeque<Entry>, told: &Told) {
    while let Some(entry) = queue.front() {
        match write_one(&mut journal.hold(), entry) {
            Ok(()) => count(queue.pop_front(), told),
            Err(error) if matches!(error.kind, ErrorKind::DiskFull | ErrorKind::Busy) => {
                warn!(kind = ?error.kind, waiting = queue.len(), "the journal has to wait");
                return;
            }
            Err(error) => {
                error!(kind = ?error.kind, "an entry of the journal could not be written");
                count(queue.pop_front(), told);
            }
        }
    }
}

fn count(entry: Option<Entry>, told: &Told) {
    if entry.as_ref().is_some_and(is_told) {
        *told.written.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        told.changed.notify_all();
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

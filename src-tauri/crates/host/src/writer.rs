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
use tokio::sync::mpsc;
use tracing::{error, warn};

use crate::clock::wall;
use crate::databases::Databases;
use crate::run::Inbox;

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
    pub fn start(databases: &Databases, inbox: mpsc::Sender<Inbox>) -> std::io::Result<Self> {
        let (sender, entries) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let told = Arc::new(Told::default());
        let writing = Writing {
            databases: databases.clone(),
            queue: VecDeque::new(),
            waiting: waiting.clone(),
            told: told.clone(),
            inbox,
            copied_on: None,
        };
        let thread = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || writing.until_the_end(&entries))?;
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
    !matches!(
        entry.entry,
        JournalEntry::OpenCall(_) | JournalEntry::Note { .. }
    )
}

/// The thread's own side.
struct Writing {
    databases: Databases,
    queue: VecDeque<Entry>,
    waiting: Arc<AtomicUsize>,
    told: Arc<Told>,
    inbox: mpsc::Sender<Inbox>,
    copied_on: Option<i64>,
}

impl Writing {
    fn until_the_end(mut self, entries: &Receiver<Entry>) {
        // A journal that nobody writes to needs no further copy, so the days are looked at here.
        self.copy_once_a_day();
        loop {
            let ended = match self.queue.is_empty() {
                true => match entries.recv() {
                    Ok(entry) => {
                        self.queue.push_back(entry);
                        false
                    }
                    Err(_) => return,
                },
                false => match entries.recv_timeout(RETRY) {
                    Ok(entry) => {
                        self.queue.push_back(entry);
                        false
                    }
                    Err(RecvTimeoutError::Timeout) => false,
                    Err(RecvTimeoutError::Disconnected) => true,
                },
            };
            self.queue.extend(entries.try_iter());
            self.write_queue();
            self.tell_waiting();
            if ended {
                return;
            }
            if self.queue.is_empty() {
                self.copy_once_a_day();
            }
        }
    }

    /// Tried once: a disk that has no room for a copy is not asked again with each entry.
    fn copy_once_a_day(&mut self) {
        let now = wall();
        let today = now.0.div_euclid(24 * 3_600_000);
        if self.copied_on != Some(today) {
            self.copied_on = Some(today);
            self.databases.copy_journal(now);
        }
    }

    fn write_queue(&mut self) {
        while let Some(entry) = self.queue.front() {
            match write_one(&mut self.databases.journal.hold(), entry) {
                Ok(()) => count(self.queue.pop_front(), &self.told),
                Err(error) if matches!(error.kind, ErrorKind::DiskFull | ErrorKind::Busy) => {
                    let waiting = self.queue.len();
                    warn!(kind = ?error.kind, waiting, "the journal has to wait");
                    return;
                }
                Err(error) => {
                    error!(kind = ?error.kind, "an entry of the journal could not be written");
                    count(self.queue.pop_front(), &self.told);
                }
            }
        }
    }

    /// The windows hear when it begins and when it ends, not of every entry.
    fn tell_waiting(&self) {
        let before = self.waiting.swap(self.queue.len(), Ordering::Relaxed);
        if (before == 0) != self.queue.is_empty() {
            let _ = self.inbox.try_send(Inbox::JournalWaits);
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
        JournalEntry::Note { call, text, at } => journal.keep_note(*call, text, *at),
        JournalEntry::EndedCall(call) => journal.close(call, entry.number.as_ref()),
        JournalEntry::Choice { record, at, .. } => match &entry.number {
            Some(number) => journal.choose(number, record, *at),
            None => Ok(()),
        },
    }
}

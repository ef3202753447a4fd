//! Notes and daily copies: kept, given back after damage, and made from the schema before.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::fs;
use std::path::PathBuf;

use ringcard_core::{CallId, CrmRecord, IntegrationId, PhoneNumber, Sensitive, Timestamp};
use ringcard_journal::{Journal, JournalKey, Opened};

const DAY: i64 = 24 * 3_600_000;

struct Desk {
    folder: tempfile::TempDir,
    key: JournalKey,
}

impl Desk {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            key: Sensitive::new([7; 32]),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("journal.db")
    }

    fn open(&self) -> (Journal, Opened) {
        Journal::open(&self.path(), &self.key, Timestamp(1_000)).unwrap()
    }

    fn copy(&self, day: i64) -> bool {
        Journal::copy_daily(&self.path(), &self.key, Timestamp(day * DAY + 5)).unwrap()
    }

    fn copies(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.folder.path()).unwrap();
        let paths = files.map(|file| file.unwrap().path());
        let is_copy = |path: &PathBuf| path.to_string_lossy().contains("journal.db.day-");
        let mut copies: Vec<PathBuf> = paths.filter(is_copy).collect();
        copies.sort();
        copies
    }
}

fn number() -> PhoneNumber {
    PhoneNumber::Global("+493023125042".into())
}

fn record() -> CrmRecord {
    CrmRecord {
        integration: IntegrationId::new("zoho"),
        module: "Contacts".into(),
        id: "1".into(),
    }
}

#[test]
fn a_copy_is_made_once_a_day_and_a_few_are_kept() {
    let desk = Desk::new();
    let (_journal, _) = desk.open();
    assert!(desk.copy(10));
    assert!(!desk.copy(10), "one a day");
    for day in 11..16 {
        assert!(desk.copy(day));
    }
    let names: Vec<String> = desk
        .copies()
        .iter()
        .map(|path| path.extension().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, ["day-13", "day-14", "day-15"]);
}

#[test]
fn a_copy_tells_nothing_without_the_key() {
    let desk = Desk::new();
    let (journal, _) = desk.open();
    journal.choose(&number(), &record(), Timestamp(1)).unwrap();
    desk.copy(10);
    let bytes = fs::read(&desk.copies()[0]).unwrap();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(!holds(b"3023125042"), "a number lies readable in the copy");
    assert!(!holds(b"SQLite format 3"), "the copy is not encrypted");
}

#[test]
fn what_a_damaged_journal_lost_comes_back_from_the_newest_copy() {
    let desk = Desk::new();
    let (journal, _) = desk.open();
    journal.choose(&number(), &record(), Timestamp(1)).unwrap();
    let call = CallId::new(uuid::Uuid::now_v7());
    journal
        .keep_note(call, "asks for an offer", Timestamp(2))
        .unwrap();
    desk.copy(10);
    drop(journal);
    fs::write(desk.path(), [0xAA; 4096]).unwrap();
    let (journal, opened) = desk.open();
    assert!(
        matches!(opened, Opened::MovedAside { salvaged: 2, .. }),
        "{opened:?}"
    );
    assert_eq!(journal.chosen(&number()).unwrap(), Some(record()));
    let note = journal.note(call).unwrap();
    assert_eq!(note.as_deref(), Some("asks for an offer"));
}

#[test]
fn newest_note_of_a_call_counts_and_an_empty_one_is_none() {
    let desk = Desk::new();
    let (journal, _) = desk.open();
    let call = CallId::new(uuid::Uuid::now_v7());
    for text in ["first", "second"] {
        journal.keep_note(call, text, Timestamp(1)).unwrap();
    }
    assert_eq!(journal.note(call).unwrap().as_deref(), Some("second"));
    journal.keep_note(call, "", Timestamp(2)).unwrap();
    assert_eq!(journal.note(call).unwrap(), None);
}

#[test]
fn journal_of_the_first_schema_takes_notes_and_keeps_what_it_has() {
    let desk = Desk::new();
    let first = rusqlite::Connection::open(desk.path()).unwrap();
    let key = format!("x'{}'", "07".repeat(32));
    first.pragma_update(None, "key", key).unwrap();
    first
        .execute_batch(include_str!("../src/migrations/0001_first.sql"))
        .unwrap();
    first
        .execute(
            "INSERT INTO choice VALUES ('+493023125042', 'zoho', 'Contacts', '1', 1)",
            [],
        )
        .unwrap();
    first.pragma_update(None, "user_version", 1).unwrap();
    drop(first);
    let (journal, opened) = desk.open();
    assert_eq!(opened, Opened::Existing);
    assert_eq!(journal.chosen(&number()).unwrap(), Some(record()));
    let call = CallId::new(uuid::Uuid::now_v7());
    journal.keep_note(call, "new", Timestamp(1)).unwrap();
}

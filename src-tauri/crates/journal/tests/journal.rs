//! The journal on a real file: kept, moved, salvaged, never readable without its key.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::fs;
use std::path::PathBuf;

use ringcard_core::{
    Call, CallId, CallState, CorrelationKey, CrmRecord, Direction, EndReason, IntegrationId, LegId,
    LineId, Party, PhoneNumber, Remote, Sensitive, Timestamp,
};
use ringcard_journal::{Journal, JournalKey, Opened};

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
}

fn ringing(number: &str) -> Call {
    let party = Party {
        number: Some(number.into()),
        name: Some("Invented Name".into()),
        ..Party::default()
    };
    Call {
        id: CallId::new(uuid::Uuid::now_v7()),
        line: LineId::new("desk"),
        leg: LegId::new("PJSIP/101-00000001"),
        correlation: CorrelationKey::new("1795321145.10"),
        direction: Direction::Incoming,
        state: CallState::Ringing,
        remote: Remote {
            party: party.clone(),
            revision: 1,
        },
        parties: vec![party],
        dialled: None,
        queue: None,
        diverter: None,
        consultation: None,
        can: Default::default(),
        started_at: Timestamp(500),
        answered_at: None,
        ended_at: None,
    }
}

fn ended(mut call: Call, reason: EndReason, at: i64) -> Call {
    call.state = CallState::Ended { reason };
    call.started_at = Timestamp(at);
    call.ended_at = Some(Timestamp(at + 100));
    call
}

#[test]
fn open_call_is_adopted_after_a_restart() {
    let desk = Desk::new();
    let call = ringing("+493023125042");
    desk.open().0.keep_open(&call).unwrap();
    let (journal, opened) = desk.open();
    assert_eq!(opened, Opened::Existing);
    let open = journal.open_calls().unwrap();
    assert_eq!(open.len(), 1, "a restart finds the call that was open");
    assert_eq!(open[0].id, call.id, "it keeps its identity");
    assert_eq!(
        open[0].remote.party.name, None,
        "names are not kept in the journal"
    );
}

#[test]
fn ended_call_moves_to_the_history_once() {
    let desk = Desk::new();
    let (mut journal, _) = desk.open();
    let call = ringing("+493023125042");
    journal.keep_open(&call).unwrap();
    let number = PhoneNumber::Global("+493023125042".into());
    let call = ended(call, EndReason::Missed, 500);
    journal.close(&call, Some(&number)).unwrap();
    journal.close(&call, Some(&number)).unwrap();
    assert!(
        journal.open_calls().unwrap().is_empty(),
        "an ended call is not adopted"
    );
    let history = journal.history(10).unwrap();
    assert_eq!(history.len(), 1, "a call told twice stands there once");
    assert_eq!(history[0].reason, EndReason::Missed);
}

#[test]
fn last_contact_is_the_newest_call_with_the_number() {
    let desk = Desk::new();
    let (mut journal, _) = desk.open();
    let number = PhoneNumber::Global("+493023125042".into());
    for (at, reason) in [(100, EndReason::Missed), (900, EndReason::HungUp)] {
        let call = ended(ringing("+493023125042"), reason, at);
        journal.close(&call, Some(&number)).unwrap();
    }
    let last = journal.last_with(&number).unwrap();
    assert_eq!(last.map(|entry| entry.reason), Some(EndReason::HungUp));
}

#[test]
fn history_expires_and_open_calls_stay() {
    let desk = Desk::new();
    let (mut journal, _) = desk.open();
    journal.keep_open(&ringing("+493023125001")).unwrap();
    let old = ended(ringing("+493023125002"), EndReason::HungUp, 100);
    journal.close(&old, None).unwrap();
    assert_eq!(journal.expire(Timestamp(200)).unwrap(), 1);
    assert_eq!(
        journal.open_calls().unwrap().len(),
        1,
        "retention is about what has ended"
    );
}

#[test]
fn newest_choice_for_a_number_counts() {
    let desk = Desk::new();
    let (journal, _) = desk.open();
    let number = PhoneNumber::Global("+493023125042".into());
    let record = |id: &str| CrmRecord {
        integration: IntegrationId::new("zoho"),
        module: "Contacts".into(),
        id: id.into(),
    };
    journal.choose(&number, &record("1"), Timestamp(1)).unwrap();
    journal.choose(&number, &record("2"), Timestamp(2)).unwrap();
    assert_eq!(journal.chosen(&number).unwrap(), Some(record("2")));
}

#[test]
fn credits_of_yesterday_are_no_longer_counted() {
    let desk = Desk::new();
    let (journal, _) = desk.open();
    let zoho = IntegrationId::new("zoho");
    let day = 24 * 3_600_000;
    journal.spend(&zoho, Timestamp(0), (3, 5)).unwrap();
    journal.spend(&zoho, Timestamp(2 * day), (1, 2)).unwrap();
    journal
        .spend(&zoho, Timestamp(2 * day + 10), (1, 1))
        .unwrap();
    assert_eq!(
        journal
            .spent_in_a_day(&zoho, Timestamp(2 * day + 20))
            .unwrap(),
        3
    );
}

#[test]
fn file_tells_nothing_without_the_key() {
    let desk = Desk::new();
    let (mut journal, _) = desk.open();
    let call = ended(ringing("+493023125042"), EndReason::HungUp, 1);
    journal.close(&call, None).unwrap();
    drop(journal);
    let bytes = fs::read(desk.path()).unwrap();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(!holds(b"3023125042"), "a number lies readable in the file");
    assert!(!holds(b"SQLite format 3"), "the file is not encrypted");
}

#[test]
fn damaged_file_is_moved_aside_and_a_new_one_works() {
    let desk = Desk::new();
    for cut in [0, 1, 100, 4096, 5000] {
        let path = desk.folder.path().join(format!("cut-{cut}.db"));
        let (journal, _) = Journal::open(&path, &desk.key, Timestamp(1)).unwrap();
        journal.keep_open(&ringing("+493023125042")).unwrap();
        drop(journal);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..cut.min(bytes.len() - 1)]).unwrap();
        let (journal, opened) = Journal::open(&path, &desk.key, Timestamp(2)).unwrap();
        let fresh_or_aside = cut == 0 || matches!(opened, Opened::MovedAside { .. });
        assert!(fresh_or_aside, "cut at byte {cut}: {opened:?}");
        journal.keep_open(&ringing("+493023125043")).unwrap();
        assert!(
            !journal.open_calls().unwrap().is_empty(),
            "the new file works"
        );
    }
}

#[test]
fn rows_before_the_damage_are_salvaged() {
    let desk = Desk::new();
    let (mut journal, _) = desk.open();
    for at in 0..400 {
        let call = ended(ringing("+493023125042"), EndReason::HungUp, at);
        journal.close(&call, None).unwrap();
    }
    drop(journal);
    let mut bytes = fs::read(desk.path()).unwrap();
    let spoilt = bytes.len() - 8192;
    bytes[spoilt..spoilt + 64].fill(0xAA);
    fs::write(desk.path(), bytes).unwrap();
    let (journal, opened) = desk.open();
    let Opened::MovedAside { salvaged, .. } = opened else {
        panic!("a spoilt page must be noticed: {opened:?}");
    };
    assert!(salvaged > 0, "rows on whole pages are taken over");
    assert_eq!(journal.history(1000).unwrap().len() as u64, salvaged);
}

#[test]
fn another_key_is_no_reason_to_lose_the_file() {
    let desk = Desk::new();
    desk.open().0.keep_open(&ringing("+493023125042")).unwrap();
    let other = Sensitive::new([8; 32]);
    let (_, opened) = Journal::open(&desk.path(), &other, Timestamp(3)).unwrap();
    let Opened::MovedAside { aside, .. } = opened else {
        panic!("a wrong key must be noticed: {opened:?}");
    };
    let (journal, _) = Journal::open(&aside, &desk.key, Timestamp(4)).unwrap();
    assert_eq!(
        journal.open_calls().unwrap().len(),
        1,
        "with its key it is whole again"
    );
}

//! Whole readings, deltas, and what a kill in between leaves.

use std::sync::mpsc;
use std::time::Duration;

use ringcard_core::Timestamp;
use ringcard_core::number::Region;
use ringcard_mirror::{Delta, DeltaTally, ErrorKind, FillState, PageTally};

use crate::arrange::{Desk, Verbs, With, contact, record};

const MODULE: &str = "Contacts";

fn delta<'a>(upserts: &'a [ringcard_core::Contact], deleted_ids: &'a [String]) -> Delta<'a> {
    Delta {
        upserts,
        deleted_ids,
        cursor: "later",
        at: Timestamp(2000),
    }
}

#[test]
fn a_fill_goes_on_with_its_page_after_a_kill() {
    let desk = Desk::new();
    let mirror = desk.open();
    mirror.begin_generation(MODULE).expect("begins");
    let anna = contact("1", "Anna").with_number("0231 123456");
    mirror
        .upsert_page(MODULE, std::slice::from_ref(&anna), Some("page 2"))
        .expect("stores");
    let desk = desk.after_a_kill(&mirror);
    let mirror = desk.open();
    let expected = FillState::Filling {
        page_token: Some("page 2".to_owned()),
        read: 1,
    };
    assert_eq!(
        mirror.fill_state(MODULE),
        Ok(expected),
        "the next page is known"
    );
    let matches = mirror.look_up("0231123456");
    assert_eq!(
        matches.found[0].contact, anna,
        "what was read is shown at once"
    );
    assert!(
        matches.still_filling && matches.as_of.is_none(),
        "and said to be not all"
    );

    let jan = contact("2", "Jan").with_number("0231 222222");
    mirror.upsert_page(MODULE, &[jan], None).expect("stores");
    assert_eq!(
        mirror.finish_generation(MODULE, "now", Timestamp(1000)),
        Ok(0)
    );
    assert_eq!(
        mirror.fill_state(MODULE),
        Ok(FillState::Filled {
            at: Timestamp(1000)
        })
    );
    let matches = mirror.look_up("0231222222");
    assert_eq!((matches.among, matches.still_filling), (2, false));
    assert_eq!(matches.as_of, Some(Timestamp(1000)));
}

#[test]
fn a_page_that_was_not_finished_leaves_nothing() {
    let desk = Desk::new();
    let mirror = desk.open();
    mirror.begin_generation(MODULE).expect("begins");
    mirror
        .upsert_page(MODULE, &[contact("1", "Anna")], Some("page 2"))
        .expect("stores");
    let desk = desk.after_a_kill(&mirror);
    // The kill came while the second page was on its way into the log: its end is missing.
    let log = desk.place.path.with_file_name("mirror.db-wal");
    let whole = std::fs::metadata(&log).expect("a log").len();
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(&log)
        .expect("opens");
    file.set_len(whole - 100).expect("cuts");

    let mirror = desk.open();
    let state = mirror.fill_state(MODULE).expect("reads");
    let count = mirror.count().expect("counts");
    assert_eq!(
        state,
        FillState::Filling {
            page_token: None,
            read: 0
        },
        "the page is asked for again"
    );
    assert_eq!(count, 0, "no half page");
}

#[test]
fn another_generation_removes_what_it_did_not_see() {
    let desk = Desk::new();
    let anna = contact("1", "Anna").with_number("0231 123456");
    let jan = contact("2", "Jan").with_number("0231 222222");
    let mirror = desk.open().filled_with(MODULE, &[anna.clone(), jan]);
    mirror.begin_generation(MODULE).expect("begins");
    let tally = mirror.upsert_page(MODULE, &[anna], None).expect("stores");
    assert_eq!(
        tally,
        PageTally::default(),
        "nothing is new, nothing changed"
    );
    assert_eq!(
        mirror.names_for("0231222222"),
        ["Jan"],
        "the old record answers until the end"
    );
    assert!(
        !mirror.look_up("0231222222").still_filling,
        "it is no first filling"
    );
    assert_eq!(
        mirror.finish_generation(MODULE, "now", Timestamp(2000)),
        Ok(1)
    );
    assert!(
        mirror.names_for("0231222222").is_empty(),
        "Jan is gone from the CRM"
    );
    assert_eq!(mirror.names_for("0231123456"), ["Anna"]);
    assert_eq!(mirror.count(), Ok(1));
}

#[test]
fn a_delta_changes_adds_and_deletes_at_once() {
    let desk = Desk::new();
    let anna = contact("1", "Anna").with_number("0231 123456");
    let jan = contact("2", "Jan").with_number("0231 222222");
    let mirror = desk.open().filled_with(MODULE, &[anna, jan]);
    let moved = contact("1", "Anna Weber").with_number("0231 333333");
    let ola = contact("3", "Ola").with_number("0231 444444");
    let gone = ["2".to_owned(), "77".to_owned()];
    let tally = mirror
        .apply_delta(MODULE, &delta(&[moved, ola], &gone))
        .expect("applies");
    assert_eq!(
        tally,
        DeltaTally {
            new: 1,
            changed: 1,
            deleted: 1
        }
    );
    assert_eq!(mirror.names_for("0231333333"), ["Anna Weber"]);
    assert!(
        mirror.names_for("0231123456").is_empty(),
        "the old number is nobody's"
    );
    assert!(mirror.names_for("0231222222").is_empty());
    assert_eq!(mirror.cursor(MODULE), Ok(Some("later".to_owned())));
    assert_eq!(mirror.as_of(), Ok(Some(Timestamp(2000))));
    assert_eq!(mirror.count(), Ok(2));
}

#[test]
fn a_delta_that_fails_in_the_middle_changes_nothing() {
    let desk = Desk::new();
    let mirror = desk.open().filled_with(MODULE, &[contact("1", "Anna")]);
    let ola = contact("3", "Ola").with_number("0231 444444");
    let failed = mirror
        .apply_delta("Unknown", &delta(&[ola], &[]))
        .map_err(|error| error.kind);
    assert_eq!(failed, Err(ErrorKind::WrongOrder));
    assert!(mirror.names_for("0231444444").is_empty());
    std::mem::forget(mirror);
    let mirror = desk.open();
    assert_eq!(
        mirror.cursor(MODULE),
        Ok(Some("cursor".to_owned())),
        "the cursor did not move"
    );
    assert_eq!(mirror.count(), Ok(1));
}

#[test]
fn lookups_answer_while_a_page_is_being_written() {
    let desk = Desk::new();
    let anna = contact("0", "Anna").with_number("0231 123456");
    let mirror = desk.open().filled_with(MODULE, &[anna]);
    mirror.begin_generation(MODULE).expect("begins");
    let page: Vec<_> = (1..800)
        .map(|id| contact(&id.to_string(), "Somebody").with_number(&format!("0231 9{id:06}")))
        .collect();
    let (done, is_done) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            mirror.upsert_page(MODULE, &page, None).expect("stores");
            done.send(()).expect("somebody waits");
        });
        let mut answered = 0;
        while is_done.try_recv().is_err() {
            assert_eq!(mirror.names_for("0231123456"), ["Anna"]);
            answered += 1;
        }
        assert!(answered > 1, "lookups went on beside the writing");
    });
    assert!(
        is_done.recv_timeout(Duration::ZERO).is_err(),
        "one page, one end"
    );
    assert_eq!(mirror.count(), Ok(800));
}

#[test]
fn modules_that_are_no_longer_wanted_are_forgotten() {
    let desk = Desk::new();
    let lead = contact("5", "Lea")
        .of_module("Leads")
        .with_number("0231 555555");
    let mirror = desk
        .open()
        .filled_with("Leads", &[lead])
        .filled_with(MODULE, &[contact("1", "Anna")]);
    assert_eq!(mirror.keep_modules(&[MODULE, "Accounts"]), Ok(1));
    assert!(mirror.names_for("0231555555").is_empty());
    assert_eq!(mirror.cursor("Leads"), Ok(None));
    assert_eq!(mirror.fill_state("Accounts"), Ok(FillState::NotStarted));
    assert!(
        mirror.look_up("0231555555").still_filling,
        "a module is still to be read"
    );
}

#[test]
fn another_region_reads_all_numbers_anew_but_those_with_a_country() {
    let desk = Desk::new();
    let unknown = contact("1", "Anna").with_number("22 123 45 67");
    let german = contact("2", "Jan")
        .with_number("0231 222222")
        .in_country("Germany");
    let mirror = desk.open().filled_with(MODULE, &[unknown, german]);
    assert!(
        mirror.names_for("+48221234567").is_empty(),
        "read as German"
    );
    mirror.rekey(Region::PL).expect("rekeys");
    assert_eq!(mirror.region(), Ok(Region::PL));
    assert_eq!(mirror.names_for("+48221234567"), ["Anna"], "read as Polish");
    assert_eq!(
        mirror.names_for("+49231222222"),
        ["Jan"],
        "its country is known"
    );
    drop(mirror);
    assert_eq!(desk.open().region(), Ok(Region::PL), "kept over a restart");
}

#[test]
fn an_area_code_completes_numbers_of_its_country_that_have_none() {
    let desk = Desk::new();
    let here = contact("1", "Anna").with_number("1234567");
    let elsewhere = contact("2", "Jan")
        .with_number("7654321")
        .in_country("Poland");
    let mirror = desk.open().filled_with(MODULE, &[here, elsewhere]);
    assert!(
        mirror.names_for("+492311234567").is_empty(),
        "not known yet"
    );
    let numbering = ringcard_mirror::Numbering {
        region: Region::DE,
        area_code: Some("231".into()),
    };
    mirror.rekey(numbering).expect("rekeys");
    assert_eq!(mirror.names_for("+492311234567"), ["Anna"]);
    assert!(
        mirror.names_for("+492317654321").is_empty(),
        "an area code is of one country"
    );
    let late = contact("3", "Ole").with_number("77 88 999");
    let mirror = mirror.filled_with(MODULE, &[late]);
    assert_eq!(
        mirror.names_for("+492317788999"),
        ["Ole"],
        "later records are read so too"
    );
}

#[test]
fn an_account_tells_the_country_of_its_contacts_whenever_it_comes() {
    let desk = Desk::new();
    let anna = contact("1", "Anna")
        .with_number("22 123 45 67")
        .at("9", "Kowalski AG");
    let company = contact("9", "Kowalski AG")
        .of_module("Accounts")
        .in_country("Polska");
    let mirror = desk
        .open()
        .filled_with(MODULE, &[anna])
        .filled_with("Accounts", &[company]);
    assert_eq!(mirror.names_for("+48221234567"), ["Anna"]);
    assert_eq!(
        mirror
            .contact(&record(MODULE, "1"))
            .map(|found| found.is_some()),
        Ok(true)
    );
}

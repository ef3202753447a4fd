//! Keys, damaged files, and what lies on the disk.

use std::fs;

use ringcard_core::IntegrationId;
use ringcard_mirror::{ErrorKind, LookupContext, Mirror, Opened, Place};

use crate::arrange::{Desk, Verbs, With, contact, number, record};

fn people() -> Vec<ringcard_core::Contact> {
    (0..300)
        .map(|id| contact(&id.to_string(), "Anna Weber").with_number(&format!("0231 {id:06}")))
        .collect()
}

#[test]
fn a_mirror_is_fresh_once_and_then_as_it_was_left() {
    let desk = Desk::new();
    let (mirror, opened) = desk.open_saying();
    assert_eq!(opened, Opened::Fresh);
    mirror
        .set_account("{\"organisation\":\"1\"}")
        .expect("stores");
    assert_eq!(mirror.about(), Ok(None), "nobody told anything yet");
    for about in ["before", "now"] {
        mirror.set_about(about).expect("stores");
    }
    drop(mirror);
    let (mirror, opened) = desk.open_saying();
    assert_eq!(opened, Opened::Existing);
    assert_eq!(
        mirror.account(),
        Ok(Some("{\"organisation\":\"1\"}".to_owned()))
    );
    assert_eq!(mirror.about(), Ok(Some("now".to_owned())), "the newest");
}

#[test]
fn nothing_readable_lies_on_the_disk() {
    let desk = Desk::new();
    let mirror = desk.open().filled_with("Contacts", &people());
    for name in desk.files() {
        let bytes = fs::read(desk.place.path.with_file_name(&name)).expect("reads");
        let readable = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
        assert!(
            !readable(b"Anna Weber") && !readable(b"SQLite format"),
            "{name} shows a name"
        );
    }
    drop(mirror);
}

#[cfg(unix)]
#[test]
fn only_the_user_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    let mirror = desk.open().filled_with("Contacts", &people());
    for name in desk.files() {
        let file = fs::metadata(desk.place.path.with_file_name(&name)).expect("there");
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
    }
    drop(mirror);
}

#[test]
fn a_file_with_another_key_is_moved_aside_and_filled_anew() {
    let desk = Desk::new();
    drop(desk.open().filled_with("Contacts", &people()));
    let place = Place {
        key: [8; 32].into(),
        ..desk.place.clone()
    };
    let (mirror, opened) = Mirror::open(&place).expect("opens");
    assert_eq!((opened, mirror.count()), (Opened::MovedAside, Ok(0)));
    assert!(desk.files().contains(&"mirror.db.damaged".to_owned()));
}

#[test]
fn a_file_that_is_no_database_is_moved_aside() {
    let desk = Desk::new();
    fs::write(
        &desk.place.path,
        "this is a letter to a friend\n".repeat(500),
    )
    .expect("writes");
    let (mirror, opened) = desk.open_saying();
    assert_eq!(opened, Opened::MovedAside);
    let mirror = mirror.filled_with("Contacts", &people());
    assert_eq!(mirror.count(), Ok(300), "the fresh one works");
}

#[test]
fn a_file_cut_anywhere_is_moved_aside() {
    let desk = Desk::new();
    drop(desk.open().filled_with("Contacts", &people()));
    let whole = fs::read(&desk.place.path).expect("reads");
    for cut in [
        1,
        100,
        4095,
        4096,
        4097,
        8192,
        whole.len() / 2,
        whole.len() - 4096,
        whole.len() - 1,
    ] {
        fs::write(&desk.place.path, &whole[..cut]).expect("cuts");
        let (mirror, opened) = desk.open_saying();
        assert_eq!(
            opened,
            Opened::MovedAside,
            "cut after {cut} of {} bytes",
            whole.len()
        );
        assert_eq!(mirror.count(), Ok(0));
        drop(mirror);
        fs::write(&desk.place.path, &whole).expect("restores");
        assert_eq!(
            desk.open_saying().1,
            Opened::Existing,
            "the whole file was good"
        );
    }
}

#[test]
fn damage_inside_is_said_and_the_mirror_can_be_set_aside() {
    let desk = Desk::new();
    drop(desk.open().filled_with("Contacts", &people()));
    let mut bytes = fs::read(&desk.place.path).expect("reads");
    for byte in bytes.iter_mut().skip(3 * 4096) {
        *byte ^= 0x55;
    }
    fs::write(&desk.place.path, bytes).expect("writes");
    let mirror = match Mirror::open(&desk.place).expect("opens") {
        (mirror, Opened::MovedAside) => mirror,
        (mirror, _) => {
            let failed = mirror.lookup(&number("0231000001"), &LookupContext::default());
            assert_eq!(failed.map_err(|error| error.kind), Err(ErrorKind::Damaged));
            mirror.set_aside().expect("makes a fresh one")
        }
    };
    let mirror = mirror.filled_with("Contacts", &people());
    assert_eq!(mirror.names_for("0231000001"), ["Anna Weber"]);
}

#[test]
fn a_log_left_without_its_file_is_not_mixed_into_the_next_one() {
    let desk = Desk::new();
    let running = desk.open().filled_with("Contacts", &people());
    let desk = desk.after_a_kill(&running);
    fs::remove_file(&desk.place.path).expect("removes");
    let (mirror, opened) = desk.open_saying();
    assert_eq!((opened, mirror.count()), (Opened::Fresh, Ok(0)));
}

#[test]
fn deleting_leaves_no_file() {
    let desk = Desk::new();
    fs::write(&desk.place.path, "no database").expect("writes");
    let mirror = desk.open().filled_with("Contacts", &people());
    mirror.delete().expect("deletes");
    assert!(desk.files().is_empty(), "{:?} stayed", desk.files());
}

#[test]
fn records_of_another_integration_are_never_found_here() {
    let desk = Desk::new();
    let mirror = desk.open().filled_with("Contacts", &people());
    let mut elsewhere = record("Contacts", "1");
    assert!(
        mirror
            .contact(&elsewhere)
            .is_ok_and(|found| found.is_some())
    );
    elsewhere.integration = IntegrationId::new("other");
    assert_eq!(mirror.contact(&elsewhere), Ok(None));
    assert_eq!(mirror.forget_record(&elsewhere), Ok(false));
}

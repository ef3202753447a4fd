//! What a person who asks to be forgotten may expect.

use crate::arrange::{Desk, Verbs, With, contact, record};

#[test]
fn a_forgotten_record_is_found_by_nothing() {
    let desk = Desk::new();
    let anna = contact("1", "Anna Weber").with_number("0231 123456");
    let jan = contact("2", "Jan Nowak").with_number("0231 222222");
    let mirror = desk.open().filled_with("Contacts", &[anna, jan]);
    assert_eq!(mirror.forget_record(&record("Contacts", "1")), Ok(true));
    assert_eq!(
        mirror.forget_record(&record("Contacts", "1")),
        Ok(false),
        "there is no second one"
    );
    assert!(mirror.names_for("0231123456").is_empty());
    assert_eq!(mirror.search("Anna", 10), Ok(Vec::new()));
    assert_eq!(mirror.search("0231 123456", 10), Ok(Vec::new()));
    assert_eq!(mirror.contact(&record("Contacts", "1")), Ok(None));
    assert_eq!(mirror.count(), Ok(1));
    assert_eq!(mirror.names_for("0231222222"), ["Jan Nowak"], "others stay");
}

#[test]
fn a_changed_name_leaves_no_old_words() {
    let desk = Desk::new();
    let mirror = desk
        .open()
        .filled_with("Contacts", &[contact("1", "Anna Weber")]);
    let mirror = mirror.filled_with("Contacts", &[contact("1", "Anna Nowak")]);
    assert_eq!(mirror.search("Weber", 10), Ok(Vec::new()));
    assert_eq!(mirror.search("Nowak", 10).map(|found| found.len()), Ok(1));
}

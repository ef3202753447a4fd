//! Typing a part of a name or a number.

use ringcard_mirror::Mirror;

use crate::arrange::{Desk, Verbs, With, contact};

fn desk() -> (Desk, Mirror) {
    let desk = Desk::new();
    let mut anna = contact("1000000000000000001", "Anna Müller").with_number("0231 135790");
    anna.city = Some("Dortmund".to_owned());
    anna.email = Some("anna@mueller.example".to_owned());
    let people = [
        anna.at("9", "Weber GmbH"),
        contact("1000000000000000002", "Łukasz Nowak").with_number("+48 22 123 45 67"),
        contact("1000000000000000003", "Юрий Иванов").with_number("+7 495 123-45-67"),
        contact("1000000000000000004", "Peter Müllermann").with_number("0171 9876543"),
    ];
    let mirror = desk.open().filled_with("Contacts", &people);
    (desk, mirror)
}

fn names(mirror: &Mirror, text: &str) -> Vec<String> {
    let found = mirror.search(text, 10).expect("searches");
    found.into_iter().map(|contact| contact.name).collect()
}

#[test]
fn a_name_is_found_in_every_way_of_writing_it() {
    let (_desk, mirror) = desk();
    for (text, name) in [
        ("Anna Müller", "Anna Müller"),
        ("mueller anna", "Anna Müller"),
        ("ann mul", "Anna Müller"),
        ("ANNA MULLER", "Anna Müller"),
        ("weber anna", "Anna Müller"),
        ("dortm", "Anna Müller"),
        ("lukasz", "Łukasz Nowak"),
        ("Łuk now", "Łukasz Nowak"),
        ("yuri", "Юрий Иванов"),
        ("Jurij Iwanow", "Юрий Иванов"),
        ("юри", "Юрий Иванов"),
    ] {
        assert_eq!(names(&mirror, text), [name], "{text}");
    }
    assert_eq!(names(&mirror, "Müll").len(), 2, "both names begin so");
    assert!(names(&mirror, "anna nowak").is_empty(), "every word counts");
}

#[test]
fn any_part_of_a_number_is_enough() {
    let (_desk, mirror) = desk();
    for (text, name) in [
        ("0231 13", "Anna Müller"),
        ("+49 231", "Anna Müller"),
        ("0049 231", "Anna Müller"),
        ("5790", "Anna Müller"),
        ("76543", "Peter Müllermann"),
        ("0171", "Peter Müllermann"),
        ("22 123", "Łukasz Nowak"),
        ("müller 987", "Peter Müllermann"),
    ] {
        assert_eq!(names(&mirror, text), [name], "{text}");
    }
    assert!(
        names(&mirror, "12").is_empty(),
        "two digits would find nearly everybody"
    );
}

#[test]
fn parts_of_a_number_in_another_order_are_nobody_s() {
    let (_desk, mirror) = desk();
    assert!(
        names(&mirror, "5790 0231").is_empty(),
        "both parts are there, but not one behind the other"
    );
    assert!(
        names(&mirror, "0579").is_empty(),
        "a zero in front means that the area code follows"
    );
    assert_eq!(
        names(&mirror, "8 495 123"),
        ["Юрий Иванов"],
        "as dialled there"
    );
    assert_eq!(names(&mirror, "+49 (0) 231 13"), ["Anna Müller"]);
}

#[test]
fn a_record_id_finds_its_record() {
    let (_desk, mirror) = desk();
    assert_eq!(names(&mirror, "1000000000000000003"), ["Юрий Иванов"]);
    assert_eq!(
        names(&mirror, "1000000").len(),
        4,
        "its beginning is enough"
    );
}

#[test]
fn what_is_typed_is_never_a_command_of_the_index() {
    let (_desk, mirror) = desk();
    for text in [
        "\"",
        "*",
        "anna OR nowak",
        "NEAR(anna)",
        "words:anna",
        "anna\"*",
        "-",
        "()",
        "",
    ] {
        let found = mirror.search(text, 10);
        assert!(found.is_ok(), "{text:?} is only text");
    }
}

#[test]
fn no_more_than_asked_for() {
    let (_desk, mirror) = desk();
    assert_eq!(mirror.search("1000000", 2).map(|found| found.len()), Ok(2));
    assert_eq!(mirror.search("Müll", 1).map(|found| found.len()), Ok(1));
}

//! Which keys stored numbers have, and which stems a caller may belong to.

use super::*;

fn keys(raw: &str, region: Region) -> Vec<(String, Basis)> {
    stored_keys(raw, region)
        .into_iter()
        .map(|key| (key.number.as_str().to_owned(), key.basis))
        .collect()
}

fn exact_of(text: &str) -> (String, Basis) {
    (text.to_owned(), Basis::Exact)
}

fn stem_of(text: &str) -> (String, Basis) {
    (text.to_owned(), Basis::Stem)
}

#[test]
fn a_separated_zero_gives_a_stem() {
    for (raw, exact, stem) in [
        ("0231 1234-0", "+4923112340", "+492311234"),
        ("+49 (0)231 / 1234 - 00", "+49231123400", "+492311234"),
        ("0231/1234-000", "+492311234000", "+492311234"),
        ("0231 1234 0", "+4923112340", "+492311234"),
        ("0231 12 34-00", "+49231123400", "+492311234"),
    ] {
        assert_eq!(
            keys(raw, Region::DE),
            [exact_of(exact), stem_of(stem)],
            "{raw}"
        );
    }
}

#[test]
fn zeros_that_belong_to_the_number_give_no_stem() {
    for raw in [
        "0231 12 34 00",
        "0231 123400",
        "0171 1234-0",
        "+48 22 123 45-0",
        "0800 123 000",
    ] {
        let found = keys(raw, Region::DE);
        assert_eq!(found.len(), 1, "{raw} names one number, not a switchboard");
        assert_eq!(found[0].1, Basis::Exact);
    }
}

#[test]
fn an_extension_is_part_of_the_number_only_where_the_plan_is_open() {
    let german = [exact_of("+49231123456"), stem_of("+492311234")];
    assert_eq!(keys("0231 1234 DW 56", Region::DE), german);
    assert_eq!(keys("0231 1234 Durchwahl: 56", Region::DE), german);
    assert_eq!(keys("0231 1234-0 App. 56", Region::DE), german);
    let austrian = [exact_of("+43151234517"), stem_of("+431512345")];
    assert_eq!(keys("01 512345 Klappe 17", Region::AT), austrian);
    assert_eq!(
        keys("22 123 45 67 wew. 12", Region::PL),
        [exact_of("+48221234567")]
    );
    assert_eq!(
        keys("22 123 45 67 DW 12", Region::PL),
        [exact_of("+48221234567")]
    );
    assert_eq!(
        keys("8 495 123-45-67 доб. 123", Region::RU),
        [exact_of("+74951234567")]
    );
    assert_eq!(
        keys("(212) 555-0123 x45", Region::US),
        [exact_of("+12125550123")]
    );
    assert_eq!(
        keys("0231 123456 ext. 7", Region::DE),
        [exact_of("+49231123456")]
    );
    assert!(stored_keys("0231 1234 DW 56", Region::DE)[0].from_extension);
}

#[test]
fn two_numbers_in_one_field_are_both_found() {
    let both = [exact_of("+49231123456"), exact_of("+491711234567")];
    assert_eq!(keys("0231 123456 / 0171 1234567", Region::DE), both);
    assert_eq!(keys("0231 123456 oder 0171 1234567", Region::DE), both);
    let three = [
        exact_of("+4923112340"),
        stem_of("+492311234"),
        exact_of("+491711234567"),
    ];
    assert_eq!(keys("0231 1234-0, 0171 1234567", Region::DE), three);
}

#[test]
fn internal_and_broken_numbers_are_found_as_they_are() {
    assert_eq!(keys("4711", Region::DE), [exact_of("4711")]);
    assert_eq!(keys("ask Anna", Region::DE), []);
    assert_eq!(
        keys("999999999999999999", Region::DE),
        [exact_of("999999999999999999")]
    );
}

#[test]
fn a_calling_landline_is_looked_up_with_stems_of_up_to_four_digits_less() {
    let caller = PhoneNumber::Global("+4923112345678".to_owned());
    let stems = lookup_candidates(&caller).stems;
    assert_eq!(
        stems,
        [
            "+4923112345678",
            "+492311234567",
            "+49231123456",
            "+4923112345",
            "+492311234"
        ],
        "the longest first"
    );
    let short = PhoneNumber::Global("+492311234".to_owned());
    assert_eq!(
        lookup_candidates(&short).stems,
        ["+492311234", "+49231123"],
        "six digits at least"
    );
}

#[test]
fn mobiles_and_closed_plans_have_no_stems() {
    for number in [
        "+491711234567",
        "+48221234567",
        "+74951234567",
        "+12125550123",
        "+498001234567",
    ] {
        let candidates = lookup_candidates(&PhoneNumber::Global(number.to_owned()));
        assert!(candidates.stems.is_empty(), "{number} belongs to one line");
    }
    let inside = lookup_candidates(&PhoneNumber::Internal("4711".to_owned()));
    assert!(inside.stems.is_empty());
}

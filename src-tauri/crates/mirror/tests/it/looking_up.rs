//! Who is calling: exact, switchboard, block, and what is never claimed.

use ringcard_core::{Basis, NumberBlock, NumberKind, PhoneNumber};
use ringcard_mirror::LookupContext;

use crate::arrange::{Desk, Verbs, With, contact, number, record};

#[test]
fn every_format_of_a_number_finds_the_same_contact() {
    let desk = Desk::new();
    let anna = contact("1", "Anna").with_number("+49 (0) 231 / 12 34-56");
    let mirror = desk.open().filled_with("Contacts", &[anna]);
    for text in [
        "+49231123456",
        "0049231123456",
        "0231123456",
        "0231 123456",
        "(0231) 1234-56",
        "49231123456",
        "+49 231 12 34 56",
    ] {
        let matches = mirror.look_up(text);
        let certain = matches.certain().map(|found| found.contact.name.as_str());
        assert_eq!(certain, Some("Anna"), "{text}");
        assert_eq!(matches.found[0].number_kind, Some(NumberKind::Phone));
    }
}

#[test]
fn every_switchboard_that_the_plan_allows_is_found() {
    let caller = number("+49231123456789");
    let stems = ringcard_core::number::lookup_candidates(&caller).stems;
    assert!(stems.len() > 3, "the plan knows them at several lengths");
    for stem in stems {
        let desk = Desk::new();
        let company = contact("1", "Weber GmbH")
            .of_module("Accounts")
            .with_number(&format!("{stem}-0"));
        let mirror = desk.open().filled_with("Accounts", &[company]);
        let matches = mirror.look_up(caller.as_str());
        let basis = matches.found.first().map(|found| found.basis);
        assert_eq!(basis, Some(Basis::Stem), "{} digits", stem.len());
    }
}

#[test]
fn several_matches_are_all_listed_and_the_earlier_choice_is_first() {
    let desk = Desk::new();
    let people: Vec<_> = ["1", "2", "3"]
        .iter()
        .map(|id| contact(id, &format!("Person {id}")).with_number("0231 123456"))
        .collect();
    let mirror = desk.open().filled_with("Contacts", &people);
    let chosen = record("Contacts", "3");
    let context = LookupContext {
        chosen_before: Some(&chosen),
        ..LookupContext::default()
    };
    let matches = mirror
        .lookup(&number("0231123456"), &context)
        .expect("looks up");
    assert_eq!(matches.found.len(), 3);
    assert_eq!(matches.found[0].contact.record, chosen);
    assert_eq!(matches.certain(), None, "none is chosen silently");
}

#[test]
fn an_account_with_the_number_of_its_contact_is_not_listed_twice() {
    let desk = Desk::new();
    let anna = contact("1", "Anna")
        .with_number("0231 123456")
        .at("9", "Weber GmbH");
    let company = contact("9", "Weber GmbH")
        .of_module("Accounts")
        .with_number("0231 123456");
    let mirror = desk
        .open()
        .filled_with("Contacts", &[anna])
        .filled_with("Accounts", &[company]);
    assert_eq!(mirror.names_for("0231123456"), ["Anna"]);
}

#[test]
fn a_converted_lead_answers_as_the_contact_that_it_became() {
    let desk = Desk::new();
    let mut lead = contact("5", "Lea Lead")
        .of_module("Leads")
        .with_number("0231 123456");
    lead.converted_to = Some(record("Contacts", "1"));
    let lea = contact("1", "Lea Contact").with_number("0231 123456");
    let mirror = desk.open().filled_with("Leads", &[lead.clone()]);
    assert_eq!(
        mirror.names_for("0231123456"),
        ["Lea Lead"],
        "the contact is not there yet"
    );
    let mirror = mirror.filled_with("Contacts", &[lea]);
    assert_eq!(mirror.names_for("0231123456"), ["Lea Contact"]);
    let other = contact("1", "Lea Contact").with_number("0231 999999");
    let mirror = mirror.filled_with("Contacts", &[other]);
    assert_eq!(
        mirror.names_for("0231123456"),
        ["Lea Contact"],
        "also by the lead's old number"
    );
}

#[test]
fn a_switchboard_names_its_company_for_every_extension() {
    let desk = Desk::new();
    let company = contact("9", "Weber GmbH")
        .of_module("Accounts")
        .with_number("0231 1234-0");
    let anna = contact("1", "Anna")
        .with_number("0231 1234-56")
        .at("9", "Weber GmbH");
    let mirror = desk
        .open()
        .filled_with("Accounts", &[company])
        .filled_with("Contacts", &[anna]);
    assert_eq!(
        mirror.names_for("0231123456"),
        ["Anna"],
        "exact goes before the company"
    );
    let matches = mirror.look_up("0231123478");
    assert_eq!(matches.found.len(), 1);
    assert_eq!(matches.found[0].contact.name, "Weber GmbH");
    assert_eq!(matches.found[0].basis, Basis::Stem);
    assert_eq!(matches.certain(), None, "a guess is never shown as a fact");
    assert!(
        mirror.look_up("023112345678").found.len() == 1,
        "four more digits"
    );
    assert!(
        mirror.look_up("0231123456789").found.is_empty(),
        "five are another number"
    );
}

#[test]
fn an_extension_in_the_crm_makes_its_colleagues_known() {
    let desk = Desk::new();
    let anna = contact("1", "Anna")
        .with_number("0231 1234 DW 56")
        .at("9", "Weber GmbH");
    let mirror = desk.open().filled_with("Contacts", &[anna]);
    assert_eq!(mirror.names_for("0231123456"), ["Anna"]);
    let matches = mirror.look_up("0231123499");
    assert_eq!(
        matches.found[0].contact.name, "Weber GmbH",
        "the company, not Anna"
    );
    assert_eq!(matches.found[0].contact.record, record("Accounts", "9"));
}

#[test]
fn the_stem_of_a_person_without_a_company_names_nobody() {
    let desk = Desk::new();
    let erika = contact("1", "Erika Mustermann").with_number("0231 1234-0");
    let mirror = desk.open().filled_with("Contacts", &[erika]);
    assert_eq!(mirror.names_for("02311234-0"), ["Erika Mustermann"]);
    assert!(
        mirror.names_for("0231123478").is_empty(),
        "who calls from there is somebody else"
    );
}

#[test]
fn the_stem_of_two_companies_names_nobody() {
    let desk = Desk::new();
    let one = contact("8", "Kowalski AG")
        .of_module("Accounts")
        .with_number("0231 1234-0");
    let two = contact("9", "Weber GmbH")
        .of_module("Accounts")
        .with_number("0231 1234-0");
    let mirror = desk.open().filled_with("Accounts", &[one, two]);
    assert!(mirror.names_for("0231123478").is_empty());
    assert_eq!(
        mirror.names_for("02311234-0").len(),
        2,
        "the number itself stands in both"
    );
}

#[test]
fn a_mobile_and_a_closed_plan_have_no_switchboard() {
    let desk = Desk::new();
    let mobile = contact("8", "Kowalski AG").with_number("0171 12345-0");
    let polish = contact("9", "Weber GmbH").with_number("+48 22 123 45-0");
    let mirror = desk.open().filled_with("Accounts", &[mobile, polish]);
    assert!(mirror.names_for("01711234567").is_empty());
    assert!(mirror.names_for("+48221234567").is_empty());
}

#[test]
fn the_administrators_block_names_the_company_where_no_stem_can() {
    let desk = Desk::new();
    let company = contact("9", "Weber GmbH").of_module("Accounts");
    let mirror = desk.open().filled_with("Accounts", &[company]);
    let blocks = [NumberBlock {
        prefix: PhoneNumber::Global("+4822123".to_owned()),
        company: "Known to the block".to_owned(),
        record: record("Accounts", "9"),
    }];
    let context = LookupContext {
        blocks: &blocks,
        ..LookupContext::default()
    };
    let matches = mirror
        .lookup(&number("+48221234567"), &context)
        .expect("looks up");
    assert_eq!(matches.found[0].contact.name, "Weber GmbH");
    assert_eq!(
        (matches.found[0].basis, matches.found[0].number_kind),
        (Basis::Block, None)
    );
}

#[test]
fn two_numbers_in_one_field_both_find_the_contact() {
    let desk = Desk::new();
    let anna = contact("1", "Anna").with_number("0231 123456 / 0171 1234567");
    let mirror = desk.open().filled_with("Contacts", &[anna]);
    assert_eq!(mirror.names_for("0231123456"), ["Anna"]);
    assert_eq!(mirror.names_for("01711234567"), ["Anna"]);
}

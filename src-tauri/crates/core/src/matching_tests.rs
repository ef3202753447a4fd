//! The order of the card, folding, and what a switchboard proves.

use super::*;
use crate::IntegrationId;

fn record(module: &str, id: &str) -> CrmRecord {
    CrmRecord {
        integration: IntegrationId::new("crm"),
        module: module.to_owned(),
        id: id.to_owned(),
    }
}

fn account(id: &str, name: &str) -> Contact {
    company_contact(record("Accounts", id), name.to_owned())
}

fn person(id: &str, name: &str, company: (&str, &str)) -> Contact {
    Contact {
        account: Some(record("Accounts", company.0)),
        company: Some(company.1.to_owned()),
        ..company_contact(record("Contacts", id), name.to_owned())
    }
}

fn exact(contact: Contact) -> Match {
    Match {
        contact,
        basis: Basis::Exact,
        origin: Origin::Mirror,
        number_kind: Some(NumberKind::Phone),
        chosen_before: false,
    }
}

#[test]
fn an_account_is_folded_into_its_own_contact() {
    let anna = person("1", "Anna Weber", ("9", "Weber GmbH"));
    let settled = settle(
        vec![exact(account("9", "Weber GmbH")), exact(anna.clone())],
        None,
    );
    assert_eq!(
        settled.len(),
        1,
        "the company stands on Anna's card already"
    );
    assert_eq!(settled[0].contact, anna);
}

#[test]
fn several_people_stay_several() {
    let anna = exact(person("1", "Anna Weber", ("9", "Weber GmbH")));
    let jan = exact(person("2", "Jan Weber", ("9", "Weber GmbH")));
    let matches = Matches {
        found: settle(vec![anna, jan], None),
        ..Matches::default()
    };
    assert_eq!(matches.found.len(), 2, "all are listed");
    assert_eq!(matches.certain(), None, "none is chosen silently");
}

#[test]
fn the_earlier_choice_stands_first_and_is_still_no_certainty() {
    let newer = Contact {
        modified_at: Some(Timestamp(2)),
        ..person("1", "Anna Weber", ("9", "Weber GmbH"))
    };
    let chosen = person("2", "Jan Weber", ("9", "Weber GmbH"));
    let record = chosen.record.clone();
    let settled = settle(vec![exact(newer), exact(chosen)], Some(&record));
    assert_eq!(settled[0].contact.record, record);
    assert!(settled[0].chosen_before && !settled[1].chosen_before);
}

#[test]
fn the_same_record_found_twice_is_listed_once() {
    let anna = person("1", "Anna Weber", ("9", "Weber GmbH"));
    let settled = settle(vec![exact(anna.clone()), exact(anna)], None);
    assert_eq!(settled.len(), 1);
}

#[test]
fn a_switchboard_names_the_company_and_no_person() {
    let people = [
        person("1", "Anna Weber", ("9", "Weber GmbH")),
        person("2", "Jan Kowalski", ("9", "Weber GmbH")),
    ];
    let company = company_behind(&people).expect("one company");
    assert_eq!(
        (company.name.as_str(), company.record.id.as_str()),
        ("Weber GmbH", "9")
    );
    let lead = Contact {
        account: None,
        ..person("3", "Ola", ("", "weber gmbh "))
    };
    let mixed = [account("9", "Weber GmbH"), lead];
    assert_eq!(
        company_behind(&mixed).map(|found| found.record.id),
        Some("9".to_owned())
    );
}

#[test]
fn a_person_without_a_company_has_no_switchboard() {
    let private = |id| company_contact(record("Contacts", id), "Erika Mustermann".to_owned());
    assert_eq!(
        company_behind(&[private("1")]),
        None,
        "a person's name is no company's"
    );
    assert_eq!(
        company_behind(&[private("1"), private("2")]),
        None,
        "also where two have it"
    );
}

#[test]
fn a_record_that_is_called_as_the_others_company_is_the_company() {
    let mut company = account("7", "Weber GmbH");
    company.record.module = "Contacts".to_owned();
    let anna = person("1", "Anna Weber", ("9", "Weber GmbH"));
    assert_eq!(
        company_behind(&[anna, company]).map(|found| found.record.id),
        Some("7".to_owned())
    );
}

#[test]
fn a_company_is_known_by_its_module_or_by_what_the_others_call_theirs() {
    let names = |module, name| names_company(module, name, &mut ["Weber GmbH"].into_iter());
    assert!(names("Accounts", "Kowalski AG") && names("Vendors", "Kowalski AG"));
    assert!(names("Leads", "Weber GmbH"));
    assert!(names("Leads", " weber gmbh"), "however it is typed");
    assert!(!names("Leads", "Anna Weber"), "a person");
}

#[test]
fn a_switchboard_of_two_companies_names_none() {
    let tenants = [
        person("1", "Anna Weber", ("9", "Weber GmbH")),
        person("2", "Jan Kowalski", ("8", "Kowalski AG")),
    ];
    assert_eq!(
        company_behind(&tenants),
        None,
        "an office building is no company"
    );
    assert_eq!(company_behind(&[]), None);
}

#[test]
fn a_block_holds_numbers_with_up_to_four_more_digits() {
    let block = NumberBlock {
        prefix: PhoneNumber::Global("+4822123".to_owned()),
        company: "Kowalski AG".to_owned(),
        record: record("Accounts", "8"),
    };
    let global = |digits: &str| PhoneNumber::Global(digits.to_owned());
    assert!(block.holds(&global("+48221234567")));
    assert!(!block.holds(&global("+482212345678")));
    assert!(!block.holds(&global("+48221244567")));
    assert_eq!(block.as_contact().name, "Kowalski AG");
}

//! What `ringcard calls` and `ringcard lookup` tell.

use super::*;
use ringcard_ipc::{Availability, Basis, OwnerView, RecordRef};
use serde_json::json;

/// 2026-03-02 08:14 UTC.
const MORNING: i64 = 1_772_439_240_000;

fn found(name: &str, company: Option<&str>) -> MatchView {
    let text = format!(
        r#"{{"record":{{"integration":"zoho","module":"Contacts","id":"{name}-1"}},
        "name":"{name}","company":null,"city":null,"module_label":"Contact","crm":"Zoho",
        "owner":null,"opt_out":{{"email":false,"call":false}},"note":null,"basis":"exact",
        "origin":"mirror","number_kind":"phone","chosen_before":false}}"#
    );
    let mut found: MatchView = serde_json::from_str(&text).expect("a match as it crosses");
    found.company = company.map(str::to_owned);
    found
}

fn ringing(who: Who) -> Card {
    let card = json!({
        "call": "0197-invented", "direction": "incoming", "state": "ringing",
        "started_at": MORNING, "state_since": MORNING,
        "party": {"number": "+49 231 1234567", "presentation": "allowed"}, "revision": 0,
        "who": who, "can": [], "answer_way": "at_telephone", "unconfirmed": false, "note": "",
    });
    serde_json::from_value(card).expect("a card as it crosses")
}

#[test]
fn call_is_one_line_with_its_id_first() {
    let mut card = ringing(Who::Certain {
        found: Box::new(found("Anna Muster", Some("Muster GmbH"))),
    });
    card.queue = Some("Sales".into());
    let expected = "\
Call               State    Since     Number           Who
0197-invented  in  ringing  08:14:00  +49 231 1234567  Anna Muster, Muster GmbH  for Sales
";
    assert_eq!(calls(&[card], &TimeZone::UTC), expected);
}

#[test]
fn several_people_are_never_told_as_one() {
    let card = ringing(Who::Several {
        found: vec![found("Anna Muster", None), found("Jan Beispiel", None)],
    });
    assert_eq!(who(&card), "one of 2: Anna Muster / Jan Beispiel");
}

#[test]
fn company_does_not_become_a_person() {
    let card = ringing(Who::Company {
        company: "Muster GmbH".into(),
        account: None,
        people: vec![found("Anna Muster", None)],
    });
    assert_eq!(who(&card), "somebody at Muster GmbH");
}

#[test]
fn name_from_the_network_is_told_as_a_claim() {
    let mut card = ringing(Who::Unknown { among: 5000 });
    card.party.name = Some("Muster Bank".into());
    assert_eq!(who(&card), "unknown, says \"Muster Bank\"");
}

#[test]
fn withheld_number_is_not_told() {
    let mut card = ringing(Who::Withheld);
    for presentation in [Presentation::Withheld, Presentation::Pending] {
        card.party.presentation = presentation;
        assert_eq!(number(&card.party), "withheld", "even if it came along");
    }
}

#[test]
fn lookup_says_why_and_among_how_many() {
    let mut anna = found("Anna Muster", Some("Muster GmbH"));
    anna.basis = Basis::Stem;
    anna.record = RecordRef {
        integration: "zoho".into(),
        module: "Accounts".into(),
        id: "5550001".into(),
    };
    anna.owner = Some(OwnerView {
        name: "Jan Beispiel".into(),
        extension: None,
        availability: Availability::Unknown,
    });
    let view = LookupView {
        number: "+49 231 1234567".into(),
        found: vec![anna],
        among: 5000,
        as_of: Some(MORNING),
        took_us: 21,
    };
    let expected = "\
+49 231 1234567: 1 of 5000 contacts, as of 2026-03-02 08:14, 21 µs
Name         Company      City  Record                 Why
Anna Muster  Muster GmbH  -     Zoho Accounts 5550001  company's switchboard
";
    assert_eq!(lookup(&view, &TimeZone::UTC), expected);
}

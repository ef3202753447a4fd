//! What numbers from links, people and telephone systems mean.

use super::*;

fn germany() -> DialRules {
    DialRules::of(Region::DE)
}

fn typed(text: &str) -> Result<String, WhyNot> {
    parse_typed(text, &germany()).map(|number| number.as_str().to_owned())
}

fn incoming(text: &str, rules: &DialRules) -> Option<String> {
    parse_incoming(text, rules).map(|number| number.as_str().to_owned())
}

#[test]
fn every_way_of_writing_is_the_same_number() {
    for text in [
        "+49 (0) 231 1234-56",
        "+49(0)231/123456",
        "0049231123456",
        "00 49 231 123456",
        "(0231) 12 34 - 56",
        "0049 0231 123456",
        "+490231123456",
        "49231123456",
        "\u{202D}0231\u{200E}123456\u{202C}",
        "Tel.: 0231 123456",
        "tel:+49-231-123456",
        "tel:0231-123456;phone-context=+49",
        "tel:123456;phone-context=+49231",
        "callto:+49 231 123456",
        "callto://0231123456",
        "sip:+49231123456@pbx.example;user=phone",
        "sip:0231123456@pbx.example",
        "０２３１ １２３４５６",
    ] {
        assert_eq!(typed(text).as_deref(), Ok("+49231123456"), "{text}");
    }
}

#[test]
fn the_rules_of_the_country_decide() {
    for (text, region, expected) in [
        ("8 (495) 123-45-67", Region::RU, "+74951234567"),
        ("+7 8 495 123-45-67", Region::DE, "+74951234567"),
        ("8-800-555-35-35", Region::RU, "+78005553535"),
        ("8 10 49 231 123456", Region::RU, "+49231123456"),
        ("011 49 231 123456", Region::US, "+49231123456"),
        ("00 49 231 123456", Region::US, "+49231123456"),
        ("1-800-FLOWERS", Region::US, "+18003569377"),
        ("22 123 45 67 wew. 12", Region::PL, "+48221234567"),
        ("+48 22 123 45 67 w. 12", Region::DE, "+48221234567"),
        ("020 7946 0123", Region::GB, "+442079460123"),
        ("+39 06 1234567", Region::DE, "+39061234567"),
    ] {
        let number = parse_typed(text, &DialRules::of(region));
        assert_eq!(
            number.as_ref().map(PhoneNumber::as_str),
            Ok(expected),
            "{text} in {region}"
        );
    }
}

#[test]
fn a_german_extension_is_dialled_with_its_number() {
    assert_eq!(typed("0231 1234 DW 56").as_deref(), Ok("+49231123456"));
    assert_eq!(
        typed("tel:+49-231-123456;ext=78").as_deref(),
        Ok("+49231123456")
    );
}

#[test]
fn short_numbers_and_codes_stay_as_they_are() {
    for text in ["110", "112", "116117", "4711", "23", "*21*0231123456#"] {
        let number = parse_typed(text, &germany());
        assert_eq!(
            number,
            Ok(PhoneNumber::Internal(text.to_owned())),
            "dialled as typed"
        );
    }
    let code = PhoneNumber::Internal("*21*0231123456#".to_owned());
    assert!(
        code.is_service_code(),
        "to be confirmed before it is dialled"
    );
    assert_eq!(typed("*31#0231123456").as_deref(), Ok("+49231123456"));
    let inside = parse_typed("tel:23;phone-context=pbx.example", &germany());
    assert_eq!(
        inside,
        Ok(PhoneNumber::Internal("23".to_owned())),
        "not +49 23"
    );
}

#[test]
fn what_is_no_number_says_why() {
    for (text, why) in [
        ("", WhyNot::Empty),
        ("Anna Weber", WhyNot::NotANumber),
        ("Room 12", WhyNot::NotANumber),
        ("0231 123456 oder 0171 1234567", WhyNot::SeveralNumbers),
        ("+49 2", WhyNot::TooShort),
        ("+1 212 555 0123 99999 99", WhyNot::TooLong),
        ("+999 123456789", WhyNot::UnknownCountry),
        ("0231\u{0}123456", WhyNot::ControlCharacters),
        ("tel:%2A21%2A0231123456%23", WhyNot::ServiceCodeInLink),
        ("tel:0231%0d%0a123456", WhyNot::ControlCharacters),
        ("sip:anna@example.com", WhyNot::NotANumber),
    ] {
        assert_eq!(typed(text), Err(why), "{text:?}");
    }
    assert_eq!(typed(&"1".repeat(513)), Err(WhyNot::TooLong));
}

#[test]
fn an_incoming_number_follows_the_rules_of_its_line() {
    let mut rules = germany();
    assert_eq!(
        incoming("0231123456", &rules).as_deref(),
        Some("+49231123456")
    );
    assert_eq!(
        incoming("49231123456", &rules).as_deref(),
        Some("+49231123456")
    );
    rules.outside_digit = Some("0".to_owned());
    assert_eq!(
        incoming("00231123456", &rules).as_deref(),
        Some("+49231123456")
    );
    assert_eq!(
        incoming("00048221234567", &rules).as_deref(),
        Some("+48221234567")
    );
    assert_eq!(
        incoming("102", &rules).as_deref(),
        Some("102"),
        "a colleague"
    );
    let rules = DialRules {
        incoming: IncomingForm::InternationalWithoutPlus,
        ..germany()
    };
    assert_eq!(
        incoming("48221234567", &rules).as_deref(),
        Some("+48221234567")
    );
    let rules = DialRules {
        area_code: Some("231".to_owned()),
        ..germany()
    };
    assert_eq!(
        incoming("1234567", &rules).as_deref(),
        Some("+492311234567")
    );
}

#[test]
fn an_incoming_text_without_a_number_is_none() {
    for text in ["", "anonymous", "Unknown", "anna", "alice101"] {
        assert_eq!(incoming(text, &germany()), None, "{text}");
    }
    let odd = incoming("999999999999999999", &germany());
    assert_eq!(
        odd.as_deref(),
        Some("999999999999999999"),
        "shown as it came"
    );
}

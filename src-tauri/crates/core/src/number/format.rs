//! A number as people read it, and what its digits tell about it.

use rlibphonenumber::{PhoneNumberFormat, PhoneNumberType};
use serde::{Deserialize, Serialize};

use super::{PhoneNumber, Region};

/// What kind of line a number belongs to, as far as its digits tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// At a place.
    Landline,
    /// A mobile.
    Mobile,
    /// The country does not tell landline from mobile.
    LandlineOrMobile,
    /// Free for the caller.
    Freephone,
    /// Dearer than a call.
    Premium,
    /// Anything else, or a number that its country does not have.
    Other,
}

/// Where a number comes from: "Poland, mobile".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberOrigin {
    /// The country; `None` for numbers of no country.
    pub region: Option<Region>,
    /// The kind of line.
    pub line: LineKind,
}

/// The number as people at home write it: national in their own country, international else.
/// Internal numbers stay as they are.
pub fn format_for_people(number: &PhoneNumber, home: Region) -> String {
    let PhoneNumber::Global(e164) = number else {
        return number.as_str().to_owned();
    };
    let Ok(parsed) = rlibphonenumber::PhoneNumber::parse(e164, None) else {
        return e164.clone();
    };
    let format = if parsed.country_code == home.calling_code() {
        PhoneNumberFormat::National
    } else {
        PhoneNumberFormat::International
    };
    parsed.format_as(format).into_owned()
}

/// Country and kind of line; `None` for internal numbers.
pub fn describe(number: &PhoneNumber) -> Option<NumberOrigin> {
    let PhoneNumber::Global(e164) = number else {
        return None;
    };
    let parsed = rlibphonenumber::PhoneNumber::parse(e164, None).ok()?;
    let line = match parsed.get_type() {
        PhoneNumberType::FixedLine => LineKind::Landline,
        PhoneNumberType::Mobile => LineKind::Mobile,
        PhoneNumberType::FixedLineOrMobile => LineKind::LandlineOrMobile,
        PhoneNumberType::TollFree => LineKind::Freephone,
        PhoneNumberType::PremiumRate | PhoneNumberType::SharedCost => LineKind::Premium,
        _ => LineKind::Other,
    };
    let region = super::parse::region_of(e164).filter(|region| region.code() != "001");
    Some(NumberOrigin { region, line })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn global(e164: &str) -> PhoneNumber {
        PhoneNumber::Global(e164.to_owned())
    }

    #[test]
    fn people_at_home_read_the_national_form() {
        for (e164, home, expected) in [
            ("+49231123456", Region::DE, "0231 123456"),
            ("+49231123456", Region::PL, "+49 231 123456"),
            ("+48221234567", Region::PL, "22 123 45 67"),
            ("+48221234567", Region::DE, "+48 22 123 45 67"),
            ("+12125550123", Region::US, "(212) 555-0123"),
        ] {
            assert_eq!(format_for_people(&global(e164), home), expected);
        }
        let inside = PhoneNumber::Internal("4711".to_owned());
        assert_eq!(
            format_for_people(&inside, Region::DE),
            "4711",
            "never taken apart"
        );
    }

    #[test]
    fn the_digits_tell_country_and_line() {
        for (e164, region, line) in [
            ("+48501234567", Region::PL, LineKind::Mobile),
            ("+49231123456", Region::DE, LineKind::Landline),
            ("+12125550123", Region::US, LineKind::LandlineOrMobile),
            ("+498001234567", Region::DE, LineKind::Freephone),
        ] {
            let origin = NumberOrigin {
                region: Some(region),
                line,
            };
            assert_eq!(describe(&global(e164)), Some(origin), "{e164}");
        }
        assert_eq!(describe(&PhoneNumber::Internal("4711".to_owned())), None);
    }
}

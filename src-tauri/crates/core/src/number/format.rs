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

//! One cleaned number to what it means in its country: public, internal, or nothing.

use rlibphonenumber::{ParseError, ValidationError};

use super::clean::{count_digits, digits_of, has_control_characters, plain};
use super::link::{self, Context};
use super::pieces::{Code, Piece, pieces};
use super::{DialRules, IncomingForm, PhoneNumber, Region, WhyNot};

/// Numbers of so few digits are internal or a service (110, 116117), never a public number.
const SHORT: usize = 6;
/// Up to here a number that its country cannot have may still be one of the telephone system.
const INTERNAL: usize = 8;
const LONGEST_TEXT: usize = 512;

/// Reads the number of an incoming call. `None` where there is none: withheld, or a name.
///
/// What no country has stays as it came, so that it can still be shown and found.
pub fn parse_incoming(raw: &str, rules: &DialRules) -> Option<PhoneNumber> {
    if raw.len() > LONGEST_TEXT {
        return None;
    }
    let text = plain(raw);
    let text = text.trim();
    if link::has_scheme(text) {
        return parse_link(text, rules).ok();
    }
    let foreign = |c: char| !(c.is_ascii_digit() || "+()-./ *#~".contains(c));
    if count_digits(text) == 0 || text.contains(foreign) {
        return None;
    }
    let piece = pieces(text).into_iter().next()?;
    if piece.code == Code::Service {
        return Some(PhoneNumber::Internal(piece.base));
    }
    let base = without_outside_digit(&piece.base, rules);
    if rules.incoming == IncomingForm::InternationalWithoutPlus
        && let Some(number) = with_plus_added(&base, rules.region)
    {
        return Some(number);
    }
    Some(understand(&base, rules).unwrap_or_else(|_| verbatim(&base)))
}

/// Reads what a person typed or selected, or what a link holds, as the number to dial.
pub fn parse_typed(raw: &str, rules: &DialRules) -> Result<PhoneNumber, WhyNot> {
    if raw.len() > LONGEST_TEXT {
        return Err(WhyNot::TooLong);
    }
    let text = plain(raw);
    let text = text.trim();
    if text.is_empty() {
        return Err(WhyNot::Empty);
    }
    if link::has_scheme(text) {
        return parse_link(text, rules);
    }
    if has_control_characters(&text.replace('\n', " ")) {
        return Err(WhyNot::ControlCharacters);
    }
    let mut numbers = Vec::new();
    for piece in pieces(text) {
        let number = dialled(&piece, rules)?;
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    let Some(number) = numbers.pop() else {
        return Err(WhyNot::NotANumber);
    };
    if !numbers.is_empty() {
        return Err(WhyNot::SeveralNumbers);
    }
    // "Room 12" is a text, not a wish to call extension 12.
    let wordy = matches!(number, PhoneNumber::Internal(_)) && text.contains(char::is_alphabetic);
    if wordy {
        Err(WhyNot::NotANumber)
    } else {
        Ok(number)
    }
}

/// The number behind a piece of a typed text; a service code is dialled as it stands.
fn dialled(piece: &Piece, rules: &DialRules) -> Result<PhoneNumber, WhyNot> {
    if piece.code == Code::Service {
        return Ok(PhoneNumber::Internal(piece.base.clone()));
    }
    let base = understand(&piece.base, rules)?;
    match &piece.extension {
        Some(extension) if extension.in_dialling => Ok(with_extension(&base, &extension.digits)),
        _ => Ok(base),
    }
}

/// Appends an extension where the plan is open; elsewhere the number alone is dialled.
pub(super) fn with_extension(base: &PhoneNumber, extension: &str) -> PhoneNumber {
    match base {
        PhoneNumber::Global(e164) if region_of(e164).is_some_and(Region::has_open_plan) => {
            PhoneNumber::Global(format!("{e164}{extension}"))
        }
        _ => base.clone(),
    }
}

fn parse_link(text: &str, rules: &DialRules) -> Result<PhoneNumber, WhyNot> {
    let link = link::read(text)?;
    let cleaned = plain(&link.number);
    let mut found = pieces(&cleaned);
    let (Some(piece), true) = (found.pop(), found.is_empty()) else {
        return Err(if found.is_empty() {
            WhyNot::NotANumber
        } else {
            WhyNot::SeveralNumbers
        });
    };
    if piece.code == Code::Service {
        return Err(WhyNot::ServiceCodeInLink);
    }
    match link.context {
        Context::Domain => Ok(PhoneNumber::Internal(digits_of(&piece.base))),
        Context::Prefix(prefix) => {
            // The context makes the local number global: it says which country or area is meant.
            let national = parse_in(&format!("{prefix} {}", piece.base), rules.region)?;
            Ok(PhoneNumber::Global(e164(&national)))
        }
        Context::None => dialled(&piece, rules),
    }
}

/// What one cleaned number means under these rules.
pub(super) fn understand(base: &str, rules: &DialRules) -> Result<PhoneNumber, WhyNot> {
    let digits = digits_of(base);
    let region = rules.region;
    if base.trim_start_matches(['(', ' ']).starts_with('+') {
        return parse_in(base, region).and_then(possible);
    }
    if digits.len() <= SHORT {
        return if digits.is_empty() {
            Err(WhyNot::NotANumber)
        } else {
            Ok(PhoneNumber::Internal(digits))
        };
    }
    if let Some(number) = unusual_international(&digits, region)
        .or_else(|| own_country_without_plus(&digits, region))
        .or_else(|| local(&digits, rules))
    {
        return Ok(number);
    }
    let parsed = parse_in(base, region);
    match parsed {
        Ok(number) if number.is_valid() => Ok(PhoneNumber::Global(e164(&number))),
        Ok(number)
            if is_dialled_whole(&digits, region) && number.is_possible_with_reason().is_ok() =>
        {
            Ok(PhoneNumber::Global(e164(&number)))
        }
        _ if digits.len() <= INTERNAL => Ok(PhoneNumber::Internal(digits)),
        Ok(number) => possible(number),
        Err(why) => Err(why),
    }
}

/// `00 49 …` in a country that dials 011 or 8~10: people copy what they see.
fn unusual_international(digits: &str, region: Region) -> Option<PhoneNumber> {
    let rest = digits.strip_prefix("00")?;
    with_plus_added(rest, region)
}

/// `49231…` without a plus: with a trunk digit in use, a national number would begin with it.
fn own_country_without_plus(digits: &str, region: Region) -> Option<PhoneNumber> {
    let trunk = region.trunk_prefix()?;
    if digits.starts_with(trunk) || !digits.starts_with(&region.calling_code().to_string()) {
        return None;
    }
    with_plus_added(digits, region)
}

/// A number without its area code, where the rules know one and the digits cannot be more.
fn local(digits: &str, rules: &DialRules) -> Option<PhoneNumber> {
    let area_code = rules.area_code.as_deref()?;
    let trunk = rules.region.trunk_prefix();
    let whole = trunk.is_some_and(|trunk| digits.starts_with(trunk));
    if whole || digits.len() > INTERNAL {
        return None;
    }
    let trunk = trunk.unwrap_or_default();
    let number = parse_in(&format!("{trunk}{area_code}{digits}"), rules.region).ok()?;
    number
        .is_valid()
        .then(|| PhoneNumber::Global(e164(&number)))
}

fn with_plus_added(digits: &str, region: Region) -> Option<PhoneNumber> {
    let digits = digits_of(digits);
    if digits.len() <= SHORT || digits.starts_with('0') {
        return None;
    }
    let number = parse_in(&format!("+{digits}"), region).ok()?;
    number
        .is_valid()
        .then(|| PhoneNumber::Global(e164(&number)))
}

/// Begins with the country's trunk digit or an international prefix: nothing is missing in front.
fn is_dialled_whole(digits: &str, region: Region) -> bool {
    region
        .trunk_prefix()
        .is_some_and(|trunk| digits.starts_with(trunk))
        || digits.starts_with("00")
        || digits.starts_with("011")
}

fn without_outside_digit(base: &str, rules: &DialRules) -> String {
    let digits = digits_of(base);
    let bare = rules
        .outside_digit
        .as_deref()
        .and_then(|outside| digits.strip_prefix(outside));
    match bare {
        Some(bare) if !base.contains('+') && bare.len() > SHORT => bare.to_owned(),
        _ => base.to_owned(),
    }
}

pub(super) fn parse_in(text: &str, region: Region) -> Result<rlibphonenumber::PhoneNumber, WhyNot> {
    rlibphonenumber::PhoneNumber::parse(text, Some(region.0)).map_err(|error| match error {
        ParseError::InvalidCountryCode => WhyNot::UnknownCountry,
        ParseError::NotANumber(_) => WhyNot::NotANumber,
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn => WhyNot::TooShort,
        ParseError::TooLongNsn => WhyNot::TooLong,
    })
}

fn possible(number: rlibphonenumber::PhoneNumber) -> Result<PhoneNumber, WhyNot> {
    match number.is_possible_with_reason() {
        Ok(_) => Ok(PhoneNumber::Global(e164(&number))),
        Err(ValidationError::TooShort) => Err(WhyNot::TooShort),
        Err(ValidationError::InvalidCountryCode) => Err(WhyNot::UnknownCountry),
        Err(_) => Err(WhyNot::TooLong),
    }
}

pub(super) fn e164(number: &rlibphonenumber::PhoneNumber) -> String {
    number
        .format_as(rlibphonenumber::PhoneNumberFormat::E164)
        .into_owned()
}

/// The country of a number in E.164, also of one that is too short or long to be valid.
pub(super) fn region_of(e164: &str) -> Option<Region> {
    let number = rlibphonenumber::PhoneNumber::parse(e164, None).ok()?;
    let by_code =
        || rlibphonenumber::PHONE_NUMBER_UTIL.get_region_for_country_code(number.country_code);
    number.get_region_code().or_else(by_code).map(Region)
}

/// A number that nobody understands, kept so that the same number is found again.
pub(super) fn verbatim(base: &str) -> PhoneNumber {
    let plus = if base.trim_start_matches(['(', ' ']).starts_with('+') {
        "+"
    } else {
        ""
    };
    PhoneNumber::Internal(format!("{plus}{}", digits_of(base)))
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;

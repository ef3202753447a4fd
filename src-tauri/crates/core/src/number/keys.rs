//! Under which keys a stored number is found, and which keys a calling number is looked up with.
//!
//! A stem is the number of a switchboard without its last zeros or its extension. It names the
//! company; everyone behind the switchboard has a number that begins with it.

use rlibphonenumber::PhoneNumberType;

use crate::Basis;

use super::clean::{digits_of, plain};
use super::link::{self, Context};
use super::parse::{region_of, understand, verbatim, with_extension};
use super::pieces::{Code, Piece, pieces};
use super::{DialRules, PhoneNumber, Region};

/// A calling number may be this much longer than a stem.
const MOST_DIGITS_BEHIND_A_STEM: usize = 4;
/// A stem has at least so many digits behind the country code.
const FEWEST_DIGITS_OF_A_STEM: usize = 6;

/// One key of a stored number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The number or the stem.
    pub number: PhoneNumber,
    /// `Exact` or `Stem`.
    pub basis: Basis,
    /// An extension word stood in the field.
    pub from_extension: bool,
}

/// What to look a calling number up with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidates {
    /// The number itself.
    pub exact: PhoneNumber,
    /// Stems that it may belong to, the longest first; empty outside open plans.
    pub stems: Vec<String>,
}

/// The keys of a field as it stands in the CRM, read with the country of its record.
pub fn stored_keys(raw: &str, region: Region) -> Vec<Key> {
    stored_keys_by(raw, &DialRules::of(region))
}

/// The same, by the country and area code of `rules`: a field without an area code has that one.
pub fn stored_keys_by(raw: &str, rules: &DialRules) -> Vec<Key> {
    let text = plain(raw);
    let text = text.trim();
    let mut keys = Vec::new();
    for piece in stored_pieces(text) {
        for key in keys_of(&piece, rules) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

/// The keys that a calling number is looked up with.
pub fn lookup_candidates(number: &PhoneNumber) -> Candidates {
    let stems = match number {
        PhoneNumber::Global(e164) => stems_of(e164),
        PhoneNumber::Internal(_) => Vec::new(),
    };
    Candidates {
        exact: number.clone(),
        stems,
    }
}

fn stored_pieces(text: &str) -> Vec<Piece> {
    if !link::has_scheme(text) {
        return pieces(text);
    }
    match link::read(text) {
        Ok(link) => match link.context {
            Context::Prefix(prefix) => pieces(&plain(&format!("{prefix} {}", link.number))),
            Context::None | Context::Domain => pieces(&plain(&link.number)),
        },
        Err(_) => Vec::new(),
    }
}

fn keys_of(piece: &Piece, rules: &DialRules) -> Vec<Key> {
    if piece.code == Code::Service {
        return vec![exact(PhoneNumber::Internal(piece.base.clone()), false)];
    }
    let number = understand(&piece.base, rules).unwrap_or_else(|_| verbatim(&piece.base));
    let switchboard = switchboard(&number, &piece.base);
    let Some(extension) = &piece.extension else {
        let stem = switchboard.and_then(|stem| stem_key(&number, stem, false));
        return std::iter::once(exact(number, false)).chain(stem).collect();
    };
    let base = switchboard.map_or_else(
        || number.clone(),
        |stem| PhoneNumber::Global(stem.to_owned()),
    );
    let direct = with_extension(&base, &extension.digits);
    if !extension.in_dialling || direct == base {
        return vec![exact(number, true)];
    }
    let stem = stem_key(&direct, base.as_str(), true);
    std::iter::once(exact(direct, true)).chain(stem).collect()
}

fn exact(number: PhoneNumber, from_extension: bool) -> Key {
    Key {
        number,
        basis: Basis::Exact,
        from_extension,
    }
}

/// A stem key, where the number behind it may have one.
fn stem_key(number: &PhoneNumber, stem: &str, from_extension: bool) -> Option<Key> {
    let PhoneNumber::Global(e164) = number else {
        return None;
    };
    let shortest = shortest_stem(e164)?;
    (stem.len() >= shortest).then(|| Key {
        number: PhoneNumber::Global(stem.to_owned()),
        basis: Basis::Stem,
        from_extension,
    })
}

/// The number without its separated last zeros: `0231 1234-0`.
fn switchboard<'a>(number: &'a PhoneNumber, base: &str) -> Option<&'a str> {
    let PhoneNumber::Global(e164) = number else {
        return None;
    };
    let zeros = separated_zeros(base)?;
    e164.strip_suffix(&"0".repeat(zeros))
}

/// How many zeros stand apart at the end. Pairs (`12 34 00`) are a way of writing, no switchboard.
fn separated_zeros(base: &str) -> Option<usize> {
    let mut groups: Vec<(char, usize)> = Vec::new();
    let mut separator = ' ';
    let mut last_group = String::new();
    for part in base.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let digits = digits_of(part);
        if !digits.is_empty() {
            groups.push((separator, digits.len()));
            last_group = digits;
            separator = ' ';
        }
        separator = match part.chars().last() {
            Some(mark @ ('-' | '/' | '.')) => mark,
            _ => separator,
        };
    }
    let [.., before, last] = groups.as_slice() else {
        return None;
    };
    let zeros = last_group.len() <= 3 && last_group.bytes().all(|digit| digit == b'0');
    let stands_apart = last.1 == 1 || last.1 != before.1 || last.0 != before.0;
    (zeros && stands_apart).then_some(last.1)
}

fn stems_of(e164: &str) -> Vec<String> {
    let Some(shortest) = shortest_stem(e164) else {
        return Vec::new();
    };
    (0..=MOST_DIGITS_BEHIND_A_STEM)
        .filter_map(|behind| e164.len().checked_sub(behind))
        .take_while(|length| *length >= shortest)
        .map(|length| e164[..length].to_owned())
        .collect()
}

/// The length of the shortest stem of a number; `None` where its plan has no stems.
fn shortest_stem(e164: &str) -> Option<usize> {
    let region = region_of(e164).filter(|region| region.has_open_plan())?;
    let number = rlibphonenumber::PhoneNumber::parse(e164, None).ok()?;
    let geographic = match number.get_type() {
        PhoneNumberType::FixedLine | PhoneNumberType::FixedLineOrMobile => true,
        // Long extensions leave the lengths that the library knows; the area code decides then.
        PhoneNumberType::Unknown => {
            number.get_length_of_geographical_area_code() > 0 || is_landline_without_extension(e164)
        }
        _ => false,
    };
    let code = region.calling_code().to_string().len();
    geographic.then_some(1 + code + FEWEST_DIGITS_OF_A_STEM)
}

/// Is a shorter number with the same beginning a landline?
fn is_landline_without_extension(e164: &str) -> bool {
    (1..=MOST_DIGITS_BEHIND_A_STEM)
        .filter_map(|behind| {
            e164.len()
                .checked_sub(behind)
                .and_then(|end| e164.get(..end))
        })
        .filter_map(|shorter| rlibphonenumber::PhoneNumber::parse(shorter, None).ok())
        .any(|number| number.get_type() == PhoneNumberType::FixedLine)
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;

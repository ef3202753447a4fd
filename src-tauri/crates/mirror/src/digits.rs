//! Parts of telephone numbers in the word index: every four digits that follow each other.
//!
//! Four digits make few words with short lists, whatever the numbers are; a word for every end of
//! every number would be many times as large and slow to begin with a common area code. That the
//! fours stand in the right order is proven by the keys themselves.

/// So many digits are one word of the index.
const PART: usize = 4;
/// So many digits after the country code make the word for the beginning of a national number.
const AREA: usize = 3;
/// Fewer digits would find nearly everybody.
const FEWEST: usize = 3;

/// The digits of a search, in the ways in which a number may have them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fragment {
    /// As typed.
    pub anywhere: String,
    /// As typed without the digits dialled before a national number: they follow the country code.
    pub national: Vec<String>,
}

/// Appends the words of a stored number.
pub(crate) fn index(number: &str, into: &mut String) {
    let digits = number.trim_start_matches('+');
    for start in 0..=digits.len().saturating_sub(FEWEST) {
        let end = digits.len().min(start + PART);
        into.push(' ');
        into.push_str(digits.get(start..end).unwrap_or_default());
    }
    if number.starts_with('+') {
        let national = digits.get(country_code_length(digits)..);
        let area = national.and_then(|digits| digits.get(..AREA));
        if let Some(area) = area {
            into.push_str(" n");
            into.push_str(area);
        }
    }
}

impl Fragment {
    /// Reads what was typed in any way of writing: `0231 12-34`, `+49 (0) 231`, `1234`.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.replace("(0)", "");
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if let Some(global) = digits.strip_prefix("00") {
            return Self::anywhere(global);
        }
        let mut fragment = Self::anywhere(&digits)?;
        if !text.contains('+') {
            fragment.national = ["0", "06", "8"]
                .iter()
                .filter_map(|trunk| digits.strip_prefix(trunk))
                .filter(|rest| rest.len() >= FEWEST - 1)
                .map(str::to_owned)
                .collect();
        }
        Some(fragment)
    }

    fn anywhere(digits: &str) -> Option<Self> {
        (digits.len() >= FEWEST).then(|| Self {
            anywhere: digits.to_owned(),
            national: Vec::new(),
        })
    }

    /// The search in the index's language. It finds a little too much: see [`Fragment::is_in`].
    pub fn condition(&self) -> String {
        let national = self.national.iter().map(|digits| {
            let area = match digits.get(..AREA) {
                Some(area) => format!("\"n{area}\""),
                None => format!("\"n{digits}\"*"),
            };
            match parts(digits) {
                Some(parts) => format!("({area} AND {parts})"),
                None => area,
            }
        });
        let mut ways: Vec<String> = parts(&self.anywhere).into_iter().collect();
        ways.extend(national);
        ways.join(" OR ")
    }

    /// Are the digits really part of this number?
    pub fn is_in(&self, number: &str) -> bool {
        if number.contains(&self.anywhere) {
            return true;
        }
        let Some(digits) = number.strip_prefix('+') else {
            return false;
        };
        let national = digits.get(country_code_length(digits)..);
        let begins = |national: &str| self.national.iter().any(|way| national.starts_with(way));
        national.is_some_and(begins)
    }
}

/// All parts of some digits, joined; `None` for too few.
fn parts(digits: &str) -> Option<String> {
    if digits.len() < FEWEST {
        return None;
    }
    if digits.len() < PART {
        return Some(format!("\"{digits}\"*"));
    }
    let last = digits.len() - PART;
    let parts: Vec<String> = (0..=last)
        .filter_map(|start| digits.get(start..start + PART))
        .map(|part| format!("\"{part}\""))
        .collect();
    Some(format!("({})", parts.join(" AND ")))
}

/// How many digits of a global number are the country's. The codes are free of prefixes, and all
/// that are not listed here have three digits.
fn country_code_length(digits: &str) -> usize {
    const OF_TWO: &str = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 \
                          57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98";
    let begins_with_two = |two: &str| OF_TWO.split(' ').any(|code| code == two);
    match digits.as_bytes().first() {
        Some(b'1' | b'7') => 1,
        _ if digits.get(..2).is_some_and(begins_with_two) => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, number: &str) -> bool {
        Fragment::of(text).is_some_and(|fragment| fragment.is_in(number))
    }

    #[test]
    fn a_part_of_a_number_is_found_in_any_way_of_writing() {
        for text in [
            "0231 13",
            "+49 (0)231",
            "0049 231",
            "5790",
            "231135",
            "0231",
            "023",
        ] {
            assert!(found(text, "+49231135790"), "{text}");
        }
        assert!(found("8 495", "+74951234567"), "Russia dials an eight");
        assert!(found("06 1 234", "+3612345678"), "Hungary dials two digits");
        assert!(found("471", "4711"), "a number inside the house");
    }

    #[test]
    fn parts_in_another_order_are_no_number() {
        assert!(!found("5790231", "+49231135790"));
        assert!(
            !found("0135", "+49231135790"),
            "a zero in front means the area code follows"
        );
    }

    #[test]
    fn every_part_that_is_asked_for_is_a_word_of_the_index() {
        let mut words = String::new();
        index("+49231135790", &mut words);
        let words: Vec<&str> = words.split_whitespace().collect();
        for asked in ["4923", "5790", "790", "n231"] {
            assert!(words.contains(&asked), "{asked} is missing in {words:?}");
        }
    }

    #[test]
    fn country_codes_have_their_length() {
        for (digits, length) in [
            ("49231", 2),
            ("7495", 1),
            ("1212", 1),
            ("380441", 3),
            ("35226", 3),
        ] {
            assert_eq!(country_code_length(digits), length, "{digits}");
        }
    }
}

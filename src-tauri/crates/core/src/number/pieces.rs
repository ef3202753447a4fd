//! The numbers inside one field, each with its extension, cut out of the text around them.
//!
//! Nothing is understood here: whether a piece is a number at all, `parse` decides.

use super::clean::{count_digits, digits_of};

/// One number as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Digits and separators, perhaps with a plus in front; for a service code all of it.
    pub base: String,
    /// What stood behind an extension word.
    pub extension: Option<Extension>,
    /// A code of stars and hashes.
    pub code: Code,
}

/// The kind of code that a piece begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// A number without one.
    None,
    /// A code that hides or shows the own number stood before it and was taken off.
    OwnNumber,
    /// Any other: it commands the telephone system, and is no number.
    Service,
}

/// The digits behind an extension word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extension {
    /// The digits.
    pub digits: String,
    /// Is it dialled as the end of the number where the plan is open (Durchwahl), or asked for
    /// after the call is answered?
    pub in_dialling: bool,
}

const OWN_NUMBER_CODES: [&str; 6] = ["*31#", "#31#", "*31*", "*67", "*82", "*141#"];
const IN_DIALLING: [&str; 11] = [
    "dw",
    "durchwahl",
    "durchw",
    "app",
    "apparat",
    "nst",
    "nebenstelle",
    "klappe",
    "kl",
    "poste",
    "nbst",
];
const ASKED_FOR: [&str; 20] = [
    "wew",
    "wewn",
    "wewnętrzny",
    "w",
    "доб",
    "добавочный",
    "вн",
    "внутр",
    "внутренний",
    "ext",
    "extn",
    "extension",
    "x",
    "xt",
    "int",
    "interno",
    "anexo",
    "tone",
    "тон",
    "e",
];
const BETWEEN_NUMBERS: [&str; 11] = [
    "oder", "or", "und", "and", "bzw", "lub", "oraz", "или", "и", "ou", "sowie",
];

/// Cuts a plain text (see `clean::plain`) into its numbers.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let text = text.replace(";ext=", " ext ").replace(",,", " ext ");
    let mut found = Vec::new();
    for segment in segments(&text) {
        if let Some(vanity) = vanity(segment) {
            found.push(piece(vanity, None));
        } else {
            scan(segment, &mut found);
        }
    }
    found
}

/// Cuts where two numbers meet: at line ends, semicolons, and at commas, slashes and pluses with a
/// whole number on both sides.
fn segments(text: &str) -> Vec<&str> {
    let mut whole = Vec::new();
    for part in text.split(['\n', ';', '|', '&']) {
        let mut start = 0;
        for (at, character) in part.char_indices() {
            let (left, right) = (&part[start..at], &part[at..]);
            let width = character.len_utf8();
            let cut = match character {
                ',' => count_digits(&right[width..]) >= 6 && count_digits(left) >= 3,
                '/' => parts_numbers(left, &right[width..]),
                '+' => count_digits(left) >= 6,
                _ => false,
            };
            if cut {
                whole.push(left);
                start = at + if character == '+' { 0 } else { width };
            }
        }
        whole.push(&part[start..]);
    }
    whole
}

/// A slash stands between area code and number, before an alternative ending, or between numbers.
fn parts_numbers(left: &str, right: &str) -> bool {
    let right_begins = right.trim_start();
    let starts_anew = right_begins.starts_with('+') || right_begins.starts_with('0');
    count_digits(left) >= 7 && starts_anew && count_digits(right) >= 7
}

/// Collects the numbers of one segment; words that say nothing part them.
fn scan(segment: &str, found: &mut Vec<Piece>) {
    let mut rest = segment;
    while let Some(begin) = rest.find(|c: char| c.is_ascii_digit() || "+*#".contains(c)) {
        // A bracket before the first digit belongs to the number.
        let begin = if rest[..begin].ends_with('(') {
            begin - 1
        } else {
            begin
        };
        let tail = &rest[begin..];
        let end = tail
            .find(|c: char| !is_number_character(c))
            .unwrap_or(tail.len());
        let (body, behind) = tail.split_at(end);
        if body.starts_with(['*', '#']) {
            found.push(service(body));
            rest = behind;
            continue;
        }
        if let Some((base, digits)) = hash_extension(body) {
            found.push(piece(base.to_owned(), Some(asked_for(digits))));
            rest = behind;
            continue;
        }
        let (extension, behind) = match word_extension(behind) {
            Some((extension, after)) if count_digits(body) >= 5 => (Some(extension), after),
            _ => (None, skip_word(behind)),
        };
        if count_digits(body) > 0 {
            found.push(piece(without_alternative_ending(body), extension));
        }
        rest = behind;
    }
}

fn is_number_character(character: char) -> bool {
    character.is_ascii_digit() || "+()-./ *#:~".contains(character)
}

/// `*31#0231…` loses its code; everything else with stars stays whole.
fn service(body: &str) -> Piece {
    let compact: String = body.chars().filter(|c| !" ().-/".contains(*c)).collect();
    for code in OWN_NUMBER_CODES {
        if let Some(number) = compact.strip_prefix(code)
            && count_digits(number) == number.trim_start_matches('+').len()
            && number.len() >= 3
        {
            return Piece {
                base: number.to_owned(),
                extension: None,
                code: Code::OwnNumber,
            };
        }
    }
    Piece {
        base: compact,
        extension: None,
        code: Code::Service,
    }
}

/// `0231 123456 #12`
fn hash_extension(body: &str) -> Option<(&str, String)> {
    let (base, extension) = body.split_once('#')?;
    let digits = digits_of(extension);
    (count_digits(base) >= 6 && (1..=7).contains(&digits.len())).then_some((base, digits))
}

/// `DW 12`, `wew. 12`, `x12` right behind a number, and what follows it.
fn word_extension(text: &str) -> Option<(Extension, &str)> {
    let start = text.find(|c: char| !" ,(".contains(c))?;
    let text = &text[start..];
    let word_end = text
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(text.len());
    let word = text[..word_end].to_lowercase();
    let in_dialling = IN_DIALLING.contains(&word.as_str());
    if !in_dialling && !ASKED_FOR.contains(&word.as_str()) {
        return None;
    }
    let behind = text[word_end..].trim_start_matches(|c| " .:-#/".contains(c));
    let end = behind
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(behind.len());
    if !(1..=7).contains(&end) {
        return None;
    }
    let digits = behind[..end].to_owned();
    Some((
        Extension {
            digits,
            in_dialling,
        },
        &behind[end..],
    ))
}

/// Steps over one word, so that the search goes on behind it. Words between numbers need no more.
fn skip_word(text: &str) -> &str {
    let start = text.find(char::is_alphabetic).unwrap_or(0);
    let end = text[start..]
        .find(|c: char| !c.is_alphabetic())
        .map_or(text.len(), |end| start + end);
    let word = text[start..end].to_lowercase();
    if BETWEEN_NUMBERS.contains(&word.as_str()) || end > 0 {
        &text[end..]
    } else {
        let width = text.chars().next().map_or(0, char::len_utf8);
        &text[width..]
    }
}

/// `0231 123456/57` names two ends of one number; only the first is certain.
fn without_alternative_ending(body: &str) -> String {
    if let Some((base, ending)) = body.rsplit_once('/') {
        let digits = digits_of(ending);
        let alternative =
            (1..=3).contains(&digits.len()) && digits.bytes().any(|digit| digit != b'0');
        if count_digits(base) >= 8 && alternative {
            return base.to_owned();
        }
    }
    body.to_owned()
}

/// `1-800-FLOWERS`: letters of the keypad, only behind a freephone code.
fn vanity(segment: &str) -> Option<String> {
    let segment = segment.trim();
    let letters = segment.find(|c: char| c.is_ascii_uppercase())?;
    let (head, tail) = segment.split_at(letters);
    let prefix = digits_of(head);
    let free = [
        "1800", "1888", "1877", "1866", "1855", "1844", "1833", "800", "888", "0800", "0900",
    ];
    let spelt = tail.chars().filter(char::is_ascii_uppercase).count();
    let only_letters = tail
        .chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || " -".contains(c));
    if !free.contains(&prefix.as_str()) || !only_letters || spelt < 3 {
        return None;
    }
    Some(format!(
        "{head}{}",
        tail.chars().map(key_of).collect::<String>()
    ))
}

fn key_of(letter: char) -> char {
    match letter {
        'A'..='C' => '2',
        'D'..='F' => '3',
        'G'..='I' => '4',
        'J'..='L' => '5',
        'M'..='O' => '6',
        'P'..='S' => '7',
        'T'..='V' => '8',
        'W'..='Z' => '9',
        other => other,
    }
}

fn piece(base: String, extension: Option<Extension>) -> Piece {
    Piece {
        base,
        extension,
        code: Code::None,
    }
}

fn asked_for(digits: String) -> Extension {
    Extension {
        digits,
        in_dialling: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bases(text: &str) -> Vec<String> {
        pieces(text)
            .into_iter()
            .map(|piece| digits_of(&piece.base))
            .collect()
    }

    #[test]
    fn two_numbers_in_one_field_are_two() {
        for text in [
            "0231 12 34 56 oder 0171 1234567",
            "0231 123456 / 0171 1234567",
            "0231123456;01711234567",
            "0231 123456, 0171 1234567",
            "0231 123456\n0171 1234567",
            "Büro 0231 123456 mobil 0171 1234567",
        ] {
            assert_eq!(bases(text), ["0231123456", "01711234567"], "{text}");
        }
        assert_eq!(
            bases("+49231123456 +491711234567"),
            ["49231123456", "491711234567"]
        );
    }

    #[test]
    fn a_slash_behind_the_area_code_parts_nothing() {
        assert_eq!(bases("0231/123456"), ["0231123456"]);
        assert_eq!(
            bases("0231/123456/57"),
            ["0231123456"],
            "the other ending is left out"
        );
        assert_eq!(bases("0231/12345-0"), ["0231123450"]);
    }

    #[test]
    fn extension_words_are_no_part_of_the_number() {
        for (text, digits, in_dialling) in [
            ("0231 1234 DW 56", "56", true),
            ("0231 1234 (Durchwahl 56)", "56", true),
            ("22 123 45 67 wew. 12", "12", false),
            ("22 123 45 67 w. 12", "12", false),
            ("8 495 123-45-67 доб. 123", "123", false),
            ("212-555-0123 x45", "45", false),
            ("212-555-0123,,45", "45", false),
            ("212-555-0123 #45", "45", false),
        ] {
            let found = pieces(text);
            assert_eq!(found.len(), 1, "{text} is one number");
            let extension = Extension {
                digits: digits.to_owned(),
                in_dialling,
            };
            assert_eq!(found[0].extension, Some(extension), "{text}");
        }
    }

    #[test]
    fn codes_are_told_from_numbers() {
        let hidden = pieces("*31#0231123456");
        assert_eq!(
            (hidden[0].base.as_str(), hidden[0].code),
            ("0231123456", Code::OwnNumber)
        );
        let diverted = pieces("*21*0231123456#");
        assert_eq!(
            diverted[0].code,
            Code::Service,
            "this would divert the telephone"
        );
    }
}

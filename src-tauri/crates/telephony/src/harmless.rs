//! Names and numbers from outside, made harmless before anybody sees them.

/// Longest name or number that is kept, in characters. A card has no place for more.
const LONGEST: usize = 128;

/// The text without control characters and without those that turn the reading direction or break
/// a line; `None` where nothing is left.
pub(crate) fn harmless(raw: &str) -> Option<String> {
    let kept: String = raw
        .trim()
        .chars()
        .filter(|c| is_harmless(*c))
        .take(LONGEST)
        .collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{061C}'
                | '\u{200B}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{2069}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
        )
}

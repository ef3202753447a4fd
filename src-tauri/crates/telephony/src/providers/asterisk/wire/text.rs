//! Names and numbers from outside, made harmless before anybody sees them.

use crate::harmless::harmless;

/// A name as people wrote it: escapes of the interface undone, control and direction characters gone.
pub fn clean_name(raw: &str) -> Option<String> {
    if raw.contains('\\') {
        clean(&unescape(raw))
    } else {
        clean(raw)
    }
}

/// A number as it was signalled; it is never escaped on the wire.
pub fn clean_number(raw: &str) -> Option<String> {
    clean(raw)
}

fn clean(raw: &str) -> Option<String> {
    if raw.trim() == "<unknown>" {
        return None;
    }
    harmless(raw)
}

/// Undoes `ast_escape_c`: the escapes of C without the numeric ones.
fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('a') => out.push('\u{07}'),
            Some('b') => out.push('\u{08}'),
            Some('f') => out.push('\u{0C}'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('v') => out.push('\u{0B}'),
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_names_read_as_people_wrote_them() {
        assert_eq!(
            clean_name(r"O\'Brien & Co\? \\ \qquoted").as_deref(),
            Some(r"O'Brien & Co? \ qquoted"),
            "escapes belong to the wire, not to the name"
        );
    }

    #[test]
    fn control_and_direction_characters_are_dropped() {
        assert_eq!(
            clean_name("\u{202E}evil\u{7}\\r\\n\u{2066}name").as_deref(),
            Some("evilname"),
            "a name must not turn the line around or break it"
        );
    }

    #[test]
    fn unknown_and_blank_are_no_value() {
        assert_eq!(clean_name("<unknown>"), None, "Asterisk's word for none");
        assert_eq!(clean_number("  "), None, "blank is none");
        assert_eq!(
            clean_name("\\t\\n"),
            None,
            "only control characters is none"
        );
    }

    #[test]
    fn very_long_text_is_cut() {
        let long = "A".repeat(10_000);
        assert_eq!(
            clean_name(&long).map(|name| name.len()),
            Some(128),
            "a card has no place for more"
        );
    }
}

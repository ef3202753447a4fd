//! From what fields, links and clipboards carry to plain characters.
//!
//! Only characters are looked at here; which of them belong to a number is `pieces`' work.

/// Plain digits, spaces, dashes and slashes for every form that scripts and office programs use;
/// invisible characters vanish, other characters stay.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter_map(plain_character).collect()
}

/// A character that no number and no link has: it may end a line of somebody's protocol.
pub(super) fn has_control_characters(text: &str) -> bool {
    text.chars().any(char::is_control)
}

/// Only the digits of a plain text.
pub(super) fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// How many digits a plain text has.
pub(super) fn count_digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

fn plain_character(character: char) -> Option<char> {
    if is_invisible(character) {
        return None;
    }
    Some(match character {
        '\r' | '\n' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        _ if character.is_whitespace() => ' ',
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{2043}'
        | '\u{FE58}'
        | '\u{FE63}'
        | '\u{FF0D}' => '-',
        '\u{FF0B}' | '\u{FE62}' | '\u{207A}' => '+',
        '\u{FF08}' | '[' | '\u{FF3B}' => '(',
        '\u{FF09}' | ']' | '\u{FF3D}' => ')',
        '\u{FF0F}' | '\u{2215}' | '\u{2044}' | '\\' => '/',
        '\u{FF0E}' | '\u{00B7}' | '\u{2022}' | '\u{2024}' => '.',
        '\u{FF0A}' | '\u{2217}' => '*',
        '\u{FF03}' => '#',
        '\u{00D7}' | '\u{2715}' => 'x',
        _ => digit_of(character).unwrap_or(character),
    })
}

/// Direction marks, joiners, soft hyphens and their like; selections in a browser carry them.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// A digit of another script as the ASCII digit of the same value.
fn digit_of(character: char) -> Option<char> {
    const ZEROS: [u32; 6] = [0xFF10, 0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50];
    let code = u32::from(character);
    ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&code))
        .and_then(|zero| char::from_digit(code - zero, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_vanish_and_foreign_digits_become_plain() {
        assert_eq!(
            plain("\u{202A}0231\u{200E} 12\u{AD}34\u{202C}"),
            "0231 1234"
        );
        assert_eq!(plain("＋４９（231）１２"), "+49(231)12");
        assert_eq!(plain("٠٢٣١"), "0231");
        assert_eq!(plain("0231\u{A0}12\u{2013}34"), "0231 12-34");
    }
}

//! Finding contacts by parts of names and numbers.

use ringcard_core::Contact;
use rusqlite::params;

use crate::read::{CONTACT, StoredContact};
use crate::{Error, Mirror, fold, held};

/// So many hits are looked at for each one that is wanted, before the best are put first.
const LOOKED_AT: usize = 4;
/// Fewer digits would find nearly everybody.
const FEWEST_DIGITS: usize = 3;

impl Mirror {
    /// Contacts in which every word of `text` begins some word of name, company, city or e-mail,
    /// or is a part of a number that reaches to any of its ends, or begins the record's id.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Contact>, Error> {
        let Some(condition) = condition(text) else {
            return Ok(Vec::new());
        };
        let reader = held(&self.for_search);
        let sql = format!(
            "{CONTACT} WHERE c.id IN (SELECT rowid FROM search WHERE search MATCH ?1 LIMIT ?2)"
        );
        let mut statement = reader.prepare_cached(&sql)?;
        let looked_at = i64::try_from(limit.saturating_mul(LOOKED_AT)).unwrap_or(i64::MAX);
        let mut found = statement
            .query_map(params![condition, looked_at], StoredContact::of)?
            .map(|row| row.map(|stored| stored.into_contact(&self.place.integration)))
            .collect::<Result<Vec<_>, _>>()?;
        let wanted = fold::sound_of(text);
        found.sort_by_cached_key(|contact| rank(contact, text.trim(), &wanted));
        found.truncate(limit);
        Ok(found)
    }
}

/// The record itself first, then names that begin as was typed, then the alphabet.
fn rank(contact: &Contact, text: &str, wanted: &str) -> (u8, String) {
    let name = fold::sound_of(&contact.name);
    let class = if contact.record.id == text {
        0
    } else if name.starts_with(wanted) {
        1
    } else {
        2
    };
    (class, name)
}

/// The search in the index's language; `None` when nothing is left to search for.
fn condition(text: &str) -> Option<String> {
    let foreign = |c: char| !(c.is_ascii_digit() || "+()-./ ".contains(c));
    if !text.contains(foreign) {
        return number_fragment(text).map(|digits| begins_with(&digits));
    }
    let words: Vec<String> = fold::search_words(text)
        .into_iter()
        .filter(|[plain, _]| !plain.is_empty())
        .map(|[plain, sound]| {
            if plain == sound || sound.is_empty() {
                begins_with(&plain)
            } else {
                format!("({} OR {})", begins_with(&plain), begins_with(&sound))
            }
        })
        .collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

/// Folded words hold letters and digits only, so that nothing in them can leave the quotes.
fn begins_with(word: &str) -> String {
    format!("\"{word}\"*")
}

/// A part of a number in any way of writing: `0231 12-34`, `+49 231`, `1234`.
fn number_fragment(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    (digits.len() >= FEWEST_DIGITS).then(|| digits.to_owned())
}

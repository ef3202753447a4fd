//! Finding contacts by parts of names and numbers.

use ringcard_core::Contact;
use rusqlite::{Connection, params};

use crate::digits::Fragment;
use crate::key::KeyText;
use crate::read::{CONTACT, CONTACT_OF_HIT, StoredContact};
use crate::{Error, Mirror, fold, held};

/// So many hits are looked at for each one that is wanted, before the best are put first.
const LOOKED_AT: usize = 4;
/// Digits that cannot be a number's part for certain are taken for the beginning of a record's id.
const FEWEST_DIGITS_OF_AN_ID: usize = 6;

impl Mirror {
    /// Contacts in which every word of `text` begins some word of name, company, city or e-mail,
    /// or is a part of a number that reaches to any of its ends, or begins the record's id.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Contact>, Error> {
        let reader = held(&self.for_search);
        let looking = Looking {
            reader: &reader,
            most: limit.saturating_mul(LOOKED_AT),
        };
        let is_no_number = |c: char| !(c.is_ascii_digit() || "+()-./ ".contains(c));
        let stored = if text.contains(is_no_number) {
            looking.by_words(text)?
        } else {
            looking.by_digits(text)?
        };
        let mut found: Vec<Contact> = stored
            .into_iter()
            .map(|stored| stored.into_contact(&self.place.integration))
            .collect();
        let wanted = fold::sound_of(text);
        found.sort_by_cached_key(|contact| rank(contact, text.trim(), &wanted));
        found.truncate(limit);
        Ok(found)
    }
}

/// One search in one mirror.
struct Looking<'a> {
    reader: &'a Connection,
    most: usize,
}

impl Looking<'_> {
    fn by_words(&self, text: &str) -> Result<Vec<StoredContact>, Error> {
        let Some(condition) = words_condition(text) else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        self.each_hit(&condition, |contact| {
            found.push(contact);
            Ok(found.len() < self.most)
        })?;
        Ok(found)
    }

    fn by_digits(&self, text: &str) -> Result<Vec<StoredContact>, Error> {
        let Some(fragment) = Fragment::of(text) else {
            return Ok(Vec::new());
        };
        let mut found = self.by_id(&fragment.anywhere)?;
        self.each_hit(&fragment.condition(), |contact| {
            let again = found.iter().any(|known| known.id == contact.id);
            if !again && self.has_number(contact.id, &fragment)? {
                found.push(contact);
            }
            Ok(found.len() < self.most)
        })?;
        Ok(found)
    }

    /// Hands over what the index finds, until the answer is that it is enough.
    fn each_hit(
        &self,
        condition: &str,
        mut take: impl FnMut(StoredContact) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let mut statement = self.reader.prepare_cached(CONTACT_OF_HIT)?;
        let mut rows = statement.query([condition])?;
        while let Some(row) = rows.next()? {
            if !take(StoredContact::of(row)?)? {
                break;
            }
        }
        Ok(())
    }

    fn has_number(&self, id: i64, fragment: &Fragment) -> Result<bool, Error> {
        let mut statement = self
            .reader
            .prepare_cached("SELECT number FROM number_key WHERE contact = ?1 AND basis = 0")?;
        let mut numbers = statement.query([id])?;
        while let Some(row) = numbers.next()? {
            if fragment.is_in(&row.get::<_, KeyText>(0)?.0) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn by_id(&self, digits: &str) -> Result<Vec<StoredContact>, Error> {
        if digits.len() < FEWEST_DIGITS_OF_AN_ID {
            return Ok(Vec::new());
        }
        let sql = format!(
            "{CONTACT} WHERE c.module IN (SELECT id FROM module)
                AND c.record_id >= ?1 AND c.record_id < ?1 || ':' LIMIT ?2"
        );
        let mut statement = self.reader.prepare_cached(&sql)?;
        let most = i64::try_from(self.most).unwrap_or(i64::MAX);
        let found = statement.query_map(params![digits, most], StoredContact::of)?;
        Ok(found.collect::<Result<_, _>>()?)
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
fn words_condition(text: &str) -> Option<String> {
    let words: Vec<String> = fold::search_words(text)
        .into_iter()
        .filter(|[plain, _]| !plain.is_empty())
        .map(|[plain, sound]| one_of(&plain, &sound))
        .collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

/// Folded words hold letters and digits only, so that nothing in them can leave the quotes.
fn one_of(plain: &str, sound: &str) -> String {
    let is_number = plain.bytes().all(|byte| byte.is_ascii_digit());
    let fragment = is_number.then(|| Fragment::of(plain)).flatten();
    match fragment {
        // A whole word: by their beginnings the parts of all numbers would come along.
        Some(fragment) => format!("(\"{plain}\" OR {})", fragment.condition()),
        None if plain == sound || sound.is_empty() => format!("\"{plain}\"*"),
        None => format!("(\"{plain}\"* OR \"{sound}\"*)"),
    }
}

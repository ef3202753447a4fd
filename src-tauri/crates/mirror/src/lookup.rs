//! Who may be calling: exact numbers first, then switchboards, then the administrator's blocks.

use ringcard_core::number::PhoneNumber;
use ringcard_core::{
    Basis, Contact, CrmRecord, IntegrationId, Match, Matches, NumberBlock, NumberKind, Origin,
    company_behind, settle,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::key::{KeyNumber, KeyText, kind_of};
use crate::read::{CONTACT_OF_KEY, KIND, StoredContact, find};
use crate::write::{EXACT, STEM};
use crate::{Error, Mirror, held, state};

/// More contacts with one number than anybody will read; a placeholder number has thousands.
const MOST_MATCHES: i64 = 200;

/// A stem is at most four digits shorter than a number behind it, or as long as the number.
const BEGINNINGS: usize = 5;

/// What is known beside the mirror.
#[derive(Clone, Copy, Debug, Default)]
pub struct LookupContext<'a> {
    /// The record that the agent chose for this number before.
    pub chosen_before: Option<&'a CrmRecord>,
    /// The blocks that the administrator entered.
    pub blocks: &'a [NumberBlock],
}

impl Mirror {
    /// Everything that the mirror knows about a number, best first.
    pub fn lookup(
        &self,
        number: &PhoneNumber,
        context: &LookupContext<'_>,
    ) -> Result<Matches, Error> {
        let reader = held(&self.for_lookup);
        let view = View::of(&reader)?;
        let look = Look {
            reader: view.reader,
            integration: &self.place.integration,
        };
        let mut found = look.exact(number)?;
        if found.is_empty() {
            found = look.by_stem(number)?;
            found.extend(look.by_block(number, context.blocks)?);
        }
        let standing = state::standing(view.reader)?;
        Ok(Matches {
            found: settle(found, context.chosen_before),
            as_of: standing.as_of,
            among: standing.among,
            still_filling: standing.still_filling,
        })
    }
}

/// One state of the file for all questions of a lookup. It also locks the file once instead of
/// once a question, and locks are what a warm lookup would spend most of its time on.
struct View<'a> {
    reader: &'a Connection,
}

impl<'a> View<'a> {
    fn of(reader: &'a Connection) -> Result<Self, Error> {
        reader.prepare_cached("BEGIN")?.execute([])?;
        Ok(Self { reader })
    }
}

impl Drop for View<'_> {
    fn drop(&mut self) {
        let end = |sql| self.reader.prepare_cached(sql)?.execute([]);
        // Nothing was written, so that ending can only fail where the file itself does.
        if end("COMMIT").is_err() {
            let _ = end("ROLLBACK");
        }
    }
}

/// One look into one mirror.
struct Look<'a> {
    reader: &'a Connection,
    integration: &'a IntegrationId,
}

impl Look<'_> {
    /// Records in which the number stands; a converted lead answers as the contact it became.
    fn exact(&self, number: &PhoneNumber) -> Result<Vec<Match>, Error> {
        let mut matches = Vec::new();
        for (contact, kind) in self.with_key(number.as_str(), EXACT)? {
            let contact = match &contact.converted_to {
                Some(became) => find(self.reader, became)?.unwrap_or(contact),
                None => contact,
            };
            matches.push(a_match(contact, Basis::Exact, Some(kind)));
        }
        Ok(matches)
    }

    /// The company whose switchboard the number begins with; nothing when it could be two.
    fn by_stem(&self, number: &PhoneNumber) -> Result<Vec<Match>, Error> {
        // A stem was proved against the numbering plan when it was stored, and holds for every number
        // that begins with it: asking the plan again would cost more than everything else here.
        let Some(KeyText(stem)) = self.longest_stem(beginnings(number))? else {
            return Ok(Vec::new());
        };
        let found = self.with_key(&stem, STEM)?;
        let kind = found.first().map(|(_, kind)| *kind);
        let contacts: Vec<Contact> = found.into_iter().map(|(contact, _)| contact).collect();
        let Some(company) = company_behind(&contacts) else {
            return Ok(Vec::new());
        };
        let mirrored = find(self.reader, &company.record)?;
        let company = mirrored
            .filter(|record| record.name == company.name)
            .unwrap_or(company);
        Ok(vec![a_match(company, Basis::Stem, kind)])
    }

    /// One question for all beginnings: most unknown callers have none. Of two beginnings of one number
    /// the longer is the greater, as an integer and as a text.
    fn longest_stem(&self, beginnings: [&str; BEGINNINGS]) -> Result<Option<KeyText>, Error> {
        let stem = self
            .reader
            .prepare_cached(
                "SELECT number FROM number_key WHERE basis = 1 AND number IN (?1, ?2, ?3, ?4, ?5)
                 ORDER BY number DESC LIMIT 1",
            )?
            .query_row(beginnings.map(KeyNumber), |row| row.get(0))
            .optional()?;
        Ok(stem)
    }

    fn by_block(&self, number: &PhoneNumber, blocks: &[NumberBlock]) -> Result<Vec<Match>, Error> {
        let mut matches = Vec::new();
        for block in blocks
            .iter()
            .filter(|block| block.record.integration == *self.integration)
        {
            if block.holds(number) {
                let contact =
                    find(self.reader, &block.record)?.unwrap_or_else(|| block.as_contact());
                matches.push(a_match(contact, Basis::Block, None));
            }
        }
        Ok(matches)
    }

    fn with_key(&self, key: &str, basis: i64) -> Result<Vec<(Contact, NumberKind)>, Error> {
        let mut statement = self.reader.prepare_cached(CONTACT_OF_KEY)?;
        let rows = statement.query_map(params![KeyNumber(key), basis, MOST_MATCHES], |row| {
            Ok((
                StoredContact::of(row)?.into_contact(self.integration),
                kind_of(row.get(KIND)?),
            ))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// The stems that a number may belong to, the longest first.
fn beginnings(number: &PhoneNumber) -> [&str; BEGINNINGS] {
    let whole = number.as_str();
    std::array::from_fn(|behind| {
        let end = whole.len().checked_sub(behind);
        end.and_then(|end| whole.get(..end)).unwrap_or(whole)
    })
}

fn a_match(contact: Contact, basis: Basis, number_kind: Option<NumberKind>) -> Match {
    Match {
        contact,
        basis,
        origin: Origin::Mirror,
        number_kind,
        chosen_before: false,
    }
}

//! A row of the contact table as the contact that it was.

use ringcard_core::{Contact, ContactNumber, CrmRecord, IntegrationId, OptOut, Owner, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{Error, Mirror, held};

macro_rules! contact_columns {
    () => {
        "c.id, m.name, c.record_id, c.name, c.company, c.account_module, c.account_id,
         c.converted_module, c.converted_id, c.numbers, c.email, c.city, c.country, c.owner_id,
         c.owner_name, c.owner_email, c.opt_out_email, c.opt_out_call, c.note, c.modified_at"
    };
}

/// The columns that [`StoredContact::of`] reads, in its order. Conditions name the table `c`.
pub(crate) const CONTACT: &str = concat!(
    "SELECT ",
    contact_columns!(),
    " FROM contact c JOIN module m ON m.id = c.module"
);

/// The contacts of one key, with the kind of the number as one more column, [`KIND`].
pub(crate) const CONTACT_OF_KEY: &str = concat!(
    "SELECT ",
    contact_columns!(),
    ", k.kind FROM number_key k JOIN contact c ON c.id = k.contact
     JOIN module m ON m.id = c.module WHERE k.basis = ?2 AND k.number = ?1 LIMIT ?3"
);

/// The contacts that the word index finds. It leads: asked the other way round, it would have to
/// find everything before the first answer.
pub(crate) const CONTACT_OF_HIT: &str = concat!(
    "SELECT ",
    contact_columns!(),
    " FROM search s CROSS JOIN contact c ON c.id = s.rowid
     CROSS JOIN module m ON m.id = c.module WHERE s.search MATCH ?1"
);

/// The place of the kind in [`CONTACT_OF_KEY`].
pub(crate) const KIND: usize = 20;

/// A contact without its integration, which the whole file shares.
pub(crate) struct StoredContact {
    pub id: i64,
    pub country: Option<String>,
    module: String,
    record_id: String,
    name: String,
    company: Option<String>,
    account: Option<(String, String)>,
    converted_to: Option<(String, String)>,
    numbers: Vec<ContactNumber>,
    email: Option<String>,
    city: Option<String>,
    owner: Option<Owner>,
    opt_out: OptOut,
    note: Option<String>,
    modified_at: Option<Timestamp>,
}

impl StoredContact {
    pub fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let numbers: String = row.get(9)?;
        let owner = row
            .get::<_, Option<String>>(13)?
            .map(|id| -> rusqlite::Result<Owner> {
                Ok(Owner {
                    id,
                    name: row.get(14)?,
                    email: row.get(15)?,
                })
            });
        Ok(Self {
            id: row.get(0)?,
            module: row.get(1)?,
            record_id: row.get(2)?,
            name: row.get(3)?,
            company: row.get(4)?,
            account: row.get::<_, Option<String>>(5)?.zip(row.get(6)?),
            converted_to: row.get::<_, Option<String>>(7)?.zip(row.get(8)?),
            // What is no JSON was not written by us; the contact is still worth showing.
            numbers: serde_json::from_str(&numbers).unwrap_or_default(),
            email: row.get(10)?,
            city: row.get(11)?,
            country: row.get(12)?,
            owner: owner.transpose()?,
            opt_out: OptOut {
                email: row.get(16)?,
                call: row.get(17)?,
            },
            note: row.get(18)?,
            modified_at: row.get::<_, Option<i64>>(19)?.map(Timestamp),
        })
    }

    pub fn into_contact(self, integration: &IntegrationId) -> Contact {
        let record = |(module, id)| CrmRecord {
            integration: integration.clone(),
            module,
            id,
        };
        Contact {
            record: record((self.module, self.record_id)),
            name: self.name,
            company: self.company,
            account: self.account.map(record),
            converted_to: self.converted_to.map(record),
            numbers: self.numbers,
            email: self.email,
            city: self.city,
            country: self.country,
            owner: self.owner,
            opt_out: self.opt_out,
            note: self.note,
            modified_at: self.modified_at,
        }
    }

    /// Is this the same contact with the same contents?
    pub fn is(&self, contact: &Contact) -> bool {
        let same_record = |stored: &Option<(String, String)>, other: &Option<CrmRecord>| {
            let stored = stored.as_ref().map(|(module, id)| (module, id));
            stored == other.as_ref().map(|record| (&record.module, &record.id))
        };
        same_record(&self.account, &contact.account)
            && same_record(&self.converted_to, &contact.converted_to)
            && self.name == contact.name
            && self.company == contact.company
            && self.numbers == contact.numbers
            && self.email == contact.email
            && self.city == contact.city
            && self.country == contact.country
            && self.owner == contact.owner
            && self.opt_out == contact.opt_out
            && self.note == contact.note
            && self.modified_at == contact.modified_at
    }
}

impl Mirror {
    /// One contact by its place in the CRM.
    pub fn contact(&self, record: &CrmRecord) -> Result<Option<Contact>, Error> {
        if record.integration != self.place.integration {
            return Ok(None);
        }
        find(&held(&self.for_search), record)
    }
}

/// Reads one contact by its record.
pub(crate) fn find(connection: &Connection, record: &CrmRecord) -> Result<Option<Contact>, Error> {
    let sql = format!("{CONTACT} WHERE m.name = ?1 AND c.record_id = ?2");
    let found = connection
        .prepare_cached(&sql)?
        .query_row([&record.module, &record.id], StoredContact::of)
        .optional()?;
    Ok(found.map(|stored| stored.into_contact(&record.integration)))
}

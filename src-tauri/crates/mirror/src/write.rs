//! One contact into its row, its keys and its words, and out of them again.

use ringcard_core::number::{Key, PhoneNumber, Region, describe, format_for_people, stored_keys};
use ringcard_core::{Basis, Contact, CrmRecord};
use rusqlite::{Connection, OptionalExtension, Params, params};

use crate::read::{CONTACT, StoredContact, kind_name};
use crate::state::ModuleRow;
use crate::{Error, Mirror, fold};

/// What writing a contact did.
pub(crate) enum Written {
    New,
    Changed,
    Same,
}

/// An exact key in its table.
pub(crate) const EXACT: i64 = 0;
/// A stem in its table.
pub(crate) const STEM: i64 = 1;

impl Mirror {
    /// Reads every number again whose record has no country of its own, as numbers of `region`.
    /// Does nothing when the mirror is read so already. Lookups answer by the old keys until all
    /// are made anew; a kill in between leaves the old ones.
    pub fn rekey(&self, region: Region) -> Result<(), Error> {
        if self.region()? == region {
            return Ok(());
        }
        let mut writer = self.write();
        let transaction = writer.transaction()?;
        transaction.execute(
            "UPDATE setting SET value = ?1 WHERE name = 'region'",
            [region.code()],
        )?;
        let mut last = 0;
        loop {
            let batch = contacts_behind(&transaction, last)?;
            let Some((id, _)) = batch.last() else { break };
            last = *id;
            for (id, contact) in &batch {
                write_keys(&transaction, (*id, region), contact)?;
            }
        }
        transaction.commit()?;
        Ok(())
    }
}

/// Stores one contact under the module's current generation.
pub(crate) fn upsert(
    connection: &Connection,
    (module, region): (&ModuleRow, Region),
    contact: &Contact,
) -> Result<Written, Error> {
    let sql = format!("{CONTACT} WHERE c.module = ?1 AND c.record_id = ?2");
    let before = connection
        .prepare_cached(&sql)?
        .query_row(params![module.id, contact.record.id], StoredContact::of)
        .optional()?;
    let Some(before) = before else {
        let id = insert(connection, module, contact)?;
        write_keys(connection, (id, region), contact)?;
        write_words(connection, id, contact)?;
        rekey_members(connection, &contact.record, region)?;
        return Ok(Written::New);
    };
    if before.is(contact) {
        connection
            .prepare_cached("UPDATE contact SET generation = ?2 WHERE id = ?1")?
            .execute(params![before.id, module.generation])?;
        return Ok(Written::Same);
    }
    update(connection, (before.id, module.generation), contact)?;
    write_keys(connection, (before.id, region), contact)?;
    write_words(connection, before.id, contact)?;
    if before.country != contact.country {
        rekey_members(connection, &contact.record, region)?;
    }
    Ok(Written::Changed)
}

/// Removes one record; returns how many there were: one or none.
pub(crate) fn delete_by_record(
    connection: &Connection,
    module: i64,
    record_id: &str,
) -> Result<u64, Error> {
    delete_where(
        connection,
        "module = ?1 AND record_id = ?2",
        params![module, record_id],
    )
}

/// Removes the contacts that a condition on their table names, with all that belongs to them.
///
/// Contacts of a removed account keep the country that it told: it is still true.
pub(crate) fn delete_where(
    connection: &Connection,
    condition: &str,
    values: impl Params + Copy,
) -> Result<u64, Error> {
    let which = format!("(SELECT id FROM contact WHERE {condition})");
    for (table, column) in [("number_key", "contact"), ("search", "rowid")] {
        let sql = format!("DELETE FROM {table} WHERE {column} IN {which}");
        connection.prepare_cached(&sql)?.execute(values)?;
    }
    let sql = format!("DELETE FROM contact WHERE {condition}");
    let deleted = connection.prepare_cached(&sql)?.execute(values)?;
    Ok(deleted as u64)
}

fn insert(connection: &Connection, module: &ModuleRow, contact: &Contact) -> Result<i64, Error> {
    connection
        .prepare_cached("INSERT INTO contact (module, record_id, generation, name, numbers, opt_out_email, opt_out_call) VALUES (?1, ?2, ?3, '', '[]', 0, 0)")?
        .execute(params![module.id, contact.record.id, module.generation])?;
    let id = connection.last_insert_rowid();
    update(connection, (id, module.generation), contact)?;
    Ok(id)
}

fn update(
    connection: &Connection,
    (id, generation): (i64, i64),
    contact: &Contact,
) -> Result<(), Error> {
    let numbers = serde_json::to_string(&contact.numbers)
        .expect("numbers are texts and unit variants, which JSON can always hold");
    let owner = contact.owner.as_ref();
    let parts = |record: &Option<CrmRecord>| {
        record
            .as_ref()
            .map(|record| (record.module.clone(), record.id.clone()))
            .unzip()
    };
    let (account_module, account_id): (Option<String>, Option<String>) = parts(&contact.account);
    let (converted_module, converted_id): (Option<String>, Option<String>) =
        parts(&contact.converted_to);
    connection
        .prepare_cached(
            "UPDATE contact SET generation = ?2, name = ?3, company = ?4, account_module = ?5,
                account_id = ?6, converted_module = ?7, converted_id = ?8, numbers = ?9,
                email = ?10, city = ?11, country = ?12, owner_id = ?13, owner_name = ?14,
                owner_email = ?15, opt_out_email = ?16, opt_out_call = ?17, note = ?18,
                modified_at = ?19
             WHERE id = ?1",
        )?
        .execute(params![
            id,
            generation,
            contact.name,
            contact.company,
            account_module,
            account_id,
            converted_module,
            converted_id,
            numbers,
            contact.email,
            contact.city,
            contact.country,
            owner.map(|owner| &owner.id),
            owner.map(|owner| &owner.name),
            owner.and_then(|owner| owner.email.as_ref()),
            contact.opt_out.email,
            contact.opt_out.call,
            contact.note,
            contact.modified_at.map(|at| at.0),
        ])?;
    Ok(())
}

/// Makes the keys of a contact anew: its own country decides, else its account's, else `region`.
fn write_keys(
    connection: &Connection,
    (id, region): (i64, Region),
    contact: &Contact,
) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM number_key WHERE contact = ?1")?
        .execute([id])?;
    let region = match contact.country.as_deref().and_then(Region::from_words) {
        Some(own) => own,
        None => country_of_account(connection, contact)?.unwrap_or(region),
    };
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO number_key (number, basis, contact, kind) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for number in &contact.numbers {
        for Key {
            number: key, basis, ..
        } in stored_keys(&number.raw, region)
        {
            let basis = if basis == Basis::Stem { STEM } else { EXACT };
            insert.execute(params![key.as_str(), basis, id, kind_name(number.kind)])?;
        }
    }
    Ok(())
}

fn country_of_account(connection: &Connection, contact: &Contact) -> Result<Option<Region>, Error> {
    let Some(account) = &contact.account else {
        return Ok(None);
    };
    let country: Option<Option<String>> = connection
        .prepare_cached(
            "SELECT c.country FROM contact c JOIN module m ON m.id = c.module
             WHERE m.name = ?1 AND c.record_id = ?2",
        )?
        .query_row([&account.module, &account.id], |row| row.get(0))
        .optional()?;
    Ok(country.flatten().as_deref().and_then(Region::from_words))
}

/// An account that arrives or moves tells the country of its contacts that have none.
fn rekey_members(
    connection: &Connection,
    account: &CrmRecord,
    region: Region,
) -> Result<(), Error> {
    let sql = format!("{CONTACT} WHERE c.account_id = ?1 AND c.account_module = ?2");
    let mut statement = connection.prepare_cached(&sql)?;
    let members = statement
        .query_map([&account.id, &account.module], StoredContact::of)?
        .collect::<Result<Vec<_>, _>>()?;
    for member in members
        .into_iter()
        .filter(|member| member.country.is_none())
    {
        let id = member.id;
        write_keys(
            connection,
            (id, region),
            &member.into_contact(&account.integration),
        )?;
    }
    Ok(())
}

/// A batch of contacts in the order of their rows; the integration does not matter for keys.
fn contacts_behind(connection: &Connection, last: i64) -> Result<Vec<(i64, Contact)>, Error> {
    let sql = format!("{CONTACT} WHERE c.id > ?1 ORDER BY c.id LIMIT 1000");
    let mut statement = connection.prepare_cached(&sql)?;
    let nowhere = ringcard_core::IntegrationId::new("");
    let batch = statement
        .query_map([last], StoredContact::of)?
        .map(|row| row.map(|stored| (stored.id, stored.into_contact(&nowhere))))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(batch)
}

/// The words that a contact is found by: name, company, place, address, record id, and every end
/// of its numbers, so that the last digits find it as well as the first.
fn write_words(connection: &Connection, id: i64, contact: &Contact) -> Result<(), Error> {
    let mut words = String::new();
    let texts = [
        Some(&contact.name),
        contact.company.as_ref(),
        contact.city.as_ref(),
        contact.email.as_ref(),
    ];
    for text in texts.into_iter().flatten() {
        fold::index_words(text, &mut words);
    }
    words.push_str(&contact.record.id);
    let mut keys = connection
        .prepare_cached("SELECT number FROM number_key WHERE contact = ?1 AND basis = ?2")?;
    let numbers = keys
        .query_map([id, EXACT], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    for number in numbers {
        index_digits(&number, &mut words);
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO search (rowid, words) VALUES (?1, ?2)")?
        .execute(params![id, words])?;
    Ok(())
}

fn index_digits(number: &str, words: &mut String) {
    const FEWEST: usize = 3;
    let digits = number.trim_start_matches('+');
    for start in 0..=digits.len().saturating_sub(FEWEST) {
        words.push(' ');
        words.push_str(&digits[start..]);
    }
    let global = PhoneNumber::Global(number.to_owned());
    if let Some(region) = describe(&global).and_then(|origin| origin.region) {
        let national = format_for_people(&global, region);
        words.push(' ');
        words.extend(national.chars().filter(char::is_ascii_digit));
    }
}

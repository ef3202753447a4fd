//! One contact into its row, its keys and its words, and out of them again.

use ringcard_core::number::{DialRules, Key, Region, stored_keys_by};
use ringcard_core::{Basis, Contact, CrmRecord};
use rusqlite::{Connection, OptionalExtension, Params, params};

use crate::key::{KeyNumber, stored_kind};
use crate::read::{CONTACT, StoredContact};
use crate::state::ModuleRow;
use crate::{Error, Mirror, Numbering, digits, fold};

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
    /// Reads every number again as `numbering` says, where its record does not say it itself.
    /// Does nothing when the mirror is read so already. Lookups answer by the old keys until all
    /// are made anew; a kill in between leaves the old ones.
    pub fn rekey(&self, numbering: impl Into<Numbering>) -> Result<(), Error> {
        let numbering = numbering.into();
        if self.numbering()? == numbering {
            return Ok(());
        }
        let mut writer = self.write();
        let transaction = writer.transaction()?;
        let region = numbering.region.code();
        let area_code = numbering.area_code.clone().unwrap_or_default();
        for (name, value) in [("region", region), ("area_code", area_code)] {
            transaction.execute(
                "INSERT INTO setting (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = ?2",
                [name, &value],
            )?;
        }
        let mut last = 0;
        loop {
            let batch = contacts_behind(&transaction, last)?;
            let Some((id, _)) = batch.last() else { break };
            last = *id;
            for (id, contact) in &batch {
                renew_keys(&transaction, (*id, &numbering), contact)?;
            }
        }
        transaction.commit()?;
        Ok(())
    }
}

/// Stores one contact under the module's current generation.
pub(crate) fn upsert(
    connection: &Connection,
    (module, numbering): (&ModuleRow, &Numbering),
    contact: &Contact,
) -> Result<Written, Error> {
    let sql = format!("{CONTACT} WHERE c.module = ?1 AND c.record_id = ?2");
    let before = connection
        .prepare_cached(&sql)?
        .query_row(params![module.id, contact.record.id], StoredContact::of)
        .optional()?;
    let Some(before) = before else {
        store(connection, module, contact)?;
        let id = connection.last_insert_rowid();
        let numbers = add_keys(connection, (id, numbering), contact)?;
        add_words(connection, id, (contact, &numbers))?;
        rekey_members(connection, &contact.record, numbering)?;
        return Ok(Written::New);
    };
    if before.is(contact) {
        connection
            .prepare_cached("UPDATE contact SET generation = ?2 WHERE id = ?1")?
            .execute(params![before.id, module.generation])?;
        return Ok(Written::Same);
    }
    store(connection, module, contact)?;
    let numbers = renew_keys(connection, (before.id, numbering), contact)?;
    connection
        .prepare_cached("DELETE FROM search WHERE rowid = ?1")?
        .execute([before.id])?;
    add_words(connection, before.id, (contact, &numbers))?;
    if before.country != contact.country {
        rekey_members(connection, &contact.record, numbering)?;
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

/// Writes the row of a contact, whether or not there was one.
fn store(connection: &Connection, module: &ModuleRow, contact: &Contact) -> Result<(), Error> {
    let numbers = serde_json::to_string(&contact.numbers)
        .expect("numbers are texts and unit variants, which JSON can always hold");
    let owner = contact.owner.as_ref();
    let (account, converted) = (contact.account.as_ref(), contact.converted_to.as_ref());
    connection.prepare_cached(STORE)?.execute(params![
        module.id,
        contact.record.id,
        module.generation,
        contact.name,
        contact.company,
        account.map(|record| &record.module),
        account.map(|record| &record.id),
        converted.map(|record| &record.module),
        converted.map(|record| &record.id),
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

const STORE: &str = "
    INSERT INTO contact (module, record_id, generation, name, company, account_module, account_id,
        converted_module, converted_id, numbers, email, city, country, owner_id, owner_name,
        owner_email, opt_out_email, opt_out_call, note, modified_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
        ?20)
    ON CONFLICT (module, record_id) DO UPDATE SET generation = ?3, name = ?4, company = ?5,
        account_module = ?6, account_id = ?7, converted_module = ?8, converted_id = ?9,
        numbers = ?10, email = ?11, city = ?12, country = ?13, owner_id = ?14, owner_name = ?15,
        owner_email = ?16, opt_out_email = ?17, opt_out_call = ?18, note = ?19, modified_at = ?20";

/// Makes the keys of a contact anew.
fn renew_keys(
    connection: &Connection,
    which: (i64, &Numbering),
    contact: &Contact,
) -> Result<Vec<String>, Error> {
    connection
        .prepare_cached("DELETE FROM number_key WHERE contact = ?1")?
        .execute([which.0])?;
    add_keys(connection, which, contact)
}

/// Writes the keys of a contact that has none, and returns its exact numbers: its own country
/// decides, else its account's, else the usual one. The area code is of the usual country only.
fn add_keys(
    connection: &Connection,
    (id, numbering): (i64, &Numbering),
    contact: &Contact,
) -> Result<Vec<String>, Error> {
    let region = match contact.country.as_deref().and_then(Region::from_words) {
        Some(own) => own,
        None => country_of_account(connection, contact)?.unwrap_or(numbering.region),
    };
    let mut rules = DialRules::of(region);
    if region == numbering.region {
        rules.area_code.clone_from(&numbering.area_code);
    }
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO number_key (number, basis, contact, kind) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut numbers: Vec<String> = Vec::new();
    for number in &contact.numbers {
        for Key {
            number: key, basis, ..
        } in stored_keys_by(&number.raw, &rules)
        {
            let stem = basis == Basis::Stem;
            let basis = if stem { STEM } else { EXACT };
            let (key_number, kind) = (KeyNumber(key.as_str()), stored_kind(number.kind));
            insert.execute(params![key_number, basis, id, kind])?;
            if !stem && !numbers.iter().any(|known| known == key.as_str()) {
                numbers.push(key.as_str().to_owned());
            }
        }
    }
    Ok(numbers)
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
    numbering: &Numbering,
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
        renew_keys(
            connection,
            (id, numbering),
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

/// Writes the words that a contact is found by: name, company, place, address, parts of its numbers.
fn add_words(
    connection: &Connection,
    id: i64,
    (contact, numbers): (&Contact, &[String]),
) -> Result<(), Error> {
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
    for number in numbers {
        digits::index(number, &mut words);
    }
    connection
        .prepare_cached("INSERT INTO search (rowid, words) VALUES (?1, ?2)")?
        .execute(params![id, words])?;
    Ok(())
}

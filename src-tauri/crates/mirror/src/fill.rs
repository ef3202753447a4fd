//! Writing what was read: whole modules page by page, deltas at once.
//!
//! A whole reading is a generation. Each page is one transaction with the token of the next page,
//! so that a kill anywhere goes on where it was. What the generation did not see is removed when
//! it ends; until then the old records answer.

use ringcard_core::{Contact, CrmRecord, Timestamp};
use rusqlite::{Connection, params};

use crate::state::{ModuleRow, add_to_records, filling_module, find_module, module_row};
use crate::write::{Written, delete_by_record, delete_where, upsert};
use crate::{Error, Mirror};

/// What a page brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageTally {
    /// Records that were not there before.
    pub new: u64,
    /// Records that differ from what was there.
    pub changed: u64,
}

/// What changed in a module since its cursor.
#[derive(Clone, Copy, Debug)]
pub struct Delta<'a> {
    /// New and changed records.
    pub upserts: &'a [Contact],
    /// Ids of records that are gone.
    pub deleted_ids: &'a [String],
    /// From where the next delta goes on.
    pub cursor: &'a str,
    /// Now.
    pub at: Timestamp,
}

/// What a delta brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeltaTally {
    /// Records that were not there before.
    pub new: u64,
    /// Records that differ from what was there.
    pub changed: u64,
    /// Records that were there and are gone.
    pub deleted: u64,
}

impl Mirror {
    /// Begins to read a module whole. A reading that was under way is given up; to go on with it,
    /// look at [`Mirror::fill_state`] instead.
    pub fn begin_generation(&self, module: &str) -> Result<(), Error> {
        self.write().execute(
            "INSERT INTO module (name, filling, generation) VALUES (?1, 1, 1)
             ON CONFLICT (name) DO UPDATE
             SET filling = 1, generation = generation + 1, page_token = NULL, read = 0",
            [module],
        )?;
        Ok(())
    }

    /// Stores one page of the reading under way, and where the next one begins.
    pub fn upsert_page(
        &self,
        module: &str,
        contacts: &[Contact],
        next_page: Option<&str>,
    ) -> Result<PageTally, Error> {
        let mut writer = self.write();
        let transaction = writer.transaction()?;
        let row = filling_module(&transaction, module)?;
        let tally = self.upsert_all(&transaction, &row, contacts)?;
        transaction.execute(
            "UPDATE module SET page_token = ?2, read = read + ?3 WHERE id = ?1",
            params![row.id, next_page, signed(contacts.len() as u64)],
        )?;
        transaction.commit()?;
        Ok(tally)
    }

    /// Ends the reading: what it did not see is removed. Returns how many records that were.
    pub fn finish_generation(
        &self,
        module: &str,
        cursor: &str,
        at: Timestamp,
    ) -> Result<u64, Error> {
        let mut writer = self.write();
        let transaction = writer.transaction()?;
        let row = filling_module(&transaction, module)?;
        let deleted = delete_where(
            &transaction,
            "module = ?1 AND generation < ?2",
            params![row.id, row.generation],
        )?;
        add_to_records(&transaction, row.id, -signed(deleted))?;
        transaction.execute(
            "UPDATE module SET filling = 0, page_token = NULL, cursor = ?2, synced_at = ?3
             WHERE id = ?1",
            params![row.id, cursor, at.0],
        )?;
        transaction.commit()?;
        Ok(deleted)
    }

    /// Stores what changed since the cursor, deletions included, in one transaction.
    pub fn apply_delta(&self, module: &str, delta: &Delta<'_>) -> Result<DeltaTally, Error> {
        let mut writer = self.write();
        let transaction = writer.transaction()?;
        let row = module_row(&transaction, module)?;
        let PageTally { new, changed } = self.upsert_all(&transaction, &row, delta.upserts)?;
        let mut deleted = 0;
        for id in delta.deleted_ids {
            deleted += delete_by_record(&transaction, row.id, id)?;
        }
        add_to_records(&transaction, row.id, -signed(deleted))?;
        transaction.execute(
            "UPDATE module SET cursor = ?2,
                    synced_at = CASE WHEN filling AND synced_at IS NULL THEN NULL ELSE ?3 END
             WHERE id = ?1",
            params![row.id, delta.cursor, delta.at.0],
        )?;
        transaction.commit()?;
        Ok(DeltaTally {
            new,
            changed,
            deleted,
        })
    }

    /// Removes a module with all its records and its cursor.
    pub fn forget_module(&self, module: &str) -> Result<u64, Error> {
        let mut writer = self.write();
        let Some(row) = find_module(&writer, module)? else {
            return Ok(0);
        };
        writer.pragma_update(None, "secure_delete", true)?;
        let transaction = writer.transaction()?;
        let deleted = delete_where(&transaction, "module = ?1", params![row.id])?;
        transaction.execute("DELETE FROM module WHERE id = ?1", [row.id])?;
        transaction.commit()?;
        erase_traces(&writer)?;
        Ok(deleted)
    }

    /// Erases one record. Returns whether it was there.
    pub fn forget_record(&self, record: &CrmRecord) -> Result<bool, Error> {
        let mut writer = self.write();
        let Some(row) = find_module(&writer, &record.module)? else {
            return Ok(false);
        };
        if record.integration != self.place.integration {
            return Ok(false);
        }
        writer.pragma_update(None, "secure_delete", true)?;
        let transaction = writer.transaction()?;
        let deleted = delete_by_record(&transaction, row.id, &record.id)?;
        add_to_records(&transaction, row.id, -signed(deleted))?;
        transaction.commit()?;
        if deleted > 0 {
            erase_traces(&writer)?;
        }
        Ok(deleted > 0)
    }

    fn upsert_all(
        &self,
        transaction: &Connection,
        row: &ModuleRow,
        contacts: &[Contact],
    ) -> Result<PageTally, Error> {
        let numbering = crate::open::numbering_of(transaction, self.place.region)?;
        let mut tally = PageTally::default();
        for contact in contacts {
            match upsert(transaction, (row, &numbering), contact)? {
                Written::New => tally.new += 1,
                Written::Changed => tally.changed += 1,
                Written::Same => {}
            }
        }
        add_to_records(transaction, row.id, signed(tally.new))?;
        Ok(tally)
    }
}

/// Rewrites the word index without what was removed, and empties the write-ahead log.
fn erase_traces(writer: &Connection) -> Result<(), Error> {
    writer.execute("INSERT INTO search (search) VALUES ('optimize')", [])?;
    writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    writer.pragma_update(None, "secure_delete", false)?;
    Ok(())
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

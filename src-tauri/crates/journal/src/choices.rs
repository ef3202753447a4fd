//! Which record the agent opened for a number that several records have.

use ringcard_core::{CrmRecord, IntegrationId, PhoneNumber, Timestamp};
use rusqlite::{OptionalExtension, params};

use crate::{Error, Journal};

impl Journal {
    /// Remembers the record for a number; the newest choice counts.
    pub fn choose(
        &self,
        number: &PhoneNumber,
        record: &CrmRecord,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.connection.execute(
            "INSERT INTO choice (number, integration, module, record, chosen_at)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (number) DO UPDATE
             SET integration = ?2, module = ?3, record = ?4, chosen_at = ?5",
            params![
                number.as_str(),
                record.integration.as_str(),
                record.module,
                record.id,
                at.0
            ],
        )?;
        Ok(())
    }

    /// The record that was chosen for a number before.
    pub fn chosen(&self, number: &PhoneNumber) -> Result<Option<CrmRecord>, Error> {
        let found = self
            .connection
            .prepare_cached("SELECT integration, module, record FROM choice WHERE number = ?1")?
            .query_row([number.as_str()], |row| {
                Ok(CrmRecord {
                    integration: IntegrationId::new(row.get::<_, String>(0)?),
                    module: row.get(1)?,
                    id: row.get(2)?,
                })
            })
            .optional()?;
        Ok(found)
    }
}

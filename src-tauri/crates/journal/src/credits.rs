//! What reading and writing cost at a CRM: the ledger by the hour.

use ringcard_core::{IntegrationId, Timestamp};
use rusqlite::params;

use crate::{Error, Journal};

const HOUR: i64 = 3_600_000;

impl Journal {
    /// Counts requests and credits.
    pub fn spend(
        &self,
        integration: &IntegrationId,
        at: Timestamp,
        (calls, credits): (u32, u32),
    ) -> Result<(), Error> {
        self.connection.execute(
            "INSERT INTO credit (integration, hour, calls, credits) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (integration, hour) DO UPDATE
             SET calls = calls + ?3, credits = credits + ?4",
            params![integration.as_str(), at.0.div_euclid(HOUR), calls, credits],
        )?;
        Ok(())
    }

    /// Credits used in the 24 hours before `now`; whole hours, never less than the truth.
    pub fn spent_in_a_day(
        &self,
        integration: &IntegrationId,
        now: Timestamp,
    ) -> Result<u32, Error> {
        let since = now.0.div_euclid(HOUR) - 24;
        let credits = self.connection.query_row(
            "SELECT coalesce(sum(credits), 0) FROM credit WHERE integration = ?1 AND hour >= ?2",
            params![integration.as_str(), since],
            |row| row.get(0),
        )?;
        Ok(credits)
    }
}

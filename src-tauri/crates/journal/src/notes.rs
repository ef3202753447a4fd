//! What the agent wrote about a call.

use std::collections::BTreeMap;

use ringcard_core::{CallId, Timestamp};
use rusqlite::{OptionalExtension, params};

use crate::{Error, Journal};

impl Journal {
    /// Keeps the note of a call; an empty one is deleted.
    pub fn keep_note(&self, call: CallId, text: &str, at: Timestamp) -> Result<(), Error> {
        let call = call.to_string();
        if text.is_empty() {
            self.connection
                .execute("DELETE FROM note WHERE call = ?1", [call])?;
            return Ok(());
        }
        self.connection.execute(
            "INSERT INTO note (call, text, changed_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (call) DO UPDATE SET text = ?2, changed_at = ?3",
            params![call, text, at.0],
        )?;
        Ok(())
    }

    /// The note of a call.
    pub fn note(&self, call: CallId) -> Result<Option<String>, Error> {
        let found = self
            .connection
            .prepare_cached("SELECT text FROM note WHERE call = ?1")?
            .query_row([call.to_string()], |row| row.get(0))
            .optional()?;
        Ok(found)
    }

    /// The notes of the calls that were open when last heard of.
    pub fn open_notes(&self) -> Result<BTreeMap<CallId, String>, Error> {
        let mut rows = self.connection.prepare_cached(
            "SELECT call, text FROM note WHERE call IN (SELECT id FROM open_call)",
        )?;
        let found = rows.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let mut notes = BTreeMap::new();
        for row in found {
            let (call, text) = row?;
            notes.extend(CallId::parse(&call).map(|call| (call, text)));
        }
        Ok(notes)
    }
}

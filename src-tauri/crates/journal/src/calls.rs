//! Open calls, so that a restart adopts them, and the history of those that ended.

use ringcard_core::{
    Call, CallId, CallState, Direction, EndReason, LineId, Party, PhoneNumber, Timestamp,
};
use rusqlite::{OptionalExtension, Row, params};

use crate::{Error, ErrorKind, Journal};

/// One ended call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The call.
    pub id: CallId,
    /// The line.
    pub line: LineId,
    /// Which way.
    pub direction: Direction,
    /// How it ended.
    pub reason: EndReason,
    /// The queue or group.
    pub queue: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When the talk began.
    pub answered_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Timestamp,
    /// Everybody who was at the other end, without their names.
    pub parties: Vec<Party>,
}

impl Journal {
    /// Keeps an open call as it is now.
    pub fn keep_open(&self, call: &Call) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT INTO open_call (id, line, call) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET line = ?2, call = ?3",
            )?
            .execute(params![
                call.id.to_string(),
                call.line.as_str(),
                serde_json::to_string(&nameless(call))?
            ])?;
        Ok(())
    }

    /// The calls that were open when last heard of, oldest first. A row that this version cannot
    /// read is left where it is and not told.
    pub fn open_calls(&self) -> Result<Vec<Call>, Error> {
        let mut rows = self
            .connection
            .prepare_cached("SELECT call FROM open_call ORDER BY id")?;
        let texts = rows.query_map([], |row| row.get::<_, String>(0))?;
        let mut calls = Vec::new();
        for text in texts {
            if let Ok(call) = serde_json::from_str(&text?) {
                calls.push(call);
            }
        }
        Ok(calls)
    }

    /// Moves an ended call to the history, once. `number` is what its last party is found by.
    pub fn close(&mut self, call: &Call, number: Option<&PhoneNumber>) -> Result<(), Error> {
        let CallState::Ended { reason } = call.state else {
            return self.keep_open(call);
        };
        let call = nameless(call);
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO history (id, line, correlation, direction, reason, number, queue,
                                  started_at, answered_at, ended_at, parties)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (id) DO NOTHING",
            params![
                call.id.to_string(),
                call.line.as_str(),
                call.correlation.as_str(),
                word(&call.direction)?,
                word(&reason)?,
                number.map(PhoneNumber::as_str),
                call.queue.as_ref().map(|queue| queue.as_str()),
                call.started_at.0,
                call.answered_at.map(|at| at.0),
                call.ended_at.unwrap_or(call.started_at).0,
                serde_json::to_string(&call.parties)?,
            ],
        )?;
        transaction.execute("DELETE FROM open_call WHERE id = ?1", [call.id.to_string()])?;
        transaction.commit()?;
        Ok(())
    }

    /// The last ended call with a number.
    pub fn last_with(&self, number: &PhoneNumber) -> Result<Option<HistoryEntry>, Error> {
        let mut rows = self.connection.prepare_cached(&format!(
            "{SELECT} WHERE number = ?1 ORDER BY started_at DESC LIMIT 1"
        ))?;
        let found = rows.query_row([number.as_str()], entry).optional()?;
        found.transpose()
    }

    /// The newest ended calls.
    pub fn history(&self, limit: u32) -> Result<Vec<HistoryEntry>, Error> {
        let mut rows = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY started_at DESC LIMIT ?1"))?;
        rows.query_map([limit], entry)?
            .map(|row| row.map_err(Error::from)?)
            .collect()
    }

    /// Forgets history that began before `before`.
    pub fn expire(&self, before: Timestamp) -> Result<usize, Error> {
        let gone = self
            .connection
            .execute("DELETE FROM history WHERE started_at < ?1", [before.0])?;
        self.connection.execute(
            "DELETE FROM note WHERE changed_at < ?1
             AND call NOT IN (SELECT id FROM history UNION SELECT id FROM open_call)",
            [before.0],
        )?;
        Ok(gone)
    }
}

const SELECT: &str = "SELECT id, line, direction, reason, queue, started_at, answered_at, ended_at,
                             parties FROM history";

/// Names are not kept: at display they come from the mirror.
fn nameless(call: &Call) -> Call {
    let mut call = call.clone();
    let parties = call.parties.iter_mut();
    for party in parties
        .chain(Some(&mut call.remote.party))
        .chain(&mut call.diverter)
    {
        party.name = None;
    }
    call
}

fn word<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(word) => Ok(word),
        _ => Err(Error::new(ErrorKind::Damaged)),
    }
}

fn from_word<T: serde::de::DeserializeOwned>(word: String) -> Result<T, Error> {
    Ok(serde_json::from_value(serde_json::Value::String(word))?)
}

/// The outer result is SQLite's, the inner one says whether the row makes sense.
fn entry(row: &Row<'_>) -> rusqlite::Result<Result<HistoryEntry, Error>> {
    let id: String = row.get(0)?;
    let (direction, reason): (String, String) = (row.get(2)?, row.get(3)?);
    let parties: String = row.get(8)?;
    let line: String = row.get(1)?;
    let times: (i64, Option<i64>, i64) = (row.get(5)?, row.get(6)?, row.get(7)?);
    let queue = row.get(4)?;
    Ok((|| {
        Ok(HistoryEntry {
            id: CallId::parse(&id).ok_or(Error::new(ErrorKind::Damaged))?,
            line: LineId::new(line),
            direction: from_word(direction)?,
            reason: from_word(reason)?,
            queue,
            started_at: Timestamp(times.0),
            answered_at: times.1.map(Timestamp),
            ended_at: Timestamp(times.2),
            parties: serde_json::from_str(&parties)?,
        })
    })())
}

//! How far the mirror agrees with the CRM: account, modules, cursors; and what the CRM told of itself.

use ringcard_core::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Error, ErrorKind, Mirror, held};

/// How far the reading of one module has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FillState {
    /// Nothing was read yet.
    NotStarted,
    /// A whole reading is under way, for the first time or anew.
    Filling {
        /// The page to go on with; `None` is the first, or the last when something was read.
        page_token: Option<String>,
        /// Records read so far in this reading.
        read: u64,
    },
    /// Whole, and agreeing with the CRM at this time.
    Filled {
        /// When it last agreed.
        at: Timestamp,
    },
}

/// What every answer of a lookup says about the mirror as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    pub as_of: Option<Timestamp>,
    pub among: u64,
    pub still_filling: bool,
}

/// A module as it stands in its table.
pub(crate) struct ModuleRow {
    pub id: i64,
    pub generation: i64,
    pub filling: bool,
}

impl Mirror {
    /// What was stored with [`Mirror::set_account`]: whose data this is.
    pub fn account(&self) -> Result<Option<String>, Error> {
        self.setting("account")
    }

    /// Remembers whose data this is, as text of the caller's own form.
    pub fn set_account(&self, account: &str) -> Result<(), Error> {
        self.set_setting("account", account)
    }

    /// What was stored with [`Mirror::set_about`]: what the CRM told of itself.
    pub fn about(&self) -> Result<Option<String>, Error> {
        self.setting("about")
    }

    /// Remembers what the CRM told of itself, as text of the caller's own form.
    pub fn set_about(&self, about: &str) -> Result<(), Error> {
        self.set_setting("about", about)
    }

    fn setting(&self, name: &str) -> Result<Option<String>, Error> {
        let found = held(&self.for_search)
            .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        Ok(found)
    }

    fn set_setting(&self, name: &str, value: &str) -> Result<(), Error> {
        self.write().execute(
            "INSERT INTO setting (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, value],
        )?;
        Ok(())
    }

    /// The modules that are mirrored, in the order in which they were named first.
    pub fn modules(&self) -> Result<Vec<String>, Error> {
        let reader = held(&self.for_search);
        let mut statement = reader.prepare_cached("SELECT name FROM module ORDER BY id")?;
        let names = statement.query_map([], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// Names the modules that shall be mirrored. Others are forgotten with all their records; new
    /// ones count as "still filling" from now on. Returns how many records were forgotten.
    pub fn keep_modules(&self, names: &[&str]) -> Result<u64, Error> {
        let mut forgotten = 0;
        for module in self.modules()? {
            if !names.contains(&module.as_str()) {
                forgotten += self.forget_module(&module)?;
            }
        }
        let mut writer = self.write();
        let transaction = writer.transaction()?;
        for name in names {
            transaction.execute("INSERT OR IGNORE INTO module (name) VALUES (?1)", [name])?;
        }
        transaction.commit()?;
        Ok(forgotten)
    }

    /// From where the next delta of a module goes on.
    pub fn cursor(&self, module: &str) -> Result<Option<String>, Error> {
        let cursor = held(&self.for_search)
            .prepare_cached("SELECT cursor FROM module WHERE name = ?1")?
            .query_row([module], |row| row.get(0))
            .optional()?;
        Ok(cursor.flatten())
    }

    /// How far the reading of a module has come.
    pub fn fill_state(&self, module: &str) -> Result<FillState, Error> {
        let state = held(&self.for_search)
            .prepare_cached(
                "SELECT filling, page_token, read, synced_at FROM module WHERE name = ?1",
            )?
            .query_row([module], |row| {
                Ok(match (row.get(0)?, row.get::<_, Option<i64>>(3)?) {
                    (true, _) => FillState::Filling {
                        page_token: row.get(1)?,
                        read: row.get::<_, i64>(2)?.unsigned_abs(),
                    },
                    (false, Some(at)) => FillState::Filled { at: Timestamp(at) },
                    (false, None) => FillState::NotStarted,
                })
            })
            .optional()?;
        Ok(state.unwrap_or(FillState::NotStarted))
    }

    /// When all modules that were ever read whole last agreed with the CRM: the oldest counts.
    pub fn as_of(&self) -> Result<Option<Timestamp>, Error> {
        Ok(self.standing()?.as_of)
    }

    /// Records in the mirror.
    pub fn count(&self) -> Result<u64, Error> {
        Ok(self.standing()?.among)
    }

    pub(crate) fn standing(&self) -> Result<Standing, Error> {
        standing(&held(&self.for_search))
    }
}

pub(crate) fn standing(connection: &Connection) -> Result<Standing, Error> {
    let standing = connection
        .prepare_cached(
            "SELECT min(synced_at), coalesce(sum(records), 0),
                    count(*) = 0 OR count(synced_at) < count(*)
             FROM module",
        )?
        .query_row([], |row| {
            Ok(Standing {
                as_of: row.get::<_, Option<i64>>(0)?.map(Timestamp),
                among: row.get::<_, i64>(1)?.unsigned_abs(),
                still_filling: row.get(2)?,
            })
        })?;
    Ok(standing)
}

/// The row of a module that was begun or named before.
pub(crate) fn module_row(connection: &Connection, name: &str) -> Result<ModuleRow, Error> {
    find_module(connection, name)?.ok_or(Error::new(ErrorKind::WrongOrder))
}

/// The row of a module whose reading is under way.
pub(crate) fn filling_module(connection: &Connection, name: &str) -> Result<ModuleRow, Error> {
    module_row(connection, name).and_then(|row| {
        if row.filling {
            Ok(row)
        } else {
            Err(Error::new(ErrorKind::WrongOrder))
        }
    })
}

pub(crate) fn find_module(connection: &Connection, name: &str) -> Result<Option<ModuleRow>, Error> {
    let row = connection
        .prepare_cached("SELECT id, generation, filling FROM module WHERE name = ?1")?
        .query_row([name], |row| {
            Ok(ModuleRow {
                id: row.get(0)?,
                generation: row.get(1)?,
                filling: row.get(2)?,
            })
        })
        .optional()?;
    Ok(row)
}

/// Keeps the number of records right inside the transaction that changed it.
pub(crate) fn add_to_records(
    connection: &Connection,
    module: i64,
    change: i64,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE module SET records = max(records + ?2, 0) WHERE id = ?1")?
        .execute(params![module, change])?;
    Ok(())
}

//! The migrations: numbered, each in one transaction, never edited once merged.

use rusqlite::Connection;

use crate::Error;

const MIGRATIONS: [&str; 1] = [include_str!("../migrations/0001_contacts.sql")];

/// The number of the newest schema.
pub(crate) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The number of the schema in a file; zero in an empty one.
pub(crate) fn version(connection: &Connection) -> Result<i64, Error> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Brings an older file to the newest schema.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), Error> {
    let current = usize::try_from(version(connection)?).unwrap_or(0);
    for (number, sql) in (1_i64..).zip(MIGRATIONS).skip(current) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_gets_the_newest_schema_and_keeps_it() {
        let mut connection = Connection::open_in_memory().expect("memory");
        for _ in 0..2 {
            migrate(&mut connection).expect("migrates");
            assert_eq!(
                version(&connection),
                Ok(newest()),
                "a second run changes nothing"
            );
        }
    }
}

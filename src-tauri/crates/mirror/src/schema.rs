//! The migrations: numbered, each in one transaction, never edited once merged.

use rusqlite::Connection;

use crate::Error;

const MIGRATIONS: [&str; 2] = [
    include_str!("../migrations/0001_contacts.sql"),
    include_str!("../migrations/0002_short_keys.sql"),
];

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
    use ringcard_core::NumberKind;

    use super::*;
    use crate::key::{KeyNumber, kind_of};

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

    #[test]
    fn keys_of_the_first_schema_are_found_by_the_newest() {
        let mut connection = Connection::open_in_memory().expect("memory");
        connection.execute_batch(MIGRATIONS[0]).expect("first");
        connection
            .pragma_update(None, "user_version", 1)
            .expect("first");
        connection
            .execute_batch(
                "INSERT INTO number_key (basis, number, contact, kind) VALUES
                    (0, '+49231135790', 1, 'mobile'), (1, '+4923113579', 2, 'phone'),
                    (0, '0711', 3, 'other'), (0, '+0711', 4, 'home')",
            )
            .expect("keys");
        migrate(&mut connection).expect("migrates");
        for (number, contact, kind) in [
            ("+49231135790", 1, NumberKind::Mobile),
            ("+4923113579", 2, NumberKind::Phone),
            ("0711", 3, NumberKind::Other),
            ("+0711", 4, NumberKind::Home),
        ] {
            let found = connection.query_row(
                "SELECT contact, kind FROM number_key WHERE number = ?1",
                [KeyNumber(number)],
                |row| Ok((row.get::<_, i64>(0)?, kind_of(row.get(1)?))),
            );
            assert_eq!(found, Ok((contact, kind)), "the key of contact {contact}");
        }
    }
}

//! Opening the file: key, quick check, migrations; a damaged one is moved aside and salvaged.

use std::path::{Path, PathBuf};

use ringcard_core::{Sensitive, Timestamp};
use rusqlite::Connection;

use crate::{Error, ErrorKind, copies};

/// The numbered migrations. Never edited once merged.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_note.sql"),
];

/// Bytes of a page: SQLCipher's default, so that a cut can be told from the file's length.
const PAGE: u64 = 4096;

/// Tables whose rows are saved from a damaged file, with their columns' count left to the row.
const TABLES: &[&str] = &["open_call", "history", "choice", "credit", "note"];

/// The raw key of the file.
pub type JournalKey = Sensitive<[u8; 32]>;

/// What was found at the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// Nothing; a new file was made.
    Fresh,
    /// The journal.
    Existing,
    /// A file that could not be read whole. It lies at `aside`; `salvaged` rows were taken over.
    MovedAside {
        /// Where the damaged file lies now.
        aside: PathBuf,
        /// Rows that could still be read.
        salvaged: u64,
    },
}

/// The journal's file. One writer: the host.
#[derive(Debug)]
pub struct Journal {
    pub(crate) connection: Connection,
}

impl Journal {
    /// Opens the journal, or makes it. `now` names a damaged file that is moved aside.
    pub fn open(path: &Path, key: &JournalKey, now: Timestamp) -> Result<(Self, Opened), Error> {
        if !path.exists() {
            return Ok((Self::ready(path, key)?, Opened::Fresh));
        }
        match Self::ready(path, key) {
            Ok(journal) => Ok((journal, Opened::Existing)),
            Err(error) if error.kind == ErrorKind::Damaged => {
                let aside = move_aside(path, now)?;
                let journal = Self::ready(path, key)?;
                let salvaged = journal.salvage(&aside, key)
                    + copies::take_over(path, key, &journal.connection);
                Ok((journal, Opened::MovedAside { aside, salvaged }))
            }
            Err(error) => Err(error),
        }
    }

    fn ready(path: &Path, key: &JournalKey) -> Result<Self, Error> {
        if is_cut_off(path) {
            return Err(Error::new(ErrorKind::Damaged));
        }
        let connection = unlocked(path, key)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        let verdict: String =
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Err(Error::new(ErrorKind::Damaged));
        }
        let mut journal = Self { connection };
        journal.migrate()?;
        Ok(journal)
    }

    fn migrate(&mut self) -> Result<(), Error> {
        let version: u32 = self
            .connection
            .pragma_query_value(None, "user_version", |row| row.get(0))?;
        let done = version as usize;
        if done > MIGRATIONS.len() {
            // A newer program wrote it; an older one must not guess.
            return Err(Error::new(ErrorKind::NotWritable));
        }
        for (index, sql) in MIGRATIONS.iter().enumerate().skip(done) {
            let transaction = self.connection.transaction()?;
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "user_version", (index + 1) as u32)?;
            transaction.commit()?;
        }
        Ok(())
    }

    /// Takes over, row by row, what can still be read of a damaged file.
    fn salvage(&self, aside: &Path, key: &JournalKey) -> u64 {
        let Ok(damaged) = unlocked(aside, key) else {
            return 0;
        };
        TABLES
            .iter()
            .map(|table| salvage_table(&damaged, &self.connection, table))
            .sum()
    }
}

pub(crate) fn unlocked(path: &Path, key: &JournalKey) -> Result<Connection, Error> {
    let connection = Connection::open(path)?;
    restrict(path)?;
    let hex: String = key
        .expose()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    connection.pragma_update(None, "key", format!("x'{hex}'"))?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    // The first read tells whether key and file belong together.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    Ok(connection)
}

/// SQLite takes a file below one page for an empty one and would begin anew without a word. While
/// a write-ahead log lies beside it, an unfinished page is normal and the log completes it.
fn is_cut_off(path: &Path) -> bool {
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |found| found.len());
    length(&beside(path, "-wal")) == 0 && !length(path).is_multiple_of(PAGE)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

/// Only the user may read the file.
fn restrict(path: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn move_aside(path: &Path, now: Timestamp) -> Result<PathBuf, Error> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".damaged-{}", now.0));
    let aside = path.with_file_name(name);
    std::fs::rename(path, &aside)?;
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::rename(beside(path, suffix), beside(&aside, suffix));
    }
    Ok(aside)
}

pub(crate) fn salvage_table(from: &Connection, to: &Connection, table: &str) -> u64 {
    let Ok(mut rows) = from.prepare(&format!("SELECT * FROM {table}")) else {
        return 0;
    };
    let columns = rows.column_count();
    let marks = vec!["?"; columns].join(",");
    let Ok(mut insert) = to.prepare(&format!("INSERT OR IGNORE INTO {table} VALUES ({marks})"))
    else {
        return 0;
    };
    let Ok(mut found) = rows.query([]) else {
        return 0;
    };
    let mut saved = 0;
    while let Ok(Some(row)) = found.next() {
        let values: Result<Vec<rusqlite::types::Value>, _> =
            (0..columns).map(|column| row.get(column)).collect();
        let Ok(values) = values else { continue };
        saved += insert
            .execute(rusqlite::params_from_iter(values))
            .unwrap_or(0) as u64;
    }
    saved
}

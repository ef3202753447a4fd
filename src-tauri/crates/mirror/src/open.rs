//! Opening the file with its key, and moving aside what cannot be read.

use std::fs;
use std::path::{Path, PathBuf};

use ringcard_core::Sensitive;
use ringcard_core::number::Region;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::{Error, ErrorKind, Mirror, Numbering, Place, schema};

/// What opening found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// There was no file: everything is to be read.
    Fresh,
    /// The mirror as it was left.
    Existing,
    /// The file was none of ours, had another key, came from a newer version or was cut short. It
    /// lies beside the fresh one until the next such accident.
    MovedAside,
}

/// Enough for the keys of a million contacts, beside the contacts that pass through. A smaller mirror
/// takes as much as it is large.
const LOOKUP_CACHE_KIB: i64 = 128 * 1024;
/// Enough for the inner pages of a million contacts.
const OTHER_CACHE_KIB: i64 = 32 * 1024;
const PAGE: u64 = 4096;

impl Mirror {
    /// Opens the mirror at its place, or makes one. A file that cannot be read is moved aside.
    pub fn open(place: &Place) -> Result<(Self, Opened), Error> {
        let existed = place.path.exists();
        if !existed {
            remove_companions(&place.path)?;
        }
        match Self::open_file(place) {
            Err(error) if existed && error.kind == ErrorKind::Damaged => {
                move_aside(&place.path)?;
                Ok((Self::open_file(place)?.0, Opened::MovedAside))
            }
            opened => opened,
        }
    }

    /// Moves a mirror aside whose pages turned out to be damaged, and makes a fresh one.
    pub fn set_aside(self) -> Result<Self, Error> {
        let place = self.place.clone();
        drop(self);
        move_aside(&place.path)?;
        Ok(Self::open_file(&place)?.0)
    }

    /// Deletes the mirror with everything that was ever in it.
    pub fn delete(self) -> Result<(), Error> {
        let path = self.place.path.clone();
        drop(self);
        remove_if_there(&path)?;
        remove_companions(&path)?;
        remove_if_there(&aside(&path))
    }

    fn open_file(place: &Place) -> Result<(Self, Opened), Error> {
        make_private_file(&place.path)?;
        // The storage writes whole pages, and would take less than one for an empty file.
        let length = fs::metadata(&place.path)?.len();
        let mut writer = connect(place, OTHER_CACHE_KIB)?;
        let version = schema::version(&writer)?;
        if version > schema::newest() || !length.is_multiple_of(PAGE) {
            return Err(Error::new(ErrorKind::Damaged));
        }
        writer.pragma_update(None, "journal_mode", "wal")?;
        // Losing the last page of a fill in a power cut costs reading it again, not more.
        writer.pragma_update(None, "synchronous", "normal")?;
        schema::migrate(&mut writer)?;
        writer.execute(
            "INSERT OR IGNORE INTO setting (name, value) VALUES ('region', ?1)",
            [place.region.code()],
        )?;
        let mirror = Self {
            place: place.clone(),
            writer: writer.into(),
            for_lookup: reader(place, LOOKUP_CACHE_KIB)?.into(),
            for_search: reader(place, OTHER_CACHE_KIB)?.into(),
        };
        mirror.standing()?;
        let opened = if version == 0 {
            Opened::Fresh
        } else {
            Opened::Existing
        };
        Ok((mirror, opened))
    }

    /// The country of records without one, as their numbers are read now.
    pub fn region(&self) -> Result<Region, Error> {
        Ok(self.numbering()?.region)
    }

    /// How numbers are read now whose records do not say it themselves.
    pub fn numbering(&self) -> Result<Numbering, Error> {
        numbering_of(&self.write(), self.place.region)
    }
}

/// The stored numbering; `usual` where the file holds no region that is known.
pub(crate) fn numbering_of(connection: &Connection, usual: Region) -> Result<Numbering, Error> {
    let setting = |name: &str| {
        connection
            .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
            .query_row([name], |row| row.get::<_, String>(0))
            .optional()
    };
    Ok(Numbering {
        region: setting("region")?
            .and_then(|code| Region::from_code(&code))
            .unwrap_or(usual),
        area_code: setting("area_code")?.filter(|code| !code.is_empty()),
    })
}

fn reader(place: &Place, cache_kib: i64) -> Result<Connection, Error> {
    let connection = connect(place, cache_kib)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// Opens the file and proves that the key is right by reading the first page.
fn connect(place: &Place, cache_kib: i64) -> Result<Connection, Error> {
    let connection = Connection::open_with_flags(
        &place.path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    // A wrong key is our return value, no line on the terminal.
    connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
    connection.execute_batch(&key_pragma(&place.key))?;
    // Every page that is not in memory is verified on the way from ring to name. Processors have instructions for this
    // one, which take a third of the default's time.
    connection.execute_batch("PRAGMA cipher_hmac_algorithm = HMAC_SHA256")?;
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.set_prepared_statement_cache_capacity(64);
    // Otherwise every new value makes a kept statement be planned again, at ten times its cost.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// The key as it is: it is random already, so stretching it would only cost time at each start.
fn key_pragma(key: &Sensitive<[u8; 32]>) -> String {
    let hex: String = key
        .expose()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("PRAGMA key = \"x'{hex}'\"")
}

/// The storage gives its other files the rights of this one.
fn make_private_file(path: &Path) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

fn move_aside(path: &Path) -> Result<(), Error> {
    remove_companions(path)?;
    let aside = aside(path);
    remove_if_there(&aside)?;
    if path.exists() {
        fs::rename(path, aside)?;
    }
    Ok(())
}

fn aside(path: &Path) -> PathBuf {
    with_ending(path, ".damaged")
}

/// What the storage keeps beside the file. Without the file it would be taken for the next one's.
fn remove_companions(path: &Path) -> Result<(), Error> {
    remove_if_there(&with_ending(path, "-wal"))?;
    remove_if_there(&with_ending(path, "-shm"))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remove_if_there(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

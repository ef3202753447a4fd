//! A copy of the journal for each day, beside it: what a damaged file has lost is taken from there.

use std::fs;
use std::path::{Path, PathBuf};

use ringcard_core::Timestamp;
use rusqlite::Connection;

use crate::open::{salvage_table, unlocked};
use crate::{Error, Journal, JournalKey};

/// So many days are kept.
const KEPT: usize = 3;

const DAY: i64 = 24 * 3_600_000;

/// What a copy may give back. Open calls have ended since, and are not brought to life again.
const LASTING: &[&str] = &["history", "choice", "credit", "note"];

impl Journal {
    /// Copies the journal at `path` once a day, by a connection of its own, so that nobody waits.
    /// True when a copy was made.
    pub fn copy_daily(path: &Path, key: &JournalKey, now: Timestamp) -> Result<bool, Error> {
        let today = named(path, now.0.div_euclid(DAY));
        if today.exists() {
            return Ok(false);
        }
        let unfinished = named_unfinished(path);
        let _ = fs::remove_file(&unfinished);
        let journal = unlocked(path, key)?;
        journal.execute("VACUUM INTO ?1", [unfinished.to_string_lossy()])?;
        drop(journal);
        // Windows flushes only what may be written.
        let written = fs::OpenOptions::new().write(true).open(&unfinished)?;
        written.sync_all()?;
        drop(written);
        fs::rename(&unfinished, &today)?;
        for old in copies(path).into_iter().skip(KEPT) {
            let _ = fs::remove_file(old);
        }
        Ok(true)
    }
}

/// Rows that the newest copy has and the new journal lacks; returns how many.
pub(crate) fn take_over(path: &Path, key: &JournalKey, to: &Connection) -> u64 {
    let readable = |copy: &PathBuf| unlocked(copy, key).ok();
    let Some(copy) = copies(path).iter().find_map(readable) else {
        return 0;
    };
    LASTING
        .iter()
        .map(|table| salvage_table(&copy, to, table))
        .sum()
}

/// The copies of a journal, the newest first.
fn copies(path: &Path) -> Vec<PathBuf> {
    let prefix = prefix(path);
    let Some(entries) = path.parent().and_then(|folder| fs::read_dir(folder).ok()) else {
        return Vec::new();
    };
    let mut days: Vec<i64> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_prefix(&prefix)?.parse().ok())
        .collect();
    days.sort_unstable_by(|one, other| other.cmp(one));
    days.into_iter().map(|day| named(path, day)).collect()
}

fn prefix(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("{name}.day-")
}

fn named(path: &Path, day: i64) -> PathBuf {
    path.with_file_name(format!("{}{day}", prefix(path)))
}

fn named_unfinished(path: &Path) -> PathBuf {
    path.with_file_name(format!("{}unfinished", prefix(path)))
}

//! The journal and the mirrors: opened once, shared with the tasks that read them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use ringcard_core::number::Region;
use ringcard_core::{IntegrationId, Sensitive, Timestamp};
use ringcard_ipc::{ErrorCode, Failure};
use ringcard_journal::{Journal, Opened as JournalOpened};
use ringcard_mirror::{Mirror, Opened as MirrorOpened, Place};
use tracing::{debug, error, warn};

use crate::home::Home;

/// The journal, for one at a time.
#[derive(Clone)]
pub struct SharedJournal(Arc<Mutex<Journal>>);

impl SharedJournal {
    /// The journal; a holder that panicked leaves it usable, for every change is a transaction.
    pub fn hold(&self) -> MutexGuard<'_, Journal> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Everything on disk but the settings.
#[derive(Clone)]
pub struct Databases {
    /// What exists only here.
    pub journal: SharedJournal,
    home: Home,
    key: Sensitive<[u8; 32]>,
    mirrors: Arc<Mutex<BTreeMap<IntegrationId, Arc<Mirror>>>>,
}

impl Databases {
    /// Opens the journal. A damaged one is moved aside, said so in the log, and a new one begun.
    pub fn open(home: &Home, key: Sensitive<[u8; 32]>, now: Timestamp) -> Result<Self, Failure> {
        let (journal, opened) = Journal::open(&home.journal(), &key, now).map_err(|error| {
            error!(kind = ?error.kind, "the journal cannot be opened");
            Failure::new(
                ErrorCode::Internal,
                "The journal cannot be opened. Check the disk and who may write there.",
            )
        })?;
        if let JournalOpened::MovedAside { salvaged, .. } = &opened {
            warn!(
                salvaged,
                "the journal was damaged; it lies beside the new one"
            );
        }
        Ok(Self {
            journal: SharedJournal(Arc::new(Mutex::new(journal))),
            home: home.clone(),
            key,
            mirrors: Arc::default(),
        })
    }

    /// Copies the journal once a day.
    pub fn copy_journal(&self, now: Timestamp) {
        match Journal::copy_daily(&self.home.journal(), &self.key, now) {
            Ok(true) => debug!("the journal was copied"),
            Ok(false) => {}
            Err(error) => warn!(kind = ?error.kind, "the journal could not be copied"),
        }
    }

    /// Deletes the mirrors of integrations that are no longer there: one of a removed integration
    /// that a refresh still held, or one that was removed in the file.
    pub fn delete_orphans(&self, kept: &[&str]) {
        for (id, path) in self.home.mirrors() {
            if !kept.contains(&id.as_str()) {
                warn!("the mirror of an integration that is gone is deleted");
                for suffix in ["", "-wal", "-shm"] {
                    let mut file = path.clone().into_os_string();
                    file.push(suffix);
                    let _ = std::fs::remove_file(file);
                }
            }
        }
    }

    /// The mirror of an integration; opened or made on first use.
    pub fn mirror(&self, id: &IntegrationId, region: Region) -> Option<Arc<Mirror>> {
        let mut mirrors = self.mirrors.lock().ok()?;
        if let Some(mirror) = mirrors.get(id) {
            return Some(mirror.clone());
        }
        let place = Place {
            path: self.home.mirror(id.as_str()),
            key: self.key.clone(),
            integration: id.clone(),
            region,
        };
        match Mirror::open(&place) {
            Ok((mirror, opened)) => {
                if opened == MirrorOpened::MovedAside {
                    warn!("a mirror was damaged; it is moved aside and filled anew");
                }
                let mirror = Arc::new(mirror);
                mirrors.insert(id.clone(), mirror.clone());
                Some(mirror)
            }
            Err(error) => {
                error!(kind = ?error.kind, "a mirror cannot be opened");
                None
            }
        }
    }

    /// The mirror, if it is open.
    pub fn open_mirror(&self, id: &IntegrationId) -> Option<Arc<Mirror>> {
        self.mirrors.lock().ok()?.get(id).cloned()
    }

    /// Deletes the mirror of an integration that is removed.
    pub fn delete_mirror(&self, id: &IntegrationId) {
        let Some(mirror) = self.mirrors.lock().ok().and_then(|mut all| all.remove(id)) else {
            return;
        };
        match Arc::try_unwrap(mirror) {
            Ok(mirror) => {
                if mirror.delete().is_err() {
                    error!("a mirror could not be deleted");
                }
            }
            // A refresh still holds it; the file goes with the next start's clean-up.
            Err(_) => warn!("a mirror is still in use and is deleted at the next start"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::write_private;

    #[test]
    fn a_home_whose_path_is_too_long_for_windows_usual_form_keeps_everything() {
        let folder = tempfile::tempdir().unwrap();
        let mut path = folder.path().to_owned();
        while path.to_string_lossy().chars().count() < 320 {
            path.push("Büro für Buchhaltung und Verwaltung");
        }
        let home = Home::in_folder(&path);
        home.prepare().unwrap();
        let (key, zoho) = (Sensitive::new([7; 32]), IntegrationId::new("zoho"));
        for when in ["made", "found again"] {
            let databases = Databases::open(&home, key.clone(), Timestamp(0)).unwrap();
            let mirror = databases.mirror(&zoho, Region::from_code("DE").unwrap());
            assert!(mirror.is_some(), "the mirror is {when}");
            databases.copy_journal(Timestamp(0));
        }
        assert!(path.join("journal.db").exists(), "where it belongs");
        assert!(path.join("journal.db.day-0").exists(), "with its copy");
        assert_eq!(home.mirrors().len(), 1, "the mirror lies there as well");
        let secrets = home.secrets_file().unwrap();
        write_private(&secrets, b"{}").unwrap();
        assert_eq!(std::fs::read(&secrets).unwrap(), b"{}", "and so do secrets");
    }
}

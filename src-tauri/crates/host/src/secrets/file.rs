//! Secrets in a file, only when everything lies in one folder (`--home`).

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use ringcard_core::Sensitive;
use ringcard_ipc::Failure;

use super::{SecretStore, refused};
use crate::home::write_private;

type Secrets = BTreeMap<String, Sensitive<String>>;

/// A JSON file that only this user may read.
pub struct FileSecrets {
    path: PathBuf,
    /// One change at a time: each reads the file, changes it and writes it whole.
    changing: Mutex<()>,
}

impl FileSecrets {
    /// The file; it is made with the first secret.
    pub fn at(path: PathBuf) -> Self {
        Self {
            path,
            changing: Mutex::new(()),
        }
    }

    fn read(&self) -> Result<Secrets, Failure> {
        match fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| refused("read")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Secrets::new()),
            Err(_) => Err(refused("read")),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Secrets)) -> Result<(), Failure> {
        let _one = self.changing.lock().map_err(|_| refused("keep"))?;
        let mut secrets = self.read()?;
        change(&mut secrets);
        let text = serde_json::to_vec_pretty(&secrets).map_err(|_| refused("keep"))?;
        write_private(&self.path, &text).map_err(|_| refused("keep"))
    }
}

impl SecretStore for FileSecrets {
    fn get(&self, name: &str) -> Result<Option<Sensitive<String>>, Failure> {
        Ok(self.read()?.get(name).cloned())
    }

    fn set(&self, name: &str, value: &Sensitive<String>) -> Result<(), Failure> {
        self.change(|secrets| {
            secrets.insert(name.to_owned(), value.clone());
        })
    }

    fn delete(&self, name: &str) -> Result<(), Failure> {
        self.change(|secrets| {
            secrets.remove(name);
        })
    }

    fn is_file(&self) -> bool {
        true
    }
}

//! The system's keychain: Credential Manager on Windows, Secret Service on Linux.

use keyring::Entry;
use ringcard_core::Sensitive;
use ringcard_ipc::Failure;

use super::{SecretStore, refused};

const SERVICE: &str = "Ringcard";

/// The keychain of this user.
pub struct Keychain;

impl Keychain {
    /// Nothing is opened before the first secret is asked for.
    pub fn new() -> Self {
        Self
    }
}

impl Default for Keychain {
    fn default() -> Self {
        Self::new()
    }
}

impl SecretStore for Keychain {
    fn get(&self, name: &str) -> Result<Option<Sensitive<String>>, Failure> {
        match entry(name)?.get_password() {
            Ok(secret) => Ok(Some(Sensitive::new(secret))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(_) => Err(refused("read")),
        }
    }

    fn set(&self, name: &str, value: &Sensitive<String>) -> Result<(), Failure> {
        entry(name)?
            .set_password(value.expose())
            .map_err(|_| refused("keep"))
    }

    fn delete(&self, name: &str) -> Result<(), Failure> {
        match entry(name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(_) => Err(refused("forget")),
        }
    }

    fn is_file(&self) -> bool {
        false
    }
}

fn entry(name: &str) -> Result<Entry, Failure> {
    Entry::new(SERVICE, name).map_err(|_| refused("find"))
}

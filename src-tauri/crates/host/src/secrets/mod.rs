//! Secrets: in the system's keychain, or in a file when everything lies in one folder.
//!
//! Never a silent change from one to the other: which one is used follows from how Ringcard was
//! started, and `status` says so.

mod file;
mod keychain;

use ringcard_core::Sensitive;
use ringcard_ipc::{ErrorCode, Failure};

pub use file::FileSecrets;
pub use keychain::Keychain;

use crate::home::Home;

/// A place that keeps secrets by name.
pub trait SecretStore: Send + Sync {
    /// The secret with this name.
    fn get(&self, name: &str) -> Result<Option<Sensitive<String>>, Failure>;

    /// Keeps a secret, in place of a former one.
    fn set(&self, name: &str, value: &Sensitive<String>) -> Result<(), Failure>;

    /// Forgets a secret; it is no error that there is none.
    fn delete(&self, name: &str) -> Result<(), Failure>;

    /// The secrets lie in a file.
    fn is_file(&self) -> bool;
}

/// The store that belongs to this home.
pub fn store(home: &Home) -> Box<dyn SecretStore> {
    match home.secrets_file() {
        Some(path) => Box::new(FileSecrets::at(path)),
        None => Box::new(Keychain::new()),
    }
}

/// The raw key of the databases: made once, kept with the secrets.
pub fn database_key(store: &dyn SecretStore) -> Result<Sensitive<[u8; 32]>, Failure> {
    const NAME: &str = "database.key";
    if let Some(text) = store.get(NAME)? {
        return from_hex(text.expose()).map(Sensitive::new).ok_or_else(|| {
            Failure::new(
                ErrorCode::KeychainRefused,
                "The key of the local data is damaged.",
            )
        });
    }
    let key: [u8; 32] = rand::random();
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    store.set(NAME, &Sensitive::new(hex))?;
    Ok(Sensitive::new(key))
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()?;
    }
    Some(key)
}

fn refused(action: &str) -> Failure {
    Failure::new(
        ErrorCode::KeychainRefused,
        format!("The system's keychain would not {action} a secret. Unlock it and try again."),
    )
}

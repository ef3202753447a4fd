//! A Unix socket in the user's runtime folder, mode 0600.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use crate::home::Home;

/// One connection.
pub type Stream = UnixStream;

/// The path of a home's socket: short, whatever the home's path (a socket's is limited to about a
/// hundred bytes).
pub fn address(home: &Home) -> String {
    let name = format!("ringcard-{}", home.hashed_name());
    runtime_folder().join(name).to_string_lossy().into_owned()
}

fn runtime_folder() -> PathBuf {
    match std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from) {
        Some(folder) if folder.is_dir() && folder.as_os_str().len() < 60 => folder,
        _ => {
            // A folder of this user's own: nobody else can put a socket there first.
            let user = fs::metadata("/proc/self").map_or(0, |this| this.uid());
            PathBuf::from(format!("/tmp/ringcard-{user}"))
        }
    }
}

/// The listening end.
pub struct Server {
    listener: UnixListener,
    path: PathBuf,
    /// Held for as long as this lives; the system lets go of it, however the process ends.
    _lock: File,
}

impl Server {
    /// Takes the address. A socket that nobody listens at is left over from a crash and replaced.
    pub async fn bind(address: &str) -> io::Result<Self> {
        let path = PathBuf::from(address);
        let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        make_private_folder(folder)?;
        let lock = lock(&path.with_extension("lock"))?;
        let _ = fs::remove_file(&path);
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        Ok(Self {
            listener,
            path,
            _lock: lock,
        })
    }

    /// The next client.
    pub async fn accept(&mut self) -> io::Result<Stream> {
        let (stream, _) = self.listener.accept().await?;
        Ok(stream)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Of two starts at the same moment one gets it. Without it both would find nobody listening, and the second would take
/// the first one's socket away.
fn lock(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).mode(0o600);
    let file = file.open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::AddrInUse.into()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    if !folder.exists() {
        fs::DirBuilder::new().mode(0o700).create(folder)?;
    }
    let found = fs::symlink_metadata(folder)?;
    let ours = found.uid() == fs::metadata("/proc/self").map_or(found.uid(), |this| this.uid());
    match found.is_dir() && ours {
        true => Ok(()),
        false => Err(io::ErrorKind::PermissionDenied.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn of_two_starts_one_gets_the_socket_and_the_next_gets_it_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let address = folder.path().join("socket").to_string_lossy().into_owned();
        let (one, other) = tokio::join!(Server::bind(&address), Server::bind(&address));
        assert!(one.is_ok() != other.is_ok(), "one of them");
        let refused = one.as_ref().err().or(other.as_ref().err());
        assert_eq!(refused.map(io::Error::kind), Some(io::ErrorKind::AddrInUse));
        assert!(
            UnixStream::connect(&address).await.is_ok(),
            "the first one's socket is still there"
        );
        drop((one, other));
        assert!(Server::bind(&address).await.is_ok(), "nobody has it now");
    }
}

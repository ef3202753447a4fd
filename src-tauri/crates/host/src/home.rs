//! Where things lie: settings that travel with the user, data that stays on this PC.

use std::fs;
use std::path::{Path, PathBuf};

use ringcard_ipc::{ErrorCode, Failure};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::long_paths::in_full;

/// The folders of one Ringcard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    settings: PathBuf,
    data: PathBuf,
    policy: PathBuf,
    own: bool,
}

impl Home {
    /// Everything in one folder, secrets included: for tests, demos and portable use.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            settings: folder.to_owned(),
            data: folder.to_owned(),
            policy: folder.to_owned(),
            own: true,
        }
    }

    /// The user's folders: settings roam, mirror and journal stay local.
    pub fn of_user() -> Result<Self, Failure> {
        let missing = || Failure::new(ErrorCode::Internal, "This user has no home folder.");
        Ok(Self {
            settings: dirs::config_dir().ok_or_else(missing)?.join("Ringcard"),
            data: dirs::data_local_dir().ok_or_else(missing)?.join("Ringcard"),
            policy: machine::policy_folder().ok_or_else(missing)?,
            own: false,
        })
    }

    /// Makes the folders, readable by the user only.
    pub fn prepare(&self) -> std::io::Result<()> {
        for folder in [&self.settings, &self.data, &self.logs()] {
            fs::create_dir_all(folder)?;
            restrict_folder(folder)?;
        }
        Ok(())
    }

    /// The folder of what stays on this PC.
    pub fn data_folder(&self) -> PathBuf {
        self.data.clone()
    }

    /// The settings file.
    pub fn settings_file(&self) -> PathBuf {
        self.settings.join("settings.toml")
    }

    /// The administrator's file, where there is one: outside the reach of users.
    pub fn policy_file(&self) -> PathBuf {
        self.policy.join("policy.toml")
    }

    /// The policy decides for every user of this PC. In a folder of one's own it is one's own.
    pub fn shares_policy(&self) -> bool {
        !self.own
    }

    /// The last policy that made sense.
    pub fn last_policy_file(&self) -> PathBuf {
        self.data.join("policy.last.toml")
    }

    /// The journal.
    pub fn journal(&self) -> PathBuf {
        in_full(self.data.join("journal.db"))
    }

    /// The mirror of one integration.
    pub fn mirror(&self, integration: &str) -> PathBuf {
        in_full(self.data.join(format!("mirror-{integration}.db")))
    }

    /// The mirrors that lie there, with the integrations that they are of.
    pub fn mirrors(&self) -> Vec<(String, PathBuf)> {
        let entries = fs::read_dir(&self.data).into_iter().flatten().flatten();
        let mirror = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            let id = name.strip_prefix("mirror-")?.strip_suffix(".db")?;
            Some((id.to_owned(), entry.path()))
        };
        entries.filter_map(mirror).collect()
    }

    /// The folder of the log files.
    pub fn logs(&self) -> PathBuf {
        self.data.join("logs")
    }

    /// Where secrets lie when a folder was given: beside everything else, for this user only.
    pub fn secrets_file(&self) -> Option<PathBuf> {
        self.own.then(|| self.data.join("secrets.json"))
    }

    /// A name for this installation that tells nothing: made once, the same after every start.
    pub fn installation(&self) -> String {
        let file = self.data.join("installation");
        let kept = fs::read_to_string(&file).unwrap_or_default();
        if let Ok(known) = Uuid::try_parse(kept.trim()) {
            return known.to_string();
        }
        let new = Uuid::new_v4().to_string();
        match write_private(&file, new.as_bytes()) {
            Ok(()) => new,
            // Always the same is worth more than another one each time.
            Err(_) => self.hashed_name(),
        }
    }

    /// A name for this Ringcard's socket or pipe: short, and telling nothing of the path.
    pub fn hashed_name(&self) -> String {
        let path = fs::canonicalize(&self.data).unwrap_or_else(|_| self.data.clone());
        let digest = Sha256::digest(path.to_string_lossy().as_bytes());
        digest
            .iter()
            .take(10)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// Where this machine's administrator writes.
#[cfg(not(windows))]
mod machine {
    use std::path::PathBuf;

    pub fn policy_folder() -> Option<PathBuf> {
        Some(PathBuf::from("/etc/ringcard"))
    }
}

/// Where this machine's administrator writes. The system is asked, for a user may set the variable
/// `ProgramData` to a folder of his own.
#[cfg(windows)]
mod machine {
    use std::ffi::OsString;
    use std::os::windows::ffi::OsStringExt;
    use std::path::PathBuf;
    use std::ptr;

    use windows_sys::Win32::System::Com::CoTaskMemFree;
    use windows_sys::Win32::UI::Shell::{FOLDERID_ProgramData, SHGetKnownFolderPath};

    #[expect(unsafe_code, reason = "the system's own interface for its folders")]
    pub fn policy_folder() -> Option<PathBuf> {
        let mut path: *mut u16 = ptr::null_mut();
        // SAFETY: the path is written by the system, ends with a zero and is freed by us below.
        let folder = unsafe {
            let told =
                SHGetKnownFolderPath(&FOLDERID_ProgramData, 0, ptr::null_mut(), &raw mut path);
            let folder = (told == 0).then(|| {
                let length = (0..).take_while(|at| *path.add(*at) != 0).count();
                OsString::from_wide(std::slice::from_raw_parts(path, length))
            });
            CoTaskMemFree(path.cast());
            folder
        };
        Some(PathBuf::from(folder?).join("Ringcard"))
    }
}

fn restrict_folder(folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Writes a file whole or not at all, which only this user may read.
pub fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    // Elsewhere every file is made so.
    #[cfg(windows)]
    crate::access::make_private_file(&beside(path))?;
    write_whole(path, content)
}

fn beside(path: &Path) -> PathBuf {
    path.with_extension("new")
}

/// Writes a file whole or not at all: beside it first, on disk, then in its place.
pub fn write_whole(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let beside = beside(path);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installation_keeps_its_name_and_shares_it_with_no_other() {
        let folder = || tempfile::tempdir().expect("a folder for the test");
        let (first, second) = (folder(), folder());
        let (one, other) = (
            Home::in_folder(first.path()),
            Home::in_folder(second.path()),
        );
        let name = one.installation();
        assert_eq!(one.installation(), name, "the server would see two");
        assert_ne!(other.installation(), name, "they would end each other");
    }
}

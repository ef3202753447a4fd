//! `cargo xtask bundle`: the program for Windows and its installer, with one command.
//!
//! On Debian it is built by mingw and packed by Debian's makensis; on Windows by MSVC and the makensis found there.
//! `RINGCARD_SIGN` is a command line that signs the file named after it: the program first, then what it is packed into.
//! `RINGCARD_DOWNLOAD` is the address below which the installer will be found; with it winget's manifests are filled.

mod contents;
mod installer;
mod licences;
mod msi;
mod program;
mod sbom;
mod sign;
mod winget;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Instant;

use crate::child::minutes;
use crate::packages;
use crate::project::Project;

pub use program::tests as tests_of_program;
pub use sign::Signing;
pub use winget::fill as fill_manifests;

/// The version of everything in this workspace.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What program and installer may grow to, in bytes. The aim is 12 and 5 MB; of the 19.0 and 6.1 that were measured,
/// SQLCipher with its OpenSSL is 6.4 and 2.2, and the tables for unwinding, which the tray icon needs, are 1.5 and 0.5.
const PROGRAM_LIMIT: u64 = 20 * 1024 * 1024;
const INSTALLER_LIMIT: u64 = 13 * 512 * 1024;

/// What goes into an installer.
pub struct Parts {
    /// The program, stripped and signed if there is a signature.
    pub program: PathBuf,
    /// What finds WebView2; programs built by MSVC have it inside.
    pub loader: Option<PathBuf>,
    /// The licences of everything inside.
    pub licences: PathBuf,
}

/// Which version the parts are packed as.
pub struct Release {
    /// The version.
    pub version: &'static str,
    /// Where installer and package are put.
    pub folder: PathBuf,
    /// Who signs.
    pub signing: Signing,
}

impl Release {
    fn file(&self, extension: &str) -> PathBuf {
        let name = format!("ringcard-{}-windows-x64.{extension}", self.version);
        self.folder.join(name)
    }
}

/// What the parts were packed into.
pub struct Packed {
    /// The installer.
    pub installer: PathBuf,
    /// The package for group policies, where it can be made.
    pub package: Option<PathBuf>,
}

/// What was made.
pub struct Bundle {
    /// The folder with all of it.
    pub folder: PathBuf,
    /// What the installer carries.
    pub parts: Parts,
    /// Installer and package.
    pub packed: Packed,
}

/// Installs what is missing, builds and packs.
pub fn run(project: &Project, arguments: &[String]) -> Result<(), String> {
    if let Some(unknown) = arguments.first() {
        return Err(format!("`bundle` does not know {unknown}"));
    }
    let deadline = minutes(90);
    packages::ensure(
        project,
        &[&packages::WINDOWS, &packages::INSTALLER],
        deadline,
    )?;
    make(project, deadline).map(|_| ())
}

/// The folder with all that is made.
fn folder(project: &Project) -> PathBuf {
    project.target.join("bundle")
}

/// What this run of xtask has made, or makes now: two stages work with it.
pub fn once(project: &Project, deadline: Instant) -> Result<&'static Bundle, String> {
    static MADE: OnceLock<Bundle> = OnceLock::new();
    match MADE.get() {
        Some(bundle) => Ok(bundle),
        None => {
            let bundle = make(project, deadline)?;
            Ok(MADE.get_or_init(|| bundle))
        }
    }
}

/// Builds and packs, and prints the sizes.
fn make(project: &Project, deadline: Instant) -> Result<Bundle, String> {
    let folder = folder(project);
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    fs::create_dir_all(&folder).map_err(failed)?;
    let built = program::build(project, deadline)?;
    let contents = contents::find(project)?;
    let parts = Parts {
        program: copy_into(&built.program, &folder)?,
        loader: match &built.loader {
            Some(loader) => Some(copy_into(loader, &folder)?),
            None => None,
        },
        licences: licences::write(&contents, &folder)?,
    };
    let release = Release {
        version: VERSION,
        folder: folder.clone(),
        signing: Signing::from_environment(),
    };
    let packed = pack(project, deadline, &parts, &release)?;
    winget::write(project, &packed.installer, &folder)?;
    sbom::write(project, &contents, &parts.program, &folder)?;
    tell(&parts.program, PROGRAM_LIMIT)?;
    tell(&packed.installer, INSTALLER_LIMIT)?;
    Ok(Bundle {
        folder,
        parts,
        packed,
    })
}

/// Makes installer and package. The program is signed before it goes into them, and they after that.
pub fn pack(
    project: &Project,
    deadline: Instant,
    parts: &Parts,
    release: &Release,
) -> Result<Packed, String> {
    let signing = &release.signing;
    signing.sign(project, &parts.program, deadline)?;
    let installer = installer::make(project, deadline, parts, release)?;
    let package = msi::make(project, deadline, parts, release)?;
    if let Some(package) = &package {
        signing.sign(project, package, deadline)?;
    }
    Ok(Packed { installer, package })
}

fn copy_into(file: &Path, folder: &Path) -> Result<PathBuf, String> {
    let copy = folder.join(file.file_name().unwrap_or_default());
    fs::copy(file, &copy).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(copy)
}

/// Says how large a file is, and whether that is more than it should be.
fn tell(file: &Path, limit: u64) -> Result<(), String> {
    let size = fs::metadata(file)
        .map_err(|error| format!("{}: {error}", file.display()))?
        .len();
    println!("{}: {:.1} MB", file.display(), megabytes(size));
    if size <= limit {
        return Ok(());
    }
    Err(format!(
        "{} is larger than {:.1} MB",
        file.display(),
        megabytes(limit)
    ))
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

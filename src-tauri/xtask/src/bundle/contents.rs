//! What the program is made of: crates and who needs whom, what crates carry inside, the pages of its windows, and
//! the library beside it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::child::system_program;
use crate::project::{Project, cargo_sources};
use crate::windows::{TARGET, locked_version};

/// Files that say what may be done with a package begin with one of these.
const BEGINNINGS: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE"];

/// What crates carry inside and link into the program: the crate, where the text lies in it, its name and licence.
const CARRIED: [[&str; 4]; 2] = [
    [
        "openssl-src",
        "openssl/LICENSE.txt",
        "OpenSSL",
        "Apache-2.0",
    ],
    [
        "sqlcipher-src",
        "sqlcipher/LICENSE-sqlcipher",
        "SQLCipher and SQLite",
        "BSD-3-Clause",
    ],
];

/// The text for the library that finds WebView2.
const LOADER: &str = "src-tauri/packaging/licences/WebView2Loader.txt";

/// One package with what its author says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Its name, as its registry has it.
    pub name: String,
    /// Its version; empty where nobody says it.
    pub version: String,
    /// What may be done with it, as an SPDX expression.
    pub licence: String,
    /// Where it is developed.
    pub address: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a package comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A room of this project.
    Room,
    /// The Rust registry.
    Crate,
    /// npm's registry.
    Npm,
    /// Another package, or another program beside.
    Carried,
}

/// A package with the texts of its licences.
pub struct Part {
    /// The package.
    pub package: Package,
    /// Word by word.
    pub texts: Vec<String>,
}

/// Everything inside, and who needs whom.
pub struct Contents {
    /// Every part once, crates first.
    pub parts: Vec<Part>,
    /// Pairs of names with versions: the first one needs the second.
    pub needs: BTreeSet<(String, String)>,
}

impl Package {
    /// The name with the version.
    pub fn full_name(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }
}

/// Looks it all up: cargo names the crates, and their texts are read where cargo keeps their sources.
pub fn find(project: &Project) -> Result<Contents, String> {
    let (crates, needs) = crates(project)?;
    let sources = cargo_sources();
    let parts = crates.into_iter().map(|package| Part {
        texts: texts_of(&sources, &package),
        package,
    });
    let parts: Vec<Part> = parts
        .chain([svelte(project)])
        .chain(carried(project, &sources)?)
        .chain([loader(project)?, standard_library(project)?])
        .collect();
    match parts.iter().find(|part| part.package.licence.is_empty()) {
        Some(nameless) => Err(format!("{} has no licence", nameless.package.full_name())),
        None => Ok(Contents { parts, needs }),
    }
}

type Crates = (BTreeSet<Package>, BTreeSet<(String, String)>);

/// Every crate that is linked into the program for Windows, or writes a part of its source.
fn crates(project: &Project) -> Result<Crates, String> {
    let tree = project
        .cargo()
        .args(["tree", "--locked", "-p", "ringcard", "--target", TARGET])
        .args(["--edges", "normal", "--prefix", "depth"])
        .args(["--format", "{p}\t{l}\t{r}"]);
    let printed = tree.output().ok_or("`cargo tree` failed")?;
    Ok(read(&printed))
}

/// Reads cargo's tree: the number before a line says how deep it stands below what needs it.
fn read(printed: &str) -> Crates {
    let (mut packages, mut needs) = (BTreeSet::new(), BTreeSet::new());
    let mut above: Vec<String> = Vec::new();
    for line in printed.lines() {
        let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (depth, line) = line.split_at(digits);
        let (Ok(depth), Some(package)) = (depth.parse::<usize>(), package(line)) else {
            continue;
        };
        above.truncate(depth);
        if let Some(needing) = above.last() {
            needs.insert((needing.clone(), package.full_name()));
        }
        above.push(package.full_name());
        packages.insert(package);
    }
    (packages, needs)
}

/// A line such as `serde v1.0.0 (proc-macro)`, its licence and its address.
fn package(line: &str) -> Option<Package> {
    let mut columns = line.split('\t');
    let mut words = columns.next()?.split_whitespace();
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    let licence = columns.next()?.to_owned();
    let address = columns.next().unwrap_or_default();
    let address = address.trim_end_matches("(*)").trim().to_owned();
    let ours = name == "ringcard" || name.starts_with("ringcard-");
    Some(Package {
        name: name.to_owned(),
        version: version.to_owned(),
        licence,
        address,
        origin: if ours { Origin::Room } else { Origin::Crate },
    })
}

fn texts_of(sources: &[PathBuf], package: &Package) -> Vec<String> {
    let name = format!("{}-{}", package.name, package.version);
    let folder = sources
        .iter()
        .map(|source| source.join(&name))
        .find(|folder| folder.is_dir());
    folder.map_or_else(Vec::new, |folder| texts_in(&folder))
}

fn texts_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && is_licence(path))
        .collect();
    files.sort();
    files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok())
        .map(|text| text.replace('\r', "").trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect()
}

fn is_licence(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_ascii_uppercase();
    BEGINNINGS
        .iter()
        .any(|beginning| name.starts_with(beginning))
}

/// What lies inside other crates.
fn carried(project: &Project, sources: &[PathBuf]) -> Result<Vec<Part>, String> {
    let lock = fs::read_to_string(project.path("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    let found = CARRIED.iter().map(|[carrier, file, name, licence]| {
        let version = locked_version(&lock, carrier).ok_or(format!("{carrier} is not locked"))?;
        let folder = format!("{carrier}-{version}");
        let text = sources
            .iter()
            .find_map(|source| fs::read_to_string(source.join(&folder).join(file)).ok())
            .ok_or(format!("{folder}: there is no {file}"))?;
        let own = version.split_once('+').map_or(version, |(_, own)| own);
        Ok(Part {
            package: Package {
                name: (*name).to_owned(),
                version: own.to_owned(),
                licence: (*licence).to_owned(),
                address: String::new(),
                origin: Origin::Carried,
            },
            texts: vec![text.trim().to_owned()],
        })
    });
    found.collect()
}

fn loader(project: &Project) -> Result<Part, String> {
    let text =
        fs::read_to_string(project.path(LOADER)).map_err(|error| format!("{LOADER}: {error}"))?;
    Ok(Part {
        package: Package {
            name: "Microsoft Edge WebView2 loader".to_owned(),
            version: String::new(),
            licence: "BSD-3-Clause".to_owned(),
            address: "https://developer.microsoft.com/microsoft-edge/webview2".to_owned(),
            origin: Origin::Carried,
        },
        texts: vec![text.trim().to_owned()],
    })
}

/// The library of the compiler that builds the program, with what it has inside.
fn standard_library(project: &Project) -> Result<Part, String> {
    let compiler = if cfg!(windows) {
        PathBuf::from("rustc")
    } else {
        system_program("rustc")
    };
    let printed = project.program(compiler).arg("--version").output();
    // Such as `rustc 1.96.0 (…)`.
    let version = printed
        .as_deref()
        .and_then(|printed| printed.split_whitespace().nth(1))
        .ok_or("rustc does not tell its version")?;
    Ok(Part {
        package: Package {
            name: "Rust standard library".to_owned(),
            version: version.to_owned(),
            licence: "MIT OR Apache-2.0".to_owned(),
            address: "https://github.com/rust-lang/rust".to_owned(),
            origin: Origin::Carried,
        },
        texts: Vec::new(),
    })
}

/// What the built windows contain beside our own code.
fn svelte(project: &Project) -> Part {
    let folder = project.path("ui/node_modules/svelte");
    let manifest = fs::read_to_string(folder.join("package.json")).unwrap_or_default();
    let field = |name: &str| {
        let line = manifest
            .lines()
            .find_map(|line| line.trim().strip_prefix(&format!("\"{name}\": ")))?;
        Some(line.trim_end_matches(',').trim_matches('"').to_owned())
    };
    Part {
        package: Package {
            name: "svelte".to_owned(),
            version: field("version").unwrap_or_default(),
            licence: field("license").unwrap_or_default(),
            address: "https://github.com/sveltejs/svelte".to_owned(),
            origin: Origin::Npm,
        },
        texts: texts_in(&folder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "0ringcard v0.1.0 (/somewhere)\tLicenseRef-Proprietary\t\n\
                        1ring v0.17.14\tApache-2.0 AND ISC\thttps://example.org/ring (*)\n\
                        1tauri v2.12.5\tApache-2.0 OR MIT\thttps://example.org/tauri\n\
                        2serde_derive v1.0.0 (proc-macro)\tMIT\t\n";

    #[test]
    fn cargos_tree_names_packages_and_who_needs_them() {
        let (packages, needs) = read(TREE);
        let ring = packages.iter().find(|package| package.name == "ring");
        let expected = Package {
            name: "ring".into(),
            version: "0.17.14".into(),
            licence: "Apache-2.0 AND ISC".into(),
            address: "https://example.org/ring".into(),
            origin: Origin::Crate,
        };
        assert_eq!(ring, Some(&expected), "its three columns");
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        assert_eq!(
            needs.into_iter().collect::<Vec<_>>(),
            [
                pair("ringcard@0.1.0", "ring@0.17.14"),
                pair("ringcard@0.1.0", "tauri@2.12.5"),
                pair("tauri@2.12.5", "serde_derive@1.0.0"),
            ],
            "a deeper line belongs to the nearest one above that is less deep"
        );
    }

    #[test]
    fn our_own_rooms_are_not_somebody_elses_work() {
        let (packages, _) = read(TREE);
        let rooms = packages
            .iter()
            .filter(|package| package.origin == Origin::Room);
        assert_eq!(rooms.count(), 1, "only the program itself");
    }
}

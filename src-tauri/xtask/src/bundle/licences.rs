//! The licences of everything inside the program, as one page that lies beside it.
//!
//! Cargo names the crates; their texts are read where cargo keeps their sources.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::project::{Project, cargo_home};
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
struct Package {
    name: String,
    version: String,
    licence: String,
    address: String,
}

/// Writes the page into the folder.
pub fn write(project: &Project, folder: &Path) -> Result<PathBuf, String> {
    let mut texts: BTreeMap<String, Vec<Package>> = BTreeMap::new();
    let mut packages = crates(project)?;
    packages.sort();
    packages.dedup();
    let sources = sources();
    for package in &packages {
        for text in texts_of(&sources, package) {
            texts.entry(text).or_default().push(package.clone());
        }
    }
    let others = of_the_windows(project)
        .into_iter()
        .chain(carried(project, &sources)?)
        .chain([loader(project)?]);
    for (package, text) in others {
        texts.entry(text).or_default().push(package.clone());
        packages.push(package);
    }
    if let Some(nameless) = packages.iter().find(|package| package.licence.is_empty()) {
        return Err(format!(
            "{} {} has no licence",
            nameless.name, nameless.version
        ));
    }
    let page = folder.join("licences.html");
    fs::write(&page, html(&packages, &texts))
        .map_err(|error| format!("{}: {error}", page.display()))?;
    println!("{}: {} packages", page.display(), packages.len());
    Ok(page)
}

/// Every crate that is linked into the program for Windows.
fn crates(project: &Project) -> Result<Vec<Package>, String> {
    let tree = project
        .cargo()
        .args(["tree", "--locked", "-p", "ringcard", "--target", TARGET])
        .args(["--edges", "normal", "--prefix", "none"])
        .args(["--format", "{p}\t{l}\t{r}"]);
    let printed = tree.output().ok_or("`cargo tree` failed")?;
    Ok(printed.lines().filter_map(package).collect())
}

/// A line such as `serde v1.0.0 (proc-macro)`, its licence and its address; our own rooms are left out.
fn package(line: &str) -> Option<Package> {
    let mut columns = line.split('\t');
    let mut words = columns.next()?.split_whitespace();
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    let licence = columns.next()?.to_owned();
    if name == "ringcard" || name.starts_with("ringcard-") {
        return None;
    }
    let address = columns.next().unwrap_or_default();
    let address = address.trim_end_matches("(*)").trim().to_owned();
    Some(Package {
        name: name.to_owned(),
        version: version.to_owned(),
        licence,
        address,
    })
}

/// The folders in which cargo unpacks sources, one for each registry.
fn sources() -> Vec<PathBuf> {
    let entries = fs::read_dir(cargo_home().join("registry").join("src"));
    entries
        .map(|entries| {
            entries
                .filter_map(Result::ok)
                .map(|entry| entry.path())
                .collect()
        })
        .unwrap_or_default()
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
fn carried(project: &Project, sources: &[PathBuf]) -> Result<Vec<(Package, String)>, String> {
    let lock = fs::read_to_string(project.path("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    let found = CARRIED.iter().map(|[carrier, file, name, licence]| {
        let version = locked_version(&lock, carrier).ok_or(format!("{carrier} is not locked"))?;
        let folder = format!("{carrier}-{version}");
        let paths = sources.iter().map(|source| source.join(&folder).join(file));
        let text = paths
            .filter_map(|path| fs::read_to_string(path).ok())
            .next()
            .ok_or(format!("{folder}: there is no {file}"))?;
        let package = Package {
            name: (*name).to_owned(),
            version: version
                .split_once('+')
                .map_or(version, |(_, own)| own)
                .to_owned(),
            licence: (*licence).to_owned(),
            address: String::new(),
        };
        Ok((package, text.trim().to_owned()))
    });
    found.collect()
}

fn loader(project: &Project) -> Result<(Package, String), String> {
    let text =
        fs::read_to_string(project.path(LOADER)).map_err(|error| format!("{LOADER}: {error}"))?;
    let package = Package {
        name: "Microsoft Edge WebView2 loader".to_owned(),
        version: String::new(),
        licence: "BSD-3-Clause".to_owned(),
        address: "https://developer.microsoft.com/microsoft-edge/webview2".to_owned(),
    };
    Ok((package, text.trim().to_owned()))
}

/// What the built windows contain beside our own code.
fn of_the_windows(project: &Project) -> Vec<(Package, String)> {
    let folder = project.path("ui/node_modules/svelte");
    let manifest = fs::read_to_string(folder.join("package.json")).unwrap_or_default();
    let field = |name: &str| {
        let line = manifest
            .lines()
            .find_map(|line| line.trim().strip_prefix(&format!("\"{name}\": ")))?;
        Some(line.trim_end_matches(',').trim_matches('"').to_owned())
    };
    let package = Package {
        name: "svelte".to_owned(),
        version: field("version").unwrap_or_default(),
        licence: field("license").unwrap_or_default(),
        address: "https://github.com/sveltejs/svelte".to_owned(),
    };
    let texts = texts_in(&folder).into_iter();
    texts.map(|text| (package.clone(), text)).collect()
}

fn html(packages: &[Package], texts: &BTreeMap<String, Vec<Package>>) -> String {
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Ringcard: licences</title>\n\
         <style>body{font:14px/1.4 \"Segoe UI\",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
         pre{white-space:pre-wrap}td{padding-right:1rem}</style>\n\
         <h1>What Ringcard is made with</h1>\n<table>\n",
    );
    let write = "writing to a string cannot fail";
    for package in packages {
        let Package {
            name,
            version,
            licence,
            address,
        } = package;
        writeln!(
            page,
            "<tr><td>{}<td>{}<td>{}<td>{}",
            escaped(name),
            escaped(version),
            escaped(licence),
            escaped(address)
        )
        .expect(write);
    }
    page.push_str("</table>\n");
    for (text, packages) in texts {
        let names: Vec<&str> = packages
            .iter()
            .map(|package| package.name.as_str())
            .collect();
        let names = escaped(&names.join(", "));
        writeln!(page, "<h2>{names}</h2>\n<pre>{}</pre>", escaped(text)).expect(write);
    }
    page
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_cargo_names_a_package() {
        let line = "ring v0.17.14\tApache-2.0 AND ISC\thttps://example.org/ring (*)";
        let expected = Package {
            name: "ring".into(),
            version: "0.17.14".into(),
            licence: "Apache-2.0 AND ISC".into(),
            address: "https://example.org/ring".into(),
        };
        assert_eq!(package(line), Some(expected), "its three columns");
        assert_eq!(
            package("ringcard-core v0.1.0 (/somewhere)\tProprietary\t"),
            None,
            "our own rooms are not somebody else's work"
        );
    }

    #[test]
    fn a_licence_is_shown_and_not_interpreted() {
        let packages = [Package {
            name: "a".into(),
            version: "1".into(),
            licence: "MIT".into(),
            address: String::new(),
        }];
        let texts = BTreeMap::from([("<b>free</b>".to_owned(), packages.to_vec())]);
        assert!(
            html(&packages, &texts).contains("&lt;b&gt;free"),
            "texts come from strangers"
        );
    }
}

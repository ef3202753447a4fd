//! Who may use whom: the arrows of DESIGN "The house", read from the manifests.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::tree::{File, files};
use crate::{Finding, expect_none};

/// Each room with the rooms it may use.
const ARROWS: [(&str, &[&str]); 12] = [
    ("ringcard-core", &[]),
    ("ringcard-telephony", &["ringcard-core"]),
    ("ringcard-crm", &["ringcard-core"]),
    ("ringcard-mirror", &["ringcard-core"]),
    ("ringcard-journal", &["ringcard-core"]),
    ("ringcard-ipc", &["ringcard-core"]),
    ("ringcard-sandbox", &["ringcard-core"]),
    (
        "ringcard-sync",
        &["ringcard-crm", "ringcard-mirror", "ringcard-core"],
    ),
    (
        "ringcard-app",
        &[
            "ringcard-sync",
            "ringcard-telephony",
            "ringcard-crm",
            "ringcard-mirror",
            "ringcard-journal",
            "ringcard-core",
        ],
    ),
    (
        "ringcard-host",
        &[
            "ringcard-app",
            "ringcard-ipc",
            "ringcard-sync",
            "ringcard-telephony",
            "ringcard-crm",
            "ringcard-mirror",
            "ringcard-journal",
            "ringcard-core",
        ],
    ),
    ("ringcard-cli", &["ringcard-ipc"]),
    (
        "ringcard",
        &["ringcard-host", "ringcard-cli", "ringcard-ipc"],
    ),
];

/// What a room must not take from outside.
const FOREIGN: [(&str, &[&str]); 8] = [
    (
        "ringcard-core",
        &["tokio", "rusqlite", "reqwest", "axum", "jiff"],
    ),
    ("ringcard-telephony", &["rusqlite"]),
    ("ringcard-crm", &["rusqlite"]),
    ("ringcard-mirror", &["reqwest", "axum", "tokio"]),
    ("ringcard-journal", &["reqwest", "axum", "tokio"]),
    ("ringcard-sync", &["rusqlite", "reqwest"]),
    ("ringcard-app", &["rusqlite", "reqwest", "axum"]),
    ("ringcard-ipc", &["rusqlite", "reqwest", "tokio"]),
];

#[test]
fn rooms_use_only_the_rooms_below_them() {
    expect_none(
        "an arrow is missing in DESIGN \"The house\"",
        &everywhere(forbidden_arrows),
    );
}

/// Packages that may use everything but the shell.
const UNBOUND: [&str; 2] = ["ringcard-tests", "ringcard-bench"];

#[test]
fn every_room_has_its_arrows() {
    let unknown = |file: &File, manifest: &Table| {
        let name = package(manifest)
            .filter(|name| name.starts_with("ringcard") && !UNBOUND.contains(name))?;
        let known = ARROWS.iter().any(|(room, _)| *room == name);
        (!known).then(|| Finding::new(&file.path, 1, format!("{name} is not in the table")))
    };
    expect_none(
        "a new room is first written down in DESIGN and here",
        &everywhere(|file, manifest| unknown(file, manifest).into_iter().collect()),
    );
}

#[test]
fn only_the_shell_knows_tauri() {
    expect_none(
        "Tauri stays in one room",
        &everywhere(tauri_outside_the_shell),
    );
}

#[test]
fn rooms_take_nothing_that_is_not_theirs() {
    expect_none(
        "what a room never does (DESIGN \"The house\"), it need not depend on",
        &everywhere(foreign),
    );
}

#[test]
fn xtask_stands_alone() {
    let dependencies = |file: &File, manifest: &Table| {
        let all = sections(
            manifest,
            &["dependencies", "build-dependencies", "dev-dependencies"],
        );
        let own = package(manifest) == Some("xtask");
        all.into_iter()
            .filter(|_| own)
            .map(|name| Finding::new(&file.path, line_of(file, &name), format!("uses {name}")))
            .collect()
    };
    expect_none(
        "xtask works while nothing else builds: standard library only",
        &everywhere(dependencies),
    );
}

#[test]
fn crates_come_from_the_public_registry() {
    let lock = files()
        .iter()
        .filter(|file| file.path.ends_with("Cargo.lock"));
    let foreign = lock.flat_map(|file| {
        file.lines()
            .filter(|(_, line)| {
                line.starts_with("source = ")
                    && !line.contains("registry+https://github.com/rust-lang/crates.io-index")
            })
            .map(|(number, line)| Finding::new(&file.path, number, line))
    });
    let packages = files()
        .iter()
        .filter(|file| file.path.ends_with("package-lock.json"));
    let npm = packages.flat_map(|file| {
        file.lines()
            .filter(|(_, line)| {
                line.contains("\"resolved\": \"http")
                    && !line.contains("\"https://registry.npmjs.org/")
            })
            .map(|(number, line)| Finding::new(&file.path, number, line.trim()))
    });
    expect_none(
        "another source is not there for everyone",
        &foreign.chain(npm).collect::<Vec<_>>(),
    );
}

fn everywhere(rule: impl Fn(&File, &Table) -> Vec<Finding>) -> Vec<Finding> {
    let manifests = files()
        .iter()
        .filter(|file| file.path.ends_with("Cargo.toml"));
    let read = |file: &File| {
        file.text
            .parse::<Table>()
            .unwrap_or_else(|error| panic!("{}: {error}", file.path))
    };
    manifests.flat_map(|file| rule(file, &read(file))).collect()
}

fn forbidden_arrows(file: &File, manifest: &Table) -> Vec<Finding> {
    let Some((room, allowed)) =
        package(manifest).and_then(|name| ARROWS.iter().find(|(room, _)| *room == name))
    else {
        return shell_from_tests(file, manifest);
    };
    let used = sections(manifest, &["dependencies", "build-dependencies"])
        .into_iter()
        .map(|name| (name, false));
    let in_tests = sections(manifest, &["dev-dependencies"])
        .into_iter()
        .map(|name| (name, true));
    let own = |name: &str| name == "ringcard" || name.starts_with("ringcard-");
    let fits = |name: &str, test: bool| {
        allowed.contains(&name) || (test && (name == "ringcard-sandbox" || name == *room))
    };
    let wrong = used
        .chain(in_tests)
        .filter(|(name, test)| own(name) && !fits(name, *test));
    wrong
        .map(|(name, _)| {
            Finding::new(
                &file.path,
                line_of(file, &name),
                format!("{room} may not use {name}"),
            )
        })
        .collect()
}

/// The tests use every room but the shell.
fn shell_from_tests(file: &File, manifest: &Table) -> Vec<Finding> {
    let all = sections(
        manifest,
        &["dependencies", "build-dependencies", "dev-dependencies"],
    );
    let shell = all.contains("ringcard");
    shell
        .then(|| {
            Finding::new(
                &file.path,
                line_of(file, "ringcard"),
                "nobody uses the shell",
            )
        })
        .into_iter()
        .collect()
}

fn tauri_outside_the_shell(file: &File, manifest: &Table) -> Vec<Finding> {
    if package(manifest) == Some("ringcard") {
        return Vec::new();
    }
    let all = sections(
        manifest,
        &["dependencies", "build-dependencies", "dev-dependencies"],
    );
    let tauri = all
        .into_iter()
        .filter(|name| name == "tauri" || name.starts_with("tauri-"));
    tauri
        .map(|name| Finding::new(&file.path, line_of(file, &name), format!("uses {name}")))
        .collect()
}

fn foreign(file: &File, manifest: &Table) -> Vec<Finding> {
    let Some((room, never)) =
        package(manifest).and_then(|name| FOREIGN.iter().find(|(room, _)| *room == name))
    else {
        return Vec::new();
    };
    let used = sections(manifest, &["dependencies", "build-dependencies"]);
    let wrong = used
        .into_iter()
        .filter(|name| never.contains(&name.as_str()));
    wrong
        .map(|name| {
            Finding::new(
                &file.path,
                line_of(file, &name),
                format!("{room} never uses {name}"),
            )
        })
        .collect()
}

fn package(manifest: &Table) -> Option<&str> {
    manifest.get("package")?.get("name")?.as_str()
}

/// The packages named in these sections, also in those for one system only.
fn sections(manifest: &Table, kinds: &[&str]) -> BTreeSet<String> {
    let targets = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flat_map(|targets| targets.values());
    let tables: Vec<&Table> = std::iter::once(manifest)
        .chain(targets.filter_map(Value::as_table))
        .collect();
    let named = tables
        .iter()
        .flat_map(|table| kinds.iter().filter_map(|kind| table.get(*kind)?.as_table()))
        .flatten();
    named
        .map(|(key, value)| {
            value
                .get("package")
                .and_then(Value::as_str)
                .unwrap_or(key)
                .to_owned()
        })
        .collect()
}

fn line_of(file: &File, name: &str) -> usize {
    let starts = |line: &str| {
        line.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with([' ', '.', '=']))
    };
    file.lines()
        .find(|(_, line)| starts(line.trim()))
        .map_or(1, |(number, _)| number)
}

#[cfg(test)]
fn manifest(text: &str) -> (File, Table) {
    let table = text.parse().unwrap();
    (
        File {
            path: "Cargo.toml".into(),
            text: text.into(),
        },
        table,
    )
}

#[test]
fn an_arrow_upwards_is_found() {
    let hidden = "[package]\nname = \"ringcard-core\"\n[target.'cfg(windows)'.dependencies]\nx = { package = \"ringcard-mirror\" }\n";
    let (file, table) = manifest(hidden);
    assert_eq!(
        forbidden_arrows(&file, &table).len(),
        1,
        "neither a new name nor one system hides it"
    );
    let (file, table) = manifest(
        "[package]\nname = \"ringcard-crm\"\n[dependencies]\nringcard-telephony.workspace = true\n",
    );
    assert_eq!(
        forbidden_arrows(&file, &table),
        [Finding::new(
            "Cargo.toml",
            4,
            "ringcard-crm may not use ringcard-telephony"
        )],
        "they do not know each other"
    );
}

#[test]
fn the_sandbox_is_for_tests_only() {
    let (file, table) = manifest(
        "[package]\nname = \"ringcard-crm\"\n[dev-dependencies]\nringcard-sandbox.workspace = true\n",
    );
    assert!(
        forbidden_arrows(&file, &table).is_empty(),
        "tests may call it"
    );
    let (file, table) = manifest(
        "[package]\nname = \"ringcard-crm\"\n[dependencies]\nringcard-sandbox.workspace = true\n",
    );
    assert_eq!(
        forbidden_arrows(&file, &table).len(),
        1,
        "the product may not"
    );
}

#[test]
fn a_foreign_crate_is_found() {
    let (file, table) = manifest(
        "[package]\nname = \"ringcard-core\"\n[dependencies]\ntokio.workspace = true\ntauri = \"2\"\n",
    );
    assert_eq!(foreign(&file, &table).len(), 1, "the core has no runtime");
    assert_eq!(
        tauri_outside_the_shell(&file, &table).len(),
        1,
        "the core has no windows"
    );
}

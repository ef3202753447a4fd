//! Migrations are never edited once merged: their checksums stand in `migrations.txt`.
//!
//! A new migration is added to the list with `sha256sum FILE >> tests/tidy/migrations.txt` from the root.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::tree::{File, files};
use crate::{Finding, expect_none};

const LIST: &str = "tests/tidy/migrations.txt";

#[test]
fn migrations_are_never_edited() {
    let migrations: Vec<&File> = files()
        .iter()
        .filter(|file| file.path.contains("/migrations/") && file.has_extension(&["sql"]))
        .collect();
    let list = files()
        .iter()
        .find(|file| file.path == LIST)
        .map_or("", |file| &file.text);
    let findings = edited(&migrations, list);
    expect_none(
        "a merged migration has run on people's desktops; write a new one (STYLE, Mirror and sync)",
        &findings,
    );
}

fn edited(migrations: &[&File], list: &str) -> Vec<Finding> {
    let mut listed: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for (index, line) in list.lines().enumerate() {
        if let Some((sum, path)) = line.split_once("  ") {
            listed.insert(path.trim(), (index + 1, sum));
        }
    }
    let mut findings = Vec::new();
    for file in migrations {
        let sum = checksum(&file.text);
        match listed.remove(file.path.as_str()) {
            Some((_, known)) if known == sum => {}
            Some((line, _)) => findings.push(Finding::new(
                LIST,
                line,
                format!("{} was edited", file.path),
            )),
            None => findings.push(Finding::new(
                &file.path,
                1,
                format!("new: add the line \"{sum}  {}\" to {LIST}", file.path),
            )),
        }
    }
    findings.extend(
        listed
            .into_iter()
            .map(|(path, (line, _))| Finding::new(LIST, line, format!("{path} is gone"))),
    );
    findings
}

fn checksum(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a String takes every text");
        hex
    })
}

#[test]
fn an_edited_migration_is_found() {
    let file = |text: &str| File {
        path: "mirror/migrations/0001.sql".into(),
        text: text.into(),
    };
    let list = format!(
        "{}  mirror/migrations/0001.sql\n",
        checksum("create table contact")
    );
    assert!(
        edited(&[&file("create table contact")], &list).is_empty(),
        "it is as it was"
    );
    assert_eq!(
        edited(&[&file("create table person")], &list).len(),
        1,
        "it was edited"
    );
    assert_eq!(edited(&[], &list).len(), 1, "it is gone");
    assert_eq!(
        edited(&[&file("create table contact")], "").len(),
        1,
        "it is not in the list yet"
    );
}

#[test]
fn checksums_are_those_of_sha256sum() {
    assert_eq!(
        checksum("").get(..8),
        Some("e3b0c442"),
        "the list is made with sha256sum"
    );
}

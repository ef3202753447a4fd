//! How long a file may be, and how a Rust file begins.

use crate::tree::{File, files};
use crate::{Finding, expect_none};

#[test]
fn files_hold_one_idea() {
    let findings: Vec<Finding> = files().iter().filter_map(too_long).collect();
    expect_none(
        "a file that is too long holds more than one idea (STYLE, Files and functions)",
        &findings,
    );
}

#[test]
fn rust_files_say_what_they_are_for() {
    let findings: Vec<Finding> = files().iter().filter_map(without_purpose).collect();
    expect_none(
        "the first line of a Rust file is `//!` and a sentence",
        &findings,
    );
}

#[test]
fn the_readme_is_short() {
    let long = files()
        .iter()
        .find(|file| file.path == "README.md" && file.text.lines().count() > 120);
    assert!(
        long.is_none(),
        "README.md has more than 120 lines: nobody reads it to the end"
    );
}

fn too_long(file: &File) -> Option<Finding> {
    let limit = match file.path.rsplit_once('.')?.1 {
        "svelte" => 250,
        "rs" | "ts" | "mjs" | "py" | "sh" if file.is_a_test() => 600,
        "rs" | "ts" | "mjs" | "py" | "sh" => 400,
        _ => return None,
    };
    let lines = file.text.lines().count();
    (lines > limit && !file.is_data()).then(|| {
        Finding::new(
            &file.path,
            limit + 1,
            format!("{lines} lines, the limit is {limit}"),
        )
    })
}

fn without_purpose(file: &File) -> Option<Finding> {
    let begins = file
        .text
        .lines()
        .next()
        .is_some_and(|line| line.starts_with("//! ") && line.len() > 8);
    (file.has_extension(&["rs"]) && !begins)
        .then(|| Finding::new(&file.path, 1, "there is no `//!` line"))
}

#[test]
fn long_and_mute_files_are_found() {
    let file = |path: &str, text: String| File {
        path: path.to_owned(),
        text,
    };
    assert!(
        too_long(&file("src-tauri/src/main.rs", "x\n".repeat(401))).is_some(),
        "400 lines are the limit"
    );
    assert!(
        too_long(&file("tests/it/main.rs", "x\n".repeat(401))).is_none(),
        "tests may have 600"
    );
    assert!(
        too_long(&file("ui/src/shared/Button.svelte", "x\n".repeat(251))).is_some(),
        "components stop at 250"
    );
    assert!(
        without_purpose(&file("a.rs", "use std::fs;\n".to_owned())).is_some(),
        "it does not say what it is for"
    );
}

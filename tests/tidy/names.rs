//! What a file may be called.

use crate::tree::files;
use crate::{Finding, expect_none};

const NAMELESS: [&str; 8] = [
    "util", "utils", "helper", "helpers", "manager", "managers", "service", "services",
];

/// Other files are named by the programs that read them.
const CODE: [&str; 7] = ["rs", "ts", "svelte", "css", "mjs", "py", "sh"];

#[test]
fn files_are_named_after_one_thing() {
    let code = files()
        .iter()
        .filter(|file| !file.is_data() && file.has_extension(&CODE));
    let findings: Vec<Finding> = code.filter_map(|file| nameless(&file.path)).collect();
    expect_none(
        "if it cannot be named, it is not one thing yet (STYLE, Files and functions)",
        &findings,
    );
}

fn nameless(path: &str) -> Option<Finding> {
    let stems = path
        .split('/')
        .map(|part| part.split('.').next().unwrap_or(part).to_ascii_lowercase());
    let found = stems.into_iter().find(|stem| {
        stem.split(['_', '-'])
            .next_back()
            .is_some_and(|word| NAMELESS.contains(&word))
    })?;
    Some(Finding::new(path, 1, format!("\"{found}\" says nothing")))
}

#[test]
fn a_nameless_file_is_found() {
    assert!(
        nameless("ui/src/shared/utils.ts").is_some()
            && nameless("src-tauri/src/call_manager.rs").is_some(),
        "they say nothing"
    );
    assert!(
        nameless("src-tauri/crates/core/src/call.rs").is_none(),
        "a call is one thing"
    );
}

//! Stages on the crates: format, clippy, tidy, tests, bindings.
//!
//! Every call selects the same packages, so that cargo builds each dependency once.

use std::fs;
use std::path::PathBuf;

use super::{Context, targets};
use crate::bindings;
use crate::child::Invocation;
use crate::project::{Project, is_on_path};

/// Test targets that need more than a Rust toolchain and have stages of their own.
const HEAVY: [&str; 7] = [
    "asterisk_",
    "contract_",
    "e2e_",
    "numbers_",
    "secret_",
    "windows_",
    "zoho_",
];

/// All but the app with windows: for one selection each dependency has one set of features.
pub const CRATES: [&str; 3] = ["--workspace", "--exclude", "ringcard"];

pub fn format(context: &Context) -> Result<(), String> {
    context.run(context.project.cargo().args(["fmt", "--all", "--check"]))
}

/// Compiles everything under the eyes of clippy; the stages behind this one run what it has compiled.
pub fn clippy(context: &Context) -> Result<(), String> {
    let build = context.cargo().args(["test", "--locked", "--no-run"]);
    context.run(build.args(CRATES).arg("--all-targets"))
}

pub fn tidy(context: &Context) -> Result<(), String> {
    context.run(test_target(context, "tidy"))
}

pub fn crates(context: &Context) -> Result<(), String> {
    let heavy: Vec<String> = targets(context.project)
        .into_iter()
        .filter(|name| is_heavy(name))
        .collect();
    if is_on_path("cargo-nextest") {
        context.run(with_nextest(context, &heavy))?;
    } else {
        let targets = light_targets(context);
        let tests = context
            .cargo()
            .args(["test", "--locked", "--lib", "--bins"]);
        let rooms = tests_of_rooms(context.project).chain(targets);
        context.run(of_targets(tests.args(CRATES), rooms))?;
    }
    context.run(
        context
            .cargo()
            .args(["test", "--locked", "--doc"])
            .args(CRATES),
    )
}

/// The tests across the crates that need nothing but Rust, without the rules of the house.
pub fn light_targets(context: &Context) -> Vec<String> {
    targets(context.project)
        .into_iter()
        .filter(|name| name != "tidy" && !is_heavy(name))
        .collect()
}

pub fn bindings(context: &Context) -> Result<(), String> {
    bindings::check(context.project, context.cargo(), context.deadline)
}

/// `cargo test` of one target across the crates, with its output shown as it comes.
pub fn test_target(context: &Context, target: &str) -> Invocation {
    let test = context.cargo().args(["test", "--locked"]);
    test.args(CRATES).args(["--test", target])
}

/// The tests beside the rooms' sources: each file is one.
pub fn tests_of_rooms(project: &Project) -> impl Iterator<Item = String> {
    let files_in = |folder: PathBuf| {
        let entries = fs::read_dir(folder).into_iter().flatten();
        entries.filter_map(Result::ok).map(|entry| entry.path())
    };
    let mut names: Vec<String> = files_in(project.path("src-tauri/crates"))
        .flat_map(|room| files_in(room.join("tests")))
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|file| Some(file.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    names.dedup();
    names.into_iter()
}

/// Names the test targets of a call.
pub fn of_targets(call: Invocation, targets: impl Iterator<Item = String>) -> Invocation {
    targets.fold(call, |call, target| call.args(["--test", &target]))
}

fn with_nextest(context: &Context, heavy: &[String]) -> Invocation {
    let others: Vec<String> = heavy
        .iter()
        .map(String::as_str)
        .chain(["tidy"])
        .map(|name| format!("binary(={name})"))
        .collect();
    let filter = format!("not (package(=ringcard-tests) & ({}))", others.join(" | "));
    let run = ["nextest", "run", "--locked", "--no-tests=warn"];
    let run = context.cargo().args(run).args(CRATES);
    run.args(["-E", &filter])
}

fn is_heavy(target: &str) -> bool {
    HEAVY.iter().any(|prefix| target.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_with_outside_peers_is_heavy() {
        assert!(
            is_heavy("contract_sandbox") && is_heavy("zoho_sdk"),
            "they have stages of their own"
        );
        assert!(!is_heavy("it"), "nobody else would run it");
    }
}

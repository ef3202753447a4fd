//! Stages on Windows, run on Debian: lints, and the crates' tests under wine.

use std::fs;
use std::path::PathBuf;

use super::Context;
use super::rust::light_targets;
use crate::project::Project;
use crate::windows::{TARGET, Toolchain, Wine};

/// Not for Windows here: the app with windows is built by `cargo xtask bundle`, the figures are measured elsewhere.
/// Both stages below select the same packages, so that each dependency is built for one set of features.
const LEFT_OUT: [&str; 4] = ["--exclude", "ringcard", "--exclude", "ringcard-bench"];

/// Tests that are left out under wine, each with the reason. A name is matched anywhere in a test's path.
const NOT_UNDER_WINE: [(&str, &str); 3] = [
    (
        "a_slow_reader_is_closed_without_a_word",
        "an unkindness of the sandbox, made of what a socket of Linux holds back; wine's holds everything",
    ),
    (
        "second_ringcard_of_a_home_does_not_start",
        "wine lets a second program make the first instance of a pipe, which Windows refuses",
    ),
    (
        "every_split_of_a_ring_gives_the_same_call",
        "a minute of arithmetic without a word to the system; it runs on Linux",
    ),
];

pub fn clippy(context: &Context) -> Result<(), String> {
    let project = context.project;
    let toolchain = Toolchain::prepare(project, context.deadline)?;
    let clippy = toolchain
        .clippy(project)
        .args(["--locked", "--workspace"])
        .args(LEFT_OUT)
        .args(["--target", TARGET, "--", "-D", "warnings"]);
    context.run(clippy)
}

pub fn tests(context: &Context) -> Result<(), String> {
    let project = context.project;
    let toolchain = Toolchain::prepare(project, context.deadline)?;
    let wine = Wine::prepare(project, context.deadline)?.copy(project, context.deadline)?;
    for (name, reason) in NOT_UNDER_WINE {
        println!("left out: {name}: {reason}");
    }
    let tests = toolchain
        .cargo(project)
        .args(["test", "--locked", "--no-fail-fast", "--target", TARGET])
        .arg("--workspace")
        .args(LEFT_OUT)
        // xtask's own tests are about Debian.
        .args(["--exclude", "xtask", "--lib", "--bins"]);
    let targets = tests_of_rooms(project).chain(light_targets(context));
    let tests = targets.fold(tests, |tests, target| tests.args(["--test", &target]));
    let skipped = NOT_UNDER_WINE
        .iter()
        .flat_map(|(name, _)| ["--skip", *name]);
    context.run(wine.as_runner(tests.arg("--").args(skipped)))
}

/// The tests beside the rooms' sources: each file is one.
fn tests_of_rooms(project: &Project) -> impl Iterator<Item = String> {
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

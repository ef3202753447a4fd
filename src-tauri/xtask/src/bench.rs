//! `cargo xtask bench`: figures of the built product, measured by the program `bench` of `ringcard-tests`.

use std::fs;

use crate::child::minutes;
use crate::project::Project;

/// Builds in the release profile and measures; arguments are handed on.
pub fn run(project: &Project, arguments: &[String]) -> Result<(), String> {
    let manifest = fs::read_to_string(project.path("tests/Cargo.toml"))
        .map_err(|error| format!("tests/Cargo.toml: {error}"))?;
    if !manifest.contains("name = \"bench\"") {
        return Err("there is no program `bench` in tests/Cargo.toml".to_owned());
    }
    let bench = [
        "run",
        "--locked",
        "--release",
        "-p",
        "ringcard-tests",
        "--bin",
        "bench",
        "--",
    ];
    project
        .cargo()
        .args(bench)
        .args(arguments)
        .run(minutes(120))
}

//! `cargo xtask bench`: figures of the built product, measured by `ringcard-bench` in tests/bench.

use crate::child::minutes;
use crate::project::Project;

/// Builds in the release profile and measures; arguments are handed on.
pub fn run(project: &Project, arguments: &[String]) -> Result<(), String> {
    let bench = ["run", "--locked", "--release", "-p", "ringcard-bench", "--"];
    project
        .cargo()
        .args(bench)
        .args(arguments)
        .run(minutes(120))
}

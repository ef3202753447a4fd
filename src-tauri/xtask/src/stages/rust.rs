//! Stages on the crates: format, clippy, tidy, tests, bindings.
//!
//! Every call selects the same packages (the workspace's default members), so that cargo builds each dependency once.

use super::{Context, targets};
use crate::bindings;
use crate::child::Invocation;
use crate::project::is_on_path;

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

pub fn format(context: &Context) -> Result<(), String> {
    context.run(context.project.cargo().args(["fmt", "--all", "--check"]))
}

pub fn clippy(context: &Context) -> Result<(), String> {
    context.run(context.project.cargo().args([
        "clippy",
        "--locked",
        "--workspace",
        "--exclude",
        "ringcard",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

pub fn tidy(context: &Context) -> Result<(), String> {
    context.run(
        context
            .project
            .cargo()
            .args(["test", "--locked", "--test", "tidy"]),
    )
}

pub fn crates(context: &Context) -> Result<(), String> {
    let heavy: Vec<String> = targets(context.project)
        .into_iter()
        .filter(|name| is_heavy(name))
        .collect();
    if is_on_path("cargo-nextest") {
        context.run(with_nextest(context, &heavy))?;
    } else {
        let crates = [
            "test",
            "--locked",
            "--workspace",
            "--exclude",
            "ringcard",
            "--exclude",
            "ringcard-tests",
            "--exclude",
            "ringcard-bench",
            "--lib",
            "--bins",
            "--tests",
        ];
        context.run(context.project.cargo().args(crates))?;
        for target in light_targets(context) {
            context.run(test_target(context, &target))?;
        }
    }
    context.run(context.project.cargo().args(["test", "--locked", "--doc"]))
}

/// The tests across the crates that need nothing but Rust, without the rules of the house.
pub fn light_targets(context: &Context) -> Vec<String> {
    targets(context.project)
        .into_iter()
        .filter(|name| name != "tidy" && !is_heavy(name))
        .collect()
}

pub fn bindings(context: &Context) -> Result<(), String> {
    bindings::check(context.project, context.deadline)
}

/// `cargo test` of one target across the crates, with its output shown as it comes.
pub fn test_target(context: &Context, target: &str) -> Invocation {
    context
        .project
        .cargo()
        .args(["test", "--locked", "--test", target])
}

fn with_nextest(context: &Context, heavy: &[String]) -> Invocation {
    let others: Vec<String> = heavy
        .iter()
        .map(String::as_str)
        .chain(["tidy"])
        .map(|name| format!("binary(={name})"))
        .collect();
    let filter = format!("not (package(=ringcard-tests) & ({}))", others.join(" | "));
    context.project.cargo().args([
        "nextest",
        "run",
        "--locked",
        "--no-tests=warn",
        "-E",
        &filter,
    ])
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

//! Stages on the app with windows: clippy, tests, and the built program on a screen of its own.
//!
//! The windows are built first: every cargo command on the shell embeds them, clippy included.

use std::time::Instant;

use super::Context;
use super::interface;
use super::rust::test_target;
use crate::child::Invocation;
use crate::project::Project;

/// The app with windows.
const APP: [&str; 2] = ["-p", "ringcard"];

/// Compiles the app and its tests under the eyes of clippy; the stages behind this one run what it has compiled.
pub fn clippy(context: &Context) -> Result<(), String> {
    interface::build(context.project, context.deadline)?;
    let build = context.cargo().args(["test", "--locked", "--no-run"]);
    context.run(build.args(APP).arg("--all-targets"))
}

pub fn test(context: &Context) -> Result<(), String> {
    interface::build(context.project, context.deadline)?;
    context.run(context.cargo().args(["test", "--locked"]).args(APP))
}

pub fn focus(context: &Context) -> Result<(), String> {
    on_a_screen(context, "e2e_focus")
}

pub fn end_to_end(context: &Context) -> Result<(), String> {
    on_a_screen(context, "e2e_shell")
}

/// Builds the windows and the app around them.
pub fn build(project: &Project, cargo: Invocation, deadline: Instant) -> Result<(), String> {
    interface::build(project, deadline)?;
    cargo.args(["build", "--locked"]).args(APP).run(deadline)
}

/// Runs a test target on a screen and a session bus of its own; `RINGCARD_APP` names the built app.
fn on_a_screen(context: &Context, target: &str) -> Result<(), String> {
    build(context.project, context.cargo(), context.deadline)?;
    context.run(test_target(context, target).arg("--no-run"))?;
    let inner = test_target(context, target).args(["--", "--test-threads=1"]);
    context.run(
        inner
            .on_its_own_screen()
            .env("RINGCARD_APP", context.project.built("ringcard")),
    )
}

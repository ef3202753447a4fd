//! Stages on the windows' own code: npm packages, types, tests, build, pictures in a browser.

use std::fs;
use std::time::Instant;

use super::Context;
use crate::child::Invocation;
use crate::project::{Project, npm};

pub fn check(context: &Context) -> Result<(), String> {
    let project = context.project;
    install(project, "ui", context.deadline)?;
    let scripts = fs::read_to_string(project.path("ui/package.json"))
        .map_err(|error| format!("ui/package.json: {error}"))?;
    context.run(script(project, "check"))?;
    if scripts.contains("\"lint\":") {
        context.run(script(project, "lint"))?;
    }
    context.run(script(project, "test"))?;
    context.run(script(project, "build"))
}

pub fn pictures(context: &Context) -> Result<(), String> {
    build(context.project, context.deadline)?;
    install(context.project, "tests/ui", context.deadline)?;
    context.run(context.project.program("node").arg("tests/ui/run.mjs"))
}

/// Builds the windows that the app embeds. Without them in the tree there is nothing to do.
pub fn build(project: &Project, deadline: Instant) -> Result<(), String> {
    if !project.has("ui/package.json") {
        return Ok(());
    }
    install(project, "ui", deadline)?;
    script(project, "build").run(deadline)
}

/// `npm ci`, unless what is installed came from this very lock file.
fn install(project: &Project, folder: &str, deadline: Instant) -> Result<(), String> {
    let lock = project.path(folder).join("package-lock.json");
    let Ok(wanted) = fs::read(&lock) else {
        return Ok(());
    };
    let mark = project
        .path(folder)
        .join("node_modules")
        .join(".installed-from");
    if fs::read(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let npm = project
        .program(npm())
        .directory(&project.path(folder))
        .args(["ci", "--no-audit", "--no-fund", "--cache"]);
    npm.arg(project.cache.join("npm")).run(deadline)?;
    fs::write(&mark, wanted).map_err(|error| format!("{}: {error}", mark.display()))
}

fn script(project: &Project, name: &str) -> Invocation {
    project
        .program(npm())
        .directory(&project.path("ui"))
        .args(["run", name])
}

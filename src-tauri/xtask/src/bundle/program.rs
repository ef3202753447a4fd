//! The release program for Windows: small, in one piece, with its windows inside.

use std::path::PathBuf;
use std::time::Instant;

use crate::child::Invocation;
use crate::project::Project;
use crate::stages::build_interface;
use crate::windows::{TARGET, Toolchain};

/// What was built.
pub struct Built {
    /// The program.
    pub program: PathBuf,
    /// The library that programs built by mingw need beside them to find WebView2.
    pub loader: Option<PathBuf>,
}

/// Builds the windows and the program around them.
pub fn build(project: &Project, deadline: Instant) -> Result<Built, String> {
    build_interface(project, deadline)?;
    if cfg!(windows) {
        with_msvc(project, deadline)
    } else {
        with_mingw(project, deadline)
    }
}

fn with_msvc(project: &Project, deadline: Instant) -> Result<Built, String> {
    let cargo = project.cargo().args(["build", "--locked", "--release"]);
    in_one_piece(cargo.args(["-p", "ringcard"])).run(deadline)?;
    Ok(Built {
        program: project.target.join("release").join("ringcard.exe"),
        loader: None,
    })
}

/// The program's own tests for Windows, compiled under the eyes of clippy. What others wrote is there already: the
/// program was built of it.
pub fn tests(project: &Project, deadline: Instant) -> Result<Invocation, String> {
    let toolchain = Toolchain::prepare(project, deadline)?;
    let cargo = toolchain.linting(toolchain.releasing_cargo(project));
    let cargo = cargo.args(["test", "--locked", "--release", "-p", "ringcard"]);
    Ok(in_one_piece(cargo.args(["--target", TARGET])))
}

fn with_mingw(project: &Project, deadline: Instant) -> Result<Built, String> {
    let toolchain = Toolchain::prepare(project, deadline)?;
    let cargo = toolchain
        .releasing_cargo(project)
        .args(["build", "--locked", "--release", "-p", "ringcard"])
        .args(["--target", TARGET]);
    in_one_piece(cargo).run(deadline)?;
    let folder = toolchain.target.join(TARGET).join("release");
    Ok(Built {
        program: folder.join("ringcard.exe"),
        loader: Some(folder.join("WebView2Loader.dll")),
    })
}

/// Optimised over all crates at once: minutes of work that only what is handed to people is worth.
fn in_one_piece(cargo: Invocation) -> Invocation {
    cargo
        .env("CARGO_PROFILE_RELEASE_LTO", "thin")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1")
}

//! Stages on Windows, run on Debian: lints, the crates' tests under wine, and the installer with what it installs.

use std::fs;
use std::path::Path;

use super::Context;
use super::rust::{light_targets, of_targets, test_target, tests_of_rooms};
use crate::bundle::{self, Packed, Parts, Release, Signing};
use crate::child::Invocation;
use crate::windows::{TARGET, Toolchain, Wine};

/// Not for Windows here: the program is linted and tested in what it is packed of, the figures are measured elsewhere.
/// xtask's own tests are about Debian.
const LEFT_OUT: [&str; 6] = [
    "--exclude",
    "ringcard",
    "--exclude",
    "ringcard-bench",
    "--exclude",
    "xtask",
];

/// Where the signer of [`pack_newer`] writes down what it was asked to sign, line by line.
const SIGNED: &str = "signed.txt";

/// Tests that are left out under wine, each with the reason. A name is matched anywhere in a test's path.
const NOT_UNDER_WINE: [(&str, &str); 3] = [
    (
        "slow_reader_is_closed_without_a_word",
        "an unkindness made of what a socket of Linux holds back; wine's holds everything",
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

/// Compiles everything under the eyes of clippy; the next stage runs what it has compiled.
pub fn clippy(context: &Context) -> Result<(), String> {
    let project = context.project;
    let toolchain = Toolchain::prepare(project, context.deadline)?;
    context.run(of_rooms(context, &toolchain).arg("--no-run"))?;
    // It needs no crate of others.
    let own = toolchain.linting_cargo(project).args(["build", "--locked"]);
    context.run(own.args(["-p", "xtask", "--target", TARGET]))
}

pub fn tests(context: &Context) -> Result<(), String> {
    let project = context.project;
    let toolchain = Toolchain::prepare(project, context.deadline)?;
    let wine = Wine::prepare(project, context.deadline)?.copy(project, context.deadline)?;
    for (name, reason) in NOT_UNDER_WINE {
        println!("left out: {name}: {reason}");
    }
    let skipped = NOT_UNDER_WINE
        .iter()
        .flat_map(|(name, _)| ["--skip", *name]);
    let tests = of_rooms(context, &toolchain).arg("--no-fail-fast");
    context.run(wine.as_runner(tests.arg("--").args(skipped)))
}

/// The tests of the rooms and across them, for Windows.
fn of_rooms(context: &Context, toolchain: &Toolchain) -> Invocation {
    let tests = toolchain
        .linting_cargo(context.project)
        .args(["test", "--locked", "--workspace", "--lib", "--bins"])
        .args(LEFT_OUT)
        .args(["--target", TARGET]);
    let targets = tests_of_rooms(context.project).chain(light_targets(context));
    of_targets(tests, targets)
}

/// Builds the program and packs it, as for a release, and looks at what was made.
pub fn build(context: &Context) -> Result<(), String> {
    let project = context.project;
    let bundle = bundle::once(project, context.deadline)?;
    // Not in the bundle: nobody is to hand them on.
    let manifests = project.target.join("manifests-for-example");
    let address = "https://download.example/ringcard";
    bundle::fill_manifests(project, &bundle.packed.installer, address, &manifests)?;
    let test = test_target(context, "windows_bundle").env("RINGCARD_BUNDLE", &bundle.folder);
    context.run(test.env("RINGCARD_MANIFESTS", manifests))?;
    let wine = Wine::prepare(project, context.deadline)?.copy(project, context.deadline)?;
    context.run(wine.as_runner(bundle::tests_of_program(project, context.deadline)?))
}

/// Installs, runs, upgrades and removes what was built.
pub fn installer(context: &Context) -> Result<(), String> {
    let project = context.project;
    let bundle = bundle::once(project, context.deadline)?;
    let wine = Wine::prepare(project, context.deadline)?;
    let folder = project.target.join("newer");
    let newer = pack_newer(context, &bundle.parts, &folder)?;
    let target = "windows_installed";
    context.run(test_target(context, target).arg("--no-run"))?;
    let mut test = test_target(context, target)
        .args(["--", "--test-threads=1"])
        .env("RINGCARD_WINE", wine.prefix())
        .env("RINGCARD_INSTALLER", &bundle.packed.installer)
        .env("RINGCARD_NEWER_INSTALLER", &newer.installer)
        .env("RINGCARD_SIGNED", folder.join(SIGNED));
    if let (Some(package), Some(newer)) = (&bundle.packed.package, &newer.package) {
        test = test
            .env("RINGCARD_PACKAGE", package)
            .env("RINGCARD_NEWER_PACKAGE", newer);
    }
    let result = context.run(wine.on_a_screen(test));
    fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    result
}

/// Packs the same program once more, as a version to upgrade to, with a signer that only writes down what it is given.
fn pack_newer(context: &Context, parts: &Parts, folder: &Path) -> Result<Packed, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    fs::create_dir_all(folder).map_err(failed)?;
    let signer = folder.join("sign.sh");
    let script = format!("printf '%s\\n' \"$1\" >>\"${{0%/*}}/{SIGNED}\"\n");
    fs::write(&signer, script).map_err(failed)?;
    let release = Release {
        // Windows Installer knows no higher number than 255.
        version: "99.0.0",
        folder: folder.to_owned(),
        signing: Signing::by(format!("sh \"{}\"", signer.display())),
    };
    bundle::pack(context.project, context.deadline, parts, &release)
}

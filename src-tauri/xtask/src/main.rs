//! The project's commands: `cargo xtask demo | test | bindings | bundle | bench`.
//!
//! Standard library only, and nothing of Ringcard is linked: the commands work while the product does not build.

mod bench;
mod bindings;
mod bundle;
mod child;
mod demo;
mod manifest;
mod packages;
mod project;
mod report;
mod stages;
mod test;
mod windows;

use std::process::ExitCode;

use project::Project;

const USAGE: &str = "\
cargo xtask demo [--headless] [--screenshot DIR]
    Starts a sandbox telephone system, a sandbox Zoho and the app connected to both.
cargo xtask test [--stage NAME]... [--require-all] [--list]
    Runs every stage that this system can run and ends with a table.
cargo xtask bindings
    Writes the TypeScript types of everything that crosses to the windows.
cargo xtask bundle
    Builds the program for Windows and its installer.
cargo xtask bench [lookup | CONTACTS | ami | ring | screen]...
    Measures the built product and prints the figures beside their targets.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let Some((command, rest)) = arguments.split_first() else {
        return Err(USAGE.to_owned());
    };
    let project = Project::find();
    match command.as_str() {
        "demo" => demo::run(&project, &demo::Options::parse(rest)?).map(|()| ExitCode::SUCCESS),
        "test" => test::run(&project, &test::Options::parse(rest)?),
        "bindings" => bindings::write(&project).map(|()| ExitCode::SUCCESS),
        "bundle" => bundle::run(&project, rest).map(|()| ExitCode::SUCCESS),
        "bench" => bench::run(&project, rest).map(|()| ExitCode::SUCCESS),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        unknown => Err(format!("there is no command \"{unknown}\"\n\n{USAGE}")),
    }
}

//! `cargo xtask demo`: a sandbox telephone system, a sandbox Zoho, and the app connected to both.
//!
//! The contract with the two programs:
//! - `ringcard-sandbox demo --home DIR` writes a ready home folder, then prints one JSON line with its addresses, then
//!   rings until it is ended;
//! - `ringcard --home DIR` and `ringcard run --headless --home DIR` run until they are closed or ended; with
//!   `--screenshot DIR` the app saves a picture of every window there and closes by itself.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use crate::child::{Invocation, minutes};
use crate::packages::{self, Set};
use crate::project::Project;
use crate::stages::build_app;

/// How the demo is shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    headless: bool,
    screenshot: Option<PathBuf>,
}

impl Options {
    /// Reads the command line.
    pub fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--headless" => options.headless = true,
                "--screenshot" => {
                    options.screenshot = Some(PathBuf::from(
                        rest.next().ok_or("--screenshot needs a folder")?,
                    ))
                }
                unknown => return Err(format!("`demo` does not know {unknown}")),
            }
        }
        if options.headless && options.screenshot.is_some() {
            Err("without windows there are no pictures".to_owned())
        } else {
            Ok(options)
        }
    }
}

/// Where the app shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// On the display of this session.
    Display,
    /// On a display made for the pictures.
    OwnScreen,
    /// In the terminal.
    Terminal,
}

/// Installs what is missing, builds, and runs until the app ends or Ctrl+C.
pub fn run(project: &Project, options: &Options) -> Result<(), String> {
    let stand = stand(options, has_display());
    if stand == Stand::Terminal && !options.headless {
        println!("There is no display here: the demo prints what the agent would see.");
    }
    if stand == Stand::Terminal {
        let program = project.built("ringcard");
        println!("In another terminal everything can be done with the calls, for instance:");
        println!("  {} --home .demo answer", program.display());
    }
    prepare(project, stand)?;
    let home = project.path(".demo");
    let mut sandbox = project
        .program(project.built("ringcard-sandbox"))
        .args(["demo", "--home"])
        .arg(&home)
        .start_piped()?;
    let output = sandbox
        .child
        .stdout
        .take()
        .expect("it was started with its output piped");
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let Some(ready) = lines.next() else {
        sandbox.end();
        return Err("the sandbox ended before it was ready".to_owned());
    };
    println!("{ready}");
    // The pipe must be read on, or the sandbox would stop at its next line.
    thread::spawn(move || lines.for_each(|line| println!("sandbox: {line}")));
    let ended = app(project, stand, options.screenshot.as_deref(), &home).run(until_it_is_closed());
    sandbox.end();
    ended
}

fn stand(options: &Options, display: bool) -> Stand {
    match (options.headless, display, options.screenshot.is_some()) {
        (true, ..) | (false, false, false) => Stand::Terminal,
        (false, true, _) => Stand::Display,
        (false, false, true) => Stand::OwnScreen,
    }
}

fn prepare(project: &Project, stand: Stand) -> Result<(), String> {
    let deadline = minutes(60);
    let sets: &[&Set] = match stand {
        Stand::Display | Stand::Terminal => &[&packages::WEBKIT, &packages::BUILD],
        Stand::OwnScreen => &[&packages::WEBKIT, &packages::BUILD, &packages::SCREEN],
    };
    packages::ensure(project, sets, deadline)?;
    project
        .cargo()
        .args([
            "build",
            "--locked",
            "-p",
            "ringcard-sandbox",
            "--bin",
            "ringcard-sandbox",
        ])
        .run(deadline)?;
    build_app(project, project.cargo(), deadline)
}

fn app(project: &Project, stand: Stand, pictures: Option<&Path>, home: &Path) -> Invocation {
    let app = project.program(project.built("ringcard"));
    let app = match stand {
        Stand::Terminal => app.args(["run", "--headless"]),
        Stand::Display | Stand::OwnScreen => app,
    };
    let app = app.arg("--home").arg(home);
    let app = match pictures {
        Some(folder) => app
            .arg("--screenshot")
            .arg(env::current_dir().unwrap_or_default().join(folder)),
        None => app,
    };
    match stand {
        Stand::OwnScreen => app.on_its_own_screen(),
        Stand::Display | Stand::Terminal => app,
    }
}

fn has_display() -> bool {
    cfg!(not(target_os = "linux"))
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// A working week: long enough for every demo, and a forgotten one ends.
fn until_it_is_closed() -> Instant {
    minutes(5 * 24 * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_display_the_demo_speaks() {
        assert_eq!(
            stand(&Options::default(), false),
            Stand::Terminal,
            "there is nothing to draw on"
        );
        assert_eq!(
            stand(&Options::default(), true),
            Stand::Display,
            "people want to see the card"
        );
    }

    #[test]
    fn pictures_need_no_display() {
        let options = Options {
            headless: false,
            screenshot: Some("pictures".into()),
        };
        assert_eq!(
            stand(&options, false),
            Stand::OwnScreen,
            "a display is made for them"
        );
    }
}

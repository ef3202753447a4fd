//! `cargo xtask test`: runs the stages one after the other and ends with a table.

use std::cell::RefCell;
use std::process::ExitCode;
use std::time::Instant;

use crate::child::minutes;
use crate::packages::{self, Set};
use crate::project::Project;
use crate::report::{Missing, Row, Verdict, is_green, summary};
use crate::stages::{self, Context, Stage};

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Options {
    /// Only names and purposes of the stages.
    List,
    /// The stages named, or all if none is; and whether all must be able to run.
    Run {
        stages: Vec<String>,
        require_all: bool,
    },
}

impl Options {
    /// Reads the command line.
    pub fn parse(arguments: &[String]) -> Result<Self, String> {
        let (mut stages, mut require_all) = (Vec::new(), false);
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--list" => return Ok(Self::List),
                "--require-all" => require_all = true,
                "--stage" => stages.push(
                    rest.next()
                        .ok_or("--stage needs a name; --list shows them")?
                        .clone(),
                ),
                unknown => return Err(format!("`test` does not know {unknown}")),
            }
        }
        match stages.iter().find(|name| !stages::knows(name)) {
            Some(name) => Err(format!("there is no stage {name}; --list shows them")),
            None => Ok(Self::Run {
                stages,
                require_all,
            }),
        }
    }
}

/// Runs what was asked for; the exit code is 0 only if nothing failed.
pub fn run(project: &Project, options: &Options) -> Result<ExitCode, String> {
    let listed = stages::in_the_tree(project);
    match options {
        Options::List => {
            listed
                .iter()
                .for_each(|stage| println!("{:<15} {}", stage.name, stage.what));
            Ok(ExitCode::SUCCESS)
        }
        Options::Run {
            stages,
            require_all,
        } => {
            let chosen = chosen(project, listed, stages)?;
            let missing = if *require_all {
                Missing::Fails
            } else {
                Missing::Tolerated
            };
            let rows = run_stages(project, &chosen);
            println!("\n{}", summary(&rows, missing));
            Ok(if is_green(&rows, missing) {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
    }
}

/// All stages, or those named; their packages come first where some are missing.
fn chosen(
    project: &Project,
    listed: Vec<&'static Stage>,
    names: &[String],
) -> Result<Vec<&'static Stage>, String> {
    if names.is_empty() {
        return Ok(listed);
    }
    if let Some(name) = names
        .iter()
        .find(|name| !listed.iter().any(|stage| stage.name == **name))
    {
        return Err(format!(
            "what the stage {name} looks at is not in the tree yet"
        ));
    }
    let named: Vec<&'static Stage> = listed
        .iter()
        .copied()
        .filter(|stage| names.contains(&stage.name.to_owned()))
        .collect();
    let lacking = !packages::missing(project, &packages_of(&named)).is_empty();
    let with_packages = |stage: &&'static Stage| {
        names.contains(&stage.name.to_owned()) || (lacking && stage.name == "packages")
    };
    Ok(listed.into_iter().filter(with_packages).collect())
}

fn run_stages(project: &Project, stages: &[&'static Stage]) -> Vec<Row> {
    let packages = packages_of(stages);
    stages
        .iter()
        .map(|stage| run_stage(project, stage, &packages))
        .collect()
}

fn run_stage(project: &Project, stage: &'static Stage, packages: &[&'static Set]) -> Row {
    println!("\n=== {}: {}", stage.name, stage.what);
    let started = Instant::now();
    let context = Context {
        project,
        packages,
        deadline: minutes(stage.minutes),
        note: RefCell::new(None),
    };
    let verdict = match stage.hindrance(&context) {
        Some(why) => Verdict::Absent(why),
        None => match stage.run(&context) {
            Ok(()) => Verdict::Passed(context.note.take()),
            Err(why) => Verdict::Failed(why),
        },
    };
    let took = started.elapsed();
    match &verdict {
        Verdict::Passed(_) => println!("=== {}: ok after {:.1} s", stage.name, took.as_secs_f64()),
        Verdict::Failed(why) => println!(
            "=== {}: FAILED after {:.1} s: {why}",
            stage.name,
            took.as_secs_f64()
        ),
        Verdict::Absent(why) => println!("=== {}: not on this system: {why}", stage.name),
    }
    Row {
        name: stage.name,
        took,
        verdict,
    }
}

fn packages_of(stages: &[&'static Stage]) -> Vec<&'static Set> {
    let mut sets: Vec<&'static Set> = Vec::new();
    for set in stages.iter().flat_map(|stage| stage.packages) {
        if !sets.iter().any(|known| std::ptr::eq(*known, *set)) {
            sets.push(set);
        }
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(
            &line
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn stages_are_named_one_by_one() {
        let wanted = Options::Run {
            stages: vec!["fmt".into(), "tidy".into()],
            require_all: true,
        };
        assert_eq!(
            parse("--stage fmt --require-all --stage tidy"),
            Ok(wanted),
            "the order of the options must not matter"
        );
    }

    #[test]
    fn an_unknown_stage_is_refused() {
        assert!(
            parse("--stage nonsense").is_err(),
            "a misspelt stage must not look green"
        );
    }
}

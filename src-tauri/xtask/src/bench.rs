//! `cargo xtask bench [ROW …]`: figures of the built product, measured by `ringcard-bench` in tests/bench.

use crate::child::minutes;
use crate::packages::{self, Set};
use crate::project::Project;
use crate::stages::build_interface;

/// The rows for which the app runs on a screen of its own.
const SCREEN: &str = "screen";

/// Builds in the release profile and measures; arguments are handed on.
pub fn run(project: &Project, arguments: &[String]) -> Result<(), String> {
    let deadline = minutes(120);
    let screen = needs_a_screen(arguments);
    let sets: &[&Set] = if screen {
        &[&packages::BUILD, &packages::WEBKIT, &packages::SCREEN]
    } else {
        &[&packages::BUILD]
    };
    packages::ensure(project, sets, deadline)?;
    let build = project
        .cargo()
        .args(["build", "--locked", "--release", "-p", "ringcard-bench"]);
    if !screen {
        build.run(deadline)?;
        return project
            .program(project.released("bench"))
            .args(arguments)
            .run(deadline);
    }
    build_interface(project, deadline)?;
    build.args(["-p", "ringcard"]).run(deadline)?;
    project
        .program(project.released("bench"))
        .args(arguments)
        .on_its_own_screen()
        .env("RINGCARD_APP", project.released("ringcard"))
        .run(deadline)
}

/// Without names all rows are measured.
fn needs_a_screen(arguments: &[String]) -> bool {
    cfg!(target_os = "linux") && (arguments.is_empty() || arguments.iter().any(|row| row == SCREEN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_of_the_app_need_a_screen() {
        assert!(
            !needs_a_screen(&["lookup".to_owned()]),
            "a mirror has no window"
        );
        assert_eq!(
            needs_a_screen(&[]),
            cfg!(target_os = "linux"),
            "without a name everything is measured"
        );
    }
}

//! The stages of `cargo xtask test`, in the order they run.

mod app;
mod contract;
mod interface;
mod python;
mod rust;
mod secrets;
mod windows;

use std::cell::RefCell;
use std::path::Path;
use std::time::Instant;

use crate::child::Invocation;
use crate::manifest::test_targets;
use crate::packages::{self, Set};
use crate::project::{Project, is_on_path};

pub use app::build as build_app;
pub use interface::build as build_interface;
pub use rust::CRATES;

/// One step of the test run.
pub struct Stage {
    /// The name for `--stage` and the table.
    pub name: &'static str,
    /// One line for `--list`.
    pub what: &'static str,
    /// What it looks at; a stage whose subject is not in the tree is not listed.
    subject: Subject,
    /// Debian packages it needs.
    pub packages: &'static [&'static Set],
    /// Programs it needs on the path.
    tools: &'static [&'static str],
    /// The time after which it is ended.
    pub minutes: u64,
    work: fn(&Context) -> Result<(), String>,
}

/// What must be in the tree for a stage to be listed.
enum Subject {
    Always,
    Path(&'static str),
    /// A test target in `tests/Cargo.toml` whose name begins with one of these.
    Target(&'static [&'static str]),
}

/// What a stage works with.
pub struct Context<'a> {
    /// The project under test.
    pub project: &'a Project,
    /// The packages of every stage of this run.
    pub packages: &'a [&'static Set],
    /// When this stage is ended.
    pub deadline: Instant,
    /// What could not run although the stage passed.
    pub note: RefCell<Option<String>>,
}

impl Context<'_> {
    /// Runs a program until the stage's deadline.
    pub fn run(&self, invocation: Invocation) -> Result<(), String> {
        invocation.run(self.deadline)
    }

    /// Cargo as every stage on the crates and the app calls it, so that they share what is built.
    pub fn cargo(&self) -> Invocation {
        self.project.cargo().linting(Path::new("clippy-driver"))
    }
}

const LINUX_SCREEN: &[&Set] = &[&packages::BUILD, &packages::WEBKIT, &packages::SCREEN];

#[rustfmt::skip]
const STAGES: &[Stage] = &[
    Stage { name: "packages", what: "Debian packages that are missing, installed as root", subject: Subject::Always,
        packages: &[], tools: &["dpkg-query", "apt-get"], minutes: 15, work: install_packages },
    Stage { name: "fmt", what: "cargo fmt --check", subject: Subject::Always,
        packages: &[], tools: &[], minutes: 2, work: rust::format },
    Stage { name: "ui", what: "the windows: types, lint, tests, build", subject: Subject::Path("ui/package.json"),
        packages: &[], tools: &["node"], minutes: 15, work: interface::check },
    Stage { name: "clippy", what: "clippy of the crates, their tests, the figures and xtask", subject: Subject::Always,
        packages: &[&packages::BUILD], tools: &[], minutes: 25, work: rust::clippy },
    Stage { name: "tidy", what: "the rules of the house", subject: Subject::Target(&["tidy"]),
        packages: &[&packages::BUILD], tools: &[], minutes: 25, work: rust::tidy },
    Stage { name: "crates", what: "tests of the crates and across them", subject: Subject::Always,
        packages: &[&packages::BUILD], tools: &[], minutes: 25, work: rust::crates },
    Stage { name: "bindings", what: "the committed TypeScript types are the generated ones", subject: Subject::Path("ui/src/ipc/bindings"),
        packages: &[&packages::BUILD], tools: &[], minutes: 10, work: rust::bindings },
    Stage { name: "secrets", what: "secrets in a Secret Service, over processes", subject: Subject::Target(&["secret_keychain"]),
        packages: &[&packages::BUILD, &packages::KEYRING], tools: &["dbus-run-session", "gnome-keyring-daemon"], minutes: 15, work: secrets::run },
    Stage { name: "windows-clippy", what: "clippy of the crates for x86_64-pc-windows-gnu", subject: Subject::Always,
        packages: &[&packages::WINDOWS], tools: &["x86_64-w64-mingw32-gcc"], minutes: 30, work: windows::clippy },
    Stage { name: "windows-tests", what: "tests of the crates for Windows, under wine", subject: Subject::Always,
        packages: &[&packages::WINDOWS, &packages::WINE], tools: &["x86_64-w64-mingw32-gcc", "xvfb-run"], minutes: 40, work: windows::tests },
    Stage { name: "windows-build", what: "the program for Windows, its tests under wine, and its installer", subject: Subject::Always,
        packages: &[&packages::WINDOWS, &packages::INSTALLER, &packages::WINE], tools: &["x86_64-w64-mingw32-gcc", "makensis", "node"], minutes: 40, work: windows::build },
    Stage { name: "windows-installer", what: "installed, used, upgraded and removed under wine", subject: Subject::Target(&["windows_installed"]),
        packages: &[&packages::WINDOWS, &packages::INSTALLER, &packages::WINE], tools: &["makensis", "xvfb-run", "node"], minutes: 40, work: windows::installer },
    Stage { name: "shell-clippy", what: "clippy of the app with windows", subject: Subject::Always,
        packages: &[&packages::BUILD, &packages::WEBKIT], tools: &[], minutes: 25, work: app::clippy },
    Stage { name: "shell", what: "build and tests of the app with windows", subject: Subject::Always,
        packages: &[&packages::BUILD, &packages::WEBKIT], tools: &[], minutes: 25, work: app::test },
    Stage { name: "asterisk", what: "a real Asterisk, prepared in the cache", subject: Subject::Path("tests/contract/asterisk/build-chroot.sh"),
        packages: &[&packages::ASTERISK], tools: &["bash", "unshare"], minutes: 20, work: contract::prepare_asterisk },
    Stage { name: "contract", what: "the telephony contract on the sandbox and on the real Asterisk", subject: Subject::Target(&["contract_", "asterisk_"]),
        packages: &[&packages::BUILD, &packages::ASTERISK], tools: &["unshare"], minutes: 30, work: contract::run },
    Stage { name: "zoho", what: "the sandbox Zoho against Zoho's interface files and Python SDK", subject: Subject::Target(&["zoho_"]),
        packages: &[&packages::BUILD, &packages::PYTHON], tools: &["python3"], minutes: 15, work: python::zoho },
    Stage { name: "numbers", what: "telephone numbers against Google's library", subject: Subject::Target(&["numbers_oracle"]),
        packages: &[&packages::BUILD, &packages::PYTHON], tools: &["python3"], minutes: 15, work: python::numbers },
    Stage { name: "ui-pictures", what: "the built windows in a browser, with pictures", subject: Subject::Path("tests/ui/run.mjs"),
        packages: &[&packages::BROWSER], tools: &["node", "chromium"], minutes: 15, work: interface::pictures },
    Stage { name: "focus", what: "the card never takes the keyboard", subject: Subject::Target(&["e2e_focus"]),
        packages: LINUX_SCREEN, tools: &["xvfb-run", "dbus-run-session"], minutes: 20, work: app::focus },
    Stage { name: "e2e", what: "the built app through WebDriver and D-Bus", subject: Subject::Target(&["e2e_shell"]),
        packages: LINUX_SCREEN, tools: &["xvfb-run", "dbus-run-session", "WebKitWebDriver"], minutes: 25, work: app::end_to_end },
];

impl Stage {
    /// Does the stage's work.
    pub fn run(&self, context: &Context) -> Result<(), String> {
        (self.work)(context)
    }

    /// Why this system cannot run the stage, if it cannot.
    pub fn hindrance(&self, context: &Context) -> Option<String> {
        let project = context.project;
        if let Some(tool) = self.tools.iter().find(|tool| !is_on_path(tool)) {
            return Some(format!("there is no `{tool}`"));
        }
        let installs = std::ptr::eq(self, &raw const STAGES[0]);
        let wanted = if installs {
            context.packages
        } else {
            self.packages
        };
        let names = packages::missing(project, wanted);
        if names.is_empty() || (installs && packages::may_install(project)) {
            return None;
        }
        Some(format!("run: {}", packages::line_to_run(&names)))
    }

    fn is_in_the_tree(&self, project: &Project) -> bool {
        match self.subject {
            Subject::Always => true,
            Subject::Path(path) => project.has(path),
            Subject::Target(beginnings) => targets(project).iter().any(|name| {
                beginnings
                    .iter()
                    .any(|beginning| name.starts_with(beginning))
            }),
        }
    }
}

/// The stages whose subject is in the tree.
pub fn in_the_tree(project: &Project) -> Vec<&'static Stage> {
    STAGES
        .iter()
        .filter(|stage| stage.is_in_the_tree(project))
        .collect()
}

/// The names of all stages, also of those whose subject is not in the tree yet.
pub fn knows(name: &str) -> bool {
    STAGES.iter().any(|stage| stage.name == name)
}

/// The test targets across the crates.
fn targets(project: &Project) -> Vec<String> {
    test_targets(&project.path("tests/Cargo.toml"))
}

fn install_packages(context: &Context) -> Result<(), String> {
    packages::install(context.project, context.packages, context.deadline)
}

//! Child processes: a clean environment, a time limit, and nothing left behind.
//!
//! On Unix every child leads a process group of its own, and a small shell holds it on a leash: when the leash is
//! let go, or this process dies for any reason (Ctrl+C included), the whole group is ended.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Settings of the caller that say where crates come from; all other `CARGO_*` belong to the cargo that started us.
const KEPT: [&str; 5] = [
    "CARGO_HOME",
    "CARGO_HTTP_",
    "CARGO_NET_",
    "CARGO_REGISTR",
    "CARGO_SOURCE_",
];

/// What the leash runs: a line on standard input means "ended by itself"; the end of the input means "end the group".
const LEASH: &str = r#"if read -r _; then exit 0; fi
kill -TERM "-$1" 2>/dev/null || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 0.3; kill -0 "-$1" 2>/dev/null || exit 0; done
kill -KILL "-$1" 2>/dev/null"#;

/// A program about to be started, with its environment already cleaned.
pub struct Invocation {
    command: Command,
    shown: String,
}

impl Invocation {
    /// Prepares a program by name or path.
    pub fn new(program: &Path) -> Self {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if is_from_the_outer_cargo(&name) {
                command.env_remove(&name);
            }
        }
        command.stdin(Stdio::null());
        Self {
            command,
            shown: program.display().to_string(),
        }
    }

    /// Adds one argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.shown.push(' ');
        self.shown.push_str(&argument.as_ref().to_string_lossy());
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(self, arguments: impl IntoIterator<Item = A>) -> Self {
        arguments
            .into_iter()
            .fold(self, |invocation, argument| invocation.arg(argument))
    }

    /// Sets a variable for the child.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts the child in another folder.
    pub fn directory(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Shows this instead of the command line.
    pub fn shown_as(mut self, text: &str) -> Self {
        text.clone_into(&mut self.shown);
        self
    }

    /// Lets a compiler of cargo's choice give way to clippy's, which lints what it compiles. A warning is an error.
    ///
    /// Lints and tests share one build this way. `cargo clippy` reads every dependency once more, in a form that no
    /// test can use, and from nothing that is a fifth of all the time.
    pub fn linting(self, compiler: &Path) -> Self {
        self.env("RUSTC_WORKSPACE_WRAPPER", compiler)
            // As `cargo clippy` hands its own switches on.
            .env(
                "CLIPPY_ARGS",
                "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__",
            )
    }

    /// Runs it on a screen and a session bus of its own.
    ///
    /// The screen stays when its last window has gone. A server that begins anew between two programs closes the
    /// connections of the next one, or forgets the keys that it has just asked for.
    pub fn on_its_own_screen(self) -> Self {
        let screen = "--server-args=-screen 0 1920x1080x24 -noreset";
        self.under(
            "dbus-run-session",
            &["--", "xvfb-run", "--auto-servernum", screen],
        )
    }

    /// Hands the whole command line to another program, which runs it, environment and folder included.
    pub fn under(self, wrapper: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(wrapper);
        command
            .args(arguments)
            .arg(self.command.get_program())
            .args(self.command.get_args())
            .stdin(Stdio::null());
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(folder) = self.command.get_current_dir() {
            command.current_dir(folder);
        }
        let shown = format!("{wrapper} {} {}", arguments.join(" "), self.shown);
        Self { command, shown }
    }

    /// Runs to the end and answers with standard output; a failure is `None`.
    pub fn output(mut self) -> Option<String> {
        let output = self.command.stderr(Stdio::null()).output().ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Like [`Invocation::output`], but also takes what a failing program printed.
    pub fn printed(mut self) -> Option<String> {
        let output = self.command.stderr(Stdio::null()).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Shows the command line, streams the child's output, and ends it when the deadline has passed.
    pub fn run(self, deadline: Instant) -> Result<(), String> {
        println!("$ {}", self.shown);
        let shown = self.shown.clone();
        let mut running = self.start()?;
        match running.wait_until(deadline) {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(format!("`{shown}` ended with {status}")),
            None => Err(format!("`{shown}` ran over its time and was ended")),
        }
    }

    /// Starts the child and leaves it running.
    pub fn start(mut self) -> Result<Running, String> {
        in_a_group_of_its_own(&mut self.command);
        let child = self
            .command
            .spawn()
            .map_err(|error| format!("`{}` could not be started: {error}", self.shown))?;
        Running::hold(child)
    }

    /// Starts the child with its standard output handed to us.
    pub fn start_piped(mut self) -> Result<Running, String> {
        self.command.stdout(Stdio::piped());
        self.start()
    }
}

/// A child that is running, with everything it starts.
pub struct Running {
    /// The child itself; its standard output is here if it was asked for.
    pub child: Child,
    leash: Option<Leash>,
}

impl Running {
    fn hold(child: Child) -> Result<Self, String> {
        let leash = Leash::tie(child.id())?;
        Ok(Self {
            child,
            leash: Some(leash),
        })
    }

    /// Waits for the end. When the deadline comes first the group is ended and the answer is `None`.
    pub fn wait_until(&mut self, deadline: Instant) -> Option<ExitStatus> {
        let (ended, end) = mpsc::channel::<()>();
        let leash = self.leash.take();
        let child = &mut self.child;
        thread::scope(|scope| {
            let watchdog = scope.spawn(move || {
                let left = deadline.saturating_duration_since(Instant::now());
                let over = end.recv_timeout(left) == Err(mpsc::RecvTimeoutError::Timeout);
                if let Some(leash) = leash {
                    if over { leash.let_go() } else { leash.untie() }
                }
                over
            });
            let status = child.wait().ok();
            // The receiver is gone only when the time is over, and then nobody needs to hear.
            let _ = ended.send(());
            let over = watchdog.join().unwrap_or(true);
            if over { None } else { status }
        })
    }

    /// Ends the child and all it started.
    pub fn end(mut self) {
        if let Some(leash) = self.leash.take() {
            leash.let_go();
        }
        // It was told to end; how it did so is of no interest.
        let _ = self.child.wait();
    }
}

/// The small process that ends the child's group when we are gone.
struct Leash {
    process: Child,
    line: Option<ChildStdin>,
}

impl Leash {
    fn tie(group: u32) -> Result<Self, String> {
        let mut command = if cfg!(windows) {
            let mut command = Command::new("cmd");
            command.args([
                "/C",
                &format!("set /p line=& if not defined line taskkill /T /F /PID {group}"),
            ]);
            command
        } else {
            let mut command = Command::new("sh");
            command.args(["-c", LEASH, "leash", &group.to_string()]);
            command
        };
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        in_a_group_of_its_own(&mut command);
        let mut process = command
            .spawn()
            .map_err(|error| format!("no shell to watch over the child: {error}"))?;
        let line = process.stdin.take();
        Ok(Self { process, line })
    }

    /// The child ended by itself.
    fn untie(mut self) {
        use std::io::Write as _;
        if let Some(mut line) = self.line.take() {
            // A watcher that is gone already has nothing left to do.
            let _ = writeln!(line, "ended");
        }
        let _ = self.process.wait();
    }

    /// The child must end now.
    fn let_go(mut self) {
        drop(self.line.take());
        let _ = self.process.wait();
    }
}

/// A deadline so many minutes from now.
pub fn minutes(count: u64) -> Instant {
    Instant::now() + Duration::from_secs(count * 60)
}

/// Where a program lies that must not be taken from a toolchain manager.
pub fn system_program(name: &str) -> PathBuf {
    Path::new("/usr/bin").join(name)
}

fn is_from_the_outer_cargo(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let cargo = name == "CARGO" || name.starts_with("CARGO_");
    (cargo && !KEPT.iter().any(|kept| name.starts_with(kept)))
        || ["RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"].contains(&name.as_ref())
}

#[cfg(unix)]
fn in_a_group_of_its_own(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn in_a_group_of_its_own(_command: &mut Command) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_variables_of_the_outer_cargo_are_removed() {
        let removed = |name: &str| is_from_the_outer_cargo(OsStr::new(name));
        assert!(
            removed("CARGO_PKG_NAME") && removed("CARGO") && removed("RUSTUP_TOOLCHAIN"),
            "they would pin the inner build"
        );
        assert!(
            !removed("CARGO_HOME") && !removed("CARGO_NET_OFFLINE") && !removed("PATH"),
            "the developer set these"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_child_over_its_time_ends_with_its_children() {
        let mark = std::env::temp_dir().join(format!("ringcard-xtask-{}", std::process::id()));
        let script = format!("sleep 60 & echo $! >{}; wait", mark.display());
        let started = Instant::now();
        let result = Invocation::new(Path::new("sh"))
            .args(["-c", &script])
            .run(started + Duration::from_secs(1));
        let grandchild = std::fs::read_to_string(&mark).unwrap();
        std::fs::remove_file(&mark).unwrap();
        assert!(
            result.unwrap_err().contains("over its time"),
            "the limit must be reported"
        );
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "the group must be ended, not waited for"
        );
        let state = Invocation::new(Path::new("ps"))
            .args(["-o", "stat=", "-p", grandchild.trim()])
            .output();
        let ended = state.is_none_or(|state| state.trim().is_empty() || state.starts_with('Z'));
        assert!(ended, "a grandchild must not survive the stage");
    }

    #[cfg(unix)]
    #[test]
    fn a_failing_child_is_an_error() {
        let result = Invocation::new(Path::new("false")).run(minutes(1));
        assert!(result.is_err(), "a failed command must fail its stage");
    }
}

//! A PC to install on: a fresh wine prefix, and the programs that run in it.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::{LazyLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// Wine's programs are not on the path.
const WINE: &str = "/usr/lib/wine/wine64";
const SERVER: &str = "/usr/lib/wine/wineserver";

/// Longer than anything takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// Where the installer puts the program without a switch, from drive C.
pub fn usual_folder() -> String {
    of_user("AppData/Local/Programs/Ringcard")
}

/// A path in the folder of the PC's user.
pub fn of_user(path: &str) -> String {
    static USER: LazyLock<String> = LazyLock::new(user);
    format!("users/{}/{path}", *USER)
}

/// Wine names its user after the one who made the prefix; beside his folder it makes that of everybody.
fn user() -> String {
    let shop = PathBuf::from(std::env::var_os("RINGCARD_WINE").unwrap());
    let folders = fs::read_dir(shop.join("drive_c/users")).unwrap();
    let mut names = folders.map(|folder| folder.unwrap().file_name().into_string().unwrap());
    names.find(|name| name != "Public").unwrap()
}

/// What is missing on this system, if anything.
pub fn missing() -> Option<String> {
    let variables = [
        "RINGCARD_WINE",
        "RINGCARD_INSTALLER",
        "RINGCARD_NEWER_INSTALLER",
        "DISPLAY",
    ];
    let lacking = variables
        .iter()
        .find(|name| std::env::var_os(name).is_none_or(|value| value.is_empty()))?;
    let why =
        format!("not on this system: {lacking} is not set, the stage windows-installer sets it");
    assert!(std::env::var_os("CI").is_none(), "{why}");
    println!("{why}");
    Some(why)
}

/// A disk and a registry of its own.
pub struct Pc {
    folder: tempfile::TempDir,
}

impl Pc {
    /// As it comes from the shop: the prepared prefix, copied.
    pub fn fresh() -> Self {
        let shop = PathBuf::from(std::env::var_os("RINGCARD_WINE").unwrap());
        let folder = tempfile::tempdir().unwrap();
        let copies = |from: &str, switch: &str, to: &Path| {
            let mut copying = Command::new("cp");
            let copying = copying.arg(switch).arg(shop.join(from)).arg(to);
            copying.stderr(Stdio::null()).status().unwrap().success()
        };
        let drive = folder.path().join("drive_c");
        fs::create_dir(&drive).unwrap();
        // Windows itself is only read: seven hundred megabytes need not be there twice, where links are possible.
        let shared = copies("drive_c/windows", "-rl", &drive);
        assert!(
            shared || copies("drive_c/windows", "-a", &drive),
            "a PC has Windows"
        );
        for part in [
            "drive_c/users",
            "drive_c/ProgramData",
            "drive_c/Program Files",
        ] {
            assert!(copies(part, "-a", &drive), "a PC has {part}");
        }
        for part in ["dosdevices", "system.reg", "user.reg", "userdef.reg"] {
            assert!(copies(part, "-a", folder.path()), "a PC has {part}");
        }
        make_folders_of_links(&drive.join(of_user("")));
        // Where wine finds none of its own notes it sets the prefix up once more.
        copies(".update-timestamp", "-a", folder.path());
        Self { folder }
    }

    /// A path on drive C.
    pub fn drive(&self, path: &str) -> PathBuf {
        self.folder.path().join("drive_c").join(path)
    }

    /// Runs an installer or an uninstaller to its end and answers with its exit code.
    pub fn installs(&self, installer: &Path, switches: &[&str]) -> i32 {
        let ended = self.wine(installer).args(switches).status().unwrap();
        ended.code().unwrap()
    }

    /// Runs Windows' own installer of packages.
    pub fn msiexec(&self, switches: &[&str]) -> i32 {
        self.installs(Path::new("msiexec"), switches)
    }

    /// Removes what is installed. The uninstaller copies itself and returns early: its last act is waited for.
    pub fn removes(&self, switches: &[&str]) {
        let uninstaller = self.drive(&usual_folder()).join("uninstall.exe");
        assert_eq!(
            self.installs(&uninstaller, switches),
            0,
            "it only starts the work"
        );
        self.until_idle();
    }

    /// Runs the installed program with a word for the command line.
    pub fn ringcard(&self, words: &[&str]) -> Output {
        self.ringcard_hears(words, "")
    }

    /// The same, with something on standard input.
    pub fn ringcard_hears(&self, words: &[&str], input: &str) -> Output {
        let mut command = self.wine(self.program());
        command.args(words).stdin(Stdio::piped());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    }

    /// Starts the installed program and leaves it running.
    pub fn starts(&self, words: &[&str]) -> Started {
        let mut command = self.wine(self.program());
        command
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        Started::hear(command.spawn().unwrap())
    }

    /// The installed program.
    pub fn program(&self) -> PathBuf {
        self.drive(&usual_folder()).join("ringcard.exe")
    }

    /// What the program has logged for this user.
    pub fn log(&self) -> String {
        let folder = self.drive(&of_user("AppData/Local/Ringcard/logs"));
        let files = fs::read_dir(folder).unwrap();
        let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
        texts.collect()
    }

    /// Lets a program hold a file open.
    pub fn holds(&self, path: &str) -> Holder {
        let file = self.drive(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        // It waits for a line to read, with its output open.
        let waiting = format!("set /p line= > C:\\{}", path.replace('/', "\\"));
        let mut command = self.wine("cmd");
        command.args(["/c", &waiting]).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        until(|| file.exists());
        let line = child.stdin.take().unwrap();
        Holder { child, line }
    }

    /// Writes a value into the registry.
    pub fn writes_registry(&self, key: &str, value: &str) {
        let mut command = self.wine("reg");
        let command = command.args(["add", key, "/v", value, "/d", "1", "/f"]);
        let done = command.stdout(Stdio::null()).status();
        assert!(done.unwrap().success(), "{key} can be written");
    }

    /// A value of the registry, as `reg` prints it.
    pub fn registry(&self, key: &str, value: &str) -> Option<String> {
        let asked = self
            .wine("reg")
            .args(["query", key, "/v", value])
            .output()
            .unwrap();
        let printed = printed(&asked.stdout);
        let line = printed
            .lines()
            .find(|line| line.trim_start().starts_with(value))?;
        Some(line.split("REG_SZ").nth(1)?.trim().to_owned())
    }

    /// The values of this name in all keys below one.
    pub fn registry_below(&self, key: &str, value: &str) -> Vec<String> {
        let asked = self.wine("reg").args(["query", key, "/s"]).output();
        let printed = printed(&asked.unwrap().stdout);
        let lines = printed.lines().map(str::trim_start);
        lines
            .filter(|line| line.starts_with(value))
            .filter_map(|line| Some(line.split("REG_SZ").nth(1)?.trim().to_owned()))
            .collect()
    }

    /// The value without a name of a key, as `reg` prints it.
    pub fn registry_default(&self, key: &str) -> Option<String> {
        let asked = self.wine("reg").args(["query", key, "/ve"]).output();
        let asked = asked.unwrap();
        if !asked.status.success() {
            return None;
        }
        let printed = printed(&asked.stdout);
        let value = printed.split("REG_SZ").nth(1)?.lines().next()?.trim();
        Some(value.to_owned())
    }

    /// Files and lines of the registry that name Ringcard.
    pub fn traces(&self) -> Vec<String> {
        self.until_idle();
        let mut found = Vec::new();
        let mut waiting = vec![self.drive("")];
        while let Some(folder) = waiting.pop() {
            for path in fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
            {
                if names_ringcard(&path.file_name().unwrap().to_string_lossy()) {
                    found.push(path.display().to_string());
                } else if path.is_dir() && !path.is_symlink() {
                    waiting.push(path);
                }
            }
        }
        for registry in ["system.reg", "user.reg"] {
            let text = fs::read(self.folder.path().join(registry)).unwrap();
            let text = String::from_utf8_lossy(&text).into_owned();
            found.extend(
                text.lines()
                    .filter(|line| names_ringcard(line))
                    .map(str::to_owned),
            );
        }
        found
    }

    /// Every program on this PC has ended.
    pub fn until_idle(&self) {
        let mut server = Command::new(SERVER);
        let done = server
            .arg("-w")
            .env("WINEPREFIX", self.folder.path())
            .status();
        assert!(done.unwrap().success(), "wine's server does not answer");
    }

    fn wine(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(WINE);
        command
            .arg(program)
            .env("WINEPREFIX", self.folder.path())
            .env("WINEARCH", "win64")
            // What is handed over on a command line is read in this locale.
            .env("LC_ALL", "C.UTF-8")
            .env("WINEDEBUG", "-all")
            .env("WINEDLLOVERRIDES", "mscoree,mshtml,winemenubuilder.exe=")
            .stderr(Stdio::null());
        command
    }
}

impl Drop for Pc {
    fn drop(&mut self) {
        let mut server = Command::new(SERVER);
        let _ = server
            .arg("-k")
            .env("WINEPREFIX", self.folder.path())
            .status();
        let mut server = Command::new(SERVER);
        let _ = server
            .arg("-w")
            .env("WINEPREFIX", self.folder.path())
            .status();
    }
}

/// A program that holds a file open.
pub struct Holder {
    child: Child,
    line: ChildStdin,
}

impl Holder {
    /// Lets it close the file and end.
    pub fn lets_go(mut self) {
        writeln!(self.line).unwrap();
        self.child.wait().unwrap();
    }
}

/// Waits for something that happens by itself.
pub fn until(happened: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !happened() {
        assert!(Instant::now() < deadline, "it never happened");
        thread::yield_now();
    }
}

/// A program that was started, and what it prints.
pub struct Started {
    child: Child,
    lines: mpsc::Receiver<String>,
}

impl Started {
    fn hear(mut child: Child) -> Self {
        let output = BufReader::new(child.stdout.take().unwrap());
        let (heard, lines) = mpsc::channel();
        // It ends with the program.
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if heard.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// Waits for a line with this text.
    pub fn prints(&self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left);
            let line = line.unwrap_or_else(|_| panic!("it never printed {text:?}"));
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Waits for its end: what it prints ends with it.
    pub fn ends(mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(_) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => panic!("it was asked to leave and stayed"),
            }
        }
        assert!(
            self.child.wait().unwrap().success(),
            "it leaves in good order"
        );
    }
}

/// Wine leads the user's folders to those of the one who runs it, where nothing of a test has to be.
fn make_folders_of_links(home: &Path) {
    for entry in fs::read_dir(home).unwrap().map(Result::unwrap) {
        if entry.path().is_symlink() {
            fs::remove_file(entry.path()).unwrap();
            fs::create_dir(entry.path()).unwrap();
        }
    }
}

/// What `reg` prints into a pipe: code page 437, of which the tests use one letter beyond ASCII.
fn printed(bytes: &[u8]) -> String {
    let letter = |byte: &u8| match byte {
        0x81 => 'ü',
        byte if byte.is_ascii() => char::from(*byte),
        _ => char::REPLACEMENT_CHARACTER,
    };
    let shown = bytes.iter().filter(|byte| **byte != b'\r');
    shown.map(letter).collect()
}

/// A path of this system as programs in wine see it.
pub fn seen_from_windows(path: &Path) -> String {
    format!("Z:{}", path.display().to_string().replace('/', "\\"))
}

fn names_ringcard(text: &str) -> bool {
    text.to_ascii_lowercase().contains("ringcard")
}

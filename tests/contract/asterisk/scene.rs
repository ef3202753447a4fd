//! A network, mounts and files that one thread has for itself, and the Asterisk process in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use nix::sched::{CloneFlags, unshare};
use tokio::process::{Child, Command};

/// What the scene is put together from. Every path in it is the thread's own mount.
const PREPARE: &str = "
mount --make-rprivate /
ip link set lo up
mount -t tmpfs -o mode=755,size=256m ringcard \"$1\"
mkdir \"$1/upper\" \"$1/work\" \"$1/root\"
mount -t overlay ringcard -o \"lowerdir=$2,upperdir=$1/upper,workdir=$1/work\" \"$1/root\"
mount --bind /dev \"$1/root/dev\"
mkdir -p \"$1/root/run/asterisk\" \"$1/root/var/lib/asterisk/moh\"
head -c 80000 /dev/zero | tr '\\0' '\\325' > \"$1/root/var/lib/asterisk/moh/silence.alaw\"
chroot \"$1/root\" chown -R asterisk:asterisk /run/asterisk /var/lib/asterisk /var/log/asterisk /var/spool/asterisk
";
/// The shell stays the first process of the namespace: Asterisk changes its user, at which the kernel forgets the
/// wish to die with the parent, but nothing outlives the first process.
const RUN: &str = "chroot \"$0\" /usr/sbin/asterisk -f -n -U asterisk -G asterisk; exit $?";
const TOOLS: [&str; 7] = ["unshare", "setpriv", "ip", "mount", "chroot", "sh", "head"];
/// Written by build-chroot.sh into what it made.
const MARK: &str = ".ringcard-asterisk";

/// Says why no real Asterisk can run here.
pub fn available() -> Result<(), String> {
    if !nix::unistd::Uid::effective().is_root() {
        return Err("only root can make a network of its own".into());
    }
    for tool in TOOLS {
        let found = std::env::var_os("PATH").is_some_and(|path| {
            std::env::split_paths(&path).any(|folder| folder.join(tool).is_file())
        });
        if !found {
            return Err(format!("the command {tool} is missing"));
        }
    }
    if !chroot().join(MARK).is_file() {
        return Err(
            "its folder is missing; tests/contract/asterisk/build-chroot.sh makes it".into(),
        );
    }
    let allowed = std::thread::spawn(leave)
        .join()
        .expect("leaving does not panic");
    allowed.map_err(|error| format!("the kernel allows no namespaces: {error}"))
}

/// The thread's own ground. It lasts as long as the thread and what it started.
#[derive(Debug)]
pub(super) struct Scene {
    place: PathBuf,
}

impl Scene {
    /// Takes this thread out of the machine's network and mounts, for good.
    pub(super) fn enter() -> Self {
        let place = cache().join("scene");
        fs::create_dir_all(&place).expect("the cache folder can be written");
        leave().expect("namespaces were tried before");
        let mut prepare = Process::new("sh");
        prepare
            .args(["-eu", "-c", PREPARE, "prepare"])
            .arg(&place)
            .arg(chroot());
        let output = prepare.output().expect("a shell can be run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "the scene could not be prepared: {said}"
        );
        Self { place }
    }

    /// The root folder that Asterisk sees.
    pub(super) fn root(&self) -> PathBuf {
        self.place.join("root")
    }

    /// A file or folder below Asterisk's configuration.
    pub(super) fn etc(&self, name: &str) -> PathBuf {
        self.root().join("etc/asterisk").join(name)
    }

    /// Starts Asterisk so that it dies with this thread.
    pub(super) fn start_asterisk(&self) -> Child {
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log_file());
        let log = log.expect("the scene can be written");
        let mut proc_mount = std::ffi::OsString::from("--mount-proc=");
        proc_mount.push(self.root().join("proc"));
        Command::new("setpriv")
            .args([
                "--pdeathsig",
                "KILL",
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
            ])
            .arg(proc_mount)
            .args(["sh", "-c", RUN])
            .arg(self.root())
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file can be shared"))
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("the tools were found before")
    }

    /// The end of what Asterisk said, for a failure's message.
    pub(super) fn log(&self) -> String {
        let all = fs::read(self.log_file()).unwrap_or_default();
        let text = String::from_utf8_lossy(&all);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }

    fn log_file(&self) -> PathBuf {
        self.place.join("asterisk.log")
    }
}

fn leave() -> nix::Result<()> {
    unshare(CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWNS)
}

fn chroot() -> PathBuf {
    cache().join("root")
}

/// Where build-chroot.sh puts what it made.
fn cache() -> PathBuf {
    let folder = std::env::var_os("RINGCARD_CACHE")
        .map(PathBuf::from)
        .unwrap_or_else(|| {
            let home = std::env::var_os("HOME").unwrap_or_else(|| "/root".into());
            Path::new(&home).join(".cache/ringcard")
        });
    folder.join("asterisk")
}

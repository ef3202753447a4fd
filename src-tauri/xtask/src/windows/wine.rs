//! A small Windows to run things in: wine, with a prefix in the cache.
//!
//! Wine is not Windows. What only holds there is said in `src-tauri/docs/windows-checks.md`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::child::Invocation;
use crate::project::Project;

/// Wine's programs are not on the path.
const PROGRAM: &str = "/usr/lib/wine/wine64";
const SERVER: &str = "/usr/lib/wine/wineserver";

/// What wine's registry has to say otherwise.
const REGISTRY: [(&str, &str, &str, &str); 2] = [
    // From build 17763 on, tao calls functions of uxtheme by their numbers, and wine 8 has others under them: it crashes.
    (
        r"HKLM\Software\Microsoft\Windows NT\CurrentVersion",
        "CurrentBuildNumber",
        "REG_SZ",
        "17134",
    ),
    // A program that crashed is to end, and not to wait for a click on a screen that nobody sees.
    (
        r"HKCU\Software\Wine\WineDbg",
        "ShowCrashDialog",
        "REG_DWORD",
        "0",
    ),
];

/// Every Rust program asks this library for random bytes, and Debian's wine lacks it. For tests only.
const SHIM: &str = r#"#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T left) {
    while (left) {
        ULONG part = left > 0x10000000 ? 0x10000000 : (ULONG)left;
        if (!SystemFunction036(data, part)) return FALSE;
        data += part;
        left -= part;
    }
    return TRUE;
}
"#;

/// A prefix: the folder that stands for a PC's disk and registry.
pub struct Wine {
    prefix: PathBuf,
}

impl Wine {
    /// The prefix in the cache, made if it is not there.
    pub fn prepare(project: &Project, deadline: Instant) -> Result<Self, String> {
        let version = project
            .program(PROGRAM)
            .arg("--version")
            .output()
            .ok_or("wine does not answer")?;
        let version = version
            .split_whitespace()
            .next()
            .unwrap_or("wine")
            .to_owned();
        // The number is raised with what is set below.
        let prefix = project.cache.join("windows").join(format!("{version}-2"));
        let wine = Self { prefix };
        let ready = wine.prefix.join("ready");
        if ready.exists() {
            return Ok(wine);
        }
        let failed = |error: std::io::Error| format!("{}: {error}", wine.prefix.display());
        if wine.prefix.exists() {
            fs::remove_dir_all(&wine.prefix).map_err(failed)?;
        }
        fs::create_dir_all(&wine.prefix).map_err(failed)?;
        wine.on_a_screen(project.program(PROGRAM).args(["wineboot", "--init"]))
            .run(deadline)?;
        // What Ringcard needs at least; Debian's wine says it were Windows 7.
        wine.on_a_screen(project.program(PROGRAM).args(["winecfg", "-v", "win10"]))
            .run(deadline)?;
        for (key, name, kind, value) in REGISTRY {
            let set = ["reg", "add", key, "/v", name, "/t", kind, "/d", value, "/f"];
            wine.on_a_screen(project.program(PROGRAM).args(set))
                .run(deadline)?;
        }
        wine.wait_until_idle(project, deadline)?;
        wine.add_random_bytes(project, deadline)?;
        fs::write(ready, "").map_err(failed)?;
        Ok(wine)
    }

    /// A prefix to work in: what tests leave behind must not be there on a PC that counts as fresh.
    pub fn copy(&self, project: &Project, deadline: Instant) -> Result<Self, String> {
        let prefix = self.prefix.with_file_name("wine-in-use");
        if prefix.exists() {
            fs::remove_dir_all(&prefix)
                .map_err(|error| format!("{}: {error}", prefix.display()))?;
        }
        let copying = project.program("cp").arg("-a").arg(&self.prefix);
        copying.arg(&prefix).run(deadline)?;
        Ok(Self { prefix })
    }

    /// The folder itself.
    pub fn prefix(&self) -> &Path {
        &self.prefix
    }

    /// Lets this command, and all it starts, use the prefix and a screen that nobody sees.
    pub fn on_a_screen(&self, invocation: Invocation) -> Invocation {
        let invocation = invocation
            .env("WINEPREFIX", &self.prefix)
            .env("WINEARCH", "win64")
            .env("WINEDEBUG", "-all")
            // Neither .NET nor a browser is offered for download, and no menu of this desktop is touched.
            .env("WINEDLLOVERRIDES", "mscoree,mshtml,winemenubuilder.exe=");
        invocation.under("xvfb-run", &["--auto-servernum"])
    }

    /// Cargo's programs for Windows run in it.
    pub fn as_runner(&self, cargo: Invocation) -> Invocation {
        let cargo = cargo.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", PROGRAM);
        self.on_a_screen(cargo)
    }

    /// Waits until every program in the prefix has ended.
    pub fn wait_until_idle(&self, project: &Project, deadline: Instant) -> Result<(), String> {
        let server = project.program(SERVER).arg("-w");
        server.env("WINEPREFIX", &self.prefix).run(deadline)
    }

    fn add_random_bytes(&self, project: &Project, deadline: Instant) -> Result<(), String> {
        let source = self.prefix.join("bcryptprimitives.c");
        let library = self
            .prefix
            .join("drive_c/windows/system32/bcryptprimitives.dll");
        fs::write(&source, SHIM).map_err(|error| format!("{}: {error}", source.display()))?;
        compile(project, &source, &library).run(deadline)
    }
}

fn compile(project: &Project, source: &Path, library: &Path) -> Invocation {
    project
        .program("x86_64-w64-mingw32-gcc")
        .args(["-shared", "-O2", "-s", "-o"])
        .arg(library)
        .arg(source)
        .arg("-ladvapi32")
}

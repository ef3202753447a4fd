//! The built installer and the installed program, on a fresh PC each: under wine, which is not Windows.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

mod desk;
mod pc;
mod rollout;

use std::path::PathBuf;

use desk::{Desk, is_filled, listens, secrets, status_is};
use pc::{Pc, Started, missing, of_user, until, usual_folder};
use ringcard_core::{EndReason, Sensitive, Timestamp};
use ringcard_journal::Journal;
use ringcard_sandbox::pbx::CTI;

const UNINSTALL: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Ringcard";
const RUN: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run";

/// What Windows runs when a telephone link is opened with Ringcard.
const LINK: &str = r"HKCU\Software\Classes\Ringcard.Link\shell\open\command";

/// The version of what is upgraded to.
const NEWER: &str = "99.0.0";

fn installer() -> PathBuf {
    std::env::var_os("RINGCARD_INSTALLER").unwrap().into()
}

fn newer_installer() -> PathBuf {
    std::env::var_os("RINGCARD_NEWER_INSTALLER").unwrap().into()
}

/// A PC with Ringcard on it, installed without a question.
fn pc_with_ringcard(switches: &[&str]) -> Pc {
    let pc = Pc::fresh();
    let switches: Vec<&str> = ["/S"].iter().chain(switches).copied().collect();
    assert_eq!(
        pc.installs(&installer(), &switches),
        0,
        "a silent installation"
    );
    pc
}

/// Hands the line's secret to the program that runs on this PC.
fn keep_the_secret(pc: &Pc) {
    let kept = pc.ringcard_hears(
        &["secret", "set", "line.desk.secret"],
        &format!("{}\n", CTI.1),
    );
    assert!(
        kept.status.success(),
        "the Credential Manager takes it: {}",
        String::from_utf8_lossy(&kept.stderr)
    );
}

/// A PC on which Ringcard was installed with this desk's settings, runs, and listens.
fn listening_pc(desk: &Desk, switches: &[&str], words: &[&str]) -> (Pc, Started) {
    let settings = format!("/SETTINGS={}", desk.settings_to_take_in());
    let pc = pc_with_ringcard(&[&[settings.as_str()], switches].concat());
    let program = pc.starts(words);
    status_is(&pc, &[], |status| status["lines"][0]["trouble"].is_string());
    keep_the_secret(&pc);
    status_is(&pc, &[], listens);
    (pc, program)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_installed_program_names_the_caller_and_its_journal_has_the_call() {
    if missing().is_some() {
        return;
    }
    let pc = pc_with_ringcard(&[]);
    let version = pc.ringcard(&["--version"]);
    assert_eq!(
        String::from_utf8_lossy(&version.stdout).trim(),
        format!("ringcard {}", env!("CARGO_PKG_VERSION")),
        "the program that was built is the one that runs"
    );
    let desk = Desk::prepare().await;
    let home = desk.home();
    let at_home = ["--home", home.as_str()];
    let program = pc.starts(&["run", "--headless", "--home", &home]);
    status_is(&pc, &at_home, |status| listens(status) && is_filled(status));
    let caller = desk.erika_rings();
    program.prints("Erika Mustermann");
    let calls = pc.ringcard(&["calls", "--json", "--home", &home]);
    let calls = String::from_utf8_lossy(&calls.stdout).into_owned();
    assert!(
        calls.contains("\"ringing\""),
        "the pipe answers the command line: {calls}"
    );
    let found = pc.ringcard(&["lookup", "0231 123456", "--home", &home]);
    assert!(
        String::from_utf8_lossy(&found.stdout).contains("Mustermann"),
        "and looks numbers up"
    );
    assert!(caller.hang_up(), "the caller gives up");
    program.prints("missed_call");
    assert!(
        pc.ringcard(&["quit", "--home", &home]).status.success(),
        "asked to leave"
    );
    program.ends();
    let key = key(secrets(&desk.home_here())["database.key"].as_str().unwrap());
    let (journal, _) =
        Journal::open(&desk.home_here().join("journal.db"), &key, Timestamp(0)).unwrap();
    let history = journal.history(10).unwrap();
    assert_eq!(
        history.iter().map(|entry| entry.reason).collect::<Vec<_>>(),
        [EndReason::Missed],
        "the journal has it"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_of_one_process_is_read_by_the_next_and_leaves_with_the_data() {
    if missing().is_some() {
        return;
    }
    let desk = Desk::prepare().await;
    let (pc, program) = listening_pc(&desk, &[], &["run", "--headless"]);
    let status = status_is(&pc, &[], listens);
    assert_eq!(status["body"]["secrets_in_file"], false, "it is in no file");
    assert!(pc.ringcard(&["quit"]).status.success(), "asked to leave");
    program.ends();
    let second = pc.starts(&["run", "--headless"]);
    status_is(&pc, &[], listens);
    // It is asked to leave by the uninstaller.
    pc.removes(&["/S", "/DELETEDATA"]);
    second.ends();
    assert_eq!(
        pc.traces(),
        Vec::<String>::new(),
        "no file, no key and no secret stays"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upgrade_asks_the_running_program_to_leave_and_touches_no_call() {
    if missing().is_some() {
        return;
    }
    let desk = Desk::prepare().await;
    let switches = ["/AUTOSTART=0", "/DESKTOP=1"];
    let (pc, program) = listening_pc(&desk, &switches, &["run", "--headless"]);
    let caller = desk.erika_rings();
    program.prints("ringing");
    assert_eq!(
        pc.installs(&newer_installer(), &["/S"]),
        0,
        "an upgrade in place"
    );
    program.ends();
    assert!(!caller.calls().is_empty(), "the caller still rings");
    assert_eq!(
        pc.registry(UNINSTALL, "DisplayVersion").as_deref(),
        Some(NEWER),
        "Windows lists the new version"
    );
    let desktop = of_user("Desktop/Ringcard.lnk");
    assert!(
        pc.drive(&desktop).exists(),
        "what was chosen once stays chosen"
    );
    assert_eq!(
        pc.registry(RUN, "Ringcard"),
        None,
        "and what was not stays away"
    );
    assert_eq!(
        pc.installs(&installer(), &["/S"]),
        3,
        "an older version is refused"
    );
    assert_eq!(
        pc.registry(UNINSTALL, "DisplayVersion").as_deref(),
        Some(NEWER),
        "and changes nothing"
    );
    // The silent upgrade has started the new one, with windows: it is without WebView2 here and answers all the same.
    status_is(&pc, &[], listens);
    assert!(
        pc.ringcard(&["quit"]).status.success(),
        "and can be asked to leave"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upgrade_into_another_folder_asks_the_program_in_the_former_one() {
    if missing().is_some() {
        return;
    }
    let desk = Desk::prepare().await;
    let settings = format!("/SETTINGS={}", desk.settings_to_take_in());
    let pc = pc_with_ringcard(&[&settings]);
    let program = pc.starts(&["run", "--headless"]);
    status_is(&pc, &[], |status| status["lines"][0]["trouble"].is_string());
    assert_eq!(
        pc.installs(&newer_installer(), &["/S", "/D=C:\\Moved"]),
        0,
        "an upgrade that moves"
    );
    program.ends();
    assert!(
        pc.drive("Moved/ringcard.exe").exists(),
        "it is where it is wanted now"
    );
    assert!(
        !pc.drive(&usual_folder()).exists(),
        "and nothing stays where it was"
    );
    assert_eq!(
        pc.registry(UNINSTALL, "InstallLocation").as_deref(),
        Some(r"C:\Moved"),
        "Windows knows it"
    );
}

#[test]
fn a_new_folder_that_cannot_be_written_leaves_the_program_of_before() {
    if missing().is_some() {
        return;
    }
    let pc = pc_with_ringcard(&[]);
    let version = pc.registry(UNINSTALL, "DisplayVersion");
    let program = std::fs::read(pc.program()).unwrap();
    std::fs::write(pc.drive("Blocked"), "a file where the folder would be").unwrap();
    std::fs::write(pc.drive("rollout.toml"), "[general]\n").unwrap();
    let settings = pc.drive("users/root/AppData/Roaming/Ringcard/settings.toml");
    std::fs::remove_file(&settings).unwrap();
    let moving = ["/S", "/SETTINGS=C:\\rollout.toml", "/D=C:\\Blocked"];
    assert_eq!(pc.installs(&newer_installer(), &moving), 9, "no such place");
    assert!(
        std::fs::read(pc.program()).unwrap() == program,
        "the program of before is the one that is there"
    );
    assert_eq!(
        pc.registry(UNINSTALL, "DisplayVersion"),
        version,
        "Windows lists it"
    );
    assert!(!settings.exists(), "and no settings were taken in");
    // Another name of the same folder: what was just installed is not taken for the former program.
    let same = format!(
        "/D=C:\\{}",
        usual_folder().replace('/', "\\").to_uppercase()
    );
    assert_eq!(pc.installs(&newer_installer(), &["/S", &same]), 0, "moved");
    assert!(pc.program().exists(), "it is still there");
}

#[test]
fn what_windows_and_webview_hold_goes_with_the_data() {
    if missing().is_some() {
        return;
    }
    let pc = pc_with_ringcard(&[]);
    let switches = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Notifications\Settings";
    pc.writes_registry(&format!(r"{switches}\app.ringcard.desktop"), "Enabled");
    // WebView2's processes end a moment after the program.
    let browser = of_user("AppData/Local/app.ringcard.desktop/EBWebView");
    let held = pc.holds(&format!("{browser}/lockfile"));
    let free = pc.drive(&browser).join("Preferences");
    std::fs::write(&free, "{}").unwrap();
    let uninstaller = pc.drive(&usual_folder()).join("uninstall.exe");
    assert_eq!(
        pc.installs(&uninstaller, &["/S", "/DELETEDATA"]),
        0,
        "it only starts the work"
    );
    until(|| !free.exists());
    assert!(
        pc.drive(&browser).exists(),
        "what is held cannot be deleted at once"
    );
    held.lets_go();
    assert_eq!(pc.traces(), Vec::<String>::new(), "it is tried again");
}

#[test]
fn settings_that_cannot_be_taken_in_change_nothing() {
    if missing().is_some() {
        return;
    }
    let pc = Pc::fresh();
    let takes = |file: &str| pc.installs(&installer(), &["/S", &format!("/SETTINGS={file}")]);
    assert_eq!(takes(r"C:\missing.toml"), 6, "no such file");
    assert_eq!(takes(r"C:\windows"), 6, "a folder has no settings");
    std::fs::write(pc.drive("rollout.toml"), "[general]\n").unwrap();
    let folder = pc.drive(&of_user("AppData/Roaming/Ringcard"));
    std::fs::write(&folder, "a file where the folder would be").unwrap();
    assert_eq!(takes(r"C:\rollout.toml"), 6, "they find no place");
    assert!(
        !pc.program().exists() && pc.registry(UNINSTALL, "DisplayVersion").is_none(),
        "nothing was begun"
    );
    std::fs::remove_file(&folder).unwrap();
    assert_eq!(takes(r"C:\rollout.toml"), 0, "now they do");
    let taken = std::fs::read_to_string(folder.join("settings.toml")).unwrap();
    assert_eq!(taken, "[general]\n", "as they are");
}

#[test]
fn what_is_removed_leaves_the_data_unless_told_otherwise() {
    if missing().is_some() {
        return;
    }
    let pc = pc_with_ringcard(&["/LANG=de"]);
    let settings = pc.drive(&of_user("AppData/Roaming/Ringcard/settings.toml"));
    let text = std::fs::read_to_string(&settings).unwrap();
    assert!(
        text.contains("language = \"de\"") && text.contains("autostart = true"),
        "{text}"
    );
    assert!(
        pc.registry(RUN, "Ringcard").is_some(),
        "it starts with the session"
    );
    assert_eq!(
        pc.registry_default(LINK),
        None,
        "no link is taken before it can be opened"
    );
    pc.removes(&["/S"]);
    assert!(settings.exists(), "settings stay for the next installation");
    assert!(!pc.program().exists(), "the program does not");
    assert_eq!(
        pc.registry(RUN, "Ringcard"),
        None,
        "nor its start with the session"
    );
    assert_eq!(pc.installs(&installer(), &["/S"]), 0, "once more");
    assert_eq!(
        std::fs::read_to_string(&settings).unwrap(),
        text,
        "a user's settings are never replaced"
    );
    pc.removes(&["/S", "/DELETEDATA"]);
    assert_eq!(pc.traces(), Vec::<String>::new(), "now they went as well");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_installer_chose_about_the_start_is_not_undone_by_the_program() {
    if missing().is_some() {
        return;
    }
    let desk = Desk::prepare().await;
    // They say nothing about the start, which stands for no.
    let settings = format!("/SETTINGS={}", desk.settings_to_take_in());
    let pc = pc_with_ringcard(&[&settings, "/AUTOSTART=1"]);
    runs_with_windows(&pc).await;
    assert!(
        pc.registry(RUN, "Ringcard").is_some(),
        "it still starts with the session"
    );
    let file = pc.drive(&of_user("AppData/Roaming/Ringcard/settings.toml"));
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.replace("[general]\n", "[general]\nautostart = true\n");
    std::fs::write(&file, text).unwrap();
    let again = ["/S", "/AUTOSTART=0"];
    assert_eq!(pc.installs(&installer(), &again), 0, "installed over it");
    runs_with_windows(&pc).await;
    assert_eq!(
        pc.registry(RUN, "Ringcard"),
        None,
        "and now it stays switched off"
    );
}

/// Starts the program with its windows and ends it when they have followed the settings, at the start and after a change.
async fn runs_with_windows(pc: &Pc) {
    let program = pc.starts(&[]);
    status_is(pc, &[], |status| status["lines"].is_array());
    keep_the_secret(pc);
    status_is(pc, &[], listens);
    assert!(pc.ringcard(&["quit"]).status.success(), "asked to leave");
    program.ends();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_webview_the_program_answers_and_says_so_in_its_log() {
    if missing().is_some() {
        return;
    }
    let desk = Desk::prepare().await;
    let (pc, program) = listening_pc(&desk, &[], &[]);
    let _caller = desk.erika_rings();
    status_is(&pc, &[], |status| status["tray"] == "ringing");
    let log = pc.log();
    assert!(
        log.contains("a window could not be made"),
        "wine has no WebView2: {log}"
    );
    assert!(pc.ringcard(&["quit"]).status.success(), "asked to leave");
    program.ends();
}

fn key(text: &str) -> Sensitive<[u8; 32]> {
    let digits: Vec<u8> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect();
    Sensitive::new(digits.try_into().unwrap())
}

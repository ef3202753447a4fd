//! What administrators do: switches, everybody on a PC, packages for group policies.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::fs;
use std::os::unix::fs::{chown, symlink};
use std::path::PathBuf;

use crate::desk::status_is;
use crate::pc::{Pc, missing, of_user, seen_from_windows, usual_folder};
use crate::{LINK, NEWER, RUN, installer, newer_installer};

/// What Windows lists for everybody.
const LISTED: &str = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall";

/// What the stage has made, and names in a variable.
fn made(variable: &str) -> PathBuf {
    std::env::var_os(variable).unwrap().into()
}

#[test]
fn each_switch_of_a_rollout_is_obeyed() {
    if missing().is_some() {
        return;
    }
    let pc = Pc::fresh();
    let switches = ["/S", "/LANG=de", "/AUTOSTART=0", "/STARTMENU=0"];
    // Two words of the command line: wine quotes what has a blank, and NSIS wants this one without quotes.
    let more = [
        "/DESKTOP=1",
        "/SCHEMES=1",
        "/D=C:\\Büro",
        "Software\\Ringcard",
    ];
    assert_eq!(
        pc.installs(&installer(), &[switches.as_slice(), &more].concat()),
        0,
        "a silent installation"
    );
    let folder = pc.drive("Büro Software/Ringcard");
    assert!(
        folder.join("ringcard.exe").exists(),
        "in the folder that was named"
    );
    assert!(!pc.program().exists(), "and not in the usual one");
    let start_menu = of_user("AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Ringcard.lnk");
    let desktop = pc.drive(&of_user("Desktop/Ringcard.lnk"));
    assert!(
        !pc.drive(&start_menu).exists() && desktop.exists(),
        "the shortcuts that were chosen"
    );
    assert_eq!(pc.registry(RUN, "Ringcard"), None, "no start at sign-in");
    let settings = pc.drive(&of_user("AppData/Roaming/Ringcard/settings.toml"));
    let text = fs::read_to_string(settings).unwrap();
    assert_eq!(
        text.replace('\r', ""),
        "[general]\nlanguage = \"de\"\n",
        "it speaks German, and its own switch agrees"
    );
    assert_eq!(
        pc.registry_default(LINK).as_deref(),
        Some(r#""C:\Büro Software\Ringcard\ringcard.exe" open-link -- "%1""#),
        "a link is one opaque word behind the sign that ends all switches"
    );
    let again = ["/S", "/SCHEMES=0", "/STARTMENU=1"];
    assert_eq!(pc.installs(&installer(), &again), 0, "installed over it");
    assert!(
        folder.join("ringcard.exe").exists() && !pc.program().exists(),
        "where it was, without being told again"
    );
    assert!(
        pc.drive(&start_menu).exists() && desktop.exists(),
        "a switch decides, and what none names stays"
    );
    assert_eq!(
        pc.registry_default(LINK),
        None,
        "what is not wanted any more goes"
    );
}

#[test]
fn a_folder_whose_switch_is_quoted_is_the_same_folder() {
    if missing().is_some() {
        return;
    }
    let pc = Pc::fresh();
    // Wine puts the quotes around the whole switch, as many tools for rollouts do.
    let switches = ["/S", "/D=C:\\Büro Software\\Ringcard"];
    assert_eq!(pc.installs(&installer(), &switches), 0, "installed");
    let program = pc.drive("Büro Software/Ringcard/ringcard.exe");
    assert!(program.exists(), "where it was wanted");
}

#[test]
fn for_all_users_it_lies_where_programs_lie_and_goes_without_a_trace() {
    if missing().is_some() {
        return;
    }
    let pc = Pc::fresh();
    let switches = ["/S", "/ALLUSERS", "/AUTOSTART=1", "/SCHEMES=1"];
    assert_eq!(
        pc.installs(&installer(), &switches),
        0,
        "with administrator's rights"
    );
    let folder = pc.drive("Program Files/Ringcard");
    assert!(
        folder.join("ringcard.exe").exists(),
        "where every user finds it"
    );
    let machine = |value: &str, name: &str| pc.registry(&format!(r"HKLM\Software\{value}"), name);
    let started = machine(r"Microsoft\Windows\CurrentVersion\Run", "Ringcard").unwrap();
    assert_eq!(
        started, r#""C:\Program Files\Ringcard\ringcard.exe""#,
        "quoted: the path has a blank"
    );
    let class = machine(r"Ringcard\Capabilities\UrlAssociations", "tel");
    assert_eq!(
        class.as_deref(),
        Some("Ringcard.Link"),
        "Windows may offer it for telephone links"
    );
    assert_eq!(
        pc.installs(&folder.join("uninstall.exe"), &["/S", "/DELETEDATA"]),
        0,
        "removed"
    );
    assert_eq!(pc.traces(), Vec::<String>::new(), "nothing stays");
}

#[test]
fn an_older_one_beside_a_newer_one_is_refused() {
    if missing().is_some() {
        return;
    }
    let everybody = ("/ALLUSERS", "Program Files/Ringcard");
    let usual = usual_folder();
    let one = ("/CURRENTUSER", usual.as_str());
    for ((newer, _), (older, folder)) in [(everybody, one), (one, everybody)] {
        let pc = Pc::fresh();
        assert_eq!(
            pc.installs(&newer_installer(), &["/S", newer]),
            0,
            "the newer one with {newer}"
        );
        assert_eq!(
            pc.installs(&installer(), &["/S", older]),
            3,
            "both would work on the data of one user, and the older one cannot read them"
        );
        assert!(!pc.drive(folder).exists(), "nothing was begun");
    }
}

#[test]
fn a_policy_comes_from_administrators_alone() {
    if missing().is_some() {
        return;
    }
    let pc = Pc::fresh();
    fs::write(pc.drive("rollout.toml"), "[general]\n").unwrap();
    let policy = pc.drive("ProgramData/Ringcard/policy.toml");
    let (folder, elsewhere) = (pc.drive("ProgramData/Ringcard"), pc.drive("elsewhere"));
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, &folder).unwrap();
    let with_policy = ["/S", "/ALLUSERS", "/SETTINGS=C:\\rollout.toml"];
    assert_eq!(
        pc.installs(&installer(), &with_policy),
        8,
        "somebody leads it elsewhere"
    );
    let empty = fs::read_dir(&elsewhere).unwrap().next().is_none();
    let begun = pc.drive("Program Files/Ringcard").exists();
    assert!(empty && !begun, "nothing was begun, here or there");
    fs::remove_file(&folder).unwrap();
    assert_eq!(pc.installs(&installer(), &with_policy), 0, "installed");
    let upgrade = ["/S", "/ALLUSERS", "/AUTOSTART=0"];
    assert_eq!(pc.installs(&newer_installer(), &upgrade), 0, "upgraded");
    assert_eq!(
        fs::read_to_string(&policy).unwrap(),
        "[general]\n",
        "an upgrade without settings leaves the policy"
    );
    if let Err(error) = chown(&policy, Some(1), None) {
        println!("not here: only root can give a file away: {error}");
        assert!(std::env::var_os("CI").is_none(), "CI is root");
        return;
    }
    assert_eq!(pc.installs(&newer_installer(), &upgrade), 0, "once more");
    assert!(!policy.exists(), "what somebody else wrote is no policy");
    assert!(
        folder.join("policy.toml.refused").exists(),
        "it is put aside, for administrators to look at"
    );
}

#[test]
fn a_policy_waits_for_the_program_that_it_comes_with() {
    if missing().is_some() {
        return;
    }
    let pc = Pc::fresh();
    let (former, next) = ("[general]\n", "[general]\nautostart = false\n");
    fs::write(pc.drive("former.toml"), former).unwrap();
    fs::write(pc.drive("next.toml"), next).unwrap();
    let with_former = ["/S", "/ALLUSERS", "/SETTINGS=C:\\former.toml"];
    assert_eq!(pc.installs(&installer(), &with_former), 0, "installed");
    let installed = pc.drive("Program Files/Ringcard");
    let program = fs::read(installed.join("ringcard.exe")).unwrap();
    // A folder cannot be replaced by a file.
    let resists = installed.join("licences.html");
    fs::remove_file(&resists).unwrap();
    fs::create_dir(&resists).unwrap();
    let with_next = ["/S", "/ALLUSERS", "/SETTINGS=C:\\next.toml"];
    let upgrade = || pc.installs(&newer_installer(), &with_next);
    assert_eq!(upgrade(), 4, "the program cannot be replaced");
    let folder = pc.drive("ProgramData/Ringcard");
    let policy = || fs::read_to_string(folder.join("policy.toml")).unwrap();
    let stays = fs::read(installed.join("ringcard.exe")).unwrap() == program;
    assert!(stays, "it is the one of before");
    assert_eq!(policy(), former, "and so is the policy");
    for folder in [&folder, &installed] {
        let mut names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        let prepared = names.any(|entry| entry.path().extension().is_some_and(|end| end == "new"));
        assert!(!prepared, "nothing that was prepared stays");
    }
    fs::remove_dir(&resists).unwrap();
    assert_eq!(upgrade(), 0, "now it can");
    assert_eq!(policy(), next, "and the policy with it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_that_another_user_put_there_is_not_followed() {
    if missing().is_some() {
        return;
    }
    let pc = Pc::fresh();
    assert_eq!(pc.installs(&installer(), &["/S"]), 0, "for one user");
    let folder = pc.drive("ProgramData/Ringcard");
    let policy = folder.join("policy.toml");
    fs::create_dir(&folder).unwrap();
    let line = "id = \"planted\"\nname = \"Planted\"\nprovider = \"asterisk\"\n\
                host = \"127.0.0.1\"\nuser = \"agent\"\nextension = \"101\"\n";
    fs::write(&policy, format!("[[lines]]\n{line}")).unwrap();
    if let Err(error) = chown(&policy, Some(1), None) {
        println!("not here: only root can give a file away: {error}");
        assert!(std::env::var_os("CI").is_none(), "CI is root");
        return;
    }
    let program = pc.starts(&["run", "--headless"]);
    let status = status_is(&pc, &[], |status| status["lines"].is_array());
    assert_eq!(
        status["body"]["lines"],
        serde_json::json!([]),
        "nobody decides for others where their telephone system is"
    );
    assert!(pc.ringcard(&["quit"]).status.success(), "asked to leave");
    program.ends();
    let log = pc.log();
    assert!(log.contains("the policy file is not followed"), "{log}");
}

#[test]
fn the_package_for_group_policies_installs_upgrades_and_goes_without_a_trace() {
    if missing().is_some() {
        return;
    }
    let pc = Pc::fresh();
    let package = seen_from_windows(&made("RINGCARD_PACKAGE"));
    let newer = seen_from_windows(&made("RINGCARD_NEWER_PACKAGE"));
    let silent = |what: &str, package: &str| pc.msiexec(&[what, package, "/qn"]);
    assert_eq!(silent("/i", &package), 0, "without a question");
    let program = pc.drive("Program Files/Ringcard/ringcard.exe");
    assert!(program.exists(), "where every user finds it");
    let run = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Run";
    assert!(
        pc.registry(run, "Ringcard").is_some(),
        "it starts with every session"
    );
    assert_eq!(silent("/i", &newer), 0, "an upgrade");
    assert_eq!(
        pc.registry_below(LISTED, "DisplayVersion"),
        [NEWER],
        "the new one takes the place of the old one"
    );
    assert!(program.exists(), "with its files");
    assert!(pc.registry(run, "Ringcard").is_some(), "and its start");
    assert_ne!(silent("/i", &package), 0, "an older one is refused");
    assert_eq!(
        pc.registry_below(LISTED, "DisplayVersion"),
        [NEWER],
        "and changes nothing"
    );
    assert_eq!(silent("/x", &newer), 0, "it goes");
    assert_eq!(pc.traces(), Vec::<String>::new(), "and nothing stays");
}

#[test]
fn the_program_is_signed_first_and_what_it_is_packed_into_after_it() {
    if missing().is_some() {
        return;
    }
    let signed = fs::read_to_string(made("RINGCARD_SIGNED")).unwrap();
    let names = signed.lines().map(|path| path.rsplit('/').next().unwrap());
    let names: Vec<&str> = names.collect();
    let [program, uninstaller, installer, package] = names.as_slice() else {
        panic!("each of the four is signed once: {signed}");
    };
    assert_eq!(*program, "ringcard.exe", "a signature must get into both");
    assert!(
        uninstaller.starts_with("makensis"),
        "the uninstaller, which has no name yet, must get into the installer: {signed}"
    );
    assert_eq!(
        [*installer, *package].map(str::to_owned),
        ["exe", "msi"].map(|kind| format!("ringcard-{NEWER}-windows-x64.{kind}")),
        "what is handed to people comes last"
    );
}

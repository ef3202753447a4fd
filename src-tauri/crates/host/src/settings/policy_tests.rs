//! The administrator's policy: defaults, locks, and files that make no sense.

use super::*;
use crate::settings;

const POLICY: &str = r#"locked = ["dialing.country", "lines.desk.host"]
support_url = "https://help.example/ringcard"

[dialing]
country = "AT"
area_code = "1"

[[lines]]
id = "desk"
name = "Desk"
provider = "asterisk"
host = "pbx.example"
"#;

const OWN: &str = r#"
[dialing]
country = "PL"
area_code = "662"

[[lines]]
id = "desk"
name = "My desk"
provider = "asterisk"
host = "elsewhere.example"
user = "agent101"
extension = "101"
"#;

struct Desk {
    folder: tempfile::TempDir,
    home: Home,
}

impl Desk {
    fn with(policy: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::in_folder(folder.path());
        let desk = Self { folder, home };
        desk.writes("policy.toml", policy);
        desk.writes("settings.toml", OWN);
        desk
    }

    fn writes(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn settings(&self, policy: &Policy) -> Settings {
        settings::load(&self.home.settings_file(), policy).unwrap()
    }
}

fn host(settings: &Settings) -> &str {
    match &settings.lines[0].provider {
        ringcard_ipc::settings::ProviderSettings::Asterisk(line) => &line.host,
        ringcard_ipc::settings::ProviderSettings::Broadworks(line) => &line.host,
    }
}

#[test]
fn locked_fields_are_forced_and_others_only_suggested() {
    let desk = Desk::with(POLICY);
    let policy = load(&desk.home).policy;
    let settings = desk.settings(&policy);
    assert_eq!(settings.dialing.country, "AT", "locked");
    assert_eq!(settings.dialing.area_code, "662", "suggested");
    assert_eq!(host(&settings), "pbx.example", "locked in the line");
    assert_eq!(settings.lines[0].name, "My desk");
    assert_eq!(
        policy.locked(&settings),
        ["dialing.country", "lines.0.host"]
    );
}

#[test]
fn change_of_a_locked_field_is_refused_by_its_name() {
    let desk = Desk::with(POLICY);
    let policy = load(&desk.home).policy;
    let in_force = desk.settings(&policy);
    let mut new = in_force.clone();
    new.dialing.area_code = "5".into();
    assert_eq!(policy.check(&new, &in_force), Ok(()), "not locked");
    new.dialing.country = "DE".into();
    let failure = policy.check(&new, &in_force).unwrap_err();
    assert_eq!(failure.field.as_deref(), Some("dialing.country"));
    assert_eq!(failure.code, ErrorCode::LockedByPolicy);
    let mut without = in_force.clone();
    without.lines.clear();
    assert!(
        policy.check(&without, &in_force).is_err(),
        "the line is given"
    );
}

#[test]
fn what_the_policy_suggests_is_not_written_into_the_agents_file() {
    let desk = Desk::with(POLICY);
    let policy = load(&desk.home).policy;
    let mut settings = desk.settings(&policy);
    settings.dialing.area_code = "1".into();
    settings::save(&desk.home.settings_file(), &settings, &policy).unwrap();
    assert_eq!(desk.settings(&policy), settings);
    let later = POLICY.replace("area_code = \"1\"", "area_code = \"316\"");
    let later = parse(&later).unwrap();
    assert_eq!(
        desk.settings(&later).dialing.area_code,
        "316",
        "the administrator's later word counts"
    );
}

#[test]
fn broken_policy_names_its_line_and_the_last_good_one_stays() {
    let desk = Desk::with(POLICY);
    assert_eq!(load(&desk.home).trouble, None);
    for (broken, line) in [
        (POLICY.replace("\"AT\"", "AT"), "line 5"),
        (POLICY.replace("country = ", "contry = "), "line 5"),
        (
            POLICY.replace("\"dialing.country\"", "\"dialing.contry\""),
            "line 1",
        ),
        (POLICY.replace("https://", "http://"), "line 2"),
    ] {
        desk.writes("policy.toml", &broken);
        let in_force = load(&desk.home);
        let trouble = in_force.trouble.expect("it is broken");
        assert!(trouble.contains(line), "{trouble}");
        let settings = desk.settings(&in_force.policy);
        assert_eq!(settings.dialing.country, "AT", "the last good one counts");
    }
}

#[test]
fn policy_that_was_taken_away_leaves_no_lock_behind() {
    let desk = Desk::with(POLICY);
    load(&desk.home);
    fs::remove_file(desk.home.policy_file()).unwrap();
    let in_force = load(&desk.home);
    assert_eq!(in_force.policy, Policy::default());
    assert_eq!(desk.settings(&in_force.policy).dialing.country, "PL");
}

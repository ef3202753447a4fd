//! The settings file: read, checked, written whole. A broken one never silently becomes defaults.

mod advice;
mod check;
mod layers;
mod policy;

use std::fs;
use std::path::Path;

use ringcard_ipc::settings::Settings;
use ringcard_ipc::{ErrorCode, Failure};

pub use advice::advice;
pub use check::check;
pub use policy::{InForce, Policy, load as load_policy};

use crate::home::write_whole;

/// Reads the file, within the policy. No file is no error: those are the settings of a first start.
pub fn load(path: &Path, policy: &Policy) -> Result<Settings, Failure> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(_) => {
            return Err(Failure::new(
                ErrorCode::BadSetting,
                "The settings file cannot be read. Check who may read it.",
            ));
        }
    };
    parse(&text)?;
    let own = toml::from_str(&text).map_err(|error| where_it_is_wrong(FILE, &text, &error))?;
    let settings = policy::settings_of(policy.around(&own))?;
    check(&settings)?;
    Ok(settings)
}

const FILE: &str = "The settings file";

/// Understands the text of a settings file, or names the line.
pub fn parse(text: &str) -> Result<Settings, Failure> {
    toml::from_str(text).map_err(|error| where_it_is_wrong(FILE, text, &error))
}

/// The sentence about a file that makes no sense, with its line.
fn where_it_is_wrong(file: &str, text: &str, error: &toml::de::Error) -> Failure {
    let line = error
        .span()
        .map(|span| text[..span.start].matches('\n').count() + 1);
    let place = line.map_or(String::new(), |line| format!(" in line {line}"));
    let why = first_line(error.message());
    Failure::new(
        ErrorCode::BadSetting,
        format!("{file} is wrong{place}: {why}"),
    )
}

/// Writes the file whole, beside the former one first. What the policy says is left to it.
pub fn save(path: &Path, settings: &Settings, policy: &Policy) -> Result<(), Failure> {
    check(settings)?;
    let failed = |_| {
        Failure::new(
            ErrorCode::SettingsNotSaved,
            "The settings could not be written. Check the disk and who may write there.",
        )
    };
    let text = toml::to_string_pretty(&policy.without(settings)?).map_err(|_| {
        Failure::new(
            ErrorCode::Internal,
            "The settings could not be put into words.",
        )
    })?;
    write_whole(path, text.as_bytes()).map_err(failed)
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringcard_ipc::settings::{ProviderSettings, SourceSettings};

    const WHOLE: &str = r#"
[general]
hide_after_seconds = 12

[[lines]]
id = "desk"
name = "Desk"
provider = "asterisk"
host = "pbx.example"
user = "agent101"
extension = "101"

[[integrations]]
id = "zoho"
name = "Zoho CRM"
refresh_minutes = 20
source = "zoho"
data_centre = "eu"
client_id = "1000.INVENTED"
"#;

    #[test]
    fn file_is_understood_with_defaults_for_what_it_leaves_out() {
        let settings = parse(WHOLE).expect("a sound file");
        assert_eq!(settings.general.hide_after_seconds, 12);
        let ProviderSettings::Asterisk(asterisk) = &settings.lines[0].provider else {
            panic!("the file names another provider");
        };
        assert_eq!((asterisk.extension.as_str(), asterisk.port), ("101", 5038));
        let SourceSettings::Zoho(zoho) = &settings.integrations[0].source;
        assert_eq!(zoho.modules.len(), 3);
        check(&settings).expect("nothing is wrong with it");
    }

    #[test]
    fn broadworks_line_needs_host_user_and_extension_only() {
        let line = "[[lines]]\nid = \"cloud\"\nname = \"Cloud\"\nprovider = \"broadworks\"\n\
                    host = \"xsi.example\"\nuser = \"agent@house.example\"\nextension = \"101\"\n";
        let settings = parse(line).expect("a sound file");
        let ProviderSettings::Broadworks(broadworks) = &settings.lines[0].provider else {
            panic!("the file names another provider");
        };
        assert_eq!(broadworks.actions_root, "com.broadsoft.xsi-actions");
        check(&settings).expect("nothing is wrong with it");
    }

    #[test]
    fn answered_card_goes_after_ten_seconds_unless_another_time_is_set() {
        let settings = parse("").expect("an empty file is sound");
        assert_eq!(settings.general.hide_after_seconds, 10);
        let set = parse("[general]\nhide_after_seconds = 30\n").expect("a sound file");
        assert_eq!(set.general.hide_after_seconds, 30);
        check(&set).expect("any time from 3 to 600 seconds may be set");
    }

    #[test]
    fn saved_settings_are_read_back_unchanged() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("settings.toml");
        let settings = parse(WHOLE).expect("a sound file");
        let policy = Policy::default();
        save(&path, &settings, &policy).expect("the folder is writable");
        assert_eq!(load(&path, &policy).expect("just written"), settings);
    }

    #[test]
    fn wrong_line_is_named() {
        let broken = WHOLE.replace("hide_after_seconds = 12", "hide_after_seconds = soon");
        let failure = parse(&broken).expect_err("no number");
        assert!(failure.message.contains("line 3"), "{}", failure.message);
    }

    #[test]
    fn unknown_word_is_refused_and_not_ignored() {
        let failure = parse("[general]\nhide_after = 3\n").expect_err("a misspelt setting");
        assert!(
            failure.message.contains("hide_after"),
            "{}",
            failure.message
        );
    }

    #[test]
    fn missing_file_is_a_first_start() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let settings =
            load(&folder.path().join("settings.toml"), &Policy::default()).expect("no error");
        assert_eq!(settings, Settings::default());
    }
}

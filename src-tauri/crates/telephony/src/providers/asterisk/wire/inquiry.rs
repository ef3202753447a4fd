//! The actions that only ask: the login, what there is, and values of the dialplan.

use md5::{Digest as _, Md5};

use super::Action;

/// Actions that show which rights of writing an account has: [`allowed_actions`] names just those that it may do.
pub mod right {
    /// Of the class "call".
    pub const CALL: &str = "Redirect";
    /// Of the class "originate".
    pub const ORIGINATE: &str = "Originate";
    /// Of the class "command".
    pub const COMMAND: &str = "Command";
    /// Of the class "config".
    pub const CONFIG: &str = "UpdateConfig";
    /// Of the class "user".
    pub const USER: &str = "UserEvent";
    /// Of the class "system", for what presses a key of a telephone.
    pub const NOTIFY: &str = "PJSIPNotify";
}

/// The beginning of every greeting; the interface's version follows.
const GREETING: &str = "Asterisk Call Manager/";
/// No greeting is longer.
const LONGEST_GREETING: usize = 256;
/// What is listened to; everything that the model reads is in these two.
pub const EVENT_CLASSES: &str = "call,agent";
/// Nothing is listened to.
pub const NO_EVENTS: &str = "off";

/// The interface's version out of the greeting; `None` when somebody else greets.
pub fn version(greeting: &str) -> Option<&str> {
    greeting.strip_prefix(GREETING)
}

/// Can these first bytes no longer become a greeting?
pub fn is_no_greeting(beginning: &[u8]) -> bool {
    let both = beginning.len().min(GREETING.len());
    beginning[..both] != GREETING.as_bytes()[..both] || beginning.len() > LONGEST_GREETING
}

/// For the login's key.
pub fn challenge() -> Action {
    Action::new("Challenge").with("AuthType", "MD5")
}

/// The login: the secret itself does not go over the wire.
pub fn login(user: &str, (challenge, secret): (&str, &str), events: &str) -> Action {
    let mut md5 = Md5::new();
    md5.update(challenge.as_bytes());
    md5.update(secret.as_bytes());
    let digest = md5.finalize();
    let key: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Action::new("Login")
        .with("AuthType", "MD5")
        .with("Username", user)
        .with("Key", key)
        .with("Events", events)
}

/// All legs there are.
pub fn legs() -> Action {
    Action::new("Status")
}

/// All extensions with their states.
pub fn hints() -> Action {
    Action::new("ExtensionStateList")
}

/// Is anybody there?
pub fn ping() -> Action {
    Action::new("Ping")
}

/// Everything that this account may do.
pub fn allowed_actions() -> Action {
    Action::new("ListCommands")
}

/// May the number of the leg's own telephone be shown?
pub fn presentation_of_caller(channel: String) -> Action {
    of_leg(channel, "CALLERID(pres)")
}

/// May the number be shown that this leg is connected with?
pub fn presentation_of_connected(channel: String) -> Action {
    of_leg(channel, "CONNECTEDLINE(num-pres)")
}

/// Who diverted the call of this leg?
pub fn diverter(channel: String) -> Action {
    of_leg(channel, "REDIRECTING(from-num)")
}

/// Which id has the leg of this name?
pub fn id_of_leg(channel: String) -> Action {
    of_leg(channel, "UNIQUEID")
}

/// Does the number exist in the context? Answered by "1" or "0".
pub fn exists(context: &str, exten: &str) -> Action {
    value_of(format!("DIALPLAN_EXISTS({context},{exten},1)"))
}

/// Name and number that the telephone of an extension shows; `None` where its device is none of ours.
pub fn name_of_device(device: &str) -> Option<Action> {
    let endpoint = device.strip_prefix("PJSIP/")?;
    let endpoint = endpoint.split(['&', ',']).next().unwrap_or(endpoint);
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    let known = endpoint.bytes().all(plain);
    known.then(|| value_of(format!("PJSIP_ENDPOINT({endpoint},callerid)")))
}

/// The name where FreePBX keeps it.
pub fn name_in_freepbx(exten: &str) -> Action {
    value_of(format!("DB(AMPUSER/{exten}/cidname)"))
}

/// What stands in a configuration file (file, part, key).
pub fn configured((file, part, key): (&str, &str, &str)) -> Action {
    value_of(format!("AST_CONFIG({file},{part},{key})"))
}

fn of_leg(channel: String, variable: &'static str) -> Action {
    Action::new("Getvar")
        .with("Channel", channel)
        .with("Variable", variable)
}

fn value_of(variable: String) -> Action {
    Action::new("Getvar").with("Variable", variable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_is_known_by_its_beginning() {
        assert_eq!(version("Asterisk Call Manager/11.0.0"), Some("11.0.0"));
        assert_eq!(version("SSH-2.0-OpenSSH_9.2"), None);
        assert!(!is_no_greeting(b"Aster"), "it may still become one");
        assert!(is_no_greeting(b"SSH"), "it cannot");
    }

    #[test]
    fn the_secret_is_only_in_the_key() {
        let login = login("agent101", ("12345", "s3cret"), EVENT_CLASSES);
        let bytes = String::from_utf8(login.encode("1")).expect("text");
        assert!(!bytes.contains("s3cret"), "it must not go over the wire");
        assert!(
            bytes.contains("Key: 7a6fefeb3c530d9a071227bdbfd26d02"),
            "as md5sum reckons it"
        );
    }

    #[test]
    fn a_device_that_could_be_more_than_a_name_is_not_asked_for() {
        assert!(name_of_device("PJSIP/102").is_some());
        assert!(name_of_device("PJSIP/102&PJSIP/103").is_some(), "the first");
        for other in ["SIP/102", "PJSIP/1)", "Custom:lamp"] {
            assert!(name_of_device(other).is_none(), "{other}");
        }
    }
}

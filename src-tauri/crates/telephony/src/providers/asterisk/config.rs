//! What a line at an Asterisk is told: where it is, who we are there, and what its dialplan offers.

use std::time::Duration;

use ringcard_core::Sensitive;
use serde::{Deserialize, Serialize};

/// The settings of one line. Everything but host, user, secret and extension has a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name or address of the telephone system.
    pub host: String,
    /// The manager interface's port.
    #[serde(default = "default_port")]
    pub port: u16,
    /// Whether and how the link is encrypted.
    #[serde(default)]
    pub tls: Tls,
    /// The manager account of this agent.
    pub user: String,
    /// Its secret; filled in from the keychain, never written to a settings file.
    #[serde(default, skip_serializing)]
    pub secret: Sensitive<String>,
    /// The agent's number inside.
    pub extension: String,
    /// The agent's telephone as Asterisk names it; `PJSIP/<extension>` unless given.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// The places of the dialplan that are used.
    #[serde(default)]
    pub contexts: Contexts,
    /// How a ringing call is answered from here.
    #[serde(default)]
    pub answer: AnswerMethod,
    /// How a colleague is asked.
    #[serde(default)]
    pub consult: ConsultMethod,
    /// What is dialled before an outside number where a feature code has no `+`.
    #[serde(default)]
    pub outside_digit: String,
    /// What stands for `+` where only digits can be sent.
    #[serde(default = "default_international")]
    pub international_prefix: String,
    /// The trunk passes on numbers that are asserted but withheld: ask before a number is shown.
    #[serde(default)]
    pub trusted_presentation: bool,
    /// Colleagues come from the extensions' hints.
    #[serde(default = "yes")]
    pub colleagues: bool,
    /// The agent's telephone picks up by itself when a number is dialled from here.
    #[serde(default)]
    pub auto_off_hook: bool,
    /// Limits in seconds, for telephone systems that were set up otherwise.
    #[serde(default)]
    pub limits: Limits,
}

/// Whether and how the link is encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Not at all: for a link that nobody else can listen to.
    #[default]
    Off,
    /// The certificate must be trusted by this PC for the host's name.
    SystemRoots,
    /// Exactly the certificate with this SHA-256, in hex; colons and blanks do not matter.
    Fingerprint(String),
}

/// The places of the dialplan that are used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Contexts {
    /// Where numbers are dialled and callers are sent.
    pub dial: String,
    /// Music for whoever waits (`s`). Needed to hold, and to consult by two legs.
    pub hold: Option<String>,
    /// Calls the agent with headers that make the telephone answer by itself.
    pub answer: Option<String>,
    /// Calls a colleague for a consultation by two legs and returns to the caller; `dial` if none.
    pub consult: Option<String>,
}

impl Default for Contexts {
    fn default() -> Self {
        Self {
            dial: "from-internal".into(),
            hold: None,
            answer: None,
            consult: None,
        }
    }
}

/// How a ringing call is answered from here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerMethod {
    /// Not from here, until a test call has proved a way.
    #[default]
    AtTelephone,
    /// By a notification that the telephone obeys. Some telephones lose the call: tested ones only.
    TalkNotify,
    /// By calling the telephone again with headers that make it answer. Never for queue calls.
    RedialAutoAnswer,
}

/// How a colleague is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsultMethod {
    /// By the telephone system's own attended transfer. Needs its feature codes on the call.
    #[default]
    Atxfer,
    /// By moving both legs. Needs `contexts.hold`.
    TwoLegs,
}

/// Limits in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// How long the agent's own telephone may ring when a number is dialled from here.
    pub own_phone_rings: u32,
    /// `atxfernoanswertimeout` of the telephone system.
    pub atxfer_no_answer: u32,
    /// A ping after this long without a word.
    pub keep_alive: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            own_phone_rings: 20,
            atxfer_no_answer: 15,
            keep_alive: 15,
        }
    }
}

impl Config {
    /// A line with defaults.
    pub fn new(
        host: impl Into<String>,
        user: impl Into<String>,
        extension: impl Into<String>,
    ) -> Self {
        Self {
            host: host.into(),
            port: default_port(),
            tls: Tls::Off,
            user: user.into(),
            secret: Sensitive::default(),
            extension: extension.into(),
            endpoint: None,
            contexts: Contexts::default(),
            answer: AnswerMethod::default(),
            consult: ConsultMethod::default(),
            outside_digit: String::new(),
            international_prefix: default_international(),
            trusted_presentation: false,
            colleagues: true,
            auto_off_hook: false,
            limits: Limits::default(),
        }
    }

    /// The agent's telephone as Asterisk names it.
    pub fn endpoint(&self) -> String {
        match &self.endpoint {
            Some(endpoint) if !endpoint.is_empty() => endpoint.clone(),
            _ => format!("PJSIP/{}", self.extension),
        }
    }

    /// Where a colleague is called for a consultation by two legs.
    pub(super) fn consult_context(&self) -> &str {
        self.contexts
            .consult
            .as_deref()
            .unwrap_or(&self.contexts.dial)
    }

    /// Enough to try a connection?
    pub(super) fn is_complete(&self) -> bool {
        [
            &self.host,
            &self.user,
            &self.extension,
            self.secret.expose(),
        ]
        .iter()
        .all(|part| !part.trim().is_empty())
    }

    pub(super) fn keep_alive(&self) -> Duration {
        Duration::from_secs(self.limits.keep_alive.max(1).into())
    }
}

fn default_port() -> u16 {
    5038
}

fn default_international() -> String {
    "00".into()
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_is_not_written_with_the_settings() {
        let mut config = Config::new("pbx", "agent101", "101");
        config.secret = Sensitive::new("not for files".into());
        let text = format!("{config:?}");
        assert!(!text.contains("not for files"), "nor shown in a log");
        assert_eq!(
            config.endpoint(),
            "PJSIP/101",
            "the usual name of a telephone"
        );
    }
}

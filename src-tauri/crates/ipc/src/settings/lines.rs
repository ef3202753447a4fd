//! The agent's lines: which telephone system, and who he is there.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How the link is secured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Not at all: for a telephone system on the same machine or behind a tunnel.
    #[default]
    Off,
    /// A certificate that this PC's system trusts.
    SystemRoots,
    /// One certificate, trusted by its fingerprint.
    Fingerprint,
}

/// How a ringing call is taken from the card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AnswerMethod {
    /// The agent lifts the handset; the card has no button.
    #[default]
    AtTelephone,
    /// The PBX asks the telephone to answer (`NOTIFY` with `Event: talk`).
    TalkNotify,
    /// The PBX calls the telephone anew with a header that makes it answer. Not for queue calls.
    Redial,
}

/// How a colleague is asked while the caller waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsultMethod {
    /// The PBX's attended transfer (feature codes, `t` in the dialplan).
    #[default]
    Atxfer,
    /// Two legs by the dialplan context that waits with music.
    TwoLegs,
}

/// One line at an Asterisk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct AsteriskSettings {
    /// The PBX.
    pub host: String,
    /// The manager interface's port: 5038, with TLS 5039.
    pub port: u16,
    /// How the link is secured.
    pub tls: Tls,
    /// SHA-256 of the certificate, in hex, for `fingerprint`.
    pub fingerprint: String,
    /// The manager account.
    pub user: String,
    /// The agent's extension.
    pub extension: String,
    /// The channel of the agent's telephone; empty is `PJSIP/` and the extension.
    pub endpoint: String,
    /// The dialplan context from which this agent dials and transfers.
    pub context: String,
    /// The context that lets a caller wait with music, for consulting by two legs.
    pub hold_context: String,
    /// The context that calls a colleague for consulting by two legs; empty is `context`.
    pub consult_context: String,
    /// The context that calls the telephone with auto-answer, for answering by redial.
    pub answer_context: String,
    /// How a ringing call is taken.
    pub answer: AnswerMethod,
    /// How a colleague is asked.
    pub consult: ConsultMethod,
    /// The trunk hands over identities that callers asked to hide: ask before showing.
    pub asks_presentation: bool,
    /// Seconds that the PBX lets a consulted colleague ring (`atxfernoanswertimeout`).
    pub consult_ring_seconds: u32,
}

impl Default for AsteriskSettings {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 5038,
            tls: Tls::Off,
            fingerprint: String::new(),
            user: String::new(),
            extension: String::new(),
            endpoint: String::new(),
            context: "from-internal".into(),
            hold_context: String::new(),
            consult_context: String::new(),
            answer_context: String::new(),
            answer: AnswerMethod::AtTelephone,
            consult: ConsultMethod::Atxfer,
            asks_presentation: false,
            consult_ring_seconds: 15,
        }
    }
}

/// How the agent proves who he is to a BroadWorks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// User and password.
    #[default]
    Basic,
    /// A token that the operator gave out.
    Bearer,
}

/// One line at a BroadWorks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct BroadworksSettings {
    /// The server's name, or its address such as `https://xsi.example:8443`.
    pub host: String,
    /// The agent's own account, such as `user@domain`.
    pub user: String,
    /// What the secret is.
    pub sign_in: SignIn,
    /// The agent's extension.
    pub extension: String,
    /// Where on the server things are asked and done.
    pub actions_root: String,
    /// Where on the server things are subscribed to.
    pub events_root: String,
    /// Where on the server events come from.
    pub channel_root: String,
}

impl Default for BroadworksSettings {
    fn default() -> Self {
        Self {
            host: String::new(),
            user: String::new(),
            sign_in: SignIn::Basic,
            extension: String::new(),
            actions_root: "com.broadsoft.xsi-actions".into(),
            events_root: "com.broadsoft.xsi-events".into(),
            channel_root: "com.broadsoft.async/com.broadsoft.xsi-events".into(),
        }
    }
}

/// The telephone system behind a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "provider")]
pub enum ProviderSettings {
    /// Asterisk by its manager interface.
    Asterisk(AsteriskSettings),
    /// BroadWorks by its interface for clients (Xsi).
    Broadworks(BroadworksSettings),
}

/// One line. Its secret is `line.<id>.secret`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LineSettings {
    /// A short id of small letters and digits.
    pub id: String,
    /// What the agent calls it.
    pub name: String,
    /// A file of colleagues (`extension;name`), where the telephone system knows no names.
    #[serde(default)]
    pub colleagues_file: String,
    /// The telephone system.
    #[serde(flatten)]
    pub provider: ProviderSettings,
}

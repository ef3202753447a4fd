//! What a line at a BroadWorks is told: where its interface is, and who we are there.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;
use ringcard_core::Sensitive;
use serde::{Deserialize, Serialize};

/// The settings of one line. Everything but host, user and secret has a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name of the server as its operator gives it, or its address such as `https://xsi.example:8443`.
    pub host: String,
    /// `user@domain`, as the operator gives it.
    pub user: String,
    /// Password or token; filled in from the keychain, never written to a settings file.
    #[serde(default, skip_serializing)]
    pub secret: Sensitive<String>,
    /// How we prove who we are.
    #[serde(default)]
    pub sign_in: SignIn,
    /// Where below the host the three parts of the interface are.
    #[serde(default)]
    pub roots: Roots,
    /// The agent's number inside: he is no colleague of his own.
    #[serde(default)]
    pub extension: String,
    /// Names this installation to the server: two of the same name would end each other's channel.
    #[serde(default)]
    pub application: String,
    /// Limits in milliseconds, for servers that were set up otherwise.
    #[serde(default)]
    pub limits: Limits,
}

/// How we prove who we are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// User and password with each request.
    #[default]
    Basic,
    /// A token that the operator's own sign-in gave out.
    Bearer,
}

/// Where below the host the three parts of the interface are. Operators move them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Roots {
    /// What is done and asked.
    pub actions: String,
    /// What is subscribed to.
    pub events: String,
    /// Where events come from.
    pub channel: String,
}

impl Default for Roots {
    fn default() -> Self {
        Self {
            actions: "com.broadsoft.xsi-actions".into(),
            events: "com.broadsoft.xsi-events".into(),
            channel: "com.broadsoft.async/com.broadsoft.xsi-events".into(),
        }
    }
}

/// Limits in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Between two signs of life of ours.
    pub heartbeat: u64,
    /// How long a received call may be taken by forwarding or do-not-disturb before it is shown.
    pub settle: u64,
    /// How long an answer to a request may take.
    pub answer: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            heartbeat: 15_000,
            settle: 200,
            answer: 10_000,
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
            user: user.into(),
            secret: Sensitive::default(),
            sign_in: SignIn::default(),
            roots: Roots::default(),
            extension: extension.into(),
            application: String::new(),
            limits: Limits::default(),
        }
    }

    /// Enough to try a connection?
    pub(super) fn is_complete(&self) -> bool {
        let there = |text: &str| !text.trim().is_empty();
        there(&self.user) && there(self.secret.expose()) && self.base().is_some()
    }

    /// The server's address without a path. A password is sent readable to this PC only.
    pub(super) fn base(&self) -> Option<Url> {
        let host = self.host.trim().trim_end_matches('/');
        let base = match host.contains("://") {
            true => Url::parse(host),
            false => Url::parse(&format!("https://{host}")),
        };
        let base = base.ok()?;
        let bare = base.path() == "/" && base.query().is_none() && base.fragment().is_none();
        let nobody = base.username().is_empty() && base.password().is_none();
        let allowed = match base.scheme() {
            "https" => true,
            "http" => base.host_str().is_some_and(is_this_pc),
            _ => false,
        };
        (bare && nobody && allowed && base.host_str().is_some()).then_some(base)
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.base().is_some_and(|base| base.scheme() == "https")
    }

    pub(super) fn heartbeat(&self) -> Duration {
        Duration::from_millis(self.limits.heartbeat.max(100))
    }

    pub(super) fn settle(&self) -> Duration {
        Duration::from_millis(self.limits.settle)
    }

    pub(super) fn answer(&self) -> Duration {
        Duration::from_millis(self.limits.answer)
    }
}

/// A name may lead anywhere; an address of this PC cannot.
fn is_this_pc(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    let address: Option<IpAddr> = host.parse().ok();
    address.is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(host: &str) -> Option<String> {
        let config = Config::new(host, "agent@house.example", "101");
        config.base().map(|base| base.to_string())
    }

    #[test]
    fn host_is_a_name_or_an_address_and_nothing_more() {
        let secured = Some("https://xsi.house.example/");
        assert_eq!(base(" xsi.house.example ").as_deref(), secured);
        assert_eq!(base("https://xsi.house.example/").as_deref(), secured);
        assert_eq!(
            base("xsi.house.example:8443").as_deref(),
            Some("https://xsi.house.example:8443/")
        );
        for wrong in [
            "a@b.example",
            "xsi.house.example/com.broadsoft",
            "x?y=1",
            "ftp://x",
            "",
        ] {
            assert_eq!(base(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn password_is_sent_readable_to_this_pc_only() {
        assert_eq!(base("http://xsi.house.example"), None);
        assert_eq!(base("http://127.0.0.1.example"), None);
        assert!(base("http://127.0.0.1:8080").is_some(), "a test server");
    }

    #[test]
    fn secret_is_not_shown_in_a_log() {
        let mut config = Config::new("xsi.house.example", "agent@house.example", "101");
        config.secret = Sensitive::new("not for files".into());
        assert!(!format!("{config:?}").contains("not for files"));
    }
}

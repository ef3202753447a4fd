//! A line's link to its telephone system, and the colleagues that can be reached by it.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Whether events arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum LinkState {
    /// On the way, for the first time or again.
    Connecting,
    /// Signed in, subscribed, snapshot taken.
    Listening {
        /// Since when without a gap.
        since: Timestamp,
    },
    /// No events; the next try is at `retry_at`, or never when a person must act first.
    Down {
        /// Why.
        trouble: LinkTrouble,
        /// When it is tried again by itself.
        retry_at: Option<Timestamp>,
    },
}

/// Why a line is down. Each has one sentence and one advice in the windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LinkTrouble {
    /// The name of the host leads nowhere.
    HostNotFound,
    /// Nobody listens at this port, or the network is away.
    Unreachable,
    /// The other side is no telephone system of this kind.
    WrongProtocol,
    /// User or password are wrong. Never tried again by itself: the account would be locked.
    AuthenticationFailed,
    /// Signed in, but the account lacks a right without which no call is seen.
    RightsMissing,
    /// The certificate is not trusted.
    CertificateRefused,
    /// The link was closed or fell silent.
    Lost,
    /// The telephone system is shutting down.
    ShuttingDown,
    /// The line's settings are incomplete.
    NotConfigured,
}

impl LinkTrouble {
    /// Is there any sense in trying again without a person?
    pub fn heals_itself(self) -> bool {
        !matches!(
            self,
            Self::AuthenticationFailed
                | Self::RightsMissing
                | Self::CertificateRefused
                | Self::NotConfigured
        )
    }
}

/// Can a colleague take a call?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Nothing is known.
    #[default]
    Unknown,
    /// Registered and idle.
    Free,
    /// Ringing now.
    Ringing,
    /// On a call.
    Busy,
    /// Not registered.
    Away,
}

/// Somebody inside who can be consulted or sent a caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// The extension to call.
    pub extension: String,
    /// The name, where the system or the list knows one.
    pub name: Option<String>,
    /// As last heard.
    pub availability: Availability,
}

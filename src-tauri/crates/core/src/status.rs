//! Why an integration is not connected, and what a check of a telephone system found.

use serde::{Deserialize, Serialize};

/// Why an integration is not connected, or connected with a warning. One list for every CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum StatusReason {
    /// The access was withdrawn.
    InactiveToken,
    /// The access key is not accepted.
    InvalidToken,
    /// The trial or plan has ended; never guessed without a refused call.
    TrialExpired,
    /// Renewing the access failed for now.
    TokenRefresh,
    /// This login has no CRM.
    NoAccount,
    /// Another organisation than the one the mirror belongs to.
    InvalidOrganization,
    /// The user lacks a right for one module or action; the rest goes on.
    InsufficientPermissions,
    /// This user may not use the API at all.
    Forbidden,
    /// The day's calls are used up, or too many at once.
    ApiLimitExceeded,
    /// No network.
    Offline,
    /// The network is there, the CRM does not answer as a CRM.
    CrmUnreachable,
    /// The CRM answers, and refuses what was asked of it.
    CrmRefused,
    /// This PC's clock is wrong.
    ClockSkew,
    /// Connected, but the last success is older than two periods.
    SyncStale,
}

/// One line of "Check the telephone system".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Check {
    /// What was looked at, as a key for the windows' texts, such as `login` or `right_originate`.
    pub subject: String,
    /// What was found.
    pub result: CheckResult,
    /// A detail without personal data, such as a version or the name of a right.
    pub detail: Option<String>,
}

/// The three answers of a check, and "cannot tell".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// As it should be.
    There,
    /// Missing: something will not work.
    Missing,
    /// More than Ringcard needs: to be taken away.
    TooMuch,
    /// The account cannot see it.
    Unknown,
}

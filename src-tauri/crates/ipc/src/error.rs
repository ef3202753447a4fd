//! What is said when something cannot be done: a code for the texts, never a text to match on.

use ringcard_core::{CommandError, StatusReason};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use ts_rs::TS;

/// What happened. Each has one sentence and one advice in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind", content = "why")]
pub enum ErrorCode {
    /// A command for a call was refused.
    Command(CommandError),
    /// The agent is asked before the caller is sent there.
    NeedsConfirmation(CommandError),
    /// An integration's state is in the way.
    Integration(StatusReason),
    /// The request makes no sense to this version.
    BadRequest,
    /// A field of the settings is wrong.
    BadSetting,
    /// The administrator locked this field.
    LockedByPolicy,
    /// The settings file cannot be written.
    SettingsNotSaved,
    /// There is nothing with this name.
    NotFound,
    /// The keychain refused.
    KeychainRefused,
    /// The address is not one of the CRM's.
    AddressRefused,
    /// Ringcard is ending.
    Ending,
    /// A bug of ours; the log has the details.
    Internal,
}

/// A refusal as it crosses: the code for windows, the sentence for the command line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, Error)]
#[error("{message}")]
#[ts(export)]
pub struct Failure {
    /// For the windows' texts.
    pub code: ErrorCode,
    /// One sentence in English: what happened, what can be done. No personal data.
    pub message: String,
    /// The settings' field at fault, such as `integrations.0.refresh_minutes`.
    pub field: Option<String>,
}

impl Failure {
    /// A refusal with its sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
        }
    }

    /// A wrong field of the settings.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: ErrorCode::BadSetting,
            message: message.into(),
            field: Some(field.into()),
        }
    }
}

impl From<CommandError> for Failure {
    fn from(error: CommandError) -> Self {
        Self::new(ErrorCode::Command(error), error.to_string())
    }
}

/// Something to tell the agent once, outside any window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Notice {
    /// A call was missed.
    MissedCall {
        /// The call.
        call: String,
    },
    /// Several calls were missed while the screen was locked.
    MissedCalls {
        /// So many.
        count: u32,
    },
    /// An integration got a new reason.
    IntegrationTrouble {
        /// Its name.
        name: String,
        /// Why.
        reason: StatusReason,
    },
    /// An integration is well again.
    IntegrationWell {
        /// Its name.
        name: String,
    },
    /// A line is down.
    LineDown {
        /// Its name.
        name: String,
    },
}

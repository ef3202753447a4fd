//! What the agent may ask of a call, and how such a wish ends.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{CallId, PhoneNumber};

/// Where a call is to be sent: what the agent chose or typed, already cleaned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The number or extension to send to.
    pub number: PhoneNumber,
    /// The agent has seen the warning (busy, unchecked) and wants it all the same.
    pub confirmed: bool,
}

/// A wish for a line. The field's words; each provider translates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum CallCommand {
    /// Take a ringing call.
    Answer {
        /// The call.
        call: CallId,
    },
    /// Refuse a ringing call.
    Decline {
        /// The call.
        call: CallId,
    },
    /// End a call.
    HangUp {
        /// The call.
        call: CallId,
    },
    /// Let the other side wait.
    Hold {
        /// The call.
        call: CallId,
    },
    /// Fetch the waiting side back.
    Resume {
        /// The call.
        call: CallId,
    },
    /// Send a ringing call elsewhere.
    Redirect {
        /// The call.
        call: CallId,
        /// Where to.
        target: Target,
    },
    /// Call a colleague while the caller waits.
    Consult {
        /// The call that will wait.
        call: CallId,
        /// Whom to ask.
        target: Target,
    },
    /// Join caller and colleague.
    CompleteTransfer {
        /// Either call of the consultation.
        call: CallId,
    },
    /// Back to the caller.
    CancelConsult {
        /// Either call of the consultation.
        call: CallId,
    },
    /// Change between caller and colleague.
    Swap {
        /// Either call of the consultation.
        call: CallId,
    },
    /// Hand an active call on without asking.
    BlindTransfer {
        /// The call.
        call: CallId,
        /// Where to.
        target: Target,
    },
    /// Send digits into the call.
    SendDtmf {
        /// The call.
        call: CallId,
        /// 0-9, *, # and A-D.
        digits: String,
    },
    /// Call a number: the agent's telephone rings first.
    Dial {
        /// The id that the new call will have.
        call: CallId,
        /// Whom to call.
        target: Target,
    },
}

impl CallCommand {
    /// The call that the command is about.
    pub fn call(&self) -> CallId {
        match self {
            Self::Answer { call }
            | Self::Decline { call }
            | Self::HangUp { call }
            | Self::Hold { call }
            | Self::Resume { call }
            | Self::Redirect { call, .. }
            | Self::Consult { call, .. }
            | Self::CompleteTransfer { call }
            | Self::CancelConsult { call }
            | Self::Swap { call }
            | Self::BlindTransfer { call, .. }
            | Self::SendDtmf { call, .. }
            | Self::Dial { call, .. } => *call,
        }
    }
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// An event proved it.
    Confirmed,
    /// Accepted, but no event proved it in time; the call is where the last event left it.
    Unconfirmed,
    /// Nothing was sent: the agent is asked once before a caller is sent there.
    NeedsConfirmation(CommandError),
    /// Refused, by us or by the telephone system; the call is unchanged.
    Refused(CommandError),
}

/// Why a command was not carried out. Carries no number and no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Error)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CommandError {
    /// The call has ended or never was.
    #[error("this call is over")]
    NoSuchCall,
    /// The call is not in a state that allows it.
    #[error("this cannot be done with the call now")]
    NotNow,
    /// Another command for the same call is still under way.
    #[error("the last command for this call is still under way")]
    Busy,
    /// The target does not exist at the telephone system.
    #[error("this number does not exist at the telephone system")]
    NoSuchTarget,
    /// The target is busy.
    #[error("the target is busy")]
    TargetBusy,
    /// The target's telephone is not registered.
    #[error("the target's telephone is away")]
    TargetAway,
    /// Whether the target exists cannot be told here.
    #[error("whether the target exists cannot be checked")]
    TargetUnchecked,
    /// The contact has said that he wants no calls.
    #[error("this contact wants no calls")]
    WantsNoCalls,
    /// The target is empty or no number.
    #[error("this is not a number that can be called")]
    BadTarget,
    /// The PBX account lacks the right.
    #[error("the telephone system's account lacks the right for this")]
    NoRight,
    /// This line cannot do it at all.
    #[error("this line cannot do this")]
    NotSupported,
    /// The agent's own telephone refused or did not pick up.
    #[error("your own telephone did not answer")]
    OwnPhoneUnreachable,
    /// The telephone system refused for a reason of its own.
    #[error("the telephone system refused")]
    RefusedByPbx,
    /// The line is down.
    #[error("there is no connection to the telephone system")]
    LinkDown,
}

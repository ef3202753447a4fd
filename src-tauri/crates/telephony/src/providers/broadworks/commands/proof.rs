//! What proves a command.

use ringcard_core::{Call, CallCommand, CallState, CommandError, EndReason, HeldBy, Outcome};

use super::{Pending, Stage};

/// What a call's new value says of a command.
pub(super) fn of(pending: &Pending, call: &Call) -> Option<Outcome> {
    let command = &pending.command;
    let ended = match call.state {
        CallState::Ended { reason } => Some(reason),
        _ => None,
    };
    if pending.proves != call.id {
        // The caller for whom a colleague was to be asked is no more.
        let over = ended.is_some() && command.call() == call.id;
        let lost = over && matches!(command, CallCommand::Consult { .. });
        return lost.then_some(Outcome::Refused(CommandError::NoSuchCall));
    }
    if let Some(reason) = ended {
        return Some(by_end(command, reason));
    }
    if pending.stage == Stage::Checking {
        return None;
    }
    let done = match command {
        CallCommand::Answer { .. } | CallCommand::Resume { .. } | CallCommand::Swap { .. } => {
            call.state == CallState::Active
        }
        CallCommand::CancelConsult { .. } => {
            call.state == CallState::Active && call.consultation.is_none()
        }
        CallCommand::Hold { .. } => call.state == CallState::Held { by: HeldBy::Us },
        CallCommand::Consult { .. } => call.consultation.is_some(),
        CallCommand::Dial { .. } => {
            matches!(call.state, CallState::Dialing | CallState::Active)
        }
        _ => false,
    };
    done.then_some(Outcome::Confirmed)
}

/// The end of a call proves some commands and makes the others pointless.
fn by_end(command: &CallCommand, reason: EndReason) -> Outcome {
    let proved = match command {
        CallCommand::Decline { .. } | CallCommand::HangUp { .. } => true,
        CallCommand::Redirect { .. } => reason == EndReason::Redirected,
        CallCommand::BlindTransfer { .. } | CallCommand::CompleteTransfer { .. } => {
            reason == EndReason::TransferredAway
        }
        CallCommand::Dial { .. } => {
            return Outcome::Refused(CommandError::OwnPhoneUnreachable);
        }
        _ => false,
    };
    if proved {
        Outcome::Confirmed
    } else {
        Outcome::Refused(CommandError::NoSuchCall)
    }
}

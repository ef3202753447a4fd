//! Exit codes: one for each kind of answer, so that a script need not read the text.
//!
//! The table for people is in `src-tauri/docs/settings.md`.

use std::process::ExitCode;

use ringcard_ipc::{CommandError, Ended, ErrorCode, Reply};

/// What happened, as the program's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done, and for calls proved by an event.
    Done = 0,
    /// Refused or failed for a reason that has no code of its own.
    Failed = 1,
    /// The words or switches make no sense.
    Usage = 2,
    /// No Ringcard runs for this user and home.
    NotRunning = 3,
    /// The telephone system accepted it, but no event proved it in time.
    Unconfirmed = 4,
    /// Nothing was sent: to be said again with `--anyway`.
    NeedsConfirmation = 5,
    /// There is no such call, line, integration or secret, or nobody has the number.
    NotFound = 6,
    /// The call is not in a state that allows it, or its last command is under way.
    NotNow = 7,
    /// The target is no number, does not exist, is busy or away.
    BadTarget = 8,
    /// The line is down, lacks a right or cannot do it, or the telephone system refused.
    Telephony = 9,
    /// An integration's state is in the way.
    Integration = 10,
}

impl Exit {
    /// The code that an answer of the running Ringcard leads to.
    pub fn of(reply: &Reply) -> Self {
        match reply {
            Reply::Ended(Ended {
                confirmed: false, ..
            }) => Self::Unconfirmed,
            Reply::Lookup(view) if view.found.is_empty() => Self::NotFound,
            Reply::Failed(failure) => Self::of_error(failure.code),
            _ => Self::Done,
        }
    }

    fn of_error(code: ErrorCode) -> Self {
        match code {
            ErrorCode::Command(why) => Self::of_command(why),
            ErrorCode::NeedsConfirmation(_) => Self::NeedsConfirmation,
            ErrorCode::Integration(_) => Self::Integration,
            ErrorCode::NotFound => Self::NotFound,
            ErrorCode::Ending => Self::NotRunning,
            ErrorCode::BadRequest
            | ErrorCode::BadSetting
            | ErrorCode::LockedByPolicy
            | ErrorCode::SettingsNotSaved
            | ErrorCode::KeychainRefused
            | ErrorCode::AddressRefused
            | ErrorCode::Internal => Self::Failed,
        }
    }

    fn of_command(why: CommandError) -> Self {
        match why {
            CommandError::NoSuchCall => Self::NotFound,
            CommandError::NotNow | CommandError::Busy => Self::NotNow,
            CommandError::NoSuchTarget
            | CommandError::TargetBusy
            | CommandError::TargetAway
            | CommandError::TargetUnchecked
            | CommandError::WantsNoCalls
            | CommandError::BadTarget => Self::BadTarget,
            CommandError::NoRight
            | CommandError::NotSupported
            | CommandError::OwnPhoneUnreachable
            | CommandError::RefusedByPbx
            | CommandError::LinkDown => Self::Telephony,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringcard_ipc::{Failure, LookupView};

    const REFERENCE: &str = include_str!("../../../docs/settings.md");

    fn failed(code: ErrorCode) -> Exit {
        Exit::of(&Reply::Failed(Failure::new(code, "invented")))
    }

    #[test]
    fn accepted_is_not_done() {
        let ended = |confirmed| {
            Exit::of(&Reply::Ended(Ended {
                call: "invented".into(),
                confirmed,
            }))
        };
        assert_eq!(ended(true), Exit::Done);
        assert_eq!(ended(false), Exit::Unconfirmed, "no event proved it");
    }

    #[test]
    fn question_is_told_from_refusal() {
        let busy = CommandError::TargetBusy;
        assert_eq!(
            failed(ErrorCode::NeedsConfirmation(busy)),
            Exit::NeedsConfirmation,
            "a script may say it again with --anyway"
        );
        assert_eq!(failed(ErrorCode::Command(busy)), Exit::BadTarget);
    }

    #[test]
    fn reasons_of_a_call_have_their_own_codes() {
        let of = |why| failed(ErrorCode::Command(why));
        assert_eq!(of(CommandError::NoSuchCall), Exit::NotFound);
        assert_eq!(of(CommandError::Busy), Exit::NotNow);
        assert_eq!(of(CommandError::LinkDown), Exit::Telephony);
    }

    #[test]
    fn nobody_found_is_told_from_somebody() {
        let nobody = LookupView {
            number: "+49 231 1234567".into(),
            found: Vec::new(),
            among: 5,
            as_of: None,
            took_us: 1,
        };
        assert_eq!(Exit::of(&Reply::Lookup(Box::new(nobody))), Exit::NotFound);
    }

    #[test]
    fn every_code_stands_in_the_reference() {
        let codes = Exit::Done as u8..=Exit::Integration as u8;
        let missing: Vec<u8> = codes
            .filter(|code| !REFERENCE.contains(&format!("\n| {code} | ")))
            .collect();
        assert_eq!(missing, [0_u8; 0], "scripts are written from the reference");
    }
}

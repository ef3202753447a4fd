//! Where a caller is to be sent: is that a number, does it exist, is somebody free there?

use ringcard_core::{Availability, CallCommand, CommandError, CommandId, Moment, Outcome, Target};

use super::{Conversation, Question, Stage, plan};
use crate::providers::asterisk::config::{Config, ConsultMethod};
use crate::providers::asterisk::wire::{Existence, existence, inquiry};

/// Longest number that is sent.
const LONGEST: usize = 40;
/// Emergency numbers are no longer; colleagues may be as short.
const SHORTEST: usize = 3;

/// The forms in which the telephone system may know the number, best first.
pub(super) fn forms(
    target: &Target,
    command: &CallCommand,
    config: &Config,
) -> Result<Vec<String>, CommandError> {
    let number = target.number.as_str();
    let digits = number.strip_prefix('+').unwrap_or(number);
    let is_number = !digits.is_empty()
        && number.len() <= LONGEST
        && digits
            .bytes()
            .all(|b| b.is_ascii_digit() || b"*#".contains(&b));
    if !is_number || number == config.extension {
        return Err(CommandError::BadTarget);
    }
    if digits.len() == number.len() {
        return Ok(vec![number.to_owned()]);
    }
    let spelled = format!(
        "{}{}{digits}",
        config.outside_digit, config.international_prefix
    );
    let by_digits =
        matches!(command, CallCommand::Consult { .. }) && config.consult == ConsultMethod::Atxfer;
    Ok(match (by_digits, config.outside_digit.is_empty()) {
        (true, _) => vec![spelled],
        // An outside digit shows that the dialplan knows digits at least.
        (false, false) => vec![spelled, number.to_owned()],
        (false, true) => vec![number.to_owned(), spelled],
    })
}

/// Does the number leave the telephone system? Nobody there knows who is free.
fn is_outside(target: &Target) -> bool {
    target.number.as_str().starts_with('+')
}

/// A number that is called at once: in an emergency nobody waits for an answer, or is told that it does not exist.
pub(super) fn is_short_dial(command: &CallCommand) -> bool {
    matches!(command, CallCommand::Dial { target, .. } if target.number.as_str().len() <= SHORTEST)
}

impl Conversation {
    pub(super) fn check_target(&mut self, id: CommandId) {
        let Some(pending) = self.desk.find(id) else {
            return;
        };
        let Stage::Checking { forms, seen } = &pending.stage else {
            return;
        };
        let contexts = plan::contexts_of(&pending.command, &self.config);
        let (Some(form), Some(context)) = (forms.first(), contexts.get(*seen)) else {
            return;
        };
        let asked = inquiry::exists(context, form);
        self.ask(Question::Target(id), asked);
    }

    /// The telephone system said whether the target exists, or that it will not say.
    pub(in super::super) fn target_known(
        &mut self,
        id: CommandId,
        value: Option<&str>,
        now: Moment,
    ) {
        let Some(pending) = self.desk.pending.iter_mut().find(|p| p.id == id) else {
            return;
        };
        let Stage::Checking { forms, seen } = &mut pending.stage else {
            return;
        };
        match existence(value) {
            Existence::There => {
                *seen += 1;
                if *seen < plan::contexts_of(&pending.command, &self.config).len() {
                    return self.check_target(id);
                }
                self.target_there(id, true, now);
            }
            Existence::Missing if forms.len() > 1 => {
                forms.remove(0);
                *seen = 0;
                self.check_target(id);
            }
            Existence::Missing => {
                let refused = Outcome::Refused(CommandError::NoSuchTarget);
                self.finish_command(id, refused);
            }
            Existence::Unsaid => self.target_there(id, false, now),
        }
    }

    pub(super) fn target_there(&mut self, id: CommandId, checked: bool, now: Moment) {
        let Some(pending) = self.desk.find(id) else {
            return;
        };
        let command = pending.command.clone();
        if let Some(warning) = self.warning(&command, checked) {
            return self.finish_command(id, Outcome::NeedsConfirmation(warning));
        }
        if self.listens_later(id, now) {
            return;
        }
        self.send_checked(id, now);
    }

    /// A feature code would be lost just now: the command waits for its time.
    fn listens_later(&mut self, id: CommandId, now: Moment) -> bool {
        let by_code = self.config.consult == ConsultMethod::Atxfer;
        let Some(pending) = self.desk.pending.iter_mut().find(|p| p.id == id) else {
            return false;
        };
        let track = self.model.track(pending.command.call());
        let deaf_until = track.and_then(|track| track.deaf_until);
        let until = deaf_until.filter(|until| *until > now.monotonic);
        match (&pending.command, &pending.stage, until) {
            (CallCommand::Consult { .. }, Stage::Checking { forms, .. }, Some(until))
                if by_code =>
            {
                pending.stage = Stage::Ready(forms.first().cloned().unwrap_or_default());
                pending.deadline = until;
                true
            }
            _ => false,
        }
    }

    /// Sends a command whose target is settled.
    pub(super) fn send_checked(&mut self, id: CommandId, now: Moment) {
        let Some(command) = self.desk.find(id).map(|pending| pending.command.clone()) else {
            return;
        };
        // The call may have changed while the question was under way.
        let allowed = super::ability(&command).is_none_or(|needed| {
            self.call(command.call())
                .is_some_and(|call| call.allows(needed))
        });
        let sent = if allowed {
            self.send_command(id, now)
        } else {
            Err(CommandError::NotNow)
        };
        if let Err(error) = sent {
            self.finish_command(id, Outcome::Refused(error));
        }
    }

    /// What the agent is to be asked before the caller is sent there. Consulting loses nobody.
    fn warning(&self, command: &CallCommand, checked: bool) -> Option<CommandError> {
        let (CallCommand::Redirect { target, .. } | CallCommand::BlindTransfer { target, .. }) =
            command
        else {
            return None;
        };
        if target.confirmed {
            return None;
        }
        let number = target.number.as_str();
        match self.availability(number) {
            Some(Availability::Busy | Availability::Ringing) => Some(CommandError::TargetBusy),
            Some(Availability::Away) => Some(CommandError::TargetAway),
            Some(Availability::Free) if checked => None,
            // Any number of a pattern exists; whether somebody is there, only a hint tells.
            _ if checked && is_outside(target) => None,
            _ => Some(CommandError::TargetUnchecked),
        }
    }
}

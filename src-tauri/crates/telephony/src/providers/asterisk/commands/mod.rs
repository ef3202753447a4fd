//! Commands under way: the lock of each call, the target's check, the limits, the proof.

mod confirm;
mod marks;
mod plan;
mod target;

use std::time::Duration;

use ringcard_core::{
    Ability, Call, CallCommand, CallId, CallState, CommandError, CommandId, Moment, Outcome,
};

use super::config::Config;
use super::conversation::{Conversation, Question};
use crate::LineEvent;

/// How far a command has come.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    /// Does the target exist?
    Checking {
        /// The forms of the number still to be tried, the present one first.
        forms: Vec<String>,
        /// In how many contexts the present one was seen.
        seen: usize,
    },
    /// To be sent when the telephone system listens again.
    Ready(String),
    /// To be sent when the leg of a call that is being dialled is known.
    Legless,
    /// Sent; an event will prove it.
    Sent,
}

/// A command under way.
#[derive(Debug)]
struct Pending {
    id: CommandId,
    command: CallCommand,
    /// The other call of the consultation, locked as well.
    partner: Option<CallId>,
    stage: Stage,
    deadline: Duration,
    /// The call's states since the command was sent.
    held: bool,
    ended: Option<CallState>,
}

/// The commands under way.
#[derive(Debug, Default)]
pub struct Desk {
    pending: Vec<Pending>,
}

impl Desk {
    /// A call changed.
    pub(super) fn saw(&mut self, call: &Call) {
        for pending in &mut self.pending {
            if pending.command.call() == call.id {
                pending.held |= matches!(call.state, CallState::Held { .. });
                if call.state.is_ended() {
                    pending.ended = Some(call.state);
                }
            }
        }
    }

    /// Is nothing under way?
    pub(super) fn is_idle(&self) -> bool {
        self.pending.is_empty()
    }

    /// The earliest limit.
    pub(super) fn next_deadline(&self) -> Option<Duration> {
        self.pending.iter().map(|pending| pending.deadline).min()
    }

    /// Forgets all commands and says which there were.
    pub(super) fn give_up(&mut self) -> Vec<CommandId> {
        std::mem::take(&mut self.pending)
            .into_iter()
            .map(|pending| pending.id)
            .collect()
    }

    pub(super) fn is_dial(&self, id: CommandId) -> bool {
        self.find(id)
            .is_some_and(|pending| matches!(pending.command, CallCommand::Dial { .. }))
    }

    /// The dial under way that makes this call.
    fn dial_of(&self, call: CallId) -> Option<&Pending> {
        let dials = |pending: &&Pending| matches!(pending.command, CallCommand::Dial { .. });
        let mut pending = self.pending.iter().filter(dials);
        pending.find(|pending| pending.command.call() == call)
    }

    fn find(&self, id: CommandId) -> Option<&Pending> {
        self.pending.iter().find(|pending| pending.id == id)
    }

    /// May nothing else be done with this call now? A dial under way may be hung up.
    fn is_locked(&self, call: CallId, command: &CallCommand) -> bool {
        let hang_up = matches!(command, CallCommand::HangUp { .. });
        self.pending.iter().any(|pending| {
            let same = pending.command.call() == call || pending.partner == Some(call);
            let dial = matches!(pending.command, CallCommand::Dial { .. });
            same && !(hang_up && dial)
        })
    }
}

impl Conversation {
    /// Begins a command; exactly one `CommandEnded` follows, at once or later.
    pub fn command(&mut self, id: CommandId, command: CallCommand, now: Moment) {
        if let Err(outcome) = self.begin_command(id, &command, now) {
            self.tell(LineEvent::CommandEnded(id, outcome));
        }
    }

    fn begin_command(
        &mut self,
        id: CommandId,
        command: &CallCommand,
        now: Moment,
    ) -> Result<(), Outcome> {
        if !self.is_listening() {
            return Err(Outcome::Refused(CommandError::LinkDown));
        }
        self.allowed(command).map_err(Outcome::Refused)?;
        let partner = self.call(command.call()).and_then(|call| {
            let both = call.consultation?;
            Some(if both.held == call.id {
                both.consult
            } else {
                both.held
            })
        });
        let mut pending = Pending {
            id,
            command: command.clone(),
            partner,
            stage: Stage::Sent,
            deadline: now.monotonic + limit(command, &self.config),
            held: false,
            ended: None,
        };
        if let Some(target) = plan::target_of(command) {
            let forms = target::forms(target, command, &self.config).map_err(Outcome::Refused)?;
            pending.stage = Stage::Checking { forms, seen: 0 };
            pending.deadline = now.monotonic + Duration::from_secs(3);
            self.desk.pending.push(pending);
            if target::is_short_dial(command) {
                self.target_there(id, false, now);
            } else {
                self.check_target(id);
            }
            return Ok(());
        }
        if self.call(command.call()).is_none() {
            pending.stage = Stage::Legless;
            return self.give_up_dial(pending);
        }
        self.desk.pending.push(pending);
        self.send_command(id, now).map_err(|error| {
            self.desk.pending.retain(|pending| pending.id != id);
            Outcome::Refused(error)
        })
    }

    /// A call that is hung up before the telephone system has told of it. What was only being checked is never dialled.
    fn give_up_dial(&mut self, mut hang_up: Pending) -> Result<(), Outcome> {
        let dial = self.desk.dial_of(hang_up.command.call());
        match dial.map(|dial| (dial.id, &dial.stage, dial.deadline)) {
            Some((_, Stage::Sent, deadline)) => {
                hang_up.deadline = deadline;
                self.desk.pending.push(hang_up);
                Ok(())
            }
            Some((id, ..)) => {
                let over = Outcome::Refused(CommandError::NoSuchCall);
                self.finish_command(id, over.clone());
                Err(over)
            }
            None => Err(Outcome::Refused(CommandError::NoSuchCall)),
        }
    }

    /// Is the command possible with its call now?
    fn allowed(&self, command: &CallCommand) -> Result<(), CommandError> {
        let id = command.call();
        if self.desk.is_locked(id, command) {
            return Err(CommandError::Busy);
        }
        let Some(needed) = ability(command) else {
            return Ok(());
        };
        if needed == Ability::HangUp && self.call(id).is_none() && self.desk.dial_of(id).is_some() {
            return Ok(());
        }
        let call = self.call(id).ok_or(CommandError::NoSuchCall)?;
        if call.allows(needed) {
            return Ok(());
        }
        Err(if plan::is_supported(needed, &self.config) {
            CommandError::NotNow
        } else {
            CommandError::NotSupported
        })
    }

    /// Sends the command's actions and leaves its marks on the call.
    fn send_command(&mut self, id: CommandId, now: Moment) -> Result<(), CommandError> {
        let pending = self.desk.find(id).ok_or(CommandError::NoSuchCall)?;
        let command = pending.command.clone();
        let exten = match &pending.stage {
            Stage::Checking { forms, .. } => forms.first().cloned(),
            Stage::Ready(exten) => Some(exten.clone()),
            Stage::Sent | Stage::Legless => None,
        };
        let actions = plan::actions(&self.model, &self.config, &command, exten.clone())?;
        marks::mark(&mut self.model, &self.config, &command, exten.as_deref());
        let limit = limit(&command, &self.config);
        if let Some(pending) = self.desk.pending.iter_mut().find(|p| p.id == id) {
            pending.stage = Stage::Sent;
            pending.deadline = now.monotonic + limit;
        }
        let count = actions.len();
        for (at, action) in actions.into_iter().enumerate() {
            self.ask(Question::Command(id, at + 1 == count), action);
        }
        let changes = self.model.refresh();
        self.changed(changes, now);
        Ok(())
    }

    /// Both who part for a swap hear the music: the second half of the command.
    pub(super) fn join_swapped(&mut self, call: CallId) {
        let swap = self.desk.pending.iter().find(|pending| {
            let of_call = pending.command.call() == call || pending.partner == Some(call);
            of_call && matches!(pending.command, CallCommand::Swap { .. })
        });
        let Some(id) = swap.map(|pending| pending.id) else {
            return;
        };
        match plan::join(&self.model, call) {
            Ok(action) => self.ask(Question::Command(id, true), action),
            Err(error) => self.finish_command(id, Outcome::Refused(error)),
        }
    }

    fn finish_command(&mut self, id: CommandId, outcome: Outcome) {
        let Some(at) = self
            .desk
            .pending
            .iter()
            .position(|pending| pending.id == id)
        else {
            return;
        };
        let pending = self.desk.pending.remove(at);
        if outcome != Outcome::Confirmed {
            marks::unmark(&mut self.model, &pending.command);
        }
        self.tell(LineEvent::CommandEnded(id, outcome));
    }
}

/// What the call must allow; nothing for a call that does not exist yet.
fn ability(command: &CallCommand) -> Option<Ability> {
    Some(match command {
        CallCommand::Answer { .. } => Ability::Answer,
        CallCommand::Decline { .. } => Ability::Decline,
        CallCommand::HangUp { .. } => Ability::HangUp,
        CallCommand::Hold { .. } => Ability::Hold,
        CallCommand::Resume { .. } => Ability::Resume,
        CallCommand::Redirect { .. } => Ability::Redirect,
        CallCommand::Consult { .. } => Ability::Consult,
        CallCommand::CompleteTransfer { .. } => Ability::CompleteTransfer,
        CallCommand::CancelConsult { .. } => Ability::CancelConsult,
        CallCommand::Swap { .. } => Ability::Swap,
        CallCommand::BlindTransfer { .. } => Ability::BlindTransfer,
        CallCommand::SendDtmf { .. } => Ability::SendDtmf,
        CallCommand::Dial { .. } => return None,
    })
}

/// How long the proof of a command may take.
fn limit(command: &CallCommand, config: &Config) -> Duration {
    let seconds = |seconds: u32| Duration::from_secs(seconds.into());
    match command {
        CallCommand::Consult { .. } => seconds(6),
        CallCommand::CompleteTransfer { .. } => seconds(config.limits.atxfer_no_answer + 2),
        CallCommand::Dial { .. } => seconds(config.limits.own_phone_rings + 2),
        CallCommand::SendDtmf { digits, .. } => {
            seconds(3) + Duration::from_millis(500) * u32::try_from(digits.len()).unwrap_or(64)
        }
        _ => seconds(3),
    }
}

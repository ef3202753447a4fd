//! What the agent asks for: guarded here once, for windows and command line alike.

use std::time::Duration;

use ringcard_core::{
    Ability, Beginning, Call, CallCommand, CallId, CallState, CommandError, CommandId,
    CorrelationKey, Direction, LegId, LineId, Moment, Outcome, Party,
};
use ringcard_telephony::LineCommand;

use crate::effect::{Effect, JournalEntry, SyncCause};
use crate::event::UiCommand;
use crate::state::{PendingCommand, State, TrackedCall};
use crate::step::Step;

/// Providers end every command by their own limits (consulting may wait as long as a colleague's
/// telephone rings). This is the net below them.
const LONGEST_COMMAND: Duration = Duration::from_secs(90);

impl State {
    pub(crate) fn asked(&mut self, step: &mut Step, id: CommandId, command: UiCommand) {
        match command {
            UiCommand::Call(command) => {
                if let Err(error) = self.send_command(step, id, command) {
                    step.effects
                        .push(Effect::Reply(id, Outcome::Refused(error)));
                }
            }
            UiCommand::Dial(line, command) => {
                if let Err(error) = self.dial(step, id, (line, command)) {
                    step.effects
                        .push(Effect::Reply(id, Outcome::Refused(error)));
                }
            }
            UiCommand::ClosePreview(call) => {
                if self.preview.close(call) {
                    self.forget_unseen_calls();
                    step.effects.push(match self.preview.is_visible() {
                        true => Effect::UpdatePreview,
                        false => Effect::HidePreview,
                    });
                }
            }
            UiCommand::ShowPreview => {
                let hide_at = step.now.monotonic + self.setup.hide_after;
                self.preview.show_all(&self.calls, hide_at);
                if self.preview.is_visible() {
                    step.effects.push(Effect::ShowPreview);
                }
            }
            UiCommand::BringForward(call) => {
                if self.preview.bring_forward(call) {
                    step.effects.push(Effect::UpdatePreview);
                }
            }
            UiCommand::Sync(integration, full) => {
                self.start_sync(step, &integration, SyncCause::Asked { full });
            }
            UiCommand::Chose(call, record) => self.chose(step, call, record),
            UiCommand::Note(call, text) => self.note(step, call, text),
        }
    }

    fn send_command(
        &mut self,
        step: &mut Step,
        id: CommandId,
        command: CallCommand,
    ) -> Result<(), CommandError> {
        let call = command.call();
        let tracked = self.calls.get(&call).ok_or(CommandError::NoSuchCall)?;
        if tracked.call.state.is_ended() {
            return Err(CommandError::NoSuchCall);
        }
        let ability = ability_of(&command).ok_or(CommandError::NotNow)?;
        if self.is_locked(tracked) {
            return Err(CommandError::Busy);
        }
        if !tracked.call.allows(ability) {
            return Err(CommandError::NotNow);
        }
        let line = tracked.call.line.clone();
        self.line_must_listen(&line)?;
        self.wait_for(call, (id, Some(ability)), step.now);
        step.effects
            .push(Effect::Telephony(line, LineCommand::Call(id, command)));
        step.effects
            .extend([Effect::UpdatePreview, Effect::TellPhone]);
        Ok(())
    }

    /// A consultation's two calls share one lock: a second press on either would complete it.
    /// A dialling that still waits for the agent's telephone can be broken off all the same.
    fn is_locked(&self, tracked: &TrackedCall) -> bool {
        let locks = |tracked: &TrackedCall| {
            tracked
                .pending
                .is_some_and(|pending| pending.ability.is_some())
        };
        let partner = tracked.call.consultation.and_then(|consultation| {
            let other = match tracked.call.id == consultation.held {
                true => consultation.consult,
                false => consultation.held,
            };
            self.calls.get(&other)
        });
        locks(tracked) || partner.is_some_and(locks)
    }

    fn line_must_listen(&self, line: &LineId) -> Result<(), CommandError> {
        match self.lines.get(line).is_some_and(crate::Line::listens) {
            true => Ok(()),
            false => Err(CommandError::LinkDown),
        }
    }

    fn wait_for(&mut self, call: CallId, command: (CommandId, Option<Ability>), now: Moment) {
        let (id, ability) = command;
        if let Some(tracked) = self.calls.get_mut(&call) {
            tracked.trouble = None;
            tracked.unconfirmed = false;
            tracked.pending = Some(PendingCommand {
                id,
                ability,
                deadline: now.monotonic + LONGEST_COMMAND,
            });
        }
    }

    fn dial(
        &mut self,
        step: &mut Step,
        id: CommandId,
        (line, command): (LineId, CallCommand),
    ) -> Result<(), CommandError> {
        let CallCommand::Dial { call, target } = &command else {
            return Err(CommandError::NotNow);
        };
        self.line_must_listen(&line)?;
        let dialled = target.number.as_str().to_owned();
        let placed = placed_call(*call, line.clone(), dialled, step.now);
        step.effects
            .push(Effect::Record(JournalEntry::OpenCall(Box::new(
                placed.clone(),
            ))));
        self.calls.insert(*call, TrackedCall::new(placed));
        self.wait_for(*call, (id, None), step.now);
        self.look_up(step, *call);
        self.preview.show(*call);
        self.preview
            .hide_at(*call, step.now.monotonic + self.setup.hide_after);
        step.effects
            .push(Effect::Telephony(line, LineCommand::Call(id, command)));
        step.effects
            .extend([Effect::ShowPreview, Effect::TellPhone]);
        Ok(())
    }

    fn note(&mut self, step: &mut Step, call: CallId, text: String) {
        let Some(tracked) = self.calls.get_mut(&call) else {
            return;
        };
        if tracked.note == text {
            return;
        }
        tracked.note.clone_from(&text);
        let at = step.now.wall;
        let note = JournalEntry::Note { call, text, at };
        step.effects
            .extend([Effect::Record(note), Effect::TellPhone]);
    }

    fn chose(&mut self, step: &mut Step, call: CallId, record: ringcard_core::CrmRecord) {
        let Some(tracked) = self.calls.get(&call) else {
            return;
        };
        let several = tracked
            .matches
            .values()
            .map(|m| m.found.len())
            .sum::<usize>()
            > 1;
        if let (true, Some(number)) = (several, tracked.call.remote.party.number_to_look_up()) {
            step.effects.push(Effect::Record(JournalEntry::Choice {
                number: number.to_owned(),
                line: tracked.call.line.clone(),
                record,
                at: step.now.wall,
            }));
        }
    }

    /// What no provider ended in all that time is told as unconfirmed.
    pub(crate) fn give_up_commands(&mut self, step: &mut Step) {
        let late: Vec<CommandId> = self
            .calls
            .values()
            .filter_map(|tracked| tracked.pending)
            .filter(|pending| pending.deadline <= step.now.monotonic)
            .map(|pending| pending.id)
            .collect();
        for command in late {
            self.command_ended(step, command, Outcome::Unconfirmed);
        }
    }
}

/// The call that exists from the moment of the agent's click, before the PBX knows of it.
fn placed_call(id: CallId, line: LineId, dialled: String, now: Moment) -> Call {
    let mut call = Call::begin(Beginning {
        id,
        line,
        leg: LegId::new(""),
        correlation: CorrelationKey::new(id.to_string()),
        direction: Direction::Outgoing,
        state: CallState::CallingOwnPhone,
        started_at: now.wall,
    });
    call.meet(Party::from_number(dialled.clone()));
    call.dialled = Some(dialled);
    call.can = [Ability::HangUp].into();
    call
}

fn ability_of(command: &CallCommand) -> Option<Ability> {
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

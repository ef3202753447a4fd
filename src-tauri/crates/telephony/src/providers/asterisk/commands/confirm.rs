//! What proves a command, and what is said when nothing does.

use ringcard_core::{
    CallCommand, CallState, CommandError, CommandId, ConsultationPhase, EndReason, HeldBy, Moment,
    Outcome,
};

use super::{Conversation, Pending, Stage};

impl Conversation {
    /// Looks at every command under way: proved, disproved, or out of time.
    pub(in super::super) fn review(&mut self, now: Moment) {
        let mut finished = Vec::new();
        let mut unchecked = Vec::new();
        let mut ready = Vec::new();
        for pending in &self.desk.pending {
            let late = pending.deadline <= now.monotonic;
            match &pending.stage {
                Stage::Checking { .. } if pending.ended.is_some() => {
                    finished.push((pending.id, Outcome::Refused(CommandError::NoSuchCall)));
                }
                Stage::Checking { .. } if late => unchecked.push(pending.id),
                Stage::Checking { .. } => {}
                Stage::Ready(_) if pending.ended.is_some() => {
                    finished.push((pending.id, Outcome::Refused(CommandError::NoSuchCall)));
                }
                Stage::Ready(_) if late => ready.push(pending.id),
                Stage::Ready(_) => {}
                Stage::Legless if pending.ended.is_some() => {
                    finished.push((pending.id, Outcome::Confirmed));
                }
                Stage::Legless if self.call(pending.command.call()).is_some() => {
                    ready.push(pending.id);
                }
                Stage::Legless if late || self.desk.dial_of(pending.command.call()).is_none() => {
                    finished.push((pending.id, Outcome::Refused(CommandError::NoSuchCall)));
                }
                Stage::Legless => {}
                Stage::Sent => {
                    let late = late.then_some(Outcome::Unconfirmed);
                    if let Some(outcome) = self.proof(pending).or(late) {
                        finished.push((pending.id, outcome));
                    }
                }
            }
        }
        let any = !finished.is_empty();
        for (id, outcome) in finished {
            self.finish_command(id, outcome);
        }
        for id in unchecked {
            self.target_there(id, false, now);
        }
        for id in ready {
            self.send_checked(id, now);
        }
        if any {
            let changes = self.model.refresh();
            self.changed(changes, now);
        }
    }

    fn proof(&self, pending: &Pending) -> Option<Outcome> {
        let done = |yes: bool| yes.then_some(Outcome::Confirmed);
        let over = || Some(Outcome::Refused(CommandError::NoSuchCall));
        if let Some(CallState::Ended { reason }) = pending.ended {
            return proof_by_end(&pending.command, reason);
        }
        let Some(call) = self.call(pending.command.call()) else {
            return match pending.command {
                CallCommand::Dial { .. } => None,
                CallCommand::CancelConsult { .. } => Some(Outcome::Confirmed),
                _ => over(),
            };
        };
        let held = CallState::Held { by: HeldBy::Us };
        match &pending.command {
            CallCommand::Answer { .. } => done(call.state == CallState::Active),
            CallCommand::Hold { .. } => done(call.state == held),
            CallCommand::Resume { .. } => {
                done(matches!(call.state, CallState::Active | CallState::Ringing))
            }
            CallCommand::Consult { .. } if call.consultation.is_some() => Some(Outcome::Confirmed),
            // Put on hold and taken back without a call: the number leads nowhere.
            CallCommand::Consult { .. } if pending.held && call.state == CallState::Active => {
                Some(Outcome::Refused(CommandError::NoSuchTarget))
            }
            CallCommand::CompleteTransfer { .. } if self.is_by_two_legs(call.id) => None,
            CallCommand::CompleteTransfer { .. } => done(
                call.consultation
                    .is_some_and(|both| both.phase == ConsultationPhase::Completing),
            ),
            CallCommand::CancelConsult { .. } => done(call.consultation.is_none()),
            CallCommand::Swap { .. } => done(self.is_swapped(call.id)),
            _ => None,
        }
    }

    fn is_by_two_legs(&self, call: ringcard_core::CallId) -> bool {
        self.model
            .track(call)
            .and_then(|track| self.model.way_of(track))
            == Some(crate::providers::asterisk::model::Way::TwoLegs)
    }

    /// Has the swap come to its end?
    fn is_swapped(&self, call: ringcard_core::CallId) -> bool {
        let track = self.model.track(call);
        track.is_some_and(|track| self.model.sides(track).is_some())
    }

    /// The answer to one of the command's actions.
    pub(in super::super) fn command_answered(
        &mut self,
        id: CommandId,
        last: bool,
        refused: Option<CommandError>,
    ) {
        let Some(pending) = self.desk.find(id) else {
            return;
        };
        if let Some(refusal) = refused {
            self.finish_command(id, Outcome::Refused(refusal));
        } else if last && matches!(pending.command, CallCommand::SendDtmf { .. }) {
            self.finish_command(id, Outcome::Confirmed);
        }
    }

    /// The agent's own telephone was picked up for a dial, or not.
    pub(in super::super) fn own_phone_answered(&mut self, id: CommandId, answered: bool) {
        let outcome = if answered {
            Outcome::Confirmed
        } else {
            Outcome::Refused(CommandError::OwnPhoneUnreachable)
        };
        self.finish_command(id, outcome);
    }
}

/// The end of the call proves some commands and makes the others pointless.
fn proof_by_end(command: &CallCommand, reason: EndReason) -> Option<Outcome> {
    let proved = match command {
        CallCommand::Decline { .. } | CallCommand::HangUp { .. } => true,
        CallCommand::CancelConsult { .. } => reason != EndReason::TransferredAway,
        CallCommand::Redirect { .. } => reason == EndReason::Redirected,
        CallCommand::BlindTransfer { .. } | CallCommand::CompleteTransfer { .. } => {
            reason == EndReason::TransferredAway
        }
        // The answer of the telephone itself is still to come.
        CallCommand::Dial { .. } => return None,
        _ => false,
    };
    Some(if proved {
        Outcome::Confirmed
    } else {
        Outcome::Refused(CommandError::NoSuchCall)
    })
}

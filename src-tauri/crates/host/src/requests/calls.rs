//! Requests about calls: which call is meant, whom to send it to, and waiting for the end.

use ringcard_app::{Event, UiCommand};
use ringcard_core::{
    Ability, CallCommand, CallId, CallState, CommandError, CommandId, HeldBy, LineId,
};
use ringcard_ipc::{ErrorCode, Failure, Request};
use uuid::Uuid;

use super::{Waiting, answer, fail, not_found};
use crate::desk::Desk;

/// Characters of a note.
const LONGEST_NOTE: usize = 4_000;

impl Desk {
    pub(super) async fn ask_call(&mut self, request: Request, reply: Waiting) {
        match request {
            Request::ClosePreview { call } => {
                self.for_card(&call, UiCommand::ClosePreview, reply).await;
            }
            Request::BringForward { call } => {
                self.for_card(&call, UiCommand::BringForward, reply).await;
            }
            Request::ShowPreview => {
                self.step(Event::Ui(new_command(), UiCommand::ShowPreview))
                    .await;
                answer(reply, ringcard_ipc::Reply::Done);
            }
            Request::SetNote { call, note } => {
                let note = note.chars().take(LONGEST_NOTE).collect();
                self.for_card(&call, |call| UiCommand::Note(call, note), reply)
                    .await;
            }
            Request::Dial {
                to,
                line,
                confirmed,
            } => self.dial((&to, confirmed), line, reply).await,
            request => match self.call_command(request) {
                Ok(command) => {
                    let id = new_command();
                    self.wait_for(id, command.call(), reply);
                    self.step(Event::Ui(id, UiCommand::Call(command))).await;
                }
                Err(error) => fail(reply, error),
            },
        }
    }

    async fn for_card(
        &mut self,
        call: &str,
        command: impl FnOnce(CallId) -> UiCommand,
        reply: Waiting,
    ) {
        match CallId::parse(call) {
            Some(call) => {
                self.step(Event::Ui(new_command(), command(call))).await;
                answer(reply, ringcard_ipc::Reply::Done);
            }
            None => fail(reply, not_found("call")),
        }
    }

    async fn dial(&mut self, (to, confirmed): (&str, bool), line: Option<String>, reply: Waiting) {
        let line = line.or_else(|| self.settings.lines.first().map(|line| line.id.clone()));
        let Some(line) = line.map(LineId::new) else {
            return fail(reply, CommandError::LinkDown);
        };
        let target = match self.numbers.target(to, false) {
            Ok(target) => target,
            Err(error) => return fail(reply, error),
        };
        if !confirmed && self.wants_no_calls(&target.number) {
            let why = CommandError::WantsNoCalls;
            let message = format!("{why}; say so again to call all the same");
            return fail(
                reply,
                Failure::new(ErrorCode::NeedsConfirmation(why), message),
            );
        }
        let (id, call) = (new_command(), CallId::new(Uuid::now_v7()));
        self.wait_for(id, call, reply);
        let command = CallCommand::Dial { call, target };
        self.step(Event::Ui(id, UiCommand::Dial(line, command)))
            .await;
    }

    fn call_command(&self, request: Request) -> Result<CallCommand, CommandError> {
        let the = |call: Option<String>, ability| self.the_call(call, ability);
        Ok(match request {
            Request::Answer { call } => CallCommand::Answer {
                call: the(call, Ability::Answer)?,
            },
            Request::Decline { call } => CallCommand::Decline {
                call: the(call, Ability::Decline)?,
            },
            Request::HangUp { call } => CallCommand::HangUp {
                call: the(call, Ability::HangUp)?,
            },
            Request::Hold { call } => CallCommand::Hold {
                call: the(call, Ability::Hold)?,
            },
            Request::Resume { call } => CallCommand::Resume {
                call: the(call, Ability::Resume)?,
            },
            Request::Redirect {
                call,
                to,
                confirmed,
            } => CallCommand::Redirect {
                call: the(call, Ability::Redirect)?,
                target: self.numbers.target(&to, confirmed)?,
            },
            Request::Consult {
                call,
                to,
                confirmed,
            } => CallCommand::Consult {
                call: the(call, Ability::Consult)?,
                target: self.numbers.target(&to, confirmed)?,
            },
            Request::Complete { call } => CallCommand::CompleteTransfer {
                call: the(call, Ability::CompleteTransfer)?,
            },
            Request::Cancel { call } => CallCommand::CancelConsult {
                call: the(call, Ability::CancelConsult)?,
            },
            Request::Swap { call } => CallCommand::Swap {
                call: the(call, Ability::Swap)?,
            },
            Request::Transfer {
                call,
                to,
                confirmed,
            } => CallCommand::BlindTransfer {
                call: the(call, Ability::BlindTransfer)?,
                target: self.numbers.target(&to, confirmed)?,
            },
            Request::SendDtmf { call, digits } => CallCommand::SendDtmf {
                call: the(call, Ability::SendDtmf)?,
                digits,
            },
            _ => return Err(CommandError::NotSupported),
        })
    }

    /// The call that is named, or the one that is meant: the one that rings longest, the one in
    /// talk, the one that waits. Where several could be meant, none is guessed.
    fn the_call(&self, named: Option<String>, ability: Ability) -> Result<CallId, CommandError> {
        if let Some(text) = named {
            return CallId::parse(&text).ok_or(CommandError::NoSuchCall);
        }
        let fits = |state: CallState| match ability {
            Ability::Answer | Ability::Decline | Ability::Redirect => state == CallState::Ringing,
            Ability::Resume => state == CallState::Held { by: HeldBy::Us },
            Ability::HangUp => {
                !state.is_ended() && state != CallState::Ringing && !state.is_elsewhere()
            }
            _ => !state.is_ended(),
        };
        let mut meant = self
            .state
            .calls()
            .filter(|tracked| fits(tracked.call.state))
            .peekable();
        // A call that is there and cannot do this is another thing than no call.
        let missing = match (meant.peek(), ability) {
            (None, _) => CommandError::NoSuchCall,
            (Some(_), Ability::Answer | Ability::Decline | Ability::Redirect) => {
                CommandError::NotSupported
            }
            (Some(_), _) => CommandError::NotNow,
        };
        let mut able = meant.filter(|tracked| tracked.call.allows(ability));
        let first = able.next().ok_or(missing)?;
        let rings = first.call.state == CallState::Ringing;
        let same_consultation = |other: &ringcard_app::TrackedCall| {
            first.call.consultation.is_some() && other.call.consultation == first.call.consultation
        };
        match able.all(|other| rings || same_consultation(other)) {
            true => Ok(first.call.id),
            false => Err(CommandError::NotNow),
        }
    }
}

pub(super) fn new_command() -> CommandId {
    CommandId::new(Uuid::now_v7())
}

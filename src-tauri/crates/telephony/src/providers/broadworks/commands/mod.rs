//! Commands under way: the lock of each call, the target's check, the steps, the proof.

mod plan;
mod proof;

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use ringcard_core::{
    Ability, Call, CallCommand, CallId, CommandError, CommandId, Moment, Outcome, Target,
};

use self::plan::Step;
use super::conversation::{Conversation, Purpose};
use super::model::Dialling;
use super::wire::answer::Answer;
use super::wire::request;
use crate::LineEvent;

/// How long the question about a target may take.
const CHECK: Duration = Duration::from_secs(3);
/// How long an event may take that proves a command.
const PROOF: Duration = Duration::from_secs(3);
/// The same where two requests are sent, one after the other.
const PROOF_OF_BOTH: Duration = Duration::from_secs(6);
/// And until the agent has picked his telephone up for a dial.
const PICK_UP: Duration = Duration::from_secs(30);

/// A command whose end is not known.
struct Pending {
    id: CommandId,
    command: CallCommand,
    /// The other call of the consultation, locked as well.
    partner: Option<CallId>,
    /// The call whose change proves it.
    proves: CallId,
    stage: Stage,
    /// What is still to be sent when what was sent before is accepted.
    steps: VecDeque<Step>,
    until: Duration,
}

/// How far a command has come.
#[derive(PartialEq, Eq)]
enum Stage {
    /// Is the target free?
    Checking,
    /// A step is under way; one that dials says what it makes.
    Sent(Option<Dialling>),
    /// Everything is accepted; an event will prove it.
    Accepted,
}

/// What is known of a target.
enum Certainty {
    /// The caller may be sent there.
    Sure,
    /// A colleague whose telephone can be asked about, by what requests call him.
    Ask(String),
    /// The agent is to be asked.
    Doubt,
}

/// The commands under way.
#[derive(Default)]
pub(super) struct Desk {
    pending: Vec<Pending>,
    /// Numbers to which the agent did send somebody after a question: one is asked once.
    assured: HashSet<String>,
}

impl Desk {
    /// Forgets all commands and says which there were.
    pub(super) fn give_up(&mut self) -> Vec<CommandId> {
        let pending = std::mem::take(&mut self.pending);
        pending.into_iter().map(|one| one.id).collect()
    }

    /// The earliest limit.
    pub(super) fn next_deadline(&self) -> Option<Duration> {
        self.pending.iter().map(|one| one.until).min()
    }

    fn find(&mut self, id: CommandId) -> Option<&mut Pending> {
        self.pending.iter_mut().find(|one| one.id == id)
    }

    /// May nothing else be done with this call now? A dial under way may be hung up.
    fn is_locked(&self, call: CallId, command: &CallCommand) -> bool {
        let hang_up = matches!(command, CallCommand::HangUp { .. });
        self.pending.iter().any(|one| {
            let same = one.command.call() == call || one.partner == Some(call);
            let dial = matches!(one.command, CallCommand::Dial { .. });
            same && !(hang_up && dial)
        })
    }
}

impl Conversation {
    /// Begins a command; exactly one `CommandEnded` follows, at once or later.
    pub(super) fn command(&mut self, id: CommandId, command: CallCommand, now: Moment) {
        if let Err(outcome) = self.begin_command(id, command, now) {
            self.tell(LineEvent::CommandEnded(id, outcome));
        }
        self.settle(now);
    }

    fn begin_command(
        &mut self,
        id: CommandId,
        command: CallCommand,
        now: Moment,
    ) -> Result<(), Outcome> {
        if !self.is_listening() {
            return Err(Outcome::Refused(CommandError::LinkDown));
        }
        self.allowed(&command).map_err(Outcome::Refused)?;
        let certainty = match target_of(&command) {
            Some(target) => {
                plan::address(target, &self.config.extension).map_err(Outcome::Refused)?;
                self.certainty(&command, target)
            }
            None => Certainty::Sure,
        };
        let asked = match certainty {
            Certainty::Sure => None,
            Certainty::Ask(user) => Some(user),
            Certainty::Doubt => {
                let doubt = CommandError::TargetUnchecked;
                return Err(Outcome::NeedsConfirmation(doubt));
            }
        };
        let consultation = self.call(command.call()).and_then(|call| call.consultation);
        let partner = consultation.map(|both| match both.held == command.call() {
            true => both.consult,
            false => both.held,
        });
        self.desk.pending.push(Pending {
            id,
            partner,
            proves: command.call(),
            command,
            stage: Stage::Checking,
            steps: VecDeque::new(),
            until: now.monotonic + CHECK,
        });
        match asked {
            Some(user) => self.ask(Purpose::Hook(id), request::hook(&user)),
            None => self.start(id, now),
        }
        Ok(())
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
        let call = self.call(id).ok_or(CommandError::NoSuchCall)?;
        match call.allows(needed) {
            true => Ok(()),
            false => Err(CommandError::NotNow),
        }
    }

    /// Consulting and dialling lose nobody.
    fn certainty(&self, command: &CallCommand, target: &Target) -> Certainty {
        let sends = matches!(
            command,
            CallCommand::Redirect { .. } | CallCommand::BlindTransfer { .. }
        );
        let number = target.number.as_str();
        if !sends || target.confirmed {
            return Certainty::Sure;
        }
        match self.user_of(number) {
            Some(user) => Certainty::Ask(user.to_owned()),
            None if self.desk.assured.contains(number) => Certainty::Sure,
            None => Certainty::Doubt,
        }
    }

    /// The server said whether the target's receiver is lifted, or would not say.
    pub(super) fn target_known(&mut self, id: CommandId, answer: Option<Answer>, now: Moment) {
        let Some(pending) = self.desk.find(id) else {
            return;
        };
        if pending.stage != Stage::Checking {
            return;
        }
        let doubt = match answer.and_then(|answer| answer.is_off_hook()) {
            Some(false) => return self.start(id, now),
            Some(true) => CommandError::TargetBusy,
            None => CommandError::TargetUnchecked,
        };
        self.finish(id, Outcome::NeedsConfirmation(doubt));
    }

    /// Sends the first step, if the call still allows it.
    fn start(&mut self, id: CommandId, now: Moment) {
        let Some(pending) = self.desk.find(id) else {
            return;
        };
        let command = pending.command.clone();
        let allowed = ability(&command).is_none_or(|needed| {
            let call = self.model.call(command.call());
            call.is_some_and(|call| call.allows(needed))
        });
        if !allowed {
            return self.finish(id, Outcome::Refused(CommandError::NotNow));
        }
        let plan = match plan::plan(&command, &self.config, &mut self.model) {
            Ok(plan) => plan,
            Err(error) => return self.finish(id, Outcome::Refused(error)),
        };
        plan::foretell(&command, &mut self.model);
        if let Some(pending) = self.desk.find(id) {
            pending.steps = plan.steps;
            pending.proves = plan.proves;
            pending.until = now.monotonic + limit(&command);
        }
        self.send_next(id, now);
    }

    /// Sends the next step. Says whether there was one.
    fn send_next(&mut self, id: CommandId, now: Moment) -> bool {
        let Some(pending) = self.desk.find(id) else {
            return false;
        };
        let Some(step) = pending.steps.pop_front() else {
            pending.stage = Stage::Accepted;
            return false;
        };
        pending.stage = Stage::Sent(step.dials.clone());
        if let Some(dialling) = step.dials {
            pending.proves = dialling.call;
            self.model.dials(dialling, now);
        }
        self.ask(Purpose::Command(id), step.request);
        true
    }

    /// The answer to a step of a command.
    pub(super) fn step_answered(&mut self, id: CommandId, answer: Option<Answer>, now: Moment) {
        let Some(pending) = self.desk.find(id) else {
            return;
        };
        let dialling = match &pending.stage {
            Stage::Sent(dialling) => dialling.clone(),
            Stage::Checking | Stage::Accepted => return,
        };
        let accepted = match &answer {
            Some(answer) => answer.command(),
            None => Err(CommandError::LinkDown),
        };
        if let Err(error) = accepted {
            if dialling.is_some() {
                self.model.dial_failed();
            }
            return self.finish(id, Outcome::Refused(error));
        }
        if let Some(dialling) = dialling {
            let made = answer.and_then(|answer| answer.made_call());
            if let Some(made) = made {
                self.model.dialled(&made, &dialling, now);
            }
        }
        let more = self.send_next(id, now);
        let digits = self
            .desk
            .find(id)
            .is_some_and(|pending| matches!(pending.command, CallCommand::SendDtmf { .. }));
        // No event tells of digits.
        if digits && !more {
            self.finish(id, Outcome::Confirmed);
        }
    }

    /// A call's new value was told: it may prove commands or make them pointless.
    pub(super) fn prove(&mut self, call: &Call) {
        let proved: Vec<(CommandId, Outcome)> = self
            .desk
            .pending
            .iter()
            .filter_map(|pending| Some((pending.id, proof::of(pending, call)?)))
            .collect();
        for (id, outcome) in proved {
            self.finish(id, outcome);
        }
    }

    /// Commands that nothing proved in time.
    pub(super) fn review(&mut self, now: Moment) {
        let late: Vec<(CommandId, Outcome)> = self
            .desk
            .pending
            .iter()
            .filter(|pending| pending.until <= now.monotonic)
            .map(|pending| match pending.stage {
                Stage::Checking => {
                    let doubt = CommandError::TargetUnchecked;
                    (pending.id, Outcome::NeedsConfirmation(doubt))
                }
                Stage::Sent(_) | Stage::Accepted => (pending.id, Outcome::Unconfirmed),
            })
            .collect();
        for (id, outcome) in late {
            self.finish(id, outcome);
        }
    }

    fn finish(&mut self, id: CommandId, outcome: Outcome) {
        let Some(at) = self.desk.pending.iter().position(|one| one.id == id) else {
            return;
        };
        let pending = self.desk.pending.remove(at);
        if outcome == Outcome::Confirmed {
            if let Some(target) = target_of(&pending.command).filter(|target| target.confirmed) {
                let number = target.number.as_str().to_owned();
                self.desk.assured.insert(number);
            }
        } else {
            let calls = [Some(pending.command.call()), pending.partner];
            for call in calls.into_iter().flatten() {
                self.model.wishes(call, None);
            }
        }
        self.tell(LineEvent::CommandEnded(id, outcome));
    }
}

fn target_of(command: &CallCommand) -> Option<&Target> {
    match command {
        CallCommand::Redirect { target, .. }
        | CallCommand::Consult { target, .. }
        | CallCommand::BlindTransfer { target, .. }
        | CallCommand::Dial { target, .. } => Some(target),
        _ => None,
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

fn limit(command: &CallCommand) -> Duration {
    match command {
        CallCommand::Dial { .. } => PICK_UP,
        CallCommand::Consult { .. }
        | CallCommand::CancelConsult { .. }
        | CallCommand::Swap { .. } => PROOF_OF_BOTH,
        _ => PROOF,
    }
}

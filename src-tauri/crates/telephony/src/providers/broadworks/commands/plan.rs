//! What is sent for each command, step by step.

use std::collections::VecDeque;

use ringcard_core::{CallCommand, CallId, CallState, CommandError, Consultation, HeldBy, Target};

use crate::providers::broadworks::config::Config;
use crate::providers::broadworks::model::{Dialling, Model, Wish};
use crate::providers::broadworks::wire::request::{self, Request};

/// Longest number that is sent.
const LONGEST: usize = 40;

/// One request of a command.
pub(super) struct Step {
    /// What is sent.
    pub request: Request,
    /// The call that it makes.
    pub dials: Option<Dialling>,
}

/// All requests of a command.
pub(super) struct Plan {
    /// In their order; each waits for the one before.
    pub steps: VecDeque<Step>,
    /// The call whose change will prove the command.
    pub proves: CallId,
}

impl Plan {
    fn of(requests: impl IntoIterator<Item = Request>, proves: CallId) -> Self {
        let step = |request| Step {
            request,
            dials: None,
        };
        Self {
            steps: requests.into_iter().map(step).collect(),
            proves,
        }
    }

    fn then(mut self, step: Step) -> Self {
        self.steps.push_back(step);
        self
    }
}

/// The requests for a command.
pub(super) fn plan(
    command: &CallCommand,
    config: &Config,
    model: &mut Model,
) -> Result<Plan, CommandError> {
    let (id, user) = (command.call(), config.user.as_str());
    let plan = |request| Ok(Plan::of([request], id));
    match command {
        CallCommand::Dial { target, .. } => {
            let step = dial(config, model, target, (id, None))?;
            Ok(Plan::of([], id).then(step))
        }
        CallCommand::Consult { target, .. } => consult(config, model, target, id),
        CallCommand::Answer { .. } | CallCommand::Resume { .. } => {
            plan(request::talk(user, name(model, id)?))
        }
        CallCommand::Decline { .. } => plan(request::hang_up(user, name(model, id)?, true)),
        CallCommand::HangUp { .. } => plan(request::hang_up(user, name(model, id)?, false)),
        CallCommand::Hold { .. } => plan(request::hold(user, name(model, id)?)),
        CallCommand::Redirect { target, .. } | CallCommand::BlindTransfer { target, .. } => {
            let number = address(target, &config.extension)?;
            plan(request::blind_transfer(user, name(model, id)?, number))
        }
        CallCommand::SendDtmf { digits, .. } => {
            let known = |c: char| c.is_ascii_digit() || "*#ABCD".contains(c);
            if digits.is_empty() || !digits.chars().all(known) {
                return Err(CommandError::BadTarget);
            }
            plan(request::press(user, name(model, id)?, digits))
        }
        CallCommand::CompleteTransfer { .. } => {
            let both = consultation(model, id)?;
            let (held, asked) = (name(model, both.held)?, name(model, both.consult)?);
            let join = request::consult_transfer(user, held, asked);
            Ok(Plan::of([join], both.held))
        }
        CallCommand::CancelConsult { .. } => {
            let both = consultation(model, id)?;
            let leave = request::hang_up(user, name(model, both.consult)?, false);
            let back = request::talk(user, name(model, both.held)?);
            Ok(Plan::of([leave, back], both.held))
        }
        CallCommand::Swap { .. } => swap(user, model, consultation(model, id)?),
    }
}

/// The caller waits, then the colleague is called.
fn consult(
    config: &Config,
    model: &mut Model,
    target: &Target,
    id: CallId,
) -> Result<Plan, CommandError> {
    let call = model.call(id).ok_or(CommandError::NoSuchCall)?;
    let waits = call.state == CallState::Held { by: HeldBy::Us };
    let hold = match waits {
        true => None,
        false => Some(request::hold(&config.user, name(model, id)?)),
    };
    let asked = model.new_id();
    let step = dial(config, model, target, (asked, Some(id)))?;
    Ok(Plan::of(hold, asked).then(step))
}

/// Who waits talks, and who talks waits.
fn swap(user: &str, model: &Model, both: Consultation) -> Result<Plan, CommandError> {
    let held = model.call(both.held).ok_or(CommandError::NoSuchCall)?;
    let (waits, talks) = match held.state {
        CallState::Active => (both.held, both.consult),
        _ => (both.consult, both.held),
    };
    let hold = request::hold(user, name(model, waits)?);
    let talk = request::talk(user, name(model, talks)?);
    Ok(Plan::of([hold, talk], talks))
}

/// The dial of a number; one at a time, for its call is known by its order only.
fn dial(
    config: &Config,
    model: &Model,
    target: &Target,
    (call, held): (CallId, Option<CallId>),
) -> Result<Step, CommandError> {
    if model.is_dialling() {
        return Err(CommandError::Busy);
    }
    let number = address(target, &config.extension)?;
    let dialling = Dialling {
        call,
        held,
        number: number.to_owned(),
    };
    Ok(Step {
        request: request::dial(&config.user, number),
        dials: Some(dialling),
    })
}

fn name(model: &Model, id: CallId) -> Result<&str, CommandError> {
    model.name(id).ok_or(CommandError::NoSuchCall)
}

fn consultation(model: &Model, id: CallId) -> Result<Consultation, CommandError> {
    let call = model.call(id).ok_or(CommandError::NoSuchCall)?;
    call.consultation.ok_or(CommandError::NotNow)
}

/// What the agent wants explains what will be seen.
pub(super) fn foretell(command: &CallCommand, model: &mut Model) {
    let id = command.call();
    match command {
        CallCommand::Decline { .. } => model.wishes(id, Some(Wish::Decline)),
        CallCommand::Redirect { .. } => model.wishes(id, Some(Wish::Redirect)),
        CallCommand::BlindTransfer { .. } => model.wishes(id, Some(Wish::Transfer)),
        CallCommand::CompleteTransfer { .. } => {
            if let Ok(both) = consultation(model, id) {
                model.wishes(both.held, Some(Wish::Transfer));
                model.wishes(both.consult, Some(Wish::Transfer));
            }
        }
        CallCommand::CancelConsult { .. } => {
            if let Ok(both) = consultation(model, id) {
                model.wishes(both.consult, Some(Wish::Cancel));
            }
        }
        _ => {}
    }
}

/// The number as it is sent: digits and what a service code has, never the agent's own.
pub(super) fn address<'a>(target: &'a Target, own: &str) -> Result<&'a str, CommandError> {
    let number = target.number.as_str();
    let digits = number.strip_prefix('+').unwrap_or(number);
    let dialable = !digits.is_empty()
        && number.len() <= LONGEST
        && digits
            .bytes()
            .all(|b| b.is_ascii_digit() || b"*#".contains(&b));
    match dialable && number != own {
        true => Ok(number),
        false => Err(CommandError::BadTarget),
    }
}

//! Which actions a command becomes. Always the caller's leg is moved, never the agent's alone.

use ringcard_core::{Ability, CallCommand, CallId, CommandError, Target};

use crate::providers::asterisk::config::{AnswerMethod, Config, ConsultMethod};
use crate::providers::asterisk::model::{Model, Track, Waiting, Way};
use crate::providers::asterisk::wire::{Action, request};

/// The target of a command that has one.
pub(super) fn target_of(command: &CallCommand) -> Option<&Target> {
    match command {
        CallCommand::Redirect { target, .. }
        | CallCommand::Consult { target, .. }
        | CallCommand::BlindTransfer { target, .. }
        | CallCommand::Dial { target, .. } => Some(target),
        _ => None,
    }
}

/// Where in the dialplan the command's number must exist. A context for consulting by two legs takes any number and
/// hands it on to where the telephone dials.
pub(super) fn contexts_of<'a>(command: &CallCommand, config: &'a Config) -> Vec<&'a str> {
    let mut contexts = vec![config.contexts.dial.as_str()];
    if matches!(command, CallCommand::Consult { .. })
        && config.consult == ConsultMethod::TwoLegs
        && config.consult_context() != config.contexts.dial
    {
        contexts.push(config.consult_context());
    }
    contexts
}

/// Can this line do it at all?
pub(super) fn is_supported(ability: Ability, config: &Config) -> bool {
    let talk = config.answer == AnswerMethod::TalkNotify;
    match ability {
        Ability::Answer => config.answer != AnswerMethod::AtTelephone,
        Ability::Hold | Ability::Resume => talk || config.contexts.hold.is_some(),
        Ability::Consult => {
            config.consult == ConsultMethod::Atxfer || config.contexts.hold.is_some()
        }
        Ability::Swap => config.consult == ConsultMethod::TwoLegs && config.contexts.hold.is_some(),
        _ => true,
    }
}

/// The legs of a call as actions name them.
struct Names {
    own: Option<String>,
    far: Option<String>,
}

impl Names {
    fn of(model: &Model, track: &Track) -> Self {
        let name = |uid: &Option<String>| {
            uid.as_deref()
                .and_then(|uid| model.legs().name(uid))
                .map(str::to_owned)
        };
        Self {
            own: name(&track.own),
            far: name(&track.far),
        }
    }

    fn own(self) -> Result<String, CommandError> {
        self.own.ok_or(CommandError::NotNow)
    }

    fn far(self) -> Result<String, CommandError> {
        self.far.ok_or(CommandError::NotNow)
    }

    fn both(self) -> Result<(String, String), CommandError> {
        match (self.own, self.far) {
            (Some(own), Some(far)) => Ok((own, far)),
            _ => Err(CommandError::NotNow),
        }
    }
}

/// The actions of a command; `exten` is the target in the form that the telephone system knows.
pub(super) fn actions(
    model: &Model,
    config: &Config,
    command: &CallCommand,
    exten: Option<String>,
) -> Result<Vec<Action>, CommandError> {
    if let CallCommand::Dial { .. } = command {
        return dial(config, command, exten);
    }
    let track = model
        .track(command.call())
        .ok_or(CommandError::NoSuchCall)?;
    let names = Names::of(model, track);
    let exten = exten.unwrap_or_default();
    Ok(match command {
        CallCommand::Answer { .. } => vec![answer(config, names)?],
        CallCommand::Decline { .. } => vec![request::hang_up(names.own()?, request::BUSY)],
        CallCommand::HangUp { .. } if track.holding => {
            let (own, far) = names.both()?;
            vec![
                request::hang_up(far, request::NORMAL),
                request::hang_up(own, request::NORMAL),
            ]
        }
        CallCommand::HangUp { .. } => vec![request::hang_up(names.own()?, request::NORMAL)],
        CallCommand::Hold { .. } => hold(config, names)?,
        CallCommand::Resume { .. } => vec![resume(config, track, names)?],
        CallCommand::Redirect { .. } => {
            vec![request::redirect(
                names.far()?,
                &config.contexts.dial,
                &exten,
            )]
        }
        CallCommand::Consult { .. } => consult(config, names, exten)?,
        CallCommand::CompleteTransfer { .. } => vec![complete(model, track)?],
        CallCommand::CancelConsult { .. } => vec![cancel(model, track)?],
        CallCommand::Swap { .. } => vec![part(model, config, track)?],
        CallCommand::BlindTransfer { .. } => vec![request::blind_transfer(
            names.own()?,
            &config.contexts.dial,
            &exten,
        )],
        CallCommand::SendDtmf { digits, .. } => digits_of(names, digits)?,
        CallCommand::Dial { .. } => return Err(CommandError::NotNow),
    })
}

fn answer(config: &Config, names: Names) -> Result<Action, CommandError> {
    match (config.answer, &config.contexts.answer) {
        (AnswerMethod::TalkNotify, _) => Ok(request::notify(names.own()?, "talk")),
        (AnswerMethod::RedialAutoAnswer, Some(context)) => {
            Ok(request::redirect(names.far()?, context, &config.extension))
        }
        _ => Err(CommandError::NotSupported),
    }
}

fn hold(config: &Config, names: Names) -> Result<Vec<Action>, CommandError> {
    if config.answer == AnswerMethod::TalkNotify {
        return Ok(vec![request::notify(names.own()?, "hold")]);
    }
    let music = config
        .contexts
        .hold
        .as_deref()
        .ok_or(CommandError::NotSupported)?;
    let (own, far) = names.both()?;
    let way_back = way_back(config, &far);
    let moved = request::with_extra(request::redirect(far, music, "s"), own, music, "s");
    Ok(vec![way_back, moved])
}

/// Whom the dialplan calls for a caller who has heard its music for long.
fn way_back(config: &Config, far: &str) -> Action {
    request::set_variable(far.to_owned(), "RINGCARD_AGENT", &config.endpoint())
}

/// A caller who was left alone in the hold music rings at the agent's telephone again.
fn resume(config: &Config, track: &Track, names: Names) -> Result<Action, CommandError> {
    if track.waiting == Some(Waiting::HoldMusic) {
        return Ok(request::redirect(
            names.far()?,
            &config.contexts.dial,
            &config.extension,
        ));
    }
    if track.holding {
        let (own, far) = names.both()?;
        return Ok(request::bridge(own, far));
    }
    Ok(request::notify(names.own()?, "talk"))
}

fn consult(config: &Config, names: Names, exten: String) -> Result<Vec<Action>, CommandError> {
    if config.consult == ConsultMethod::Atxfer {
        return Ok(vec![request::atxfer(
            names.own()?,
            &config.contexts.dial,
            &exten,
        )]);
    }
    let music = config
        .contexts
        .hold
        .as_deref()
        .ok_or(CommandError::NotSupported)?;
    let (own, far) = names.both()?;
    // The dialplan finds the way back by these two, when the colleague or the agent is gone.
    let held = request::set_variable(own.clone(), "RINGCARD_HELD", &far);
    let agent = way_back(config, &far);
    let moved = request::with_extra(
        request::redirect(far, music, "s"),
        own,
        config.consult_context(),
        &exten,
    );
    Ok(vec![held, agent, moved])
}

/// Held call and consultation of the pair that `track` is part of.
fn pair<'a>(model: &'a Model, track: &Track) -> Result<(&'a Track, &'a Track), CommandError> {
    let both = track.call.consultation.ok_or(CommandError::NotNow)?;
    let held = model.track(both.held).ok_or(CommandError::NotNow)?;
    let consult = model.track(both.consult).ok_or(CommandError::NotNow)?;
    Ok((held, consult))
}

fn complete(model: &Model, track: &Track) -> Result<Action, CommandError> {
    let (held, consult) = pair(model, track)?;
    if model.way_of(track) == Some(Way::TwoLegs) {
        let caller = Names::of(model, held).far()?;
        let colleague = Names::of(model, consult).far()?;
        return Ok(request::bridge(caller, colleague));
    }
    Ok(request::hang_up(
        Names::of(model, held).own()?,
        request::NORMAL,
    ))
}

/// The first half of a swap: agent and present partner go into the music.
fn part(model: &Model, config: &Config, track: &Track) -> Result<Action, CommandError> {
    let (talks, _) = model.sides(track).ok_or(CommandError::NotNow)?;
    let music = config.contexts.hold.as_deref();
    let music = music.ok_or(CommandError::NotSupported)?;
    let (own, partner) = Names::of(model, talks).both()?;
    Ok(request::with_extra(
        request::redirect(partner, music, "s"),
        own,
        music,
        "s",
    ))
}

/// The second half: the agent is bridged with the one who waited.
pub(super) fn join(model: &Model, call: CallId) -> Result<Action, CommandError> {
    let waits = model.awaited(call).ok_or(CommandError::NotNow)?;
    let (own, partner) = Names::of(model, waits).both()?;
    Ok(request::bridge(own, partner))
}

fn cancel(model: &Model, track: &Track) -> Result<Action, CommandError> {
    let (held, consult) = pair(model, track)?;
    if consult.swapped {
        return Ok(request::hang_up(
            Names::of(model, consult).far()?,
            request::NORMAL,
        ));
    }
    if model.way_of(track) == Some(Way::TwoLegs) {
        let (own, far) = Names::of(model, held).both()?;
        return Ok(request::bridge(far, own));
    }
    let own = Names::of(model, held).own()?;
    Ok(request::cancel_atxfer(own))
}

/// Digits go to the other side; where only the telephone system listens they come from the agent.
fn digits_of(names: Names, digits: &str) -> Result<Vec<Action>, CommandError> {
    let known = |c: char| c.is_ascii_digit() || "*#ABCD".contains(c);
    if digits.is_empty() || digits.len() > 64 || !digits.chars().all(known) {
        return Err(CommandError::BadTarget);
    }
    let (channel, from_agent) = match (names.far, names.own) {
        (Some(far), _) => (far, false),
        (None, Some(own)) => (own, true),
        (None, None) => return Err(CommandError::NotNow),
    };
    let press = |digit: char| request::press(channel.clone(), digit, from_agent);
    Ok(digits.chars().map(press).collect())
}

/// The id that the agent's leg of a dialled call will have.
pub(super) fn leg_of_dial(command: &CallCommand) -> String {
    format!("ringcard-{}", command.call())
}

fn dial(
    config: &Config,
    command: &CallCommand,
    exten: Option<String>,
) -> Result<Vec<Action>, CommandError> {
    let exten = exten.ok_or(CommandError::BadTarget)?;
    let action = request::originate(config, &exten, leg_of_dial(command));
    Ok(vec![action])
}

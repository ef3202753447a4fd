//! What a command leaves on its call because no event will say it, and takes back when it failed.

use ringcard_core::{CallCommand, CallState, ConsultationPhase};

use super::plan;
use crate::providers::asterisk::config::{AnswerMethod, Config, ConsultMethod};
use crate::providers::asterisk::model::{Model, Waiting, Way};

/// Leaves on the call what the coming events cannot say by themselves. `exten` is the target as it was sent.
pub(super) fn mark(model: &mut Model, config: &Config, command: &CallCommand, exten: Option<&str>) {
    if let CallCommand::Dial { call, target } = command {
        let number = target.number.as_str().to_owned();
        let sent = exten.unwrap_or(&number).to_owned();
        let dialled = (number, sent);
        return model.expect_dial(plan::leg_of_dial(command), *call, dialled);
    }
    let talk = config.answer == AnswerMethod::TalkNotify;
    let redial = config.answer == AnswerMethod::RedialAutoAnswer;
    let Some(track) = model.track_mut(command.call()) else {
        return;
    };
    match command {
        CallCommand::Answer { .. } if redial => track.waiting = Some(Waiting::Redial),
        CallCommand::Decline { .. } => track.signs.declined = true,
        CallCommand::HangUp { .. } => track.signs.own_left = true,
        CallCommand::Redirect { .. } => track.signs.redirect_asked = true,
        CallCommand::BlindTransfer { .. } => {}
        CallCommand::Hold { .. } if !talk => track.holding = true,
        CallCommand::Consult { target, .. } => {
            let way = match config.consult {
                ConsultMethod::Atxfer => Way::Atxfer,
                ConsultMethod::TwoLegs => Way::TwoLegs,
            };
            track.asking = Some((way, target.number.as_str().to_owned()));
        }
        CallCommand::CompleteTransfer { .. } => mark_transfer(model, command),
        CallCommand::Swap { call } => model.begin_swap(*call),
        _ => {}
    }
}

/// By two legs no event speaks of a transfer: the agent's leg is simply hung up.
fn mark_transfer(model: &mut Model, command: &CallCommand) {
    let Some(track) = model.track(command.call()) else {
        return;
    };
    if model.way_of(track) != Some(Way::TwoLegs) {
        return;
    }
    let Some(both) = track.call.consultation else {
        return;
    };
    for call in [both.held, both.consult] {
        if let Some(track) = model.track_mut(call) {
            track.signs.transferred = true;
            track.set_phase(ConsultationPhase::Completing);
        }
    }
}

/// Takes the marks of a command back that did not happen.
pub(super) fn unmark(model: &mut Model, command: &CallCommand) {
    if let CallCommand::Dial { call, .. } = command {
        return model.forget_dial(*call);
    }
    if let CallCommand::Swap { call } = command {
        return model.forget_swap(*call);
    }
    if let CallCommand::CompleteTransfer { .. } = command {
        return unmark_transfer(model, command);
    }
    let Some(track) = model.track_mut(command.call()) else {
        return;
    };
    match command {
        CallCommand::Answer { .. } if track.own.is_some() => track.waiting = None,
        CallCommand::Decline { .. } => track.signs.declined = false,
        CallCommand::HangUp { .. } => track.signs.own_left = false,
        CallCommand::Redirect { .. } => track.signs.redirect_asked = false,
        CallCommand::Hold { .. } if track.call.state == CallState::Active => track.holding = false,
        CallCommand::Consult { .. } if track.call.state == CallState::Active => track.asking = None,
        _ => {}
    }
}

fn unmark_transfer(model: &mut Model, command: &CallCommand) {
    let both = model
        .track(command.call())
        .filter(|track| model.way_of(track) == Some(Way::TwoLegs))
        .and_then(|track| track.call.consultation);
    let Some(both) = both else {
        return;
    };
    for call in [both.held, both.consult] {
        if let Some(track) = model.track_mut(call) {
            track.signs.transferred = false;
            track.set_phase(ConsultationPhase::Talking);
        }
    }
}

//! Why a call ended, from what the server says and what the agent wanted.

use ringcard_core::EndReason;

use super::super::wire::call::{Personality, Releaser, Stage, XsiCall};
use super::super::wire::event::Change;
use super::Wish;
use super::track::Track;

pub(super) fn reason(track: &Track, one: &XsiCall, change: Change) -> EndReason {
    let answered = track.call.answered_at.is_some() || one.answered.is_some();
    match (track.wish, answered) {
        (Some(Wish::Transfer), _) => return EndReason::TransferredAway,
        (Some(Wish::Redirect), false) => return EndReason::Redirected,
        (Some(Wish::Decline), false) => return EndReason::Declined,
        (Some(Wish::Cancel), _) => return EndReason::HungUp,
        _ => {}
    }
    if answered {
        return match (one.stage, change) {
            (Stage::Detached, _) | (_, Change::Redirected) => EndReason::TransferredAway,
            _ => EndReason::HungUp,
        };
    }
    match one.personality {
        Personality::Terminator => never_answered(one, change),
        Personality::Originator | Personality::ClickToDial => never_reached(one),
    }
}

/// A call that came in.
fn never_answered(one: &XsiCall, change: Change) -> EndReason {
    if change == Change::PickedUp {
        return EndReason::PickedUp;
    }
    let says = |word: &str| {
        let cause = one.cause.as_deref().unwrap_or_default();
        cause.to_ascii_lowercase().contains(word)
    };
    if says("elsewhere") {
        return EndReason::AnsweredElsewhere;
    }
    if says("pick") {
        return EndReason::PickedUp;
    }
    match one.redirected_for.as_deref() {
        Some("deflection" | "transfer") => return EndReason::Redirected,
        Some(_) => return EndReason::Missed,
        None if one.stage == Stage::Detached => return EndReason::Redirected,
        None => {}
    }
    match one.releaser {
        Some(Releaser::Local) => EndReason::Declined,
        _ => EndReason::Missed,
    }
}

/// A call that the agent made.
fn never_reached(one: &XsiCall) -> EndReason {
    let cause = one
        .cause
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match one.releaser {
        Some(Releaser::Local) => EndReason::HungUp,
        _ if cause.contains("busy") => EndReason::Busy,
        _ => EndReason::Failed,
    }
}

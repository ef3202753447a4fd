//! Asking a colleague while the caller waits, by Asterisk's own attended transfer and by two legs.

use ringcard_core::{
    Ability, Availability, CallCommand, CallState, CommandError, ConsultationPhase, EndReason,
    HeldBy, Outcome,
};
use ringcard_telephony::providers::asterisk::{Config, ConsultMethod};
use ringcard_tests::pbx::{Account, Habits, OnCall, Pbx, Phone, PhoneState};

use super::agent::{Agent, config, to};
use super::desk::{CALLER, Desk, talking, talking_with};

pub fn by_two_legs<P: Pbx>(pbx: &P) -> Config {
    let mut config = config(pbx, Account::Agent101);
    config.consult = ConsultMethod::TwoLegs;
    config.contexts.hold = Some(pbx.contexts().hold.into());
    config
}

async fn completes<P: Pbx>(desk: &mut Desk<P>) {
    let call = desk.call;
    let done = desk.agent.ask(CallCommand::CompleteTransfer { call }).await;
    assert_eq!(done, Outcome::Confirmed, "the caller was handed over");
}

async fn cancels<P: Pbx>(desk: &mut Desk<P>) {
    let call = desk.call;
    let done = desk.agent.ask(CallCommand::CancelConsult { call }).await;
    assert_eq!(done, Outcome::Confirmed, "back with the caller");
    desk.can_consult().await;
}

/// The agent is out of it, caller and colleague have each other until one hangs up.
async fn handed_over<P: Pbx>(desk: &mut Desk<P>, colleague: &P::Phone) {
    let end = desk.agent.end_of(desk.call).await;
    assert_eq!(
        end,
        EndReason::TransferredAway,
        "the agent handed the caller on"
    );
    desk.phone.wait_for(PhoneState::Idle).await;
    colleague.wait_for(PhoneState::Talking).await;
    desk.caller.wait_for(PhoneState::Talking).await;
    desk.caller.hang_up().await;
    colleague.wait_for(PhoneState::Idle).await;
}

/// The caller did not leave, and can be talked with until hanging up.
async fn caller_is_reachable<P: Pbx>(desk: &mut Desk<P>) {
    desk.can_consult().await;
    desk.phone.wait_for(PhoneState::Talking).await;
    desk.caller.wait_for(PhoneState::Talking).await;
    desk.caller.hang_up().await;
    let end = desk.agent.end_of(desk.call).await;
    assert_eq!(end, EndReason::HungUp, "the caller had the last word");
    desk.phone.wait_for(PhoneState::Idle).await;
}

pub async fn consultation_is_completed<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking(pbx).await;
    let both = desk.consults_and_talks("102", &colleague).await;
    assert_eq!(both.held, desk.call, "the caller waits");
    let held = CallState::Held { by: HeldBy::Us };
    desk.agent.sees(both.held, held).await;
    desk.agent.sees(both.consult, CallState::Active).await;
    completes(&mut desk).await;
    let end = desk.agent.end_of(both.consult).await;
    assert_eq!(
        end,
        EndReason::TransferredAway,
        "both calls end as a transfer"
    );
    handed_over(&mut desk, &colleague).await;
}

pub async fn consultation_is_completed_while_the_colleague_rings<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking(pbx).await;
    desk.consults("102").await;
    colleague.wait_for(PhoneState::Ringing).await;
    completes(&mut desk).await;
    desk.phone.wait_for(PhoneState::Idle).await;
    colleague.answer().await;
    handed_over(&mut desk, &colleague).await;
}

pub async fn consultation_is_cancelled_while_the_colleague_rings<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking(pbx).await;
    desk.consults("102").await;
    colleague.wait_for(PhoneState::Ringing).await;
    cancels(&mut desk).await;
    colleague.wait_for(PhoneState::Idle).await;
    caller_is_reachable(&mut desk).await;
}

pub async fn consultation_is_cancelled_in_talk<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking(pbx).await;
    let both = desk.consults_and_talks("102", &colleague).await;
    cancels(&mut desk).await;
    let end = desk.agent.end_of(both.consult).await;
    assert_eq!(end, EndReason::HungUp, "agent and colleague talked");
    colleague.wait_for(PhoneState::Idle).await;
    caller_is_reachable(&mut desk).await;
}

pub async fn another_colleague_is_asked_right_after_a_cancel<P: Pbx>(pbx: &P) {
    let (colleague, other) = (pbx.phone("102").await, pbx.phone("103").await);
    let mut desk = talking(pbx).await;
    desk.consults("102").await;
    colleague.wait_for(PhoneState::Ringing).await;
    for (asked, next) in [(&colleague, "103"), (&other, "102"), (&colleague, "103")] {
        cancels(&mut desk).await;
        desk.consults(next).await;
        asked.wait_for(PhoneState::Idle).await;
    }
    other.wait_for(PhoneState::Ringing).await;
    cancels(&mut desk).await;
    // Only with the consultation's end does the bridge end with its caller again.
    other.wait_for(PhoneState::Idle).await;
    caller_is_reachable(&mut desk).await;
}

pub async fn busy_colleague_leaves_the_caller_reachable<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    colleague.behaves(Habits {
        on_call: OnCall::Busy,
        ..Habits::default()
    });
    let mut desk = talking(pbx).await;
    let call = desk.call;
    let target = to("102");
    desk.agent
        .order(CallCommand::Consult { call, target })
        .await;
    let over = |told: &ringcard_core::Call| told.id != call && told.state.is_ended();
    let tried = desk.agent.call("the colleague is busy", over).await;
    let reason = EndReason::Busy;
    assert_eq!(
        tried.state,
        CallState::Ended { reason },
        "the card says why"
    );
    caller_is_reachable(&mut desk).await;
}

pub async fn colleague_who_declines_leaves_the_caller_reachable<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking(pbx).await;
    let both = desk.consults("102").await;
    colleague.wait_for(PhoneState::Ringing).await;
    colleague.decline().await;
    let end = desk.agent.end_of(both.consult).await;
    assert_eq!(end, EndReason::Failed, "the card says why");
    desk.can_consult().await;
    colleague.wait_for(PhoneState::Idle).await;
    // A telephone that is not to be disturbed declines before anybody hears it.
    colleague.behaves(Habits {
        on_call: OnCall::Declines,
        ..Habits::default()
    });
    let (call, target) = (desk.call, to("102"));
    // It may be over before it was seen: then the attempt is refused.
    desk.agent.ask(CallCommand::Consult { call, target }).await;
    caller_is_reachable(&mut desk).await;
}

pub async fn consultation_of_nobody_is_refused_and_the_caller_stays<P: Pbx>(pbx: &P) {
    let mut desk = talking(pbx).await;
    let (call, target) = (desk.call, to("999"));
    let refused = desk.agent.ask(CallCommand::Consult { call, target }).await;
    let nobody = Outcome::Refused(CommandError::NoSuchTarget);
    assert_eq!(refused, nobody, "999 does not exist");
    assert_eq!(desk.agent.calls().len(), 1, "nobody was called");
    desk.agent.sees(call, CallState::Active).await;
    caller_is_reachable(&mut desk).await;
}

pub async fn colleague_who_hangs_up_leaves_the_caller_reachable<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking(pbx).await;
    let both = desk.consults_and_talks("102", &colleague).await;
    colleague.hang_up().await;
    let end = desk.agent.end_of(both.consult).await;
    assert_eq!(end, EndReason::HungUp, "agent and colleague talked");
    caller_is_reachable(&mut desk).await;
}

pub async fn second_press_completes_nothing<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking(pbx).await;
    let call = desk.call;
    let press = || CallCommand::Consult {
        call,
        target: to("102"),
    };
    let first = desk.agent.order(press()).await;
    let second = desk.agent.ask(press()).await;
    assert_eq!(
        second,
        Outcome::Refused(CommandError::Busy),
        "it would complete the first"
    );
    assert_eq!(
        desk.agent.outcome(first).await,
        Outcome::Confirmed,
        "102 rings"
    );
    let third = desk.agent.ask(press()).await;
    assert!(matches!(third, Outcome::Refused(_)), "nor later: {third:?}");
    desk.consultation(ConsultationPhase::Dialing).await;
    colleague.wait_for(PhoneState::Ringing).await;
    cancels(&mut desk).await;
    colleague.wait_for(PhoneState::Idle).await;
    caller_is_reachable(&mut desk).await;
}

pub async fn caller_whom_nobody_took_comes_back<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking(pbx).await;
    desk.consults("102").await;
    colleague.wait_for(PhoneState::Ringing).await;
    completes(&mut desk).await;
    desk.phone.wait_for(PhoneState::Idle).await;
    let rings = |call: &ringcard_core::Call| call.state == CallState::Ringing;
    let back = desk.agent.call("the caller comes back", rings).await;
    assert_eq!(back.id, desk.call, "the same call");
    desk.phone.wait_for(PhoneState::Ringing).await;
    desk.phone.answer().await;
    caller_is_reachable(&mut desk).await;
}

pub async fn caller_who_leaves_ends_the_waiting_call<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking(pbx).await;
    let both = desk.consults_and_talks("102", &colleague).await;
    desk.caller.hang_up().await;
    let end = desk.agent.end_of(both.held).await;
    assert_eq!(end, EndReason::HungUp, "the caller gave up waiting");
    let alone = |call: &ringcard_core::Call| {
        call.id == both.consult && call.state == CallState::Active && call.consultation.is_none()
    };
    desk.agent.call("an ordinary call is left", alone).await;
    colleague.hang_up().await;
    let end = desk.agent.end_of(both.consult).await;
    assert_eq!(end, EndReason::HungUp, "they talked");
}

pub async fn consultation_by_keys_at_the_telephone_is_told_and_completed<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking(pbx).await;
    desk.phone.send_digits("*2102").await;
    desk.consultation(ConsultationPhase::Dialing).await;
    colleague.wait_for(PhoneState::Ringing).await;
    colleague.answer().await;
    desk.consultation(ConsultationPhase::Talking).await;
    desk.phone.hang_up().await;
    handed_over(&mut desk, &colleague).await;
}

pub async fn two_legs_are_completed<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking_with(pbx, by_two_legs(pbx)).await;
    desk.agent.colleague_is("102", Availability::Free).await;
    desk.consults_and_talks("102", &colleague).await;
    completes(&mut desk).await;
    handed_over(&mut desk, &colleague).await;
}

pub async fn two_legs_are_cancelled_while_the_colleague_rings<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking_with(pbx, by_two_legs(pbx)).await;
    desk.consults("102").await;
    colleague.wait_for(PhoneState::Ringing).await;
    cancels(&mut desk).await;
    colleague.wait_for(PhoneState::Idle).await;
    caller_is_reachable(&mut desk).await;
}

pub async fn two_legs_are_cancelled_in_talk<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking_with(pbx, by_two_legs(pbx)).await;
    desk.consults_and_talks("102", &colleague).await;
    cancels(&mut desk).await;
    colleague.wait_for(PhoneState::Idle).await;
    caller_is_reachable(&mut desk).await;
}

pub async fn two_legs_keep_the_caller_of_a_colleague_who_hangs_up<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking_with(pbx, by_two_legs(pbx)).await;
    let both = desk.consults_and_talks("102", &colleague).await;
    colleague.hang_up().await;
    desk.agent.end_of(both.consult).await;
    let call = desk.call;
    let kept = |told: &ringcard_core::Call| told.id == call && told.allows(Ability::Resume);
    desk.agent.call("the caller hears music", kept).await;
    desk.phone.wait_for(PhoneState::Idle).await;
    let back = desk.agent.ask(CallCommand::Resume { call }).await;
    assert_eq!(back, Outcome::Confirmed, "the caller rings at 101 again");
    desk.phone.wait_for(PhoneState::Ringing).await;
    desk.phone.answer().await;
    caller_is_reachable(&mut desk).await;
}

fn by_two_legs_in_a_context<P: Pbx>(pbx: &P) -> Config {
    let mut config = by_two_legs(pbx);
    config.contexts.consult = Some(pbx.contexts().consult.into());
    config
}

pub async fn two_legs_by_a_context_of_their_own_are_completed<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking_with(pbx, by_two_legs_in_a_context(pbx)).await;
    desk.consults_and_talks("102", &colleague).await;
    let call = desk.call;
    let ready = |told: &ringcard_core::Call| {
        told.id == call && told.allows(Ability::Swap) && told.allows(Ability::CompleteTransfer)
    };
    desk.agent
        .call("agent and colleague are together", ready)
        .await;
    completes(&mut desk).await;
    handed_over(&mut desk, &colleague).await;
}

pub async fn two_legs_by_a_context_of_their_own_come_back_from_a_busy_colleague<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    colleague.behaves(Habits {
        on_call: OnCall::Busy,
        ..Habits::default()
    });
    let mut desk = talking_with(pbx, by_two_legs_in_a_context(pbx)).await;
    let (call, target) = (desk.call, to("102"));
    let consult = CallCommand::Consult { call, target };
    desk.agent.order(consult).await;
    let over = |told: &ringcard_core::Call| told.id != call && told.state.is_ended();
    desk.agent.call("the colleague is busy", over).await;
    caller_is_reachable(&mut desk).await;
}

pub async fn two_legs_to_a_number_that_only_their_context_takes_are_refused<P: Pbx>(pbx: &P) {
    let mut config = by_two_legs_in_a_context(pbx);
    // Where this telephone dials there are queues alone.
    config.contexts.dial = "queues".into();
    let mut desk = talking_with(pbx, config).await;
    let (call, target) = (desk.call, to("102"));
    let refused = desk.agent.ask(CallCommand::Consult { call, target }).await;
    let nobody = Outcome::Refused(CommandError::NoSuchTarget);
    assert_eq!(refused, nobody, "refused before the caller waits");
    desk.agent.sees(call, CallState::Active).await;
    desk.caller.wait_for(PhoneState::Talking).await;
}

pub async fn call_without_feature_codes_is_consulted_by_two_legs<P: Pbx>(pbx: &P) {
    let (phone, colleague) = (pbx.phone("101").await, pbx.phone("102").await);
    let mut agent = Agent::listening(pbx.line(by_two_legs(pbx))).await;
    let caller = pbx.rings("1201").from(CALLER).await;
    let rings = |told: &ringcard_core::Call| told.state == CallState::Ringing;
    let call = agent.call("the caller rings", rings).await.id;
    phone.wait_for(PhoneState::Ringing).await;
    phone.answer().await;
    let mut desk = Desk::<P> {
        agent,
        phone,
        caller,
        call,
    };
    desk.can_consult().await;
    desk.consults_and_talks("102", &colleague).await;
    completes(&mut desk).await;
    handed_over(&mut desk, &colleague).await;
}

//! The agent changes between caller and colleague, where the consultation was begun by two legs.

use ringcard_core::{
    Ability, Call, CallCommand, CallId, CallState, Consultation, EndReason, HeldBy, Outcome,
};
use ringcard_tests::pbx::{Pbx, Phone, PhoneState};

use super::agent::Agent;
use super::consulting::by_two_legs;
use super::desk::{Desk, talking_with};

const WAITS: CallState = CallState::Held { by: HeldBy::Us };

/// The agent talks with a colleague while the caller waits.
async fn consulting<P: Pbx>(pbx: &P, colleague: &P::Phone) -> (Desk<P>, Consultation) {
    let mut desk = talking_with(pbx, by_two_legs(pbx)).await;
    let both = desk.consults_and_talks("102", colleague).await;
    (desk, both)
}

/// Presses swap as soon as it is offered, and waits until the agent is with `talks`.
async fn swaps(agent: &mut Agent, talks: CallId, waits: CallId) {
    let offered = |told: &Call| told.id == waits && told.allows(Ability::Swap);
    agent.call("a swap is offered", offered).await;
    let done = agent.ask(CallCommand::Swap { call: talks }).await;
    assert_eq!(done, Outcome::Confirmed, "the two have changed places");
    agent.sees(talks, CallState::Active).await;
    agent.sees(waits, WAITS).await;
}

pub async fn two_legs_are_swapped_to_and_fro_and_completed<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let (mut desk, both) = consulting(pbx, &colleague).await;
    swaps(&mut desk.agent, both.held, both.consult).await;
    swaps(&mut desk.agent, both.consult, both.held).await;
    let names =
        |told: &Call| told.id == both.consult && told.remote.party.number.as_deref() != Some("102");
    assert!(!desk.agent.was_told(names), "the colleague stays who he is");
    completes(&mut desk, &colleague).await;
}

pub async fn swapped_consultation_is_completed<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let (mut desk, both) = consulting(pbx, &colleague).await;
    swaps(&mut desk.agent, both.held, both.consult).await;
    completes(&mut desk, &colleague).await;
}

async fn completes<P: Pbx>(desk: &mut Desk<P>, colleague: &P::Phone) {
    let call = desk.call;
    let ready = |told: &Call| told.id == call && told.allows(Ability::CompleteTransfer);
    desk.agent
        .call("the caller can be handed over", ready)
        .await;
    let done = desk.agent.ask(CallCommand::CompleteTransfer { call }).await;
    assert_eq!(done, Outcome::Confirmed, "the agent is out of it");
    let end = desk.agent.end_of(call).await;
    assert_eq!(end, EndReason::TransferredAway, "handed over, not hung up");
    desk.phone.wait_for(PhoneState::Idle).await;
    colleague.wait_for(PhoneState::Talking).await;
    desk.caller.wait_for(PhoneState::Talking).await;
    desk.caller.hang_up().await;
    colleague.wait_for(PhoneState::Idle).await;
}

pub async fn swapped_consultation_is_cancelled<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let (mut desk, both) = consulting(pbx, &colleague).await;
    swaps(&mut desk.agent, both.held, both.consult).await;
    let call = desk.call;
    let done = desk.agent.ask(CallCommand::CancelConsult { call }).await;
    assert_eq!(
        done,
        Outcome::Confirmed,
        "the colleague is no longer needed"
    );
    colleague.wait_for(PhoneState::Idle).await;
    desk.can_consult().await;
    desk.caller.wait_for(PhoneState::Talking).await;
    desk.caller.hang_up().await;
    let end = desk.agent.end_of(call).await;
    assert_eq!(end, EndReason::HungUp, "the caller had the last word");
    desk.phone.wait_for(PhoneState::Idle).await;
}

pub async fn swapped_colleague_who_hangs_up_leaves_the_caller<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let (mut desk, both) = consulting(pbx, &colleague).await;
    swaps(&mut desk.agent, both.held, both.consult).await;
    colleague.hang_up().await;
    let end = desk.agent.end_of(both.consult).await;
    assert_eq!(end, EndReason::HungUp, "the colleague would not wait");
    desk.can_consult().await;
    desk.caller.wait_for(PhoneState::Talking).await;
}

pub async fn swapped_caller_who_hangs_up_leaves_the_colleague_waiting<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let (mut desk, both) = consulting(pbx, &colleague).await;
    swaps(&mut desk.agent, both.held, both.consult).await;
    desk.caller.hang_up().await;
    let end = desk.agent.end_of(both.held).await;
    assert_eq!(end, EndReason::HungUp, "the caller has finished");
    desk.phone.wait_for(PhoneState::Idle).await;
    let waits = |told: &Call| told.id == both.consult && told.allows(Ability::Resume);
    desk.agent.call("the colleague still waits", waits).await;
    let call = both.consult;
    let back = desk.agent.ask(CallCommand::Resume { call }).await;
    assert_eq!(back, Outcome::Confirmed, "he rings at 101");
    desk.phone.wait_for(PhoneState::Ringing).await;
    desk.phone.answer().await;
    desk.agent.sees(call, CallState::Active).await;
    colleague.wait_for(PhoneState::Talking).await;
}

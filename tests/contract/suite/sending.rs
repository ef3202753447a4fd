//! Sending a caller elsewhere: while it rings, or out of a talk without asking.

use ringcard_core::{
    Ability, Availability, CallCommand, CallState, CommandError, EndReason, Outcome,
};
use ringcard_tests::pbx::{Pbx, Phone, PhoneState};

use super::agent::{surely_to, to};
use super::desk::{CALLER, Desk, agent, ringing, talking};

async fn redirect<P: Pbx>(desk: &mut Desk<P>, extension: &str) -> Outcome {
    let call = desk.call;
    let target = to(extension);
    desk.agent.ask(CallCommand::Redirect { call, target }).await
}

pub async fn redirected_caller_talks_with_the_colleague<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = ringing(pbx).await;
    desk.agent.knows("102").await;
    let done = redirect(&mut desk, "102").await;
    assert_eq!(done, Outcome::Confirmed, "the caller rings at 102");
    let end = desk.agent.end_of(desk.call).await;
    assert_eq!(
        end,
        EndReason::Redirected,
        "a redirected call is not missed"
    );
    colleague.wait_for(PhoneState::Ringing).await;
    desk.phone.wait_for(PhoneState::Idle).await;
    colleague.answer().await;
    desk.caller.wait_for(PhoneState::Talking).await;
    colleague.hang_up().await;
    desk.caller.wait_for(PhoneState::Idle).await;
    assert_eq!(desk.agent.calls().len(), 1, "the caller came once");
}

pub async fn redirect_to_nobody_is_refused_and_the_caller_rings_on<P: Pbx>(pbx: &P) {
    let mut desk = ringing(pbx).await;
    let refused = redirect(&mut desk, "999").await;
    assert_eq!(
        refused,
        Outcome::Refused(CommandError::NoSuchTarget),
        "999 does not exist"
    );
    desk.phone.wait_for(PhoneState::Ringing).await;
    desk.phone.answer().await;
    desk.caller.wait_for(PhoneState::Talking).await;
    desk.agent.sees(desk.call, CallState::Active).await;
}

pub async fn redirect_to_a_busy_colleague_asks_first<P: Pbx>(pbx: &P) {
    let (colleague, third) = (pbx.phone("102").await, pbx.phone("103").await);
    let mut desk = ringing(pbx).await;
    colleague.dial("103").await;
    third.wait_for(PhoneState::Ringing).await;
    third.answer().await;
    colleague.wait_for(PhoneState::Talking).await;
    desk.agent.colleague_is("102", Availability::Busy).await;
    let asked = redirect(&mut desk, "102").await;
    assert_eq!(
        asked,
        Outcome::NeedsConfirmation(CommandError::TargetBusy),
        "the caller would wait in vain"
    );
    desk.agent.sees(desk.call, CallState::Ringing).await;
    let call = desk.call;
    let target = surely_to("102");
    let done = desk.agent.ask(CallCommand::Redirect { call, target }).await;
    assert_eq!(done, Outcome::Confirmed, "the agent wants it all the same");
    colleague
        .wait_for_calls(&[PhoneState::Talking, PhoneState::Ringing])
        .await;
}

pub async fn redirect_to_a_number_of_which_nothing_is_seen_asks_first<P: Pbx>(pbx: &P) {
    let mut desk = ringing(pbx).await;
    // It exists, and no hint tells whether anybody is there.
    let music = "800";
    let asked = redirect(&mut desk, music).await;
    let unseen = Outcome::NeedsConfirmation(CommandError::TargetUnchecked);
    assert_eq!(asked, unseen, "nobody knows what the caller finds there");
    desk.agent.sees(desk.call, CallState::Ringing).await;
    let (call, target) = (desk.call, surely_to(music));
    let done = desk.agent.ask(CallCommand::Redirect { call, target }).await;
    assert_eq!(done, Outcome::Confirmed, "the agent wants it all the same");
}

pub async fn blind_transfer_hands_the_caller_on<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking(pbx).await;
    desk.agent.knows("102").await;
    let call = desk.call;
    let target = to("102");
    let done = desk
        .agent
        .ask(CallCommand::BlindTransfer { call, target })
        .await;
    assert_eq!(done, Outcome::Confirmed, "the agent has left");
    let end = desk.agent.end_of(call).await;
    assert_eq!(end, EndReason::TransferredAway, "not hung up");
    desk.phone.wait_for(PhoneState::Idle).await;
    colleague.wait_for(PhoneState::Ringing).await;
    colleague.answer().await;
    colleague.wait_for(PhoneState::Talking).await;
    desk.caller.wait_for(PhoneState::Talking).await;
    desk.caller.hang_up().await;
    colleague.wait_for(PhoneState::Idle).await;
}

pub async fn blind_transfer_to_nobody_keeps_the_caller<P: Pbx>(pbx: &P) {
    let mut desk = talking(pbx).await;
    let call = desk.call;
    let target = to("999");
    let refused = desk
        .agent
        .ask(CallCommand::BlindTransfer { call, target })
        .await;
    assert_eq!(
        refused,
        Outcome::Refused(CommandError::NoSuchTarget),
        "999 does not exist"
    );
    desk.agent.sees(call, CallState::Active).await;
    desk.caller.wait_for(PhoneState::Talking).await;
    desk.phone.wait_for(PhoneState::Talking).await;
}

pub async fn blind_transfer_to_a_telephone_that_is_away_asks_first<P: Pbx>(pbx: &P) {
    let mut desk = talking(pbx).await;
    desk.agent.colleague_is("104", Availability::Away).await;
    let call = desk.call;
    let target = to("104");
    let asked = desk
        .agent
        .ask(CallCommand::BlindTransfer { call, target })
        .await;
    assert_eq!(
        asked,
        Outcome::NeedsConfirmation(CommandError::TargetAway),
        "nobody can pick up there"
    );
    desk.agent.sees(call, CallState::Active).await;
    desk.caller.wait_for(PhoneState::Talking).await;
}

pub async fn call_handed_to_me_shows_the_customer<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let (mut agent, phone) = agent(pbx).await;
    let customer = pbx.rings("+4923155501102").from(CALLER).await;
    colleague.wait_for(PhoneState::Ringing).await;
    colleague.answer().await;
    customer.wait_for(PhoneState::Talking).await;
    colleague.send_digits("*2101").await;
    let call = agent
        .call("102 asks us", |call| call.state == CallState::Ringing)
        .await;
    assert_eq!(
        call.remote.party.number.as_deref(),
        Some("102"),
        "the colleague calls"
    );
    phone.answer().await;
    agent
        .call("we talk", |told| {
            told.id == call.id
                && told.state == CallState::Active
                && told.allows(Ability::BlindTransfer)
        })
        .await;
    colleague.hang_up().await;
    let handed = agent
        .call("the customer is there", |told| {
            told.id == call.id && told.remote.party.number.as_deref() == Some("+492311234567")
        })
        .await;
    assert_eq!(handed.state, CallState::Active, "the same call goes on");
    assert!(
        handed
            .parties
            .iter()
            .any(|party| party.number.as_deref() == Some("102")),
        "the colleague is remembered"
    );
    customer.hang_up().await;
    assert_eq!(
        agent.end_of(call.id).await,
        EndReason::HungUp,
        "they talked"
    );
}

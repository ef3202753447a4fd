//! A caller who waits in a queue while it rings the agent, others, and the agent again.

use ringcard_core::{Call, CallId, CallState, EndReason};
use ringcard_tests::pbx::{Account, Pbx, Phone, PhoneState};

use super::agent::{Agent, config};
use super::desk::{CALLER, agent};

async fn rings(agent: &mut Agent) -> CallId {
    let rings = |call: &Call| call.state == CallState::Ringing;
    agent.call("the queue rings 101", rings).await.id
}

/// 101 lets the call go: the queue tries elsewhere.
async fn lets_it_go<P: Pbx>(agent: &mut Agent, phone: &P::Phone) -> CallId {
    let call = rings(agent).await;
    phone.wait_for(PhoneState::Ringing).await;
    phone.refuse_busy().await;
    let quiet = agent.sees(call, CallState::Queued).await;
    assert!(quiet.can.is_empty(), "there is nothing to answer or refuse");
    call
}

pub async fn queue_that_rings_again_gives_one_call<P: Pbx>(pbx: &P) {
    let (mut agent, phone) = agent(pbx).await;
    let caller = pbx.rings("500").from(CALLER).await;
    let call = lets_it_go::<P>(&mut agent, &phone).await;
    agent.sees(call, CallState::Ringing).await;
    phone.wait_for(PhoneState::Ringing).await;
    phone.answer().await;
    agent.sees(call, CallState::Active).await;
    caller.hang_up().await;
    assert_eq!(agent.end_of(call).await, EndReason::HungUp, "they talked");
    assert_eq!(agent.calls().len(), 1, "one caller, one call");
}

pub async fn queue_is_still_known_after_the_link_was_lost<P: Pbx>(pbx: &P) {
    let (mut agent, phone) = agent(pbx).await;
    let caller = pbx.rings("500").from(CALLER).await;
    rings(&mut agent).await;
    agent.reconnects().await;
    let call = lets_it_go::<P>(&mut agent, &phone).await;
    agent.sees(call, CallState::Ringing).await;
    caller.hang_up().await;
    agent.end_of(call).await;
    assert_eq!(agent.calls().len(), 1, "one caller, one call");
}

pub async fn queue_call_found_at_the_start_names_its_queue<P: Pbx>(pbx: &P) {
    let phone = pbx.phone("101").await;
    let caller = pbx.rings("500").from(CALLER).await;
    phone.wait_for(PhoneState::Ringing).await;
    let mut late = Agent::listening(pbx.line(config(pbx, Account::Agent101))).await;
    let queued = |call: &Call| call.state == CallState::Ringing && call.queue.is_some();
    late.call("the queue rings 101", queued).await;
    caller.hang_up().await;
}

pub async fn queue_caller_whom_a_colleague_takes_was_not_missed<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("103").await;
    let (mut agent, phone) = agent(pbx).await;
    let caller = pbx.rings("500").from(CALLER).await;
    let call = lets_it_go::<P>(&mut agent, &phone).await;
    colleague.wait_for(PhoneState::Ringing).await;
    colleague.answer().await;
    let end = agent.end_of(call).await;
    assert_eq!(end, EndReason::AnsweredElsewhere, "a colleague has him");
    caller.wait_for(PhoneState::Talking).await;
    assert_eq!(agent.calls().len(), 1, "one caller, one call");
}

pub async fn queue_caller_who_gives_up_is_missed_once<P: Pbx>(pbx: &P) {
    let (mut agent, phone) = agent(pbx).await;
    let caller = pbx.rings("500").from(CALLER).await;
    let call = lets_it_go::<P>(&mut agent, &phone).await;
    agent.sees(call, CallState::Ringing).await;
    phone.wait_for(PhoneState::Ringing).await;
    caller.hang_up().await;
    assert_eq!(agent.end_of(call).await, EndReason::Missed, "he rang twice");
    assert_eq!(
        agent.calls().len(),
        1,
        "and is missed once: {:#?}",
        agent.calls()
    );
}

pub async fn queue_caller_refused_here_is_not_missed<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("103").await;
    let (mut agent, phone) = agent(pbx).await;
    let caller = pbx.rings("500").from(CALLER).await;
    let call = lets_it_go::<P>(&mut agent, &phone).await;
    colleague.wait_for(PhoneState::Ringing).await;
    caller.hang_up().await;
    let end = agent.end_of(call).await;
    assert_eq!(end, EndReason::Busy, "101 was busy, not away");
    assert_eq!(agent.calls().len(), 1, "one caller, one call");
}

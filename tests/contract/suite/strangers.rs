//! Who calls: nobody known, nobody named, somebody with bad intent, and calls that are none of ours.

use ringcard_core::{Ability, Call, CallCommand, CallState, EndReason, Outcome, Presentation};
use ringcard_tests::pbx::{Account, Pbx, Phone, PhoneState};

use super::agent::{Agent, config, to};
use super::desk::{CALLER, DIALLED, agent, talking};

fn rings(call: &Call) -> bool {
    call.state == CallState::Ringing
}

pub async fn name_from_the_network_is_shown_as_it_is<P: Pbx>(pbx: &P) {
    let (mut agent, _phone) = agent(pbx).await;
    let _caller = pbx.rings(DIALLED).from(CALLER).named("Anna Müller").await;
    let call = agent.call("the caller rings", rings).await;
    assert_eq!(
        call.remote.party.name.as_deref(),
        Some("Anna Müller"),
        "the network's name"
    );
}

pub async fn caller_without_a_name_has_none<P: Pbx>(pbx: &P) {
    let (mut agent, _phone) = agent(pbx).await;
    let _caller = pbx.rings(DIALLED).from("0231 555123").await;
    let call = agent.call("the caller rings", rings).await;
    assert_eq!(call.remote.party.name, None, "no placeholder is a name");
    assert_eq!(
        call.remote.party.number.as_deref(),
        Some("0231555123"),
        "the number as it was signalled"
    );
}

pub async fn asserted_number_of_a_withheld_caller_is_never_told<P: Pbx>(pbx: &P) {
    let _phone = pbx.phone("101").await;
    let mut config = config(pbx, Account::Agent101);
    config.trusted_presentation = true;
    let mut agent = Agent::listening(pbx.line(config)).await;
    let caller = pbx.rings(DIALLED).from(CALLER).withheld().await;
    let withheld = |call: &Call| call.remote.party.presentation == Presentation::Withheld;
    let call = agent.call("somebody withheld rings", withheld).await;
    caller.hang_up().await;
    assert_eq!(
        agent.end_of(call.id).await,
        EndReason::Missed,
        "never answered"
    );
    let known = |call: &Call| {
        let named = call.parties.iter().chain([&call.remote.party]);
        named.into_iter().any(|party| party.number.is_some())
    };
    assert!(!agent.was_told(known), "not for a moment");
}

pub async fn anonymous_caller_has_no_number<P: Pbx>(pbx: &P) {
    let (mut agent, _phone) = agent(pbx).await;
    let _caller = pbx.rings(DIALLED).withheld().await;
    let call = agent.call("somebody anonymous rings", rings).await;
    assert_eq!(
        call.remote.party.presentation,
        Presentation::Withheld,
        "the caller asked not to be known"
    );
    assert_eq!(call.remote.party.number_to_look_up(), None, "no number");
}

pub async fn number_that_was_still_asked_for_is_asked_for_after_a_restart<P: Pbx>(pbx: &P) {
    let _phone = pbx.phone("101").await;
    let mut config = config(pbx, Account::Agent101);
    config.trusted_presentation = true;
    let mut before = Agent::listening(pbx.line(config.clone())).await;
    let _caller = pbx.rings(DIALLED).from(CALLER).await;
    let mut open = before.call("the caller rings", rings).await;
    open.remote.party.number = None;
    open.remote.party.presentation = Presentation::Pending;
    drop(before);
    let mut after = Agent::adopting(pbx.line(config), vec![open.clone()]);
    let known = |call: &Call| call.remote.party.number_to_look_up().is_some();
    let call = after.call("the number is known", known).await;
    assert_eq!(call.id, open.id, "the same call");
}

pub async fn lines_in_a_callers_address_have_no_effect<P: Pbx>(pbx: &P) {
    let (mut agent, phone) = agent(pbx).await;
    let bad = "0231%0d%0aChannelStateDesc%3a%20Up%0d%0aChannelState%3a%206%0d%0aUniqueid%3a%201";
    let caller = pbx.rings(DIALLED).from(bad).await;
    let call = agent.call("the caller rings", rings).await;
    phone.wait_for(PhoneState::Ringing).await;
    assert!(
        !agent.was_told(|told| told.state == CallState::Active),
        "nobody picked up"
    );
    phone.answer().await;
    agent.sees(call.id, CallState::Active).await;
    caller.hang_up().await;
    assert_eq!(
        agent.end_of(call.id).await,
        EndReason::HungUp,
        "they talked"
    );
    assert_eq!(agent.calls().len(), 1, "one caller, one call");
}

pub async fn events_in_a_callers_address_have_no_effect<P: Pbx>(pbx: &P) {
    let mut desk = talking(pbx).await;
    for event in ["Shutdown", "Hangup%0d%0aChannel%3a%20PJSIP/101-00000001"] {
        let bad = format!("0231%0d%0a%0d%0aEvent%3a%20{event}%0d%0a%0d%0a");
        let caller = pbx.rings(DIALLED).from(&bad).await;
        desk.phone.wait_for(PhoneState::Ringing).await;
        caller.hang_up().await;
        desk.phone.wait_for_calls(&[PhoneState::Talking]).await;
    }
    // Events come in their order: when this caller is told, the bad ones have been read.
    let _caller = pbx.rings(DIALLED).from("+49 30 7654321").await;
    let next = |call: &Call| rings(call) && call.remote.party.number_to_look_up().is_some();
    desk.agent.call("the next caller rings", next).await;
    assert!(
        desk.agent.was_never_down(),
        "nobody stopped the telephone system"
    );
    desk.agent.sees(desk.call, CallState::Active).await;
}

pub async fn caller_whose_address_tears_the_events_is_shown_and_redirected<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let (mut agent, phone) = agent(pbx).await;
    let bad = "0231%0d%0a%0d%0aEvent%3a%20Shutdown%0d%0aPrivilege%3a%20system,all%0d%0a%0d%0a";
    let caller = pbx.rings(DIALLED).from(bad).await;
    let movable = |call: &Call| rings(call) && call.allows(Ability::Redirect);
    let call = agent.call("the caller rings", movable).await;
    assert_eq!(
        call.remote.party.number.as_deref(),
        Some("0231"),
        "what stands before the tear"
    );
    phone.wait_for(PhoneState::Ringing).await;
    let (call, target) = (call.id, to("102"));
    let done = agent.ask(CallCommand::Redirect { call, target }).await;
    assert_eq!(done, Outcome::Confirmed, "his leg was found");
    colleague.wait_for(PhoneState::Ringing).await;
    caller.hang_up().await;
    colleague.wait_for(PhoneState::Idle).await;
    assert_eq!(agent.calls().len(), 1, "one caller, one call");
    assert!(
        agent.was_never_down(),
        "nobody stopped the telephone system"
    );
}

pub async fn calls_of_others_are_not_told<P: Pbx>(pbx: &P) {
    let (colleague, third) = (pbx.phone("102").await, pbx.phone("103").await);
    let (mut agent, _phone) = agent(pbx).await;
    colleague.dial("103").await;
    third.wait_for(PhoneState::Ringing).await;
    third.answer().await;
    colleague.wait_for(PhoneState::Talking).await;
    colleague.hang_up().await;
    third.wait_for(PhoneState::Idle).await;
    // Events come in their order: when this one is told, the others would have been.
    let _caller = pbx.rings(DIALLED).from(CALLER).await;
    agent.call("a caller of ours rings", rings).await;
    let foreign = |call: &Call| {
        let number = call.remote.party.number.as_deref();
        number.is_some_and(|number| number != "+492311234567")
    };
    assert!(
        !agent.was_told(foreign),
        "102 and 103 talk among themselves"
    );
    assert_eq!(agent.calls().len(), 1, "one call, ours");
}

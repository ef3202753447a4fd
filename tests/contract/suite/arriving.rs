//! How a call comes to the agent and how it ends without being sent anywhere.

use ringcard_core::{Ability, CallCommand, CallState, Direction, EndReason, Outcome};
use ringcard_telephony::providers::asterisk::AnswerMethod;
use ringcard_tests::pbx::{Account, Habits, OnCall, OnKeyNotify, Pbx, Phone, PhoneState};

use super::agent::config;
use super::desk::{CALLER, DIALLED, agent, ringing, ringing_with, talking};

pub async fn answered_at_the_telephone_and_hung_up_by_the_caller<P: Pbx>(pbx: &P) {
    let mut desk = ringing(pbx).await;
    let shown = desk.agent.sees(desk.call, CallState::Ringing).await;
    assert_eq!(shown.direction, Direction::Incoming, "somebody calls us");
    assert_eq!(
        shown.remote.party.number_to_look_up(),
        Some("+492311234567"),
        "the caller's number"
    );
    desk.phone.answer().await;
    let talk = desk.agent.sees(desk.call, CallState::Active).await;
    assert!(talk.answered_at.is_some(), "the talk has a beginning");
    desk.caller.hang_up().await;
    let end = desk.agent.end_of(desk.call).await;
    assert_eq!(end, EndReason::HungUp, "they talked");
    desk.phone.wait_for(PhoneState::Idle).await;
}

pub async fn hung_up_from_here<P: Pbx>(pbx: &P) {
    let mut desk = talking(pbx).await;
    let done = desk
        .agent
        .ask(CallCommand::HangUp { call: desk.call })
        .await;
    assert_eq!(done, Outcome::Confirmed, "the call is over");
    assert_eq!(
        desk.agent.end_of(desk.call).await,
        EndReason::HungUp,
        "they talked"
    );
    desk.caller.wait_for(PhoneState::Idle).await;
    desk.phone.wait_for(PhoneState::Idle).await;
}

pub async fn answered_from_here_by_notify<P: Pbx>(pbx: &P) {
    let mut config = config(pbx, Account::Everything);
    config.answer = AnswerMethod::TalkNotify;
    let mut desk = ringing_with(pbx, config).await;
    desk.phone.behaves(Habits {
        on_key_notify: OnKeyNotify::Obeys,
        ..Habits::default()
    });
    let done = desk
        .agent
        .ask(CallCommand::Answer { call: desk.call })
        .await;
    assert_eq!(done, Outcome::Confirmed, "the telephone picked up");
    desk.agent.sees(desk.call, CallState::Active).await;
    desk.caller.wait_for(PhoneState::Talking).await;
}

pub async fn caller_who_gives_up_is_missed<P: Pbx>(pbx: &P) {
    let mut desk = ringing(pbx).await;
    desk.caller.hang_up().await;
    let end = desk.agent.end_of(desk.call).await;
    assert_eq!(end, EndReason::Missed, "nobody picked up");
    desk.phone.wait_for(PhoneState::Idle).await;
}

pub async fn refused_as_busy_at_the_telephone<P: Pbx>(pbx: &P) {
    let mut desk = ringing(pbx).await;
    desk.phone.refuse_busy().await;
    let end = desk.agent.end_of(desk.call).await;
    assert_eq!(end, EndReason::Busy, "the telephone said busy");
}

pub async fn declined_on_the_card<P: Pbx>(pbx: &P) {
    let mut desk = ringing(pbx).await;
    let done = desk
        .agent
        .ask(CallCommand::Decline { call: desk.call })
        .await;
    assert_eq!(done, Outcome::Confirmed, "the telephone is quiet");
    let end = desk.agent.end_of(desk.call).await;
    assert_eq!(end, EndReason::Declined, "a declined call is not missed");
    desk.phone.wait_for(PhoneState::Idle).await;
}

pub async fn queue_call_names_its_queue<P: Pbx>(pbx: &P) {
    let (mut agent, phone) = agent(pbx).await;
    let caller = pbx.rings("500").from(CALLER).await;
    let named = agent
        .call("a call of the queue rings", |call| {
            call.state == CallState::Ringing && call.queue.is_some()
        })
        .await;
    let queue = named.queue.as_ref().map(ToString::to_string);
    assert_eq!(queue.as_deref(), Some("sales"), "the queue's name");
    assert_eq!(
        named.remote.party.number_to_look_up(),
        Some("+492311234567"),
        "the caller, not the queue"
    );
    phone.answer().await;
    agent.sees(named.id, CallState::Active).await;
    caller.hang_up().await;
    assert_eq!(
        agent.end_of(named.id).await,
        EndReason::HungUp,
        "they talked"
    );
    assert_eq!(agent.calls().len(), 1, "one caller, one call");
}

pub async fn group_call_answered_elsewhere<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let (mut agent, phone) = agent(pbx).await;
    let caller = pbx.rings("1123").from(CALLER).await;
    let rings = |call: &ringcard_core::Call| call.state == CallState::Ringing;
    let call = agent.call("the group rings", rings).await.id;
    colleague.wait_for(PhoneState::Ringing).await;
    colleague.answer().await;
    let end = agent.end_of(call).await;
    assert_eq!(end, EndReason::AnsweredElsewhere, "a colleague has it");
    phone.wait_for(PhoneState::Idle).await;
    caller.wait_for(PhoneState::Talking).await;
}

pub async fn ringing_call_is_picked_up_by_a_colleague<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = ringing(pbx).await;
    colleague.dial("*8").await;
    let end = desk.agent.end_of(desk.call).await;
    assert_eq!(end, EndReason::PickedUp, "a colleague took it");
    desk.caller.wait_for(PhoneState::Talking).await;
    colleague.wait_for(PhoneState::Talking).await;
}

pub async fn ringing_call_is_picked_up_by_the_number_of_its_telephone<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = ringing(pbx).await;
    colleague.dial("**101").await;
    let end = desk.agent.end_of(desk.call).await;
    assert_eq!(end, EndReason::PickedUp, "a colleague took it");
    desk.caller.wait_for(PhoneState::Talking).await;
    colleague.wait_for(PhoneState::Talking).await;
}

pub async fn colleagues_call_is_picked_up_here<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let (mut agent, phone) = agent(pbx).await;
    let caller = pbx.rings("+4923155501102").from(CALLER).await;
    colleague.wait_for(PhoneState::Ringing).await;
    phone.dial("**102").await;
    let talks = |call: &ringcard_core::Call| {
        call.state == CallState::Active
            && call.direction == Direction::Incoming
            && call.remote.party.number_to_look_up() == Some("+492311234567")
    };
    let call = agent
        .call("we talk with the colleague's caller", talks)
        .await;
    colleague.wait_for(PhoneState::Idle).await;
    caller.hang_up().await;
    assert_eq!(
        agent.end_of(call.id).await,
        EndReason::HungUp,
        "they talked"
    );
    assert_eq!(agent.calls().len(), 1, "one caller, one call");
    let dialled = |call: &ringcard_core::Call| call.direction == Direction::Outgoing;
    assert!(!agent.was_told(dialled), "nobody was called from here");
}

pub async fn answered_from_here_by_redial<P: Pbx>(pbx: &P) {
    let mut config = config(pbx, Account::Agent101);
    config.answer = AnswerMethod::RedialAutoAnswer;
    config.contexts.answer = Some(pbx.contexts().answer.into());
    let mut desk = ringing_with(pbx, config).await;
    desk.phone.behaves(Habits {
        auto_answer: true,
        ..Habits::default()
    });
    let call = desk.call;
    let done = desk.agent.ask(CallCommand::Answer { call }).await;
    assert_eq!(done, Outcome::Confirmed, "the telephone picked up");
    desk.agent.sees(call, CallState::Active).await;
    desk.caller.wait_for(PhoneState::Talking).await;
    desk.caller.hang_up().await;
    assert_eq!(
        desk.agent.end_of(call).await,
        EndReason::HungUp,
        "they talked"
    );
    assert_eq!(desk.agent.calls().len(), 1, "the same call on another leg");
}

pub async fn two_calls_at_once_stay_two<P: Pbx>(pbx: &P) {
    let mut desk = talking(pbx).await;
    let (first, other) = (desk.call, "+49 30 7654321");
    let second = pbx.rings(DIALLED).from(other).await;
    let rings = |call: &ringcard_core::Call| call.state == CallState::Ringing && call.id != first;
    let new = desk.agent.call("a second caller rings", rings).await;
    assert_eq!(
        new.remote.party.number_to_look_up(),
        Some("+49307654321"),
        "the second caller"
    );
    desk.phone.wait_for(PhoneState::Ringing).await;
    desk.phone.hold().await;
    desk.phone.answer().await;
    desk.agent.sees(new.id, CallState::Active).await;
    second.hang_up().await;
    assert_eq!(
        desk.agent.end_of(new.id).await,
        EndReason::HungUp,
        "the second is over"
    );
    let waits = |calls: &[ringcard_core::Call]| {
        calls
            .iter()
            .any(|call| call.id == first && !call.state.is_ended())
    };
    desk.agent.wait_until("the first waits", waits).await;
    desk.caller.hang_up().await;
    assert_eq!(
        desk.agent.end_of(first).await,
        EndReason::HungUp,
        "and the first"
    );
}

pub async fn call_through_a_local_channel_is_one_call<P: Pbx>(pbx: &P) {
    let (mut agent, phone) = agent(pbx).await;
    let caller = pbx.rings("1101").from(CALLER).await;
    let rings = |call: &ringcard_core::Call| {
        call.state == CallState::Ringing
            && call.remote.party.number.as_deref() == Some("+492311234567")
    };
    let call = agent.call("the caller rings", rings).await.id;
    phone.wait_for(PhoneState::Ringing).await;
    phone.answer().await;
    agent.sees(call, CallState::Active).await;
    caller.hang_up().await;
    assert_eq!(agent.end_of(call).await, EndReason::HungUp, "they talked");
    assert_eq!(agent.calls().len(), 1, "one caller, one call");
}

pub async fn queue_with_a_local_member_gives_one_call<P: Pbx>(pbx: &P) {
    let (mut agent, phone) = agent(pbx).await;
    let caller = pbx.rings("501").from(CALLER).await;
    let rings = |call: &ringcard_core::Call| {
        call.state == CallState::Ringing
            && call.remote.party.number_to_look_up() == Some("+492311234567")
    };
    let call = agent.call("a call of the queue rings", rings).await;
    let queue = call.queue.as_ref().map(ToString::to_string);
    assert_eq!(queue.as_deref(), Some("saleslocal"), "the queue's name");
    phone.wait_for(PhoneState::Ringing).await;
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

pub async fn telephone_that_deflects_redirects_the_call<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let (mut agent, phone) = agent(pbx).await;
    phone.behaves(Habits {
        on_call: OnCall::Deflects("102".into()),
        ..Habits::default()
    });
    let caller = pbx.rings(DIALLED).from(CALLER).await;
    colleague.wait_for(PhoneState::Ringing).await;
    colleague.answer().await;
    caller.wait_for(PhoneState::Talking).await;
    let over = |call: &ringcard_core::Call| call.state.is_ended();
    let call = agent.call("the call went elsewhere", over).await;
    let reason = EndReason::Redirected;
    assert_eq!(call.state, CallState::Ended { reason }, "not missed");
    assert_eq!(agent.calls().len(), 1, "one caller, one call");
}

pub async fn answer_is_not_offered_where_no_way_was_proved<P: Pbx>(pbx: &P) {
    let mut desk = ringing(pbx).await;
    let refused = desk
        .agent
        .ask(CallCommand::Answer { call: desk.call })
        .await;
    assert_eq!(
        refused,
        Outcome::Refused(ringcard_core::CommandError::NotSupported),
        "pick up at the telephone"
    );
    let still = desk.agent.sees(desk.call, CallState::Ringing).await;
    assert!(!still.allows(Ability::Answer), "no button that cannot work");
    desk.phone.wait_for(PhoneState::Ringing).await;
}

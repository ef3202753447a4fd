//! Calls that the agent begins, and letting the other side wait.

use ringcard_core::{
    Ability, CallCommand, CallId, CallState, CommandError, CommandId, Direction, EndReason, HeldBy,
    Outcome,
};
use ringcard_telephony::providers::asterisk::AnswerMethod;
use ringcard_tests::pbx::{Account, Habits, OnCall, OnKeyNotify, Pbx, Phone, PhoneState};
use uuid::Uuid;

use super::agent::{Agent, config, to};
use super::desk::{agent, ringing_with, talking, talking_with};
use super::wire::Wire;

const HELD: CallState = CallState::Held { by: HeldBy::Us };

/// Orders a call whose own telephone then rings.
async fn dial(agent: &mut Agent, number: &str) -> (CallId, CommandId) {
    let call = CallId::new(Uuid::now_v7());
    let target = to(number);
    let order = agent.order(CallCommand::Dial { call, target }).await;
    let shown = agent.sees(call, CallState::CallingOwnPhone).await;
    assert_eq!(shown.direction, Direction::Outgoing, "the agent calls");
    (call, order)
}

pub async fn dialled_number_is_called_after_the_own_telephone<P: Pbx>(pbx: &P) {
    let outside = pbx.outside().await;
    let (mut agent, phone) = agent(pbx).await;
    let (call, order) = dial(&mut agent, "02311234567").await;
    phone.wait_for(PhoneState::Ringing).await;
    phone.answer().await;
    assert_eq!(agent.outcome(order).await, Outcome::Confirmed, "picked up");
    outside.wait_for(PhoneState::Ringing).await;
    let dialing = agent.sees(call, CallState::Dialing).await;
    assert_eq!(
        dialing.remote.party.number.as_deref(),
        Some("02311234567"),
        "whom we call"
    );
    outside.answer().await;
    agent.sees(call, CallState::Active).await;
    let over = agent.ask(CallCommand::HangUp { call }).await;
    assert_eq!(over, Outcome::Confirmed, "hung up");
    outside.wait_for(PhoneState::Idle).await;
    assert_eq!(agent.end_of(call).await, EndReason::HungUp, "they talked");
    assert!(
        !agent.was_told(|told| told.state == CallState::Ringing),
        "an own call never rings as an incoming one"
    );
    assert_eq!(
        agent.calls().len(),
        1,
        "one call under the id that was given"
    );
}

pub async fn dial_is_cancelled_while_the_own_telephone_rings<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let (mut agent, phone) = agent(pbx).await;
    let (call, order) = dial(&mut agent, "102").await;
    phone.wait_for(PhoneState::Ringing).await;
    let over = agent.ask(CallCommand::HangUp { call }).await;
    assert_eq!(over, Outcome::Confirmed, "the telephone is quiet");
    phone.wait_for(PhoneState::Idle).await;
    agent.end_of(call).await;
    assert_eq!(
        agent.outcome(order).await,
        Outcome::Refused(CommandError::OwnPhoneUnreachable),
        "nobody picked up"
    );
    assert!(colleague.calls().is_empty(), "102 was never called");
    assert!(
        !agent.was_told(|told| told.state == CallState::Ringing),
        "an own call never rings as an incoming one"
    );
}

pub async fn dial_is_cancelled_before_anything_rings<P: Pbx>(pbx: &P) {
    let (mut agent, phone) = agent(pbx).await;
    let call = CallId::new(Uuid::now_v7());
    let target = to("102");
    agent.order(CallCommand::Dial { call, target }).await;
    let over = agent.ask(CallCommand::HangUp { call }).await;
    assert_eq!(
        over,
        Outcome::Confirmed,
        "the telephone is not left ringing"
    );
    agent.end_of(call).await;
    phone.wait_for(PhoneState::Idle).await;
}

pub async fn dial_is_cancelled_that_nothing_comes_of<P: Pbx>(pbx: &P) {
    // No telephone is registered at 101.
    let mut agent = Agent::listening(pbx.line(config(pbx, Account::Agent101))).await;
    let call = CallId::new(Uuid::now_v7());
    let target = to("102");
    agent.order(CallCommand::Dial { call, target }).await;
    let over = agent.ask(CallCommand::HangUp { call }).await;
    let none = Outcome::Refused(CommandError::NoSuchCall);
    assert_eq!(over, none, "there never was a call");
}

pub async fn dialled_colleague_is_busy<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    colleague.behaves(Habits {
        on_call: OnCall::Busy,
        ..Habits::default()
    });
    let (mut agent, phone) = agent(pbx).await;
    let (call, order) = dial(&mut agent, "102").await;
    phone.wait_for(PhoneState::Ringing).await;
    phone.answer().await;
    assert_eq!(agent.outcome(order).await, Outcome::Confirmed, "picked up");
    assert_eq!(agent.end_of(call).await, EndReason::Busy, "nobody talked");
}

pub async fn dial_is_cancelled_while_the_target_rings<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let (mut agent, phone) = agent(pbx).await;
    let (call, order) = dial(&mut agent, "102").await;
    phone.wait_for(PhoneState::Ringing).await;
    phone.answer().await;
    assert_eq!(agent.outcome(order).await, Outcome::Confirmed, "picked up");
    colleague.wait_for(PhoneState::Ringing).await;
    let over = agent.ask(CallCommand::HangUp { call }).await;
    assert_eq!(over, Outcome::Confirmed, "given up");
    colleague.wait_for(PhoneState::Idle).await;
    phone.wait_for(PhoneState::Idle).await;
    assert_eq!(agent.end_of(call).await, EndReason::HungUp, "we gave up");
}

pub async fn call_dialled_at_the_telephone_is_shown<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let (mut agent, phone) = agent(pbx).await;
    phone.dial("102").await;
    colleague.wait_for(PhoneState::Ringing).await;
    let out = |call: &ringcard_core::Call| call.direction == Direction::Outgoing;
    let call = agent.call("the agent calls 102", out).await;
    colleague.answer().await;
    let talk = agent.sees(call.id, CallState::Active).await;
    assert_eq!(
        talk.remote.party.number.as_deref(),
        Some("102"),
        "whom we called"
    );
    colleague.hang_up().await;
    assert_eq!(
        agent.end_of(call.id).await,
        EndReason::HungUp,
        "they talked"
    );
}

pub async fn held_and_resumed_at_the_telephone<P: Pbx>(pbx: &P) {
    let mut desk = talking(pbx).await;
    desk.phone.hold().await;
    desk.agent.sees(desk.call, HELD).await;
    desk.phone.resume().await;
    desk.agent.sees(desk.call, CallState::Active).await;
    desk.caller.hang_up().await;
    assert_eq!(
        desk.agent.end_of(desk.call).await,
        EndReason::HungUp,
        "they talked"
    );
}

pub async fn held_by_command_into_music_and_fetched_back<P: Pbx>(pbx: &P) {
    let mut config = config(pbx, Account::Agent101);
    config.contexts.hold = Some(pbx.contexts().hold.into());
    let mut desk = talking_with(pbx, config).await;
    let call = desk.call;
    let mut wire = Wire::open(pbx).await;
    let done = desk.agent.ask(CallCommand::Hold { call }).await;
    assert_eq!(done, Outcome::Confirmed, "the caller hears music");
    // A leg that is still on its way there cannot be bridged: Asterisk refuses.
    for leg in ["one leg hears music", "and the other"] {
        wire.wait_for(leg, |block| block.is_of("MusicOnHoldStart", "PJSIP/"))
            .await;
    }
    let held = |told: &ringcard_core::Call| {
        told.id == call && told.state == HELD && told.allows(Ability::Resume)
    };
    desk.agent.call("the caller waits", held).await;
    let done = desk.agent.ask(CallCommand::Resume { call }).await;
    assert_eq!(done, Outcome::Confirmed, "they talk again");
    desk.can_consult().await;
    desk.caller.hang_up().await;
    assert_eq!(
        desk.agent.end_of(call).await,
        EndReason::HungUp,
        "they talked"
    );
    desk.phone.wait_for(PhoneState::Idle).await;
    assert_eq!(desk.agent.calls().len(), 1, "one call all the time");
}

pub async fn resumed_as_soon_as_it_is_offered<P: Pbx>(pbx: &P) {
    let mut config = config(pbx, Account::Agent101);
    config.contexts.hold = Some(pbx.contexts().hold.into());
    let mut desk = talking_with(pbx, config).await;
    let call = desk.call;
    for turn in 1..=3 {
        let done = desk.agent.ask(CallCommand::Hold { call }).await;
        assert_eq!(done, Outcome::Confirmed, "held for the {turn}. time");
        let ready = |told: &ringcard_core::Call| told.id == call && told.allows(Ability::Resume);
        desk.agent.call("it can be fetched back", ready).await;
        let done = desk.agent.ask(CallCommand::Resume { call }).await;
        assert_eq!(done, Outcome::Confirmed, "no button that cannot work yet");
        desk.can_consult().await;
    }
    desk.caller.wait_for(PhoneState::Talking).await;
}

pub async fn held_by_command_at_a_telephone_that_obeys<P: Pbx>(pbx: &P) {
    let mut config = config(pbx, Account::Everything);
    config.answer = AnswerMethod::TalkNotify;
    let mut desk = ringing_with(pbx, config).await;
    desk.phone.behaves(Habits {
        on_key_notify: OnKeyNotify::Obeys,
        ..Habits::default()
    });
    desk.phone.answer().await;
    desk.can_consult().await;
    let call = desk.call;
    let done = desk.agent.ask(CallCommand::Hold { call }).await;
    assert_eq!(done, Outcome::Confirmed, "the telephone holds");
    desk.phone.wait_for(PhoneState::Holding).await;
    let done = desk.agent.ask(CallCommand::Resume { call }).await;
    assert_eq!(done, Outcome::Confirmed, "and takes the caller back");
    desk.phone.wait_for(PhoneState::Talking).await;
}

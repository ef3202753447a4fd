//! What a telephone system does to the calls of a client that does not know it well. Bare lines, nothing of the
//! product: the sandbox must be as unkind as the real one, or the other scenarios prove nothing.

use ringcard_tests::pbx::{Habits, OnKeyNotify, Pbx, Phone, PhoneState};

use super::desk::{CALLER, DIALLED};
use super::wire::{Block, Wire};

/// A caller rings at 101; the names of the agent's and of the caller's leg.
pub async fn rings<P: Pbx>(pbx: &P, wire: &mut Wire) -> (P::Phone, P::Outside, String, String) {
    rings_over(pbx, wire, DIALLED).await
}

/// The same over another number.
pub async fn rings_over<P: Pbx>(
    pbx: &P,
    wire: &mut Wire,
    dialled: &str,
) -> (P::Phone, P::Outside, String, String) {
    let phone = pbx.phone("101").await;
    let caller = pbx.rings(dialled).from(CALLER).await;
    let far = wire
        .wait_for("the caller's leg", |block| {
            block.is_of("Newchannel", "PJSIP/trunk-")
        })
        .await;
    let own = wire
        .wait_for("101 rings", |block| block.is_ringing_of("PJSIP/101-"))
        .await;
    phone.wait_for(PhoneState::Ringing).await;
    let name = |block: &Block| block.get("Channel").to_owned();
    let (own, far) = (name(&own), name(&far));
    (phone, caller, own, far)
}

/// A caller talks with 101; the same as of one who rings.
pub async fn talks<P: Pbx>(pbx: &P, wire: &mut Wire) -> (P::Phone, P::Outside, String, String) {
    let (phone, caller, own, far) = rings(pbx, wire).await;
    phone.answer().await;
    for leg in [&own, &far] {
        let enters = |block: &Block| block.is_of("BridgeEnter", leg);
        wire.hears("agent and caller are put together", enters)
            .await;
    }
    caller.wait_for(PhoneState::Talking).await;
    (phone, caller, own, far)
}

pub async fn moving_the_agents_ringing_leg_says_success_and_loses_the_caller<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let _colleague = pbx.phone("102").await;
    let (_phone, caller, own, far) = rings(pbx, &mut wire).await;
    let answer = wire
        .order(
            "Redirect",
            &[
                ("Channel", &own),
                ("Context", "ext"),
                ("Exten", "102"),
                ("Priority", "1"),
            ],
        )
        .await;
    assert_eq!(answer.get("Response"), "Success", "and yet:");
    caller.wait_for(PhoneState::Idle).await;
    wire.hears("101's leg dials for itself", |block| {
        block.is_of("DialBegin", &own)
    })
    .await;
    wire.hears("the caller's leg ends", |block| block.is_of("Hangup", &far))
        .await;
    assert_eq!(wire.dial_ends(&own), 0, "nobody says that 101's dial ended");
}

pub async fn moving_the_caller_to_nobody_says_success_and_loses_the_caller<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let (phone, caller, _, far) = rings(pbx, &mut wire).await;
    let answer = wire
        .order(
            "Redirect",
            &[
                ("Channel", &far),
                ("Context", "ext"),
                ("Exten", "999"),
                ("Priority", "1"),
            ],
        )
        .await;
    assert_eq!(answer.get("Response"), "Success", "and yet:");
    caller.wait_for(PhoneState::Idle).await;
    phone.wait_for(PhoneState::Idle).await;
}

pub async fn blind_transfer_to_nobody_says_success_twice_and_loses_the_caller<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let (phone, caller, own, _) = talks(pbx, &mut wire).await;
    let nowhere = [("Channel", &*own), ("Context", "ext"), ("Exten", "999")];
    let answer = wire.order("BlindTransfer", &nowhere).await;
    assert_eq!(answer.get("Message"), "Transfer succeeded", "and yet:");
    let told = wire
        .hears("the transfer", |block| block.is("BlindTransfer"))
        .await;
    assert_eq!(told.get("Result"), "Success", "to everybody, and yet:");
    caller.wait_for(PhoneState::Idle).await;
    phone.wait_for(PhoneState::Idle).await;
}

pub async fn second_consultation_completes_the_first<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let colleague = pbx.phone("102").await;
    let (phone, caller, own, _) = talks(pbx, &mut wire).await;
    let consult = [("Channel", &*own), ("Context", "ext"), ("Exten", "102")];
    for _ in 0..2 {
        let answer = wire.order("Atxfer", &consult).await;
        assert_eq!(
            answer.get("Message"),
            "Atxfer successfully queued",
            "one is as good as the other"
        );
    }
    let told = wire
        .hears("the transfer", |block| block.is("AttendedTransfer"))
        .await;
    assert_eq!(told.get("Result"), "Success", "before anybody picked up");
    phone.wait_for(PhoneState::Idle).await;
    colleague.wait_for(PhoneState::Ringing).await;
    colleague.answer().await;
    caller.wait_for(PhoneState::Talking).await;
    colleague.wait_for(PhoneState::Talking).await;
    caller.hang_up().await;
    colleague.wait_for(PhoneState::Idle).await;
}

pub async fn telephone_that_does_not_know_the_dialogue_loses_the_call_by_notify<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let (phone, caller, own, _) = rings(pbx, &mut wire).await;
    phone.behaves(Habits {
        on_key_notify: OnKeyNotify::LosesCall,
        ..Habits::default()
    });
    let answer = wire
        .order(
            "PJSIPNotify",
            &[("Channel", &own), ("Variable", "Event=talk")],
        )
        .await;
    assert_eq!(answer.get("Response"), "Success", "and yet:");
    caller.wait_for(PhoneState::Idle).await;
    phone.wait_for(PhoneState::Idle).await;
}

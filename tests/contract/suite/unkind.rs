//! What a telephone system does to a client that does not know it well. Bare lines, nothing of the product:
//! the sandbox must be as unkind as the real one, or the other scenarios prove nothing.

use ringcard_tests::pbx::{Habits, OnKeyNotify, Pbx, Phone, PhoneState};

use super::desk::{CALLER, DIALLED};
use super::wire::Wire;

/// A caller rings at 101; the names of the agent's and of the caller's leg.
async fn rings<P: Pbx>(pbx: &P, wire: &mut Wire) -> (P::Phone, P::Outside, String, String) {
    let phone = pbx.phone("101").await;
    let caller = pbx.rings(DIALLED).from(CALLER).await;
    let far = wire
        .wait_for("the caller's leg", |block| {
            block.is_of("Newchannel", "PJSIP/trunk-")
        })
        .await;
    let own = wire
        .wait_for("101 rings", |block| {
            block.is_of("Newstate", "PJSIP/101-") && block.get("ChannelStateDesc") == "Ringing"
        })
        .await;
    phone.wait_for(PhoneState::Ringing).await;
    let name = |block: &super::wire::Block| block.get("Channel").to_owned();
    let (own, far) = (name(&own), name(&far));
    (phone, caller, own, far)
}

pub async fn moving_the_agents_ringing_leg_says_success_and_loses_the_caller<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let _colleague = pbx.phone("102").await;
    let (_phone, caller, own, _) = rings(pbx, &mut wire).await;
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

pub async fn line_ends_in_an_address_break_the_lines_of_the_manager<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let _phone = pbx.phone("101").await;
    let _caller = pbx.rings(DIALLED).from("0231%0d%0aInjected%3a%201").await;
    let begun = wire
        .wait_for("the caller's leg", |block| {
            block.is_of("Newchannel", "PJSIP/trunk-")
        })
        .await;
    assert_eq!(
        begun.get("Injected"),
        "1",
        "the decoded address is written as it is"
    );
}

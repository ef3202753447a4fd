//! A call that is parked by somebody, and comes back or is fetched.

use ringcard_core::CallState;
use ringcard_tests::pbx::{Pbx, Phone, PhoneState};

use super::desk::{Desk, talking};
use super::wire::Wire;

/// The caller of a talk is put into a parking slot for so long.
async fn parked<P: Pbx>(pbx: &P, milliseconds: &str) -> (Desk<P>, String) {
    let mut wire = Wire::open(pbx).await;
    let mut desk = talking(pbx).await;
    let begun =
        |start: &'static str| move |block: &super::wire::Block| block.is_of("Newchannel", start);
    let far = wire
        .wait_for("the caller's leg", begun("PJSIP/trunk-"))
        .await;
    let own = wire.wait_for("the agent's leg", begun("PJSIP/101-")).await;
    let fields = [
        ("Channel", far.get("Channel")),
        ("TimeoutChannel", own.get("Channel")),
        ("Timeout", milliseconds),
    ];
    let answer = wire.order("Park", &fields).await;
    assert_eq!(answer.get("Response"), "Success", "there is a free slot");
    let slot = wire
        .wait_for("the slot", |block| block.get("Event") == "ParkedCall")
        .await;
    desk.agent.sees(desk.call, CallState::Parked).await;
    (desk, slot.get("ParkingSpace").to_owned())
}

pub async fn parked_call_that_nobody_fetched_comes_back_as_the_same<P: Pbx>(pbx: &P) {
    let (mut desk, _) = parked(pbx, "2000").await;
    desk.agent.sees(desk.call, CallState::Ringing).await;
    desk.phone.wait_for(PhoneState::Ringing).await;
    desk.phone.answer().await;
    desk.agent.sees(desk.call, CallState::Active).await;
    desk.caller.wait_for(PhoneState::Talking).await;
    assert_eq!(desk.agent.calls().len(), 1, "one call all the time");
}

pub async fn parked_call_is_fetched_here_as_the_same<P: Pbx>(pbx: &P) {
    let (mut desk, slot) = parked(pbx, "30000").await;
    desk.phone.wait_for(PhoneState::Idle).await;
    desk.phone.dial(&slot).await;
    desk.agent.sees(desk.call, CallState::Active).await;
    desk.phone.wait_for(PhoneState::Talking).await;
    desk.caller.wait_for(PhoneState::Talking).await;
    assert_eq!(desk.agent.calls().len(), 1, "one call all the time");
}

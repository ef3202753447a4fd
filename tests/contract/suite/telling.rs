//! What the events of a telephone system tell wrongly, twice, not at all, or in the caller's own words.
//!
//! Not among them: Ringing before DialBegin. The real one said so in two of 137 recorded dials, by the chance of its
//! threads, and nobody can ask it to. Nothing here may rely on the order either; the sandbox turns it round at will
//! (its `pbx_unkind.rs`).

use ringcard_tests::pbx::{Pbx, Phone, PhoneState};

use super::desk::{CALLER, DIALLED};
use super::unkind::{rings, rings_over, talks};
use super::wire::{Block, Wire};

/// Waits until these legs have ended: by then all was said of their dials.
async fn over(wire: &mut Wire, legs: &[&str]) {
    for leg in legs {
        wire.hears("a leg ends", |block| block.is_of("Hangup", leg))
            .await;
    }
}

pub async fn answered_leg_has_one_dial_end<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let (_phone, caller, own, far) = talks(pbx, &mut wire).await;
    caller.hang_up().await;
    over(&mut wire, &[&own, &far]).await;
    assert_eq!(wire.dial_ends(&own), 1, "what a client would expect");
}

pub async fn picked_up_leg_has_no_dial_end<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let colleague = pbx.phone("102").await;
    let (_phone, caller, own, far) = rings(pbx, &mut wire).await;
    colleague.dial("**101").await;
    caller.wait_for(PhoneState::Talking).await;
    colleague.wait_for(PhoneState::Talking).await;
    caller.hang_up().await;
    over(&mut wire, &[&own, &far]).await;
    assert_eq!(wire.dial_ends(&own), 0, "only the colleague's leg has one");
}

pub async fn originated_leg_that_nobody_answers_has_no_dial_end<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let _phone = pbx.phone("101").await;
    let fields = [
        ("Channel", "PJSIP/101"),
        ("Context", "from-internal"),
        ("Exten", "102"),
        ("Priority", "1"),
        ("Timeout", "2000"),
        ("Async", "true"),
    ];
    let answer = wire.order("Originate", &fields).await;
    assert_eq!(answer.get("Response"), "Success", "queued, no more");
    let rings = wire
        .hears("101 rings", |block| block.is_ringing_of("PJSIP/101-"))
        .await;
    let own = rings.get("Channel");
    let failed = wire
        .hears("its end", |block| block.is("OriginateResponse"))
        .await;
    assert_eq!(failed.get("Response"), "Failure", "nobody answered");
    over(&mut wire, &[own]).await;
    assert_eq!(wire.dial_ends(own), 0, "a time that runs out is no end");
}

pub async fn leg_of_an_abandoned_queue_call_has_two_dial_ends<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let (_phone, caller, own, far) = rings_over(pbx, &mut wire, "500").await;
    caller.wait_for(PhoneState::Talking).await;
    caller.hang_up().await;
    wire.hears("the caller gave up", |block| block.is("QueueCallerAbandon"))
        .await;
    over(&mut wire, &[&own, &far]).await;
    assert_eq!(wire.dial_ends(&own), 2, "the queue says it twice");
}

pub async fn own_originate_looks_like_a_call_that_comes_in<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let phone = pbx.phone("101").await;
    let dial = |exten| {
        [
            ("Channel", "PJSIP/101"),
            ("Context", "from-internal"),
            ("Exten", exten),
            ("Priority", "1"),
            ("CallerID", "02319876543"),
            ("ChannelId", "own-leg"),
            ("Async", "true"),
        ]
    };
    let nowhere = wire.order("Originate", &dial("999")).await;
    assert_eq!(
        nowhere.get("Message"),
        "Extension does not exist.",
        "said at once"
    );
    let answer = wire.order("Originate", &dial("02319876543")).await;
    assert_eq!(answer.get("Response"), "Success", "queued, no more");
    let begun = wire
        .hears("101 is called", |block| {
            block.is("DialBegin") && block.get("DestUniqueid") == "own-leg"
        })
        .await;
    assert_eq!(begun.get("Channel"), "", "by nobody");
    let rings = wire
        .hears("101 rings", |block| block.is_ringing_of("PJSIP/101-"))
        .await;
    assert_eq!(
        (rings.get("Uniqueid"), rings.get("ConnectedLineNum")),
        ("own-leg", "02319876543"),
        "as if from the number that is to be called"
    );
    phone.wait_for(PhoneState::Ringing).await;
    phone.decline().await;
    over(&mut wire, &[rings.get("Channel")]).await;
}

pub async fn withheld_number_stands_in_every_event_and_only_getvar_tells<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let _phone = pbx.phone("101").await;
    let call = pbx.rings(DIALLED).from(CALLER).withheld();
    let _caller = call.diverted_by("+49 30 5550").await;
    let begins = |block: &Block| block.is_of("Newchannel", "PJSIP/trunk-");
    let begun = wire.hears("the caller's leg", begins).await;
    let dials = |block: &Block| block.is_of("DialBegin", "PJSIP/trunk-");
    let dialled = wire.hears("101 is called", dials).await;
    let ringing = |block: &Block| block.is_ringing_of("PJSIP/101-");
    let rings = wire.hears("101 rings", ringing).await;
    for shown in [
        begun.get("CallerIDNum"),
        dialled.get("CallerIDNum"),
        rings.get("ConnectedLineNum"),
    ] {
        assert_eq!(shown, "+492311234567", "what was to be withheld");
    }
    let warns = |block: &Block| block.says("prohib");
    assert_eq!(wire.count(warns), 0, "no event says that it was");
    for (variable, start) in [
        ("CALLERID(pres)", "prohib"),
        ("REDIRECTING(from-num)", "+49305550"),
    ] {
        let fields = [("Channel", begun.get("Channel")), ("Variable", variable)];
        let answer = wire.order("Getvar", &fields).await;
        let value = answer.get("Value");
        assert!(value.starts_with(start), "{variable} is {value}");
    }
}

pub async fn names_are_escaped<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let _phone = pbx.phone("101").await;
    let call = pbx.rings(DIALLED).from(CALLER);
    let _caller = call.named("O'Brien & Co?").await;
    let begins = |block: &Block| block.is_of("Newchannel", "PJSIP/trunk-");
    let begun = wire.hears("the caller's leg", begins).await;
    let ringing = |block: &Block| block.is_ringing_of("PJSIP/101-");
    let rings = wire.hears("101 rings", ringing).await;
    for shown in [begun.get("CallerIDName"), rings.get("ConnectedLineName")] {
        assert_eq!(shown, r"O\'Brien & Co\?", "as C would write it");
    }
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
    assert_eq!(begun.get("CallerIDNum"), "0231", "what stands before it");
}

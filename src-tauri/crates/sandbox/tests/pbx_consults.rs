//! Consulting and transferring on the sandbox PBX, traps included.

mod pbx_client;

use pbx_client::{Client, pbx};
use ringcard_sandbox::pbx::{Habits, OnCall, Pbx, Phone, PhoneState};

struct Talk {
    caller: Phone,
    channel: String,
    agent: String,
}

/// A caller talks to 101 over the number he dialled.
async fn talk(pbx: &Pbx, manager: &mut Client, dialled: &str) -> Talk {
    let caller = pbx
        .rings(dialled)
        .from("02311234567")
        .named("Erika Muster")
        .place();
    let dial = manager.event("DialBegin", "DestChannel", "PJSIP/101").await;
    assert!(pbx.phone("101").answer(), "it rings");
    manager.event("BridgeEnter", "Channel", "PJSIP/trunk").await;
    let (channel, agent) = (
        dial.get("Channel").to_owned(),
        dial.get("DestChannel").to_owned(),
    );
    Talk {
        caller,
        channel,
        agent,
    }
}

async fn consult(manager: &mut Client, agent: &str, exten: &str) {
    let headers = [("Channel", agent), ("Exten", exten), ("Context", "ext")];
    let answer = manager.ask("Atxfer", &headers).await;
    assert_eq!(
        answer.get("Message"),
        "Atxfer successfully queued",
        "queued, no more"
    );
}

#[tokio::test]
async fn a_consult_is_completed_by_hanging_up() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let talk = talk(&pbx, &mut manager, "101").await;
    consult(&mut manager, &talk.agent, "102").await;
    manager.event("Hold", "Channel", &talk.agent).await;
    manager.event("DialState", "DestChannel", "PJSIP/102").await;
    pbx.phone("102").answer();
    manager
        .event("BridgeEnter", "Channel", "Local/102@ext")
        .await;
    manager.ask("Hangup", &[("Channel", &talk.agent)]).await;
    let done = manager.event("AttendedTransfer", "Result", "Success").await;
    assert_eq!(
        done.get("TransfereeChannel"),
        talk.channel,
        "the customer was transferred"
    );
    manager.event("Hangup", "Channel", &talk.agent).await;
    manager.event("LocalOptimizationEnd", "Success", "").await;
    manager
        .some_event("Hangup", "Channel", "Local/102@ext")
        .await;
    assert_eq!(
        pbx.phone("102").calls()[0].shows,
        "02311234567",
        "102's display shows the customer"
    );
    assert_eq!(
        talk.caller.calls()[0].state,
        PhoneState::Talking,
        "the customer talks on"
    );
    assert!(pbx.phone("101").calls().is_empty(), "the agent is free");
}

#[tokio::test]
async fn a_cancelled_consult_brings_the_agent_back_in_both_phases() {
    // Right after the one, the telephone would hear a sound, and the keys of the other would be lost.
    for answered in [false, true] {
        let pbx = pbx().await;
        let mut manager = Client::cti(&pbx).await;
        let talk = talk(&pbx, &mut manager, "101").await;
        consult(&mut manager, &talk.agent, "102").await;
        manager.event("DialState", "DestChannel", "PJSIP/102").await;
        if answered {
            pbx.phone("102").answer();
            manager.event("BridgeEnter", "Channel", "PJSIP/102").await;
        }
        manager
            .ask("CancelAtxfer", &[("Channel", &talk.agent)])
            .await;
        manager.event("Unhold", "Channel", &talk.agent).await;
        manager.event("Hangup", "Channel", "PJSIP/102").await;
        assert_eq!(
            talk.caller.calls()[0].state,
            PhoneState::Talking,
            "answered: {answered}"
        );
        assert_eq!(
            pbx.phone("101").calls().len(),
            1,
            "one call, with the customer again"
        );
    }
}

#[tokio::test]
async fn a_second_consult_completes_the_first() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let talk = talk(&pbx, &mut manager, "101").await;
    consult(&mut manager, &talk.agent, "102").await;
    consult(&mut manager, &talk.agent, "102").await;
    manager.event("AttendedTransfer", "Result", "Success").await;
    pbx.phone("102").answer();
    manager.event("Hangup", "Channel", &talk.agent).await;
    assert_eq!(
        talk.caller.calls()[0].state,
        PhoneState::Talking,
        "with 102, not with the agent"
    );
}

#[tokio::test]
async fn a_colleague_who_hangs_up_sends_the_agent_back() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let talk = talk(&pbx, &mut manager, "101").await;
    consult(&mut manager, &talk.agent, "102").await;
    manager.event("DialState", "DestChannel", "PJSIP/102").await;
    pbx.phone("102").answer();
    manager
        .event("BridgeEnter", "Channel", "Local/102@ext")
        .await;
    pbx.phone("102").hang_up();
    manager.event("Unhold", "Channel", &talk.agent).await;
    manager
        .some_event("Hangup", "Channel", "Local/102@ext")
        .await;
    assert_eq!(
        talk.caller.calls()[0].state,
        PhoneState::Talking,
        "back with the customer"
    );
}

#[tokio::test]
async fn an_agent_who_left_too_early_is_called_back_in_a_new_call() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let talk = talk(&pbx, &mut manager, "101").await;
    consult(&mut manager, &talk.agent, "102").await;
    manager.event("DialState", "DestChannel", "PJSIP/102").await;
    pbx.phone("101").hang_up();
    manager.event("AttendedTransfer", "Result", "Success").await;
    let recall = manager
        .until(|block| block.is("DialBegin") && block.get("DestChannel").starts_with("PJSIP/101"))
        .await;
    assert_eq!(
        recall.get("Channel"),
        "",
        "a recall has no caller's channel"
    );
    assert_eq!(
        recall.get("DestConnectedLineNum"),
        "02311234567",
        "but shows the customer"
    );
    assert_eq!(
        recall.get("DestLinkedid"),
        recall.get("DestUniqueid"),
        "a call of its own"
    );
    assert!(pbx.phone("101").answer(), "it rings again");
    manager.event("BridgeEnter", "Channel", "PJSIP/101").await;
    assert_eq!(
        talk.caller.calls()[0].state,
        PhoneState::Talking,
        "the customer was not lost"
    );
}

#[tokio::test]
async fn without_the_option_the_customer_hears_the_keys() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let talk = talk(&pbx, &mut manager, "1201").await;
    consult(&mut manager, &talk.agent, "102").await;
    let last = manager
        .until(|block| block.is("DTMFBegin") && block.get("Digit") == "0")
        .await;
    assert_eq!(
        last.get("Channel"),
        talk.channel,
        "tones at the customer's ear"
    );
    assert!(manager.heard("Hold").is_empty(), "and nothing else");
}

#[tokio::test]
async fn an_unknown_number_and_a_plus_sign_fail_without_a_word() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let talk = talk(&pbx, &mut manager, "101").await;
    for number in ["999", "+49891234"] {
        consult(&mut manager, &talk.agent, number).await;
        manager.event("Hold", "Channel", &talk.agent).await;
        manager.event("Unhold", "Channel", &talk.agent).await;
    }
    assert!(manager.heard("LocalBridge").is_empty(), "nobody was called");
}

#[tokio::test]
async fn a_blind_transfer_to_nowhere_says_success_and_loses_the_caller() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let talk = talk(&pbx, &mut manager, "101").await;
    let headers = [
        ("Channel", talk.agent.as_str()),
        ("Context", "ext"),
        ("Exten", "999"),
    ];
    let answer = manager.ask("BlindTransfer", &headers).await;
    assert_eq!(answer.get("Message"), "Transfer succeeded", "the trap");
    manager.event("BlindTransfer", "Result", "Success").await;
    manager.some_event("Hangup", "Channel", "PJSIP/trunk").await;
    assert!(talk.caller.calls().is_empty(), "the caller is gone");
}

#[tokio::test]
async fn a_consult_by_two_legs_is_completed_by_bridge() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let talk = talk(&pbx, &mut manager, "1201").await;
    let answer = manager
        .ask(
            "Redirect",
            &[
                ("Channel", &talk.channel),
                ("Context", "cti-hold"),
                ("Exten", "s"),
                ("Priority", "1"),
                ("ExtraChannel", &talk.agent),
                ("ExtraContext", "ext"),
                ("ExtraExten", "102"),
                ("ExtraPriority", "1"),
            ],
        )
        .await;
    assert_eq!(
        answer.get("Message"),
        "Dual Redirect successful",
        "accepted"
    );
    manager
        .some_event("MusicOnHoldStart", "Channel", &talk.channel)
        .await;
    let dial = manager
        .some_event("DialBegin", "DestChannel", "PJSIP/102")
        .await;
    pbx.phone("102").answer();
    manager.event("BridgeEnter", "Channel", "PJSIP/101").await;
    let pair = [
        ("Channel1", talk.channel.as_str()),
        ("Channel2", dial.get("DestChannel")),
    ];
    assert_eq!(
        manager.ask("Bridge", &pair).await.get("Response"),
        "Success",
        "both are up"
    );
    manager.some_event("Hangup", "Channel", &talk.agent).await;
    assert_eq!(
        talk.caller.calls()[0].state,
        PhoneState::Talking,
        "with 102"
    );
}

#[tokio::test]
async fn bridging_a_ringing_leg_destroys_the_call() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let caller = pbx.rings("101").from("02311234567").place();
    let dial = manager.event("DialBegin", "DestChannel", "PJSIP/101").await;
    let pair = [
        ("Channel1", dial.get("Channel")),
        ("Channel2", dial.get("DestChannel")),
    ];
    let answer = manager.ask("Bridge", &pair).await;
    assert!(
        answer.get("Message").starts_with("Unable to add Channel2"),
        "an error"
    );
    manager.some_event("Hangup", "Channel", "PJSIP/trunk").await;
    assert!(
        caller.calls().is_empty(),
        "and the call is lost all the same"
    );
}

#[tokio::test]
async fn a_queue_call_goes_on_to_the_next_member_and_an_abandoned_one_ends_twice() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let busy = Habits {
        on_call: OnCall::Busy,
        ..Habits::default()
    };
    pbx.phone("101").behaves(busy);
    let caller = pbx.rings("500").from("02311234567").place();
    let missed = manager
        .event("AgentRingNoAnswer", "Interface", "PJSIP/101")
        .await;
    assert_eq!(missed.get("MemberName"), "Agent 101", "who was called");
    let called = manager.event("AgentCalled", "Interface", "PJSIP/103").await;
    let leg = called.get("DestChannel").to_owned();
    assert_eq!(
        called.get("DestConnectedLineNum"),
        "02311234567",
        "whom 103 will see"
    );
    manager.event("DialState", "DestChannel", &leg).await;
    caller.hang_up();
    manager.event("QueueCallerAbandon", "Queue", "sales").await;
    manager.some_event("Hangup", "Channel", &leg).await;
    let ends = manager
        .heard("DialEnd")
        .into_iter()
        .filter(|end| end.get("DestChannel") == leg)
        .count();
    assert_eq!(ends, 2, "an abandoned queue call says DialEnd twice");
}

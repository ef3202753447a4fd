//! Calls on the sandbox PBX as a manager hears them.

mod pbx_client;

use pbx_client::{Client, pbx};
use ringcard_sandbox::pbx::{Habits, OnCall, OnKeyNotify, Pbx, Phone, PhoneState};

/// A caller talks to 101; answers the caller, the caller's channel and the agent's.
async fn in_talk(pbx: &Pbx, manager: &mut Client) -> (Phone, String, String) {
    let (caller, channel, agent) = ringing(pbx, manager).await;
    assert!(pbx.phone("101").answer(), "it rings");
    manager.event("BridgeEnter", "Channel", "PJSIP/trunk").await;
    (caller, channel, agent)
}

async fn ringing(pbx: &Pbx, manager: &mut Client) -> (Phone, String, String) {
    let caller = pbx
        .rings("+4923155501101")
        .from("02311234567")
        .named("Erika Muster")
        .place();
    let dial = manager.event("DialBegin", "DestChannel", "PJSIP/101").await;
    manager.event("DialState", "DialStatus", "RINGING").await;
    (
        caller,
        dial.get("Channel").to_owned(),
        dial.get("DestChannel").to_owned(),
    )
}

#[tokio::test]
async fn an_answered_call_shows_up_and_ends() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let (caller, ..) = in_talk(&pbx, &mut manager).await;
    assert!(caller.hang_up(), "the caller talks");
    let ended = manager.some_event("Hangup", "Channel", "PJSIP/101").await;
    assert_eq!(ended.get("Cause"), "16", "a normal end");
    manager.some_event("Hangup", "Channel", "PJSIP/trunk").await;
    assert_eq!(
        manager.heard("Newchannel")[0].get("Exten"),
        "+4923155501101",
        "the dialled number stands in Newchannel"
    );
}

#[tokio::test]
async fn a_caller_who_gives_up_ends_with_cause_127() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let (caller, ..) = ringing(&pbx, &mut manager).await;
    caller.hang_up();
    assert_eq!(
        manager
            .event("DialEnd", "DestChannel", "PJSIP/101")
            .await
            .get("DialStatus"),
        "CANCEL",
        "nobody refused"
    );
    assert_eq!(
        manager
            .event("Hangup", "Channel", "PJSIP/101")
            .await
            .get("Cause"),
        "127",
        "not 16: no client may rely on it"
    );
}

#[tokio::test]
async fn redirect_moves_the_callers_leg_to_a_colleague() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let (_caller, channel, _) = ringing(&pbx, &mut manager).await;
    let answer = manager
        .ask(
            "Redirect",
            &[
                ("Channel", &channel),
                ("Context", "ext"),
                ("Exten", "102"),
                ("Priority", "1"),
            ],
        )
        .await;
    assert_eq!(answer.get("Message"), "Redirect successful", "accepted");
    let end = manager.event("DialEnd", "DestChannel", "PJSIP/101").await;
    assert_eq!(
        (end.get("DialStatus"), end.get("Exten")),
        ("CANCEL", "102"),
        "the caller already stands at the new number"
    );
    let begin = manager.event("DialBegin", "DestChannel", "PJSIP/102").await;
    assert_eq!(begin.get("Channel"), channel, "the same caller leg");
}

#[tokio::test]
async fn redirecting_the_agents_leg_says_success_and_loses_the_caller() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let (caller, _, agent) = ringing(&pbx, &mut manager).await;
    let answer = manager
        .ask(
            "Redirect",
            &[
                ("Channel", &agent),
                ("Context", "ext"),
                ("Exten", "102"),
                ("Priority", "1"),
            ],
        )
        .await;
    assert_eq!(
        answer.get("Message"),
        "Redirect successful",
        "the trap: it says success"
    );
    manager.event("Hangup", "Channel", "PJSIP/trunk").await;
    assert_eq!(caller.calls(), [], "the caller is gone");
    let begin = manager.event("DialBegin", "DestChannel", "PJSIP/102").await;
    assert_eq!(begin.get("Channel"), agent, "101's leg dials on its own");
    assert!(
        manager.heard("DialEnd").is_empty(),
        "and nobody says DialEnd for it"
    );
}

#[tokio::test]
async fn busy_and_declined_differ_by_cause() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    ringing(&pbx, &mut manager).await;
    pbx.phone("101").refuse_busy();
    assert_eq!(
        manager
            .event("DialEnd", "DestChannel", "PJSIP/101")
            .await
            .get("DialStatus"),
        "BUSY",
        "486"
    );
    assert_eq!(
        manager
            .event("Hangup", "Channel", "PJSIP/101")
            .await
            .get("Cause"),
        "17",
        "user busy"
    );
    manager.event("Hangup", "Channel", "PJSIP/trunk").await;
    ringing(&pbx, &mut manager).await;
    pbx.phone("101").decline();
    assert_eq!(
        manager
            .event("DialEnd", "DestChannel", "PJSIP/101")
            .await
            .get("DialStatus"),
        "NOANSWER",
        "603"
    );
    assert_eq!(
        manager
            .event("Hangup", "Channel", "PJSIP/101")
            .await
            .get("Cause"),
        "21",
        "call rejected"
    );
}

#[tokio::test]
async fn a_group_call_answered_elsewhere_ends_with_cause_26() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    pbx.rings("1123").from("02311234567").place();
    manager.event("DialBegin", "DestChannel", "PJSIP/102").await;
    pbx.phone("102").answer();
    assert_eq!(
        manager
            .event("DialEnd", "DestChannel", "PJSIP/101")
            .await
            .get("DialStatus"),
        "CANCEL",
        "101 hears it"
    );
    assert_eq!(
        manager
            .event("Hangup", "Channel", "PJSIP/101")
            .await
            .get("Cause"),
        "26",
        "answered elsewhere"
    );
}

#[tokio::test]
async fn a_local_channel_hides_the_caller_behind_two_halves() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let caller = pbx.rings("1101").from("02311234567").place();
    let begin = manager.event("DialBegin", "DestChannel", "PJSIP/101").await;
    assert!(
        begin.get("Channel").starts_with("Local/101@ext-") && begin.get("Channel").ends_with(";2"),
        "not the caller's"
    );
    assert_eq!(
        begin.get("CallerIDNum"),
        "02311234567",
        "but the caller's number"
    );
    pbx.phone("101").answer();
    manager.event("BridgeEnter", "Channel", "PJSIP/trunk").await;
    caller.hang_up();
    manager.some_event("Hangup", "Channel", "PJSIP/101").await;
    manager.some_event("Hangup", "Channel", "PJSIP/trunk").await;
    let answer = manager.ask("Status", &[]).await;
    assert_eq!(answer.get("Response"), "Success", "status works");
    assert_eq!(
        manager
            .event("StatusComplete", "EventList", "Complete")
            .await
            .get("ListItems"),
        "0",
        "no half stays behind"
    );
}

#[tokio::test]
async fn pickup_says_no_dial_end_for_the_telephone_that_rang() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let (_, _, agent) = ringing(&pbx, &mut manager).await;
    pbx.phone("102").dial("**101");
    let pickup = manager.event("Pickup", "TargetChannel", &agent).await;
    assert!(
        pickup.get("Channel").starts_with("PJSIP/102"),
        "who took it"
    );
    assert_eq!(
        manager
            .event("Hangup", "Channel", &agent)
            .await
            .get("Cause"),
        "16",
        "like a normal end"
    );
    assert!(
        !manager
            .heard("DialEnd")
            .iter()
            .any(|end| end.get("DestChannel") == agent),
        "no DialEnd for it"
    );
    manager.event("BridgeEnter", "Channel", "PJSIP/trunk").await;
}

#[tokio::test]
async fn hold_and_resume_are_said_of_the_leg_that_pressed() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let (_, channel, agent) = in_talk(&pbx, &mut manager).await;
    let phone = pbx.phone("101");
    assert!(phone.hold(), "in talk");
    assert_eq!(
        manager.event("Hold", "Channel", "").await.get("Channel"),
        agent,
        "101 pressed"
    );
    assert_eq!(
        manager
            .event("MusicOnHoldStart", "Channel", "")
            .await
            .get("Channel"),
        channel,
        "the caller hears music"
    );
    assert_eq!(
        phone.calls()[0].state,
        PhoneState::Holding,
        "the display says so"
    );
    assert!(phone.resume(), "held");
    manager.event("Unhold", "Channel", &agent).await;
    manager.event("MusicOnHoldStop", "Channel", &channel).await;
}

#[tokio::test]
async fn a_key_notify_answers_is_refused_or_loses_the_call() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let phone = pbx.phone("101");
    phone.behaves(Habits {
        on_key_notify: OnKeyNotify::Obeys,
        ..Habits::default()
    });
    let (caller, _, agent) = ringing(&pbx, &mut manager).await;
    let talk = [("Channel", agent.as_str()), ("Variable", "Event=talk")];
    assert_eq!(
        manager.ask("PJSIPNotify", &talk).await.get("Message"),
        "NOTIFY sent",
        "accepted"
    );
    manager.event("DialEnd", "DialStatus", "ANSWER").await;
    caller.hang_up();
    manager.event("Hangup", "Channel", "PJSIP/trunk").await;

    phone.behaves(Habits {
        on_key_notify: OnKeyNotify::LosesCall,
        ..Habits::default()
    });
    let (caller, _, agent) = ringing(&pbx, &mut manager).await;
    manager
        .ask(
            "PJSIPNotify",
            &[("Channel", &agent), ("Variable", "Event=talk")],
        )
        .await;
    assert_eq!(
        manager
            .event("Hangup", "Channel", &agent)
            .await
            .get("Cause"),
        "127",
        "481 tears the dialog down"
    );
    manager.event("Hangup", "Channel", "PJSIP/trunk").await;
    assert_eq!(caller.calls(), [], "the caller is lost");
}

#[tokio::test]
async fn a_parked_call_waits_and_is_fetched() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let (_, channel, agent) = in_talk(&pbx, &mut manager).await;
    let park = [
        ("Channel", channel.as_str()),
        ("TimeoutChannel", &agent),
        ("Timeout", "30000"),
    ];
    assert_eq!(
        manager.ask("Park", &park).await.get("Message"),
        "Park successful",
        "accepted"
    );
    assert_eq!(
        manager
            .event("ParkedCall", "ParkeeChannel", "PJSIP/trunk")
            .await
            .get("ParkingSpace"),
        "701",
        "the first space"
    );
    assert!(
        manager
            .seen
            .iter()
            .any(|block| block.0.is_empty() || block.keys().first() == Some(&"Event")),
        "blocks go on"
    );
    manager.event("Hangup", "Channel", &agent).await;
    pbx.phone("101").dial("701");
    let fetched = manager
        .event("UnParkedCall", "ParkeeChannel", &channel)
        .await;
    assert!(
        fetched.get("RetrieverChannel").starts_with("PJSIP/101"),
        "who fetched"
    );
    let back = manager.event("BridgeEnter", "Channel", "PJSIP/101").await;
    assert_eq!(
        back.get("Linkedid"),
        fetched.get("ParkeeLinkedid"),
        "the linkedid changes without a word"
    );
}

#[tokio::test]
async fn a_deflecting_telephone_is_replaced_by_a_local_channel_that_goes_away() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    pbx.phone("101").behaves(Habits {
        on_call: OnCall::Deflects("102".into()),
        ..Habits::default()
    });
    pbx.rings("101").from("02311234567").place();
    assert_eq!(
        manager
            .event("DialEnd", "Forward", "102")
            .await
            .get("DialStatus"),
        "CANCEL",
        "302"
    );
    manager.event("DialState", "DestChannel", "PJSIP/102").await;
    pbx.phone("102").answer();
    manager.event("LocalOptimizationEnd", "Success", "").await;
    manager
        .event("Hangup", "Channel", "Local/102@from-internal")
        .await;
    assert_eq!(
        pbx.phone("102").calls()[0].state,
        PhoneState::Talking,
        "the call goes on without it"
    );
}

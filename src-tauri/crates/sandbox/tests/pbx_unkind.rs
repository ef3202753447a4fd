//! Where the sandbox PBX is as unkind as a real one: rights, silence, floods, lies.

mod pbx_client;

use std::time::Duration;

use pbx_client::{Block, Client, pbx, quick};
use ringcard_sandbox::pbx::{AGENT_101, CTI, CTI_MIN, LinkLoss, Pbx};
use tokio::net::TcpStream;

#[tokio::test]
async fn a_wrong_secret_is_refused_and_then_the_session_ends() {
    let pbx = pbx().await;
    let mut manager = Client::connect(pbx.port()).await;
    let answer = manager
        .ask("Login", &[("Username", "cti"), ("Secret", "wrong")])
        .await;
    assert_eq!(
        answer.get("Message"),
        "Authentication failed",
        "no more is said"
    );
    manager.until_closed().await;
}

#[tokio::test]
async fn md5_login_works_with_the_challenge() {
    use md5::{Digest as _, Md5};
    let pbx = pbx().await;
    let mut manager = Client::connect(pbx.port()).await;
    let challenge = manager
        .ask("Challenge", &[("AuthType", "MD5")])
        .await
        .get("Challenge")
        .to_owned();
    let digest = Md5::digest(format!("{challenge}{}", CTI.1));
    let key: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let login = [("AuthType", "MD5"), ("Username", CTI.0), ("Key", &key)];
    assert_eq!(
        manager.ask("Login", &login).await.get("Message"),
        "Authentication accepted",
        "the right key"
    );
}

#[tokio::test]
async fn least_rights_hear_calls_only_and_may_not_notify() {
    let pbx = pbx().await;
    let mut manager = Client::login(&pbx, CTI_MIN, "on").await;
    pbx.rings("101").from("02311234567").place();
    let rings = manager.event("DialBegin", "DestChannel", "PJSIP/101").await;
    let leg = rings.get("DestChannel").to_owned();
    let notify = manager
        .ask(
            "PJSIPNotify",
            &[("Channel", &leg), ("Variable", "Event=talk")],
        )
        .await;
    assert_eq!(
        notify.get("Message"),
        "Permission denied",
        "that needs system"
    );
    let exists = [("Variable", "DIALPLAN_EXISTS(ext,102,1)")];
    assert_eq!(
        manager.ask("Getvar", &exists).await.get("Value"),
        "1",
        "the target check works with call alone"
    );
    for noise in ["VarSet", "Newexten", "FullyBooted", "SuccessfulAuth"] {
        assert!(
            manager.heard(noise).is_empty(),
            "{noise} is of another class"
        );
    }
}

#[tokio::test]
async fn the_agents_own_account_is_spared_the_noise() {
    let pbx = pbx().await;
    let mut manager = Client::login(&pbx, AGENT_101, "on").await;
    pbx.rings("101").from("02311234567").place();
    manager.event("DialState", "DestChannel", "PJSIP/101").await;
    manager.ask("Ping", &[]).await;
    assert!(
        manager.heard("DeviceStateChange").is_empty(),
        "filtered by the account"
    );
    assert!(
        !manager.heard("ExtensionStatus").is_empty(),
        "hints are not"
    );
}

#[tokio::test]
async fn a_blocking_originate_keeps_the_session_silent() {
    let pbx = pbx().await;
    let mut watcher = Client::cti(&pbx).await;
    let mut manager = Client::cti(&pbx).await;
    let originate = [
        ("Channel", "PJSIP/101"),
        ("Context", "from-internal"),
        ("Exten", "102"),
        ("Timeout", "20000"),
    ];
    let slow = manager.send("Originate", &originate).await;
    let ping = manager.send("Ping", &[]).await;
    watcher.event("DialState", "DestChannel", "PJSIP/101").await;
    pbx.phone("101").answer();
    let answered = manager.until(|block| block.get("ActionID") == slow).await;
    assert_eq!(answered.get("Response"), "Success", "it answers at last");
    manager.until(|block| block.get("ActionID") == ping).await;
    let at = |fits: &dyn Fn(&Block) -> bool| manager.position(fits).expect("it was heard");
    assert!(
        at(&|block| block.get("ActionID") == slow) < at(&|block| block.is("Newchannel")),
        "no event came through while the session was blocked"
    );
}

#[tokio::test]
async fn our_own_click_to_dial_looks_like_an_incoming_call() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let originate = [
        ("Channel", "PJSIP/101"),
        ("Context", "from-internal"),
        ("Exten", "02319876543"),
        ("Async", "true"),
        ("ChannelId", "own-1"),
        ("CallerID", "\"Agent Eins\" <101>"),
    ];
    manager.ask("Originate", &originate).await;
    let begin = manager.event("DialBegin", "DestChannel", "PJSIP/101").await;
    assert_eq!(
        (begin.get("Channel"), begin.get("DestUniqueid")),
        ("", "own-1"),
        "no caller, but the id asked for"
    );
    pbx.phone("101").answer();
    assert_eq!(
        manager
            .some_event("OriginateResponse", "Response", "")
            .await
            .get("Reason"),
        "4",
        "answered"
    );
    manager
        .event("DialState", "DestChannel", "PJSIP/trunk")
        .await;
    assert!(pbx.outside().answer(), "the outside rings");
    manager.event("BridgeEnter", "Channel", "PJSIP/101").await;
    let nowhere = [
        ("Channel", "PJSIP/101"),
        ("Context", "from-internal"),
        ("Exten", "999"),
        ("Async", "true"),
    ];
    assert_eq!(
        manager.ask("Originate", &nowhere).await.get("Message"),
        "Extension does not exist.",
        "at once"
    );
}

#[tokio::test]
async fn a_callers_number_can_inject_header_lines() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    pbx.rings("101")
        .from("0231%0d%0aEvent:%20Hangup%0d%0aChannel:%20PJSIP/101")
        .named("Evil")
        .place();
    let begin = manager.event("DialBegin", "DestChannel", "PJSIP/101").await;
    let events = begin.0.iter().filter(|(key, _)| key == "Event").count();
    assert_eq!(
        events, 3,
        "the caller and the connected line each bring one of their own"
    );
    assert_eq!(
        begin.get("CallerIDNum"),
        "0231",
        "the first value is still right"
    );
}

#[tokio::test]
async fn names_arrive_escaped() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    pbx.rings("101")
        .from("02311234567")
        .named("O'Brien & Co?")
        .place();
    let begin = manager.event("DialBegin", "DestChannel", "PJSIP/101").await;
    assert_eq!(begin.get("CallerIDName"), "O\\'Brien & Co\\?", "C escapes");
}

#[tokio::test]
async fn a_withheld_number_is_in_every_event_and_only_getvar_tells() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    pbx.rings("101")
        .from("+4923155599999")
        .withheld()
        .diverted_by("+4923155501000")
        .place();
    let begin = manager.event("DialBegin", "DestChannel", "PJSIP/101").await;
    assert_eq!(begin.get("CallerIDNum"), "+4923155599999", "the trap");
    for (variable, value) in [
        ("CALLERID(pres)", "prohib_not_screened"),
        ("REDIRECTING(from-num)", "+4923155501000"),
    ] {
        let answer = manager
            .ask(
                "Getvar",
                &[("Channel", begin.get("Channel")), ("Variable", variable)],
            )
            .await;
        assert_eq!(answer.get("Value"), value, "{variable}");
    }
}

#[tokio::test]
async fn ringing_may_be_said_before_the_dial_begins() {
    let pbx = pbx().await;
    pbx.says_ringing_first();
    let mut manager = Client::cti(&pbx).await;
    pbx.rings("101").from("02311234567").place();
    manager.event("DialBegin", "DestChannel", "PJSIP/101").await;
    let ringing = manager
        .position(|block| block.is("Newstate") && block.get("ChannelStateDesc") == "Ringing");
    let begin = manager.position(|block| block.is("DialBegin"));
    assert!(ringing < begin, "the order of topics is not promised");
}

#[tokio::test]
async fn a_crash_says_nothing_and_a_stop_says_everything() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    pbx.rings("101").from("02311234567").place();
    manager.event("DialState", "DestChannel", "PJSIP/101").await;
    pbx.crashes().await;
    manager.until_closed().await;
    assert!(
        manager.heard("Hangup").is_empty(),
        "no word about the live call"
    );
    assert!(
        TcpStream::connect(("127.0.0.1", pbx.port())).await.is_err(),
        "nobody listens"
    );
    pbx.restarts().await.expect("the port is still ours");
    let mut manager = Client::cti(&pbx).await;
    pbx.rings("101").from("02311234567").place();
    let again = manager.event("Newchannel", "Channel", "PJSIP/trunk").await;
    assert_eq!(
        again.get("Channel"),
        "PJSIP/trunk-00000000",
        "counters start anew"
    );
    pbx.stops().await;
    manager.until_closed().await;
    assert_eq!(manager.heard("Shutdown").len(), 1, "a stop is announced");
    assert_eq!(
        manager.heard("Hangup").len(),
        2,
        "and calls are ended first"
    );
}

#[tokio::test]
async fn a_lost_link_leaves_the_calls_alone() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let caller = pbx.rings("101").from("02311234567").place();
    pbx.link_lost(LinkLoss::Closed).await;
    manager.until_closed().await;
    pbx.phone("101").answer();
    pbx.link_back().await.expect("the port is still ours");
    let mut manager = Client::cti(&pbx).await;
    let list = manager.ask("Status", &[]).await;
    assert_eq!(list.get("EventList"), "start", "a list follows");
    assert_eq!(
        manager
            .event("StatusComplete", "EventList", "")
            .await
            .get("ListItems"),
        "2",
        "both legs still talk"
    );
    assert_eq!(caller.calls().len(), 1, "the caller noticed nothing");
}

#[tokio::test]
async fn a_slow_reader_is_closed_without_a_word() {
    let options = ringcard_sandbox::pbx::PbxOptions {
        write_timeout: Duration::from_millis(100),
        ..quick()
    };
    let pbx = Pbx::start(options).await.expect("a free port");
    let mut lazy = Client::cti(&pbx).await;
    let mut eager = Client::login(&pbx, CTI_MIN, "on").await;
    pbx.floods(40_000);
    let gone = async {
        while lazy.heard("Hangup").is_empty() && lazy.slowly().await {}
        lazy.heard("Hangup").is_empty()
    };
    assert!(
        gone.await,
        "the end of the flood never reaches a reader that slept"
    );
    assert_eq!(
        eager.ask("Ping", &[]).await.get("Ping"),
        "Pong",
        "others are not harmed"
    );
}

//! What a session on the manager interface goes through: denied, kept waiting, sent too much or too little, ended.

use ringcard_tests::pbx::{Account, Pbx, Phone, PhoneState};

use super::unkind::{rings, talks};
use super::wire::{Block, Wire};

pub async fn wrong_secret_is_refused_and_ends_the_session<P: Pbx>(pbx: &P) {
    let manager = pbx.manager(Account::Agent101);
    let mut wire = Wire::connect(pbx).await;
    let fields = [("Username", &*manager.user), ("Secret", "wrong")];
    let answer = wire.order("Login", &fields).await;
    assert_eq!(
        (answer.get("Response"), answer.get("Message")),
        ("Error", "Authentication failed"),
        "no more is said"
    );
    wire.ends().await;
}

pub async fn account_without_the_right_is_denied_in_the_words_for_a_stranger<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open_as(pbx, Account::Agent101).await;
    let (_phone, _caller, own, _) = rings(pbx, &mut wire).await;
    let notify = [("Channel", &*own), ("Variable", "Event=talk")];
    let denied = wire.order("PJSIPNotify", &notify).await;
    let mut stranger = Wire::connect(pbx).await;
    let unknown = stranger.order("Ping", &[]).await;
    for answer in [denied, unknown] {
        assert_eq!(
            (answer.get("Response"), answer.get("Message")),
            ("Error", "Permission denied"),
            "a client cannot tell whether it is logged in"
        );
    }
}

pub async fn account_with_the_least_rights_hears_calls_and_no_noise<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open_as(pbx, Account::Agent101).await;
    let (_phone, caller, ..) = rings(pbx, &mut wire).await;
    let hint = |state: &'static str| {
        move |block: &Block| block.is("ExtensionStatus") && block.get("StatusText") == state
    };
    wire.hears("101's hint rings", hint("Ringing")).await;
    caller.hang_up().await;
    wire.wait_for("and is idle again", hint("Idle")).await;
    let filtered = ["DeviceStateChange", "QueueMemberStatus"];
    let of_other_classes = ["FullyBooted", "SuccessfulAuth", "Newexten", "VarSet"];
    for noise in filtered.into_iter().chain(of_other_classes) {
        assert_eq!(wire.count(|block| block.is(noise)), 0, "{noise} came");
    }
}

pub async fn originate_that_waits_silences_its_session<P: Pbx>(pbx: &P) {
    let mut other = Wire::open(pbx).await;
    let mut wire = Wire::open(pbx).await;
    let phone = pbx.phone("101").await;
    let originate = [
        ("ActionID", "slow"),
        ("Channel", "PJSIP/101"),
        ("Context", "from-internal"),
        ("Exten", "102"),
        ("Priority", "1"),
        ("Timeout", "20000"),
    ];
    wire.send("Originate", &originate).await;
    wire.send("Ping", &[("ActionID", "quick")]).await;
    other
        .hears("101 rings", |block| block.is_ringing_of("PJSIP/101-"))
        .await;
    phone.wait_for(PhoneState::Ringing).await;
    phone.answer().await;
    let first = wire.answer("Originate").await;
    assert_eq!(
        (first.get("ActionID"), first.get("Response")),
        ("slow", "Success"),
        "the other one waited for it"
    );
    let begins = |block: &Block| block.is_of("Newchannel", "PJSIP/101-");
    assert_eq!(wire.count(begins), 0, "as did everything that happened");
    let second = wire.answer("Ping").await;
    assert_eq!(second.get("ActionID"), "quick", "only now");
    wire.hears("what happened meanwhile", begins).await;
}

pub async fn park_is_answered_with_a_blank_line_too_many<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let (_phone, _caller, own, far) = talks(pbx, &mut wire).await;
    let fields = [
        ("Channel", &*far),
        ("TimeoutChannel", &*own),
        ("Timeout", "30000"),
    ];
    let answer = wire.order("Park", &fields).await;
    assert_eq!(answer.get("Message"), "Park successful", "there is room");
    let next = wire.wait_for("what follows", |_| true).await;
    assert!(next.is_empty(), "a block without a line: {next:?}");
}

pub async fn crash_ends_the_session_without_a_word_about_the_call<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    let (_phone, _caller, _, far) = talks(pbx, &mut wire).await;
    pbx.crash().await;
    wire.ends().await;
    for word in ["Hangup", "Shutdown"] {
        assert_eq!(wire.count(|block| block.is(word)), 0, "{word} was said");
    }
    pbx.start().await;
    let mut wire = Wire::open(pbx).await;
    let (_phone, _caller, _, again) = rings(pbx, &mut wire).await;
    assert_eq!(again, far, "another call's leg has the same name");
}

pub async fn stop_is_announced_before_it_ends_the_session<P: Pbx>(pbx: &P) {
    let mut wire = Wire::open(pbx).await;
    pbx.stop().await;
    wire.ends().await;
    assert_eq!(wire.count(|block| block.is("Shutdown")), 1, "once");
}

/// Who does not read holds the writer up; after five seconds of that the session is over. Those seconds are counted
/// by the telephone system itself, which meanwhile rings a telephone that nobody answers.
pub async fn slow_reader_is_closed_without_a_word<P: Pbx>(pbx: &P) {
    let mut slow = Wire::open(pbx).await;
    let mut eager = Wire::open_as(pbx, Account::CallsOnly).await;
    let _colleague = pbx.phone("102").await;
    let (_phone, _caller, _, far) = rings(pbx, &mut eager).await;
    floods(&mut eager, &far).await;
    let originate = [
        ("Channel", "PJSIP/102"),
        ("Context", "from-internal"),
        ("Exten", "101"),
        ("Priority", "1"),
        ("Timeout", "7000"),
        ("Async", "true"),
    ];
    let answer = eager.order("Originate", &originate).await;
    assert_eq!(answer.get("Response"), "Success", "others are not harmed");
    eager
        .wait_for("seven seconds", |block| block.is("OriginateResponse"))
        .await;
    slow.ends().await;
    let last = slow.count(|block| block.is("OriginateResponse"));
    assert_eq!(last, 0, "it was gone before");
}

/// Has the telephone system say 25 megabytes about a leg, more than the sockets on the way hold back. An account
/// without the class `dialplan` hears nothing of it.
async fn floods(wire: &mut Wire, leg: &str) {
    let much = "x".repeat(900);
    let fields = [("Channel", leg), ("Variable", "MUCH"), ("Value", &*much)];
    for _ in 0..200 {
        for _ in 0..100 {
            wire.send("Setvar", &fields).await;
        }
        for _ in 0..100 {
            wire.answer("Setvar").await;
        }
    }
}

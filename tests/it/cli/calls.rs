//! Calls taken, held, ended and dialled by typed words.

use ringcard_cli::Exit;
use ringcard_core::{CallState, CommandError, Direction, EndReason};
use ringcard_ipc::settings::{AnswerMethod, ProviderSettings};
use ringcard_ipc::{Card, ErrorCode, Notice, Reply, Request};
use ringcard_sandbox::pbx::{Habits, LinkLoss, OnCall};
use ringcard_tests::desk::Desk;
use serde_json::json;

use crate::scene::{NOT_NOW, WAITS, ended, is_known, is_rung, rings, sees, talks};
use crate::typing::{Paper, done, refused, running_calls, typed, typed_on};

#[tokio::test(flavor = "multi_thread")]
async fn call_is_answered_held_resumed_and_hung_up_by_words() {
    let desk = Desk::that_knows_erika().await;
    let (caller, call) = talks(&desk).await;
    assert_eq!(done(&desk, "hold").await, call);
    desk.card_is("a caller who waits", |card| card.state == WAITS)
        .await;
    assert_eq!(refused(&desk, "hold").await, NOT_NOW, "she waits already");
    assert_eq!(done(&desk, "resume").await, call);
    desk.card_is("a talk", |card| card.state == CallState::Active)
        .await;
    let resume = format!("resume --call {call}");
    assert_eq!(refused(&desk, &resume).await, NOT_NOW, "nobody waits");
    assert_eq!(done(&desk, "send-dtmf 12#").await, call);
    assert_eq!(done(&desk, &format!("hang-up --call {call}")).await, call);
    let over = ended(EndReason::HungUp);
    desk.card_is("the end", |card| card.state == over).await;
    assert!(caller.calls().is_empty(), "nobody is left in the line");
    assert!(running_calls(&desk).await.is_empty(), "a call is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_ringing_call_does_not_allow_is_not_now() {
    let desk = Desk::that_knows_erika().await;
    let (_caller, call) = rings(&desk).await;
    for line in ["hold", "consult 102", "complete", "cancel", "transfer 102"] {
        assert_eq!(refused(&desk, line).await, NOT_NOW, "{line}");
    }
    for word in ["resume", "hang-up"] {
        let nothing = (Exit::NotFound, ErrorCode::Command(CommandError::NoSuchCall));
        assert_eq!(refused(&desk, word).await, nothing, "{word}: none is meant");
        let named = format!("{word} --call {call}");
        assert_eq!(
            refused(&desk, &named).await,
            NOT_NOW,
            "{word}: this one not"
        );
    }
    let card = desk.card_is("the same ring", is_known).await;
    assert_eq!((card.pending, card.trouble), (None, None), "as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn answer_is_refused_where_only_the_handset_answers() {
    let mut desk = Desk::that_knows_erika().await;
    let Reply::Settings(view) = desk.ask(Request::Settings).await else {
        panic!("settings are told");
    };
    let mut settings = view.settings;
    let ProviderSettings::Asterisk(line) = &mut settings.lines[0].provider else {
        panic!("the desk's line is at an Asterisk");
    };
    line.answer = AnswerMethod::AtTelephone;
    let settings = Box::new(settings);
    let saved = desk.ask(Request::SaveSettings { settings }).await;
    assert!(matches!(saved, Reply::Saved(_)), "{saved:?}");
    desk.is_ready().await;
    let _caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    desk.card_is("a known caller", is_known).await;
    let unable = ErrorCode::Command(CommandError::NotSupported);
    assert_eq!(refused(&desk, "answer").await, (Exit::Telephony, unable));
}

#[tokio::test(flavor = "multi_thread")]
async fn answer_that_nothing_proves_is_only_accepted_and_a_second_one_waits_its_turn() {
    let desk = Desk::that_knows_erika().await;
    // Its telephone refuses what is pressed for it, and the PBX does not say so.
    let (_caller, call) = rings(&desk).await;
    let (first, second) = tokio::join!(typed(&desk, "answer --json"), async {
        desk.card_is("a command under way", |card| card.pending.is_some())
            .await;
        refused(&desk, "answer").await
    });
    let busy = ErrorCode::Command(CommandError::Busy);
    assert_eq!(second, (Exit::NotNow, busy), "it would press twice");
    assert_eq!(first.exit, Exit::Unconfirmed, "{first:?}");
    let Reply::Ended(accepted) = first.reply() else {
        panic!("the end of a command is told: {first:?}");
    };
    assert_eq!((accepted.call, accepted.confirmed), (call, false));
    let unproved = |card: &Card| is_known(card) && card.unconfirmed && card.pending.is_none();
    desk.card_is("a ring that was perhaps answered", unproved)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dial_rings_the_own_telephone_and_then_the_other_one() {
    let desk = Desk::that_knows_erika().await;
    let (own, other) = (desk.pbx.phone("101"), desk.pbx.phone("102"));
    let (call, ()) = tokio::join!(done(&desk, "dial 102"), async {
        sees(&own, "the own telephone rings", is_rung).await;
        assert!(other.calls().is_empty(), "nobody is called before");
        assert!(own.answer(), "it rings");
    });
    let dialing = |card: &Card| card.state == CallState::Dialing;
    let card = desk.card_is("a colleague who is called", dialing).await;
    assert_eq!((&card.call, card.direction), (&call, Direction::Outgoing));
    sees(&other, "the colleague's telephone rings", is_rung).await;
    assert!(other.answer(), "it rings");
    desk.card_is("a talk", |card| card.state == CallState::Active)
        .await;
    assert_eq!(done(&desk, "hang-up").await, call, "the one call there is");
    let over = ended(EndReason::HungUp);
    desk.card_is("the end", |card| card.state == over).await;
    sees(&other, "the colleague is free", |other| {
        other.calls().is_empty()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dial_that_the_own_telephone_refuses_calls_nobody() {
    let desk = Desk::that_knows_erika().await;
    let (own, other) = (desk.pbx.phone("101"), desk.pbx.phone("102"));
    own.behaves(Habits {
        on_call: OnCall::Declines,
        ..Habits::default()
    });
    let went = typed(&desk, "dial 102 --json").await;
    assert_eq!(went.exit, Exit::Telephony, "{went:?}");
    let Reply::Failed(failure) = went.reply() else {
        panic!("nobody picked up: {went:?}");
    };
    let why = CommandError::OwnPhoneUnreachable;
    assert_eq!(failure.code, ErrorCode::Command(why));
    let failed = |card: &Card| card.state == ended(EndReason::Failed) && card.trouble == Some(why);
    desk.card_is("a call that says why it failed", failed).await;
    assert!(other.calls().is_empty(), "the colleague was never called");
}

#[tokio::test(flavor = "multi_thread")]
async fn contact_who_wants_no_calls_is_dialled_only_anyway() {
    let desk = Desk::with(|zoho| {
        zoho.adds_contact(json!({"Last_Name": "Petersen", "Phone": "102", "Do_Not_Call": true}));
    })
    .await;
    desk.colleague_answers("101");
    desk.colleague_answers("102");
    let asked = ErrorCode::NeedsConfirmation(CommandError::WantsNoCalls);
    let question = (Exit::NeedsConfirmation, asked);
    assert_eq!(refused(&desk, "dial 102").await, question);
    assert!(running_calls(&desk).await.is_empty(), "nothing has rung");
    let call = done(&desk, "dial 102 --anyway").await;
    let talks = |card: &Card| card.call == call && card.state == CallState::Active;
    desk.card_is("a talk", talks).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_dialled_by_a_line_that_is_down() {
    let mut desk = Desk::that_knows_erika().await;
    desk.pbx.link_lost(LinkLoss::Closed).await;
    let told = desk.notice().await;
    assert!(matches!(told, Notice::LineDown { .. }), "{told:?}");
    let down = ErrorCode::Command(CommandError::LinkDown);
    assert_eq!(refused(&desk, "dial 102").await, (Exit::Telephony, down));
    assert!(running_calls(&desk).await.is_empty(), "nothing was begun");
}

#[tokio::test(flavor = "multi_thread")]
async fn watch_tells_a_call_from_its_ring_to_its_end_until_ringcard_leaves() {
    let mut desk = Desk::that_knows_erika().await;
    let home = desk.folder();
    let papers = (Paper::default(), Paper::default());
    let day = async {
        // Whoever watches hears what comes once it was let in: until both were, there are other calls.
        loop {
            let all_listen = !papers.0.is_blank() && !papers.1.is_blank();
            let (_caller, call) = rings(&desk).await;
            assert_eq!(done(&desk, "decline").await, call);
            let over = |card: &Card| card.call == call && card.state.is_ended();
            desk.card_is("the end", over).await;
            if all_listen {
                desk.ends().await;
                return call;
            }
        }
    };
    let read = typed_on(&home, "watch --json", "", papers.0.clone());
    let told = typed_on(&home, "watch", "", papers.1.clone());
    let (read, told, call) = tokio::join!(read, told, day);
    assert_eq!(read.exit, Exit::NotRunning, "it has left: {read:?}");
    assert_eq!(told.exit, Exit::NotRunning, "it has left: {told:?}");
    let lines: Vec<serde_json::Value> = read
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let states: Vec<&serde_json::Value> = lines
        .iter()
        .flat_map(|line| line["body"]["cards"].as_array().into_iter().flatten())
        .filter(|card| card["call"] == call.as_str())
        .map(|card| &card["state"])
        .collect();
    assert_eq!(states.first(), Some(&&json!("ringing")), "{read:?}");
    let over = json!({"ended": {"reason": "declined"}});
    assert_eq!(states.last(), Some(&&over), "{read:?}");
    assert_eq!(lines.last(), Some(&json!({"reply": "ended"})), "{read:?}");
    let named = told.out.rfind("Erika Mustermann").unwrap_or(usize::MAX);
    let over = told.out.rfind("No calls.").unwrap_or(usize::MIN);
    assert!(named < over, "a name, then the end: {told:?}");
}

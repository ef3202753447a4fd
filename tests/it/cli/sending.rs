//! Callers sent on by typed words: with a colleague who is asked first, without, and with the same questions as in the
//! windows.

use ringcard_cli::Exit;
use ringcard_core::{
    Availability, CallState, CommandError, ConsultationPhase, Direction, EndReason,
};
use ringcard_ipc::{Card, ConsultRole, ErrorCode, Reply, Request};
use ringcard_sandbox::pbx::{LinkLoss, Phone};
use ringcard_tests::desk::{Desk, PATIENCE};

use crate::scene::{NOT_NOW, WAITS, ended, is_free_talk, is_known, is_rung, rings, sees, talks};
use crate::typing::{done, refused, running_calls, typed};

fn is_consulting(card: &Card, phase: ConsultationPhase) -> bool {
    let consulting = card.consulting.as_ref();
    card.state == WAITS && consulting.is_some_and(|both| both.phase == phase)
}

fn asks(code: CommandError) -> (Exit, ErrorCode) {
    (Exit::NeedsConfirmation, ErrorCode::NeedsConfirmation(code))
}

/// Caller and colleague have each other, and the agent is out of it.
async fn is_handed_over(desk: &Desk, caller: &Phone) {
    let over = ended(EndReason::TransferredAway);
    desk.card_is("a caller who was handed over", |card| card.state == over)
        .await;
    sees(caller, "the caller talks", Phone::is_in_talk).await;
    let colleague = desk.pbx.phone("102");
    sees(&colleague, "the colleague talks", Phone::is_in_talk).await;
    let own = desk.pbx.phone("101");
    sees(&own, "the agent is free", |own| own.calls().is_empty()).await;
    let mut events = desk.events_from_now();
    let waiting = async {
        while !running_calls(desk).await.is_empty() {
            events.recv().await.unwrap();
        }
    };
    let over = tokio::time::timeout(PATIENCE, waiting).await;
    assert!(over.is_ok(), "nothing is left of it here");
}

/// Waits until Ringcard knows that a colleague is busy or away. While there is a call, its card tells that it does.
async fn colleague_is(desk: &Desk, extension: &str, availability: Availability) {
    let mut events = desk.events_from_now();
    let waiting = async {
        while listed(desk, extension).await != Some(availability) {
            events.recv().await.unwrap();
        }
    };
    let known = tokio::time::timeout(PATIENCE, waiting).await;
    assert!(known.is_ok(), "{extension} was never {availability:?}");
}

async fn listed(desk: &Desk, extension: &str) -> Option<Availability> {
    let targets = Request::Targets {
        typed: extension.into(),
        call: None,
    };
    let Reply::Targets(view) = desk.ask(targets).await else {
        panic!("targets are listed");
    };
    view.targets.first().map(|target| target.availability)
}

#[tokio::test(flavor = "multi_thread")]
async fn colleague_is_asked_left_asked_again_and_given_the_caller() {
    let desk = Desk::that_knows_erika().await;
    let (caller, call) = talks(&desk).await;
    assert_eq!(done(&desk, "consult 102").await, call);
    let rings = |card: &Card| is_consulting(card, ConsultationPhase::Dialing);
    desk.card_is("a caller who waits", rings).await;
    let calls = running_calls(&desk).await;
    let asked = calls.iter().find(|card| card.call != call).unwrap();
    assert_eq!(asked.direction, Direction::Outgoing);
    let both = asked.consulting.as_ref().unwrap();
    assert_eq!((both.role, &both.other), (ConsultRole::Consult, &call));

    done(&desk, "cancel").await;
    desk.card_is("the caller again", is_free_talk).await;
    assert!(caller.is_in_talk(), "the caller is back");
    assert_eq!(running_calls(&desk).await.len(), 1, "and nobody else");

    desk.colleague_answers("102");
    assert_eq!(done(&desk, "consult 102").await, call);
    let talks = |card: &Card| is_consulting(card, ConsultationPhase::Talking);
    desk.card_is("a talk with the colleague", talks).await;
    done(&desk, &format!("complete --call {call}")).await;
    is_handed_over(&desk, &caller).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_else_is_begun_while_a_colleague_is_asked() {
    let desk = Desk::that_knows_erika().await;
    let (_caller, call) = talks(&desk).await;
    done(&desk, "consult 102").await;
    for line in [
        "consult 103",
        "consult 103 --anyway",
        "transfer 103",
        "hold",
    ] {
        assert_eq!(refused(&desk, line).await, NOT_NOW, "{line}");
        let named = format!("{line} --call {call}");
        assert_eq!(refused(&desk, &named).await, NOT_NOW, "{named}");
    }
    let other = desk.pbx.phone("103");
    assert!(other.calls().is_empty(), "nobody else was called");
    let rings = |card: &Card| is_consulting(card, ConsultationPhase::Dialing);
    desk.card_is("the same colleague, still called", rings)
        .await;
    done(&desk, "cancel").await;
    desk.card_is("the caller again", is_free_talk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caller_is_handed_on_without_asking() {
    let desk = Desk::that_knows_erika().await;
    desk.colleague_answers("102");
    let (caller, call) = talks(&desk).await;
    assert_eq!(done(&desk, "transfer 102").await, call);
    is_handed_over(&desk, &caller).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caller_is_not_handed_on_to_nobody() {
    let desk = Desk::that_knows_erika().await;
    let (caller, _call) = talks(&desk).await;
    let missing = ErrorCode::Command(CommandError::NoSuchTarget);
    let nobody = (Exit::BadTarget, missing);
    for line in ["transfer 999", "transfer 999 --anyway", "consult 999"] {
        assert_eq!(refused(&desk, line).await, nobody, "{line}");
    }
    desk.pbx.unplugs("104");
    colleague_is(&desk, "104", Availability::Away).await;
    let away = asks(CommandError::TargetAway);
    assert_eq!(refused(&desk, "transfer 104").await, away);
    desk.card_is("the same talk", is_free_talk).await;
    assert!(caller.is_in_talk(), "nobody was sent away");
}

#[tokio::test(flavor = "multi_thread")]
async fn caller_is_sent_to_a_busy_colleague_only_anyway() {
    let desk = Desk::that_knows_erika().await;
    let (_caller, call) = rings(&desk).await;
    let colleague = desk.pbx.phone("102");
    assert!(colleague.dial("103"), "a telephone on a desk dials");
    colleague_is(&desk, "102", Availability::Busy).await;
    let busy = asks(CommandError::TargetBusy);
    assert_eq!(refused(&desk, "redirect 102").await, busy);
    let card = desk.card_is("the same ring", is_known).await;
    assert_eq!((card.pending, card.trouble), (None, None), "as it was");
    assert!(!is_rung(&colleague), "nobody was sent there");

    assert_eq!(done(&desk, "redirect 102 --anyway").await, call);
    let over = ended(EndReason::Redirected);
    desk.card_is("a redirected call", |card| card.state == over)
        .await;
    sees(&colleague, "the busy telephone rings as well", is_rung).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn talk_is_handed_on_to_a_busy_colleague_only_anyway() {
    let desk = Desk::that_knows_erika().await;
    let (caller, call) = talks(&desk).await;
    let colleague = desk.pbx.phone("102");
    assert!(colleague.dial("103"), "a telephone on a desk dials");
    colleague_is(&desk, "102", Availability::Busy).await;
    let busy = asks(CommandError::TargetBusy);
    assert_eq!(refused(&desk, "transfer 102").await, busy);
    desk.card_is("the same talk", is_free_talk).await;
    assert!(caller.is_in_talk(), "nobody was sent away");

    assert_eq!(done(&desk, "transfer 102 --anyway").await, call);
    let over = ended(EndReason::TransferredAway);
    desk.card_is("a caller who was handed on", |card| card.state == over)
        .await;
    sees(&colleague, "the busy telephone rings as well", is_rung).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn target_that_cannot_be_checked_is_asked_about() {
    let desk = Desk::that_knows_erika().await;
    rings(&desk).await;
    desk.pbx.link_lost(LinkLoss::Silent).await;
    let went = typed(&desk, "redirect 102 --json").await;
    assert_eq!(went.exit, Exit::NeedsConfirmation, "{went:?}");
    let Reply::Failed(failure) = went.reply() else {
        panic!("nothing was sent: {went:?}");
    };
    let unchecked = CommandError::TargetUnchecked;
    assert_eq!(failure.code, ErrorCode::NeedsConfirmation(unchecked));
    let card = desk.card_is("the same ring", is_known).await;
    assert_eq!((card.state, card.pending), (CallState::Ringing, None));
}

//! What becomes of calls, from what the server says of them.

use ringcard_core::{CallState, EndReason, Presentation, Timestamp};
use uuid::Uuid;

use super::super::wire::answer::Answer;
use super::*;

fn at(milliseconds: u64) -> Moment {
    Moment {
        wall: Timestamp(1_795_321_145_000).plus(Duration::from_millis(milliseconds)),
        monotonic: Duration::from_millis(milliseconds),
    }
}

fn id(number: u128) -> CallId {
    CallId::new(Uuid::from_u128(number))
}

fn model() -> Model {
    let mut count = 0;
    let ids: Ids = Box::new(move || {
        count += 1;
        id(count)
    });
    Model::new(LineId::new("desk"), ids, Duration::from_millis(200))
}

/// A call as the server writes it, with more inside.
fn call(personality: &str, state: &str, more: &str) -> XsiCall {
    let document = format!(
        "<Call><callId>c1</callId><extTrackingId>t1</extTrackingId><personality>{personality}</personality>\
         <state>{state}</state>{more}</Call>"
    );
    Answer::new(200, &document, None).call().expect("a call")
}

/// How a call ended that went through these values, the last one with this change.
fn ending(values: &[XsiCall], change: Change) -> Option<EndReason> {
    let mut model = model();
    let last = values.len() - 1;
    let mut news = Vec::new();
    for (number, value) in values.iter().enumerate() {
        let change = if number == last {
            change
        } else {
            Change::Other
        };
        model.take_all(std::slice::from_ref(value), change, at(0));
        news.extend(model.news(at(1_000)));
    }
    match news.pop()?.state {
        CallState::Ended { reason } => Some(reason),
        _ => None,
    }
}

#[test]
fn calls_that_came_in_end_as_the_agent_saw_it() {
    let rings = call("Terminator", "Alerting", "");
    let talks = call(
        "Terminator",
        "Active",
        "<answerTime>1795321146000</answerTime>",
    );
    let released = |more: &str| call("Terminator", "Released", more);
    let remote = "<releasingParty>remoteRelease</releasingParty>";
    let local = "<releasingParty>localRelease</releasingParty>";
    let away = "<redirect><reason>no-answer</reason></redirect>";
    let detached = |more: &str| call("Terminator", "Detached", more);
    for (values, change, expected) in [
        (
            vec![rings.clone(), released(remote)],
            Change::Other,
            EndReason::Missed,
        ),
        (
            vec![rings.clone(), released(local)],
            Change::Other,
            EndReason::Declined,
        ),
        (
            vec![rings.clone(), released("")],
            Change::PickedUp,
            EndReason::PickedUp,
        ),
        (
            vec![rings.clone(), detached(away)],
            Change::Redirected,
            EndReason::Missed,
        ),
        (
            vec![rings.clone(), detached("")],
            Change::Redirected,
            EndReason::Redirected,
        ),
        (
            vec![rings, talks.clone(), released(remote)],
            Change::Other,
            EndReason::HungUp,
        ),
        (
            vec![talks, detached("")],
            Change::Redirected,
            EndReason::TransferredAway,
        ),
    ] {
        assert_eq!(ending(&values, change), Some(expected));
    }
}

#[test]
fn calls_that_were_dialled_end_by_their_cause() {
    let rings = call("Originator", "Alerting", "");
    let released = |more: &str| call("Originator", "Released", more);
    let busy = "<releaseCause><internalReleaseCause>Busy</internalReleaseCause></releaseCause>";
    let local = "<releasingParty>localRelease</releasingParty>";
    for (last, expected) in [
        (released(busy), EndReason::Busy),
        (released(local), EndReason::HungUp),
        (released(""), EndReason::Failed),
    ] {
        let values = [rings.clone(), last];
        assert_eq!(ending(&values, Change::Other), Some(expected));
    }
}

#[test]
fn adopted_call_keeps_its_id_by_leg_or_by_correlation() {
    let mut before = model();
    before.take_all(&[call("Terminator", "Active", "")], Change::Other, at(0));
    let told = before.news(at(0)).remove(0);
    let mut model = model();
    model.adopt(vec![Call {
        id: id(500),
        ..told
    }]);
    let mut renamed = call("Terminator", "Held", "");
    renamed.id = "c7".into();
    let calls = model.snapshot(&[renamed], &HashSet::new(), at(0));
    let ids: Vec<CallId> = calls.iter().map(|call| call.id).collect();
    assert_eq!(ids, [id(500)]);
    assert_eq!(model.name(id(500)), Some("c7"), "actions name it anew");
}

#[test]
fn call_that_ended_unseen_is_missing_in_the_snapshot() {
    let mut model = model();
    model.take_all(&[call("Terminator", "Active", "")], Change::Other, at(0));
    assert_eq!(model.news(at(0)).len(), 1);
    let ended = [call("Terminator", "Released", "")];
    assert_eq!(model.snapshot(&ended, &HashSet::new(), at(0)), []);
    assert_eq!(model.snapshot(&[], &HashSet::new(), at(0)), []);
    assert_eq!(model.news(at(0)), [], "nobody knows how it ended");
}

#[test]
fn dialled_call_whose_answer_is_lost_is_shown_all_the_same() {
    let mut model = model();
    let dialling = Dialling {
        call: id(500),
        held: None,
        number: "102".into(),
    };
    model.dials(dialling, at(0));
    let own = call("Click-to-Dial", "Alerting", "<endpoint/>");
    model.take_all(&[own], Change::Other, at(10));
    assert_eq!(model.news(at(10)), [], "the answer names it");
    assert_eq!(model.next_deadline(), Some(BINDING));
    let shown = model.news(at(2_000));
    let states: Vec<CallState> = shown.iter().map(|call| call.state).collect();
    assert_eq!(states, [CallState::CallingOwnPhone]);
    assert!(!model.is_dialling(), "another number may be dialled");
}

#[test]
fn withheld_caller_stays_withheld() {
    let mut model = model();
    let party = "<remoteParty><name>Erika Muster</name><address>tel:+493023125001</address><privacy/></remoteParty>\
                 <allowAnswer/>";
    model.take_all(
        &[call("Terminator", "Alerting", party)],
        Change::Other,
        at(0),
    );
    let told = model.news(at(0)).remove(0);
    assert_eq!(told.remote.party.presentation, Presentation::Withheld);
    assert_eq!(
        (told.remote.party.number, told.remote.party.name),
        (None, None)
    );
}

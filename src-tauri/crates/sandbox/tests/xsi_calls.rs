//! Calls as the Xsi server tells of them and steers them.

mod xsi_client;

use ringcard_sandbox::pbx::{Habits, Pbx, Phone, PhoneState};
use xsi_client::{Agent, Listener, field, house};

/// A caller rings 101; answers the caller's telephone and the id of the call at 101.
async fn ringing(pbx: &Pbx, events: &mut Listener) -> (Phone, String) {
    let caller = pbx
        .rings("+4923155501101")
        .from("02311234567")
        .named("Erika Muster")
        .place();
    let received = events.until("CallReceivedEvent").await;
    events.until("CallUpdatedEvent").await;
    (caller, field(&received, "callId"))
}

async fn in_talk(pbx: &Pbx, events: &mut Listener) -> (Phone, String) {
    let (caller, call) = ringing(pbx, events).await;
    assert!(pbx.phone("101").answer(), "it rings");
    events.until("CallAnsweredEvent").await;
    (caller, call)
}

#[tokio::test]
async fn a_received_call_says_nothing_of_the_telephone_until_it_rings() {
    let (pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    let _caller = pbx
        .rings("+4923155501101")
        .from("02311234567")
        .named("Erika Muster")
        .place();
    let received = events.until("CallReceivedEvent").await;
    assert_eq!(
        field(&received, "personality"),
        "Terminator",
        "it was called"
    );
    assert_eq!(field(&received, "state"), "Alerting", "and rings");
    assert_eq!(
        field(&received, "name"),
        "Erika Muster",
        "the network's name"
    );
    assert_eq!(field(&received, "address"), "tel:02311234567", "the caller");
    assert!(
        !received.contains("endpoint"),
        "services come first: {received}"
    );
    assert!(!received.contains("allowAnswer"), "nobody was asked yet");
    let updated = events.until("CallUpdatedEvent").await;
    assert!(
        updated.contains("allowAnswer/>"),
        "the telephone obeys: {updated}"
    );
}

#[tokio::test]
async fn talk_answers_and_a_hang_up_is_local() {
    let (pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    let (_caller, call) = ringing(&pbx, &mut events).await;
    assert_eq!(
        agent.act("PUT", &format!("calls/{call}/Talk")).await.status,
        200,
        "taken"
    );
    let answered = events.until("CallAnsweredEvent").await;
    assert_eq!(field(&answered, "state"), "Active", "in talk");
    assert!(!field(&answered, "answerTime").is_empty(), "since then");
    assert_eq!(
        field(&events.until("HookStatusEvent").await, "hookStatus"),
        "Off-Hook"
    );
    assert_eq!(
        agent.act("DELETE", &format!("calls/{call}")).await.status,
        200,
        "taken"
    );
    let released = events.until("CallReleasedEvent").await;
    assert_eq!(
        field(&released, "releasingParty"),
        "localRelease",
        "the agent wanted it"
    );
    assert_eq!(
        field(&events.until("HookStatusEvent").await, "hookStatus"),
        "On-Hook"
    );
    assert_eq!(
        agent.get(&format!("calls/{call}")).await.status,
        404,
        "it is over"
    );
}

#[tokio::test]
async fn a_telephone_that_does_not_obey_cannot_be_answered() {
    let (pbx, xsi) = house().await;
    pbx.phone("101").behaves(Habits::default());
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    let (_caller, call) = ringing(&pbx, &mut events).await;
    let details = agent.get(&format!("calls/{call}")).await.text();
    assert!(!details.contains("allowAnswer"), "it says so: {details}");
    let refused = agent.act("PUT", &format!("calls/{call}/Talk")).await;
    assert_eq!(refused.status, 400, "and means it");
    assert!(refused.text().contains("<ErrorInfo "), "{}", refused.text());
}

#[tokio::test]
async fn a_caller_who_gives_up_is_remote_and_has_no_cause() {
    let (pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    let (caller, _) = ringing(&pbx, &mut events).await;
    assert!(caller.hang_up(), "the caller gives up");
    let released = events.until("CallReleasedEvent").await;
    assert_eq!(
        field(&released, "releasingParty"),
        "remoteRelease",
        "not the agent"
    );
    assert!(
        !released.contains("releaseCause"),
        "a normal end: {released}"
    );
}

#[tokio::test]
async fn declining_needs_its_word() {
    let (pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    let (caller, call) = ringing(&pbx, &mut events).await;
    let path = format!("calls/{call}");
    assert_eq!(agent.act("DELETE", &path).await.status, 200, "taken");
    assert!(pbx.phone("101").calls().is_empty(), "it rings no more");
    assert_eq!(
        caller.calls()[0].state,
        PhoneState::Dialing,
        "yet the caller waits on"
    );
    assert_eq!(
        field(&agent.get(&path).await.text(), "state"),
        "Alerting",
        "so does the call"
    );
    assert_eq!(
        agent
            .act("DELETE", &format!("{path}?decline=true"))
            .await
            .status,
        200,
        "taken"
    );
    let released = events.until("CallReleasedEvent").await;
    assert_eq!(
        field(&released, "internalReleaseCause"),
        "Temporarily Unavailable"
    );
}

#[tokio::test]
async fn a_ringing_call_is_redirected_and_ends_when_its_caller_does() {
    let (pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    let (caller, call) = ringing(&pbx, &mut events).await;
    let path = format!("calls/{call}/BlindTransfer?address=102");
    assert_eq!(agent.act("PUT", &path).await.status, 200, "taken");
    let redirected = events.until("CallRedirectedEvent").await;
    assert_eq!(
        field(&redirected, "state"),
        "Detached",
        "it is not the agent's any more"
    );
    assert!(
        redirected.contains("<xsi:redirect><xsi:address>tel:102<"),
        "{redirected}"
    );
    assert_eq!(
        agent.get(&format!("calls/{call}")).await.status,
        404,
        "nothing to steer"
    );
    let detached = agent.get(&format!("calls/{call}?allowDetached=true")).await;
    assert_eq!(detached.status, 200, "but still to be seen");
    assert!(pbx.phone("102").answer(), "it rings there");
    assert!(caller.is_in_talk(), "the caller was not lost");
    assert!(caller.hang_up(), "in talk");
    let released = events.until("CallReleasedEvent").await;
    assert_eq!(field(&released, "callId"), call, "only now");
}

#[tokio::test]
async fn hold_and_talk_are_told() {
    let (pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    let (_caller, call) = in_talk(&pbx, &mut events).await;
    assert_eq!(
        agent.act("PUT", &format!("calls/{call}/Hold")).await.status,
        200,
        "taken"
    );
    let held = events.until("CallHeldEvent").await;
    assert_eq!(field(&held, "state"), "Held", "by us");
    assert!(held.contains("allowRetrieve/>"), "to be taken back: {held}");
    assert_eq!(
        agent.act("PUT", &format!("calls/{call}/Talk")).await.status,
        200,
        "taken"
    );
    let retrieved = events.until("CallRetrievedEvent").await;
    assert_eq!(field(&retrieved, "state"), "Active", "back in talk");
    assert_eq!(
        agent.act("PUT", &format!("calls/{call}/Talk")).await.status,
        400,
        "there already"
    );
}

#[tokio::test]
async fn click_to_dial_rings_here_first() {
    let (pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    let made = agent.act("POST", "calls/new?address=%2B492311234567").await;
    assert_eq!(made.status, 201, "{}", made.text());
    let call = made.field("callId");
    assert!(
        made.headers["location"].ends_with(&format!("/calls/{call}")),
        "{made:?}"
    );
    let originating = events.until("CallOriginatingEvent").await;
    assert_eq!(
        field(&originating, "personality"),
        "Click-to-Dial",
        "the own telephone rings"
    );
    assert_eq!(
        field(&originating, "address"),
        "tel:+492311234567",
        "for this number"
    );
    events.until("CallUpdatedEvent").await;
    assert_eq!(
        agent.act("PUT", &format!("calls/{call}/Talk")).await.status,
        200,
        "picked up"
    );
    let originated = events.until("CallOriginatedEvent").await;
    assert_eq!(field(&originated, "callId"), call, "the same call");
    assert_eq!(
        field(&originated, "personality"),
        "Originator",
        "now it calls"
    );
    assert_eq!(
        field(&originated, "state"),
        "Alerting",
        "out there it rings"
    );
    assert!(pbx.outside().answer(), "it does");
    let answered = events.until("CallAnsweredEvent").await;
    assert_eq!(field(&answered, "state"), "Active", "in talk");
    assert_eq!(field(&answered, "callId"), call, "still the same");
}

#[tokio::test]
async fn a_plus_that_is_not_encoded_is_a_blank() {
    let (_pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let made = agent.act("POST", "calls/new?address=+492311234567").await;
    assert_eq!(made.status, 201, "taken as digits");
    let details = agent.get(&format!("calls/{}", made.field("callId"))).await;
    assert_eq!(
        details.field("address"),
        "tel:492311234567",
        "without the plus: a wrong number"
    );
}

#[tokio::test]
async fn a_consultation_is_completed() {
    let (pbx, xsi) = house().await;
    let (agent, colleague) = (Agent::of(&xsi, "101"), Agent::of(&xsi, "102"));
    let mut events = agent.listens().await;
    let mut there = colleague.listens().await;
    let (caller, held) = in_talk(&pbx, &mut events).await;
    agent.act("PUT", &format!("calls/{held}/Hold")).await;
    let asked = agent
        .act("POST", "calls/new?address=102")
        .await
        .field("callId");
    events.until("CallUpdatedEvent").await;
    agent.act("PUT", &format!("calls/{asked}/Talk")).await;
    events.until("CallOriginatedEvent").await;
    there.until("CallUpdatedEvent").await;
    assert!(pbx.phone("102").answer(), "it rings there");
    events.until("CallAnsweredEvent").await;
    there.until("CallAnsweredEvent").await;
    let path = format!("calls/{held}/ConsultTransfer/{asked}");
    assert_eq!(agent.act("PUT", &path).await.status, 200, "taken");
    let redirected = events.until("CallRedirectedEvent").await;
    assert!(
        redirected.contains(&held) && redirected.contains(&asked),
        "both: {redirected}"
    );
    let transferred = there.until("CallTransferredEvent").await;
    assert_eq!(
        field(&transferred, "address"),
        "tel:02311234567",
        "the colleague has the caller"
    );
    assert!(caller.is_in_talk(), "with somebody");
    assert!(pbx.phone("101").calls().is_empty(), "and the agent is free");
}

#[tokio::test]
async fn reconnect_ends_the_consultation() {
    let (pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    let (_caller, held) = in_talk(&pbx, &mut events).await;
    agent.act("PUT", &format!("calls/{held}/Hold")).await;
    let asked = agent
        .act("POST", "calls/new?address=102")
        .await
        .field("callId");
    events.until("CallUpdatedEvent").await;
    assert_eq!(
        agent
            .act("PUT", &format!("calls/{held}/Reconnect"))
            .await
            .status,
        200,
        "taken"
    );
    let released = events.until("CallReleasedEvent").await;
    assert_eq!(field(&released, "callId"), asked, "the other one");
    let retrieved = events.until("CallRetrievedEvent").await;
    assert_eq!(field(&retrieved, "callId"), held, "and back");
}

#[tokio::test]
async fn do_not_disturb_and_forwarding_take_a_call_after_it_was_told() {
    let (pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    xsi.do_not_disturb("101", true);
    let _refused = pbx.rings("+4923155501101").from("02311234567").place();
    events.until("CallReceivedEvent").await;
    let released = events.until("CallReleasedEvent").await;
    assert_eq!(
        field(&released, "internalReleaseCause"),
        "Busy",
        "for the caller"
    );
    xsi.do_not_disturb("101", false);
    xsi.forwards("101", Some("102"));
    let _forwarded = pbx.rings("+4923155501101").from("02311234567").place();
    events.until("CallReceivedEvent").await;
    let redirected = events.until("CallRedirectedEvent").await;
    assert_eq!(
        field(&redirected, "reason"),
        "unconditional",
        "not the agent's doing"
    );
    assert!(
        !events.kinds().contains(&"CallUpdatedEvent".to_owned()),
        "no telephone rang"
    );
}

#[tokio::test]
async fn who_withholds_the_number_has_none() {
    let (pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    let _caller = pbx
        .rings("+4923155501101")
        .from("02311234567")
        .withheld()
        .place();
    let received = events.until("CallReceivedEvent").await;
    assert!(received.contains("privacy/>"), "said so: {received}");
    assert!(
        !received.contains("1234567"),
        "and not in any other word: {received}"
    );
}

#[tokio::test]
async fn a_queue_names_itself() {
    let (pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    let _caller = pbx.rings("500").from("02311234567").place();
    let received = events.until("CallReceivedEvent").await;
    assert_eq!(field(&received, "huntGroupUserId"), "sales@sandbox.example");
}

#[tokio::test]
async fn a_conference_has_its_participants() {
    let (pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    let (first, held) = in_talk(&pbx, &mut events).await;
    agent.act("PUT", &format!("calls/{held}/Hold")).await;
    let (_second, other) = in_talk(&pbx, &mut events).await;
    let participants = [&held, &other]
        .map(|id| format!("<conferenceParticipant><callId>{id}</callId></conferenceParticipant>"));
    let list = format!(
        "<conferenceParticipantList>{}</conferenceParticipantList>",
        participants.concat()
    );
    let path = format!(
        "{}/user/101@sandbox.example/calls/Conference",
        xsi_client::ACTIONS
    );
    let body = xsi_client::document("Conference", &list);
    assert_eq!(agent.send("POST", &path, &body).await.status, 200, "taken");
    events.until("ConferenceStartedEvent").await;
    let calls = agent.get("calls").await.text();
    assert_eq!(calls.matches("inConference=\"true\"").count(), 2, "{calls}");
    assert!(first.hang_up(), "one leaves");
    events.until("ConferenceReleasedEvent").await;
}

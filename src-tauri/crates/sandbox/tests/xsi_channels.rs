//! Channels, subscriptions, sign-ins and what breaks of them.

mod xsi_client;

use std::time::Duration;

use ringcard_sandbox::xsi::{Charset, Colleague, Limits, XsiOptions, token_of};
use tokio::time::timeout;
use xsi_client::{ACTIONS, Agent, EVENTS, Listener, field, house, house_with, send};

async fn acknowledge(agent: Agent<'_>, event: &str) -> u16 {
    let inside = format!(
        "<eventID>{}</eventID><statusCode>200</statusCode><reason>OK</reason>",
        field(event, "eventID")
    );
    let reply = agent.tell("POST", "channel/eventresponse", ("EventResponse", &inside));
    reply.await.status
}

async fn beat(agent: Agent<'_>, listener: &Listener) -> u16 {
    let path = format!("{EVENTS}/channel/{}/heartbeat", listener.channel);
    agent.send("PUT", &path, "").await.status
}

#[tokio::test]
async fn a_short_life_is_made_longer() {
    let (_pbx, xsi) = house().await;
    let events = Agent::of(&xsi, "101").opens("set", "app").await;
    assert_eq!(
        field(&events.seen[0], "expires"),
        "3600",
        "less is not given"
    );
}

#[tokio::test]
async fn the_order_of_the_elements_is_the_schemas() {
    let (_pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let _events = agent.opens("set", "app").await;
    let inside = "<channelSetId>set</channelSetId><event>Advanced Call</event>";
    let path = "user/101@sandbox.example";
    let reply = agent.tell("POST", path, ("Subscription", inside)).await;
    assert_eq!(reply.status, 400, "{}", reply.text());
}

#[tokio::test]
async fn events_are_counted_for_each_subscription_and_wait_for_their_acknowledgement() {
    let (pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    let first = events.seen.last().expect("a snapshot").clone();
    assert_eq!(
        field(&first, "sequenceNumber"),
        "1",
        "the snapshot is the first"
    );
    assert_eq!(field(&first, "hookStatus"), "On-Hook", "nothing goes on");
    let _caller = pbx.rings("101").from("0231").place();
    let received = events.until("CallReceivedEvent").await;
    assert_eq!(
        field(&received, "sequenceNumber"),
        "2",
        "one after the other"
    );
    events.until("CallUpdatedEvent").await;
    assert_eq!(xsi.unacknowledged(), 3, "nobody has acknowledged yet");
    assert_eq!(acknowledge(agent, &received).await, 200, "known");
    assert_eq!(acknowledge(agent, &received).await, 404, "once");
    assert_eq!(xsi.unacknowledged(), 2, "one less");
}

#[tokio::test]
async fn a_subscription_needs_its_channel_and_is_made_once() {
    let (_pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let refused = agent.subscribe("Advanced Call", "nowhere").await;
    assert_eq!(refused.status, 403, "as all failures of subscriptions");
    let _events = agent.opens("set", "test").await;
    let made = agent.subscribe("Advanced Call", "set").await;
    assert_eq!(made.status, 200, "{}", made.text());
    assert_eq!(
        agent.subscribe("Advanced Call", "set").await.status,
        409,
        "a second one"
    );
    let path = format!("{EVENTS}/subscriptions");
    let list = agent.send("GET", &path, "").await;
    assert_eq!(
        list.field("subscriptionId"),
        made.field("subscriptionId"),
        "found"
    );
    let path = format!("subscription/{}", made.field("subscriptionId"));
    assert_eq!(
        agent
            .tell("DELETE", &path, ("Subscription", ""))
            .await
            .status,
        200,
        "ended"
    );
    assert_eq!(
        agent.subscribe("Advanced Call", "set").await.status,
        200,
        "free again"
    );
    let other = Agent::of(&xsi, "102");
    assert_eq!(
        other.subscribe("Advanced Call", "set").await.status,
        403,
        "not his set"
    );
}

#[tokio::test]
async fn a_second_set_of_an_application_ends_the_first() {
    let (_pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut first = agent.opens("set-1", "app").await;
    let _second = agent.opens("set-2", "app").await;
    let ended = first.until("ChannelTerminatedEvent").await;
    assert_eq!(
        field(&ended, "reason"),
        "DuplicateChannelSet",
        "two of a name"
    );
    first.until_closed().await;
    let _third = agent.opens("set-3", "another").await;
    assert_eq!(xsi.channels(), 2, "another name disturbs nobody");
}

#[tokio::test]
async fn a_heartbeat_comes_back_in_the_stream_and_needs_its_channel() {
    let (_pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.opens("set", "app").await;
    assert_eq!(beat(agent, &events).await, 200, "alive");
    events
        .until("<ChannelHeartBeat xmlns=\"http://schema.broadsoft.com/xsi\"/>")
        .await;
    xsi.beats_small();
    beat(agent, &events).await;
    events.until("<ChannelHeartbeat ").await;
    assert_eq!(beat(Agent::of(&xsi, "102"), &events).await, 404, "not his");
    xsi.heartbeat_answers(Some(404));
    assert_eq!(beat(agent, &events).await, 404, "by a fault");
    xsi.heartbeat_answers(None);
    xsi.server_changes();
    assert_eq!(
        beat(agent, &events).await,
        404,
        "another server knows no channel"
    );
    assert_eq!(xsi.channels(), 1, "the old one still has it");
}

#[tokio::test]
async fn who_gives_no_sign_of_life_loses_the_channel() {
    let limits = Limits {
        channel: Duration::from_millis(200),
        ..Limits::default()
    };
    let (_pbx, xsi) = house_with(XsiOptions {
        limits,
        ..XsiOptions::default()
    })
    .await;
    let mut events = Agent::of(&xsi, "101").listens().await;
    let ended = events.until("ChannelTerminatedEvent").await;
    assert_eq!(field(&ended, "reason"), "NonResponsiveChannel", "too quiet");
    events.until_closed().await;
    assert_eq!(xsi.subscriptions(), 0, "its subscriptions are gone too");
}

#[tokio::test]
async fn who_acknowledges_nothing_loses_the_channel() {
    let limits = Limits {
        acknowledgement: Duration::from_millis(200),
        ..Limits::default()
    };
    let (_pbx, xsi) = house_with(XsiOptions {
        limits,
        ..XsiOptions::default()
    })
    .await;
    let mut events = Agent::of(&xsi, "101").listens().await;
    let ended = events.until("ChannelTerminatedEvent").await;
    assert_eq!(field(&ended, "reason"), "NonResponsiveChannel", "no answer");
}

#[tokio::test]
async fn a_dropped_stream_ends_without_a_word() {
    let (_pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    xsi.keeps_dead_subscriptions();
    xsi.drops_streams();
    events.until_closed().await;
    assert!(
        !events.seen.iter().any(|one| one.contains("Terminated")),
        "just gone"
    );
    let _again = agent.opens("set-1", "test").await;
    let conflict = agent.subscribe("Advanced Call", "set-1").await;
    assert_eq!(conflict.status, 409, "the old subscription is still there");
}

#[tokio::test]
async fn a_lost_event_leaves_a_gap() {
    let (pbx, xsi) = house().await;
    let mut events = Agent::of(&xsi, "101").listens().await;
    xsi.loses_events(1);
    let _caller = pbx.rings("101").from("0231").place();
    let updated = events.until("CallUpdatedEvent").await;
    assert_eq!(
        field(&updated, "sequenceNumber"),
        "3",
        "the second is missing"
    );
    xsi.resyncs();
    let resync = events.until("CallSubscriptionResyncEvent").await;
    assert_eq!(field(&resync, "state"), "Alerting", "what there is now");
}

#[tokio::test]
async fn chunks_are_split_and_joined() {
    let (pbx, xsi) = house().await;
    let mut events = Agent::of(&xsi, "101").listens().await;
    xsi.splits_chunks(7);
    let before = events.chunks;
    let _caller = pbx.rings("101").from("0231").named("J\u{f6}rg").place();
    events.until("CallUpdatedEvent").await;
    assert!(events.chunks > before + 100, "in small pieces");
    xsi.behaves();
    xsi.holds_events();
    let before = events.chunks;
    let _second = pbx.rings("101").from("0232").place();
    xsi.lets_go();
    events.until("CallReceivedEvent").await;
    events.until("CallUpdatedEvent").await;
    assert_eq!(events.chunks, before + 1, "all in one");
}

#[tokio::test]
async fn prefixes_are_whatever_the_server_likes() {
    let (pbx, xsi) = house().await;
    let mut events = Agent::of(&xsi, "101").listens().await;
    xsi.names_prefixes("bw", "i");
    let _caller = pbx.rings("101").from("0231").place();
    let received = events.until("CallReceivedEvent").await;
    assert!(
        received.contains("<bw:Event i:type=\"bw:SubscriptionEvent\""),
        "{received}"
    );
    xsi.names_prefixes("", "xsi");
    let _second = pbx.rings("101").from("0232").place();
    let received = events.until("CallReceivedEvent").await;
    assert!(
        received.contains("<Event xsi:type=\"SubscriptionEvent\""),
        "{received}"
    );
}

#[tokio::test]
async fn acknowledgements_may_be_slow_and_nothing_else_waits_for_them() {
    let (_pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let events = agent.listens().await;
    xsi.acknowledges_slowly(Duration::from_secs(600));
    let snapshot = events.seen.last().expect("a snapshot");
    let slow = timeout(Duration::from_millis(300), acknowledge(agent, snapshot)).await;
    assert!(slow.is_err(), "no answer yet");
    assert_eq!(agent.get("calls").await.status, 200, "others are answered");
}

#[tokio::test]
async fn a_wrong_password_locks_the_account_and_a_token_works() {
    let (_pbx, xsi) = house().await;
    let path = format!("{ACTIONS}/user/101@sandbox.example/calls");
    let plain = send(&xsi, &format!("GET {path} HTTP/1.1"), "").await;
    let plain = plain.expect("an answer");
    assert_eq!(plain.status, 401, "who is it?");
    assert!(
        plain.headers["www-authenticate"].starts_with("Basic"),
        "a challenge"
    );
    let token = format!(
        "GET {path} HTTP/1.1\r\nauthorization: Bearer {}",
        token_of("101")
    );
    let admitted = send(&xsi, &token, "").await.expect("an answer");
    assert_eq!(admitted.status, 200, "a token will do");
    assert!(
        admitted.headers.contains_key("set-cookie"),
        "a cookie comes with it"
    );
    let agent = Agent::of(&xsi, "101");
    assert_eq!(agent.get("calls").await.status, 200, "the right password");
    xsi.locks_account("101");
    assert_eq!(
        agent.get("calls").await.status,
        401,
        "the right one does not help"
    );
    assert_eq!(xsi.refused_sign_ins("101"), 1, "and is counted");
    xsi.unlocks_account("101");
    assert_eq!(agent.get("calls").await.status, 200, "again");
    let other = format!("{ACTIONS}/user/102@sandbox.example/calls");
    assert_eq!(
        agent.send("GET", &other, "").await.status,
        403,
        "not his own"
    );
}

#[tokio::test]
async fn the_directory_comes_in_pages_and_in_its_own_letters() {
    let (pbx, xsi) = house_with(XsiOptions {
        directory_page: 4,
        ..XsiOptions::default()
    })
    .await;
    xsi.employs(Colleague {
        extension: "190".to_owned(),
        first_name: "J\u{f6}rg".to_owned(),
        last_name: "Gro\u{df}".to_owned(),
    });
    let agent = Agent::of(&xsi, "101");
    let first = agent
        .get("directories/Enterprise?start=1&results=1000")
        .await;
    assert_eq!(first.field("numberOfRecords"), "4", "more is not given");
    assert_eq!(
        first.field("totalAvailableRecords"),
        "6",
        "five telephones and one without"
    );
    let second = agent.get("directories/Enterprise?start=5&results=4").await;
    assert_eq!(
        second.headers["content-type"],
        "application/xml; charset=ISO-8859-1"
    );
    assert!(
        second.bytes.windows(4).any(|four| four == b"J\xf6rg"),
        "one byte a letter"
    );
    xsi.writes_in(Charset::Utf8);
    let second = agent.get("directories/Enterprise?start=5&results=4").await;
    assert!(second.text().contains("J\u{f6}rg"), "or two");
    assert_eq!(
        agent.get("directories/Enterprise?start=0").await.status,
        400,
        "one is the first"
    );
    pbx.phone("102").dial("103");
    let hook = format!("{ACTIONS}/user/102@sandbox.example/calls/HookStatus");
    assert_eq!(
        agent.send("GET", &hook, "").await.field("hookStatus"),
        "Off-Hook"
    );
    xsi.hides_hooks();
    assert_eq!(
        agent.send("GET", &hook, "").await.status,
        403,
        "if the operator likes"
    );
}

#[tokio::test]
async fn standing_orders_are_set_and_told() {
    let (_pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    assert_eq!(
        agent.subscribe("Do Not Disturb", "set-1").await.status,
        200,
        "a package"
    );
    let first = events.until("DoNotDisturbEvent").await;
    assert_eq!(field(&first, "active"), "false", "as it is");
    let path = format!("{ACTIONS}/user/101@sandbox.example/services/DoNotDisturb");
    let body = xsi_client::document("DoNotDisturb", "<active>true</active>");
    assert_eq!(
        agent.send("PUT", &path, &body).await.status,
        200,
        "switched"
    );
    let told = events.until("DoNotDisturbEvent").await;
    assert_eq!(field(&told, "active"), "true", "and told");
    assert_eq!(
        agent.get("services/DoNotDisturb").await.field("active"),
        "true"
    );
    let path = format!("{ACTIONS}/user/101@sandbox.example/services/CallForwardingAlways");
    let inside = "<active>true</active><forwardToPhoneNumber>102</forwardToPhoneNumber>";
    let body = xsi_client::document("CallForwardingAlways", inside);
    assert_eq!(
        agent.send("PUT", &path, &body).await.status,
        200,
        "switched"
    );
    let read = agent.get("services/CallForwardingAlways").await;
    assert_eq!(read.field("forwardToPhoneNumber"), "102", "to there");
}

#[tokio::test]
async fn a_server_that_is_away_comes_back_where_it_was() {
    let (_pbx, xsi) = house().await;
    let agent = Agent::of(&xsi, "101");
    let mut events = agent.listens().await;
    xsi.goes_offline().await;
    events.until_closed().await;
    let refused = send(&xsi, "GET / HTTP/1.1", "").await;
    assert!(refused.is_err(), "nobody is there");
    xsi.comes_back().await.expect("the port is still free");
    assert_eq!(agent.get("calls").await.status, 200, "there again");
    xsi.answers_status(503);
    assert_eq!(agent.get("calls").await.status, 503, "and full");
}

//! Xsi-Events: channels are opened, kept alive and closed, events acknowledged, subscriptions made and ended.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Response;
use tokio::sync::mpsc;

use super::answer::{Answer, bad_request, forbidden, not_found};
use super::package::Package;
use super::request::Request;
use super::server::{At, Shared, no_command};
use super::stream::{Channel, OpenAnswer, Subscription};
use super::user_of;
use super::xml::{Element, Node};

/// Nothing expires sooner than this; who asks for less gets it.
const SHORTEST: u32 = 3600;
/// The order of a channel's children, which the schema fixes.
const CHANNEL: [&str; 6] = [
    "channelId",
    "channelSetId",
    "priority",
    "weight",
    "expires",
    "applicationId",
];
/// The order of a subscription's children.
const SUBSCRIPTION: [&str; 4] = ["event", "expires", "channelSetId", "applicationId"];
/// The order of an acknowledgement's children.
const RESPONSE: [&str; 3] = ["eventID", "statusCode", "reason"];

/// The one command whose answer does not end.
pub(super) fn open(shared: &Arc<Shared>, request: &Request, user: &str, at: &At) -> Response<Body> {
    if !matches!(request.route(), ("POST", words) if words == ["channel"]) {
        return no_command().into_response();
    }
    let wanted = request.document("Channel");
    let Some(wanted) = wanted.filter(|wanted| wanted.follows(&CHANNEL)) else {
        return bad_request("Channel").into_response();
    };
    let Some(set) = wanted.text_of("channelSetId") else {
        return bad_request("channelSetId").into_response();
    };
    let (out, pieces) = mpsc::unbounded_channel();
    let number = |name: &str, otherwise| number_in(&wanted, name).unwrap_or(otherwise);
    let channel = Channel {
        set: set.to_owned(),
        owner: user.to_owned(),
        application: wanted
            .text_of("applicationId")
            .unwrap_or_default()
            .to_owned(),
        priority: number("priority", 1),
        weight: number("weight", 50),
        expires: expires_in(&wanted),
        server: at.server,
        heard: Instant::now(),
        out,
        cut: at.cut.clone(),
        waiting: Vec::new(),
    };
    let id = register(shared, channel);
    tokio::spawn(keep_watch(Arc::downgrade(shared), id.clone()));
    let body = OpenAnswer {
        pieces,
        shared: Arc::downgrade(shared),
        channel: id,
        pauses: false,
    };
    let mut response = Answer::done()
        .with("content-type", "application/xml; charset=UTF-8")
        .into_response();
    *response.body_mut() = Body::new(body);
    response
}

/// A second set of the same application ends the channels of the first.
fn register(shared: &Shared, channel: Channel) -> String {
    let mut state = shared.state();
    let rivals = state.channels.iter().filter(|(_, other)| {
        other.owner == channel.owner
            && !channel.application.is_empty()
            && other.application == channel.application
            && other.set != channel.set
    });
    let rivals: Vec<String> = rivals.map(|(id, _)| id.clone()).collect();
    for rival in rivals {
        state.end_channel(&rival, Some("DuplicateChannelSet"));
    }
    let id = state.next_id();
    state.channels.insert(id.clone(), channel);
    state.greet(&id);
    id
}

/// Ends a channel without signs of life or acknowledgements.
async fn keep_watch(shared: Weak<Shared>, id: String) {
    loop {
        let Some(limits) = shared.upgrade().map(|shared| shared.options.limits) else {
            return;
        };
        tokio::time::sleep(limits.channel.min(limits.acknowledgement) / 4).await;
        let Some(shared) = shared.upgrade() else {
            return;
        };
        let mut state = shared.state();
        let Some(channel) = state.channels.get(&id) else {
            return;
        };
        if state.faults.silent {
            // Behind a dead firewall nothing ends by itself.
            continue;
        }
        let mute = channel.heard.elapsed() > limits.channel;
        let mut waiting = state.unacknowledged.values();
        let late = waiting
            .any(|event| event.channel == id && event.since.elapsed() > limits.acknowledgement);
        if mute || late {
            state.end_channel(&id, Some("NonResponsiveChannel"));
        }
    }
}

/// All other commands.
pub(super) fn answer(shared: &Shared, request: &Request, user: &str, at: &At) -> Answer {
    let (method, words) = request.route();
    match (method, words.as_slice()) {
        ("POST", &["channel", "eventresponse"]) => acknowledge(shared, request, at),
        ("PUT", &["channel", id, "heartbeat"]) => heartbeat(shared, (user, id), at),
        ("PUT", &["channel", id]) => refresh_channel(shared, request, (user, id)),
        ("DELETE", &["channel", id]) => close_channel(shared, (user, id)),
        ("GET", &["channelset", set]) => channel_set(shared, user, set),
        // The specification shows both paths.
        ("POST", &["user", whom] | &["user", whom, "subscription"]) => {
            subscribe(shared, request, (user, whom))
        }
        ("GET", &["subscriptions"]) => subscriptions(shared, user),
        ("GET", &["subscription", id]) => subscription(shared, (user, id)),
        ("PUT", &["subscription", id]) => refresh_subscription(shared, request, (user, id)),
        ("DELETE", &["subscription", id]) => unsubscribe(shared, (user, id)),
        ("GET", &["versions"]) => versions(),
        _ => no_command(),
    }
}

/// How long the answer to this request is held back.
pub(super) fn waits(shared: &Shared, request: &Request) -> Duration {
    match request.words.last().map(String::as_str) {
        Some("eventresponse") => shared.state().faults.slow_acknowledgement,
        _ => Duration::ZERO,
    }
}

/// Must reach the server that has the channel; another one knows nothing of the event.
fn acknowledge(shared: &Shared, request: &Request, at: &At) -> Answer {
    let response = request.document("EventResponse");
    let Some(response) = response.filter(|response| response.follows(&RESPONSE)) else {
        return bad_request("EventResponse");
    };
    let id = response.text_of("eventID").unwrap_or_default();
    let mut state = shared.state();
    let channel = state.unacknowledged.get(id).map(|event| &event.channel);
    let channel = channel.and_then(|id| state.channels.get(id));
    if channel.is_none_or(|channel| channel.server != at.server) {
        return not_found("Event");
    }
    state.unacknowledged.remove(id);
    Answer::done()
}

fn heartbeat(shared: &Shared, (user, id): (&str, &str), at: &At) -> Answer {
    let mut state = shared.state();
    if let Some(status) = state.faults.heartbeat {
        return Answer::page(status);
    }
    let channel = state.channels.get(id);
    if channel.is_none_or(|channel| channel.owner != user || channel.server != at.server) {
        return not_found("Channel");
    }
    state.beat(id);
    Answer::done()
}

fn refresh_channel(shared: &Shared, request: &Request, (user, id): (&str, &str)) -> Answer {
    let Some(wanted) = request.document("Channel") else {
        return bad_request("Channel");
    };
    let mut state = shared.state();
    let channel = state.channels.get_mut(id);
    let Some(channel) = channel.filter(|channel| channel.owner == user) else {
        return not_found("Channel");
    };
    channel.expires = expires_in(&wanted);
    let node = Node::new("Channel")
        .leaf("channelId", id)
        .leaf("expires", channel.expires.to_string());
    Answer::document(200, &node)
}

fn close_channel(shared: &Shared, (user, id): (&str, &str)) -> Answer {
    let mut state = shared.state();
    if state
        .channels
        .get(id)
        .is_none_or(|channel| channel.owner != user)
    {
        return not_found("Channel");
    }
    state.end_channel(id, Some("ExplicitDelete"));
    Answer::done()
}

fn channel_set(shared: &Shared, user: &str, set: &str) -> Answer {
    let state = shared.state();
    let channels = state
        .channels
        .iter()
        .filter(|(_, channel)| channel.owner == user && channel.set.eq_ignore_ascii_case(set));
    let channels: Vec<Node> = channels
        .map(|(id, channel)| {
            Node::new("channel")
                .leaf("channelId", id)
                .leaf("channelSetId", &channel.set)
                .leaf("priority", channel.priority.to_string())
                .leaf("weight", channel.weight.to_string())
                .leaf("expires", channel.expires.to_string())
        })
        .collect();
    if channels.is_empty() {
        return not_found("Channel set");
    }
    Answer::document(200, &Node::new("ChannelSet").with_each(channels))
}

/// Every failure is 403, except that a second one of the same kind is a conflict.
fn subscribe(shared: &Shared, request: &Request, (user, whom): (&str, &str)) -> Answer {
    let wanted = request.document("Subscription");
    let Some(wanted) = wanted.filter(|wanted| wanted.follows(&SUBSCRIPTION)) else {
        return bad_request("Subscription");
    };
    let package = wanted.text_of("event").and_then(Package::named);
    let (Some(package), Some(set)) = (package, wanted.text_of("channelSetId")) else {
        return forbidden();
    };
    let application = wanted.text_of("applicationId").unwrap_or("unnamed");
    let orders = shared.switch.orders(user);
    let mut state = shared.state();
    let open = state
        .channels
        .values()
        .any(|channel| channel.carries(user, set));
    if !open || !whom.eq_ignore_ascii_case(&user_of(user)) {
        return forbidden();
    }
    let again = |one: &Subscription| {
        one.line == user && one.package == package && one.application == application
    };
    if state.subscriptions.values().any(again) {
        return Answer::refusal(409, 110_009, "Duplicate subscription");
    }
    let id = state.next_id();
    let subscription = Subscription {
        line: user.to_owned(),
        package,
        set: set.to_owned(),
        application: application.to_owned(),
        expires: expires_in(&wanted),
        sequence: 0,
    };
    let answer = Answer::document(200, &short(&id, &subscription));
    state.subscriptions.insert(id.clone(), subscription);
    state.tell_first(&id, &orders);
    answer
}

fn subscriptions(shared: &Shared, user: &str) -> Answer {
    let state = shared.state();
    let own = state
        .subscriptions
        .iter()
        .filter(|(_, one)| one.line == user);
    let list = own.map(|(id, one)| whole("subscription", id, one));
    Answer::document(200, &Node::new("SubscriptionList").with_each(list))
}

fn subscription(shared: &Shared, (user, id): (&str, &str)) -> Answer {
    let state = shared.state();
    match state.subscriptions.get(id).filter(|one| one.line == user) {
        Some(one) => Answer::document(200, &whole("Subscription", id, one)),
        None => forbidden(),
    }
}

/// The first event comes again.
fn refresh_subscription(shared: &Shared, request: &Request, (user, id): (&str, &str)) -> Answer {
    let Some(wanted) = request.document("Subscription") else {
        return bad_request("Subscription");
    };
    let orders = shared.switch.orders(user);
    let mut state = shared.state();
    let subscription = state.subscriptions.get_mut(id);
    let Some(subscription) = subscription.filter(|one| one.line == user) else {
        return forbidden();
    };
    subscription.expires = expires_in(&wanted);
    let answer = Answer::document(200, &short(id, subscription));
    state.tell_first(id, &orders);
    answer
}

fn unsubscribe(shared: &Shared, (user, id): (&str, &str)) -> Answer {
    let mut state = shared.state();
    if state
        .subscriptions
        .get(id)
        .is_none_or(|one| one.line != user)
    {
        return forbidden();
    }
    state.end_subscription(id);
    Answer::done()
}

fn versions() -> Answer {
    let commands = Node::new("commands").leaf("baseline", "21.0");
    let packages = Node::new("eventPackages").leaf("baseline", "21.0");
    Answer::document(200, &Node::new("Versions").with(commands).with(packages))
}

fn short(id: &str, subscription: &Subscription) -> Node {
    Node::new("Subscription")
        .leaf("subscriptionId", id)
        .leaf("expires", subscription.expires.to_string())
}

fn whole(name: &'static str, id: &str, subscription: &Subscription) -> Node {
    let user = user_of(&subscription.line);
    Node::new(name)
        .leaf("subscriptionId", id)
        .leaf("subscriberId", &user)
        .leaf("targetIdType", "User")
        .leaf("targetId", &user)
        .leaf("event", subscription.package.name())
        .leaf("expires", subscription.expires.to_string())
        .leaf("channelSetId", &subscription.set)
        .leaf("applicationId", &subscription.application)
}

fn expires_in(wanted: &Element) -> u32 {
    number_in(wanted, "expires")
        .unwrap_or(SHORTEST)
        .max(SHORTEST)
}

fn number_in(wanted: &Element, name: &str) -> Option<u32> {
    wanted.text_of(name)?.parse().ok()
}

//! What is sent: method, path below the context root, body. Nothing that comes from outside can leave its place in it.

use std::fmt::Write as _;

/// The namespace of every body.
const NAMESPACE: &str = "http://schema.broadsoft.com/xsi";
/// The events that are subscribed to: the only package that also tells of our own redirect.
const CALLS: &str = "Advanced Call";

/// Below which of the three context roots a path lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// `com.broadsoft.xsi-actions`.
    Actions,
    /// `com.broadsoft.xsi-events`.
    Events,
    /// `com.broadsoft.async/com.broadsoft.xsi-events`: answers that do not end.
    Channel,
}

/// The verbs in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Makes.
    Post,
    /// Changes.
    Put,
    /// Ends.
    Delete,
}

/// One request.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Below which root.
    pub root: Root,
    /// How.
    pub verb: Verb,
    /// The path below `v2.0`, with its query.
    pub path: String,
    /// The document, where one is sent.
    pub body: Option<String>,
}

/// Numbers and names must not get into a log.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("root", &self.root)
            .field("verb", &self.verb)
            .finish_non_exhaustive()
    }
}

impl Request {
    fn new(root: Root, verb: Verb, path: String) -> Self {
        Self {
            root,
            verb,
            path,
            body: None,
        }
    }

    fn with(mut self, body: String) -> Self {
        self.body = Some(body);
        self
    }
}

/// Opens the channel. The order of the elements is the schema's.
pub fn open_channel(set: &str, application: &str, expires: u64) -> Request {
    let body = format!(
        "<Channel xmlns=\"{NAMESPACE}\"><channelSetId>{}</channelSetId><priority>1</priority><weight>50</weight>\
         <expires>{expires}</expires><applicationId>{}</applicationId></Channel>",
        text(set),
        text(application)
    );
    Request::new(Root::Channel, Verb::Post, "channel".to_owned()).with(body)
}

/// Subscribes to the user's calls, to come over the channels of a set.
pub fn subscribe(user: &str, (set, application): (&str, &str), expires: u64) -> Request {
    let body = format!(
        "<Subscription xmlns=\"{NAMESPACE}\"><event>{CALLS}</event><expires>{expires}</expires><channelSetId>{}</channelSetId>\
         <applicationId>{}</applicationId></Subscription>",
        text(set),
        text(application)
    );
    Request::new(Root::Events, Verb::Post, format!("user/{}", part(user))).with(body)
}

/// Keeps a channel for so many seconds more.
pub fn refresh_channel(channel: &str, expires: u64) -> Request {
    let body = format!("<Channel xmlns=\"{NAMESPACE}\"><expires>{expires}</expires></Channel>");
    Request::new(
        Root::Events,
        Verb::Put,
        format!("channel/{}", part(channel)),
    )
    .with(body)
}

/// Keeps a subscription for so many seconds more.
pub fn refresh_subscription(subscription: &str, expires: u64) -> Request {
    let body =
        format!("<Subscription xmlns=\"{NAMESPACE}\"><expires>{expires}</expires></Subscription>");
    Request::new(
        Root::Events,
        Verb::Put,
        format!("subscription/{}", part(subscription)),
    )
    .with(body)
}

/// We are still there.
pub fn heartbeat(channel: &str) -> Request {
    Request::new(
        Root::Events,
        Verb::Put,
        format!("channel/{}/heartbeat", part(channel)),
    )
}

/// The event arrived.
pub fn acknowledge(event: &str) -> Request {
    let body = format!(
        "<EventResponse xmlns=\"{NAMESPACE}\"><eventID>{}</eventID><statusCode>200</statusCode><reason>OK</reason></EventResponse>",
        text(event)
    );
    Request::new(Root::Events, Verb::Post, "channel/eventresponse".to_owned()).with(body)
}

/// Ends a subscription.
pub fn unsubscribe(subscription: &str) -> Request {
    Request::new(
        Root::Events,
        Verb::Delete,
        format!("subscription/{}", part(subscription)),
    )
}

/// Ends a channel.
pub fn close_channel(channel: &str) -> Request {
    Request::new(
        Root::Events,
        Verb::Delete,
        format!("channel/{}", part(channel)),
    )
}

/// The user's number, extension and country.
pub fn profile(user: &str) -> Request {
    of_user(user, Verb::Get, "profile")
}

/// All calls there are.
pub fn calls(user: &str) -> Request {
    of_user(user, Verb::Get, "calls")
}

/// One call.
pub fn call(user: &str, call: &str) -> Request {
    of_user(user, Verb::Get, &format!("calls/{}", part(call)))
}

/// Calls the agent's telephone, then the number.
pub fn dial(user: &str, address: &str) -> Request {
    of_user(
        user,
        Verb::Post,
        &format!("calls/new?address={}", part(address)),
    )
}

/// Answers a call that rings, or takes one back that was held.
pub fn talk(user: &str, call: &str) -> Request {
    of_call(user, call, "Talk")
}

/// Puts a call on hold.
pub fn hold(user: &str, call: &str) -> Request {
    of_call(user, call, "Hold")
}

/// Sends a call somewhere else, ringing or in talk.
pub fn blind_transfer(user: &str, call: &str, address: &str) -> Request {
    of_call(
        user,
        call,
        &format!("BlindTransfer?address={}", part(address)),
    )
}

/// Brings the other sides of two calls together.
pub fn consult_transfer(user: &str, call: &str, consultation: &str) -> Request {
    of_call(
        user,
        call,
        &format!("ConsultTransfer/{}", part(consultation)),
    )
}

/// Sends digits.
pub fn press(user: &str, call: &str, digits: &str) -> Request {
    of_call(
        user,
        call,
        &format!("TransmitDTMF?playdtmf={}", part(digits)),
    )
}

/// Ends a call. `decline` says that nobody wants it; without, only this user's telephones stop ringing.
pub fn hang_up(user: &str, call: &str, decline: bool) -> Request {
    let query = if decline { "?decline=true" } else { "" };
    of_user(user, Verb::Delete, &format!("calls/{}{query}", part(call)))
}

/// Is the receiver of this user lifted?
pub fn hook(user: &str) -> Request {
    of_user(user, Verb::Get, "calls/HookStatus")
}

/// A page of the company's directory.
pub fn directory(user: &str, start: usize, results: usize) -> Request {
    of_user(
        user,
        Verb::Get,
        &format!("directories/Enterprise?start={start}&results={results}"),
    )
}

fn of_call(user: &str, call: &str, what: &str) -> Request {
    of_user(user, Verb::Put, &format!("calls/{}/{what}", part(call)))
}

fn of_user(user: &str, verb: Verb, what: &str) -> Request {
    Request::new(Root::Actions, verb, format!("user/{}/{what}", part(user)))
}

/// One part of a path or query: everything that could be more is written as its bytes.
fn part(text: &str) -> String {
    // Also written as bytes, these would lead upwards.
    if matches!(text, "." | "..") {
        return "-".to_owned();
    }
    let mut part = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            part.push(char::from(byte));
        } else {
            let _ = write!(part, "%{byte:02X}");
        }
    }
    part
}

/// A value inside a document.
fn text(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            control if control.is_control() => {}
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_place_in_the_path() {
        let request = blind_transfer("agent@house.example", "callhalf-1:0", "+49 30/../?x=1&y#");
        assert_eq!(
            request.path,
            "user/agent@house.example/calls/callhalf-1%3A0/BlindTransfer?address=%2B49%2030%2F..%2F%3Fx%3D1%26y%23"
        );
    }

    #[test]
    fn no_id_leads_upwards() {
        assert_eq!(talk("..", "..").path, "user/-/calls/-/Talk");
    }

    #[test]
    fn nothing_leaves_its_place_in_a_document() {
        let request = acknowledge("1</eventID><statusCode>500");
        let body = request.body.expect("a document");
        assert!(
            body.contains("<eventID>1&lt;/eventID&gt;&lt;statusCode&gt;500</eventID>"),
            "{body}"
        );
    }

    #[test]
    fn subscription_has_the_schemas_order() {
        let body = subscribe("a", ("set", "app"), 3_600)
            .body
            .expect("a document");
        let places: Vec<usize> = ["<event>", "<expires>", "<channelSetId>", "<applicationId>"]
            .iter()
            .map(|tag| body.find(tag).expect("it is there"))
            .collect();
        assert!(places.is_sorted(), "another order is refused: {body}");
    }
}

//! Actions: what a manager asks, whether it may, and what it hears at once.

mod calls;
mod channel_lists;
mod entry;
mod lists;
mod variables;

use tokio::sync::oneshot;

use super::event::{Class, Event};
use super::exchange::Exchange;
use super::session::SessionId;

/// One block from a manager. Header names are compared without letter case; the first of two counts.
pub(super) struct Request {
    pub session: SessionId,
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// The block's headers, if it is an action at all.
    pub(super) fn new(session: SessionId, lines: &[String]) -> Option<Self> {
        let headers: Vec<(String, String)> = lines
            .iter()
            .filter_map(|line| line.split_once(':'))
            .map(|(key, value)| (key.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        (!headers.is_empty()).then_some(Self { session, headers })
    }

    /// A header's value, if it stands there with something in it.
    fn get(&self, key: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key));
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(name, _)| name.eq_ignore_ascii_case(key))
            .map(|(_, value)| value.as_str())
    }

    fn action_id(&self) -> Option<&str> {
        self.get("actionid")
    }

    /// Adds the ActionID to an item of a list.
    fn tag(&self, event: Event) -> Event {
        match self.action_id() {
            Some(id) => event.field("ActionID", id),
            None => event,
        }
    }
}

/// What the session does after its answer.
pub(super) enum After {
    Goes,
    Closes,
    /// Hears and reads nothing until this comes.
    Waits(oneshot::Receiver<()>),
}

/// An answer: the Response block and what stands behind it.
struct Reply {
    head: &'static str,
    fields: Vec<(String, String)>,
    behind: Vec<u8>,
    after: After,
    /// A blocking action answers when it is done.
    silent: bool,
}

impl Reply {
    fn new(head: &'static str, fields: &[(&str, &str)]) -> Self {
        let fields = fields
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        Self {
            head,
            fields,
            behind: Vec::new(),
            after: After::Goes,
            silent: false,
        }
    }

    fn success(message: &str) -> Self {
        Self::new("Success", &[("Message", message)])
    }

    fn error(message: &str) -> Self {
        Self::new("Error", &[("Message", message)])
    }

    /// A list: what it is, its items, and the name of the event that ends it.
    fn list(request: &Request, message: &str, items: &[Event], end: &'static str) -> Self {
        let mut reply = Self::new("Success", &[("EventList", "start"), ("Message", message)]);
        for item in items {
            reply.behind.extend(item.bytes());
        }
        let end = request.tag(Event::new(end, Class::Answer));
        reply.behind.extend(
            end.field("EventList", "Complete")
                .field("ListItems", &items.len().to_string())
                .bytes(),
        );
        reply
    }

    fn bytes(&self, action_id: Option<&str>) -> Vec<u8> {
        let mut text = format!("Response: {}\r\n", self.head);
        if let Some(id) = action_id {
            text.push_str(&format!("ActionID: {id}\r\n"));
        }
        for (key, value) in &self.fields {
            text.push_str(&format!("{key}: {value}\r\n"));
        }
        text.push_str("\r\n");
        [text.as_bytes(), &self.behind].concat()
    }
}

/// The answer of an action that ends later.
pub(super) fn answer(head: &'static str, action_id: Option<&str>, message: &str) -> Vec<u8> {
    Reply::new(head, &[("Message", message)]).bytes(action_id)
}

type Handler = fn(&mut Exchange, &Request) -> Reply;

/// Name, the classes of which one is needed to send it, and what it does.
const ACTIONS: &[(&str, &[&str], Handler)] = &[
    ("Atxfer", &["call"], calls::atxfer),
    ("BlindTransfer", &["call"], calls::blind_transfer),
    ("Bridge", &["call"], calls::bridge),
    ("BridgeList", &[], channel_lists::bridges),
    ("CancelAtxfer", &["call"], calls::cancel_atxfer),
    ("Challenge", &[], entry::challenge),
    (
        "CoreSettings",
        &["system", "reporting"],
        lists::core_settings,
    ),
    (
        "CoreShowChannels",
        &["system", "reporting"],
        channel_lists::core_show_channels,
    ),
    (
        "DeviceStateList",
        &["call", "reporting"],
        lists::device_states,
    ),
    ("Events", &[], entry::events),
    (
        "ExtensionState",
        &["call", "reporting"],
        lists::extension_state,
    ),
    (
        "ExtensionStateList",
        &["call", "reporting"],
        lists::extension_states,
    ),
    ("Filter", &["system"], entry::filter),
    ("Getvar", &["call", "reporting"], variables::getvar),
    ("Hangup", &["system", "call"], calls::hangup),
    ("ListCommands", &[], list_commands),
    ("Login", &[], entry::login),
    ("Logoff", &[], entry::logoff),
    ("Originate", &["originate"], calls::originate),
    ("Park", &["call"], calls::park),
    ("ParkedCalls", &["call"], channel_lists::parked_calls),
    ("Ping", &[], entry::ping),
    ("PJSIPNotify", &["system"], calls::pjsip_notify),
    ("PJSIPShowContacts", &["system"], lists::pjsip_contacts),
    ("PlayDTMF", &["call"], calls::play_dtmf),
    ("QueueStatus", &[], lists::queue_status),
    ("QueueSummary", &[], lists::queue_summary),
    ("Redirect", &["call"], calls::redirect),
    ("Setvar", &["call"], variables::setvar),
    (
        "Status",
        &["system", "call", "reporting"],
        channel_lists::status,
    ),
];

/// What a session may send before it has logged in.
const BEFORE_LOGIN: [&str; 3] = ["Login", "Challenge", "Logoff"];

impl Exchange {
    /// Does what a manager asks and answers it.
    pub(super) fn act(&mut self, request: &Request) -> After {
        let reply = self.reply(request);
        let bytes = reply.bytes(request.action_id());
        if let Some(session) = self.sessions.get(request.session).filter(|_| !reply.silent) {
            session.send(bytes);
        }
        if reply.head == "Success"
            && request
                .get("action")
                .is_some_and(|name| name.eq_ignore_ascii_case("login"))
        {
            entry::welcome(self, request);
        }
        reply.after
    }

    fn reply(&mut self, request: &Request) -> Reply {
        let name = request.get("action").unwrap_or_default();
        let Some(account) = self
            .sessions
            .get(request.session)
            .map(|session| session.account)
        else {
            return Reply::error("Permission denied");
        };
        let Some((known, classes, handler)) = ACTIONS
            .iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(name))
        else {
            return match account {
                Some(_) => Reply::error(&format!(
                    "Invalid/unknown command: {name}. Use Action: ListCommands to show available commands."
                )),
                None => Reply::error("Permission denied"),
            };
        };
        let allowed = account.map_or(BEFORE_LOGIN.contains(known), |account| {
            account.may_send(classes)
        });
        if allowed {
            handler(self, request)
        } else {
            Reply::error("Permission denied")
        }
    }
}

/// The actions this account may send.
fn list_commands(exchange: &mut Exchange, request: &Request) -> Reply {
    let account = exchange
        .sessions
        .get(request.session)
        .and_then(|session| session.account);
    let allowed = ACTIONS
        .iter()
        .filter(|(_, classes, _)| account.is_some_and(|account| account.may_send(classes)));
    let mut reply = Reply::new("Success", &[]);
    reply.fields = allowed
        .map(|(name, classes, _)| {
            let classes = if classes.is_empty() {
                "<none>".to_owned()
            } else {
                format!("{},all", classes.join(","))
            };
            ((*name).to_owned(), format!(" (Priv: {classes})"))
        })
        .collect();
    reply
}

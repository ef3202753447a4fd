//! Xsi-Actions beside calls: the own profile, the colleagues, do-not-disturb and forwarding.

use super::actions::number_in;
use super::answer::{Answer, bad_request};
use super::document::{self, direct_number};
use super::request::Request;
use super::server::{Shared, no_command};
use super::state::State;
use super::xml::Node;
use super::{Colleague, user_of};

/// No page has more entries than this, whatever is asked for.
const MOST_PER_PAGE: usize = 1000;

/// Answers what is no command about calls.
pub(super) fn answer(shared: &Shared, request: &Request, (user, rest): (&str, &[&str])) -> Answer {
    match (request.method.as_str(), rest) {
        ("GET", &["profile"]) => profile(&shared.state(), user),
        ("GET", &["directories", "enterprise"]) => colleagues(shared, request),
        ("GET", &["services", service]) => show_orders(shared, user, service),
        ("PUT", &["services", service]) => set_orders(shared, request, (user, service)),
        _ => no_command(),
    }
}

fn profile(state: &State, user: &str) -> Answer {
    let details = match state.staff.iter().find(|one| one.extension == user) {
        Some(colleague) => described("details", colleague),
        None => Node::new("details").leaf("userId", user_of(user)),
    };
    let profile = Node::new("Profile")
        .with(details)
        .with(Node::new("additionalDetails").leaf("department", "Vertrieb"))
        .leaf("countryCode", "49");
    Answer::in_charset(200, &profile, state.faults.charset)
}

/// One page. The first entry is number one, and nought is refused.
fn colleagues(shared: &Shared, request: &Request) -> Answer {
    let most = shared.options.directory_page.clamp(1, MOST_PER_PAGE);
    let number = |name: &str, otherwise: usize| match request.parameter(name) {
        None => Some(otherwise),
        Some(text) => text.parse::<usize>().ok().filter(|number| *number > 0),
    };
    let (Some(start), Some(results)) = (number("start", 1), number("results", most)) else {
        return bad_request("start or results");
    };
    let state = shared.state();
    let page = state.staff.iter().skip(start - 1).take(results.min(most));
    let page: Vec<Node> = page
        .map(|colleague| {
            described("directoryDetails", colleague).with(Node::new("additionalDetails"))
        })
        .collect();
    let node = Node::new("Enterprise")
        .leaf("startIndex", start.to_string())
        .leaf("numberOfRecords", page.len().to_string())
        .leaf("totalAvailableRecords", state.staff.len().to_string())
        .with(Node::new("enterpriseDirectory").with_each(page));
    Answer::in_charset(200, &node, state.faults.charset)
}

fn described(name: &'static str, colleague: &Colleague) -> Node {
    Node::new(name)
        .leaf("userId", user_of(&colleague.extension))
        .leaf("firstName", &colleague.first_name)
        .leaf("lastName", &colleague.last_name)
        .leaf("groupId", "Sandbox")
        .leaf("number", direct_number(&colleague.extension))
        .leaf("extension", &colleague.extension)
}

fn show_orders(shared: &Shared, user: &str, service: &str) -> Answer {
    let orders = shared.switch.orders(user);
    let node = match service {
        "donotdisturb" => document::do_not_disturb("DoNotDisturb", &orders),
        "callforwardingalways" => document::forwarding("CallForwardingAlways", &orders),
        _ => return no_command(),
    };
    let charset = shared.state().faults.charset;
    Answer::in_charset(200, &node, charset)
}

fn set_orders(shared: &Shared, request: &Request, (user, service): (&str, &str)) -> Answer {
    match service {
        "donotdisturb" => {
            let wanted = request.document("DoNotDisturb");
            let Some(active) = wanted.and_then(|wanted| yes_or_no(wanted.text_of("active")?))
            else {
                return bad_request("DoNotDisturb");
            };
            shared.set_do_not_disturb(user, active);
        }
        "callforwardingalways" => {
            let Some(wanted) = request.document("CallForwardingAlways") else {
                return bad_request("CallForwardingAlways");
            };
            let active = wanted.text_of("active").and_then(yes_or_no);
            let number = wanted.text_of("forwardToPhoneNumber").and_then(number_in);
            let known = shared.switch.orders(user);
            let number = number.or(known.forward_to).or(known.forwarded_to_before);
            if active == Some(true) && number.as_deref().is_none_or(|number| number == user) {
                return bad_request("forwardToPhoneNumber");
            }
            shared.set_forwarding(user, (active == Some(true), number));
        }
        _ => return no_command(),
    }
    Answer::done()
}

fn yes_or_no(word: &str) -> Option<bool> {
    match word {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

impl Shared {
    /// Switches do-not-disturb, at the server or by a code at the telephone.
    pub fn set_do_not_disturb(&self, line: &str, active: bool) {
        let mut orders = self.switch.orders(line);
        orders.do_not_disturb = active;
        self.switch.set_orders(line, orders.clone());
        let info = document::do_not_disturb("info", &orders);
        self.state().tell_about(line, "DoNotDisturbEvent", &info);
    }

    /// Switches forwarding; the number is kept when it is switched off.
    pub fn set_forwarding(&self, line: &str, (active, number): (bool, Option<String>)) {
        let mut orders = self.switch.orders(line);
        orders.forward_to = number.clone().filter(|_| active);
        orders.forwarded_to_before = number;
        self.switch.set_orders(line, orders.clone());
        let info = document::forwarding("info", &orders);
        self.state()
            .tell_about(line, "CallForwardingAlwaysEvent", &info);
    }
}

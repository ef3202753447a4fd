//! Calls, parties and standing orders as elements. Every sequence here is the schema's.

use super::book::{Known, Redirect, Release};
use super::xml::Node;
use super::{DOMAIN, user_of};
use crate::pbx::{Part, Remote, Stage, StandingOrders, name_of};

/// What all direct numbers of the house begin with.
const TRUNK: &str = "+4923155501";
/// The country of the house.
const COUNTRY: &str = "49";

/// How numbers are written. Servers differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// National digits with the country beside them.
    pub national: bool,
}

/// The direct number of an extension.
pub(super) fn direct_number(extension: &str) -> String {
    format!("{TRUNK}{extension}")
}

/// A call; `name` is that of its element.
pub(super) fn call(name: &'static str, known: &Known, style: Style) -> Node {
    let seen = &known.seen;
    let steered = known.redirect.is_none() && known.release.is_none();
    let time = |at: u64| at.to_string();
    let optional =
        |name: &'static str, at: Option<u64>| at.map(|at| Node::new(name).text(time(at)));
    let detached = known.redirect.as_ref().map(|redirect| redirect.at);
    Node::new(name)
        .leaf("callId", known.id())
        .leaf("extTrackingId", format!("{}:1", seen.tracking))
        .leaf("personality", personality(seen.part))
        .leaf("state", state(known))
        .with_each(known.release.and_then(release_cause))
        .with_each(known.release.map(releasing_party))
        .with(remote_party(&seen.remote, style))
        .with_each(
            seen.diverted_by
                .as_deref()
                .map(|by| redirections(by, style)),
        )
        .with_each(
            known
                .redirect
                .as_ref()
                .map(|redirect| sent_to(redirect, style)),
        )
        .with_each(seen.at_phone.then(endpoint))
        .with_each(seen.at_phone.then(|| Node::new("appearance").text("1")))
        .flag("allowAnswer", steered && seen.may_answer)
        .flag("allowRetrieve", steered && seen.stage == Stage::Held)
        .with_each(seen.queue.map(hunt_group))
        .leaf("startTime", time(known.started))
        .with_each(optional("answerTime", known.answered))
        .with_each(optional("heldTime", known.held))
        .with_each(optional("detachedTime", detached))
        .with_each(optional(
            "releaseTime",
            known.release.map(|release| release.at),
        ))
}

/// `Off-Hook` or `On-Hook`.
pub(super) fn hook(off: bool) -> &'static str {
    if off { "Off-Hook" } else { "On-Hook" }
}

/// What an element of do-not-disturb holds.
pub(super) fn do_not_disturb(name: &'static str, orders: &StandingOrders) -> Node {
    Node::new(name)
        .leaf("active", orders.do_not_disturb.to_string())
        .leaf("ringSplash", "false")
}

/// What an element of forwarding holds. The number stays when it is switched off.
pub(super) fn forwarding(name: &'static str, orders: &StandingOrders) -> Node {
    let number = orders.forward_to.as_ref();
    let number = number.or(orders.forwarded_to_before.as_ref());
    Node::new(name)
        .leaf("active", orders.forward_to.is_some().to_string())
        .with_each(number.map(|number| Node::new("forwardToPhoneNumber").text(number)))
        .leaf("ringSplash", "false")
}

fn personality(part: Part) -> &'static str {
    match part {
        Part::Called => "Terminator",
        Part::Caller => "Originator",
        Part::Clicked => "Click-to-Dial",
    }
}

fn state(known: &Known) -> &'static str {
    if known.release.is_some() {
        return "Released";
    }
    if known.redirect.is_some() {
        return "Detached";
    }
    match known.seen.stage {
        Stage::Alerting => "Alerting",
        Stage::Active => "Active",
        Stage::Held => "Held",
        Stage::RemoteHeld => "Remote Held",
    }
}

/// A call that ended as calls do has no cause. Which word a refusal gets is assumed: nothing published says it.
fn release_cause(release: Release) -> Option<Node> {
    let word = match release.cause {
        17 => "Busy",
        0 | 18..=21 => "Temporarily Unavailable",
        1 => "User Not Found",
        _ => return None,
    };
    Some(Node::new("releaseCause").leaf("internalReleaseCause", word))
}

fn releasing_party(release: Release) -> Node {
    Node::new("releasingParty").text(if release.own {
        "localRelease"
    } else {
        "remoteRelease"
    })
}

fn remote_party(remote: &Remote, style: Style) -> Node {
    let party = Node::new("remoteParty");
    if remote.withheld {
        return party.flag("privacy", true).leaf("callType", "Network");
    }
    let named = remote.name.as_deref().filter(|name| !name.is_empty());
    let number = remote.number.as_deref().filter(|number| !number.is_empty());
    let party = party.with_each(named.map(|name| Node::new("name").text(name)));
    match number {
        Some(number) if name_of(number).is_some() => party
            .leaf("address", format!("tel:{number}"))
            .leaf("userId", user_of(number))
            .with(
                Node::new("userDN")
                    .attribute("countryCode", COUNTRY)
                    .text(format!("tel:{};ext={number}", direct_number(number))),
            )
            .leaf("callType", "Group"),
        // The network's own word for somebody without a number.
        Some("anonymous") | None => party.flag("privacy", true).leaf("callType", "Network"),
        Some(number) => party
            .with(address("address", number, style))
            .leaf("callType", "Network"),
    }
}

fn address(name: &'static str, number: &str, style: Style) -> Node {
    let international = number.strip_prefix('+').or(number.strip_prefix("00"));
    let national = international
        .and_then(|number| number.strip_prefix(COUNTRY))
        .or(number.strip_prefix('0'));
    match national.filter(|_| style.national) {
        Some(national) => Node::new(name)
            .attribute("countryCode", COUNTRY)
            .text(format!("tel:{national}")),
        None => Node::new(name).text(format!("tel:{number}")),
    }
}

fn redirections(by: &str, style: Style) -> Node {
    let party = Node::new("party")
        .with(address("address", by, style))
        .leaf("callType", "Network");
    let redirection = Node::new("redirection")
        .with(party)
        .leaf("reason", "unconditional")
        .leaf("counter", "1");
    Node::new("redirections").with(redirection)
}

fn sent_to(redirect: &Redirect, style: Style) -> Node {
    Node::new("redirect")
        .with(address("address", &redirect.to, style))
        .leaf("reason", redirect.why)
        .leaf("redirectTime", redirect.at.to_string())
}

/// The telephone's own address is nobody's business here, so that all have one.
fn endpoint() -> Node {
    Node::new("endpoint")
        .kind("AccessEndpoint")
        .leaf("addressOfRecord", format!("desk@{DOMAIN}"))
}

fn hunt_group(queue: &'static str) -> Node {
    Node::new("huntGroupUserId").text(format!("{queue}@{DOMAIN}"))
}

//! Xsi-Actions about calls: what there is, and what is to be done with it.

use super::answer::{Answer, bad_request, forbidden, not_now, unknown_call};
use super::book::Known;
use super::request::Request;
use super::server::{Shared, no_command};
use super::xml::Node;
use super::{conference, directory, document, user_of};
use crate::pbx::{Command, Part, Refusal, Stage};

/// What may be pressed during a call.
const KEYS: &str = "0123456789*#ABCD,";

/// Answers a command of `user`.
pub(super) fn answer(shared: &Shared, request: &Request, user: &str) -> Answer {
    let (method, words) = request.route();
    let &["user", whom, ref rest @ ..] = words.as_slice() else {
        return no_command();
    };
    if matches!((method, rest), ("GET", &["calls", "hookstatus"])) {
        return hook_status(shared, user, whom);
    }
    if !whom.eq_ignore_ascii_case(&user_of(user)) {
        return forbidden();
    }
    match (method, rest) {
        (_, &["calls", "conference", ref rest @ ..]) => {
            conference::answer(shared, request, (user, rest))
        }
        ("GET", &["calls"]) => calls(shared, user),
        ("POST", &["calls", "new"]) => dial(shared, request, user),
        ("POST", &["calls", "callpickup"]) => place(shared, user, "*8"),
        ("POST", &["calls", "directedcallpickup"]) => pick_up(shared, request, user),
        ("GET", &["calls", id]) => details(shared, request, (user, id)),
        ("DELETE", &["calls", id]) => delete(shared, request, (user, id)),
        ("PUT", &["calls", id, verb]) => steer(shared, request, (user, id, verb)),
        ("PUT", &["calls", id, "consulttransfer", other]) => consult(shared, user, (id, other)),
        _ => directory::answer(shared, request, (user, rest)),
    }
}

/// The number in an address as people and programs write it: `tel:`, `sip:`, `user@domain`, or just digits.
pub(super) fn number_in(address: &str) -> Option<String> {
    let bare = address.trim();
    let bare = ["tel:", "sip:", "sips:"]
        .iter()
        .find_map(|scheme| bare.strip_prefix(scheme))
        .unwrap_or(bare);
    let bare = bare.split([';', '@']).next().unwrap_or(bare);
    let number: String = bare
        .chars()
        .filter(|letter| !"-. ()/".contains(*letter))
        .collect();
    let dialled = |letter: char| letter.is_ascii_digit() || "+*#".contains(letter);
    (!number.is_empty() && number.chars().all(dialled)).then_some(number)
}

fn calls(shared: &Shared, user: &str) -> Answer {
    let state = shared.state();
    let conference = state.conferences.get(user);
    let line = state.book.line(user);
    let calls = line.into_iter().flat_map(|line| line.calls());
    let list = calls.map(|known| {
        let inside = conference.is_some_and(|legs| legs.contains(&known.seen.leg));
        let path = format!("/v2.0/user/{}/calls/{}", user_of(user), known.id());
        Node::new("call")
            .attribute("inConference", &inside.to_string())
            .leaf("callId", known.id())
            .leaf("uri", path)
    });
    Answer::document(200, &Node::new("Calls").with_each(list))
}

fn details(shared: &Shared, request: &Request, (user, id): (&str, &str)) -> Answer {
    let detached = request.says("allowDetached");
    let state = shared.state();
    let known = state.book.line(user).and_then(|line| line.any_call(id));
    match known.filter(|known| detached || known.redirect.is_none()) {
        Some(known) => {
            let call = document::call("Call", known, state.faults.style);
            Answer::document(200, &call)
        }
        None => unknown_call(),
    }
}

/// A colleague's receiver is seen too, unless the operator hides it.
fn hook_status(shared: &Shared, user: &str, whom: &str) -> Answer {
    let state = shared.state();
    let colleague = whom.split('@').next().unwrap_or(whom);
    let mut staff = state.staff.iter();
    let employed = staff.any(|one| user_of(&one.extension) == whom);
    if !employed || (state.faults.hides_hooks && colleague != user) {
        return forbidden();
    }
    let line = state.book.line(colleague);
    let off = line.is_some_and(|line| line.off_hook());
    let status = Node::new("HookStatus").leaf("hookStatus", document::hook(off));
    Answer::document(200, &status)
}

fn dial(shared: &Shared, request: &Request, user: &str) -> Answer {
    match request.parameter("address").and_then(number_in) {
        Some(number) => place(shared, user, &number),
        None => bad_request("address"),
    }
}

/// The server dials the feature code in the user's name.
fn pick_up(shared: &Shared, request: &Request, user: &str) -> Answer {
    match request.parameter("address").and_then(number_in) {
        Some(number) => place(shared, user, &format!("**{number}")),
        None => bad_request("address"),
    }
}

fn place(shared: &Shared, user: &str, number: &str) -> Answer {
    let Ok(leg) = shared.switch.dial(user, number) else {
        return not_now();
    };
    let state = shared.state();
    let mut calls = state
        .book
        .line(user)
        .into_iter()
        .flat_map(|line| line.calls());
    let Some(known) = calls.find(|known| known.seen.leg == leg) else {
        return not_now();
    };
    let actions = shared.options.roots.actions.trim_matches('/');
    let path = format!(
        "/{actions}/v2.0/user/{}/calls/{}",
        user_of(user),
        known.id()
    );
    let started = Node::new("CallStartInfo")
        .leaf("callId", known.id())
        .leaf("externalTrackingId", format!("{}:1", known.seen.tracking));
    Answer::document(201, &started).with("location", path)
}

/// Without `decline` a ringing call only stops ringing here; its caller waits on.
fn delete(shared: &Shared, request: &Request, (user, id): (&str, &str)) -> Answer {
    let declines = request.says("decline");
    let Some(known) = known(shared, user, id) else {
        return unknown_call();
    };
    let rings = known.seen.part == Part::Called && known.seen.stage == Stage::Alerting;
    let command = match (rings, declines) {
        (false, _) => Command::HangUp,
        (true, true) => Command::Decline,
        (true, false) => Command::Silence,
    };
    done(shared.switch.command(user, known.seen.leg, &command))
}

fn steer(shared: &Shared, request: &Request, (user, id, verb): (&str, &str, &str)) -> Answer {
    let Some(known) = known(shared, user, id) else {
        return unknown_call();
    };
    let address = request.parameter("address").and_then(number_in);
    let command = match (verb, address) {
        ("talk", _) => Command::Talk,
        ("hold", _) => Command::Hold,
        ("reconnect", _) => Command::Reconnect,
        ("vmtransfer", _) => Command::SendToMailbox,
        ("blindtransfer", Some(number)) => Command::SendTo(number),
        ("mutetransfer", Some(number)) => Command::SendToRinging(number),
        ("blindtransfer" | "mutetransfer", None) => return bad_request("address"),
        ("transmitdtmf", _) => match keys(request) {
            Some(keys) => Command::Press(keys),
            None => return bad_request("playdtmf"),
        },
        _ => return no_command(),
    };
    done(shared.switch.command(user, known.seen.leg, &command))
}

fn keys(request: &Request) -> Option<String> {
    let keys = request.parameter("playdtmf")?.to_ascii_uppercase();
    let all = keys.chars().all(|key| KEYS.contains(key));
    (all && !keys.is_empty()).then_some(keys)
}

fn consult(shared: &Shared, user: &str, (id, other): (&str, &str)) -> Answer {
    let (Some(held), Some(asked)) = (known(shared, user, id), known(shared, user, other)) else {
        return unknown_call();
    };
    let command = Command::BringTogetherWith(asked.seen.leg);
    done(shared.switch.command(user, held.seen.leg, &command))
}

/// A call that can be steered. The memory is free again when this returns: the PBX is never touched under it.
pub(super) fn known(shared: &Shared, user: &str, id: &str) -> Option<Known> {
    let state = shared.state();
    let line = state.book.line(user)?;
    let known = line.any_call(id)?;
    known.redirect.is_none().then(|| known.clone())
}

/// What a command's outcome is answered with.
pub(super) fn done(outcome: Result<(), Refusal>) -> Answer {
    match outcome {
        Ok(()) => Answer::done(),
        Err(Refusal::NoSuchCall) => unknown_call(),
        Err(Refusal::NotNow) => not_now(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_in_many_ways() {
        for (written, number) in [
            ("101", "101"),
            ("tel:+49-231-55501101", "+4923155501101"),
            ("sip:102@sandbox.example;user=phone", "102"),
            ("103@sandbox.example", "103"),
        ] {
            assert_eq!(number_in(written).as_deref(), Some(number), "{written}");
        }
        assert_eq!(number_in("anna"), None, "names are not dialled here");
    }
}

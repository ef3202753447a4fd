//! Conferences: two or more calls of a line brought together. The sandbox carries no sound, so that the calls only say
//! that they are in one.

use std::collections::BTreeSet;

use super::actions::{done, known};
use super::answer::{Answer, bad_request, not_found, not_now, unknown_call};
use super::request::Request;
use super::server::{Shared, no_command};
use super::state::State;
use super::xml::Node;
use crate::pbx::{Command, Refusal};

/// Answers what is asked of `calls/Conference`.
pub(super) fn answer(shared: &Shared, request: &Request, (user, rest): (&str, &[&str])) -> Answer {
    match (request.method.as_str(), rest) {
        ("POST", &[]) => start(shared, request, user),
        ("GET", &[]) => show(shared, user),
        ("DELETE", &[]) => each(shared, user, (&Command::HangUp, "ConferenceReleasedEvent")),
        ("PUT", &["hold"]) => each(shared, user, (&Command::Hold, "ConferenceHeldEvent")),
        ("PUT", &["talk"]) => each(shared, user, (&Command::Joins, "ConferenceRetrievedEvent")),
        ("PUT", &[id]) => add(shared, user, id),
        _ => no_command(),
    }
}

impl State {
    /// A conference of one is none.
    pub fn end_small_conferences(&mut self) {
        let users: Vec<String> = self.conferences.keys().cloned().collect();
        for user in users {
            let line = self.book.line(&user);
            let live = line.into_iter().flat_map(|line| line.calls());
            let live: BTreeSet<u32> = live.map(|known| known.seen.leg).collect();
            let Some(legs) = self.conferences.get_mut(&user) else {
                continue;
            };
            legs.retain(|leg| live.contains(leg));
            if legs.len() < 2 {
                self.conferences.remove(&user);
                self.tell_conference(&user, "ConferenceReleasedEvent");
            }
        }
    }

    fn tell_conference(&mut self, user: &str, kind: &'static str) {
        let state = match kind {
            "ConferenceReleasedEvent" => "Released",
            "ConferenceHeldEvent" => "Held",
            _ => "Active",
        };
        let node = self.conference("conference", user, state);
        self.tell_about(user, kind, &node);
    }

    fn conference(&self, name: &'static str, user: &str, state: &'static str) -> Node {
        let node = Node::new(name).leaf("state", state);
        let Some(legs) = self.conferences.get(user) else {
            return node;
        };
        let participants = legs.iter().map(|leg| {
            Node::new("conferenceParticipant").leaf("callId", format!("callhalf-{leg}:0"))
        });
        node.leaf("appearance", "1")
            .with(Node::new("conferenceParticipantList").with_each(participants))
    }
}

fn start(shared: &Shared, request: &Request, user: &str) -> Answer {
    let wanted = request.document("Conference");
    let list = wanted
        .as_ref()
        .and_then(|one| one.child("conferenceParticipantList"));
    let ids = list.into_iter().flat_map(|list| &list.children);
    let ids: Vec<&str> = ids.filter_map(|one| one.text_of("callId")).collect();
    if ids.len() < 2 {
        return bad_request("conferenceParticipantList");
    }
    let calls = ids.into_iter().map(|id| known(shared, user, id));
    let Some(calls) = calls.collect::<Option<Vec<_>>>() else {
        return unknown_call();
    };
    let legs: BTreeSet<u32> = calls.iter().map(|known| known.seen.leg).collect();
    if let Err(refusal) = all(shared, user, (&legs, &Command::Joins)) {
        return done(Err(refusal));
    }
    let mut state = shared.state();
    state.conferences.insert(user.to_owned(), legs);
    state.tell_conference(user, "ConferenceStartedEvent");
    Answer::done()
}

fn show(shared: &Shared, user: &str) -> Answer {
    let state = shared.state();
    if !state.conferences.contains_key(user) {
        return not_found("Conference");
    }
    Answer::document(200, &state.conference("Conference", user, "Active"))
}

fn add(shared: &Shared, user: &str, id: &str) -> Answer {
    let Some(known) = known(shared, user, id) else {
        return unknown_call();
    };
    let leg = known.seen.leg;
    if let Err(refusal) = shared.switch.command(user, leg, &Command::Joins) {
        return done(Err(refusal));
    }
    let mut state = shared.state();
    let Some(legs) = state.conferences.get_mut(user) else {
        return not_now();
    };
    legs.insert(leg);
    state.tell_conference(user, "ConferenceUpdatedEvent");
    Answer::done()
}

fn each(shared: &Shared, user: &str, (command, event): (&Command, &'static str)) -> Answer {
    let legs = shared.state().conferences.get(user).cloned();
    let Some(legs) = legs else {
        return not_found("Conference");
    };
    let outcome = all(shared, user, (&legs, command));
    // The end of a conference is told when its calls are seen to be gone.
    if outcome.is_ok() && *command != Command::HangUp {
        shared.state().tell_conference(user, event);
    }
    done(outcome)
}

fn all(
    shared: &Shared,
    user: &str,
    (legs, command): (&BTreeSet<u32>, &Command),
) -> Result<(), Refusal> {
    legs.iter()
        .try_for_each(|leg| shared.switch.command(user, *leg, command))
}

//! All calls there are, asked for at the beginning and whenever events may be missing.

use std::collections::HashSet;

use ringcard_core::{LinkTrouble, Moment};

use super::{Conversation, Purpose};
use crate::LineEvent;
use crate::providers::broadworks::wire::answer::{Answer, Listed};
use crate::providers::broadworks::wire::call::XsiCall;
use crate::providers::broadworks::wire::request;

/// A list of calls on its way.
#[derive(Default)]
pub(super) struct Gathering {
    stage: Stage,
    /// Another gap was seen meanwhile: what comes now may be too old already.
    again: bool,
    found: Vec<XsiCall>,
    /// Named in the list, their details asked for.
    missing: HashSet<String>,
    /// Changed by events since the list was asked for.
    touched: HashSet<String>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// Nothing was asked.
    #[default]
    Idle,
    /// The list itself.
    Listing,
    /// The calls that it only named.
    Detailing,
}

impl Gathering {
    /// An event told of this call.
    pub(super) fn touch(&mut self, id: &str) {
        if self.stage != Stage::Idle {
            self.touched.insert(id.to_owned());
        }
    }
}

impl Conversation {
    /// Asks for all calls; one list at a time.
    pub(super) fn gather(&mut self) {
        if self.subscription.is_none() {
            return;
        }
        if self.gathering.stage != Stage::Idle {
            self.gathering.again = true;
            return;
        }
        self.gathering = Gathering {
            stage: Stage::Listing,
            ..Gathering::default()
        };
        let calls = request::calls(&self.config.user);
        self.ask(Purpose::Calls, calls);
    }

    pub(super) fn calls_listed(&mut self, answer: Result<Answer, LinkTrouble>) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(trouble) => return self.fail(trouble),
        };
        if let Some(trouble) = answer.trouble() {
            return self.refused(trouble);
        }
        let Some(calls) = answer.calls() else {
            return self.fail(LinkTrouble::WrongProtocol);
        };
        self.gathering.stage = Stage::Detailing;
        for call in calls {
            match call {
                Listed::Whole(call) => self.gathering.found.push(*call),
                Listed::Named(id) => {
                    let details = request::call(&self.config.user, &id);
                    self.ask(Purpose::Details(id.clone()), details);
                    self.gathering.missing.insert(id);
                }
            }
        }
    }

    /// A call that nobody knows any more ended between the list and the question.
    pub(super) fn call_detailed(&mut self, id: &str, answer: Result<Answer, LinkTrouble>) {
        match answer {
            // Taken for gone, a call that lives would end in the windows.
            Ok(answer) if answer.call().is_none() && !answer.is_forgotten() => {
                self.fail(LinkTrouble::Lost);
            }
            Ok(answer) => self.gathering.found.extend(answer.call()),
            Err(trouble) => self.fail(trouble),
        }
        self.gathering.missing.remove(id);
    }

    /// Is the list whole? Then it is the truth.
    pub(super) fn gathered(&mut self, now: Moment) {
        let whole = self.gathering.stage == Stage::Detailing && self.gathering.missing.is_empty();
        if !whole || self.trouble.is_some() {
            return;
        }
        let done = std::mem::take(&mut self.gathering);
        let calls = self.model.snapshot(&done.found, &done.touched, now);
        if self.is_listening() {
            self.tell(LineEvent::Snapshot(calls.clone()));
            for call in &calls {
                self.prove(call);
            }
        } else {
            self.listens(calls, now);
        }
        if done.again {
            self.gather();
        }
    }
}

//! The calls of each line as the server remembers them, and which events a change of them makes. Pure: what is seen
//! comes in, what is to be told comes out.

use std::collections::BTreeMap;

use crate::pbx::{LineCall, Part, Sight, Stage};

/// Where a call was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Redirect {
    pub to: String,
    pub why: &'static str,
    pub at: u64,
    /// The other end; the call is over when it is gone.
    follows: u32,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Release {
    pub cause: u16,
    pub own: bool,
    pub at: u64,
}

/// A call with what only a memory knows of it. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub seen: LineCall,
    pub started: u64,
    pub answered: Option<u64>,
    pub held: Option<u64>,
    pub redirect: Option<Redirect>,
    pub release: Option<Release>,
}

/// Something to be told to those who subscribed to a line.
#[derive(Debug, Clone)]
pub(super) enum Told {
    /// An event about one call.
    Call(&'static str, Box<Known>),
    /// Calls that were sent elsewhere.
    Redirected(Vec<Known>),
    Hook {
        off: bool,
    },
    /// Calls are gone and nobody knows how.
    Lost,
}

/// One line.
#[derive(Debug, Default)]
pub(super) struct Line {
    calls: Vec<Known>,
    off_hook: bool,
}

/// All lines by extension.
#[derive(Debug, Default)]
pub(super) struct Book {
    lines: BTreeMap<&'static str, Line>,
}

impl Book {
    /// Takes in what is seen now; the answer is what changed, by line.
    pub fn take(&mut self, sight: &Sight, now: u64) -> Vec<(&'static str, Told)> {
        let mut told = Vec::new();
        for (extension, calls) in &sight.lines {
            let extension = *extension;
            let line = self.lines.entry(extension).or_default();
            let changes = line.take(calls, sight, now);
            told.extend(changes.into_iter().map(|change| (extension, change)));
        }
        told
    }

    /// The line of an extension.
    pub fn line(&self, extension: &str) -> Option<&Line> {
        self.lines.get(extension)
    }
}

impl Line {
    /// The calls that can be steered, oldest first.
    pub fn calls(&self) -> impl Iterator<Item = &Known> {
        self.calls.iter().filter(|call| call.redirect.is_none())
    }

    /// A call by its id, also one that was sent elsewhere and lives on there.
    pub fn any_call(&self, id: &str) -> Option<&Known> {
        self.calls.iter().find(|call| call.id() == id)
    }

    pub fn off_hook(&self) -> bool {
        self.off_hook
    }

    fn take(&mut self, calls: &[LineCall], sight: &Sight, now: u64) -> Vec<Told> {
        let mut told = self.take_gone(calls, sight, now);
        for call in calls {
            match self.calls.iter_mut().find(|one| one.seen.leg == call.leg) {
                Some(known) => told.extend(known.change(call, now)),
                None => {
                    let known = Known::new(call, now);
                    told.extend(known.first_words());
                    self.calls.push(known);
                }
            }
        }
        let off = self.calls().any(Known::needs_the_receiver);
        if std::mem::replace(&mut self.off_hook, off) != off {
            told.push(Told::Hook { off });
        }
        told
    }

    fn take_gone(&mut self, calls: &[LineCall], sight: &Sight, now: u64) -> Vec<Told> {
        let (mut told, mut redirected, mut lost) = (Vec::new(), Vec::new(), false);
        for mut known in std::mem::take(&mut self.calls) {
            let there = calls.iter().any(|call| call.leg == known.seen.leg);
            match known.fate(there, sight, now) {
                Fate::Stays => self.calls.push(known),
                Fate::Redirected(redirect) => {
                    known.redirect = Some(redirect);
                    redirected.push(known.clone());
                    self.calls.push(known);
                }
                Fate::Released(release) => {
                    known.release = Some(release);
                    told.push(Told::Call("CallReleasedEvent", Box::new(known)));
                }
                Fate::Lost => lost = true,
            }
        }
        if !redirected.is_empty() {
            told.push(Told::Redirected(redirected));
        }
        told.extend(self.release_redirected(sight, now));
        if lost {
            told.push(Told::Lost);
        }
        told
    }

    /// A call that went elsewhere is over when it is over there.
    fn release_redirected(&mut self, sight: &Sight, now: u64) -> Vec<Told> {
        let is_over = |known: &Known| {
            let redirect = known.redirect.as_ref();
            redirect.is_some_and(|redirect| !sight.legs.contains(&redirect.follows))
        };
        let calls = std::mem::take(&mut self.calls).into_iter();
        let (over, rest): (Vec<Known>, Vec<Known>) = calls.partition(is_over);
        self.calls = rest;
        let release = Release {
            cause: 16,
            own: false,
            at: now,
        };
        let released = over.into_iter().map(|known| Known {
            release: Some(release),
            ..known
        });
        released
            .map(|known| Told::Call("CallReleasedEvent", Box::new(known)))
            .collect()
    }
}

/// What became of a call that was known.
enum Fate {
    Stays,
    Redirected(Redirect),
    Released(Release),
    Lost,
}

impl Known {
    fn new(call: &LineCall, now: u64) -> Self {
        Self {
            seen: call.clone(),
            started: now,
            answered: (call.stage != Stage::Alerting).then_some(now),
            held: None,
            redirect: None,
            release: None,
        }
    }

    /// The id by which it is steered.
    pub fn id(&self) -> String {
        format!("callhalf-{}:0", self.seen.leg)
    }

    fn needs_the_receiver(&self) -> bool {
        self.seen.stage != Stage::Alerting || self.seen.part == Part::Caller
    }

    fn fate(&self, there: bool, sight: &Sight, now: u64) -> Fate {
        if there || self.redirect.is_some() {
            return Fate::Stays;
        }
        let leg = self.seen.leg;
        if let Some(moved) = sight.moved.iter().find(|moved| moved.leg == leg) {
            return Fate::Redirected(Redirect {
                to: moved.to.clone(),
                why: moved.why,
                at: now,
                follows: moved.follows,
            });
        }
        match sight.ended.iter().find(|ended| ended.leg == leg) {
            Some(ended) => Fate::Released(Release {
                cause: ended.cause,
                own: ended.own,
                at: now,
            }),
            // Its person has hung up although the PBX still needs the leg.
            None if sight.legs.contains(&leg) => Fate::Released(Release {
                cause: 16,
                own: true,
                at: now,
            }),
            None => Fate::Lost,
        }
    }

    /// The events of a call that was not there before.
    fn first_words(&self) -> Vec<Told> {
        let first = match self.seen.part {
            Part::Called => "CallReceivedEvent",
            Part::Caller => "CallOriginatedEvent",
            Part::Clicked => "CallOriginatingEvent",
        };
        let mut early = self.clone();
        early.seen.stage = Stage::Alerting;
        early.answered = None;
        if self.seen.part != Part::Caller {
            // The server speaks before any telephone was asked.
            early.seen.at_phone = false;
            early.seen.may_answer = false;
        }
        let mut told = vec![Told::Call(first, Box::new(early.clone()))];
        if self.seen.stage != Stage::Alerting {
            told.push(self.tell("CallAnsweredEvent"));
        } else if self.seen != early.seen {
            told.push(self.tell("CallUpdatedEvent"));
        }
        told
    }

    /// The events of a change.
    fn change(&mut self, now_seen: &LineCall, now: u64) -> Vec<Told> {
        if self.seen == *now_seen {
            return Vec::new();
        }
        let before = std::mem::replace(&mut self.seen, now_seen.clone());
        let after = &self.seen;
        self.held = (after.stage == Stage::Held).then(|| self.held.unwrap_or(now));
        if after.stage != Stage::Alerting {
            self.answered.get_or_insert(now);
        }
        let mut told = Vec::new();
        if before.part == Part::Clicked && after.part == Part::Caller {
            let mut lifted = self.clone();
            lifted.seen.stage = Stage::Alerting;
            lifted.answered = None;
            told.push(Told::Call("CallOriginatedEvent", Box::new(lifted)));
            if self.seen.stage == Stage::Alerting {
                return told;
            }
        }
        if picks_up(&before, after) {
            let mut ringing = self.clone();
            ringing.seen.stage = Stage::Alerting;
            told.push(Told::Call("CallPickedUpEvent", Box::new(ringing)));
        }
        told.push(self.tell(name_of_change(&before, after)));
        told
    }

    fn tell(&self, name: &'static str) -> Told {
        Told::Call(name, Box::new(self.clone()))
    }
}

/// It dialled for a call that rang at a colleague's, and has that one now.
fn picks_up(before: &LineCall, after: &LineCall) -> bool {
    before.part == Part::Caller
        && before.stage == Stage::Alerting
        && after.stage != Stage::Alerting
        && before.tracking != after.tracking
}

fn name_of_change(before: &LineCall, after: &LineCall) -> &'static str {
    let was_answered = before.stage != Stage::Alerting;
    match (before.stage, after.stage) {
        _ if was_answered && before.tracking != after.tracking => "CallTransferredEvent",
        (Stage::Alerting, Stage::Alerting) => "CallUpdatedEvent",
        (Stage::Alerting, _) => "CallAnsweredEvent",
        (_, Stage::Alerting) => "CallTransferredEvent",
        (Stage::Held, Stage::Held) | (Stage::RemoteHeld, Stage::RemoteHeld) => "CallUpdatedEvent",
        (Stage::Active, Stage::Active) if !before.hears_busy && after.hears_busy => {
            "CallReleasingEvent"
        }
        (Stage::Active, Stage::Active) => "CallUpdatedEvent",
        (_, Stage::Held) | (Stage::Active, Stage::RemoteHeld) => "CallHeldEvent",
        (_, Stage::Active | Stage::RemoteHeld) => "CallRetrievedEvent",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pbx::Remote;

    fn ringing() -> LineCall {
        LineCall {
            leg: 7,
            tracking: 5,
            part: Part::Called,
            stage: Stage::Alerting,
            remote: Remote::default(),
            diverted_by: None,
            queue: None,
            at_phone: true,
            may_answer: true,
            hears_busy: false,
        }
    }

    fn sight(calls: Vec<LineCall>) -> Sight {
        Sight {
            legs: calls.iter().map(|call| call.leg).collect(),
            lines: vec![("101", calls)],
            ended: Vec::new(),
            moved: Vec::new(),
        }
    }

    fn names(told: &[(&'static str, Told)]) -> Vec<&'static str> {
        told.iter()
            .map(|(_, told)| match told {
                Told::Call(name, _) => *name,
                Told::Redirected(_) => "redirected",
                Told::Hook { .. } => "hook",
                Told::Lost => "lost",
            })
            .collect()
    }

    #[test]
    fn a_call_is_received_before_its_telephone_rings() {
        let mut book = Book::default();
        let told = book.take(&sight(vec![ringing()]), 1);
        assert_eq!(
            names(&told),
            ["CallReceivedEvent", "CallUpdatedEvent"],
            "services come between the two"
        );
        assert!(
            book.take(&sight(vec![ringing()]), 2).is_empty(),
            "nothing new"
        );
        let active = LineCall {
            stage: Stage::Active,
            may_answer: false,
            ..ringing()
        };
        let told = book.take(&sight(vec![active]), 3);
        assert_eq!(
            names(&told),
            ["CallAnsweredEvent", "hook"],
            "then the receiver"
        );
    }

    #[test]
    fn a_call_that_vanished_without_a_word_is_lost() {
        let mut book = Book::default();
        book.take(&sight(vec![ringing()]), 1);
        let told = book.take(&sight(Vec::new()), 2);
        assert_eq!(names(&told), ["lost"], "nobody may say how it ended");
    }
}

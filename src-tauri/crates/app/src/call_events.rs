//! What a line tells of its calls: new ones, changes, ends, and the snapshot after a gap.

use std::collections::BTreeSet;

use ringcard_core::{
    Call, CallId, CallState, CommandError, CommandId, Direction, EndReason, LineId, Moment, Outcome,
};

use crate::effect::{Effect, JournalEntry, LookupRequest};
use crate::state::{State, TrackedCall};
use crate::step::Step;

impl State {
    /// Every call there is. What is missing ended while we were away, never "missed".
    pub(crate) fn take_snapshot(&mut self, step: &mut Step, line: &LineId, calls: Vec<Call>) {
        let present: BTreeSet<CallId> = calls.iter().map(|call| call.id).collect();
        let gone: Vec<Call> = self
            .calls
            .values()
            .filter(|tracked| tracked.call.line == *line && !tracked.call.state.is_ended())
            .filter(|tracked| !present.contains(&tracked.call.id))
            .map(|tracked| ended(&tracked.call, EndReason::EndedWhileAway, step.now))
            .collect();
        for call in gone.into_iter().chain(calls) {
            self.take_call(step, call);
        }
        for id in present {
            self.welcome_back(step, id);
        }
    }

    /// A call that the journal knew and that still rings has no card and no name yet.
    fn welcome_back(&mut self, step: &mut Step, id: CallId) {
        let Some(tracked) = self.calls.get(&id) else {
            return;
        };
        let unasked = tracked.matches.is_empty() && tracked.looking.is_empty();
        let rings = tracked.call.state == CallState::Ringing;
        if unasked {
            self.look_up(step, id);
        }
        if rings && !self.preview.holds(id) {
            self.arrange_preview(step, id);
        }
    }

    /// One call as it is now.
    pub(crate) fn take_call(&mut self, step: &mut Step, call: Call) {
        let id = call.id;
        let known = self.calls.get(&id);
        if known.is_none() && call.state.is_ended() {
            // Born and gone between two looks: history only.
            step.effects
                .push(Effect::Record(JournalEntry::EndedCall(Box::new(call))));
            return;
        }
        if known.is_some_and(|known| known.call == call || known.call.state.is_ended()) {
            return;
        }
        let new_party = known.is_none_or(|known| {
            known.call.remote.revision != call.remote.revision
                || known.call.remote.party != call.remote.party
        });
        let new_state = known.is_none_or(|known| known.call.state != call.state);
        self.put(call, new_state, step.now);
        if new_party {
            self.look_up(step, id);
        }
        if new_state {
            self.arrange_preview(step, id);
        } else if new_party && known_talks(self.calls.get(&id)) {
            // A colleague handed his caller over: the card says who it is now.
            self.preview.reopen(id);
            self.preview
                .hide_at(id, step.now.monotonic + self.setup.hide_after);
            step.effects.push(Effect::ShowPreview);
        } else if self.preview.holds(id) {
            step.effects.push(Effect::UpdatePreview);
        }
        self.record(step, id);
        step.effects.extend([Effect::TellPhone, Effect::TellStatus]);
    }

    fn put(&mut self, call: Call, new_state: bool, now: Moment) {
        let id = call.id;
        let party_changed;
        let tracked = match self.calls.get_mut(&id) {
            Some(tracked) => {
                party_changed = tracked.call.remote != call.remote;
                tracked.call = call;
                tracked
            }
            None => {
                party_changed = false;
                self.calls.entry(id).or_insert(TrackedCall::new(call))
            }
        };
        if new_state {
            tracked.state_since = now.wall;
            tracked.trouble = None;
            tracked.unconfirmed = false;
        }
        if party_changed {
            tracked.matches.clear();
            tracked.last_contact = None;
            tracked.readable = None;
        }
    }

    /// Asks every mirror who is at the other end.
    pub(crate) fn look_up(&mut self, step: &mut Step, id: CallId) {
        let Some(tracked) = self.calls.get_mut(&id) else {
            return;
        };
        tracked.looking.clear();
        let Some(number) = tracked.call.remote.party.number_to_look_up() else {
            return;
        };
        for integration in &self.setup.integrations {
            tracked.looking.insert(integration.id.clone());
            step.effects.push(Effect::Lookup(LookupRequest {
                call: id,
                revision: tracked.call.remote.revision,
                integration: integration.id.clone(),
                number: number.to_owned(),
                line: tracked.call.line.clone(),
            }));
        }
    }

    fn arrange_preview(&mut self, step: &mut Step, id: CallId) {
        let Some(tracked) = self.calls.get(&id) else {
            return;
        };
        let hide_at = step.now.monotonic + self.setup.hide_after;
        match tracked.call.state {
            CallState::Ringing => {
                self.preview.show(id);
                step.effects.push(match self.preview.holds(id) {
                    true => {
                        self.preview.make_way(&self.calls);
                        Effect::ShowPreview
                    }
                    false => Effect::UpdatePreview,
                });
                return;
            }
            CallState::CallingOwnPhone | CallState::Dialing
                if tracked.call.direction == Direction::Outgoing
                    && tracked.call.consultation.is_none()
                    && self.preview.show(id) =>
            {
                // An outgoing call shows whom one calls, and needs no window in the way for long.
                self.preview.hide_at(id, hide_at);
                step.effects.push(Effect::ShowPreview);
                return;
            }
            _ => {}
        }
        self.preview.hide_at(id, hide_at);
        if self.preview.is_visible() {
            step.effects.push(Effect::UpdatePreview);
        }
    }

    fn record(&mut self, step: &mut Step, id: CallId) {
        let Some(tracked) = self.calls.get(&id) else {
            return;
        };
        let call = Box::new(tracked.call.clone());
        let CallState::Ended { reason } = call.state else {
            step.effects
                .push(Effect::Record(JournalEntry::OpenCall(call)));
            return;
        };
        step.effects
            .push(Effect::Record(JournalEntry::EndedCall(call)));
        if reason == EndReason::Missed && self.setup.missed_call_toast {
            let notice = self.away.missed(id);
            step.effects.extend(notice.map(Effect::Notify));
        }
        self.forget_unseen_calls();
    }

    /// Ended calls are kept only as long as their card is to be seen.
    pub(crate) fn forget_unseen_calls(&mut self) {
        let preview = &mut self.preview;
        self.calls.retain(|id, tracked| {
            let keep =
                !tracked.call.state.is_ended() || preview.holds(*id) || tracked.pending.is_some();
            if !keep {
                preview.forget(*id);
            }
            keep
        });
    }

    /// A provider told how a command ended.
    pub(crate) fn command_ended(&mut self, step: &mut Step, command: CommandId, outcome: Outcome) {
        step.effects.push(Effect::Reply(command, outcome.clone()));
        let waits = |tracked: &&mut TrackedCall| {
            tracked.pending.is_some_and(|pending| pending.id == command)
        };
        let Some(tracked) = self.calls.values_mut().find(waits) else {
            return;
        };
        tracked.pending = None;
        let call = tracked.call.id;
        if let Some(failed) = never_placed(tracked, &outcome, step.now) {
            self.take_call(step, failed);
        }
        if let Some(tracked) = self.calls.get_mut(&call) {
            (tracked.trouble, tracked.unconfirmed) = verdict(&outcome);
        }
        self.forget_unseen_calls();
        step.effects
            .extend([Effect::UpdatePreview, Effect::TellPhone]);
    }
}

/// A dialling that was refused before the telephone system knew of it will never be told as ended.
fn never_placed(tracked: &TrackedCall, outcome: &Outcome, now: Moment) -> Option<Call> {
    let unknown_to_pbx = tracked.call.leg.as_str().is_empty();
    let refused = matches!(outcome, Outcome::Refused(_) | Outcome::NeedsConfirmation(_));
    (unknown_to_pbx && refused).then(|| ended(&tracked.call, EndReason::Failed, now))
}

fn verdict(outcome: &Outcome) -> (Option<CommandError>, bool) {
    match outcome {
        Outcome::Confirmed => (None, false),
        Outcome::Unconfirmed => (None, true),
        // The agent is being asked in the picker; the card has nothing to complain about.
        Outcome::NeedsConfirmation(_) => (None, false),
        Outcome::Refused(error) => (Some(*error), false),
    }
}

fn known_talks(tracked: Option<&TrackedCall>) -> bool {
    tracked.is_some_and(|tracked| {
        tracked.call.state == CallState::Active && tracked.call.consultation.is_none()
    })
}

fn ended(call: &Call, reason: EndReason, now: Moment) -> Call {
    let mut call = call.clone();
    call.state = CallState::Ended { reason };
    call.ended_at = Some(now.wall);
    call.can.clear();
    call.consultation = None;
    call
}

//! One event, its effects.

use std::time::Duration;

use ringcard_core::{IntegrationId, LineId, LinkState, Moment};
use ringcard_telephony::{LineCommand, LineEvent};

use crate::effect::{Effect, Notice};
use crate::event::{Event, LookedUp, Session};
use crate::integrations::Integration;
use crate::state::{Line, Setup, State};

/// A step under way: the time that it happens at, and what it leads to.
pub(crate) struct Step {
    pub now: Moment,
    pub effects: Vec<Effect>,
}

impl State {
    /// Takes one event and says what is to be done about it.
    pub fn step(&mut self, event: Event, now: Moment) -> Vec<Effect> {
        let mut step = Step {
            now,
            effects: Vec::new(),
        };
        match event {
            Event::Line(line, event) => self.line_told(&mut step, &line, event),
            Event::LookedUp(answer) => self.looked_up(&mut step, *answer),
            Event::Sync(id, event) => self.sync_told(&mut step, &id, *event),
            Event::Ui(id, command) => self.asked(&mut step, id, command),
            Event::Session(session) => self.session_changed(&mut step, session),
            Event::Settings(setup) => {
                self.take_setup(*setup);
                step.effects
                    .extend([Effect::UpdatePreview, Effect::TellPhone, Effect::TellStatus]);
            }
            Event::Tick => {}
        }
        self.pass_deadlines(&mut step);
        step.effects
    }

    /// When (monotonic, wall) the state wants to be stepped again without any event.
    pub fn next_deadline(&self, now: Moment) -> Option<Duration> {
        let pending = self
            .calls
            .values()
            .filter_map(|tracked| tracked.pending.map(|pending| pending.deadline))
            .min();
        let sync = self
            .integrations
            .values()
            .flat_map(|one| [one.next_run(), one.stale_at()])
            .flatten()
            .min()
            .map(|at| now.monotonic + at.since(now.wall));
        [self.preview.next_deadline(), pending, sync]
            .into_iter()
            .flatten()
            .min()
    }

    fn line_told(&mut self, step: &mut Step, id: &LineId, event: LineEvent) {
        let Some(line) = self.lines.get_mut(id) else {
            return;
        };
        match event {
            LineEvent::Link(link) => self.link_changed(step, id, link),
            LineEvent::Coming => step.effects.push(Effect::WakePreview),
            LineEvent::Snapshot(calls) => self.take_snapshot(step, id, calls),
            LineEvent::Call(call) => self.take_call(step, *call),
            LineEvent::CommandEnded(command, outcome) => {
                self.command_ended(step, command, outcome);
            }
            LineEvent::Colleagues(colleagues) => {
                line.colleagues = colleagues
                    .into_iter()
                    .map(|colleague| (colleague.extension.clone(), colleague))
                    .collect();
            }
            LineEvent::Colleague(colleague) => {
                line.colleagues
                    .insert(colleague.extension.clone(), colleague);
                if !self.calls.is_empty() {
                    step.effects.push(Effect::UpdatePreview);
                }
            }
            LineEvent::Checked(_) => {}
        }
    }

    fn link_changed(&mut self, step: &mut Step, id: &LineId, link: LinkState) {
        let Some(line) = self.lines.get_mut(id) else {
            return;
        };
        let went_down = line.listens() && matches!(link, LinkState::Down { .. });
        line.link = Some(link);
        if went_down {
            step.effects
                .push(Effect::Notify(Notice::LineDown(id.clone())));
        }
        step.effects.extend([Effect::TellStatus, Effect::TellPhone]);
    }

    fn looked_up(&mut self, step: &mut Step, answer: LookedUp) {
        let Some(tracked) = self.calls.get_mut(&answer.call) else {
            return;
        };
        // Somebody else is at the other end by now: his name must not be this one's.
        if tracked.call.remote.revision != answer.revision {
            return;
        }
        tracked.looking.remove(&answer.integration);
        tracked.matches.insert(answer.integration, answer.matches);
        tracked.last_contact = answer.last_contact;
        tracked.readable = answer.readable;
        step.effects
            .extend([Effect::UpdatePreview, Effect::TellPhone]);
    }

    fn session_changed(&mut self, step: &mut Step, session: Session) {
        match session {
            Session::Resume(_) => {
                self.reconnect_lines(step);
                for integration in self.integrations.values_mut() {
                    integration.has_slept(step.now.wall);
                }
                self.catch_up(step, Integration::waits_for_its_time);
            }
            Session::NetworkChanged => {
                self.reconnect_lines(step);
                self.catch_up(step, Integration::waits_for_the_network);
            }
            Session::Lock => self.away.lock(),
            Session::Unlock => step.effects.extend(self.away.unlock().map(Effect::Notify)),
            Session::Sleep => {}
        }
    }

    fn reconnect_lines(&self, step: &mut Step) {
        let reconnect = |id: &LineId| Effect::Telephony(id.clone(), LineCommand::Reconnect);
        step.effects.extend(self.setup.lines.iter().map(reconnect));
    }

    fn pass_deadlines(&mut self, step: &mut Step) {
        self.give_up_commands(step);
        if self.preview.expire(step.now.monotonic) {
            self.forget_unseen_calls();
            let effect = match self.preview.is_visible() {
                true => Effect::UpdatePreview,
                false => Effect::HidePreview,
            };
            step.effects.push(effect);
        }
        self.start_due_syncs(step);
        self.tell_stale(step);
    }

    pub(crate) fn take_setup(&mut self, setup: Setup) {
        self.lines.retain(|id, _| setup.lines.contains(id));
        for id in &setup.lines {
            self.lines.entry(id.clone()).or_insert_with(Line::new);
        }
        let kept = |id: &IntegrationId| setup.integrations.iter().any(|one| one.id == *id);
        self.integrations.retain(|id, _| kept(id));
        for one in &setup.integrations {
            match self.integrations.get_mut(&one.id) {
                Some(integration) => integration.take_setup(one.clone()),
                None => {
                    self.integrations
                        .insert(one.id.clone(), Integration::new(one.clone()));
                }
            }
        }
        let lines = &self.lines;
        self.calls
            .retain(|_, tracked| lines.contains_key(&tracked.call.line));
        for tracked in self.calls.values_mut() {
            tracked.matches.retain(|id, _| kept(id));
            tracked.looking.retain(kept);
        }
        self.setup = setup;
    }
}

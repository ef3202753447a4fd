//! Running the dialplan: a leg at a place does what stands there.

use super::event::{Class, Event};
use super::exchange::Exchange;
use super::hangup::Ending;
use super::house::{self, Step};
use super::leg::{Doing, LegId, Place, State};

impl Exchange {
    /// The leg does what the dialplan has at its place; where there is nothing, its call is lost.
    pub(super) fn run(&mut self, id: LegId) {
        let Some(leg) = self.legs.get(&id) else {
            return;
        };
        let Place { context, exten, .. } = leg.place.clone();
        match house::find(&context, &exten) {
            None => self.hang_up(id, Ending::new(16)),
            Some(Step::Goto(to, exten)) => {
                self.tell_application(id, "Goto", &format!("{to},{exten},1"));
                self.set_place(id, Place::new(to, &exten, 1));
                self.run(id);
            }
            Some(Step::Dial(plan)) => {
                self.tell_application(id, "Dial", &format!("PJSIP/{exten},{},tTkK", plan.seconds));
                self.begin_dial(id, &plan);
            }
            Some(Step::Consult(plan)) => {
                self.tell_application(id, "Dial", &format!("Local/{exten}@ext,{}", plan.seconds));
                self.begin_dial(id, &plan);
            }
            Some(Step::Queue(queue)) => {
                self.answer_in_dialplan(id);
                self.set_priority(id, 2);
                self.tell_application(id, "Queue", &format!("{queue},tT,,,60"));
                self.join_queue(id, queue);
            }
            Some(Step::Music) => {
                self.answer_in_dialplan(id);
                self.set_priority(id, 2);
                self.tell_application(id, "MusicOnHold", "default,3600");
                self.set_doing(id, Doing::Music);
                self.music_starts(id);
            }
            Some(Step::Retrieve(slot)) => self.retrieve(id, slot),
            Some(Step::Pickup(extension)) => self.pick_up(id, extension.as_deref()),
        }
    }

    /// The leg leaves whatever it does and goes on at another place of the dialplan.
    pub(super) fn send_to(&mut self, id: LegId, place: Place) {
        self.with_leg(id, |leg| {
            leg.place = place;
            leg.in_dialplan = true;
        });
        self.run(id);
    }

    /// The dialplan's `Answer()`.
    pub(super) fn answer_in_dialplan(&mut self, id: LegId) {
        if self
            .legs
            .get(&id)
            .is_some_and(|leg| leg.state == State::Ring)
        {
            self.set_state(id, State::Up);
            if let Some(one) = self.other_half(id) {
                self.set_state(one, State::Up);
                self.tell_dial("DialEnd", (None, one), &[("DialStatus", "ANSWER")]);
            }
        }
    }

    fn tell_application(&mut self, id: LegId, application: &str, data: &str) {
        let Some(leg) = self.legs.get(&id) else {
            return;
        };
        let event = Event::new("Newexten", Class::Dialplan)
            .leg("", leg)
            .field("Extension", &leg.place.exten)
            .field("Application", application)
            .field("AppData", data);
        self.say(event);
    }
}

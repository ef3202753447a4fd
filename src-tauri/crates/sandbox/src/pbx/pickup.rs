//! Pickup: a colleague takes a call that rings at somebody else's telephone.

use super::dial::Purpose;
use super::event::{Class, Event};
use super::exchange::Exchange;
use super::hangup::Ending;
use super::leg::LegId;

impl Exchange {
    /// `*8` takes any ringing call, `**101` the one at 101.
    pub(super) fn pick_up(&mut self, picker: LegId, extension: Option<&str>) {
        let own = self
            .legs
            .get(&picker)
            .and_then(|leg| leg.endpoint())
            .map(str::to_owned);
        let target = self
            .legs
            .values()
            .filter(|leg| {
                leg.rings() && leg.endpoint().is_some() && leg.endpoint() != own.as_deref()
            })
            .find(|leg| extension.is_none_or(|wanted| leg.endpoint() == Some(wanted)))
            .map(|leg| leg.id);
        match target {
            Some(target) => self.pick_up_leg(picker, target, Ending::new(16)),
            None => self.hang_up(picker, Ending::new(16)),
        }
    }

    /// Takes the call of a certain ringing leg. That leg hears no DialEnd.
    pub(super) fn pick_up_leg(&mut self, picker: LegId, target: LegId, ending: Ending) {
        let dial = self
            .legs
            .get_mut(&target)
            .and_then(|leg| leg.dialled_by.take());
        let Some(mut dial) = dial.and_then(|id| self.dials.remove(&id)) else {
            self.hang_up(picker, Ending::new(16));
            return;
        };
        let Some(caller) = dial.caller else {
            self.hang_up(picker, Ending::new(16));
            return;
        };
        self.answer_in_dialplan(picker);
        let party = self
            .legs
            .get(&target)
            .map(|leg| leg.connected.clone())
            .unwrap_or_default();
        self.show(picker, &party);
        let (Some(by), Some(of)) = (self.legs.get(&picker), self.legs.get(&target)) else {
            return;
        };
        let event = Event::new("Pickup", Class::Call)
            .leg("", by)
            .leg("Target", of);
        let shown = by.caller.clone();
        self.say(event);
        self.show_far(caller, &shown);
        self.with_leg(picker, |leg| {
            leg.place.exten.clear();
            leg.in_dialplan = false;
        });
        self.tell_dial(
            "DialEnd",
            (Some(caller), picker),
            &[("DialStatus", "ANSWER")],
        );
        dial.open.retain(|open| *open != target);
        self.hang_up(target, ending);
        for other in std::mem::take(&mut dial.open) {
            self.tell_dial(
                "DialEnd",
                (Some(caller), other),
                &[("DialStatus", "CANCEL")],
            );
            self.drop_target(other, Ending::new(26));
        }
        if matches!(dial.purpose, Purpose::Queue) {
            self.leave_queue(caller);
        }
        self.connect(picker, caller, dial.transfers);
    }
}

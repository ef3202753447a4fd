//! The legs a Dial creates, and what is said of caller and target together.

use super::channels::{LocalTo, NewLeg};
use super::event::{Class, Event};
use super::exchange::Exchange;
use super::house::Target;
use super::leg::{DialId, Leg, LegId, Party, Place};

impl Exchange {
    /// A leg to a target, with the caller on its display. Nothing where nobody is registered.
    pub(super) fn create_target(
        &mut self,
        dial: DialId,
        target: &Target,
    ) -> Option<(LegId, String)> {
        let caller = self.dials.get(&dial)?.caller?;
        let (from, exten) = self
            .legs
            .get(&caller)
            .map(|leg| (leg.caller.clone(), leg.place.exten.clone()))?;
        let (leg, string) = match target {
            Target::Phone(extension) => {
                self.devices
                    .get(extension)
                    .filter(|device| device.registered)?;
                let leg = self.new_leg(NewLeg {
                    joins: Some(caller),
                    ..NewLeg::to_phone(extension)
                });
                (leg, extension.clone())
            }
            Target::Outside(number) => {
                let leg = self.new_leg(NewLeg {
                    joins: Some(caller),
                    ..NewLeg::to_outside()
                });
                self.with_leg(leg, |leg| leg.connected = from.clone());
                self.set_place(leg, Place::new("from-trunk", &exten, 1));
                self.present(leg, &Party::new(number, None));
                (leg, format!("{number}@trunk"))
            }
            Target::Local {
                exten: to,
                context,
                optimise,
            } => (
                self.local_target(
                    caller,
                    &LocalTo {
                        exten: to,
                        context,
                        optimise: *optimise,
                    },
                ),
                format!("{to}@{context}{}", if *optimise { "" } else { "/n" }),
            ),
        };
        self.adopt(dial, leg, &exten);
        if !self.legs.get(&leg)?.is_local() {
            self.show(leg, &from);
        }
        Some((leg, string))
    }

    fn local_target(&mut self, caller: LegId, to: &LocalTo<'_>) -> LegId {
        let (one, two) = self.new_local(to, caller);
        let Some((from, dialled)) = self
            .legs
            .get(&caller)
            .map(|leg| (leg.caller.clone(), leg.place.exten.clone()))
        else {
            return one;
        };
        let as_dialled = Party::new(&dialled, None);
        let own_context = self
            .legs
            .get(&one)
            .map(|leg| leg.place.context.clone())
            .unwrap_or_default();
        self.set_place(one, Place::new(&own_context, &dialled, 1));
        self.with_leg(one, |leg| leg.connected = from.clone());
        self.present(one, &as_dialled);
        self.tell("NewConnectedLine", one);
        self.with_leg(two, |leg| leg.connected = as_dialled.clone());
        self.present(two, &from);
        self.tell("NewConnectedLine", two);
        self.tell_local_bridge(one, two);
        one
    }

    /// The leg belongs to this Dial from now on and shows the dialled number as its place.
    fn adopt(&mut self, dial: DialId, leg: LegId, exten: &str) {
        let exten = exten.to_owned();
        self.with_leg(leg, |leg| {
            leg.dialled_by = Some(dial);
            leg.place.exten = exten;
        });
        if let Some(dial) = self.dials.get_mut(&dial) {
            dial.open.push(leg);
        }
    }

    pub(super) fn caller_of(&self, leg: LegId) -> Option<LegId> {
        let dial = self.legs.get(&leg)?.dialled_by?;
        self.dials.get(&dial)?.caller
    }

    /// Shows `whom` to a leg, or through a Local channel to whoever sits behind it.
    pub(super) fn show_far(&mut self, leg: LegId, whom: &Party) {
        self.show(leg, whom);
        let Some(one) = self.other_half(leg) else {
            return;
        };
        if let Some(behind) = self.caller_of(one).or_else(|| self.peer(one)) {
            self.show_far(behind, whom);
        }
    }

    /// DialBegin, DialState or DialEnd about `target`; without a caller the first half is missing.
    pub(super) fn tell_dial(
        &mut self,
        name: &'static str,
        (caller, target): (Option<LegId>, LegId),
        more: &[(&str, &str)],
    ) {
        let Some(target) = self.legs.get(&target) else {
            return;
        };
        let mut event = Event::new(name, Class::Call);
        if let Some(caller) = caller.and_then(|caller| self.legs.get(&caller)) {
            event = event.leg("", caller);
        }
        event = event.leg("Dest", target);
        for (key, value) in more {
            event = event.field(key, value);
        }
        self.say(event);
    }

    pub(super) fn with_leg(&mut self, id: LegId, change: impl FnOnce(&mut Leg)) {
        if let Some(leg) = self.legs.get_mut(&id) {
            change(leg);
        }
    }
}

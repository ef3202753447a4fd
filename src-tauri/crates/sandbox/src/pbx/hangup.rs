//! How legs end, and what their end does to those they were with.

use super::exchange::Exchange;
use super::leg::{BridgeId, Doing, LegId};
use super::sight::Ended;

/// Why a leg ended, as Hangup says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    pub cause: u16,
    pub tech: Option<u16>,
}

impl Ending {
    pub(super) fn new(cause: u16) -> Self {
        Self { cause, tech: None }
    }

    pub(super) fn with_tech(cause: u16, tech: u16) -> Self {
        Self {
            cause,
            tech: Some(tech),
        }
    }

    /// What the caller's leg says after a Dial that failed like this.
    pub(super) fn after_dial(self, status: &str) -> Self {
        match (status, self.cause) {
            ("NOANSWER", 0) => Self::new(16),
            ("NOANSWER", 21) => Self::with_tech(21, 403),
            ("NOANSWER", 127) => Self::with_tech(127, 500),
            _ => self,
        }
    }

    fn text(self) -> &'static str {
        match self.cause {
            16 => "Normal Clearing",
            17 => "User busy",
            19 => "User alerting, no answer",
            20 => "Subscriber absent",
            21 => "Call Rejected",
            26 => "Answered elsewhere",
            127 => "Interworking, unspecified",
            _ => "Unknown",
        }
    }
}

impl Exchange {
    /// The telephone or the network at the other end of the leg hangs up, gives up or refuses.
    pub(super) fn far_end_hangs_up(&mut self, id: LegId, ending: Ending) {
        let Some(leg) = self.legs.get(&id) else {
            return;
        };
        if leg.doing == Doing::Queued || leg.place.context == "cti-hold" || self.talks_in_queue(id)
        {
            self.tell("HangupRequest", id);
        } else {
            self.tell_ending("HangupRequest", id, ending);
        }
        self.hang_up(id, ending);
    }

    /// Ends a leg and everything that only lived with it.
    pub(super) fn hang_up(&mut self, id: LegId, ending: Ending) {
        if !self.legs.contains_key(&id) || self.agent_completes_consult(id) {
            return;
        }
        let dial = self.legs.get(&id).and_then(|leg| leg.dialled_by);
        if dial.is_some_and(|dial| self.dials.contains_key(&dial)) {
            let status = if ending.cause == 17 {
                "BUSY"
            } else {
                "NOANSWER"
            };
            self.refused(id, status, ending);
            return;
        }
        self.cancel_recall(id);
        self.stop_doing(id, ending);
        self.agent_completes(id);
        let bridge = self.leave(id);
        match bridge {
            Some(bridge) if self.consult_loses(bridge, id) => self.remove(id, ending),
            // Who has just come back to this bridge is forgotten in it.
            Some(bridge) if self.returns_to(bridge) => self.remove(id, ending),
            Some(bridge) => {
                let rest = self.dissolve(bridge);
                self.remove(id, ending);
                for leg in rest {
                    self.hang_up(leg, Ending::new(16));
                }
            }
            None => self.remove(id, ending),
        }
    }

    /// Is somebody in there whom the sound of a failed consultation still keeps?
    fn returns_to(&self, bridge: BridgeId) -> bool {
        let members = self.members(bridge);
        let mut legs = members.iter().filter_map(|leg| self.legs.get(leg));
        legs.any(|leg| leg.keys.deaf)
    }

    /// A leg is taken out of its bridge for something else; whoever stays alone in there is hung up.
    pub(super) fn pull_out(&mut self, id: LegId) {
        self.cancel_recall(id);
        if let Some(bridge) = self.leave(id) {
            if self.consult_loses(bridge, id) {
                return;
            }
            for leg in self.dissolve(bridge) {
                self.hang_up(leg, Ending::new(16));
            }
        }
    }

    /// Stops what the leg does besides talking: dialling, queueing, waiting, listening.
    pub(super) fn stop_doing(&mut self, id: LegId, ending: Ending) {
        let Some(doing) = self.legs.get(&id).map(|leg| leg.doing) else {
            return;
        };
        self.set_doing(id, Doing::Nothing);
        match doing {
            Doing::Dialing(dial) => {
                let targets = if ending.cause == 127 {
                    Ending::with_tech(127, 500)
                } else {
                    Ending::new(16)
                };
                self.cancel_dial(dial, targets);
            }
            Doing::Queued => self.leave_queue(id),
            Doing::Music => self.music_stops(id),
            Doing::Parked(slot) => self.gives_up_parked(slot),
            Doing::HearsBusy | Doing::Nothing => {}
        }
    }

    /// All leave, the bridge ends; the answer names those who were left in it.
    pub(super) fn dissolve(&mut self, bridge: BridgeId) -> Vec<LegId> {
        let rest = self.members(bridge);
        for leg in &rest {
            self.leave(*leg);
        }
        self.destroy(bridge);
        rest
    }

    /// The last words of a leg.
    pub(super) fn remove(&mut self, id: LegId, ending: Ending) {
        let Some(leg) = self.legs.get(&id) else {
            return;
        };
        let (local, endpoint) = (self.other_half(id), leg.endpoint().map(str::to_owned));
        self.ended.push(Ended {
            leg: id,
            cause: ending.cause,
            own: leg.let_go,
        });
        if leg.in_dialplan {
            self.tell_ending(
                "SoftHangupRequest",
                id,
                Ending {
                    cause: 16,
                    tech: ending.tech,
                },
            );
        }
        let cause = ending.cause.to_string();
        let tech = ending.tech.map(|tech| tech.to_string());
        let mut lines = vec![("Cause", cause.as_str()), ("Cause-txt", ending.text())];
        lines.extend(tech.as_deref().map(|tech| ("TechCause", tech)));
        self.tell_with("Hangup", id, &lines);
        self.legs.remove(&id);
        if let Some(endpoint) = endpoint {
            self.refresh_device(&endpoint);
        }
        if let Some(other) = local.filter(|other| self.legs.contains_key(other)) {
            self.tell_ending("HangupRequest", other, Ending::new(16));
            self.hang_up(other, Ending::new(16));
        }
    }

    fn tell_ending(&mut self, name: &'static str, id: LegId, ending: Ending) {
        let cause = ending.cause.to_string();
        let tech = ending.tech.map(|tech| tech.to_string());
        let mut lines = vec![("Cause", cause.as_str())];
        lines.extend(tech.as_deref().map(|tech| ("TechCause", tech)));
        self.tell_with(name, id, &lines);
    }
}

//! Steering a line's calls in its name, as an operator's server does: through the network, not by keys of the telephone.

use std::time::Duration;

use super::exchange::{Exchange, Shared};
use super::hangup::Ending;
use super::leg::{Doing, LegId, Party, Place};
use super::orders::StandingOrders;
use super::originate::{Originating, Then};
use super::phone::{PhoneState, Whose};
use super::sight::Watcher;

/// How long an own telephone may ring before its call is given up.
const PICKS_UP_WITHIN: Duration = Duration::from_secs(30);
/// What stands in for a mailbox: music.
const MAILBOX: &str = "800";
/// Everything that people dial.
const INSIDE: &str = "from-internal";

/// What is to be done with one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// Answers, or takes back what is held. The telephone's other calls are held.
    Talk,
    /// Takes back what is held, whatever the telephone does besides.
    Joins,
    Hold,
    HangUp,
    /// Refuses a ringing call.
    Decline,
    /// The telephone stops ringing; the caller hears nothing of it.
    Silence,
    SendTo(String),
    /// The same, but only to where somebody would be called.
    SendToRinging(String),
    SendToMailbox,
    /// Puts the other ends of this call and that one together.
    BringTogetherWith(u32),
    /// Takes this call back and ends all others.
    Reconnect,
    Press(String),
}

/// Why a command is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoSuchCall,
    NotNow,
}

/// The PBX in the hands of another interface than the manager's.
#[derive(Clone)]
pub(crate) struct Switch(Shared);

impl Switch {
    pub(super) fn of(shared: &Shared) -> Self {
        Self(shared.clone())
    }

    /// Looks at the telephones now and after each touch.
    pub(crate) fn watch(&self, watcher: Watcher) {
        self.0.with(|exchange| exchange.watchers.push(watcher));
    }

    pub(crate) fn command(&self, line: &str, leg: u32, command: &Command) -> Result<(), Refusal> {
        self.0
            .with(|exchange| exchange.commanded((line, leg), command))
    }

    /// Calls the line's telephone, and the number once that is lifted.
    pub(crate) fn dial(&self, line: &str, number: &str) -> Result<u32, Refusal> {
        self.0.with(|exchange| exchange.clicks(line, number))
    }

    pub(crate) fn orders(&self, line: &str) -> StandingOrders {
        let of = |exchange: &mut Exchange| Some(exchange.devices.get(line)?.orders.clone());
        self.0.with(of).unwrap_or_default()
    }

    pub(crate) fn set_orders(&self, line: &str, orders: StandingOrders) {
        self.0.with(|exchange| {
            if let Some(device) = exchange.devices.get_mut(line) {
                device.orders = orders;
            }
        });
    }
}

impl Exchange {
    fn commanded(&mut self, (line, id): (&str, LegId), command: &Command) -> Result<(), Refusal> {
        if !self.legs_at(&Whose::Desk(line.to_owned())).contains(&id) {
            return Err(Refusal::NoSuchCall);
        }
        let done = match command {
            Command::Talk => self.talks(line, id),
            Command::Joins => self.joins_again(id),
            Command::Hold => self.held_in_name(id),
            Command::HangUp => self.hung_up_in_name(id),
            Command::Decline => self.declined_in_name(id),
            Command::Silence => self.silenced(id),
            Command::SendTo(number) => self.sends(id, number, None),
            Command::SendToRinging(number) => {
                self.would_ring(number) && self.sends(id, number, None)
            }
            Command::SendToMailbox => self.sends(id, MAILBOX, Some("voicemail")),
            Command::BringTogetherWith(other) => self.brings_together(id, *other),
            Command::Reconnect => self.reconnects(line, id),
            Command::Press(keys) => self.presses_tones(id, keys),
        };
        if done { Ok(()) } else { Err(Refusal::NotNow) }
    }

    fn talks(&mut self, line: &str, id: LegId) -> bool {
        let Some(leg) = self.legs.get(&id) else {
            return false;
        };
        let (rings, answers) = (leg.rings(), self.may_answer(leg));
        if rings {
            if answers {
                self.holds_others(line, id);
                self.notify(id, "talk");
            }
            return answers;
        }
        let held = self.state_at_phone(id) == PhoneState::Holding;
        if held {
            self.holds_others(line, id);
            self.phone_resumes(id);
        }
        held
    }

    fn joins_again(&mut self, id: LegId) -> bool {
        match self.state_at_phone(id) {
            PhoneState::Holding => self.phone_resumes(id),
            PhoneState::Talking if self.peer(id).is_some() => {}
            _ => return false,
        }
        true
    }

    /// One telephone, one call in talk.
    fn holds_others(&mut self, line: &str, id: LegId) {
        for other in self.legs_at(&Whose::Desk(line.to_owned())) {
            if other != id {
                self.held_in_name(other);
            }
        }
    }

    fn held_in_name(&mut self, id: LegId) -> bool {
        let talks = self.state_at_phone(id) == PhoneState::Talking && self.peer(id).is_some();
        if talks {
            self.phone_holds(id);
        }
        talks
    }

    fn hung_up_in_name(&mut self, id: LegId) -> bool {
        self.with_leg(id, |leg| leg.let_go = true);
        if self.is_own_call(id) {
            self.hang_up(id, Ending::new(16));
        } else {
            self.far_end_hangs_up(id, Ending::new(16));
        }
        true
    }

    fn declined_in_name(&mut self, id: LegId) -> bool {
        let rings = self.rings_for_others(id);
        if rings {
            self.refuses(id, "NOANSWER", Ending::with_tech(21, 480));
        }
        rings
    }

    fn silenced(&mut self, id: LegId) -> bool {
        let rings = self.rings_for_others(id);
        if rings {
            self.with_leg(id, |leg| leg.silenced = true);
        }
        rings
    }

    fn rings_for_others(&self, id: LegId) -> bool {
        self.legs.get(&id).is_some_and(|leg| leg.rings()) && !self.is_own_call(id)
    }

    /// A ringing caller or the other side of a talk goes elsewhere, also where nobody is.
    fn sends(&mut self, id: LegId, number: &str, why: Option<&'static str>) -> bool {
        if self.rings_for_others(id) {
            let Some(caller) = self.beyond(id) else {
                return false;
            };
            self.notes_move(id, number, why.unwrap_or("deflection"));
            self.redirect(caller, Place::new(INSIDE, number, 1));
            return true;
        }
        if self.peer(id).is_none() {
            return false;
        }
        // The transfer itself notes the move, in the words of every transfer.
        self.with_leg(id, |leg| leg.let_go = true);
        let first = self.moved.len();
        let done = self.blind_transfer(id, INSIDE, number);
        if let (Some(noted), Some(why)) = (self.moved.get_mut(first), why) {
            noted.why = why;
        }
        done
    }

    /// Outside numbers ring as far as anybody here can tell.
    fn would_ring(&self, number: &str) -> bool {
        match self.devices.get(number) {
            Some(device) => device.registered,
            None => number.starts_with('0') || number.starts_with('+'),
        }
    }

    fn brings_together(&mut self, first: LegId, second: LegId) -> bool {
        let Some(customer) = self.peer(first) else {
            return false;
        };
        let Some(colleague) = self.peer(second) else {
            return self.leaves_to_ringing(first, second);
        };
        let number = |exchange: &Self, id: LegId| {
            let leg = exchange.legs.get(&id)?;
            leg.connected.number.clone()
        };
        let shown = [first, second].map(|id| number(self, id).unwrap_or_default());
        self.notes_move(first, &shown[1], "transfer");
        self.notes_move(second, &shown[0], "transfer");
        for id in [customer, colleague] {
            self.music_stops(id);
        }
        self.bridge_by_hand(customer, colleague)
    }

    /// The colleague has not picked up yet: he is called anew, for the customer.
    fn leaves_to_ringing(&mut self, first: LegId, second: LegId) -> bool {
        let dials = |leg: &&super::leg::Leg| matches!(leg.doing, Doing::Dialing(_));
        let number = self.legs.get(&second).filter(dials);
        let Some(number) = number.map(|leg| leg.place.exten.clone()) else {
            return false;
        };
        self.hung_up_in_name(second);
        self.sends(first, &number, None)
    }

    fn reconnects(&mut self, line: &str, id: LegId) -> bool {
        if self.state_at_phone(id) != PhoneState::Holding {
            return false;
        }
        for other in self.legs_at(&Whose::Desk(line.to_owned())) {
            if other != id {
                self.hung_up_in_name(other);
            }
        }
        self.phone_resumes(id);
        true
    }

    fn presses_tones(&mut self, id: LegId, keys: &str) -> bool {
        let Some(peer) = self.peer(id) else {
            return false;
        };
        for key in keys.chars().filter(|key| *key != ',') {
            self.tone(peer, key);
        }
        true
    }

    fn clicks(&mut self, line: &str, number: &str) -> Result<LegId, Refusal> {
        let mark = format!("click-{}", self.next_id());
        self.originate(Originating {
            channel: format!("PJSIP/{line}"),
            then: Then::Run(Place::new(INSIDE, number, 1)),
            action_id: None,
            party: Party::default(),
            timeout: PICKS_UP_WITHIN,
            channel_id: Some(mark.clone()),
            variables: Vec::new(),
            blocks: None,
        });
        let made = self.legs.values().find(|leg| leg.uniqueid == mark);
        made.map(|leg| leg.id).ok_or(Refusal::NotNow)
    }
}

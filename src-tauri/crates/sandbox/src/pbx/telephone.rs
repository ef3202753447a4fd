//! A telephone as a test or the demo holds it in its hand.

use tokio::sync::watch;

use super::exchange::{Exchange, Shared};
use super::hangup::Ending;
use super::leg::LegId;
use super::phone::{CallAtPhone, Habits, PhoneState, Whose};

/// A telephone on a desk, the outside world, or one caller from outside.
///
/// A verb acts on the newest call it fits and answers whether there was one.
#[derive(Clone)]
pub struct Phone {
    shared: Shared,
    whose: Whose,
}

impl Phone {
    pub(super) fn new(shared: Shared, whose: Whose) -> Self {
        Self { shared, whose }
    }

    /// What it does by itself from now on.
    pub fn behaves(&self, habits: Habits) {
        let endpoint = match &self.whose {
            Whose::Desk(extension) => extension.clone(),
            Whose::Outside | Whose::Call(_) => "trunk".to_owned(),
        };
        self.shared.with(|exchange| {
            if let Some(device) = exchange.devices.get_mut(&endpoint) {
                device.habits = habits;
            }
        });
    }

    /// What it calls itself when it registers.
    pub fn calls_itself(&self, user_agent: &str) {
        let Whose::Desk(extension) = &self.whose else {
            return;
        };
        self.shared.with(|exchange| {
            if let Some(device) = exchange.devices.get_mut(extension) {
                device.user_agent = user_agent.to_owned();
            }
        });
    }

    /// Picks up.
    pub fn answer(&self) -> bool {
        self.act(&[PhoneState::Ringing], Exchange::answered)
    }

    /// Refuses with "declined".
    pub fn decline(&self) -> bool {
        self.act(&[PhoneState::Ringing], |exchange, leg| {
            exchange.refuses(leg, "NOANSWER", Ending::with_tech(21, 603));
        })
    }

    /// Refuses with "busy".
    pub fn refuse_busy(&self) -> bool {
        self.act(&[PhoneState::Ringing], |exchange, leg| {
            exchange.refuses(leg, "BUSY", Ending::with_tech(17, 486))
        })
    }

    /// Hangs up what talks, else gives up what is dialled, else refuses what rings, else ends what is held.
    pub fn hang_up(&self) -> bool {
        let order = [
            PhoneState::Talking,
            PhoneState::Dialing,
            PhoneState::Ringing,
            PhoneState::Holding,
        ];
        self.act(&order, Exchange::phone_hangs_up)
    }

    /// Presses hold.
    pub fn hold(&self) -> bool {
        self.act(&[PhoneState::Talking], Exchange::phone_holds)
    }

    /// Takes the held call back.
    pub fn resume(&self) -> bool {
        self.act(&[PhoneState::Holding], Exchange::phone_resumes)
    }

    /// Presses keys during the call in talk, feature codes included.
    pub fn send_digits(&self, digits: &str) -> bool {
        self.act(&[PhoneState::Talking], |exchange, leg| {
            exchange.press(leg, digits)
        })
    }

    /// Dials. Only a telephone on a desk can.
    pub fn dial(&self, number: &str) -> bool {
        let Whose::Desk(extension) = &self.whose else {
            return false;
        };
        self.shared
            .with(|exchange| exchange.dials_from(extension, number));
        true
    }

    /// The calls at this telephone now, oldest first.
    pub fn calls(&self) -> Vec<CallAtPhone> {
        self.shared
            .with(|exchange| exchange.calls_at(&self.whose))
            .into_iter()
            .filter(|call| call.state != PhoneState::Idle)
            .collect()
    }

    /// Whether a person is at the other end of one of its calls, not just a ringing tone or music.
    pub fn is_in_talk(&self) -> bool {
        self.shared.with(|exchange| {
            let legs = exchange.legs_at(&self.whose);
            legs.iter().any(|leg| exchange.peer(*leg).is_some())
        })
    }

    /// Changes whenever anything happened at the PBX.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes()
    }

    fn act(&self, states: &[PhoneState], how: impl FnOnce(&mut Exchange, LegId)) -> bool {
        self.shared
            .with(|exchange| match exchange.newest_in(&self.whose, states) {
                Some(leg) => {
                    how(exchange, leg);
                    true
                }
                None => false,
            })
    }
}

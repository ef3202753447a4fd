//! Standing orders: what the PBX itself does with calls for a telephone before that telephone hears of them.

use super::dial::Purpose;
use super::exchange::Exchange;
use super::hangup::Ending;
use super::leg::LegId;
use super::phone::REACTION;

/// The orders of one telephone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StandingOrders {
    /// Callers hear that it is busy.
    pub do_not_disturb: bool,
    /// All calls go to this number.
    pub forward_to: Option<String>,
    /// The number that forwarding had when it was switched off.
    pub forwarded_to_before: Option<String>,
}

impl Exchange {
    /// Whether a call that has just come for this telephone is forwarded or refused without ringing.
    pub(super) fn served_at_once(&mut self, id: LegId, endpoint: &str) -> bool {
        let Some(orders) = self.devices.get(endpoint).map(|device| &device.orders) else {
            return false;
        };
        let (forward_to, refuses) = (orders.forward_to.clone(), orders.do_not_disturb);
        if self.is_own_call(id) {
            return false;
        }
        if let Some(to) = forward_to {
            self.reacts(id, REACTION, move |exchange, id| {
                exchange.deflects(id, &to, "unconditional")
            });
            return true;
        }
        if refuses {
            self.reacts(id, REACTION, |exchange, id| {
                exchange.refuses(id, "BUSY", Ending::with_tech(17, 486))
            });
        }
        refuses
    }

    /// The telephone is called because its own person wants to call somebody.
    pub(super) fn is_own_call(&self, id: LegId) -> bool {
        let dial = self.legs.get(&id).and_then(|leg| leg.dialled_by);
        let purpose = dial.and_then(|dial| self.dials.get(&dial));
        purpose.is_some_and(|dial| matches!(dial.purpose, Purpose::Originate(_)))
    }
}

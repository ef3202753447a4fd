//! Keys pressed during a call: feature codes where the Dial allows them, tones for the other side where it does not.

use std::time::Duration;

use super::exchange::Exchange;
use super::hangup::Ending;
use super::leg::{Keying, LegId};

/// Asterisk hands simulated keys on one by one.
const BETWEEN_KEYS: Duration = Duration::from_millis(45);
const CODES: [&str; 4] = ["*2", "#1", "*1", "*0"];

impl Exchange {
    /// Presses keys at the telephone of this leg, or as if.
    pub(super) fn press(&mut self, id: LegId, keys: &str) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        leg.keys.waiting.extend(keys.chars());
        if !std::mem::replace(&mut leg.keys.ticking, true) {
            self.after(Duration::from_millis(4), move |exchange| {
                exchange.next_key(id)
            });
        }
    }

    fn next_key(&mut self, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        let Some(key) = leg.keys.waiting.pop_front() else {
            leg.keys.ticking = false;
            return;
        };
        self.tell_with(
            "DTMFEnd",
            id,
            &[
                ("Digit", &key.to_string()),
                ("DurationMs", "0"),
                ("Direction", "Received"),
            ],
        );
        self.take_key(id, key);
        self.after(BETWEEN_KEYS, move |exchange| exchange.next_key(id));
    }

    fn take_key(&mut self, id: LegId, key: char) {
        let (consults, peer) = (self.consults(id), self.peer(id));
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        if leg.keys.deaf {
            return;
        }
        if leg.keys.keying.is_some() {
            self.key_target(id, key);
            return;
        }
        if !(leg.may_transfer || consults) || leg.bridge.is_none() {
            if let Some(peer) = peer {
                self.tone(peer, key);
            }
            return;
        }
        leg.keys.typed.push(key);
        let typed = leg.keys.typed.clone();
        if CODES
            .iter()
            .any(|code| *code != typed && code.starts_with(&typed))
        {
            return;
        }
        leg.keys.typed.clear();
        match typed.as_str() {
            "*2" if consults => self.hang_up(id, Ending::new(16)),
            "*1" if consults => self.abort_consult(id),
            "*2" => self.begin_keying(id, false),
            "#1" => self.begin_keying(id, true),
            "*0" => self.hang_up(id, Ending::new(16)),
            _ => {
                for key in typed.chars() {
                    if let Some(peer) = peer {
                        self.tone(peer, key);
                    }
                }
            }
        }
    }

    /// The customer is put on hold while the number is keyed in.
    fn begin_keying(&mut self, id: LegId, blind: bool) {
        let Some(peer) = self.peer(id) else { return };
        self.with_leg(id, |leg| {
            let context = leg
                .variables
                .get("TRANSFER_CONTEXT")
                .unwrap_or(&leg.place.context)
                .clone();
            leg.keys.keying = Some(Keying {
                context,
                digits: String::new(),
                blind,
            });
        });
        self.tell("Hold", id);
        self.music_starts(peer);
        self.keying_goes_on(id);
    }

    fn key_target(&mut self, id: LegId, key: char) {
        self.with_leg(id, |leg| {
            if let Some(keying) = &mut leg.keys.keying {
                keying.digits.push(key);
            }
        });
        self.keying_goes_on(id);
    }

    /// Dials at once what is complete, waits for what may grow, and gives up what leads nowhere.
    fn keying_goes_on(&mut self, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        let Some(keying) = leg.keys.keying.clone() else {
            return;
        };
        leg.keys.turn += 1;
        let turn = leg.keys.turn;
        // A plus sign is no key of a telephone: it spoils the number without a word.
        let exists = !keying.digits.contains('+')
            && super::house::find(&keying.context, &keying.digits).is_some();
        let grows =
            super::house::may_grow(&keying.context, &keying.digits) || keying.digits.is_empty();
        if exists && !grows {
            self.end_keying(id, true);
            return;
        }
        let wait = if exists || grows {
            self.options.transfer_digit_timeout
        } else {
            Duration::from_millis(150)
        };
        self.after(wait, move |exchange| {
            if exchange
                .legs
                .get(&id)
                .is_some_and(|leg| leg.keys.turn == turn)
            {
                exchange.end_keying(id, exists);
            }
        });
    }

    fn end_keying(&mut self, id: LegId, exists: bool) {
        let Some(keying) = self
            .legs
            .get_mut(&id)
            .and_then(|leg| leg.keys.keying.take())
        else {
            return;
        };
        match (exists, keying.blind) {
            (true, true) => {
                self.blind_transfer(id, &keying.context, &keying.digits);
            }
            (true, false) => self.begin_consult(id, &keying.context, &keying.digits),
            (false, _) => {
                self.tell("Unhold", id);
                if let Some(peer) = self.peer(id) {
                    self.music_stops(peer);
                }
            }
        }
    }

    /// The other side hears the key.
    pub(super) fn tone(&mut self, id: LegId, key: char) {
        let digit = key.to_string();
        self.tell_with("DTMFBegin", id, &[("Digit", &digit), ("Direction", "Sent")]);
        self.tell_with(
            "DTMFEnd",
            id,
            &[
                ("Digit", &digit),
                ("DurationMs", "100"),
                ("Direction", "Sent"),
            ],
        );
    }
}

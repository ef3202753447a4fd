//! A call from outside, described in a sentence and then placed.

use std::future::{IntoFuture, Ready, ready};

use super::channels::NewLeg;
use super::exchange::Exchange;
use super::leg::{Far, LegId, Party, Place};
use super::{Pbx, Phone};

/// A call from outside that is still to be placed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutsideCall {
    /// What the caller dialled.
    pub dialled: String,
    /// The user part of the caller's address, as it goes over the wire: `%0d%0a` becomes a line break.
    pub number: String,
    /// The display name, if the network sends one.
    pub name: Option<String>,
    /// The number is withheld, yet asserted to the PBX beside it.
    pub withheld: bool,
    /// Who forwarded the call to the company.
    pub diverted_by: Option<String>,
}

/// A call being described. `place` or awaiting it places the call.
pub struct Ring<'a> {
    pbx: &'a Pbx,
    call: OutsideCall,
}

impl<'a> Ring<'a> {
    pub(super) fn to(pbx: &'a Pbx, dialled: &str) -> Self {
        Self {
            pbx,
            call: OutsideCall {
                dialled: dialled.to_owned(),
                ..OutsideCall::default()
            },
        }
    }

    /// The caller's number; blanks are for the reader and do not go over the wire.
    pub fn from(mut self, number: &str) -> Self {
        self.call.number = number.split_whitespace().collect();
        self
    }

    /// The name the network sends with it.
    pub fn named(mut self, name: &str) -> Self {
        self.call.name = Some(name.to_owned());
        self
    }

    /// The caller withholds the number.
    pub fn withheld(mut self) -> Self {
        self.call.withheld = true;
        self
    }

    /// The number that forwarded the call.
    pub fn diverted_by(mut self, number: &str) -> Self {
        self.call.diverted_by = Some(number.split_whitespace().collect());
        self
    }

    /// Places the call; what comes back is the caller.
    pub fn place(self) -> Phone {
        self.pbx.call_in(&self.call)
    }
}

impl IntoFuture for Ring<'_> {
    type Output = Phone;
    type IntoFuture = Ready<Phone>;

    fn into_future(self) -> Self::IntoFuture {
        ready(self.place())
    }
}

impl Exchange {
    /// A call comes in over the trunk.
    pub(super) fn calls_in(&mut self, call: &OutsideCall) -> LegId {
        let caller = if call.withheld && call.number.is_empty() {
            Party::new("anonymous", Some("Anonymous"))
        } else {
            Party::new(&unescape(&call.number), call.name.as_deref())
        };
        let place = Place::new("from-trunk", &call.dialled, 1);
        let leg = self.new_leg(NewLeg::calling(Far::Trunk, caller, place));
        let (withheld, diverted_by) = (call.withheld, call.diverted_by.clone());
        self.with_leg(leg, |leg| {
            leg.withheld = withheld;
            leg.diverted_by = diverted_by;
        });
        self.run(leg);
        leg
    }
}

/// `%41` and its like in a SIP user part. A real PBX does this too, line breaks included.
pub(crate) fn unescape(user: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), user.as_bytes());
    while let Some((&first, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match (first, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

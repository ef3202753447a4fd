//! Every leg that is alive, ours and others'. Of others only what leads to a caller is kept.

use std::collections::{HashMap, VecDeque};

use crate::providers::asterisk::wire::{DialStatus, LegState, LegView};

/// More legs at once than this are not remembered; the oldest strangers go first.
const MOST: usize = 4096;

/// Where a leg stands that dialled nothing.
const START: &str = "s";
/// A leg that was answered.
pub const UP: LegState = LegState::Up;

/// One leg, without anybody's name or number.
#[derive(Clone, Debug, Default)]
pub struct Leg {
    /// What actions call it.
    pub name: String,
    /// Its group now; it changes without an event.
    pub linked: Option<String>,
    /// How far it has come.
    pub state: LegState,
    /// The extension with which it came.
    pub dialled: Option<String>,
    /// Where in the dialplan it stands.
    pub exten: Option<String>,
    /// The bridge it is in.
    pub bridge: Option<String>,
    /// The queue it waits in.
    pub queue: Option<String>,
    /// The leg on whose behalf it was called.
    pub dialled_by: Option<String>,
    /// How the call that it made failed, if it did.
    pub failed: Option<DialStatus>,
    /// The other half of a Local channel.
    pub pair: Option<String>,
    /// Hears the waiting music.
    pub music: bool,
    /// Part of a call of the agent: never forgotten to make room.
    pub kept: bool,
}

impl Leg {
    /// Half of a Local channel: an inner hinge of the telephone system, nobody's telephone.
    pub fn is_local(&self) -> bool {
        self.name.starts_with("Local/")
    }
}

/// The legs by their unique id.
#[derive(Debug, Default)]
pub struct Legs {
    legs: HashMap<String, Leg>,
    names: HashMap<String, String>,
    order: VecDeque<String>,
}

impl Legs {
    /// Takes in what an event says of a leg and answers with its id. `None`: the event says it of
    /// somebody else's leg and is not to be believed.
    pub fn see(&mut self, view: &LegView) -> Option<String> {
        let uid = self.identify(view)?;
        if !self.legs.contains_key(&uid) {
            self.add(&uid, view);
        }
        let leg = self.legs.get_mut(&uid)?;
        if view.linked.is_some() {
            leg.linked.clone_from(&view.linked);
        }
        leg.state = leg.state.max(view.state);
        leg.exten.clone_from(&view.exten);
        Some(uid)
    }

    /// What was known of a leg before this event.
    pub fn see_before(&self, view: &LegView) -> Option<&Leg> {
        self.legs.get(&self.identify(view)?)
    }

    fn identify(&self, view: &LegView) -> Option<String> {
        let by_name = self.names.get(&view.name);
        match &view.uid {
            Some(uid) if by_name.is_none_or(|known| known == uid) => {
                let same = self.legs.get(uid).is_none_or(|leg| leg.name == view.name);
                same.then(|| uid.clone())
            }
            _ => by_name.cloned(),
        }
    }

    fn add(&mut self, uid: &str, view: &LegView) {
        if self.legs.len() >= MOST {
            self.forget_oldest();
        }
        self.names.insert(view.name.clone(), uid.to_owned());
        self.order.push_back(uid.to_owned());
        self.legs.insert(
            uid.to_owned(),
            Leg {
                name: view.name.clone(),
                dialled: view.exten.clone().filter(|exten| exten != START),
                ..Leg::default()
            },
        );
    }

    fn forget_oldest(&mut self) {
        for _ in 0..self.order.len() {
            let Some(oldest) = self.order.pop_front() else {
                return;
            };
            if self.legs.get(&oldest).is_some_and(|leg| leg.kept) {
                self.order.push_back(oldest);
            } else if self.remove(&oldest) {
                return;
            }
        }
    }

    /// Forgets a leg. Says whether it was known.
    pub fn remove(&mut self, uid: &str) -> bool {
        let Some(leg) = self.legs.remove(uid) else {
            return false;
        };
        self.names.remove(&leg.name);
        if self.order.len() > 2 * MOST {
            self.order.retain(|known| self.legs.contains_key(known));
        }
        true
    }

    /// Forgets everything: the next snapshot says it anew.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// A leg by its id.
    pub fn get(&self, uid: &str) -> Option<&Leg> {
        self.legs.get(uid)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, uid: &str) -> Option<&mut Leg> {
        self.legs.get_mut(uid)
    }

    /// Marks a leg as part of a call of the agent.
    pub fn keep(&mut self, uid: &str) {
        if let Some(leg) = self.legs.get_mut(uid) {
            leg.kept = true;
        }
    }

    /// The leg that actions call so.
    pub fn named(&self, name: &str) -> Option<&str> {
        self.names.get(name).map(String::as_str)
    }

    /// What actions call the leg.
    pub fn name(&self, uid: &str) -> Option<&str> {
        self.legs.get(uid).map(|leg| leg.name.as_str())
    }

    /// Ids of the legs in a bridge.
    pub fn in_bridge<'a>(&'a self, bridge: &'a str) -> impl Iterator<Item = &'a str> {
        self.legs
            .iter()
            .filter(move |(_, leg)| leg.bridge.as_deref() == Some(bridge))
            .map(|(uid, _)| uid.as_str())
    }

    /// The real telephone that shares the bridge with `uid`.
    pub fn partner(&self, uid: &str) -> Option<&str> {
        let bridge = self.legs.get(uid)?.bridge.as_deref()?;
        self.in_bridge(bridge)
            .find(|other| *other != uid && self.get(other).is_some_and(|leg| !leg.is_local()))
    }

    /// Whom the Local channel of this half calls: the half that dials, and the telephone.
    pub fn called_through(&self, half: &str) -> Option<(&Leg, Option<&str>)> {
        let pair = self.get(half)?.pair.as_deref()?;
        let by_pair = |leg: &Leg| leg.dialled_by.as_deref() == Some(pair);
        let telephone = self.legs.iter().find(|(_, leg)| by_pair(leg));
        Some((self.get(pair)?, telephone.map(|(uid, _)| uid.as_str())))
    }

    /// The caller's own leg behind a leg that was called, through any Local channels in between.
    pub fn caller_of(&self, uid: &str) -> Option<String> {
        let mut at = self.get(uid)?.dialled_by.clone()?;
        for _ in 0..8 {
            let leg = self.get(&at)?;
            if !leg.is_local() {
                return Some(at);
            }
            let Some(other) = leg.pair.clone() else {
                break;
            };
            match self.get(&other).and_then(|half| half.dialled_by.clone()) {
                Some(by) => at = by,
                None => return self.partner(&other).map(str::to_owned),
            }
        }
        self.root_of(uid)
    }

    /// The first leg of the group, when it is a telephone and not the asking leg itself.
    pub fn root_of(&self, uid: &str) -> Option<String> {
        let root = self.get(uid)?.linked.clone()?;
        let leg = self.get(&root)?;
        (root != uid && !leg.is_local()).then_some(root)
    }

    /// The queue that a call came through, looked for along the way back to the caller.
    pub fn queue_of(&self, uid: &str) -> Option<String> {
        let mut at = uid.to_owned();
        for _ in 0..8 {
            let leg = self.get(&at)?;
            if leg.queue.is_some() {
                return leg.queue.clone();
            }
            at = match (&leg.dialled_by, &leg.pair) {
                (Some(by), _) => by.clone(),
                (None, Some(pair)) => pair.clone(),
                (None, None) => return None,
            };
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(name: &str, uid: Option<&str>) -> LegView {
        LegView {
            name: name.into(),
            uid: uid.map(str::to_owned),
            ..LegView::default()
        }
    }

    #[test]
    fn event_cannot_speak_for_another_leg() {
        let mut legs = Legs::default();
        legs.see(&view("PJSIP/101-00000001", Some("1.1")));
        legs.see(&view("PJSIP/trunk-00000002", Some("1.2")));
        assert_eq!(
            legs.see(&view("PJSIP/trunk-00000002", Some("1.1")))
                .as_deref(),
            Some("1.2"),
            "the name at the block's beginning is true, an id further down may be injected"
        );
        assert_eq!(
            legs.see(&view("PJSIP/trunk-00000009", Some("1.1"))),
            None,
            "a strange name with our leg's id is not believed"
        );
    }

    #[test]
    fn a_flood_of_strangers_is_bounded() {
        let mut legs = Legs::default();
        for n in 0..3 * MOST {
            legs.see(&view(&format!("PJSIP/x-{n:08x}"), Some(&format!("9.{n}"))));
        }
        assert!(
            legs.legs.len() <= MOST,
            "memory must not follow the PBX's load"
        );
        assert!(legs.order.len() <= 3 * MOST, "nor the list of ages");
    }
}

//! Bridges: who talks to whom, and how one falls apart.

use super::event::{Class, Event};
use super::exchange::Exchange;
use super::leg::{BridgeId, LegId};

/// A bridge and its members in the order they came.
#[derive(Debug)]
pub(super) struct Bridge {
    pub uniqueid: String,
    pub members: Vec<LegId>,
    /// The holding bridge of the parking lot.
    pub parking: bool,
}

impl Bridge {
    /// The seven lines that describe a bridge, each key behind `prefix`.
    pub(super) fn describe(&self, event: Event, prefix: &str) -> Event {
        let (kind, technology, creator, name) = if self.parking {
            ("parking", "holding_bridge", "Parking", "default")
        } else {
            ("basic", "simple_bridge", "<unknown>", "<unknown>")
        };
        event
            .field(&format!("{prefix}BridgeUniqueid"), &self.uniqueid)
            .field(&format!("{prefix}BridgeType"), kind)
            .field(&format!("{prefix}BridgeTechnology"), technology)
            .field(&format!("{prefix}BridgeCreator"), creator)
            .field(&format!("{prefix}BridgeName"), name)
            .field(
                &format!("{prefix}BridgeNumChannels"),
                &self.members.len().to_string(),
            )
            .field(&format!("{prefix}BridgeVideoSourceMode"), "none")
    }
}

impl Exchange {
    pub(super) fn new_bridge(&mut self, parking: bool) -> BridgeId {
        let id = self.next_id();
        let uniqueid = format!(
            "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
            self.seconds(),
            id >> 16,
            id & 0xfff,
            id & 0xfff,
            id
        );
        self.bridges.insert(
            id,
            Bridge {
                uniqueid,
                members: Vec::new(),
                parking,
            },
        );
        self.tell_bridge("BridgeCreate", id);
        id
    }

    /// Puts both into a new bridge: the called side first, as Asterisk does.
    pub(super) fn join(&mut self, called: LegId, calling: LegId) -> BridgeId {
        let bridge = self.new_bridge(false);
        self.enter(bridge, called, None);
        self.enter(bridge, calling, None);
        bridge
    }

    /// A leg enters; of the calls that meet here the oldest gives all its linkedid, without a word.
    pub(super) fn enter(&mut self, bridge: BridgeId, leg: LegId, swapped_for: Option<&str>) {
        let Some(members) = self.bridges.get_mut(&bridge).map(|bridge| {
            bridge.members.push(leg);
            bridge.members.clone()
        }) else {
            return;
        };
        if let Some(leg) = self.legs.get_mut(&leg) {
            leg.bridge = Some(bridge);
        }
        let oldest = members
            .iter()
            .filter_map(|member| self.legs.get(member))
            .min_by_key(|leg| leg.linked_rank)
            .map(|leg| (leg.linkedid.clone(), leg.linked_rank));
        if let Some((linkedid, rank)) = oldest {
            for member in &members {
                if let Some(member) = self.legs.get_mut(member) {
                    (member.linkedid, member.linked_rank) = (linkedid.clone(), rank);
                }
            }
        }
        self.tell_member("BridgeEnter", (bridge, leg), swapped_for);
    }

    /// A leg leaves its bridge; the bridge stays until somebody destroys it.
    pub(super) fn leave(&mut self, leg: LegId) -> Option<BridgeId> {
        let bridge = self.legs.get_mut(&leg)?.bridge.take()?;
        if let Some(bridge) = self.bridges.get_mut(&bridge) {
            bridge.members.retain(|member| *member != leg);
        }
        self.tell_member("BridgeLeave", (bridge, leg), None);
        Some(bridge)
    }

    pub(super) fn destroy(&mut self, bridge: BridgeId) {
        if self.bridges.contains_key(&bridge) {
            self.tell_bridge("BridgeDestroy", bridge);
            self.bridges.remove(&bridge);
        }
    }

    pub(super) fn members(&self, bridge: BridgeId) -> Vec<LegId> {
        self.bridges
            .get(&bridge)
            .map(|bridge| bridge.members.clone())
            .unwrap_or_default()
    }

    /// The other one in a bridge of two.
    pub(super) fn peer(&self, leg: LegId) -> Option<LegId> {
        let bridge = self.legs.get(&leg)?.bridge?;
        self.bridges
            .get(&bridge)?
            .members
            .iter()
            .copied()
            .find(|member| *member != leg)
    }

    /// An event that puts a leg into words together with its bridge.
    fn tell_member(
        &mut self,
        name: &'static str,
        (bridge, leg): (BridgeId, LegId),
        swapped_for: Option<&str>,
    ) {
        let (Some(bridge), Some(leg)) = (self.bridges.get(&bridge), self.legs.get(&leg)) else {
            return;
        };
        let mut event = bridge
            .describe(Event::new(name, Class::Call), "")
            .leg("", leg);
        if let Some(uniqueid) = swapped_for {
            event = event.field("SwapUniqueid", uniqueid);
        }
        self.say(event);
    }

    fn tell_bridge(&mut self, name: &'static str, bridge: BridgeId) {
        if let Some(bridge) = self.bridges.get(&bridge) {
            let event = bridge.describe(Event::new(name, Class::Call), "");
            self.say(event);
        }
    }
}

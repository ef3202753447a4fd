//! Legs begin, change and end on the wire.

use std::collections::BTreeMap;
use std::time::Instant;

use super::exchange::Exchange;
use super::house;
use super::leg::{Doing, Far, Keys, Leg, LegId, Party, Place, State};

/// Where a Local channel leads.
pub(super) struct LocalTo<'a> {
    pub exten: &'a str,
    pub context: &'a str,
    /// Without `/n`: the pair goes away once both sides talk.
    pub optimise: bool,
}

/// What a new leg is to be.
pub(super) struct NewLeg {
    pub far: Far,
    pub state: State,
    pub caller: Party,
    pub place: Place,
    pub in_dialplan: bool,
    /// The leg whose call it joins.
    pub joins: Option<LegId>,
    /// The id an Originate asked for.
    pub uniqueid: Option<String>,
}

impl NewLeg {
    /// The PBX calls a telephone.
    pub(super) fn to_phone(extension: &str) -> Self {
        Self {
            far: Far::Phone(extension.into()),
            state: State::Down,
            caller: Party::new(extension, house::name_of(extension)),
            place: Place::new("from-internal", "s", 1),
            in_dialplan: false,
            joins: None,
            uniqueid: None,
        }
    }

    /// The PBX calls out.
    pub(super) fn to_outside() -> Self {
        Self {
            far: Far::Trunk,
            caller: Party::default(),
            place: Place::new("from-trunk", "s", 1),
            ..Self::to_phone("trunk")
        }
    }

    /// Someone calls in and dials `exten`.
    pub(super) fn calling(far: Far, caller: Party, place: Place) -> Self {
        Self {
            far,
            state: State::Ring,
            caller,
            place,
            in_dialplan: true,
            joins: None,
            uniqueid: None,
        }
    }
}

impl Exchange {
    /// A leg comes to life, announced by Newchannel.
    pub(super) fn new_leg(&mut self, new: NewLeg) -> LegId {
        let name = match &new.far {
            Far::Phone(extension) => self.channel_name(&format!("PJSIP/{extension}")),
            Far::Trunk => self.channel_name("PJSIP/trunk"),
            Far::Local { .. } => String::new(),
        };
        let id = self.add_leg(new, name);
        self.tell("Newchannel", id);
        self.refresh_device_of(id);
        id
    }

    /// The pair of a Local channel for the call of `joins`, `;1` first.
    pub(super) fn new_local(&mut self, to: &LocalTo<'_>, joins: LegId) -> (LegId, LegId) {
        let LocalTo {
            exten,
            context,
            optimise,
        } = *to;
        let serial = self.counters.local;
        self.counters.local += 1;
        let half = |first: bool| NewLeg {
            far: Far::Local {
                other: 0,
                first,
                optimise,
            },
            state: if first { State::Down } else { State::Ring },
            caller: Party::default(),
            place: Place::new(context, exten, 1),
            in_dialplan: !first,
            joins: Some(joins),
            uniqueid: None,
        };
        let name = |half: u8| format!("Local/{exten}@{context}-{serial:08x};{half}");
        let one = self.add_leg(half(true), name(1));
        let two = self.add_leg(half(false), name(2));
        self.pair(one, two);
        self.pair(two, one);
        self.tell("Newchannel", one);
        self.tell("Newchannel", two);
        (one, two)
    }

    pub(super) fn set_state(&mut self, id: LegId, state: State) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        if leg.state != state {
            leg.state = state;
            self.tell("Newstate", id);
            self.refresh_device_of(id);
        }
    }

    /// Whom the leg's display shows from now on.
    pub(super) fn show(&mut self, id: LegId, whom: &Party) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        leg.connected = whom.clone();
        self.tell("NewConnectedLine", id);
    }

    /// Who the leg says it is from now on.
    pub(super) fn present(&mut self, id: LegId, as_whom: &Party) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        leg.caller = as_whom.clone();
        let presentation = if leg.withheld {
            "35 (Presentation Prohibited, Not Screened)"
        } else {
            "0 (Presentation Allowed, Not Screened)"
        };
        self.tell_with("NewCallerid", id, &[("CID-CallingPres", presentation)]);
    }

    pub(super) fn set_place(&mut self, id: LegId, place: Place) {
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.place = place;
        }
    }

    pub(super) fn set_priority(&mut self, id: LegId, priority: u32) {
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.place.priority = priority;
        }
    }

    pub(super) fn set_variable(&mut self, id: LegId, name: &str, value: &str) {
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.variables
                .insert(name.trim_start_matches('_').into(), value.into());
            self.tell_with("VarSet", id, &[("Variable", name), ("Value", value)]);
        }
    }

    pub(super) fn set_doing(&mut self, id: LegId, doing: Doing) {
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.doing = doing;
        }
    }

    pub(super) fn music_starts(&mut self, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id).filter(|leg| !leg.hears_music) else {
            return;
        };
        leg.hears_music = true;
        self.tell_with("MusicOnHoldStart", id, &[("Class", "default")]);
    }

    pub(super) fn music_stops(&mut self, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id).filter(|leg| leg.hears_music) else {
            return;
        };
        leg.hears_music = false;
        self.tell("MusicOnHoldStop", id);
    }

    /// The leg with this channel name, letter case aside.
    pub(super) fn leg_named(&self, name: &str) -> Option<LegId> {
        self.legs
            .values()
            .find(|leg| leg.name.eq_ignore_ascii_case(name))
            .map(|leg| leg.id)
    }

    pub(super) fn other_half(&self, id: LegId) -> Option<LegId> {
        match self.legs.get(&id)?.far {
            Far::Local { other, .. } => Some(other),
            _ => None,
        }
    }

    fn pair(&mut self, id: LegId, with: LegId) {
        if let Some(Leg {
            far: Far::Local { other, .. },
            ..
        }) = self.legs.get_mut(&id)
        {
            *other = with;
        }
    }

    fn channel_name(&mut self, endpoint: &str) -> String {
        let name = format!("{endpoint}-{:08x}", self.counters.channel);
        self.counters.channel += 1;
        name
    }

    fn add_leg(&mut self, new: NewLeg, name: String) -> LegId {
        let (id, seconds) = (self.next_id(), self.seconds());
        let uniqueid = new
            .uniqueid
            .unwrap_or_else(|| format!("{seconds}.{}", self.counters.unique));
        self.counters.unique += 1;
        let (linkedid, linked_rank) = new
            .joins
            .and_then(|joined| self.legs.get(&joined))
            .map_or((uniqueid.clone(), id), |joined| {
                (joined.linkedid.clone(), joined.linked_rank)
            });
        let leg = Leg {
            id,
            name,
            uniqueid,
            linkedid,
            linked_rank,
            state: new.state,
            caller: new.caller,
            connected: Party::default(),
            dnid: if new.in_dialplan {
                new.place.exten.clone()
            } else {
                String::new()
            },
            place: new.place,
            far: new.far,
            in_dialplan: new.in_dialplan,
            bridge: None,
            doing: Doing::Nothing,
            dialled_by: None,
            may_transfer: false,
            hears_music: false,
            holds: false,
            withheld: false,
            diverted_by: None,
            wants_answer: false,
            silenced: false,
            let_go: false,
            variables: BTreeMap::new(),
            since: Instant::now(),
            keys: Keys::default(),
        };
        self.legs.insert(id, leg);
        id
    }
}

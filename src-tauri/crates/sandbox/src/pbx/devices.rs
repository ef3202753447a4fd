//! Telephones as devices: whether they are registered, how they behave, and what hints and queues say of them.

use std::collections::BTreeMap;

use super::event::{Class, Event};
use super::exchange::Exchange;
use super::house::{self, Member};
use super::leg::{LegId, State};
use super::orders::StandingOrders;
use super::phone::Habits;

/// A telephone, or the trunk.
#[derive(Debug, Default)]
pub(super) struct Device {
    pub registered: bool,
    pub habits: Habits,
    pub user_agent: String,
    /// What the PBX itself does with calls for this telephone.
    pub orders: StandingOrders,
    announced: Usage,
}

/// What a device is used for at the moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Usage {
    #[default]
    Idle,
    InUse,
    Ringing,
    RingingInUse,
    Unavailable,
}

impl Usage {
    /// Status number and text of a hint.
    pub(super) fn hint(self) -> (i32, &'static str) {
        match self {
            Self::Idle => (0, "Idle"),
            Self::InUse => (1, "InUse"),
            Self::Unavailable => (4, "Unavailable"),
            Self::Ringing => (8, "Ringing"),
            Self::RingingInUse => (9, "InUse&Ringing"),
        }
    }

    /// What DeviceStateChange and DEVICE_STATE() call it.
    pub(super) fn device_state(self) -> &'static str {
        match self {
            Self::Idle => "NOT_INUSE",
            Self::InUse => "INUSE",
            Self::Unavailable => "UNAVAILABLE",
            Self::Ringing => "RINGING",
            Self::RingingInUse => "RINGINUSE",
        }
    }

    /// The number a queue gives it.
    pub(super) fn in_queue(self) -> u8 {
        match self {
            Self::Idle => 1,
            Self::InUse => 2,
            Self::Unavailable => 5,
            Self::Ringing => 6,
            Self::RingingInUse => 7,
        }
    }
}

impl Device {
    /// All telephones of the house and the trunk; those named are registered.
    pub(super) fn all(registered: &[String]) -> BTreeMap<String, Self> {
        let mut devices: BTreeMap<String, Self> = house::PHONES
            .iter()
            .map(|(extension, _)| {
                let here = registered.iter().any(|known| known == extension);
                let announced = if here {
                    Usage::Idle
                } else {
                    Usage::Unavailable
                };
                let user_agent = "Sandbox telephone".to_owned();
                (
                    (*extension).to_owned(),
                    Self {
                        registered: here,
                        announced,
                        user_agent,
                        habits: Habits::default(),
                        orders: StandingOrders::default(),
                    },
                )
            })
            .collect();
        devices.insert(
            "trunk".into(),
            Self {
                registered: true,
                ..Self::default()
            },
        );
        devices
    }

    pub(super) fn forget_calls(&mut self) {
        self.announced = if self.registered {
            Usage::Idle
        } else {
            Usage::Unavailable
        };
    }
}

impl Exchange {
    pub(super) fn usage(&self, endpoint: &str) -> Usage {
        if !self
            .devices
            .get(endpoint)
            .is_some_and(|device| device.registered)
        {
            return Usage::Unavailable;
        }
        let states = || {
            self.legs
                .values()
                .filter(|leg| leg.endpoint() == Some(endpoint))
                .map(|leg| leg.state)
        };
        let ringing = states().any(|state| state == State::Ringing);
        let in_use = states().any(|state| matches!(state, State::Up | State::Ring | State::Busy));
        match (ringing, in_use) {
            (true, true) => Usage::RingingInUse,
            (true, false) => Usage::Ringing,
            (false, true) => Usage::InUse,
            (false, false) => Usage::Idle,
        }
    }

    pub(super) fn refresh_device_of(&mut self, leg: LegId) {
        let endpoint = self
            .legs
            .get(&leg)
            .and_then(|leg| leg.endpoint())
            .map(str::to_owned);
        if let Some(endpoint) = endpoint {
            self.refresh_device(&endpoint);
        }
    }

    /// Says how a device is used now, if that has changed.
    pub(super) fn refresh_device(&mut self, endpoint: &str) {
        let usage = self.usage(endpoint);
        let Some(device) = self
            .devices
            .get_mut(endpoint)
            .filter(|device| device.announced != usage)
        else {
            return;
        };
        device.announced = usage;
        if endpoint != "trunk" {
            self.say(self.extension_status(endpoint));
        }
        let device = Event::new("DeviceStateChange", Class::Call)
            .field("Device", &format!("PJSIP/{endpoint}"));
        self.say(device.field("State", usage.device_state()));
        for member in house::MEMBERS
            .iter()
            .filter(|member| member.extension == endpoint)
        {
            let event = self.describe_member(Event::new("QueueMemberStatus", Class::Agent), member);
            self.say(event);
        }
    }

    /// A telephone comes or goes.
    pub(super) fn set_registered(&mut self, extension: &str, registered: bool) {
        if let Some(device) = self.devices.get_mut(extension) {
            device.registered = registered;
            self.refresh_device(extension);
        }
    }

    fn extension_status(&self, extension: &str) -> Event {
        self.describe_hint(Event::new("ExtensionStatus", Class::Call), extension)
    }

    /// The lines of a hint.
    pub(super) fn describe_hint(&self, event: Event, extension: &str) -> Event {
        let (status, text) = self.usage(extension).hint();
        event
            .field("Exten", extension)
            .field("Context", "ext")
            .field("Hint", &format!("PJSIP/{extension}"))
            .field("Status", &status.to_string())
            .field("StatusText", text)
    }

    /// The lines of a queue member, as its events have them.
    pub(super) fn describe_member(&self, event: Event, member: &Member) -> Event {
        let event = event
            .field("Queue", member.queue)
            .field("MemberName", member.name)
            .field("Interface", member.interface);
        self.member_numbers(event, member)
            .field("Ringinuse", "1")
            .field("Wrapuptime", "0")
    }

    /// The lines that queue events and QueueStatus share.
    pub(super) fn member_numbers(&self, event: Event, member: &Member) -> Event {
        let (taken, last) = self.queues.taken_by(member);
        event
            .field("StateInterface", &format!("PJSIP/{}", member.extension))
            .field("Membership", "static")
            .field("Penalty", &member.penalty.to_string())
            .field("CallsTaken", &taken.to_string())
            .field("LastCall", &last.to_string())
            .field("LastPause", "0")
            .field("LoginTime", &self.queues.login_time().to_string())
            .field("InCall", "0")
            .field(
                "Status",
                &self.usage(member.extension).in_queue().to_string(),
            )
            .field("Paused", "0")
            .field("PausedReason", "")
    }
}

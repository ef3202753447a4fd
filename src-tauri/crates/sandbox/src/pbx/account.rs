//! The manager accounts: secrets, and what each may hear and do.

use super::event::Event;

/// An account as `manager.conf` would have it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    pub name: &'static str,
    pub secret: &'static str,
    read: Rights,
    write: Rights,
    /// Events with one of these names, or names that begin so, are not sent (`eventfilter = !Event: ...`).
    filtered: &'static [&'static str],
}

#[derive(Debug, Clone, Copy)]
enum Rights {
    All,
    Only(&'static [&'static str]),
}

impl Rights {
    fn has(self, class: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(classes) => classes.contains(&class),
        }
    }
}

/// `cti` may do everything, `ctimin` calls and originating, `agent101` the same with less noise.
const ACCOUNTS: [Account; 3] = [
    Account {
        name: "cti",
        secret: "cti-secret",
        read: Rights::All,
        write: Rights::All,
        filtered: &[],
    },
    Account {
        name: "ctimin",
        secret: "cti-secret",
        read: Rights::Only(&["call", "agent"]),
        write: Rights::Only(&["call", "originate"]),
        filtered: &[],
    },
    Account {
        name: "agent101",
        secret: "agent101-secret",
        read: Rights::Only(&["call", "agent"]),
        write: Rights::Only(&["call", "originate"]),
        filtered: &["DeviceStateChange", "QueueMemberStatus"],
    },
];

/// The account of this name.
pub(super) fn named(name: &str) -> Option<&'static Account> {
    ACCOUNTS.iter().find(|account| account.name == name)
}

impl Account {
    pub(super) fn may_hear(&self, event: &Event) -> bool {
        self.read.has(event.class.word())
            && !self
                .filtered
                .iter()
                .any(|name| event.name.starts_with(name))
    }

    /// Whether one of the classes is enough to send an action; no class means everybody may.
    pub(super) fn may_send(&self, classes: &[&str]) -> bool {
        classes.is_empty() || classes.iter().any(|class| self.write.has(class))
    }
}

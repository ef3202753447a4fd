//! The packages of events: which events each of them tells.

/// What a subscription is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Package {
    Calls(Detail),
    DoNotDisturb,
    Forwarding,
}

/// How much of calls is told; each tells what those before it tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    Basic,
    Standard,
    Advanced,
}

impl Package {
    /// The package of this name, if there is one here.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "Basic Call" => Self::Calls(Detail::Basic),
            "Standard Call" => Self::Calls(Detail::Standard),
            "Advanced Call" => Self::Calls(Detail::Advanced),
            "Do Not Disturb" => Self::DoNotDisturb,
            "Call Forwarding Always" => Self::Forwarding,
            _ => return None,
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Calls(Detail::Basic) => "Basic Call",
            Self::Calls(Detail::Standard) => "Standard Call",
            Self::Calls(Detail::Advanced) => "Advanced Call",
            Self::DoNotDisturb => "Do Not Disturb",
            Self::Forwarding => "Call Forwarding Always",
        }
    }

    /// Whether it tells of such an event.
    pub fn tells(self, kind: &str) -> bool {
        match self {
            Self::DoNotDisturb => kind == "DoNotDisturbEvent",
            Self::Forwarding => kind == "CallForwardingAlwaysEvent",
            Self::Calls(detail) => needs(kind).is_some_and(|needed| detail >= needed),
        }
    }
}

/// The package in which an event about calls begins to be told.
fn needs(kind: &str) -> Option<Detail> {
    match kind {
        "CallRedirectedEvent" | "CallDetachedEvent" => Some(Detail::Advanced),
        "CallHeldEvent"
        | "CallRetrievedEvent"
        | "CallTransferredEvent"
        | "CallUpdatedEvent"
        | "CallForwardedEvent"
        | "CallPickedUpEvent" => Some(Detail::Standard),
        _ if kind.starts_with("Conference") => Some(Detail::Standard),
        _ if kind.starts_with("Call") && !kind.starts_with("CallForwarding") => Some(Detail::Basic),
        "HookStatusEvent" => Some(Detail::Basic),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_advanced_package_tells_of_an_own_redirect() {
        let tells =
            |name: &str, kind: &str| Package::named(name).is_some_and(|one| one.tells(kind));
        assert!(
            tells("Advanced Call", "CallRedirectedEvent"),
            "the whole picture"
        );
        assert!(
            !tells("Standard Call", "CallRedirectedEvent"),
            "one step less"
        );
        assert!(tells("Standard Call", "CallHeldEvent"), "but holding");
        assert!(
            !tells("Basic Call", "CallHeldEvent"),
            "which the least does not"
        );
        assert!(
            !tells("Advanced Call", "CallForwardingAlwaysEvent"),
            "a package of its own"
        );
    }
}

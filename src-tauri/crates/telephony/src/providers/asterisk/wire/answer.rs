//! Answers to our actions, in our words.

use ringcard_core::{Availability, CommandError};

use super::Block;

/// What one block of a list says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// A leg.
    Leg,
    /// That was the last leg.
    LegsEnd,
    /// An extension with its state.
    Hint,
    /// That was the last extension.
    HintsEnd,
}

/// Whether something exists, as far as we may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existence {
    /// It does.
    There,
    /// It does not.
    Missing,
    /// The telephone system will not say.
    Unsaid,
}

impl Block {
    /// The id of the action that this block belongs to.
    pub fn action_id(&self) -> Option<&str> {
        self.get("ActionID")
    }

    /// Is this the answer to an action, and no event?
    pub fn is_response(&self) -> bool {
        self.key_at(0)
            .is_some_and(|key| key.eq_ignore_ascii_case("Response"))
    }

    /// Was the action accepted?
    pub fn is_accepted(&self) -> bool {
        self.get("Response") == Some("Success")
    }

    /// Do more blocks follow that belong to this answer?
    pub fn opens_list(&self) -> bool {
        self.get("EventList")
            .is_some_and(|list| list.eq_ignore_ascii_case("start"))
    }

    /// The value that was asked for.
    pub fn value(&self) -> Option<&str> {
        self.get("Value").filter(|_| self.is_accepted())
    }

    /// What the key of the login is made of.
    pub fn challenge(&self) -> Option<&str> {
        self.get("Challenge")
    }

    /// Is this action among those that the account may do?
    pub fn allows(&self, action: &str) -> bool {
        self.get(action).is_some()
    }

    /// What a refusal means.
    pub fn refusal(&self) -> CommandError {
        refusal(self.get("Message").unwrap_or_default())
    }

    /// What this part of a list is.
    pub fn listed(&self) -> Option<Listed> {
        match self.value_at(0)? {
            "Status" => Some(Listed::Leg),
            "StatusComplete" => Some(Listed::LegsEnd),
            "ExtensionStatus" => Some(Listed::Hint),
            "ExtensionStateListComplete" => Some(Listed::HintsEnd),
            _ => None,
        }
    }
}

/// The answer to [`super::inquiry::exists`].
pub fn existence(value: Option<&str>) -> Existence {
    match value {
        Some("1") => Existence::There,
        Some("0") => Existence::Missing,
        _ => Existence::Unsaid,
    }
}

/// The answer to [`super::inquiry::presentation_of_caller`] and its like: without one, a number is withheld.
pub fn may_be_shown(value: Option<&str>) -> bool {
    value.is_some_and(|value| value.starts_with("allowed"))
}

/// The states of an extension are bits: 1 in use, 2 busy, 4 unavailable, 8 ringing, 16 on hold.
pub fn availability(status: i32) -> Availability {
    match status {
        0 => Availability::Free,
        status if status < 0 => Availability::Unknown,
        status if status & (1 | 2 | 16) != 0 => Availability::Busy,
        status if status & 8 != 0 => Availability::Ringing,
        status if status & 4 != 0 => Availability::Away,
        _ => Availability::Unknown,
    }
}

fn refusal(message: &str) -> CommandError {
    let says = |part: &str| message.to_ascii_lowercase().contains(part);
    if says("permission denied") || says("forbidden") {
        CommandError::NoRight
    } else if says("extension does not exist") || says("invalid extension") {
        CommandError::NoSuchTarget
    } else if says("no such channel") || says("not exist") || says("not found") {
        CommandError::NoSuchCall
    } else {
        CommandError::RefusedByPbx
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ringing_while_talking_is_busy() {
        assert_eq!(availability(9), Availability::Busy, "in use and ringing");
        assert_eq!(availability(8), Availability::Ringing, "ringing only");
        assert_eq!(availability(4), Availability::Away, "not registered");
    }
}

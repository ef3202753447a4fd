//! Somebody at the other end of a call.

use std::fmt;

use serde::{Deserialize, Serialize};

/// May the number of the party be shown?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Presentation {
    /// The number may be shown, looked up and stored.
    #[default]
    Allowed,
    /// The caller asked to stay unknown: nothing is shown, looked up or stored.
    Withheld,
    /// The system has not said yet; treated like withheld until it does.
    Pending,
}

/// Name and number as the telephone system gave them, cleaned of escapes and control characters.
///
/// `Debug` shows neither: parties pass through logs of larger values.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Party {
    /// The number as it was signalled; `None` when there is none or it is withheld.
    pub number: Option<String>,
    /// The display name from the telephone system, never to be taken for a known contact.
    pub name: Option<String>,
    /// Whether the number may be shown.
    pub presentation: Presentation,
}

impl Party {
    /// A party known by its number alone.
    pub fn from_number(number: impl Into<String>) -> Self {
        Self {
            number: Some(number.into()),
            ..Self::default()
        }
    }

    /// A party that asked not to be known. Whatever the system knew is dropped here.
    pub fn withheld() -> Self {
        Self {
            number: None,
            name: None,
            presentation: Presentation::Withheld,
        }
    }

    /// The number, when it may be looked up.
    pub fn number_to_look_up(&self) -> Option<&str> {
        match self.presentation {
            Presentation::Allowed => self.number.as_deref(),
            Presentation::Withheld | Presentation::Pending => None,
        }
    }
}

impl fmt::Debug for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Party")
            .field("number", &self.number.as_ref().map(|_| "•••"))
            .field("name", &self.name.as_ref().map(|_| "•••"))
            .field("presentation", &self.presentation)
            .finish()
    }
}

/// Who is at the other end now. It may change while the call lives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote {
    /// The party as last heard.
    pub party: Party,
    /// Raised with every change; a lookup for an older revision is dropped.
    pub revision: u32,
}

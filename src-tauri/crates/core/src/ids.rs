//! Identities: ours, the telephone system's and the settings'.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text of this identity.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// One line of the agent: a provider with its account and extension, named in the settings.
    LineId
}
text_id! {
    /// One CRM source with its account, named in the settings.
    IntegrationId
}
text_id! {
    /// The provider's own name for the agent's leg of a call.
    LegId
}
text_id! {
    /// The PBX's id of the call with its first caller leg: the same on every desktop that saw it.
    CorrelationKey
}
text_id! {
    /// A queue or hunt group as people call it.
    QueueName
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID; version 7 keeps the order of creation.
            pub fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID itself.
            pub fn uuid(self) -> Uuid {
                self.0
            }

            /// Reads the form that [`fmt::Display`] writes.
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::try_parse(text).ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

uuid_id! {
    /// A call as Ringcard knows it, from its first sign to its end, over every change of legs.
    CallId
}
uuid_id! {
    /// One wish of the agent or of the command line, so that its end can be told from others.
    CommandId
}

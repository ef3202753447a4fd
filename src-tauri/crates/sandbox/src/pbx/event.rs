//! One block of the manager interface as bytes: names escaped, numbers not, just as Asterisk writes them.

use super::leg::{Leg, Party};

/// The class a block belongs to; a manager hears only classes that its account may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    System,
    Call,
    Agent,
    Dialplan,
    Dtmf,
    Security,
    /// An item of a list that was asked for: sent to the asker only, without `Privilege`.
    Answer,
}

impl Class {
    /// The word in `Privilege:` and in an account's rights.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Call => "call",
            Self::Agent => "agent",
            Self::Dialplan => "dialplan",
            Self::Dtmf => "dtmf",
            Self::Security => "security",
            Self::Answer => "",
        }
    }
}

/// A block under construction: its name, its class and what will be sent.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub name: &'static str,
    pub class: Class,
    body: Vec<u8>,
}

impl Event {
    pub(super) fn new(name: &'static str, class: Class) -> Self {
        let mut event = Self {
            name,
            class,
            body: Vec::new(),
        };
        event = event.field("Event", name);
        if class == Class::Answer {
            event
        } else {
            event.field("Privilege", &format!("{},all", class.word()))
        }
    }

    pub(super) fn field(mut self, key: &str, value: &str) -> Self {
        self.line(key, value.as_bytes());
        self
    }

    /// The fourteen lines that describe a leg, each key behind `prefix`.
    pub(super) fn leg(mut self, prefix: &str, leg: &Leg) -> Self {
        let key = |name: &str| format!("{prefix}{name}");
        self.line(&key("Channel"), leg.name.as_bytes());
        self.line(
            &key("ChannelState"),
            leg.state.number().to_string().as_bytes(),
        );
        self.line(&key("ChannelStateDesc"), leg.state.word().as_bytes());
        self.party(&key("CallerID"), &leg.caller);
        self.party(&key("ConnectedLine"), &leg.connected);
        self.line(&key("Language"), b"en");
        self.line(&key("AccountCode"), b"");
        self.line(&key("Context"), leg.place.context.as_bytes());
        self.line(&key("Exten"), leg.place.exten.as_bytes());
        self.line(&key("Priority"), leg.place.priority.to_string().as_bytes());
        self.line(&key("Uniqueid"), leg.uniqueid.as_bytes());
        self.line(&key("Linkedid"), leg.linkedid.as_bytes());
        self
    }

    /// The block as it goes over the wire, blank line included.
    pub(super) fn bytes(&self) -> Vec<u8> {
        [self.body.as_slice(), b"\r\n"].concat()
    }

    fn party(&mut self, key: &str, party: &Party) {
        let number = party
            .number
            .as_deref()
            .map_or(b"<unknown>".to_vec(), |number| cut(number).to_vec());
        let name = party
            .name
            .as_deref()
            .map_or(b"<unknown>".to_vec(), |name| escape(cut(name)));
        self.line(&format!("{key}Num"), &number);
        self.line(&format!("{key}Name"), &name);
    }

    fn line(&mut self, key: &str, value: &[u8]) {
        for part in [key.as_bytes(), b": ", value, b"\r\n"] {
            self.body.extend_from_slice(part);
        }
    }
}

/// Asterisk keeps 79 bytes of a name or number and cares little for letters of several bytes.
fn cut(text: &str) -> &[u8] {
    &text.as_bytes()[..text.len().min(79)]
}

/// C escapes, as names have them and numbers have not.
pub(super) fn escape(text: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(text.len());
    for &byte in text {
        let letter = match byte {
            7 => b'a',
            8 => b'b',
            9 => b't',
            10 => b'n',
            11 => b'v',
            12 => b'f',
            13 => b'r',
            b'\\' | b'\'' | b'"' | b'?' => byte,
            _ => {
                escaped.push(byte);
                continue;
            }
        };
        escaped.extend([b'\\', letter]);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_as_c_strings() {
        assert_eq!(
            escape(b"O'Brien \"& Co\"?\t\\"),
            b"O\\'Brien \\\"& Co\\\"\\?\\t\\\\",
            "clients must unescape names"
        );
    }

    #[test]
    fn a_long_name_is_cut_inside_a_letter() {
        let name = "ä".repeat(40);
        assert_eq!(
            cut(&name).len(),
            79,
            "79 bytes are half of the fortieth letter"
        );
        assert!(
            std::str::from_utf8(cut(&name)).is_err(),
            "clients must decode lossily"
        );
    }
}

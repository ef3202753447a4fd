//! An action on its way out. A value can never begin a line of its own.

use std::fmt;

/// One action with its headers. `Debug` shows the name only: headers carry numbers and secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Action {
    name: &'static str,
    headers: Vec<(&'static str, String)>,
}

impl Action {
    /// An action without headers.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            headers: Vec::new(),
        }
    }

    /// The same with one more header.
    pub fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((key, value.into()));
        self
    }

    /// The bytes for the wire. Control characters are left out of every value.
    pub fn encode(&self, action_id: &str) -> Vec<u8> {
        let mut text = format!("Action: {}\r\nActionID: {action_id}\r\n", self.name);
        for (key, value) in &self.headers {
            text.push_str(key);
            text.push_str(": ");
            text.extend(value.chars().filter(|c| !c.is_control()));
            text.push_str("\r\n");
        }
        text.push_str("\r\n");
        text.into_bytes()
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Action").field(&self.name).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_cannot_begin_a_line() {
        let bytes = Action::new("Redirect")
            .with("Exten", "102\r\nAction: Originate\r\n\r\n\u{85}")
            .encode("7");
        assert_eq!(
            String::from_utf8_lossy(&bytes),
            "Action: Redirect\r\nActionID: 7\r\nExten: 102Action: Originate\r\n\r\n",
            "line ends in a value would be further headers"
        );
    }

    #[test]
    fn debug_shows_no_value() {
        let action = Action::new("Login").with("Key", "s3cret");
        assert!(
            !format!("{action:?}").contains("s3cret"),
            "headers carry secrets and numbers"
        );
    }
}

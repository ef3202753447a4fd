//! Who is inside and can take a call: the extensions' hints, with names where they can be read.

use std::collections::{BTreeMap, VecDeque};

use ringcard_core::{Availability, Colleague};

use super::{Conversation, Question};
use crate::LineEvent;
use crate::providers::asterisk::wire::{Action, Block, availability, clean_name, hint, inquiry};

/// Names asked for at the same time.
const AT_ONCE: usize = 16;

/// The colleagues by extension.
#[derive(Debug, Default)]
pub(super) struct Colleagues {
    known: BTreeMap<String, Colleague>,
    /// Being listed anew; replaces what is known at the end of the list.
    listed: BTreeMap<String, Colleague>,
    /// Extensions with their devices whose names are still to be asked for.
    nameless: VecDeque<(String, String)>,
}

impl Colleagues {
    /// A telephone's state changed. Says the colleague if that is news.
    pub(super) fn hint(
        &mut self,
        row: &crate::providers::asterisk::wire::Row,
        own: &str,
    ) -> Option<Colleague> {
        let colleague = self
            .known
            .get_mut(&row.exten)
            .filter(|_| row.exten != own)?;
        let availability = availability(row.status);
        if colleague.availability == availability {
            return None;
        }
        colleague.availability = availability;
        Some(colleague.clone())
    }

    pub(super) fn availability(&self, exten: &str) -> Option<Availability> {
        self.known
            .get(exten)
            .map(|colleague| colleague.availability)
    }

    fn whole(&self) -> Vec<Colleague> {
        self.known.values().cloned().collect()
    }
}

impl Conversation {
    pub(super) fn colleague_listed(&mut self, block: &Block) {
        let Some(row) = hint(block) else {
            return;
        };
        let is_number = !row.exten.is_empty() && row.exten.bytes().all(|b| b.is_ascii_digit());
        if !is_number || row.exten == self.config.extension || row.status < 0 {
            return;
        }
        let colleagues = &mut self.colleagues;
        let name = colleagues
            .known
            .get(&row.exten)
            .and_then(|known| known.name.clone());
        if name.is_none() {
            colleagues
                .nameless
                .push_back((row.exten.clone(), row.device));
        }
        let colleague = Colleague {
            extension: row.exten.clone(),
            name,
            availability: availability(row.status),
        };
        colleagues.listed.insert(row.exten, colleague);
    }

    pub(super) fn colleagues_complete(&mut self) {
        self.colleagues.known = std::mem::take(&mut self.colleagues.listed);
        self.tell(LineEvent::Colleagues(self.colleagues.whole()));
        for _ in 0..AT_ONCE {
            self.ask_next_name();
        }
    }

    fn ask_next_name(&mut self) {
        let Some((exten, device)) = self.colleagues.nameless.pop_front() else {
            return;
        };
        match inquiry::name_of_device(&device) {
            Some(asked) => self.ask_name(exten, false, asked),
            None => self.ask_second_way(exten),
        }
    }

    /// Where FreePBX keeps the names.
    fn ask_second_way(&mut self, exten: String) {
        let asked = inquiry::name_in_freepbx(&exten);
        self.ask_name(exten, true, asked);
    }

    fn ask_name(&mut self, exten: String, second: bool, asked: Action) {
        self.ask(Question::Name(exten, second), asked);
    }

    pub(super) fn named(&mut self, exten: &str, second: bool, value: Option<&str>) {
        let name = value.and_then(display_name);
        if name.is_none() && !second {
            return self.ask_second_way(exten.to_owned());
        }
        if name.is_some()
            && let Some(colleague) = self.colleagues.known.get_mut(exten)
        {
            colleague.name = name;
            let colleague = colleague.clone();
            self.tell(LineEvent::Colleague(colleague));
        }
        self.ask_next_name();
    }
}

/// The name in `"Erika Muster" <102>`; a bare number is no name.
fn display_name(caller_id: &str) -> Option<String> {
    let name = caller_id.split('<').next().unwrap_or_default();
    let name = clean_name(name.trim().trim_matches('"'))?;
    (!name.bytes().all(|b| b.is_ascii_digit())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_stands_before_the_number() {
        assert_eq!(
            display_name("\"Agent Zwei\" <102>").as_deref(),
            Some("Agent Zwei"),
            "quoted"
        );
        assert_eq!(
            display_name("Agent Zwei <102>").as_deref(),
            Some("Agent Zwei"),
            "bare"
        );
        assert_eq!(display_name("<102>"), None, "a number alone is no name");
    }
}

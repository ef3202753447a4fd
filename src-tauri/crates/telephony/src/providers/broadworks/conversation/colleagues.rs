//! Who is inside and can be called: the company's directory, page by page.

use std::collections::BTreeMap;

use ringcard_core::{Availability, Colleague};

use super::{Conversation, Purpose};
use crate::LineEvent;
use crate::providers::broadworks::wire::answer::{Answer, Entry};
use crate::providers::broadworks::wire::request;

/// Entries asked for at once.
const PAGE: usize = 100;
/// A directory of more is cut off: nobody looks through it.
const MOST: usize = 5_000;

/// The colleagues by extension, with what requests about them call them.
#[derive(Default)]
pub(super) struct Colleagues {
    known: BTreeMap<String, Entry>,
    /// Entries seen so far, also those who cannot be called.
    seen: usize,
    whole: bool,
}

impl Conversation {
    /// Asks for the directory once; a restart of Ringcard asks again.
    pub(super) fn ask_colleagues(&mut self) {
        if !self.colleagues.whole {
            self.colleagues = Colleagues::default();
            self.ask_page();
        }
    }

    fn ask_page(&mut self) {
        let start = self.colleagues.seen + 1;
        let page = request::directory(&self.config.user, start, PAGE);
        self.ask(Purpose::Directory, page);
    }

    /// A page came, or will not come: an account may be without a directory.
    pub(super) fn page_listed(&mut self, answer: Option<Answer>) {
        let page = answer
            .filter(|answer| answer.trouble().is_none())
            .and_then(|answer| answer.page());
        let Some(page) = page else {
            return;
        };
        let colleagues = &mut self.colleagues;
        colleagues.seen += page.records;
        for entry in page.entries {
            let own = entry.user == self.config.user || entry.extension == self.config.extension;
            if !own {
                colleagues.known.insert(entry.extension.clone(), entry);
            }
        }
        let more = page.records > 0 && colleagues.seen < page.total.min(MOST);
        if more {
            return self.ask_page();
        }
        colleagues.whole = true;
        // Who is free is asked when a caller is to be sent to somebody.
        let all = colleagues.known.values().map(|entry| Colleague {
            extension: entry.extension.clone(),
            name: entry.name.clone(),
            availability: Availability::Unknown,
        });
        let all = all.collect();
        self.tell(LineEvent::Colleagues(all));
    }

    /// What requests about the colleague with this extension call him.
    pub(in super::super) fn user_of(&self, extension: &str) -> Option<&str> {
        let entry = self.colleagues.known.get(extension)?;
        (!entry.user.is_empty()).then_some(entry.user.as_str())
    }
}

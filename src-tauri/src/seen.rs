//! What the application told last, for what opens later: a window, a toast, a tooltip.

use std::collections::VecDeque;

use ringcard_ipc::{AppEvent, Card, StatusView, Who};

/// Calls whose names are remembered: a missed call is told after its card has gone.
const REMEMBERED: usize = 64;

/// The newest state.
#[derive(Default)]
pub struct Seen {
    /// Lines, integrations, tray.
    pub status: Option<StatusView>,
    /// Cards are on the screen, or would be if somebody asked.
    pub has_cards: bool,
    names: VecDeque<(String, Option<String>)>,
}

impl Seen {
    /// Takes what an event says.
    pub fn take(&mut self, event: &AppEvent) {
        match event {
            AppEvent::Preview(view) => {
                self.has_cards = !view.cards.is_empty();
                self.remember(&view.cards);
            }
            AppEvent::Phone(view) => self.remember(&view.cards),
            AppEvent::Status(status) => self.status = Some((**status).clone()),
            AppEvent::Settings(_)
            | AppEvent::Notice(_)
            | AppEvent::CallComing
            | AppEvent::ShowWindow => {}
        }
    }

    /// Who is at the other end of a call: a name that is certain, or a readable number.
    pub fn about(&self, call: &str) -> Option<String> {
        let found = self.names.iter().find(|(known, _)| known == call);
        found.and_then(|(_, about)| about.clone())
    }

    fn remember(&mut self, cards: &[Card]) {
        for card in cards {
            self.names.retain(|(known, _)| *known != card.call);
            self.names.push_front((card.call.clone(), about(card)));
        }
        self.names.truncate(REMEMBERED);
    }
}

/// Who is at the other end of a card: a name that is certain, or a readable number.
pub fn about(card: &Card) -> Option<String> {
    match &card.who {
        Who::Certain { found } => Some(found.name.clone()),
        Who::Company { company, .. } => Some(company.clone()),
        _ => card.party.number.clone(),
    }
}

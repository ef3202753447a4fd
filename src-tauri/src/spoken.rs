//! What screen readers are told of a call: once, as soon as it is known who calls.

use std::collections::HashMap;

use ringcard_ipc::{CallState, Card, Direction, Presentation, PreviewView, Who};

use crate::seen;
use crate::texts::Texts;

/// What was said of each card.
#[derive(Debug, Default)]
pub struct Spoken {
    said: HashMap<String, String>,
}

impl Spoken {
    /// The sentences that are new. A caller who is still being looked up is waited for; somebody else at the other
    /// end is said again.
    pub fn news(&mut self, view: &PreviewView, texts: &Texts) -> Vec<String> {
        self.said
            .retain(|call, _| view.cards.iter().any(|card| card.call == *call));
        let ringing = view.cards.iter().filter(|card| rings(card));
        ringing
            .filter_map(|card| {
                let sentence = sentence(card, texts);
                let before = self.said.insert(card.call.clone(), sentence.clone());
                (before.as_ref() != Some(&sentence)).then_some(sentence)
            })
            .collect()
    }
}

fn rings(card: &Card) -> bool {
    card.direction == Direction::Incoming
        && card.state == CallState::Ringing
        && !matches!(card.who, Who::LookingUp)
}

fn sentence(card: &Card, texts: &Texts) -> String {
    let withheld = card.party.presentation == Presentation::Withheld;
    let who = match seen::about(card) {
        Some(who) if !withheld => who,
        _ => texts.say("who.withheld").to_owned(),
    };
    texts.fill("announce.incoming", &[("who", &who)])
}

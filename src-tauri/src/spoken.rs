//! What is told of a call beside its card, to screen readers or where the card cannot come: once, as soon as it is
//! known who calls.

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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ringing(who: Who) -> Card {
        let card = json!({
            "call": "one", "direction": "incoming", "state": "ringing",
            "started_at": 1_000, "state_since": 1_000,
            "party": {"number": "0231 123456", "presentation": "allowed"}, "revision": 0,
            "who": who, "can": [], "answer_way": "at_telephone", "unconfirmed": false, "note": "",
        });
        serde_json::from_value(card).expect("a card as it crosses")
    }

    fn company(name: &str) -> Who {
        Who::Company {
            company: name.into(),
            account: None,
            people: Vec::new(),
        }
    }

    fn told(spoken: &mut Spoken, cards: Vec<Card>) -> Vec<String> {
        let view = PreviewView {
            cards,
            ..PreviewView::default()
        };
        spoken.news(&view, Texts::of("en"))
    }

    #[test]
    fn a_caller_is_said_once_and_not_before_the_name_is_known() {
        let mut spoken = Spoken::default();
        let looking = ringing(Who::LookingUp);
        assert!(told(&mut spoken, vec![looking]).is_empty(), "not yet known");
        let known = || vec![ringing(company("Brandt"))];
        assert_eq!(told(&mut spoken, known()), ["Incoming call: Brandt"]);
        assert!(told(&mut spoken, known()).is_empty(), "said already");
    }

    #[test]
    fn somebody_else_at_the_other_end_is_said_again() {
        let mut spoken = Spoken::default();
        told(&mut spoken, vec![ringing(company("Brandt"))]);
        let other = vec![ringing(company("Nordlicht"))];
        assert_eq!(told(&mut spoken, other), ["Incoming call: Nordlicht"]);
    }

    #[test]
    fn the_same_caller_is_said_again_at_the_next_call() {
        let mut spoken = Spoken::default();
        let unknown = || vec![ringing(Who::Unknown { among: 5 })];
        assert_eq!(told(&mut spoken, unknown()), ["Incoming call: 0231 123456"]);
        assert!(told(&mut spoken, Vec::new()).is_empty());
        assert_eq!(told(&mut spoken, unknown()).len(), 1);
    }

    #[test]
    fn a_withheld_number_is_not_said() {
        let mut withheld = ringing(Who::Withheld);
        withheld.party.presentation = Presentation::Withheld;
        let said = told(&mut Spoken::default(), vec![withheld]);
        assert_eq!(said.len(), 1);
        assert!(!said[0].contains("123456"), "somebody wanted it so");
    }

    #[test]
    fn a_talk_and_an_own_call_are_not_said() {
        let mut talk = ringing(company("Brandt"));
        talk.state = CallState::Active;
        let mut own = ringing(company("Nordlicht"));
        own.direction = Direction::Outgoing;
        assert!(told(&mut Spoken::default(), vec![talk, own]).is_empty());
    }
}

//! The order in which events leave: as they happened, or shuffled between topics as a busy Asterisk does.
//!
//! Within one topic (channels, dials, device states) the order always stays.

use super::event::Event;

/// A small generator of our own, so that a seed gives the same order everywhere.
#[derive(Debug)]
pub(super) struct Shuffle {
    state: Option<u64>,
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Topic {
    Channel,
    Dial,
    Device,
    /// Nothing overtakes these, and they overtake nothing.
    Fixed,
}

impl Shuffle {
    pub(super) fn new(seed: Option<u64>) -> Self {
        Self {
            state: seed.map(|seed| seed.wrapping_mul(2).wrapping_add(1)),
        }
    }

    /// The events in the order they are sent.
    pub(super) fn order(&mut self, mut events: Vec<Event>) -> Vec<Event> {
        if self.state.is_none() {
            return events;
        }
        for last in (1..events.len()).rev() {
            for at in 0..last {
                if may_swap(&events[at], &events[at + 1]) && self.coin() {
                    events.swap(at, at + 1);
                }
            }
        }
        events
    }

    fn coin(&mut self) -> bool {
        let Some(state) = &mut self.state else {
            return false;
        };
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state & 0x10 != 0
    }
}

fn may_swap(first: &Event, second: &Event) -> bool {
    let (first, second) = (topic(first), topic(second));
    first != second && first != Topic::Fixed && second != Topic::Fixed
}

fn topic(event: &Event) -> Topic {
    match event.name {
        "Newstate" | "NewConnectedLine" | "NewCallerid" => Topic::Channel,
        "DialBegin" | "DialState" => Topic::Dial,
        "ExtensionStatus" | "DeviceStateChange" | "QueueMemberStatus" => Topic::Device,
        _ => Topic::Fixed,
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::Class;
    use super::*;

    fn events(names: &[&'static str]) -> Vec<Event> {
        names
            .iter()
            .map(|name| Event::new(name, Class::Call))
            .collect()
    }

    #[test]
    fn ringing_may_come_before_its_dial_begins() {
        let original = ["DialBegin", "Newstate", "DialState", "Hangup"];
        let seen: Vec<String> = (1..40)
            .map(|seed| Shuffle::new(Some(seed)).order(events(&original)))
            .map(|order| {
                order
                    .iter()
                    .map(|event| event.name)
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect();
        assert!(
            seen.iter()
                .any(|order| order.starts_with("Newstate DialBegin")),
            "some seed turns them round"
        );
        assert!(
            seen.iter().all(|order| order.ends_with("Hangup")),
            "a leg's end stays its end"
        );
    }

    #[test]
    fn without_a_seed_the_order_is_what_happened() {
        let order = Shuffle::new(None).order(events(&["DialBegin", "Newstate"]));
        assert_eq!(order[0].name, "DialBegin", "calm by default");
    }
}

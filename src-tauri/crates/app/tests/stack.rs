//! The stack of cards, event by event: which lies in front, when one hides, what brings it back.

use std::time::Duration;

use ringcard_app::{Effect, Event, Setup, State, UiCommand};
use ringcard_core::{
    Beginning, Call, CallId, CallState, CommandId, CorrelationKey, Direction, LegId, LineId,
    Moment, Party, Timestamp,
};
use ringcard_telephony::LineEvent;

struct Desk {
    state: State,
    now: Moment,
}

impl Desk {
    fn new() -> Self {
        let setup = Setup {
            lines: vec![LineId::new("desk")],
            integrations: Vec::new(),
            hide_after: Duration::from_secs(10),
            missed_call_toast: true,
        };
        let now = Moment {
            wall: Timestamp(1_000_000),
            monotonic: Duration::from_secs(50),
        };
        Self {
            state: State::new(setup, Vec::new()),
            now,
        }
    }

    fn rings(&mut self, number: &str) -> Call {
        let mut call = Call::begin(Beginning {
            id: CallId::new(uuid::Uuid::now_v7()),
            line: LineId::new("desk"),
            leg: LegId::new("PJSIP/101-00000001"),
            correlation: CorrelationKey::new("1795321145.10"),
            direction: Direction::Incoming,
            state: CallState::Ringing,
            started_at: self.now.wall,
        });
        call.meet(Party::from_number(number));
        self.tell(&call);
        call
    }

    fn talks(&mut self, call: &Call) {
        let mut call = call.clone();
        call.state = CallState::Active;
        self.tell(&call);
    }

    fn tell(&mut self, call: &Call) {
        let event = LineEvent::Call(Box::new(call.clone()));
        self.state
            .step(Event::Line(LineId::new("desk"), event), self.now);
    }

    fn asks(&mut self, command: UiCommand) -> Vec<Effect> {
        let id = CommandId::new(uuid::Uuid::now_v7());
        self.state.step(Event::Ui(id, command), self.now)
    }

    fn passes(&mut self, seconds: u64) -> Vec<Effect> {
        self.now.monotonic += Duration::from_secs(seconds);
        self.state.step(Event::Tick, self.now)
    }

    fn cards(&self) -> Vec<CallId> {
        let cards = self.state.preview_cards();
        cards.iter().map(|card| card.call.id).collect()
    }
}

#[test]
fn chosen_card_lies_in_front_and_no_call_is_told_anything() {
    let mut desk = Desk::new();
    let first = desk.rings("+493023125001");
    let second = desk.rings("+493023125002");
    assert_eq!(desk.cards(), [first.id, second.id], "the older rings first");
    let effects = desk.asks(UiCommand::BringForward(second.id));
    assert_eq!(desk.cards(), [second.id, first.id]);
    assert_eq!(
        effects,
        [Effect::UpdatePreview],
        "looking at a card changes no call"
    );
}

#[test]
fn a_new_ring_lies_in_front_of_the_talk_that_was_chosen_before() {
    let mut desk = Desk::new();
    let talk = desk.rings("+493023125001");
    desk.talks(&talk);
    let waiting = desk.rings("+493023125002");
    desk.asks(UiCommand::BringForward(talk.id));
    assert_eq!(desk.cards(), [talk.id, waiting.id], "the agent chose it");
    let new = desk.rings("+493023125003");
    assert_eq!(
        desk.cards(),
        [waiting.id, new.id, talk.id],
        "who rings is not hidden behind an earlier choice"
    );
    desk.asks(UiCommand::BringForward(talk.id));
    assert_eq!(desk.cards()[0], talk.id, "it can be chosen again");
}

#[test]
fn a_chosen_card_that_rings_itself_stays_in_front() {
    let mut desk = Desk::new();
    let first = desk.rings("+493023125001");
    let second = desk.rings("+493023125002");
    desk.asks(UiCommand::BringForward(second.id));
    let third = desk.rings("+493023125003");
    assert_eq!(
        desk.cards(),
        [second.id, first.id, third.id],
        "Answer must not change its call under the mouse"
    );
}

#[test]
fn hidden_card_comes_back_for_the_set_time_and_goes_again() {
    let mut desk = Desk::new();
    let call = desk.rings("+493023125001");
    desk.talks(&call);
    desk.passes(11);
    assert!(desk.cards().is_empty(), "it has had its time");
    desk.asks(UiCommand::ShowPreview);
    assert_eq!(desk.cards(), [call.id], "the tray brings it back");
    desk.passes(9);
    assert_eq!(desk.cards(), [call.id], "for as long as it is set");
    assert!(desk.passes(2).contains(&Effect::HidePreview));
}

#[test]
fn closed_card_comes_back_when_it_is_asked_for() {
    let mut desk = Desk::new();
    let call = desk.rings("+493023125001");
    desk.asks(UiCommand::ClosePreview(call.id));
    assert!(desk.cards().is_empty(), "the agent closed it");
    desk.asks(UiCommand::ShowPreview);
    assert_eq!(desk.cards(), [call.id]);
    desk.passes(60);
    assert_eq!(desk.cards(), [call.id], "it still rings");
}

#[test]
fn cards_are_not_shown_where_there_is_no_call() {
    let mut desk = Desk::new();
    let effects = desk.asks(UiCommand::ShowPreview);
    assert!(effects.is_empty(), "the phone window says so instead");
}

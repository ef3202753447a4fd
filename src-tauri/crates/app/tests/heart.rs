//! The heart, event by event: no clock, no disk, no telephone.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::time::Duration;

use ringcard_app::{
    Effect, Event, JournalEntry, LookedUp, Notice, Session, Setup, State, SyncCause, SyncEvent,
    TraySign, UiCommand,
};
use ringcard_core::{
    Ability, Call, CallCommand, CallId, CallState, CommandError, CommandId, Consultation,
    ConsultationPhase, CorrelationKey, Direction, EndReason, HeldBy, IntegrationId, LegId, LineId,
    LinkState, LinkTrouble, Matches, Moment, Outcome, Party, PhoneNumber, Remote, StatusReason,
    Target, Timestamp,
};
use ringcard_crm::{Error as CrmError, ErrorKind};
use ringcard_sync::Schedule;
use ringcard_telephony::{LineCommand, LineEvent};

/// An application with one listening line and one signed-in integration.
struct Desk {
    state: State,
    now: Moment,
}

impl Desk {
    fn new() -> Self {
        Self::with_open(Vec::new())
    }

    fn with_open(open: Vec<Call>) -> Self {
        let setup = Setup {
            lines: vec![LineId::new("desk")],
            integrations: vec![ringcard_app::IntegrationSetup {
                id: zoho(),
                schedule: Schedule {
                    every: Some(Duration::from_secs(900)),
                    at: Vec::new(),
                },
                zone: jiff::tz::TimeZone::UTC,
                signed_in: true,
                refreshed_at: Some(Timestamp(1_000_000)),
            }],
            hide_after: Duration::from_secs(10),
            missed_call_toast: true,
        };
        let now = Moment {
            wall: Timestamp(1_000_000),
            monotonic: Duration::from_secs(50),
        };
        let mut desk = Self {
            state: State::new(setup, open),
            now,
        };
        desk.line(LineEvent::Link(LinkState::Listening { since: now.wall }));
        desk
    }

    fn step(&mut self, event: Event) -> Vec<Effect> {
        self.state.step(event, self.now)
    }

    fn line(&mut self, event: LineEvent) -> Vec<Effect> {
        self.step(Event::Line(LineId::new("desk"), event))
    }

    fn call(&mut self, call: &Call) -> Vec<Effect> {
        self.line(LineEvent::Call(Box::new(call.clone())))
    }

    fn ask(&mut self, command: CallCommand) -> (CommandId, Vec<Effect>) {
        let id = CommandId::new(uuid::Uuid::now_v7());
        (id, self.step(Event::Ui(id, UiCommand::Call(command))))
    }

    fn passes(&mut self, seconds: u64) -> Vec<Effect> {
        self.now.monotonic += Duration::from_secs(seconds);
        self.now.wall = self.now.wall.plus(Duration::from_secs(seconds));
        self.step(Event::Tick)
    }

    fn cards(&self) -> Vec<CallId> {
        self.state
            .preview_cards()
            .iter()
            .map(|card| card.call.id)
            .collect()
    }
}

fn zoho() -> IntegrationId {
    IntegrationId::new("zoho")
}

fn incoming(number: &str) -> Call {
    Call {
        id: CallId::new(uuid::Uuid::now_v7()),
        line: LineId::new("desk"),
        leg: LegId::new("PJSIP/101-00000001"),
        correlation: CorrelationKey::new("1795321145.10"),
        direction: Direction::Incoming,
        state: CallState::Ringing,
        remote: Remote {
            party: Party::from_number(number),
            revision: 1,
        },
        parties: vec![Party::from_number(number)],
        dialled: None,
        queue: None,
        diverter: None,
        consultation: None,
        can: [Ability::Redirect, Ability::Decline].into(),
        started_at: Timestamp(1_000_000),
        answered_at: None,
        ended_at: None,
    }
}

fn talking(call: &Call) -> Call {
    Call {
        state: CallState::Active,
        can: [Ability::HangUp, Ability::Consult, Ability::BlindTransfer].into(),
        ..call.clone()
    }
}

fn over(call: &Call, reason: EndReason) -> Call {
    Call {
        state: CallState::Ended { reason },
        can: Default::default(),
        ..call.clone()
    }
}

fn target(extension: &str) -> Target {
    Target {
        number: PhoneNumber::Internal(extension.into()),
        confirmed: false,
    }
}

fn replies(effects: &[Effect]) -> Vec<&Outcome> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Reply(_, outcome) => Some(outcome),
            _ => None,
        })
        .collect()
}

fn sent(effects: &[Effect]) -> usize {
    let is_command =
        |effect: &&Effect| matches!(effect, Effect::Telephony(_, LineCommand::Call(..)));
    effects.iter().filter(is_command).count()
}

#[test]
fn ringing_call_shows_its_card_and_asks_the_mirror() {
    let mut desk = Desk::new();
    let call = incoming("+493023125042");
    let effects = desk.call(&call);
    assert!(
        effects.contains(&Effect::ShowPreview),
        "the card comes with the first ring"
    );
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Lookup(asked) if asked.call == call.id)),
        "who it is is asked at once"
    );
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Record(JournalEntry::OpenCall(_)))),
        "an open call is in the journal from the first ring"
    );
    assert_eq!(desk.state.tray_sign(), TraySign::Ringing);
}

#[test]
fn withheld_number_is_not_looked_up() {
    let mut desk = Desk::new();
    let mut call = incoming("");
    call.remote.party = Party::withheld();
    let effects = desk.call(&call);
    assert!(effects.contains(&Effect::ShowPreview));
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Lookup(_)))
    );
}

#[test]
fn late_answer_for_a_former_party_is_dropped() {
    let mut desk = Desk::new();
    let call = incoming("102");
    desk.call(&call);
    let mut handed_over = talking(&call);
    handed_over.meet(Party::from_number("+493023125042"));
    desk.call(&handed_over);
    let stale = LookedUp {
        call: call.id,
        revision: 1,
        integration: zoho(),
        matches: Matches {
            among: 7,
            ..Matches::default()
        },
        last_contact: None,
        readable: None,
    };
    desk.step(Event::LookedUp(Box::new(stale)));
    let tracked = desk.state.call(call.id).unwrap();
    assert!(
        tracked.matches.is_empty(),
        "the colleague's name must not stand on the customer's card"
    );
    assert!(
        tracked.looking.contains(&zoho()),
        "the customer's own lookup is still awaited"
    );
}

#[test]
fn call_handed_over_by_a_colleague_brings_the_card_back() {
    let mut desk = Desk::new();
    let call = incoming("102");
    desk.call(&call);
    desk.call(&talking(&call));
    desk.passes(11);
    assert!(
        desk.cards().is_empty(),
        "the card of an answered call has gone"
    );
    let mut handed_over = talking(&call);
    handed_over.meet(Party::from_number("+493023125042"));
    let effects = desk.call(&handed_over);
    assert!(effects.contains(&Effect::ShowPreview));
    assert_eq!(desk.cards(), [call.id]);
}

#[test]
fn ringing_card_stays_and_answered_card_goes_after_the_set_time() {
    let mut desk = Desk::new();
    let call = incoming("+493023125042");
    desk.call(&call);
    desk.passes(60);
    assert_eq!(
        desk.cards(),
        [call.id],
        "a ringing call is always to be seen"
    );
    desk.call(&talking(&call));
    desk.passes(9);
    assert_eq!(desk.cards(), [call.id]);
    assert!(desk.passes(2).contains(&Effect::HidePreview));
    assert!(desk.cards().is_empty());
    let id = CommandId::new(uuid::Uuid::now_v7());
    let effects = desk.step(Event::Ui(id, UiCommand::ShowPreview));
    assert!(
        effects.contains(&Effect::ShowPreview),
        "the tray brings it back"
    );
}

#[test]
fn closing_the_card_leaves_the_call_alone() {
    let mut desk = Desk::new();
    let call = incoming("+493023125042");
    desk.call(&call);
    let id = CommandId::new(uuid::Uuid::now_v7());
    let effects = desk.step(Event::Ui(id, UiCommand::ClosePreview(call.id)));
    assert_eq!(sent(&effects), 0);
    assert!(effects.contains(&Effect::HidePreview));
    assert!(desk.state.call(call.id).is_some());
    desk.call(&talking(&call));
    assert!(
        desk.cards().is_empty(),
        "what the agent closed stays closed"
    );
}

#[test]
fn ringing_call_lies_in_front_of_the_one_in_talk() {
    let mut desk = Desk::new();
    let first = incoming("+493023125001");
    desk.call(&first);
    desk.call(&talking(&first));
    let second = incoming("+493023125002");
    desk.call(&second);
    assert_eq!(desk.cards(), [second.id, first.id]);
}

#[test]
fn second_press_is_refused_while_the_first_is_under_way() {
    let mut desk = Desk::new();
    let call = incoming("+493023125042");
    desk.call(&call);
    desk.call(&talking(&call));
    let consult = || CallCommand::Consult {
        call: call.id,
        target: target("102"),
    };
    let (first, effects) = desk.ask(consult());
    assert_eq!(sent(&effects), 1);
    let (_, effects) = desk.ask(consult());
    assert_eq!(
        sent(&effects),
        0,
        "a second Atxfer would complete the first"
    );
    assert_eq!(replies(&effects), [&Outcome::Refused(CommandError::Busy)]);
    let effects = desk.line(LineEvent::CommandEnded(first, Outcome::Confirmed));
    assert_eq!(replies(&effects), [&Outcome::Confirmed]);
}

#[test]
fn consultation_locks_both_of_its_calls() {
    let mut desk = Desk::new();
    let (mut held, mut asked) = (
        talking(&incoming("+493023125042")),
        talking(&incoming("102")),
    );
    let consultation = Consultation {
        held: held.id,
        consult: asked.id,
        phase: ConsultationPhase::Talking,
    };
    for call in [&mut held, &mut asked] {
        call.consultation = Some(consultation);
        call.can = [Ability::CompleteTransfer, Ability::CancelConsult].into();
        desk.call(call);
    }
    desk.ask(CallCommand::CompleteTransfer { call: held.id });
    let (_, effects) = desk.ask(CallCommand::CancelConsult { call: asked.id });
    assert_eq!(replies(&effects), [&Outcome::Refused(CommandError::Busy)]);
}

#[test]
fn command_that_a_call_does_not_allow_is_not_sent() {
    let mut desk = Desk::new();
    let call = incoming("+493023125042");
    desk.call(&call);
    let (_, effects) = desk.ask(CallCommand::Answer { call: call.id });
    assert_eq!(sent(&effects), 0);
    assert_eq!(replies(&effects), [&Outcome::Refused(CommandError::NotNow)]);
}

#[test]
fn command_without_a_link_is_refused_at_once() {
    let mut desk = Desk::new();
    let call = incoming("+493023125042");
    desk.call(&call);
    desk.line(LineEvent::Link(LinkState::Down {
        trouble: LinkTrouble::Lost,
        retry_at: None,
    }));
    let (_, effects) = desk.ask(CallCommand::Decline { call: call.id });
    assert_eq!(
        replies(&effects),
        [&Outcome::Refused(CommandError::LinkDown)]
    );
}

#[test]
fn command_that_nobody_ends_is_told_as_unconfirmed() {
    let mut desk = Desk::new();
    let call = incoming("+493023125042");
    desk.call(&call);
    desk.ask(CallCommand::Decline { call: call.id });
    let effects = desk.passes(91);
    assert_eq!(replies(&effects), [&Outcome::Unconfirmed]);
    assert!(desk.state.call(call.id).unwrap().unconfirmed);
    assert_eq!(
        desk.state.call(call.id).unwrap().call.state,
        CallState::Ringing
    );
}

#[test]
fn call_missing_in_the_snapshot_ended_while_away_and_is_no_missed_call() {
    let mut desk = Desk::new();
    let (gone, stays) = (incoming("+493023125001"), incoming("+493023125002"));
    desk.call(&gone);
    desk.call(&stays);
    let effects = desk.line(LineEvent::Snapshot(vec![stays.clone()]));
    let ended: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Record(JournalEntry::EndedCall(call)) => Some((call.id, call.state)),
            _ => None,
        })
        .collect();
    assert_eq!(
        ended,
        [(
            gone.id,
            CallState::Ended {
                reason: EndReason::EndedWhileAway
            }
        )]
    );
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Notify(_)))
    );
    assert!(desk.state.call(stays.id).is_some(), "the other one goes on");
}

#[test]
fn call_of_the_journal_is_adopted_or_ended_by_the_first_snapshot() {
    let (alive, gone) = (incoming("+493023125001"), incoming("+493023125002"));
    let mut desk = Desk::with_open(vec![alive.clone(), gone]);
    let effects = desk.line(LineEvent::Snapshot(vec![alive.clone()]));
    assert!(
        effects.contains(&Effect::ShowPreview),
        "what still rings has its card again"
    );
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Lookup(_))),
        "and its name"
    );
    let known: Vec<_> = desk.state.calls().map(|tracked| tracked.call.id).collect();
    assert_eq!(known, [alive.id]);
}

#[test]
fn calls_missed_behind_a_locked_screen_are_told_when_the_agent_is_back() {
    let mut desk = Desk::new();
    let is_notice = |effect: &Effect| matches!(effect, Effect::Notify(_));
    desk.step(Event::Session(Session::Lock));
    for _ in 0..2 {
        let call = incoming("+493023125001");
        desk.call(&call);
        let told = desk.call(&over(&call, EndReason::Missed));
        assert!(!told.iter().any(is_notice), "anybody could read it");
    }
    let told = desk.step(Event::Session(Session::Unlock));
    assert!(told.contains(&Effect::Notify(Notice::MissedCalls(2))));
}

#[test]
fn missed_call_is_told_once_and_declined_is_not() {
    let mut desk = Desk::new();
    let missed = incoming("+493023125001");
    desk.call(&missed);
    let effects = desk.call(&over(&missed, EndReason::Missed));
    assert!(effects.contains(&Effect::Notify(Notice::MissedCall(missed.id))));
    let again = desk.call(&over(&missed, EndReason::Missed));
    assert!(
        !again
            .iter()
            .any(|effect| matches!(effect, Effect::Notify(_)))
    );
    let declined = incoming("+493023125002");
    desk.call(&declined);
    let effects = desk.call(&over(&declined, EndReason::Declined));
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Notify(_)))
    );
}

#[test]
fn nothing_follows_an_end() {
    let mut desk = Desk::new();
    let call = incoming("+493023125042");
    desk.call(&call);
    desk.call(&over(&call, EndReason::Missed));
    desk.call(&call);
    let state = desk.state.call(call.id).unwrap().call.state;
    assert!(
        state.is_ended(),
        "an old event does not make a dead call ring"
    );
}

#[test]
fn dialled_call_exists_from_the_click_and_ends_when_refused() {
    let mut desk = Desk::new();
    let call = CallId::new(uuid::Uuid::now_v7());
    let id = CommandId::new(uuid::Uuid::now_v7());
    let dial = CallCommand::Dial {
        call,
        target: target("102"),
    };
    let effects = desk.step(Event::Ui(id, UiCommand::Dial(LineId::new("desk"), dial)));
    assert_eq!(sent(&effects), 1);
    assert_eq!(
        desk.state.call(call).unwrap().call.state,
        CallState::CallingOwnPhone
    );
    let refused = Outcome::Refused(CommandError::NoSuchTarget);
    desk.line(LineEvent::CommandEnded(id, refused));
    let state = desk.state.call(call).unwrap().call.state;
    assert_eq!(
        state,
        CallState::Ended {
            reason: EndReason::Failed
        },
        "it does not ring for ever"
    );
    assert_eq!(
        desk.state.call(call).unwrap().trouble,
        Some(CommandError::NoSuchTarget)
    );
}

#[test]
fn dialling_can_be_broken_off_while_the_own_telephone_rings() {
    let mut desk = Desk::new();
    let call = CallId::new(uuid::Uuid::now_v7());
    let id = CommandId::new(uuid::Uuid::now_v7());
    let dial = CallCommand::Dial {
        call,
        target: target("102"),
    };
    desk.step(Event::Ui(id, UiCommand::Dial(LineId::new("desk"), dial)));
    let (_, effects) = desk.ask(CallCommand::HangUp { call });
    assert_eq!(sent(&effects), 1);
}

#[test]
fn waiting_caller_is_what_the_tray_tells_first() {
    let mut desk = Desk::new();
    let mut call = talking(&incoming("+493023125042"));
    desk.call(&call);
    assert_eq!(desk.state.tray_sign(), TraySign::OnCall);
    call.state = CallState::Held { by: HeldBy::Us };
    desk.call(&call);
    assert_eq!(desk.state.tray_sign(), TraySign::CallerWaiting);
}

#[test]
fn mirror_is_refreshed_when_its_time_has_come_and_not_twice() {
    let mut desk = Desk::new();
    assert!(
        desk.state.next_deadline(desk.now).is_some(),
        "the loop knows until when to sleep"
    );
    let start = Effect::StartSync(zoho(), SyncCause::Schedule);
    assert!(!desk.passes(899).contains(&start));
    assert!(desk.passes(1).contains(&start));
    assert!(!desk.passes(2_000).contains(&start), "one runs already");
}

#[test]
fn fault_of_a_connection_is_told_once_for_each_reason() {
    let mut desk = Desk::new();
    let fail = |desk: &mut Desk, reason| {
        let error = CrmError::new(ErrorKind::Status(reason), "invented");
        desk.step(Event::Sync(
            zoho(),
            Box::new(SyncEvent::Ended(Box::new(Err(error)))),
        ))
    };
    let told = |effects: &[Effect]| {
        effects
            .iter()
            .filter(|effect| matches!(effect, Effect::Notify(_)))
            .count()
    };
    assert_eq!(told(&fail(&mut desk, StatusReason::Offline)), 1);
    assert_eq!(told(&fail(&mut desk, StatusReason::Offline)), 0);
    assert_eq!(told(&fail(&mut desk, StatusReason::InactiveToken)), 1);
    assert_eq!(desk.state.tray_sign(), TraySign::CrmTrouble);
    assert_eq!(
        desk.state.integration(&zoho()).unwrap().next_run(),
        None,
        "a person must act"
    );
}

#[test]
fn waking_up_renews_every_link_and_tries_the_crm_again() {
    let mut desk = Desk::new();
    let error = CrmError::new(ErrorKind::Status(StatusReason::Offline), "invented");
    desk.step(Event::Sync(
        zoho(),
        Box::new(SyncEvent::Ended(Box::new(Err(error)))),
    ));
    let effects = desk.step(Event::Session(Session::Resume(Duration::from_secs(3_600))));
    assert!(effects.contains(&Effect::Telephony(
        LineId::new("desk"),
        LineCommand::Reconnect
    )));
    assert!(effects.contains(&Effect::StartSync(zoho(), SyncCause::CatchUp)));
}

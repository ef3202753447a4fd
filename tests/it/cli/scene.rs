//! Where the tests of calls begin: Erika rings at 101, or already talks there.

use ringcard_cli::Exit;
use ringcard_core::{Ability, CallState, CommandError, EndReason, HeldBy};
use ringcard_ipc::{Card, ErrorCode, Who};
use ringcard_sandbox::pbx::{Habits, OnKeyNotify, Phone, PhoneState};
use ringcard_tests::desk::{Desk, PATIENCE};

use crate::typing::done;

/// The other side waits.
pub const WAITS: CallState = CallState::Held { by: HeldBy::Us };

/// The refusal of what cannot be done with a call now.
pub const NOT_NOW: (Exit, ErrorCode) = (Exit::NotNow, ErrorCode::Command(CommandError::NotNow));

/// The state of a call that ended so.
pub fn ended(reason: EndReason) -> CallState {
    CallState::Ended { reason }
}

/// A ringing caller whose name is on the card.
pub fn is_known(card: &Card) -> bool {
    card.state == CallState::Ringing && matches!(card.who, Who::Certain { .. })
}

/// Erika rings at 101: her telephone, and the call.
pub async fn rings(desk: &Desk) -> (Phone, String) {
    let caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    let movable = |card: &Card| is_known(card) && card.can.contains(&Ability::Redirect);
    let card = desk.card_is("a known caller", movable).await;
    (caller, card.call)
}

/// Erika talks with 101, whose telephone does what is pressed for it: her telephone, and the call.
pub async fn talks(desk: &Desk) -> (Phone, String) {
    let obedient = Habits {
        on_key_notify: OnKeyNotify::Obeys,
        ..Habits::default()
    };
    desk.pbx.phone("101").behaves(obedient);
    let (caller, call) = rings(desk).await;
    assert_eq!(done(desk, "answer").await, call, "the call that rings");
    desk.card_is("a talk", is_free_talk).await;
    (caller, call)
}

/// A talk with the caller and nobody else, in which anything may be done.
pub fn is_free_talk(card: &Card) -> bool {
    card.state == CallState::Active
        && card.consulting.is_none()
        && card.can.contains(&Ability::Consult)
}

/// Waits until a telephone is as wanted.
pub async fn sees(phone: &Phone, what: &str, wanted: impl Fn(&Phone) -> bool) {
    let mut changes = phone.changes();
    let waiting = async {
        while !wanted(phone) {
            changes.changed().await.unwrap();
        }
    };
    let seen = tokio::time::timeout(PATIENCE, waiting).await;
    assert!(seen.is_ok(), "{what}: there are {:?}", phone.calls());
}

/// Somebody calls this telephone.
pub fn is_rung(phone: &Phone) -> bool {
    let calls = phone.calls();
    calls.iter().any(|call| call.state == PhoneState::Ringing)
}

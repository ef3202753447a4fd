//! What can be done with a call now.

use std::collections::BTreeSet;

use ringcard_core::{Ability, CallState, ConsultationPhase, HeldBy};

use super::track::Track;

/// What the server offers for this call.
pub(super) fn of(track: &Track) -> BTreeSet<Ability> {
    if let Some(both) = track.call.consultation {
        return in_consultation(track, both.phase);
    }
    let seen = track.seen.as_ref();
    let may_leave = seen.is_none_or(|seen| !seen.diversion_inhibited);
    let mut can = BTreeSet::new();
    match track.call.state {
        CallState::Ringing => {
            can.insert(Ability::Decline);
            if seen.is_some_and(|seen| seen.allow_answer) {
                can.insert(Ability::Answer);
            }
            if may_leave {
                can.insert(Ability::Redirect);
            }
        }
        CallState::CallingOwnPhone
        | CallState::Dialing
        | CallState::Held { by: HeldBy::Remote } => {
            can.insert(Ability::HangUp);
        }
        CallState::Active => {
            can.extend([Ability::HangUp, Ability::Hold, Ability::SendDtmf]);
            if may_leave {
                can.extend([Ability::Consult, Ability::BlindTransfer]);
            }
        }
        CallState::Held { by: HeldBy::Us } => {
            can.extend([Ability::HangUp, Ability::Resume]);
            if may_leave {
                can.extend([Ability::Consult, Ability::BlindTransfer]);
            }
        }
        CallState::Parked | CallState::Queued | CallState::Ended { .. } => {}
    }
    can
}

/// No hang-up here: which of the two is meant is said by the consultation's own commands.
fn in_consultation(track: &Track, phase: ConsultationPhase) -> BTreeSet<Ability> {
    let mut can = BTreeSet::new();
    match phase {
        ConsultationPhase::Completing | ConsultationPhase::Cancelling => return can,
        ConsultationPhase::Dialing => {
            can.insert(Ability::CancelConsult);
        }
        // Whether a colleague who still rings could be joined, no real server has confirmed.
        ConsultationPhase::Talking => {
            can.extend([
                Ability::CancelConsult,
                Ability::CompleteTransfer,
                Ability::Swap,
            ]);
        }
    }
    if track.call.state == CallState::Active {
        can.insert(Ability::SendDtmf);
    }
    can
}

//! How calls end, and why.

use std::time::Duration;

use ringcard_core::{CallState, ConsultationPhase, Direction, EndReason};

use super::consulting::consult_reason;
use super::{Model, Role, Track, Waiting, Way};
use crate::providers::asterisk::wire::{DialStatus, LegView};

/// Another member of the group answered.
pub(super) const ANSWERED_ELSEWHERE: u32 = 26;
/// The telephone refused the call.
const REFUSED: u32 = 21;
/// The telephone was busy.
const BUSY: u32 = 17;
/// How long the new leg of a call that is dialled again may take.
const REDIAL: Duration = Duration::from_secs(3);
/// How long a caller who was handed over may still come back.
const COME_BACK: Duration = Duration::from_secs(60);

impl Model {
    pub(super) fn gone(&mut self, leg: &LegView, cause: u32) {
        let Some(uid) = self.legs.see(leg) else {
            return;
        };
        self.side_legs.remove(&uid);
        self.dials.remove(&uid);
        if self.is_own(&leg.name) {
            self.own_gone(&uid, cause);
        } else {
            self.far_gone(&uid);
        }
        self.legs.remove(&uid);
    }

    fn own_gone(&mut self, own: &str, cause: u32) {
        let Some(main) = self.main(own) else {
            return;
        };
        if let Some(consult) = self.consult_of(main) {
            return self.gone_in_consultation(main, consult);
        }
        let track = &mut self.tracks[main];
        if track.call.state == CallState::Parked {
            track.wait(Waiting::Parked, None);
        } else if track.holding && !track.signs.far_left {
            track.wait(Waiting::HoldMusic, None);
        } else if track.waiting == Some(Waiting::Redial) {
            track.wait(Waiting::Redial, Some(self.now.monotonic + REDIAL));
        } else {
            let reason = reason(track, cause);
            if self.waits_on(&self.tracks[main], cause) {
                return self.back_in_queue(main, reason);
            }
            self.tracks[main].end(reason, self.now);
        }
    }

    fn gone_in_consultation(&mut self, main: usize, consult: usize) {
        let completing = self.tracks[main].phase() == Some(ConsultationPhase::Completing);
        let talked = self.tracks[consult].was_answered();
        let caller_left = self.tracks[main].signs.far_left;
        let swapped = self.tracks[consult].swapped;
        let way = match self.tracks[consult].role {
            Role::Consult { way, .. } => way,
            Role::Main => Way::Atxfer,
        };
        match (way, completing) {
            (_, true) if talked => self.hand_over(consult),
            (Way::Atxfer, true) if !caller_left => {
                let until = Some(self.now.monotonic + COME_BACK);
                self.tracks[main].wait(Waiting::Handover, until);
                self.tracks[consult].wait(Waiting::Handover, until);
            }
            (Way::TwoLegs, false) if !caller_left || swapped => {
                self.left_in_hold_music(main, consult)
            }
            (_, true) => self.hand_over(consult),
            _ => {
                let reason = consult_reason(&self.tracks[consult]);
                self.tracks[consult].end(reason, self.now);
                self.tracks[main].end(EndReason::HungUp, self.now);
            }
        }
    }

    /// The agent hung up in the middle of a consultation by two legs: the caller hears music and
    /// must stay to be seen. After a swap it is the colleague.
    fn left_in_hold_music(&mut self, main: usize, consult: usize) {
        if self.tracks[consult].swapped {
            self.colleague_waits_alone(consult);
            self.tracks[consult].wait(Waiting::HoldMusic, None);
            return self.tracks[main].end(EndReason::HungUp, self.now);
        }
        let reason = consult_reason(&self.tracks[consult]);
        self.tracks[consult].end(reason, self.now);
        self.tracks[main].call.consultation = None;
        self.tracks[main].wait(Waiting::HoldMusic, None);
    }

    fn far_gone(&mut self, far: &str) {
        for at in 0..self.tracks.len() {
            if self.tracks[at].far.as_deref() == Some(far) && !self.tracks[at].is_over() {
                self.other_side_gone(at);
            }
        }
    }

    fn other_side_gone(&mut self, at: usize) {
        let track = &mut self.tracks[at];
        track.signs.far_left = true;
        let waiting = track.waiting;
        let completing = track.phase() == Some(ConsultationPhase::Completing);
        if track.is_consult() {
            track.far = None;
            if track.swapped {
                let held = track.call.consultation.map(|both| both.held);
                if let Some(main) = held.and_then(|held| self.index(held)) {
                    self.end_consult_of(main);
                }
                return;
            }
            if waiting == Some(Waiting::Handover) && !track.was_answered() {
                let reason = consult_reason(track);
                track.end(reason, self.now);
            }
            return;
        }
        match waiting {
            Some(Waiting::Handover) => self.expired(at),
            Some(Waiting::Parked | Waiting::HoldMusic) => track.end(EndReason::HungUp, self.now),
            Some(Waiting::Redial) => track.end(EndReason::Missed, self.now),
            Some(Waiting::Queue) => self.end_queued(at),
            None if track.call.consultation.is_some() && !completing => {
                self.caller_left_consultation(at);
            }
            None => {
                track.far = None;
                self.left_alone(at);
            }
        }
    }

    /// Nothing came in the time that a waiting call had.
    pub(super) fn expired(&mut self, at: usize) {
        let consult = self.consult_of(at);
        let track = &mut self.tracks[at];
        track.expires_at = None;
        match track.waiting {
            Some(Waiting::Handover) => {
                track.end(EndReason::TransferredAway, self.now);
                if let Some(consult) = consult {
                    self.tracks[consult].end(EndReason::TransferredAway, self.now);
                }
            }
            Some(Waiting::Redial) => track.end(EndReason::Missed, self.now),
            Some(Waiting::Parked | Waiting::HoldMusic | Waiting::Queue) | None => {}
        }
    }
}

/// Why a call with this agent's leg ended.
fn reason(track: &Track, cause: u32) -> EndReason {
    let signs = &track.signs;
    if signs.transferred || (track.was_answered() && signs.moved) {
        EndReason::TransferredAway
    } else if track.was_answered() {
        EndReason::HungUp
    } else if track.call.direction == Direction::Incoming {
        unanswered(track, cause)
    } else {
        unreached(track, cause)
    }
}

fn unanswered(track: &Track, cause: u32) -> EndReason {
    let signs = &track.signs;
    let moved = signs.redirect_asked && !signs.far_left;
    match signs.status {
        _ if signs.picked_up => EndReason::PickedUp,
        _ if signs.declined => EndReason::Declined,
        _ if signs.redirected || moved => EndReason::Redirected,
        _ if signs.elsewhere || cause == ANSWERED_ELSEWHERE => EndReason::AnsweredElsewhere,
        Some(DialStatus::Busy) => EndReason::Busy,
        _ if cause == BUSY => EndReason::Busy,
        _ if cause == REFUSED => EndReason::Declined,
        _ => EndReason::Missed,
    }
}

fn unreached(track: &Track, cause: u32) -> EndReason {
    let signs = &track.signs;
    let own_rang = track.call.state == CallState::CallingOwnPhone;
    match signs.status {
        // Whoever hangs up on the busy tone did not end a talk.
        Some(DialStatus::Busy) if !own_rang => EndReason::Busy,
        _ if signs.own_left => EndReason::HungUp,
        _ if own_rang => EndReason::Failed,
        Some(DialStatus::Cancel) => EndReason::HungUp,
        Some(DialStatus::NoAnswer | DialStatus::Failed) => EndReason::Failed,
        _ if cause == BUSY => EndReason::Busy,
        Some(DialStatus::Answer | DialStatus::Busy) | None => EndReason::HungUp,
    }
}

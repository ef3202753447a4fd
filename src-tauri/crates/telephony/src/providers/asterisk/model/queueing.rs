//! A caller who waits in a queue is one call, however often the queue rings the agent.

use ringcard_core::{CallState, EndReason};

use super::ending::ANSWERED_ELSEWHERE;
use super::{Model, Track, Waiting};
use crate::providers::asterisk::wire::LegView;

impl Model {
    /// A caller joined a queue, or left it.
    pub(super) fn queued(&mut self, leg: &LegView, queue: Option<&String>) {
        let Some(uid) = self.legs.see(leg) else {
            return;
        };
        if let Some(leg) = self.legs.get_mut(&uid) {
            leg.queue = queue.cloned();
        }
        if queue.is_none() {
            self.left_queue(&uid);
        }
    }

    /// A queue calls a member: the leg that will ring learns its caller before the dialling says so.
    pub(super) fn member_called(&mut self, from: &LegView, to: &LegView) {
        let by = self.legs.see(from);
        if let Some(uid) = self.legs.see(to)
            && let Some(leg) = self.legs.get_mut(&uid)
        {
            leg.dialled_by = by;
        }
    }

    /// Is the caller back in the queue, now that the agent's telephone rang in vain?
    pub(super) fn waits_on(&self, track: &Track, cause: u32) -> bool {
        let signs = &track.signs;
        let in_queue = track
            .far
            .as_deref()
            .and_then(|far| self.legs.get(far))
            .is_some_and(|leg| leg.queue.is_some());
        let gone = signs.far_left || signs.redirected || signs.redirect_asked || signs.picked_up;
        in_queue
            && track.is_unanswered_ring()
            && !(gone || signs.elsewhere || cause == ANSWERED_ELSEWHERE)
    }

    /// The queue may call the agent again; until then nothing rings here.
    pub(super) fn back_in_queue(&mut self, at: usize, rang: EndReason) {
        let track = &mut self.tracks[at];
        track.call.state = CallState::Queued;
        track.rang_in_vain = Some(rang);
        track.pop_at = None;
        track.wait(Waiting::Queue, None);
    }

    fn left_queue(&mut self, caller: &str) {
        for at in 0..self.tracks.len() {
            let track = &self.tracks[at];
            if track.waiting == Some(Waiting::Queue) && track.far.as_deref() == Some(caller) {
                self.end_queued(at);
            }
        }
    }

    /// The caller waits no longer: a colleague answered, or it stays as the agent left it.
    pub(super) fn end_queued(&mut self, at: usize) {
        let track = &mut self.tracks[at];
        let reason = match track.rang_in_vain {
            _ if track.signs.elsewhere => EndReason::AnsweredElsewhere,
            Some(reason) => reason,
            None => EndReason::Missed,
        };
        track.end(reason, self.now);
    }
}

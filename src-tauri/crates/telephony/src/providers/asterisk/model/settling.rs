//! What is not over with its first sign: legs on their way into the music, and one that may have been forgotten.

use std::time::Duration;

use super::track::Music;
use super::{Change, Model, Swap};
use crate::providers::asterisk::wire::LegView;

/// How long a leg may take to hear the music, where the account is not told of it.
const MUSIC: Duration = Duration::from_secs(1);
/// How long the telephone system may take to hang up the agent's leg after the caller's.
const RELEASE: Duration = Duration::from_secs(1);

impl Model {
    /// The other side of the call at `at` has hung up. Asterisk ends the agent's leg with it, but not in the moment of
    /// the agent's return from a consultation: then the leg stays alone in its bridge for ever.
    pub(super) fn left_alone(&mut self, at: usize) {
        let now = self.now.monotonic;
        let track = &mut self.tracks[at];
        let returning = track.deaf_until.is_some_and(|until| until > now);
        track.release_at = returning.then_some(now + RELEASE);
    }

    /// Asks for the end of a leg that was forgotten.
    pub(super) fn release(&mut self, at: usize) {
        let now = self.now.monotonic;
        let track = &mut self.tracks[at];
        if track.release_at.take_if(|by| *by <= now).is_none() {
            return;
        }
        let own = track.own.as_deref().and_then(|own| self.legs.get(own));
        if let Some(leg) = own.filter(|_| track.far.is_none()) {
            self.asks.push(Change::Release {
                channel: leg.name.clone(),
            });
        }
    }

    /// These legs of the call at `at` are being moved into the waiting music.
    pub(super) fn await_music(&mut self, at: usize, legs: Vec<String>) {
        let hears = |uid: &String| self.legs.get(uid).is_some_and(|leg| leg.music);
        let legs: Vec<String> = legs.into_iter().filter(|uid| !hears(uid)).collect();
        let by = self.now.monotonic + MUSIC;
        self.tracks[at].music = (!legs.is_empty()).then_some(Music { legs, by });
    }

    pub(super) fn music_began(&mut self, leg: &LegView) {
        let Some(uid) = self.legs.see(leg) else {
            return;
        };
        if let Some(leg) = self.legs.get_mut(&uid) {
            leg.music = true;
        }
        for at in 0..self.tracks.len() {
            if let Some(music) = &mut self.tracks[at].music {
                music.legs.retain(|waiting| *waiting != uid);
            }
            self.settle(at);
        }
    }

    pub(super) fn music_ended(&mut self, leg: &LegView) {
        if let Some(uid) = self.legs.see(leg)
            && let Some(leg) = self.legs.get_mut(&uid)
        {
            leg.music = false;
        }
    }

    /// Looks whether what the call at `at` waits for has come, or its time has passed.
    pub(super) fn settle(&mut self, at: usize) {
        let now = self.now.monotonic;
        let track = &mut self.tracks[at];
        let heard = |music: &Music| music.legs.is_empty() || music.by <= now;
        if !track.music.as_ref().is_some_and(heard) {
            return;
        }
        track.music = None;
        if track.swap == Some(Swap::Parting) {
            track.swap = Some(Swap::Joining);
            let call = track.call.id;
            self.asks.push(Change::Join { call });
        }
    }
}

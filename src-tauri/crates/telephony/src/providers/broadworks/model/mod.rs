//! The agent's calls, made of what the server tells. Pure: events and time in, calls out.

mod abilities;
mod ending;
#[cfg(test)]
mod tests;
mod track;

use std::collections::HashSet;
use std::time::Duration;

use ringcard_core::{Call, CallId, Consultation, LineId, Moment};

use self::track::Track;
use super::wire::call::{Personality, Stage, XsiCall};
use super::wire::event::Change;

/// Makes ids for new calls.
pub type Ids = Box<dyn FnMut() -> CallId + Send>;

/// How long a call that we dialled may be unknown by the server's id: its event is often faster
/// than the answer.
const BINDING: Duration = Duration::from_secs(2);

/// What the agent has asked for with a call, until it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To refuse it.
    Decline,
    /// To send it elsewhere while it rings.
    Redirect,
    /// To hand it on.
    Transfer,
    /// To leave the colleague who was asked.
    Cancel,
}

/// A dial under way.
#[derive(Clone, PartialEq, Eq)]
pub struct Dialling {
    /// The id that was promised for the call.
    pub call: CallId,
    /// The call that waits for it.
    pub held: Option<CallId>,
    /// What was dialled.
    pub number: String,
}

/// All calls of one line.
pub struct Model {
    line: LineId,
    ids: Ids,
    settle: Duration,
    tracks: Vec<Track>,
    /// A dial whose answer has not come, and until when it is waited for.
    dialling: Option<(Dialling, Duration)>,
}

impl Model {
    /// Without any call.
    pub fn new(line: LineId, ids: Ids, settle: Duration) -> Self {
        Self {
            line,
            ids,
            settle,
            tracks: Vec::new(),
            dialling: None,
        }
    }

    /// Calls that were open when Ringcard ended, so that they keep their id.
    pub fn adopt(&mut self, calls: Vec<Call>) {
        self.tracks.extend(calls.into_iter().map(Track::adopted));
    }

    /// An open call, as last told.
    pub fn call(&self, id: CallId) -> Option<&Call> {
        self.track(id).map(|track| &track.call)
    }

    /// What actions call it.
    pub fn name(&self, id: CallId) -> Option<&str> {
        self.track(id).map(|track| track.xsi.as_str())
    }

    /// All calls there are; what is missing ended meanwhile. `touched` names the calls of which
    /// events came while the list was under way: they are newer than the list.
    pub fn snapshot(
        &mut self,
        calls: &[XsiCall],
        touched: &HashSet<String>,
        now: Moment,
    ) -> Vec<Call> {
        for one in calls.iter().filter(|one| !touched.contains(&one.id)) {
            self.take(one, Change::Other, now);
        }
        let listed = |id: &str| calls.iter().any(|one| one.id == id);
        self.tracks.retain(|track| {
            let there = listed(&track.xsi) || touched.contains(&track.xsi);
            there && !track.call.state.is_ended()
        });
        self.settle_all();
        for track in &mut self.tracks {
            track.shown = true;
            track.unbound_until = None;
            track.told = Some(track.call.clone());
        }
        self.tracks.iter().map(|track| track.call.clone()).collect()
    }

    /// Calls changed. True where one of them is the first sign of an incoming call.
    pub fn take_all(&mut self, calls: &[XsiCall], change: Change, now: Moment) -> bool {
        let mut coming = false;
        for one in calls {
            coming |= self.take(one, change, now);
        }
        coming
    }

    /// Every call whose value was not told yet, and that nobody can take away unseen any more.
    pub fn news(&mut self, now: Moment) -> Vec<Call> {
        if matches!(self.dialling, Some((_, until)) if until <= now.monotonic) {
            self.dialling = None;
        }
        self.settle_all();
        let mut news = Vec::new();
        for track in &mut self.tracks {
            // A call that forwarding took at once was never the agent's.
            if !track.call.state.is_ended() {
                track.shown |= track.is_ripe(now);
            }
            if track.shown && track.told.as_ref() != Some(&track.call) {
                track.told = Some(track.call.clone());
                news.push(track.call.clone());
            }
        }
        self.tracks.retain(|track| !track.call.state.is_ended());
        news
    }

    /// The next call that the agent's telephone is to pick up by itself, by the name that actions have for it.
    pub fn next_to_pick_up(&mut self) -> Option<String> {
        let track = self
            .tracks
            .iter_mut()
            .find(|track| track.is_to_be_picked_up())?;
        track.picked_up = true;
        Some(track.xsi.clone())
    }

    /// When [`Self::news`] is to be asked next.
    pub fn next_deadline(&self) -> Option<Duration> {
        let hidden = self.tracks.iter().filter(|track| !track.shown);
        let ripe = hidden.map(|track| track.unbound_until.unwrap_or(track.show_at));
        let dialling = self.dialling.as_ref().map(|(_, until)| *until);
        ripe.chain(dialling).min()
    }

    /// A number is being dialled.
    pub fn dials(&mut self, dialling: Dialling, now: Moment) {
        self.dialling = Some((dialling, now.monotonic + BINDING));
    }

    /// Is a number being dialled of which the server has not said what it calls the call?
    pub fn is_dialling(&self) -> bool {
        self.dialling.is_some()
    }

    /// The server says what it calls the dialled call.
    pub fn dialled(&mut self, xsi: &str, dialling: &Dialling, now: Moment) {
        self.dialling = None;
        match self.tracks.iter_mut().find(|track| track.xsi == xsi) {
            // A call that is known under another id keeps it.
            Some(track) if track.told.is_some() => track.held = dialling.held,
            Some(track) => track.bind(dialling),
            None => {
                let track = Track::dialled(xsi, &self.line, dialling, now);
                self.tracks.push(track);
            }
        }
    }

    /// The dial came to nothing.
    pub fn dial_failed(&mut self) {
        self.dialling = None;
        for track in &mut self.tracks {
            track.unbound_until = None;
        }
    }

    /// An id for a call that is to be dialled beside another one.
    pub fn new_id(&mut self) -> CallId {
        (self.ids)()
    }

    /// The agent wants this of a call, or nothing any more: it explains how the call ends.
    pub fn wishes(&mut self, id: CallId, wish: Option<Wish>) {
        if let Some(track) = self.tracks.iter_mut().find(|track| track.call.id == id) {
            track.wish = wish;
        }
    }

    fn track(&self, id: CallId) -> Option<&Track> {
        self.tracks.iter().find(|track| track.call.id == id)
    }

    /// Takes a call's newest value. True for the first sign of an incoming one.
    fn take(&mut self, one: &XsiCall, change: Change, now: Moment) -> bool {
        let known = |track: &&mut Track| track.xsi == one.id || track.is_adopted_as(one);
        if let Some(track) = self.tracks.iter_mut().find(known) {
            track.update(one, change, now);
            return false;
        }
        if matches!(one.stage, Stage::Released | Stage::Detached) {
            return false;
        }
        let id = (self.ids)();
        let mut track = Track::new(one, (&self.line, id), now);
        track.show_at = now.monotonic;
        match one.personality {
            // What comes in may be forwarded before any telephone rings.
            Personality::Terminator => track.show_at += self.settle,
            // What we dialled gets its id from the answer.
            Personality::ClickToDial => {
                track.unbound_until = self.dialling.as_ref().map(|(_, until)| *until);
            }
            Personality::Originator => {}
        }
        self.tracks.push(track);
        one.personality == Personality::Terminator && one.stage == Stage::Alerting
    }

    /// Consultations and abilities follow from all calls together.
    fn settle_all(&mut self) {
        let living = self
            .tracks
            .iter()
            .filter(|track| !track.call.state.is_ended());
        let open: Vec<CallId> = living.map(|track| track.call.id).collect();
        let consultations: Vec<Consultation> = self
            .tracks
            .iter()
            .filter_map(|track| track.consultation(&open))
            .collect();
        for track in &mut self.tracks {
            let id = track.call.id;
            let about = |one: &&Consultation| one.held == id || one.consult == id;
            track.call.consultation = consultations.iter().find(about).copied();
            track.call.can = abilities::of(track);
        }
    }
}

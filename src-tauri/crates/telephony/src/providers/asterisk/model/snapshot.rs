//! Every leg there is, after each connect: what goes on, what is new, what is gone.

use std::time::Duration;

use ringcard_core::{
    Call, CallState, ConsultationPhase, Direction, Moment, Presentation, QueueName, Timestamp,
};

use super::{Change, Model, Track, Waiting};
use crate::providers::asterisk::wire::{Ident, LegState, LegView};

/// One leg of the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// The leg.
    pub leg: LegView,
    /// The bridge it is in.
    pub bridge: Option<String>,
    /// How old it is.
    pub age: Duration,
    /// The number it dialled.
    pub dialled: Option<String>,
    /// The queue it is in.
    pub queue: Option<String>,
}

impl Model {
    /// Takes calls that were open when Ringcard ended.
    pub fn adopt(&mut self, calls: Vec<Call>) {
        for call in calls {
            if !call.state.is_ended() && self.index(call.id).is_none() {
                self.tracks.push(Track::adopted(call));
            }
        }
    }

    /// Takes the list of legs and answers with every call there is. What is not in it ended while
    /// nobody listened. Also asks what has to be asked about the new ones.
    pub fn snapshot(&mut self, rows: &[Row], now: Moment) -> (Vec<Call>, Vec<Change>) {
        self.now = now;
        // A row that a caller's address has torn names its leg; who that is, was known before.
        let known = |row: &Row| {
            let mut row = row.clone();
            let uid = || self.legs.named(&row.leg.name).map(str::to_owned);
            row.leg.uid = row.leg.uid.clone().or_else(uid);
            row
        };
        let rows: Vec<Row> = rows.iter().map(known).collect();
        let rows = &rows;
        self.legs.clear();
        self.side_legs.clear();
        self.dials.clear();
        for row in rows {
            self.see_row(row);
        }
        self.forget_gone();
        for row in rows {
            self.look_at(row);
        }
        self.settle_consultations();
        let changes = self.tell();
        let mut calls = Vec::new();
        let mut asks = Vec::new();
        for change in changes {
            match change {
                Change::Call(_) | Change::Coming => {}
                ask => asks.push(ask),
            }
        }
        for track in self.tracks.iter().filter(|track| track.shown) {
            calls.push(track.call.clone());
        }
        (calls, asks)
    }

    fn see_row(&mut self, row: &Row) {
        let Some(uid) = self.legs.see(&row.leg) else {
            return;
        };
        if let Some(leg) = self.legs.get_mut(&uid) {
            leg.bridge.clone_from(&row.bridge);
            if row.dialled.is_some() {
                leg.dialled.clone_from(&row.dialled);
            }
            leg.queue.clone_from(&row.queue);
        }
    }

    /// A call without a leg of the agent lives as long as the other side's leg does.
    fn forget_gone(&mut self) {
        let legs = &self.legs;
        self.tracks.retain(|track| {
            let alive =
                |uid: &Option<String>| uid.as_deref().is_some_and(|uid| legs.get(uid).is_some());
            match track.waiting {
                Some(Waiting::Parked | Waiting::HoldMusic) => alive(&track.far),
                // In a bridge he talks with somebody else by now.
                Some(Waiting::Queue) => track
                    .far
                    .as_deref()
                    .and_then(|uid| legs.get(uid))
                    .is_some_and(|leg| leg.bridge.is_none()),
                Some(_) => false,
                None => alive(&track.own),
            }
        });
    }

    /// What was on its way while nobody listened has arrived by now.
    fn arrive(track: &mut Track) {
        track.music = None;
        track.swap = None;
    }

    fn look_at(&mut self, row: &Row) {
        let (true, Some(own)) = (self.is_own(&row.leg.name), row.leg.uid.clone()) else {
            return;
        };
        let partner = self.legs.partner(&own).map(str::to_owned);
        let at = match self.main(&own) {
            Some(at) => at,
            None => self.found(&own, row),
        };
        self.tracks[at].shown = true;
        Self::arrive(&mut self.tracks[at]);
        if let Some(consult) = self.consult_of(at) {
            Self::arrive(&mut self.tracks[consult]);
            self.legs.keep(&own);
            return;
        }
        let far = partner.or_else(|| self.first_of_group(&own));
        let track = &mut self.tracks[at];
        track.home.clone_from(&row.bridge);
        if far.is_some() {
            track.far = far;
        }
        catch_up(track, row.leg.state, self.now);
        let pending = track.call.remote.party.presentation == Presentation::Pending;
        if pending {
            // Whoever waited for the answer went with the link, or with the program.
            track.heard = Ident::default();
        }
        if !pending || row.leg.connected.number.is_some() {
            self.meet(at, &row.leg.connected);
        }
    }

    /// A call that came while nobody listened.
    fn found(&mut self, own: &str, row: &Row) -> usize {
        let calls = row.leg.state == LegState::Calling || row.leg.linked.as_deref() == Some(own);
        let kind = match (calls, row.leg.state) {
            (true, LegState::Up) => (Direction::Outgoing, CallState::Active),
            (true, LegState::Calling) => (Direction::Outgoing, CallState::Dialing),
            (true, _) => (Direction::Outgoing, CallState::CallingOwnPhone),
            (false, LegState::Up) => (Direction::Incoming, CallState::Active),
            (false, _) => (Direction::Incoming, CallState::Ringing),
        };
        let began = Timestamp(self.now.wall.0.saturating_sub(millis(row.age)));
        let mut track = self.begin(own, &row.leg, kind);
        track.call.started_at = began;
        if kind.1 == CallState::Active {
            track.call.answered_at = Some(began);
        }
        track.far = self.first_of_group(own);
        let far = track.far.as_deref().and_then(|far| self.legs.get(far));
        track.call.queue = far.and_then(|far| far.queue.as_deref().map(QueueName::new));
        track.call.dialled = match kind.0 {
            Direction::Outgoing => row.dialled.clone().or_else(|| row.leg.exten.clone()),
            Direction::Incoming => track
                .far
                .as_deref()
                .and_then(|far| self.legs.get(far))
                .and_then(|leg| leg.dialled.clone()),
        };
        self.tracks.push(track);
        self.tracks.len() - 1
    }

    /// Without the dialling's events the caller is the first leg of the group.
    fn first_of_group(&self, own: &str) -> Option<String> {
        let root = self.legs.get(own)?.linked.clone()?;
        let leg = self.legs.get(&root)?;
        (root != own && !leg.is_local()).then_some(root)
    }

    /// A consultation that was under way is over when the agent is in one bridge with the caller.
    fn settle_consultations(&mut self) {
        for at in 0..self.tracks.len() {
            let Some(both) = self.tracks[at].call.consultation else {
                continue;
            };
            let Some(consult) = self.index(both.consult) else {
                self.tracks[at].call.consultation = None;
                continue;
            };
            if self.tracks[consult].swapped {
                self.tracks[consult].shown = true;
                continue;
            }
            if both.held != self.tracks[at].call.id || both.phase == ConsultationPhase::Completing {
                continue;
            }
            let track = &self.tracks[at];
            let own = track.own.clone().unwrap_or_default();
            let far = track.far.clone().or_else(|| self.first_of_group(&own));
            let partner = self.legs.partner(&own).map(str::to_owned);
            self.tracks[at].far.clone_from(&far);
            if partner.is_some() && partner == far {
                self.tracks.remove(consult);
                let at = if consult < at { at - 1 } else { at };
                self.tracks[at].call.consultation = None;
                self.tracks[at].talk(self.now);
                return self.settle_consultations();
            }
            self.tracks[consult].shown = true;
        }
    }
}

/// Moves a known call forward to where its leg is now.
fn catch_up(track: &mut Track, state: LegState, now: Moment) {
    match (track.call.state, state) {
        (CallState::Ringing, LegState::Up) => track.talk(now),
        (CallState::Dialing | CallState::CallingOwnPhone, LegState::Up) if track.home.is_some() => {
            track.talk(now);
        }
        (CallState::CallingOwnPhone, LegState::Up) => track.call.state = CallState::Dialing,
        _ => {}
    }
}

fn millis(age: Duration) -> i64 {
    i64::try_from(age.as_millis()).unwrap_or(i64::MAX)
}

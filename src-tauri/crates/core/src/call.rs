//! A call as the agent sees it, whatever the telephone system calls its parts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{CallId, CorrelationKey, LegId, LineId, Party, QueueName, Remote, Timestamp};

/// Which way the call goes, seen from the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Somebody calls the agent, from outside or from a colleague's telephone.
    Incoming,
    /// The agent calls, from the telephone or through Ringcard.
    Outgoing,
}

/// Who put the call on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum HeldBy {
    /// The agent: the other side waits.
    Us,
    /// The other side: the agent waits.
    Remote,
}

/// Where a call stands. The last event decides, never a command of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    /// Click-to-dial: the agent's own telephone rings first.
    CallingOwnPhone,
    /// The other side is being called.
    Dialing,
    /// An incoming call rings at the agent.
    Ringing,
    /// Both sides talk.
    Active,
    /// On hold.
    Held {
        /// Who holds.
        by: HeldBy,
    },
    /// In a parking slot, to be fetched by anybody.
    Parked,
    /// Back in the queue that has rung the agent in vain; it may ring here again.
    Queued,
    /// Over.
    Ended {
        /// Why.
        reason: EndReason,
    },
}

impl CallState {
    /// Is the call over?
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Ended { .. })
    }

    /// Does the caller wait somewhere without the agent's telephone?
    pub fn is_elsewhere(self) -> bool {
        matches!(self, Self::Parked | Self::Queued)
    }
}

/// Why a call ended for this agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// One side hung up after talking.
    HungUp,
    /// It rang, the caller gave up or the time ran out.
    Missed,
    /// Another member of the group or queue answered.
    AnsweredElsewhere,
    /// A colleague took the ringing call to his telephone.
    PickedUp,
    /// The agent sent it elsewhere while it rang.
    Redirected,
    /// The agent handed the caller on.
    TransferredAway,
    /// The agent refused it.
    Declined,
    /// The called side was busy.
    Busy,
    /// It could not be set up.
    Failed,
    /// It was over when the link came back; nobody knows how it ended.
    EndedWhileAway,
}

/// What can be done with a call right now. Recomputed with every event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Ability {
    /// Take the ringing call from here.
    Answer,
    /// Refuse the ringing call.
    Decline,
    /// Send the ringing call elsewhere.
    Redirect,
    /// End the call.
    HangUp,
    /// Let the other side wait.
    Hold,
    /// Fetch the waiting side back.
    Resume,
    /// Ask a colleague while the caller waits.
    Consult,
    /// Join caller and colleague, and leave.
    CompleteTransfer,
    /// Drop the colleague, go back to the caller.
    CancelConsult,
    /// Change between caller and colleague.
    Swap,
    /// Hand the caller on without asking.
    BlindTransfer,
    /// Send digits into the call.
    SendDtmf,
}

/// How far a consultation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ConsultationPhase {
    /// The colleague is being called.
    Dialing,
    /// Agent and colleague talk.
    Talking,
    /// The caller is being handed over.
    Completing,
    /// The agent is going back to the caller.
    Cancelling,
}

/// A caller waits while the agent asks a colleague.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Consultation {
    /// The call that waits.
    pub held: CallId,
    /// The call to the colleague.
    pub consult: CallId,
    /// How far it has come.
    pub phase: ConsultationPhase,
}

/// One call of the agent. Providers hand over the whole value with each change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Ours, for as long as the call lives.
    pub id: CallId,
    /// The line it came by.
    pub line: LineId,
    /// The agent's leg as the provider names it now; legs are replaced, the id stays.
    pub leg: LegId,
    /// The same on every desktop that saw this call.
    pub correlation: CorrelationKey,
    /// Seen from the agent.
    pub direction: Direction,
    /// As the last event left it.
    pub state: CallState,
    /// Who is at the other end.
    pub remote: Remote,
    /// Everybody who has been at the other end, oldest first, the present one last.
    pub parties: Vec<Party>,
    /// The number that the caller dialled, or the one that the agent dialled.
    pub dialled: Option<String>,
    /// The queue or group that sent the call here.
    pub queue: Option<QueueName>,
    /// Who diverted the call to the agent.
    pub diverter: Option<Party>,
    /// The consultation that this call is part of, on both of its calls.
    pub consultation: Option<Consultation>,
    /// What can be done now.
    pub can: BTreeSet<Ability>,
    /// First sign of the call.
    pub started_at: Timestamp,
    /// When somebody here began to talk.
    pub answered_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// What a call begins with; everything else is found out later.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// Its id.
    pub id: CallId,
    /// The line.
    pub line: LineId,
    /// The agent's leg, as far as there is one.
    pub leg: LegId,
    /// The PBX's id of the group, or ours before it has one.
    pub correlation: CorrelationKey,
    /// Seen from the agent.
    pub direction: Direction,
    /// Its first state.
    pub state: CallState,
    /// The first sign of it.
    pub started_at: Timestamp,
}

impl Call {
    /// A call at its first sign: nobody is known at the far end, nothing can be done yet.
    pub fn begin(beginning: Beginning) -> Self {
        Self {
            id: beginning.id,
            line: beginning.line,
            leg: beginning.leg,
            correlation: beginning.correlation,
            direction: beginning.direction,
            state: beginning.state,
            remote: Remote::default(),
            parties: Vec::new(),
            dialled: None,
            queue: None,
            diverter: None,
            consultation: None,
            can: BTreeSet::new(),
            started_at: beginning.started_at,
            answered_at: None,
            ended_at: None,
        }
    }

    /// May the agent do `ability` with this call now?
    pub fn allows(&self, ability: Ability) -> bool {
        self.can.contains(&ability)
    }

    /// Puts another party at the far end and keeps the former one. Says whether it was a change.
    pub fn meet(&mut self, party: Party) -> bool {
        if self.remote.party == party {
            return false;
        }
        self.remote.revision += 1;
        let refines = self
            .parties
            .last()
            .is_some_and(|last| refines(last, &party));
        if refines {
            self.parties.pop();
        }
        self.parties.push(party.clone());
        self.remote.party = party;
        true
    }
}

/// A late name or number completes the same person instead of naming a new one.
fn refines(known: &Party, heard: &Party) -> bool {
    match (&known.number, &heard.number) {
        (Some(known), Some(heard)) => known == heard,
        (None, _) => known.presentation != crate::Presentation::Withheld,
        (Some(_), None) => false,
    }
}

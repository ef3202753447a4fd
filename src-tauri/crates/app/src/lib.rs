//! The application without a window: an [`Event`] comes in, [`State::step`] answers with
//! [`Effect`]s, the host performs them.
//!
//! `step` is pure: it looks at no clock, touches no disk and knows no window. Timers are part of
//! the state; whoever runs the loop sleeps until [`State::next_deadline`].

mod away;
mod call_events;
mod commands;
mod effect;
mod event;
mod integrations;
mod luck;
mod preview;
mod state;
mod step;
mod tries;

pub use effect::{Effect, JournalEntry, LookupRequest, Notice, SyncCause};
pub use event::{Event, LastContact, LookedUp, Session, SyncEvent, UiCommand};
pub use integrations::{Integration, IntegrationSetup, SyncStage};
pub use state::{Line, PendingCommand, Setup, State, TrackedCall, TraySign};
pub use tries::{Tried, Tries, Try};

//! The face that every telephone system shows to Ringcard.
//!
//! A provider runs one *session* at a time: from connecting to the loss of the link. The
//! reconnect layer starts the next one. Between sessions the provider keeps its map from legs to
//! [`CallId`](ringcard_core::CallId)s, so that a call that is still there keeps its identity.

use std::future::Future;
use std::pin::Pin;

use ringcard_core::{
    Call, CallCommand, CallId, Check, Colleague, CommandId, LinkState, LinkTrouble, Outcome,
};
use tokio::sync::mpsc;

/// What reaches a line from the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineCommand {
    /// Do this with a call. Exactly one [`LineEvent::CommandEnded`] answers it.
    Call(CommandId, CallCommand),
    /// Calls that the journal knows as open, so that a restart of Ringcard adopts them. Sent once
    /// before the first session.
    Adopt(Vec<Call>),
    /// The network changed or the machine woke: do not trust the link, connect anew at once.
    Reconnect,
}

/// What a line tells the application. In order; each call with its whole present value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineEvent {
    /// The link's state changed.
    Link(LinkState),
    /// Every call there is, after each connect. A call that the application knows and that is
    /// missing here ended while we were away.
    Snapshot(Vec<Call>),
    /// The first sign of a call, before its telephone rings: wake the card.
    Coming,
    /// A call is new, changed or ended.
    Call(Box<Call>),
    /// A command ended; the event that proved it came before.
    CommandEnded(CommandId, Outcome),
    /// The colleagues with their availability, whole.
    Colleagues(Vec<Colleague>),
    /// One colleague's availability changed.
    Colleague(Colleague),
    /// What a finished command line check found.
    Checked(Vec<Check>),
}

/// The two ends that a session works with.
pub struct LineIo {
    /// Commands from the application. Closed when the line is to end.
    pub commands: mpsc::Receiver<LineCommand>,
    /// Events to the application.
    pub events: mpsc::Sender<LineEvent>,
}

/// How a session came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEnd {
    /// The application closed the line.
    Closed,
    /// The link failed; `listened` says whether it had been signed in, which resets the back-off.
    Lost {
        /// Why.
        trouble: LinkTrouble,
        /// It had got as far as a snapshot.
        listened: bool,
    },
    /// The application asked for a new link.
    ReconnectNow,
}

/// One line at one telephone system.
pub trait TelephonyProvider: Send {
    /// Connects, signs in, subscribes, takes a snapshot, and then carries events and commands
    /// until the link is lost or the line is closed. Sends `Link(Listening)` after the snapshot.
    /// On loss every pending command is answered with `LinkDown`.
    fn session<'a>(
        &'a mut self,
        io: &'a mut LineIo,
    ) -> Pin<Box<dyn Future<Output = SessionEnd> + Send + 'a>>;

    /// Looks at everything that the line needs at the telephone system, on a link of its own.
    fn check<'a>(&'a self) -> Pin<Box<dyn Future<Output = Vec<Check>> + Send + 'a>>;

    /// Takes calls that were open when Ringcard ended, so that they keep their [`CallId`].
    fn adopt(&mut self, calls: Vec<Call>);

    /// The open call with this id, as last told.
    fn call(&self, id: CallId) -> Option<&Call>;
}

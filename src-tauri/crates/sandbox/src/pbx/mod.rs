//! A small PBX with telephones, colleagues and an outside world, that speaks the manager interface on loopback.
//!
//! It is as unkind as a real Asterisk: what the recordings show is what a client meets here. It carries no sound, and
//! it shares no wire code with the product.

mod account;
mod action;
mod bridges;
mod channels;
mod consult;
mod control;
mod devices;
mod dial;
mod dialplan;
mod event;
mod exchange;
mod hangup;
mod house;
mod keys;
mod leg;
mod local;
mod orders;
mod originate;
mod park;
mod phone;
mod pickup;
mod queue;
mod queue_talks;
mod ring;
mod server;
mod session;
mod shuffle;
mod sight;
mod targets;
mod telephone;
mod transfer;

use std::io;
use std::time::Duration;

pub use phone::{CallAtPhone, Habits, OnCall, OnKeyNotify, PhoneState};
pub use ring::{OutsideCall, Ring};
pub use telephone::Phone;

pub(crate) use control::{Command, Refusal, Switch};
pub(crate) use orders::StandingOrders;
pub(crate) use ring::unescape;
pub(crate) use sight::{LineCall, Part, Remote, Sight, Stage};

use event::{Class, Event};
use exchange::Shared;
use hangup::Ending;
use phone::Whose;
use server::Server;
use tokio::sync::watch;

/// The account with every right, and its secret.
pub const CTI: (&str, &str) = ("cti", "cti-secret");
/// The account that may read call and agent, write call and originate.
pub const CTI_MIN: (&str, &str) = ("ctimin", "cti-secret");
/// The account with the least rights that Ringcard asks for.
pub const AGENT_101: (&str, &str) = ("agent101", "agent101-secret");

/// What differs from one PBX to another.
#[derive(Debug, Clone)]
pub struct PbxOptions {
    /// The port of the manager interface; 0 takes a free one.
    pub port: u16,
    /// How long a consulted colleague may ring after the agent left, before the agent is called back.
    pub atxfer_no_answer_timeout: Duration,
    /// How long the PBX waits for a further digit of a number that may still grow.
    pub transfer_digit_timeout: Duration,
    /// How long a manager may take to read before it loses its connection.
    pub write_timeout: Duration,
    /// The telephones that are registered from the start.
    pub registered: Vec<String>,
    /// A seed: events of different topics change places, as on a busy machine.
    pub shuffled: Option<u64>,
    /// Offers the manager interface with TLS too.
    pub tls: Option<TlsIdentity>,
}

impl Default for PbxOptions {
    fn default() -> Self {
        Self {
            port: 0,
            atxfer_no_answer_timeout: Duration::from_secs(15),
            transfer_digit_timeout: Duration::from_secs(3),
            write_timeout: Duration::from_secs(5),
            registered: house::PHONES
                .iter()
                .map(|(extension, _)| (*extension).to_owned())
                .collect(),
            shuffled: None,
            tls: None,
        }
    }
}

/// Certificate and key of the TLS side, PEM.
#[derive(Debug, Clone)]
pub struct TlsIdentity {
    /// The certificate.
    pub certificate: String,
    /// Its private key.
    pub key: String,
}

/// How a link goes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkLoss {
    /// Connections are closed and new ones refused.
    Closed,
    /// Connections stay open and carry nothing more, as behind a dead firewall. New ones get no banner.
    Silent,
}

/// The display name of a telephone of the house.
pub(crate) fn name_of(extension: &str) -> Option<&'static str> {
    house::name_of(extension)
}

/// Everybody with a telephone: extension and name.
pub(crate) fn house_staff() -> impl Iterator<Item = (&'static str, &'static str)> {
    house::PHONES.into_iter()
}

/// A PBX. It ends with this value.
pub struct Pbx {
    shared: Shared,
    server: Server,
}

impl Pbx {
    /// Starts it on loopback. Must be called inside a tokio runtime, which it lives in.
    pub async fn start(options: PbxOptions) -> io::Result<Self> {
        let (port, tls) = (options.port, options.tls.clone());
        let shared = Shared::new(options);
        let server = Server::open(&shared, port, tls.as_ref()).await?;
        Ok(Self { shared, server })
    }

    /// The port of the manager interface on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.server.port
    }

    /// The port that begins with a TLS handshake, if there is one.
    pub fn tls_port(&self) -> Option<u16> {
        self.server.tls_port
    }

    /// The telephone of this extension. It is registered from now on.
    pub fn phone(&self, extension: &str) -> Phone {
        self.shared
            .with(|exchange| exchange.set_registered(extension, true));
        self.telephone(Whose::Desk(extension.to_owned()))
    }

    /// The telephone of this extension leaves the network; the PBX calls it unavailable.
    pub fn unplugs(&self, extension: &str) {
        self.shared
            .with(|exchange| exchange.set_registered(extension, false));
    }

    /// The outside world as one telephone that takes whatever the PBX dials out.
    pub fn outside(&self) -> Phone {
        self.telephone(Whose::Outside)
    }

    /// A call from outside to `dialled`: `pbx.rings("101").from("+49 231 1234567").place()`.
    pub fn rings(&self, dialled: &str) -> Ring<'_> {
        Ring::to(self, dialled)
    }

    /// Places a call from outside; what comes back acts on this one call only.
    pub fn call_in(&self, call: &OutsideCall) -> Phone {
        let leg = self.shared.with(|exchange| exchange.calls_in(call));
        self.telephone(Whose::Call(leg))
    }

    /// Stops as an administrator would: calls are hung up, managers hear Shutdown and then the end of file.
    pub async fn stops(&self) {
        self.hangs_up_everything();
        let shutdown = Event::new("Shutdown", Class::System)
            .field("Shutdown", "Cleanly")
            .field("Restart", "False");
        self.shared.with(|exchange| exchange.say(shutdown));
        self.crashes().await;
    }

    /// Ends as in a power cut: no Hangup, no Shutdown, just the end of file.
    pub async fn crashes(&self) {
        self.shared.with(|exchange| {
            exchange.forget_everything();
            exchange.sessions.close_all();
        });
        self.server.close().await;
    }

    /// Starts again after `stops` or `crashes`; telephones that were registered are so again.
    pub async fn restarts(&self) -> io::Result<()> {
        self.server.reopen(&self.shared).await
    }

    /// Loses the link to the managers. Calls and telephones go on.
    pub async fn link_lost(&self, loss: LinkLoss) {
        self.shared.with(|exchange| {
            exchange.link_loss = Some(loss);
            match loss {
                LinkLoss::Closed => exchange.sessions.close_all(),
                LinkLoss::Silent => exchange.sessions.mute_all(),
            }
        });
        if loss == LinkLoss::Closed {
            self.server.close().await;
        }
    }

    /// Lets managers connect again after `link_lost`.
    pub async fn link_back(&self) -> io::Result<()> {
        self.shared.with(|exchange| exchange.link_loss = None);
        self.server.reopen(&self.shared).await
    }

    /// DialBegin comes after the first sign of ringing from now on.
    pub fn says_ringing_first(&self) {
        self.shared.with(|exchange| exchange.ringing_first = true);
    }

    /// Ends every call.
    pub fn hangs_up_everything(&self) {
        self.shared.with(|exchange| {
            while let Some(leg) = exchange.legs.keys().next().copied() {
                exchange.hang_up(leg, Ending::new(16));
                // A leg that waits for a colleague after a transfer survives the first attempt.
                exchange.hang_up(leg, Ending::new(16));
            }
        });
    }

    /// Changes whenever anything happened, so that nobody has to ask again and again.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes()
    }

    /// How the other ways into this PBX see and steer its calls.
    pub(crate) fn switch(&self) -> Switch {
        Switch::of(&self.shared)
    }

    fn telephone(&self, whose: Whose) -> Phone {
        Phone::new(self.shared.clone(), whose)
    }
}

impl Drop for Pbx {
    fn drop(&mut self) {
        self.shared.with(|exchange| {
            exchange.forget_everything();
            exchange.sessions.close_all();
        });
    }
}

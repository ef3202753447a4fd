//! What the contract suite needs of a telephone system, so that one scenario runs against the sandbox and a real Asterisk.
//!
//! Verbs only: how a telephone rings, and what speaks the manager interface, is each PBX's own business. Every verb
//! waits until the PBX has taken it and panics with what it saw when that does not happen.
//!
//! Both lay out the same house (`tests/asterisk-etc`): agents 101 to 105, outside numbers with a leading `0` or `+`,
//! `+4923155501<ext>` dialled in, 500 = queue sales (101, 103), 501 = queue with a Local member, 1101 = 101 behind a
//! Local channel, 1123 = group 101 + 102, 12XX = 1XX without feature codes, 800 = music, 700 parks on 701 to 720,
//! `*8` and `**1XX` pick up. Feature codes: consult `*2`, complete `*2`, abort `*1`, blind transfer `#1`.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use ringcard_core::LineId;
use ringcard_telephony::TelephonyProvider;
use ringcard_telephony::providers::asterisk::{Asterisk, Config};

/// How long a verb or a wait may take before it counts as failed. Long enough for a loaded machine.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// A telephone system with telephones and an outside world, alive while its scenario runs.
#[expect(
    async_fn_in_trait,
    reason = "a scenario drives its PBX from one task; nothing is sent between threads"
)]
pub trait Pbx: Sized {
    /// A telephone on a desk of the company.
    type Phone: Phone;
    /// A telephone in the outside world, seen through the trunk.
    type Outside: Phone;

    /// Starts a PBX of its own, runs the scenario on it and takes it down. Called from a plain `#[test]`:
    /// the runtime is made here, because a real PBX has to choose the thread (and the network) it lives in.
    fn run(options: Options, scenario: impl AsyncFnOnce(&Self) + Send);

    /// Where a client connects as `account`, and with which secret.
    fn manager(&self, account: Account) -> Manager;

    /// The agent's line. By the manager interface, unless the telephone system has another one.
    fn line(&self, config: Config) -> Box<dyn TelephonyProvider> {
        Box::new(Asterisk::new(config, LineId::new("line")))
    }

    /// Where the dialplan has what a client needs of it.
    fn contexts(&self) -> Contexts {
        Contexts::HOUSE
    }

    /// The telephone of this extension, registered and idle. It rings and waits until told otherwise.
    async fn phone(&self, extension: &str) -> Self::Phone;

    /// The outside world as one telephone that takes whatever the PBX dials out.
    async fn outside(&self) -> Self::Outside;

    /// Places a call from outside; what comes back acts on this one call only.
    async fn call_in(&self, call: OutsideCall) -> Self::Outside;

    /// A call from outside to `dialled`: `pbx.rings("101").from("+49 231 1234567").await`.
    fn rings(&self, dialled: &str) -> Ring<'_, Self> {
        Ring {
            pbx: self,
            call: OutsideCall {
                dialled: dialled.into(),
                ..OutsideCall::default()
            },
        }
    }

    /// Stops the PBX as an administrator would: calls are hung up, managers hear Shutdown and then the end of file.
    async fn stop(&self);

    /// Ends it as a power cut does: managers hear neither Hangup nor Shutdown, just the end of file.
    async fn crash(&self);

    /// Starts it again after `stop` or `crash`; telephones that were registered are so again. Calls are gone.
    async fn start(&self);

    /// Loses the link between the client and the manager interface. Calls and telephones go on.
    async fn cut_link(&self, loss: LinkLoss);

    /// Lets clients connect again after `cut_link`.
    async fn restore_link(&self);

    /// Ends every call that the PBX still has.
    async fn hang_up_everything(&self);
}

/// What differs from scenario to scenario at the PBX itself.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long a consulted colleague may ring after the agent left, before the agent is called back.
    pub atxfer_no_answer_timeout: u32,
    /// Seconds the PBX waits for a further digit of a number that may still grow.
    pub transfer_digit_timeout: u32,
    /// Whether the manager interface is also offered with TLS, with a certificate made for this run.
    pub tls: bool,
    /// Whether account, dialplan, features and TLS are those that Ringcard prints for an administrator. A real
    /// Asterisk only: the sandbox reads no files.
    pub printed: Option<Printed>,
}

impl Contexts {
    /// Those of `tests/asterisk-etc`.
    pub const HOUSE: Self = Self {
        hold: "cti-hold",
        consult: "cti-consult",
        answer: "cti-answer",
    };
}

/// What is changed in the printed text beside addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printed {
    /// How long a held caller hears music before the agent's telephone rings.
    pub seconds_of_music: u32,
}

/// The contexts of a dialplan that a client sends calls to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contexts {
    /// Music for who waits.
    pub hold: &'static str,
    /// A colleague is called, and the agent comes back when nobody picks up.
    pub consult: &'static str,
    /// The telephone is called so that it picks up by itself.
    pub answer: &'static str,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            atxfer_no_answer_timeout: 5,
            transfer_digit_timeout: 1,
            tls: false,
            printed: None,
        }
    }
}

/// The manager accounts that both PBXes know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// `cti`: every right.
    Everything,
    /// `ctimin`: read call and agent, write call and originate.
    CallsOnly,
    /// `agent101`: the least rights that Ringcard asks for, with an event filter.
    Agent101,
}

/// How to reach the manager interface.
#[derive(Debug, Clone)]
pub struct Manager {
    /// A loopback address.
    pub host: String,
    /// The plain port.
    pub port: u16,
    /// The port with TLS, when `Options::tls` asked for it.
    pub tls: Option<Tls>,
    /// The account's name.
    pub user: String,
    /// The account's secret, invented.
    pub secret: String,
}

/// The TLS side of a manager interface.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The port that begins with a handshake.
    pub port: u16,
    /// The self-signed certificate, PEM.
    pub certificate: String,
    /// SHA-256 of the certificate (DER), lower case hex without separators.
    pub fingerprint: String,
}

/// How a link goes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkLoss {
    /// Connections are closed and new ones refused.
    Closed,
    /// Connections stay open and carry nothing more, as behind a dead firewall. New ones get no banner.
    Silent,
}

/// A call from outside that is still to be placed.
#[derive(Debug, Clone, Default)]
pub struct OutsideCall {
    /// What the caller dialled.
    pub dialled: String,
    /// The user part of the caller's address, as it goes over the wire.
    pub number: String,
    /// The display name, if the network sends one.
    pub name: Option<String>,
    /// Asks for the number to be withheld: `From` anonymous, the number asserted beside it with `Privacy: id`.
    pub withheld: bool,
    /// Who forwarded the call to the company.
    pub diverted_by: Option<String>,
}

/// A call being described. Awaiting it places the call.
pub struct Ring<'a, P: Pbx> {
    pbx: &'a P,
    call: OutsideCall,
}

impl<P: Pbx> Ring<'_, P> {
    /// The caller's number; blanks are for the reader and do not go over the wire.
    pub fn from(mut self, number: &str) -> Self {
        self.call.number = number.split_whitespace().collect();
        self
    }

    /// The name the network sends with it.
    pub fn named(mut self, name: &str) -> Self {
        self.call.name = Some(name.into());
        self
    }

    /// The caller withholds the number.
    pub fn withheld(mut self) -> Self {
        self.call.withheld = true;
        self
    }

    /// The number that forwarded the call.
    pub fn diverted_by(mut self, number: &str) -> Self {
        self.call.diverted_by = Some(number.split_whitespace().collect());
        self
    }
}

impl<'a, P: Pbx> IntoFuture for Ring<'a, P> {
    type Output = P::Outside;
    type IntoFuture = Pin<Box<dyn Future<Output = P::Outside> + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.pbx.call_in(self.call))
    }
}

/// What a person can do at a telephone.
///
/// A verb acts on the newest call it fits: `answer` on one that rings, `hold` on one in talk, `resume` on a held one,
/// `hang_up` on the one in talk, else the one being dialled, else the one that rings, else a held one.
#[expect(
    async_fn_in_trait,
    reason = "a scenario drives its telephones from one task"
)]
pub trait Phone {
    /// What it does by itself from now on.
    fn behaves(&self, habits: Habits);

    /// Picks up.
    async fn answer(&self);
    /// Refuses with "declined".
    async fn decline(&self);
    /// Refuses with "busy".
    async fn refuse_busy(&self);
    /// Hangs up, or gives up what is being dialled.
    async fn hang_up(&self);
    /// Presses hold.
    async fn hold(&self);
    /// Takes the held call back.
    async fn resume(&self);
    /// Dials and returns when the PBX has taken the number; `wait_for` says how it goes on.
    async fn dial(&self, number: &str);
    /// Presses keys during the call in talk, feature codes included.
    async fn send_digits(&self, digits: &str);

    /// Waits until a call is in this state (for `Idle`: until there is none). Panics after [`PATIENCE`].
    async fn wait_for(&self, state: PhoneState);

    /// Waits until the calls here, oldest first, are in just these states. Panics after [`PATIENCE`].
    async fn wait_for_calls(&self, states: &[PhoneState]);

    /// The calls at this telephone now, oldest first.
    fn calls(&self) -> Vec<CallAtPhone>;
}

/// Where a call stands, as the person at the telephone sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneState {
    /// No call.
    Idle,
    /// Someone calls.
    Ringing,
    /// Dialled, no answer yet.
    Dialing,
    /// In talk.
    Talking,
    /// Held by this telephone.
    Holding,
}

/// One call at a telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallAtPhone {
    /// Never [`PhoneState::Idle`].
    pub state: PhoneState,
    /// Whom its display names, as the PBX said last (connected line updates included).
    pub shows: String,
}

/// What a telephone does without a hand on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Habits {
    /// When a call comes in.
    pub on_call: OnCall,
    /// When the PBX presses its keys.
    pub on_key_notify: OnKeyNotify,
    /// Whether it picks up by itself when the invitation asks for it (`answer-after=0`).
    pub auto_answer: bool,
}

/// What a telephone does with a new call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum OnCall {
    /// Rings and waits.
    #[default]
    Rings,
    /// Takes the call without saying that it rings, and waits.
    RingsUnsaid,
    /// Picks up after ringing.
    Answers,
    /// Busy.
    Busy,
    /// Declined.
    Declines,
    /// Sends the caller to this number instead.
    Deflects(String),
}

/// What a telephone does with `NOTIFY` and `Event: talk` or `hold` inside a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnKeyNotify {
    /// Refuses (500); the call goes on.
    #[default]
    Refuses,
    /// Answers, resumes or holds as asked.
    Obeys,
    /// Refuses with 481, at which a real Asterisk tears the call down.
    LosesCall,
}

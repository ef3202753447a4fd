//! Test telephones: small SIP telephones over UDP that ring, answer, hold and dial at a real PBX.
//!
//! They share no code with the product. What a telephone does by itself is its `Habits`; the rest are verbs of `Phone`.
//! They live on the runtime and in the network of the thread that opens them.

mod agent;
mod call;
mod digest;
mod incoming;
mod media;
mod message;
mod outgoing;
mod transactions;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use crate::pbx::{CallAtPhone, Habits, OutsideCall, PATIENCE, Phone, PhoneState};
use agent::{Agent, Identity, Order, Scope, SeenCall, Taken, View};
use message::{Message, quoted};

/// The address that the PBX knows the trunk by.
pub const TRUNK: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)), 5080);

/// A person who is put through goes on when he hears something; where nothing is to be heard, after this long.
/// Without it a hand would be faster than any: a PBX joins the two sides a moment after the answer.
const EAR: Duration = Duration::from_secs(1);

/// A hand on a telephone. Clones are hands on the same one.
#[derive(Debug, Clone)]
pub struct Telephone {
    user: String,
    pbx: SocketAddr,
    scope: Scope,
    habits: Arc<Mutex<Habits>>,
    orders: mpsc::UnboundedSender<(Order, Scope, Taken)>,
    view: watch::Receiver<View>,
}

impl Telephone {
    /// Puts a telephone on a desk and registers it at `pbx`.
    pub async fn register(pbx: SocketAddr, extension: &str, secret: &str) -> io::Result<Self> {
        let identity = Identity {
            user: extension.to_owned(),
            secret: secret.to_owned(),
        };
        let telephone = Self::open((Ipv4Addr::LOCALHOST, 0).into(), pbx, identity).await?;
        telephone.register_again().await;
        Ok(telephone)
    }

    /// Registers once more, as a telephone does when its PBX came back.
    pub async fn register_again(&self) {
        self.order(Order::Register).await;
        self.wait(|view| view.registered, "to be registered").await;
    }

    /// Drops all calls without a word, as a telephone does whose PBX went away.
    pub async fn forget_calls(&self) {
        self.order(Order::Forget).await;
        self.wait_for(PhoneState::Idle).await;
    }

    async fn open(here: SocketAddr, pbx: SocketAddr, identity: Identity) -> io::Result<Self> {
        let user = identity.user.clone();
        let agent = Agent::new(UdpSocket::bind(here).await?, pbx, identity)?;
        let (habits, view) = (agent.habits.clone(), agent.watch());
        let (orders, mailbox) = mpsc::unbounded_channel();
        tokio::spawn(agent.run(mailbox));
        Ok(Self {
            user,
            pbx,
            scope: Scope::All,
            habits,
            orders,
            view,
        })
    }

    fn invitation(&self, number: &str, from: &str) -> Message {
        let uri = format!("sip:{}@{}", number.replace('#', "%23"), self.pbx);
        let from = format!("{from};tag={}", call::token());
        Message::request("INVITE", &uri)
            .with("From", from)
            .with("To", format!("<{uri}>"))
    }

    /// Sends an invitation and waits until the PBX says anything to it.
    async fn invite(&self, invitation: Message) -> u64 {
        let id = self.order(Order::Dial(Box::new(invitation))).await;
        let taken = |view: &View| {
            view.calls
                .iter()
                .find(|call| call.id == id)
                .is_none_or(|call| call.taken)
        };
        self.wait(taken, "to hear anything of the dialled number")
            .await;
        id
    }

    /// Gives an order to the loop; panics when the telephone has no call that it fits.
    async fn order(&self, order: Order) -> u64 {
        let (taken, answer) = oneshot::channel();
        let sent = self.orders.send((order, self.scope, taken));
        assert!(sent.is_ok(), "telephone {} is gone", self.user);
        match answer.await {
            Ok(Ok(id)) => id,
            Ok(Err(why)) => panic!("telephone {}: {why}", self.user),
            Err(_) => panic!("telephone {} went away while it was used", self.user),
        }
    }

    async fn wait(&self, reached: impl Fn(&View) -> bool, what: &str) {
        let mut view = self.view.clone();
        let waited = timeout(PATIENCE, view.wait_for(|view| reached(view))).await;
        let arrived = waited.is_ok_and(|view| view.is_ok());
        assert!(
            arrived,
            "telephone {} waited in vain {what}; it has {:?}",
            self.user,
            self.calls()
        );
    }

    async fn wait_for_end_of(&self, id: u64) {
        self.wait(
            |view| view.calls.iter().all(|call| call.id != id),
            "for the end of its call",
        )
        .await;
    }

    /// Waits for a call to come into this state, and for the person's ear to follow.
    async fn wait_for_call(&self, meant: impl Fn(&SeenCall) -> bool, state: PhoneState) {
        let reached = |call: &SeenCall| call.state() == state && meant(call);
        self.wait(
            |view| view.calls.iter().any(reached),
            &format!("to be {state:?}"),
        )
        .await;
        let call = self
            .view
            .borrow()
            .calls
            .iter()
            .find(|call| reached(call))
            .cloned();
        if let (PhoneState::Talking, Some(mut call)) = (state, call) {
            let _ = timeout(EAR, call.heard.wait_for(|heard| *heard)).await;
        }
    }

    async fn refuse(&self, status: u16) {
        let id = self.order(Order::Refuse(status)).await;
        self.wait_for_end_of(id).await;
    }
}

impl Phone for Telephone {
    fn behaves(&self, habits: Habits) {
        *self.habits.lock().expect("no panic while it is held") = habits;
    }

    async fn answer(&self) {
        let id = self.order(Order::Accept).await;
        self.wait_for_call(|call| call.id == id, PhoneState::Talking)
            .await;
    }

    async fn decline(&self) {
        self.refuse(603).await;
    }

    async fn refuse_busy(&self) {
        self.refuse(486).await;
    }

    async fn hang_up(&self) {
        let id = self.order(Order::HangUp).await;
        self.wait_for_end_of(id).await;
    }

    async fn hold(&self) {
        let id = self.order(Order::Hold).await;
        self.wait_for_call(|call| call.id == id, PhoneState::Holding)
            .await;
    }

    async fn resume(&self) {
        let id = self.order(Order::Resume).await;
        self.wait_for_call(|call| call.id == id, PhoneState::Talking)
            .await;
    }

    async fn dial(&self, number: &str) {
        let from = format!("<sip:{}@{}>", self.user, self.pbx);
        self.invite(self.invitation(number, &from)).await;
    }

    async fn send_digits(&self, digits: &str) {
        let (keypad, open) = oneshot::channel();
        self.order(Order::Press(digits.to_owned(), keypad)).await;
        let pressed = async { open.await?.await };
        let done = timeout(PATIENCE, pressed)
            .await
            .is_ok_and(|pressed| pressed.is_ok());
        assert!(
            done,
            "telephone {} lost its call while keys were pressed",
            self.user
        );
    }

    async fn wait_for(&self, state: PhoneState) {
        let scope = self.scope;
        match state {
            PhoneState::Idle => {
                let idle = |view: &View| !view.calls.iter().any(|call| call.within(scope));
                self.wait(idle, "for its calls to end").await;
            }
            state => self.wait_for_call(|call| call.within(scope), state).await,
        }
    }

    async fn wait_for_calls(&self, states: &[PhoneState]) {
        let scope = self.scope;
        let reached = |view: &View| {
            let calls = view.calls.iter().filter(|call| call.within(scope));
            calls.map(SeenCall::state).eq(states.iter().copied())
        };
        self.wait(reached, &format!("for its calls to be {states:?}"))
            .await;
    }

    fn calls(&self) -> Vec<CallAtPhone> {
        let view = self.view.borrow();
        view.calls
            .iter()
            .filter(|call| call.within(self.scope))
            .map(|call| call.face.clone())
            .collect()
    }
}

/// The carrier's side of the trunk: everybody outside.
#[derive(Debug, Clone)]
pub struct Trunk {
    line: Telephone,
}

impl Trunk {
    /// Opens the trunk's address; the PBX knows it by that and asks for no registration.
    pub async fn open(pbx: SocketAddr) -> io::Result<Self> {
        let identity = Identity {
            user: "outside".into(),
            secret: String::new(),
        };
        Ok(Self {
            line: Telephone::open(TRUNK, pbx, identity).await?,
        })
    }

    /// Whoever the PBX dials, as one telephone.
    pub fn dialled(&self) -> Telephone {
        Telephone {
            scope: Scope::Incoming,
            ..self.line.clone()
        }
    }

    /// The whole trunk went silent: see [`Telephone::forget_calls`].
    pub async fn forget_calls(&self) {
        self.line.forget_calls().await;
    }

    /// Places a call; the hand that comes back reaches this call only.
    pub async fn call(&self, call: &OutsideCall) -> Telephone {
        let shown = call
            .name
            .as_deref()
            .map_or(String::new(), |name| format!("{} ", quoted(name)));
        let named = format!("{shown}<sip:{}@{}>", call.number, TRUNK.ip());
        let from = if call.withheld {
            "\"Anonymous\" <sip:anonymous@anonymous.invalid>"
        } else {
            &named
        };
        let mut invitation = self.line.invitation(&call.dialled, from);
        if call.withheld && !call.number.is_empty() {
            invitation = invitation
                .with("P-Asserted-Identity", named.as_str())
                .with("Privacy", "id");
        }
        if let Some(number) = &call.diverted_by {
            let diversion = format!("<sip:{number}@{}>;reason=unconditional", TRUNK.ip());
            invitation = invitation.with("Diversion", diversion);
        }
        let id = self.line.invite(invitation).await;
        Telephone {
            scope: Scope::One(id),
            ..self.line.clone()
        }
    }
}

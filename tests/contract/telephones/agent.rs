//! The loop behind a test telephone: one socket, its calls, what can be seen of them.
//!
//! What is repeated is in `transactions`. What a request from the PBX does to a call is in `incoming`, what the person does in `outgoing`.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::net::UdpSocket;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::sleep_until;

use super::call::{Call, Phase, contact};
use super::message::Message;
use super::transactions::{Reply, Sent};
use crate::pbx::{CallAtPhone, Habits, PhoneState};

/// Which calls of a telephone a hand on it can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    All,
    /// Calls that the PBX placed to this telephone.
    Incoming,
    One(u64),
}

/// What a hand on the telephone asks for.
#[derive(Debug)]
pub(super) enum Order {
    Register,
    /// An invitation to send: everything but Via, Contact and description.
    Dial(Box<Message>),
    Accept,
    Refuse(u16),
    HangUp,
    Hold,
    Resume,
    /// Opens the call's keypad: the receiver hears when the last key was let go.
    Press(String, oneshot::Sender<oneshot::Receiver<()>>),
    /// Forgets all calls, as a telephone does whose PBX went away.
    Forget,
}

/// The number of the call that an order is about, or why there is none.
pub(super) type Taken = oneshot::Sender<Result<u64, String>>;

/// What can be seen of a telephone from outside its loop.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    pub(super) registered: bool,
    pub(super) calls: Vec<SeenCall>,
}

#[derive(Debug, Clone)]
pub(super) struct SeenCall {
    pub(super) id: u64,
    pub(super) incoming: bool,
    /// Whether the PBX has said anything to our invitation.
    pub(super) taken: bool,
    pub(super) face: CallAtPhone,
    pub(super) heard: watch::Receiver<bool>,
}

impl SeenCall {
    pub(super) fn within(&self, scope: Scope) -> bool {
        match scope {
            Scope::All => true,
            Scope::Incoming => self.incoming,
            Scope::One(id) => self.id == id,
        }
    }

    pub(super) fn state(&self) -> PhoneState {
        self.face.state
    }
}

/// Who a telephone is.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub(super) user: String,
    pub(super) secret: String,
}

/// A telephone's loop and all it knows.
#[derive(Debug)]
pub(super) struct Agent {
    socket: UdpSocket,
    pub(super) here: SocketAddr,
    pub(super) pbx: SocketAddr,
    pub(super) identity: Identity,
    pub(super) habits: Arc<Mutex<Habits>>,
    pub(super) calls: Vec<Call>,
    pub(super) registered: bool,
    pub(super) sent: Vec<Sent>,
    pub(super) replies: VecDeque<Reply>,
    view: watch::Sender<View>,
    last_id: u64,
}

impl Agent {
    pub(super) fn new(
        socket: UdpSocket,
        pbx: SocketAddr,
        identity: Identity,
    ) -> std::io::Result<Self> {
        Ok(Self {
            here: socket.local_addr()?,
            socket,
            pbx,
            identity,
            habits: Arc::default(),
            calls: Vec::new(),
            registered: false,
            sent: Vec::new(),
            replies: VecDeque::new(),
            view: watch::Sender::new(View::default()),
            last_id: 0,
        })
    }

    pub(super) fn watch(&self) -> watch::Receiver<View> {
        self.view.subscribe()
    }

    /// Lives until the last hand lets the telephone go.
    pub(super) async fn run(mut self, mut orders: mpsc::UnboundedReceiver<(Order, Scope, Taken)>) {
        let mut datagram = vec![0; 65_535];
        loop {
            let wake = self.next_timer();
            tokio::select! {
                received = self.socket.recv_from(&mut datagram) => {
                    if let Some(message) = received.ok().and_then(|(length, _)| Message::parse(&datagram[..length])) {
                        self.on_message(message).await;
                    }
                }
                order = orders.recv() => match order {
                    None => return,
                    Some((order, scope, taken)) => {
                        let outcome = self.obey(order, scope).await;
                        // Who waits for what the view will show must not see the view from before.
                        self.publish();
                        let _ = taken.send(outcome);
                    }
                },
                () = sleep_until(wake) => self.repeat().await,
            }
            self.publish();
        }
    }

    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub(super) fn call(&mut self, id: u64) -> Option<&mut Call> {
        self.calls.iter_mut().find(|call| call.id == id)
    }

    pub(super) fn call_of(&mut self, message: &Message) -> Option<&mut Call> {
        self.calls
            .iter_mut()
            .find(|call| call.call_id == message.header("Call-ID"))
    }

    pub(super) fn drop_call(&mut self, id: u64) {
        self.calls.retain(|call| call.id != id);
    }

    pub(super) fn contact(&self) -> String {
        contact(&self.identity.user, self.here)
    }

    async fn on_message(&mut self, message: Message) {
        if message.status().is_some() {
            return self.on_response(message).await;
        }
        let known = self.replies.iter().find(|reply| {
            reply.branch == message.branch()
                && reply.method == message.method()
                && message.method() != "ACK"
        });
        match known {
            Some(reply) => self.transmit(&reply.bytes).await,
            None => self.on_request(message).await,
        }
    }

    async fn on_response(&mut self, response: Message) {
        let place = self.sent.iter().position(|sent| {
            sent.request.branch() == response.branch() && sent.request.method() == response.method()
        });
        let Some(place) = place else {
            return self.on_stray_response(response).await;
        };
        if response.status().is_some_and(|status| status < 200) {
            self.sent[place].answered = true;
            let call = self.sent[place].call;
            return self.on_progress(call, &response).await;
        }
        let sent = self.sent.swap_remove(place);
        if sent.request.method() == "INVITE" {
            self.acknowledge_refusal(&sent.request, &response).await;
        }
        match self.with_authorisation(&sent, &response) {
            Some(request) => self.track(sent.authorised(request)).await,
            None => self.on_answer(sent, response).await,
        }
    }

    /// A datagram that cannot be sent is a lost one: it is repeated when its timer says so.
    pub(super) async fn transmit(&self, bytes: &[u8]) {
        let _ = self.socket.send_to(bytes, self.pbx).await;
    }

    fn publish(&self) {
        let calls = self.calls.iter().map(|call| SeenCall {
            id: call.id,
            incoming: call.incoming,
            taken: call.phase != Phase::Inviting { taken: false },
            face: call.seen(),
            heard: call.media.heard(),
        });
        self.view.send_replace(View {
            registered: self.registered,
            calls: calls.collect(),
        });
    }
}

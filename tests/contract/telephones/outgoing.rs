//! What a hand on a telephone does, and what the PBX answers to it.

use super::agent::{Agent, Order, Scope};
use super::call::{Call, Phase, token};
use super::media::{Flow, Media};
use super::message::Message;
use super::transactions::{Purpose, Sent};

const REGISTERED_FOR: u32 = 3600;

impl Agent {
    /// Begins what was ordered; the view shows when the PBX has followed.
    pub(super) async fn obey(&mut self, order: Order, scope: Scope) -> Result<u64, String> {
        let (phases, verb): (&[Phase], _) = match order {
            Order::Register => return self.register().await,
            Order::Forget => return self.forget(),
            Order::Dial(invitation) => return self.dial(*invitation).await,
            Order::HangUp => return self.hang_up(scope).await,
            Order::Accept => (&[Phase::Invited], "answer"),
            Order::Refuse(_) => (&[Phase::Invited], "refuse"),
            Order::Hold | Order::Press(..) => (&[Phase::Talking], "hold or press keys in"),
            Order::Resume => (&[Phase::Holding], "resume"),
        };
        let id = self.newest(scope, phases, verb)?;
        match order {
            Order::Accept => self.accept(id).await,
            Order::Refuse(status) => self.refuse(id, status).await,
            Order::Hold => self.hold(id).await,
            Order::Resume => self.resume(id).await,
            Order::Press(digits, keypad) => {
                let pressed = self.call(id).map(|call| call.media.press(&digits));
                let _ = pressed.map(|pressed| keypad.send(pressed));
            }
            Order::Register | Order::Forget | Order::Dial(_) | Order::HangUp => {}
        }
        Ok(id)
    }

    fn forget(&mut self) -> Result<u64, String> {
        for call in std::mem::take(&mut self.calls) {
            self.stop_asking(call.id);
        }
        Ok(0)
    }

    /// The newest call in one of these phases.
    fn newest(&self, scope: Scope, phases: &[Phase], verb: &str) -> Result<u64, String> {
        let reachable = |call: &&Call| match scope {
            Scope::All => true,
            Scope::Incoming => call.incoming,
            Scope::One(id) => call.id == id,
        };
        let found = self
            .calls
            .iter()
            .rev()
            .filter(reachable)
            .find(|call| phases.contains(&call.phase));
        let there = || self.calls.iter().map(|call| call.phase).collect::<Vec<_>>();
        found
            .map(|call| call.id)
            .ok_or_else(|| format!("no call to {verb}; there are {:?}", there()))
    }

    async fn register(&mut self) -> Result<u64, String> {
        self.registered = false;
        let (user, pbx) = (self.identity.user.clone(), self.pbx);
        let request = Message::request("REGISTER", &format!("sip:{pbx}"))
            .with("Max-Forwards", "70")
            .with("From", format!("<sip:{user}@{pbx}>;tag={}", token()))
            .with("To", format!("<sip:{user}@{pbx}>"))
            .with("Call-ID", token())
            .with("CSeq", "1 REGISTER")
            .with("Contact", self.contact())
            .with("Expires", REGISTERED_FOR.to_string());
        self.send(request, Purpose::Register, None).await;
        Ok(0)
    }

    async fn dial(&mut self, invitation: Message) -> Result<u64, String> {
        let media = Media::open(self.here.ip())
            .await
            .map_err(|error| format!("no port for the voice: {error}"))?;
        let id = self.next_id();
        let invitation = invitation
            .with("Call-ID", token())
            .with("CSeq", "1 INVITE")
            .with("Max-Forwards", "70")
            .with("Contact", self.contact())
            .with(
                "Allow",
                "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, UPDATE, INFO",
            )
            .with_sdp(media.describe(1, Flow::Both));
        // What goes over the wire has the Via that a CANCEL must repeat.
        let invitation = self.send(invitation, Purpose::Invite, Some(id)).await;
        self.calls.push(Call::outgoing(id, invitation, media));
        Ok(id)
    }

    async fn hang_up(&mut self, scope: Scope) -> Result<u64, String> {
        let dialing = [
            Phase::Inviting { taken: false },
            Phase::Inviting { taken: true },
        ];
        let order: [&[Phase]; 4] = [
            &[Phase::Talking],
            &dialing,
            &[Phase::Invited],
            &[Phase::Holding],
        ];
        let found = order
            .into_iter()
            .find_map(|phases| self.newest(scope, phases, "hang up").ok());
        let Some(id) = found else {
            return self.newest(scope, &[], "hang up");
        };
        match self.call(id).map(|call| call.phase) {
            Some(Phase::Invited) => self.refuse(id, 603).await,
            Some(Phase::Inviting { taken }) => {
                if let Some(call) = self.call(id) {
                    call.phase = Phase::GivingUp;
                }
                // Before the PBX has said anything there is nothing to cancel yet.
                if taken {
                    self.cancel(id).await;
                }
            }
            _ => self.end(id).await,
        }
        Ok(id)
    }

    async fn cancel(&mut self, id: u64) {
        let Some(call) = self.call(id) else { return };
        let invitation = &call.invitation;
        let cancel = Message::request("CANCEL", invitation.uri())
            .with("Via", invitation.header("Via"))
            .with("Max-Forwards", "70")
            .with("From", invitation.header("From"))
            .with("To", invitation.header("To"))
            .with("Call-ID", invitation.header("Call-ID"))
            .with("CSeq", format!("{} CANCEL", invitation.sequence()));
        self.track(Sent::now(cancel, Purpose::Cancel, Some(id)))
            .await;
    }

    async fn end(&mut self, id: u64) {
        let Some(call) = self.call(id) else { return };
        call.phase = Phase::Ending;
        let bye = call.request("BYE");
        self.send(bye, Purpose::End, Some(id)).await;
    }

    /// Presses hold on a call in talk.
    pub(super) async fn hold(&mut self, id: u64) {
        if let Some(request) = self.description(id, Flow::Holding) {
            self.send(request, Purpose::Hold, Some(id)).await;
        }
    }

    /// Takes a held call back.
    pub(super) async fn resume(&mut self, id: u64) {
        if let Some(request) = self.description(id, Flow::Both) {
            self.send(request, Purpose::Resume, Some(id)).await;
        }
    }

    /// A re-INVITE that says which way the voice may go.
    fn description(&mut self, id: u64, flow: Flow) -> Option<Message> {
        let contact = self.contact();
        let call = self.call(id)?;
        let sdp = call.describe(flow);
        Some(
            call.request("INVITE")
                .with("Contact", contact)
                .with_sdp(sdp),
        )
    }

    /// A provisional answer.
    pub(super) async fn on_progress(&mut self, call: Option<u64>, response: &Message) {
        let Some(call) = call.and_then(|id| self.call(id)) else {
            return;
        };
        call.read_identity(response);
        if call.phase == (Phase::Inviting { taken: false }) {
            call.phase = Phase::Inviting { taken: true };
        }
        if call.phase == Phase::GivingUp {
            let id = call.id;
            if !self.is_cancelling(id) {
                self.cancel(id).await;
            }
        }
    }

    /// A final answer.
    pub(super) async fn on_answer(&mut self, sent: Sent, response: Message) {
        let accepted = response.status().is_some_and(|status| status < 300);
        let Some(id) = sent.call else {
            self.registered = accepted;
            return;
        };
        match (sent.purpose, accepted) {
            (Purpose::Invite, true) => self.on_accepted(id, &response).await,
            (Purpose::Invite, false) | (Purpose::End, _) => {
                self.stop_asking(id);
                self.drop_call(id);
            }
            (Purpose::Hold | Purpose::Resume, true) => {
                self.acknowledge(id, &response).await;
                let phase = if sent.purpose == Purpose::Hold {
                    Phase::Holding
                } else {
                    Phase::Talking
                };
                if let Some(call) = self.call(id).filter(|call| call.phase != Phase::Ending) {
                    call.phase = phase;
                }
            }
            // The PBX was changing the call at the same moment: ours comes a little after its own.
            (Purpose::Hold | Purpose::Resume, false) if response.status() == Some(491) => {
                let flow = if sent.purpose == Purpose::Hold {
                    Flow::Holding
                } else {
                    Flow::Both
                };
                if let Some(request) = self.description(id, flow) {
                    self.send_after_pause(request, sent.purpose, id);
                }
            }
            (Purpose::Hold | Purpose::Resume | Purpose::Cancel | Purpose::Register, _) => {}
        }
    }

    async fn on_accepted(&mut self, id: u64, response: &Message) {
        let Some(call) = self.call(id) else { return };
        call.establish(response);
        call.read_identity(response);
        let gave_up = call.phase == Phase::GivingUp;
        call.phase = Phase::Talking;
        self.acknowledge(id, response).await;
        // The answer crossed our giving up: the call that now exists is ended.
        if gave_up {
            self.end(id).await;
        }
    }

    /// An answer that nothing waits for: an acceptance repeated because our acknowledgement was lost.
    pub(super) async fn on_stray_response(&mut self, response: Message) {
        let accepted = response
            .status()
            .is_some_and(|status| (200..300).contains(&status));
        let call = self.call_of(&response).map(|call| call.id);
        if let (Some(id), true, "INVITE") = (call, accepted, response.method()) {
            self.acknowledge(id, &response).await;
        }
    }

    async fn acknowledge(&mut self, id: u64, response: &Message) {
        let via = self.via();
        let Some(call) = self.call(id) else { return };
        let mut ack = call.request("ACK").with("Via", via);
        ack.set("CSeq", format!("{} ACK", response.sequence()));
        self.send_plain(&ack).await;
    }
}

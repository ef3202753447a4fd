//! What the PBX does to a telephone: invitations, their end, changes within a call, pressed keys.

use super::agent::Agent;
use super::call::{Call, Phase};
use super::media::{Flow, Media, asks_for_silence};
use super::message::{Message, parameter};
use crate::pbx::{OnCall, OnKeyNotify};

const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, UPDATE, INFO";
const ALLOW_EVENTS: &str = "talk, hold";

impl Agent {
    pub(super) async fn on_request(&mut self, request: Message) {
        match request.method() {
            "ACK" => self.on_acknowledgement(&request),
            "INVITE" if parameter(request.header("To"), "tag").is_some() => {
                self.on_change(request).await
            }
            "INVITE" => self.on_invitation(request).await,
            "UPDATE" => self.on_change(request).await,
            "CANCEL" => self.on_cancel(request).await,
            "BYE" => self.on_bye(request).await,
            "NOTIFY" => self.on_notify(request).await,
            "OPTIONS" | "INFO" | "MESSAGE" => self.say(&request, 200).await,
            _ => self.say(&request, 501).await,
        }
    }

    async fn on_invitation(&mut self, invitation: Message) {
        let habits = self
            .habits
            .lock()
            .expect("no panic while it is held")
            .clone();
        match &habits.on_call {
            OnCall::Busy => return self.say(&invitation, 486).await,
            OnCall::Declines => return self.say(&invitation, 603).await,
            OnCall::Deflects(number) => {
                let target = format!("<sip:{number}@{}>", self.pbx);
                let response = self.response(&invitation, 302).with("Contact", target);
                return self.answer(&invitation, response).await;
            }
            OnCall::Rings | OnCall::RingsUnsaid | OnCall::Answers => {}
        }
        let Ok(media) = Media::open(self.here.ip()).await else {
            return self.say(&invitation, 500).await;
        };
        let asked = invitation
            .header("Call-Info")
            .replace(' ', "")
            .to_ascii_lowercase()
            .contains("answer-after=0");
        let id = self.next_id();
        self.calls.push(Call::incoming(id, invitation, media));
        let status = if habits.on_call == OnCall::RingsUnsaid {
            100
        } else {
            180
        };
        self.progress(id, status).await;
        if habits.on_call == OnCall::Answers || (habits.auto_answer && asked) {
            self.accept(id).await;
        }
    }

    async fn progress(&mut self, id: u64, status: u16) {
        let contact = self.contact();
        let Some(call) = self.call(id) else { return };
        let invitation = call.invitation.clone();
        let mut response = Message::response(status, &invitation);
        if status > 100 {
            let local = call.local.clone();
            response = response
                .with("To", local)
                .with("Contact", contact)
                .with("Allow", ALLOW);
            response = response.with("Allow-Events", ALLOW_EVENTS);
        } else {
            response = response.with("To", invitation.header("To"));
        }
        self.answer(&invitation, response).await;
    }

    /// Picks the ringing call up.
    pub(super) async fn accept(&mut self, id: u64) {
        let contact = self.contact();
        let Some(call) = self.call(id) else { return };
        call.phase = Phase::Accepting;
        let (invitation, sdp) = (call.invitation.clone(), call.describe(Flow::Both));
        let response = Message::response(200, &invitation).with("To", call.local.as_str());
        let response = response
            .with("Contact", contact)
            .with("Allow", ALLOW)
            .with_sdp(sdp);
        self.answer(&invitation, response).await;
    }

    /// Refuses the ringing call, which is over with that.
    pub(super) async fn refuse(&mut self, id: u64, status: u16) {
        let Some(call) = self.call(id) else { return };
        let invitation = call.invitation.clone();
        let response = Message::response(status, &invitation).with("To", call.local.as_str());
        self.answer(&invitation, response).await;
        self.drop_call(id);
    }

    fn on_acknowledgement(&mut self, request: &Message) {
        self.acknowledged(request);
        if let Some(call) = self
            .call_of(request)
            .filter(|call| call.phase == Phase::Accepting)
        {
            call.phase = Phase::Talking;
        }
    }

    /// A re-INVITE or UPDATE: a new description of the call, a new person at the other end, or both.
    async fn on_change(&mut self, request: Message) {
        let contact = self.contact();
        let Some(call) = self.call_of(&request) else {
            return self.say(&request, 481).await;
        };
        call.read_identity(&request);
        let mut response = Message::response(200, &request)
            .with("To", request.header("To"))
            .with("Contact", contact);
        // An early change keeps the tag that our ringing gave it.
        if parameter(request.header("To"), "tag").is_none() {
            response.set("To", call.local.clone());
        }
        if !request.body.is_empty() || request.method() == "INVITE" {
            call.media.follow(&request.body);
            let flow = match (call.phase, asks_for_silence(&request.body)) {
                (Phase::Holding, _) => Flow::Holding,
                (_, true) => Flow::Held,
                (_, false) => Flow::Both,
            };
            response = response.with_sdp(call.describe(flow));
        }
        self.answer(&request, response.with("Allow", ALLOW)).await;
    }

    async fn on_cancel(&mut self, request: Message) {
        let ringing = |call: &&mut Call| call.phase == Phase::Invited && call.incoming;
        let call = self.call_of(&request).filter(ringing).map(|call| call.id);
        self.say(&request, if call.is_some() { 200 } else { 481 })
            .await;
        if let Some(id) = call {
            self.refuse(id, 487).await;
        }
    }

    async fn on_bye(&mut self, request: Message) {
        let call = self.call_of(&request).map(|call| (call.id, call.phase));
        self.say(&request, if call.is_some() { 200 } else { 481 })
            .await;
        match call {
            // The end of a call that only rings leaves its invitation to be answered (RFC 3261, 15.1.2).
            Some((id, Phase::Invited)) => self.refuse(id, 487).await,
            Some((id, _)) => {
                self.stop_asking(id);
                self.drop_call(id);
            }
            None => {}
        }
    }

    async fn on_notify(&mut self, request: Message) {
        let event = request
            .header("Event")
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        if event != "talk" && event != "hold" {
            return self.say(&request, 200).await;
        }
        let habit = self
            .habits
            .lock()
            .expect("no panic while it is held")
            .on_key_notify;
        match habit {
            OnKeyNotify::Refuses => self.say(&request, 500).await,
            OnKeyNotify::LosesCall => self.say(&request, 481).await,
            OnKeyNotify::Obeys => {
                self.say(&request, 200).await;
                self.press_key(&event, &request).await;
            }
        }
    }

    /// In a call the key is meant for that call, outside of one for the first that it fits.
    async fn press_key(&mut self, event: &str, request: &Message) {
        let named = self.call_of(request).map(|call| call.id);
        let wanted: &[Phase] = if event == "talk" {
            &[Phase::Invited, Phase::Holding]
        } else {
            &[Phase::Talking]
        };
        let call = self
            .calls
            .iter()
            .find(|call| wanted.contains(&call.phase) && named.is_none_or(|id| id == call.id));
        match call.map(|call| (call.id, call.phase)) {
            Some((id, Phase::Invited)) => self.accept(id).await,
            Some((id, Phase::Holding)) => self.resume(id).await,
            Some((id, _)) => self.hold(id).await,
            None => {}
        }
    }

    /// A plain answer without description.
    pub(super) async fn say(&mut self, request: &Message, status: u16) {
        let response = self.response(request, status);
        self.answer(request, response).await;
    }

    fn response(&mut self, request: &Message, status: u16) -> Message {
        let to = request.header("To");
        let tagged = match self.call_of(request) {
            _ if parameter(to, "tag").is_some() => to.to_owned(),
            Some(call) => format!("{to};tag={}", call.local_tag()),
            None => format!("{to};tag={}", super::call::token()),
        };
        Message::response(status, request)
            .with("To", tagged)
            .with("Allow", ALLOW)
    }
}

//! One call at a telephone: its SIP dialog and how far it has come.

use std::net::SocketAddr;

use super::media::{Flow, Media};
use super::message::{Message, address, parameter, user};
use crate::pbx::{CallAtPhone, PhoneState};

/// How far a call has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// We invited; `taken` once the PBX said anything.
    Inviting { taken: bool },
    /// We invited and gave up; the end is not confirmed yet.
    GivingUp,
    /// We are invited.
    Invited,
    /// We accepted; the PBX has not acknowledged yet.
    Accepting,
    /// In talk.
    Talking,
    /// We hold the other side.
    Holding,
    /// We hung up; the end is not confirmed yet.
    Ending,
}

/// A call with its dialog.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) id: u64,
    pub(super) phase: Phase,
    /// Whether the PBX called us.
    pub(super) incoming: bool,
    /// The number the display shows.
    pub(super) shows: String,
    pub(super) call_id: String,
    /// Our side of the dialog, as From in our requests, tag included.
    pub(super) local: String,
    /// The other side, as To in our requests.
    pub(super) remote: String,
    pub(super) remote_target: String,
    pub(super) routes: Vec<String>,
    pub(super) sequence: u32,
    pub(super) sdp_version: u32,
    pub(super) media: Media,
    /// The invitation that is not finally answered: theirs, or ours.
    pub(super) invitation: Message,
}

impl Call {
    pub(super) fn incoming(id: u64, invitation: Message, media: Media) -> Self {
        media.follow(&invitation.body);
        let mut call = Self {
            id,
            phase: Phase::Invited,
            incoming: true,
            shows: String::new(),
            call_id: invitation.header("Call-ID").to_owned(),
            local: format!("{};tag={}", invitation.header("To"), token()),
            remote: invitation.header("From").to_owned(),
            remote_target: address(invitation.header("Contact")).to_owned(),
            routes: invitation.all("Record-Route").map(str::to_owned).collect(),
            sequence: 0,
            sdp_version: 1,
            media,
            invitation,
        };
        call.shows = user(&call.remote).to_owned();
        call.read_identity(&call.invitation.clone());
        call
    }

    pub(super) fn outgoing(id: u64, invitation: Message, media: Media) -> Self {
        Self {
            id,
            phase: Phase::Inviting { taken: false },
            incoming: false,
            shows: user(invitation.header("To")).to_owned(),
            call_id: invitation.header("Call-ID").to_owned(),
            local: invitation.header("From").to_owned(),
            remote: invitation.header("To").to_owned(),
            remote_target: invitation.uri().to_owned(),
            routes: Vec::new(),
            sequence: invitation.sequence(),
            sdp_version: 1,
            media,
            invitation,
        }
    }

    /// Our accepted invitation makes the dialog: their tag, their contact, the route back.
    pub(super) fn establish(&mut self, response: &Message) {
        self.remote = response.header("To").to_owned();
        self.remote_target = address(response.header("Contact")).to_owned();
        self.routes = response.all("Record-Route").map(str::to_owned).collect();
        self.routes.reverse();
        self.media.follow(&response.body);
    }

    /// The PBX may say at any time whom we are connected to.
    pub(super) fn read_identity(&mut self, message: &Message) {
        let asserted = user(message.header("P-Asserted-Identity"));
        if !asserted.is_empty() {
            self.shows = asserted.to_owned();
        }
    }

    pub(super) fn local_tag(&self) -> &str {
        parameter(&self.local, "tag").unwrap_or_default()
    }

    /// A request inside the dialog, without Via.
    pub(super) fn request(&mut self, method: &str) -> Message {
        if method != "ACK" {
            self.sequence += 1;
        }
        let mut request = Message::request(method, &self.remote_target).with("Max-Forwards", "70");
        for route in &self.routes {
            request = request.with("Route", route.as_str());
        }
        request
            .with("From", self.local.as_str())
            .with("To", self.remote.as_str())
            .with("Call-ID", self.call_id.as_str())
            .with("CSeq", format!("{} {method}", self.sequence))
    }

    /// Our description of the call as it is, or is to be.
    pub(super) fn describe(&mut self, flow: Flow) -> String {
        self.sdp_version += 1;
        self.media.describe(self.sdp_version, flow)
    }

    pub(super) fn state(&self) -> PhoneState {
        match self.phase {
            Phase::Inviting { .. } | Phase::GivingUp => PhoneState::Dialing,
            Phase::Invited | Phase::Accepting => PhoneState::Ringing,
            Phase::Talking | Phase::Ending => PhoneState::Talking,
            Phase::Holding => PhoneState::Holding,
        }
    }

    pub(super) fn seen(&self) -> CallAtPhone {
        CallAtPhone {
            state: self.state(),
            shows: self.shows.clone(),
        }
    }
}

/// A fresh word for tags, branches and call ids.
pub(super) fn token() -> String {
    format!("{:016x}", rand::random::<u64>())
}

/// The contact under which the PBX reaches `user` here.
pub(super) fn contact(user: &str, here: SocketAddr) -> String {
    format!("<sip:{user}@{here}>")
}

//! Signs of life and renewals: without them the server forgets the channel.

use std::time::Duration;

use ringcard_core::{LinkTrouble, Moment};

use super::{Conversation, EXPIRES, Purpose};
use crate::providers::broadworks::wire::request;

/// Two signs of life of the server may be missing.
const SILENT_HEARTBEATS: u32 = 3;

impl Conversation {
    /// Signs of life and renewals, ours and the server's.
    pub(super) fn keep(&mut self, now: Moment) {
        let Some(channel) = self.channel.clone() else {
            return;
        };
        if now.monotonic >= self.heard_at + self.config.heartbeat() * SILENT_HEARTBEATS {
            self.fail(LinkTrouble::Lost);
        }
        if now.monotonic >= self.beat_at {
            self.beat_at = now.monotonic + self.config.heartbeat();
            self.ask(Purpose::Keep, request::heartbeat(&channel));
        }
        if now.monotonic >= self.renew_at {
            self.renew_at = now.monotonic + self.granted / 2;
            self.ask(Purpose::Keep, request::refresh_channel(&channel, EXPIRES));
            if let Some(id) = self.subscription.clone() {
                let refresh = request::refresh_subscription(&id, EXPIRES);
                self.ask(Purpose::Keep, refresh);
            }
        }
    }

    /// When [`Self::tick`] is to be called next.
    pub(in super::super) fn next_deadline(&self) -> Option<Duration> {
        self.channel.as_ref()?;
        let silent = self.heard_at + self.config.heartbeat() * SILENT_HEARTBEATS;
        let kept = [self.beat_at, self.renew_at, silent].into_iter();
        let deadlines = [self.model.next_deadline(), self.desk.next_deadline()];
        let listening = self.is_listening();
        let own = deadlines.into_iter().flatten().filter(|_| listening);
        kept.chain(own).min()
    }
}

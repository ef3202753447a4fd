//! What a test can make the server do, and what it can ask it afterwards.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::book::Told;
use super::state::{Faults, State};
use super::xml::Prefixes;
use super::{Charset, Colleague, SeenRequest, Xsi, server};

/// The network and the servers.
impl Xsi {
    /// Refuses new connections and breaks those that are open.
    pub async fn goes_offline(&self) {
        if let Some(accepting) = self.accepting.lock().await.take() {
            accepting.abort();
            // The listener is closed when the task has ended, which is what this waits for.
            let _ = accepting.await;
        }
        self.shared.cut_all();
    }

    /// Listens again where it listened before.
    pub async fn comes_back(&self) -> io::Result<()> {
        let mut accepting = self.accepting.lock().await;
        if accepting.is_none() {
            let listener = TcpListener::bind(self.address).await?;
            let shared = Arc::clone(&self.shared);
            *accepting = Some(tokio::spawn(server::accept(listener, shared)));
        }
        Ok(())
    }

    /// Takes connections and requests and answers none; channels stay open and carry nothing.
    pub fn falls_silent(&self) {
        self.shared.state().faults.silent = true;
    }

    /// Ends the silence for new requests. What was asked meanwhile is never answered.
    pub fn speaks_again(&self) {
        self.shared.state().faults.silent = false;
    }

    /// Answers every request with a status and a page of the web server in front.
    pub fn answers_status(&self, status: u16) {
        self.shared.state().faults.status = Some(status);
    }

    /// Another server behind the same address takes all connections from now on. Those that are open stay where they
    /// are; the new one knows no channel and no event of the old one.
    pub fn server_changes(&self) {
        self.shared.state().server += 1;
    }

    /// Ends every fault. Calls, channels and subscriptions stay, and so does a lost lock.
    pub fn behaves(&self) {
        self.shared.state().faults = Faults::default();
    }
}

/// Channels and events.
impl Xsi {
    /// Breaks the connections of all channels in the middle of their answers.
    pub fn drops_streams(&self) {
        for channel in self.shared.state().channels.values() {
            channel.cut.now();
        }
    }

    /// Ends all channels with this reason, for example `DuplicateChannelSet`, `Expired`, `MaxChannelsReached`.
    pub fn ends_channels(&self, reason: &str) {
        let mut state = self.shared.state();
        let ids: Vec<String> = state.channels.keys().cloned().collect();
        for id in ids {
            state.end_channel(&id, Some(reason));
        }
    }

    /// Ends all subscriptions; the channels stay.
    pub fn ends_subscriptions(&self) {
        let mut state = self.shared.state();
        let ids: Vec<String> = state.subscriptions.keys().cloned().collect();
        for id in ids {
            state.end_subscription(&id);
        }
    }

    /// Does not notice that a channel is gone: its subscriptions stay, and a new one like them is a conflict.
    pub fn keeps_dead_subscriptions(&self) {
        self.shared.state().faults.forgets_nothing = true;
    }

    /// Notices which channels are gone after all, and forgets their subscriptions.
    pub fn forgets_dead_subscriptions(&self) {
        let mut state = self.shared.state();
        state.faults.forgets_nothing = false;
        let State {
            channels,
            subscriptions,
            ..
        } = &mut *state;
        subscriptions.retain(|_, one| {
            let mut channels = channels.values();
            channels.any(|channel| channel.carries(&one.line, &one.set))
        });
    }

    /// Answers each sign of life with this status, `None` as it should.
    pub fn heartbeat_answers(&self, status: Option<u16>) {
        self.shared.state().faults.heartbeat = status;
    }

    /// Writes signs of life as the specification's text spells them, not as its schema does.
    pub fn beats_small(&self) {
        self.shared.state().faults.small_beat = true;
    }

    /// Counts so many events and never sends them: a gap in the numbers.
    pub fn loses_events(&self, count: u32) {
        self.shared.state().faults.loses = count;
    }

    /// Cuts all that is sent over channels into pieces of so many bytes, letters too.
    pub fn splits_chunks(&self, bytes: usize) {
        self.shared.state().faults.split = Some(bytes);
    }

    /// Holds events back until `lets_go`.
    pub fn holds_events(&self) {
        self.shared.state().faults.gathers = true;
    }

    /// Sends what was held back, all in one piece.
    pub fn lets_go(&self) {
        let mut state = self.shared.state();
        state.faults.gathers = false;
        let split = state.faults.split;
        for channel in state.channels.values_mut() {
            channel.flush(split);
        }
    }

    /// Answers acknowledgements only after this long.
    pub fn acknowledges_slowly(&self, wait: Duration) {
        self.shared.state().faults.slow_acknowledgement = wait;
    }

    /// The server of the calls has restarted: all who subscribed are told what there is now.
    pub fn resyncs(&self) {
        let mut state = self.shared.state();
        let mut lines: Vec<String> = state
            .subscriptions
            .values()
            .map(|one| one.line.clone())
            .collect();
        lines.sort();
        lines.dedup();
        for line in lines {
            state.tell(&line, &Told::Lost);
        }
    }

    /// Calls the namespaces of events otherwise; an empty `own` makes ours the default one.
    pub fn names_prefixes(&self, own: &str, schema: &str) {
        self.shared.state().faults.prefixes = Prefixes {
            own: own.to_owned(),
            schema: schema.to_owned(),
        };
    }

    /// Writes numbers as national digits with the country beside them.
    pub fn says_countries(&self) {
        self.shared.state().faults.style.national = true;
    }

    /// How the letters of profile, directory and services are written; ISO-8859-1 until said otherwise.
    pub fn writes_in(&self, charset: Charset) {
        self.shared.state().faults.charset = charset;
    }
}

/// Users and colleagues.
impl Xsi {
    /// Locks an account: the right password is refused like a wrong one.
    pub fn locks_account(&self, extension: &str) {
        self.shared.state().gate.locked.insert(extension.to_owned());
    }

    /// Takes the lock off again.
    pub fn unlocks_account(&self, extension: &str) {
        self.shared.state().gate.unlock(extension);
    }

    /// Adds somebody to the directory who has no telephone here.
    pub fn employs(&self, colleague: Colleague) {
        self.shared.state().staff.push(colleague);
    }

    /// Refuses to say whether colleagues are on the telephone.
    pub fn hides_hooks(&self) {
        self.shared.state().faults.hides_hooks = true;
    }

    /// Do-not-disturb, switched by a code at the telephone.
    pub fn do_not_disturb(&self, extension: &str, active: bool) {
        self.shared.set_do_not_disturb(extension, active);
    }

    /// Forwarding of all calls, switched by a code at the telephone.
    pub fn forwards(&self, extension: &str, to: Option<&str>) {
        let number = to.map(str::to_owned);
        self.shared
            .set_forwarding(extension, (to.is_some(), number));
    }
}

/// What it knows.
impl Xsi {
    /// What was asked so far, oldest first.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.shared.state().requests.clone()
    }

    /// How many channels are open.
    pub fn channels(&self) -> usize {
        self.shared.state().channels.len()
    }

    /// How many subscriptions are alive.
    pub fn subscriptions(&self) -> usize {
        self.shared.state().subscriptions.len()
    }

    /// How many events nobody has acknowledged yet.
    pub fn unacknowledged(&self) -> usize {
        self.shared.state().unacknowledged.len()
    }

    /// How many sign-ins of this user were refused.
    pub fn refused_sign_ins(&self, extension: &str) -> u32 {
        let state = self.shared.state();
        state.gate.refused.get(extension).copied().unwrap_or(0)
    }
}

//! An agent's line as the application sees it: the calls as last told, and commands with their outcome.
//!
//! It waits on what the line tells and never on a clock alone; [`PATIENCE`] only ends a wait that has failed.

use std::collections::HashMap;
use std::time::Duration;

use ringcard_core::{
    Availability, Call, CallCommand, CallId, CallState, CommandId, EndReason, LinkState,
    LinkTrouble, Outcome, PhoneNumber, Sensitive, Target,
};
use ringcard_telephony::layers::run_line;
use ringcard_telephony::providers::asterisk::Config;
use ringcard_telephony::{LineCommand, LineEvent, LineIo, TelephonyProvider};
use ringcard_tests::pbx::{Account, Pbx};
use tokio::sync::mpsc;
use tokio::time::timeout;
use uuid::Uuid;

/// How long anything may take: longer than a transfer that nobody takes, on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Wide enough that the line never waits for a scenario that looks at a telephone.
const ROOM: usize = 4096;

/// A line, its calls, and everything it has told.
pub struct Agent {
    commands: mpsc::Sender<LineCommand>,
    events: mpsc::Receiver<LineEvent>,
    calls: Vec<Call>,
    link: LinkState,
    colleagues: HashMap<String, Availability>,
    outcomes: HashMap<CommandId, Outcome>,
    told: Vec<Call>,
    losses: usize,
}

/// The settings of agent 101 at this telephone system.
pub fn config<P: Pbx>(pbx: &P, account: Account) -> Config {
    let manager = pbx.manager(account);
    let mut config = Config::new(manager.host, manager.user, "101");
    config.port = manager.port;
    config.secret = Sensitive::new(manager.secret);
    config.limits.atxfer_no_answer = 5;
    config
}

/// A target as the agent types it, the warning not yet seen.
pub fn to(number: &str) -> Target {
    Target {
        number: PhoneNumber::Internal(number.into()),
        confirmed: false,
    }
}

/// A target that the agent wants in spite of the warning.
pub fn surely_to(number: &str) -> Target {
    Target {
        confirmed: true,
        ..to(number)
    }
}

impl Agent {
    /// A line that has only been begun.
    pub fn begin(line: Box<dyn TelephonyProvider>) -> Self {
        Self::adopting(line, Vec::new())
    }

    /// A line that takes calls over from the journal.
    pub fn adopting(mut line: Box<dyn TelephonyProvider>, open: Vec<Call>) -> Self {
        let (commands, from_app) = mpsc::channel(16);
        let (to_app, events) = mpsc::channel(ROOM);
        line.adopt(open);
        let io = LineIo {
            commands: from_app,
            events: to_app,
        };
        tokio::spawn(run_line(line, io));
        Self {
            commands,
            events,
            calls: Vec::new(),
            link: LinkState::Connecting,
            colleagues: HashMap::new(),
            outcomes: HashMap::new(),
            told: Vec::new(),
            losses: 0,
        }
    }

    /// A line that listens.
    pub async fn listening(line: Box<dyn TelephonyProvider>) -> Self {
        let mut agent = Self::begin(line);
        agent.listens().await;
        agent
    }

    /// Waits until the line listens.
    pub async fn listens(&mut self) {
        self.until("the line listens", |agent| {
            matches!(agent.link, LinkState::Listening { .. }).then_some(())
        })
        .await;
    }

    /// Waits until the link is down; why, and whether it is tried again by itself.
    pub async fn is_down(&mut self) -> (LinkTrouble, bool) {
        self.until("the link is down", |agent| match agent.link {
            LinkState::Down { trouble, retry_at } => Some((trouble, retry_at.is_some())),
            _ => None,
        })
        .await
    }

    /// Hears what the line tells for so long; it must not listen meanwhile.
    pub async fn stays_down(&mut self, long: Duration) {
        let until = tokio::time::Instant::now() + long;
        while let Ok(event) = tokio::time::timeout_at(until, self.events.recv()).await {
            self.hear(event.expect("the line lives as long as its agent"));
            let listens = matches!(self.link, LinkState::Listening { .. });
            assert!(!listens, "nobody is there to listen to");
        }
    }

    /// Asks for a new link at once and waits until the line listens again.
    pub async fn reconnects(&mut self) {
        self.link = LinkState::Connecting;
        self.send(LineCommand::Reconnect).await;
        self.listens().await;
    }

    /// Sends a command; [`Self::outcome`] waits for its end.
    pub async fn order(&self, command: CallCommand) -> CommandId {
        let id = CommandId::new(Uuid::now_v7());
        self.send(LineCommand::Call(id, command)).await;
        id
    }

    /// How the command ended.
    pub async fn outcome(&mut self, id: CommandId) -> Outcome {
        self.until("the command ends", |agent| agent.outcomes.get(&id).cloned())
            .await
    }

    /// Sends a command and waits for its end.
    pub async fn ask(&mut self, command: CallCommand) -> Outcome {
        let id = self.order(command).await;
        self.outcome(id).await
    }

    /// Waits until the calls as last told, oldest first, ended ones included, fit.
    pub async fn wait_until(&mut self, what: &str, fits: impl Fn(&[Call]) -> bool) {
        self.until(what, |agent| fits(&agent.calls).then_some(()))
            .await;
    }

    /// Waits until one of the calls as last told fits.
    pub async fn call(&mut self, what: &str, fits: impl Fn(&Call) -> bool) -> Call {
        self.until(what, |agent| {
            agent.calls.iter().find(|call| fits(call)).cloned()
        })
        .await
    }

    /// Waits until this call is in this state.
    pub async fn sees(&mut self, id: CallId, state: CallState) -> Call {
        self.call(&format!("the call is {state:?}"), |call| {
            call.id == id && call.state == state
        })
        .await
    }

    /// Waits until this call is over; why.
    pub async fn end_of(&mut self, id: CallId) -> EndReason {
        self.until("the call is over", |agent| {
            agent.calls.iter().find_map(|call| match call.state {
                CallState::Ended { reason } if call.id == id => Some(reason),
                _ => None,
            })
        })
        .await
    }

    /// Waits until a colleague is free, busy or away.
    pub async fn colleague_is(&mut self, extension: &str, availability: Availability) {
        self.until(&format!("{extension} is {availability:?}"), |agent| {
            (agent.colleagues.get(extension) == Some(&availability)).then_some(())
        })
        .await;
    }

    /// Waits until a colleague is known: to whom nobody knows, no caller is sent unasked.
    pub async fn knows(&mut self, extension: &str) {
        self.until(&format!("{extension} is known"), |agent| {
            agent.colleagues.contains_key(extension).then_some(())
        })
        .await;
    }

    /// Whether any call was ever told so, up to what has been waited for.
    pub fn was_told(&self, fits: impl Fn(&Call) -> bool) -> bool {
        self.told.iter().any(fits)
    }

    /// Whether the link has held, up to what has been waited for.
    pub fn was_never_down(&self) -> bool {
        self.losses == 0
    }

    /// The calls as last told, ended ones included.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    async fn send(&self, command: LineCommand) {
        let sent = self.commands.send(command).await;
        sent.expect("the line lives as long as its agent");
    }

    async fn until<T>(&mut self, what: &str, mut found: impl FnMut(&Self) -> Option<T>) -> T {
        let waiting = async {
            loop {
                if let Some(found) = found(self) {
                    return found;
                }
                let event = self.events.recv().await;
                self.hear(event.expect("the line lives as long as its agent"));
            }
        };
        let in_time = timeout(PATIENCE, waiting).await;
        in_time.unwrap_or_else(|_| {
            panic!(
                "{what}: not told in time; link {:?}, calls {:#?}, commands {:?}",
                self.link, self.calls, self.outcomes
            )
        })
    }

    fn hear(&mut self, event: LineEvent) {
        match event {
            LineEvent::Link(link) => {
                self.losses += usize::from(matches!(link, LinkState::Down { .. }));
                self.link = link;
            }
            LineEvent::Snapshot(calls) => self.compare(calls),
            LineEvent::Call(call) => self.learn(*call),
            LineEvent::CommandEnded(id, outcome) => {
                let before = self.outcomes.insert(id, outcome);
                assert!(before.is_none(), "a command ends once");
            }
            LineEvent::Colleagues(all) => {
                let states = all.into_iter().map(|one| (one.extension, one.availability));
                self.colleagues = states.collect();
            }
            LineEvent::Colleague(one) => {
                self.colleagues.insert(one.extension, one.availability);
            }
            LineEvent::Coming | LineEvent::Checked(_) => {}
        }
    }

    /// What the application does with a snapshot: a call that is missing ended while we were away.
    fn compare(&mut self, snapshot: Vec<Call>) {
        for known in &mut self.calls {
            let gone = !snapshot.iter().any(|call| call.id == known.id);
            if gone && !known.state.is_ended() {
                let reason = EndReason::EndedWhileAway;
                known.state = CallState::Ended { reason };
            }
        }
        for call in snapshot {
            self.learn(call);
        }
    }

    fn learn(&mut self, call: Call) {
        self.told.push(call.clone());
        match self.calls.iter_mut().find(|known| known.id == call.id) {
            Some(known) => {
                assert!(!known.state.is_ended(), "an ended call stays ended");
                *known = call;
            }
            None => self.calls.push(call),
        }
    }
}

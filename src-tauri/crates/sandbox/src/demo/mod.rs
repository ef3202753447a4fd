//! The demo: a PBX and a Zoho with calls that come by themselves, and colleagues who pick up, are busy or do not.
//!
//! It writes the settings of an app that is connected to both; starting that app is left to others.

mod home;

use std::io;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

pub use home::write_home;

use crate::pbx::{CTI, Habits, OnCall, OnKeyNotify, Pbx, PbxOptions, Phone};
use crate::zoho::{CLIENT_ID, CLIENT_SECRET, SCOPES, World, Zoho};

const FIRST_RING: Duration = Duration::from_secs(2);
const GIVES_UP_AFTER: Duration = Duration::from_secs(25);
const TALKS_FOR: Duration = Duration::from_secs(180);
const PAUSE: Duration = Duration::from_secs(6);
const RECORDS: usize = 5000;

/// What the demo may ring with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// A caller whose number is one person's.
    Known,
    /// A number that nobody has.
    Unknown,
    /// A number that must not be shown.
    Withheld,
    /// A company number that several people have.
    Shared,
    /// A call to the queue, which rings at the agent.
    Queue,
    /// Two callers at once.
    Two,
}

/// The order in which they come.
const ROUND: [(&str, Scene); 6] = [
    ("known", Scene::Known),
    ("unknown", Scene::Unknown),
    ("withheld", Scene::Withheld),
    ("shared", Scene::Shared),
    ("queue", Scene::Queue),
    ("two", Scene::Two),
];

/// What a line of standard input may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// `ring known`: this call comes now.
    Ring(Scene),
    /// `answer`: the agent picks up the telephone itself.
    Answer,
    /// `hang-up`: the agent hangs up at the telephone.
    HangUp,
    /// `quiet`: no more calls by themselves.
    Quiet,
    /// `stop`: the demo ends.
    Stop,
}

impl Verb {
    /// Understands a line, if it says anything.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        match (words.next()?, words.next()) {
            ("ring", Some(name)) => ROUND
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, scene)| Self::Ring(*scene)),
            ("answer", None) => Some(Self::Answer),
            ("hang-up", None) => Some(Self::HangUp),
            ("quiet", None) => Some(Self::Quiet),
            ("stop", None) => Some(Self::Stop),
            _ => None,
        }
    }
}

/// How to reach the two systems. The secrets guard nothing but invented people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// The manager interface on 127.0.0.1.
    pub manager_port: u16,
    /// Accounts server and API of the Zoho.
    pub zoho_url: String,
    /// A refresh token that is already signed in.
    pub refresh_token: String,
}

impl Addresses {
    /// The line that the program prints.
    pub fn to_json(&self) -> Value {
        json!({
            "pbx": {"host": "127.0.0.1", "port": self.manager_port, "user": CTI.0, "secret": CTI.1, "extension": "101"},
            "zoho": {
                "url": self.zoho_url,
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "refresh_token": self.refresh_token,
            },
        })
    }
}

/// Both systems, running.
pub struct Demo {
    pbx: Pbx,
    zoho: Zoho,
}

impl Demo {
    /// Starts both; the same seed makes the same people.
    pub async fn start(seed: u64) -> io::Result<Self> {
        let pbx = Pbx::start(PbxOptions::default()).await?;
        let zoho = Zoho::with(World::seeded(RECORDS, seed)).await?;
        zoho.consents_at_once();
        let demo = Self { pbx, zoho };
        demo.instruct_colleagues();
        Ok(demo)
    }

    /// How to reach them. Each call signs in once more.
    pub fn addresses(&self) -> Addresses {
        Addresses {
            manager_port: self.pbx.port(),
            zoho_url: self.zoho.url(),
            refresh_token: self.zoho.gives_refresh_token(SCOPES),
        }
    }

    /// The PBX, for tests that look inside.
    pub fn pbx(&self) -> &Pbx {
        &self.pbx
    }

    /// Rings until it is told to stop. Without verbs it just goes on.
    pub async fn run(&self, mut verbs: mpsc::Receiver<Verb>, mut quiet: bool) {
        let mut round = ROUND.iter().map(|(_, scene)| *scene).cycle();
        let mut next = Instant::now() + FIRST_RING;
        let mut callers: Vec<Caller> = Vec::new();
        let mut changes = self.pbx.changes();
        loop {
            let idle = callers.is_empty();
            let wake = callers.iter().map(|caller| caller.leaves_at).min();
            tokio::select! {
                Some(verb) = verbs.recv() => match verb {
                    Verb::Stop => return,
                    Verb::Ring(scene) => callers.extend(self.ring(scene)),
                    Verb::Quiet => quiet = true,
                    Verb::Answer | Verb::HangUp => self.at_the_agents_desk(verb),
                },
                Ok(()) = changes.changed(), if !idle => {}
                () = sleep_until(wake.unwrap_or(next)), if !idle || !quiet => {
                    if idle {
                        callers.extend(round.next().map(|scene| self.ring(scene)).unwrap_or_default());
                    }
                }
                // Quiet, and nobody left to say anything: it only stays there to be called.
                else => std::future::pending().await,
            }
            callers.retain_mut(Caller::stays);
            if callers.is_empty() {
                next = next.max(Instant::now() + PAUSE);
            }
        }
    }

    fn at_the_agents_desk(&self, verb: Verb) {
        let phone = self.pbx.phone("101");
        // Where no call fits, a hand on the telephone has no effect either.
        match verb {
            Verb::Answer => _ = phone.answer(),
            Verb::HangUp => _ = phone.hang_up(),
            Verb::Ring(_) | Verb::Quiet | Verb::Stop => {}
        }
    }

    fn ring(&self, scene: Scene) -> Vec<Caller> {
        let direct = || self.pbx.rings("+4923155501101");
        let callers = match scene {
            Scene::Known => vec![direct().from("+49 231 123456").named("Brandt & Söhne")],
            // A number that France keeps for films: nobody in the demo's world has it.
            Scene::Unknown => vec![direct().from("+33 1 99 00 12 34")],
            Scene::Withheld => vec![direct().from("+49 152 28817386").withheld()],
            Scene::Shared => vec![direct().from("+49 40 66969 100")],
            Scene::Queue => vec![
                self.pbx
                    .rings("500")
                    .from("+48 22 123 45 67")
                    .named("Bursztyn"),
            ],
            Scene::Two => vec![
                direct().from("+7 495 123 45 67"),
                direct()
                    .from("+44 1632 960042")
                    .diverted_by("+4923155501102"),
            ],
        };
        callers
            .into_iter()
            .map(|ring| Caller::new(ring.place()))
            .collect()
    }

    /// 102 picks up after three seconds, 103 is busy, 104 does not pick up, the outside takes its time.
    fn instruct_colleagues(&self) {
        let answers = |after| Habits {
            on_call: OnCall::Answers(Duration::from_secs(after)),
            ..Habits::default()
        };
        self.pbx.phone("102").behaves(answers(3));
        self.pbx.phone("103").behaves(Habits {
            on_call: OnCall::Busy,
            ..Habits::default()
        });
        self.pbx.phone("104").behaves(Habits::default());
        self.pbx.phone("105").behaves(answers(8));
        self.pbx.outside().behaves(answers(4));
        let own = Habits {
            on_key_notify: OnKeyNotify::Obeys,
            auto_answer: true,
            ..Habits::default()
        };
        self.pbx.phone("101").behaves(own);
    }
}

/// Someone who calls, with a patience of his own.
struct Caller {
    phone: Phone,
    talks: bool,
    leaves_at: Instant,
}

impl Caller {
    fn new(phone: Phone) -> Self {
        Self {
            phone,
            talks: false,
            leaves_at: Instant::now() + GIVES_UP_AFTER,
        }
    }

    /// Whether he is still there. In talk he stays longer; when his time is over he hangs up.
    fn stays(&mut self) -> bool {
        if self.phone.calls().is_empty() {
            return false;
        }
        if !self.talks && self.phone.is_in_talk() {
            self.talks = true;
            self.leaves_at = Instant::now() + TALKS_FOR;
        }
        if Instant::now() < self.leaves_at {
            return true;
        }
        // A call that cannot be ended now, because it is being moved, is tried again.
        self.leaves_at = Instant::now() + Duration::from_secs(1);
        !self.phone.hang_up()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_understood_and_nonsense_is_not() {
        assert_eq!(
            Verb::parse("ring queue\n"),
            Some(Verb::Ring(Scene::Queue)),
            "a scene by its name"
        );
        assert_eq!(Verb::parse("ring nobody"), None, "no such scene");
        assert_eq!(Verb::parse(""), None, "an empty line says nothing");
    }

    #[tokio::test]
    async fn a_call_comes_within_five_seconds() {
        let demo = Demo::start(1).await.expect("free ports");
        let (_verbs, listen) = mpsc::channel(1);
        let phone = demo.pbx().phone("101");
        let mut changes = phone.changes();
        let rings = async {
            while phone.calls().is_empty() {
                changes.changed().await.expect("the demo runs");
            }
        };
        tokio::select! {
            () = demo.run(listen, false) => panic!("it only ends when told"),
            done = tokio::time::timeout(Duration::from_secs(5), rings) => {
                assert!(done.is_ok(), "the first call is a known caller, soon");
            }
        }
        assert_eq!(
            phone.calls()[0].shows,
            "+49231123456",
            "Erika Mustermann's direct number"
        );
    }
}

//! "Check the telephone system": on a link of its own, line by line what is there, missing or too
//! much. Nothing is changed and nobody's telephone rings.

use std::time::Duration;

use rand::RngExt as _;
use ringcard_core::{Check, CheckResult, LinkTrouble};

use super::client::Link;
use super::config::{AnswerMethod, Config, ConsultMethod};
use super::wire::inquiry::{self, right};
use super::wire::{Action, Block, Existence, Frame, Reader, existence};

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(5);

/// Actions that show which rights of writing the account has: the listing names just the allowed.
const RIGHTS: &[(&str, &str, Wish)] = &[
    ("right_call", right::CALL, Wish::Needed),
    ("right_originate", right::ORIGINATE, Wish::Needed),
    ("right_command", right::COMMAND, Wish::TooMuch),
    ("right_config", right::CONFIG, Wish::TooMuch),
    ("right_user", right::USER, Wish::TooMuch),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Needed,
    TooMuch,
}

/// Runs the check.
pub(super) async fn run(config: &Config) -> Vec<Check> {
    if !config.is_complete() {
        return vec![finding("settings", CheckResult::Missing, None)];
    }
    let mut found = Vec::new();
    let mut asker = match Asker::connect(config).await {
        Ok(asker) => asker,
        Err(trouble) => return vec![trouble_line(trouble)],
    };
    found.push(finding(
        "connection",
        CheckResult::There,
        asker.version.as_deref(),
    ));
    let encrypted = config.tls != super::Tls::Off;
    found.push(finding("tls", there(encrypted), None));
    if let Err(trouble) = asker.sign_in(config).await {
        found.push(trouble_line(trouble));
        return found;
    }
    found.push(finding("login", CheckResult::There, None));
    rights(&mut asker, config, &mut found).await;
    dialplan(&mut asker, config, &mut found).await;
    found
}

async fn rights(asker: &mut Asker, config: &Config, found: &mut Vec<Check>) {
    let read = asker
        .configured(("manager.conf", &config.user, "read"))
        .await;
    let (result, classes) = read_rights(read.as_deref());
    found.push(finding("events", result, Some(&classes)));
    let Some(listed) = asker.ask(inquiry::allowed_actions()).await else {
        found.push(finding("rights", CheckResult::Unknown, None));
        return;
    };
    for (subject, action, wish) in RIGHTS {
        let has = listed.allows(action);
        let result = match (wish, has) {
            (Wish::Needed, true) => CheckResult::There,
            (Wish::Needed, false) => CheckResult::Missing,
            (Wish::TooMuch, true) => CheckResult::TooMuch,
            (Wish::TooMuch, false) => continue,
        };
        found.push(finding(subject, result, Some(action)));
    }
    let notify = listed.allows(right::NOTIFY);
    let wanted = config.answer == AnswerMethod::TalkNotify;
    match (wanted, notify) {
        (true, has) => found.push(finding("right_system", there(has), Some(right::NOTIFY))),
        (false, true) => {
            found.push(finding(
                "right_system",
                CheckResult::TooMuch,
                Some("system"),
            ));
        }
        (false, false) => {}
    }
}

async fn dialplan(asker: &mut Asker, config: &Config, found: &mut Vec<Check>) {
    let own = asker.exists(&config.contexts.dial, &config.extension).await;
    found.push(finding("context", own, Some(&config.contexts.dial)));
    if let Some(hold) = &config.contexts.hold {
        let result = asker.exists(hold, "s").await;
        found.push(finding("hold_context", result, Some(hold)));
    } else if config.consult == ConsultMethod::TwoLegs {
        found.push(finding("hold_context", CheckResult::Missing, None));
    }
    if let (ConsultMethod::TwoLegs, Some(consult)) = (config.consult, &config.contexts.consult) {
        let result = asker.exists(consult, &config.extension).await;
        found.push(finding("consult_context", result, Some(consult)));
    }
    if let Some(answer) = &config.contexts.answer {
        let result = asker.exists(answer, &config.extension).await;
        found.push(finding("answer_context", result, Some(answer)));
    } else if config.answer == AnswerMethod::RedialAutoAnswer {
        found.push(finding("answer_context", CheckResult::Missing, None));
    }
    if config.colleagues {
        let hints = asker.ask(inquiry::hints()).await;
        let seen = hints.is_some_and(|list| list.is_accepted());
        found.push(finding("hints", there(seen), None));
    }
    if config.consult == ConsultMethod::Atxfer {
        // The code; whether a call carries the option t or T shows with the first consultation.
        let place = ("features.conf", "featuremap", "atxfer");
        let code = asker.configured(place).await;
        let result = code
            .as_ref()
            .map_or(CheckResult::Unknown, |_| CheckResult::There);
        let detail = code.unwrap_or_else(|| "atxfer".into());
        found.push(finding("feature_codes", result, Some(&detail)));
    }
}

/// What the account may hear, by the telephone system's own configuration where that can be read.
fn read_rights(read: Option<&str>) -> (CheckResult, String) {
    let Some(read) = read else {
        return (CheckResult::Unknown, "call,agent".into());
    };
    let classes: Vec<&str> = read.split(',').map(str::trim).collect();
    let needed = ["call", "agent"];
    let all = classes.contains(&"all");
    let result = if !all && !needed.iter().all(|class| classes.contains(class)) {
        CheckResult::Missing
    } else if classes.iter().all(|class| needed.contains(class)) {
        CheckResult::There
    } else {
        CheckResult::TooMuch
    };
    (result, classes.join(","))
}

fn there(yes: bool) -> CheckResult {
    if yes {
        CheckResult::There
    } else {
        CheckResult::Missing
    }
}

fn finding(subject: &str, result: CheckResult, detail: Option<&str>) -> Check {
    Check {
        subject: subject.into(),
        result,
        detail: detail.map(str::to_owned),
    }
}

fn trouble_line(trouble: LinkTrouble) -> Check {
    let subject = match trouble {
        LinkTrouble::AuthenticationFailed => "login",
        LinkTrouble::CertificateRefused => "tls",
        LinkTrouble::HostNotFound => "reach",
        _ => "connection",
    };
    finding(subject, CheckResult::Missing, None)
}

/// Asks one thing after the other.
struct Asker {
    link: Link,
    reader: Reader,
    token: u64,
    count: u32,
    /// The interface's version from the greeting.
    version: Option<String>,
}

impl Asker {
    async fn connect(config: &Config) -> Result<Self, LinkTrouble> {
        let link = Link::connect(config)
            .await
            .map_err(|error| error.trouble())?;
        let mut asker = Self {
            link,
            reader: Reader::default(),
            token: rand::rng().random(),
            count: 0,
            version: None,
        };
        let greeting = asker.until(|frame| match frame {
            Frame::Banner(banner) => Some(banner),
            Frame::Block(_) => None,
        });
        let banner = greeting.await.ok_or(LinkTrouble::WrongProtocol)?;
        let version = inquiry::version(&banner);
        asker.version = Some(version.ok_or(LinkTrouble::WrongProtocol)?.to_owned());
        Ok(asker)
    }

    async fn sign_in(&mut self, config: &Config) -> Result<(), LinkTrouble> {
        let answer = self.ask(inquiry::challenge()).await;
        let answer = answer.ok_or(LinkTrouble::Lost)?;
        let challenge = answer.challenge().ok_or(LinkTrouble::WrongProtocol)?;
        let secret = config.secret.expose();
        let login = inquiry::login(&config.user, (challenge, secret), inquiry::NO_EVENTS);
        match self.ask(login).await {
            Some(answer) if answer.is_accepted() => Ok(()),
            _ => Err(LinkTrouble::AuthenticationFailed),
        }
    }

    /// Does the number exist in the context?
    async fn exists(&mut self, context: &str, exten: &str) -> CheckResult {
        let answer = self.ask(inquiry::exists(context, exten)).await;
        match existence(answer.as_ref().and_then(Block::value)) {
            Existence::There => CheckResult::There,
            Existence::Missing => CheckResult::Missing,
            Existence::Unsaid => CheckResult::Unknown,
        }
    }

    /// What stands in a configuration file (file, part, key); nothing where that cannot be read.
    async fn configured(&mut self, place: (&str, &str, &str)) -> Option<String> {
        let answer = self.ask(inquiry::configured(place)).await?;
        let value = answer.value().map(str::trim).unwrap_or_default();
        (!value.is_empty()).then(|| value.to_owned())
    }

    async fn ask(&mut self, action: Action) -> Option<Block> {
        self.count += 1;
        let id = format!("rc-{:016x}-{}", self.token, self.count);
        self.link.send(&action.encode(&id));
        self.until(|frame| match frame {
            Frame::Block(block) if block.action_id() == Some(&id) => {
                block.is_response().then_some(block)
            }
            _ => None,
        })
        .await
    }

    async fn until<T>(&mut self, mut wanted: impl FnMut(Frame) -> Option<T>) -> Option<T> {
        let Self { link, reader, .. } = self;
        let reading = async {
            loop {
                let bytes = link.turn().await.ok()?;
                let mut found = None;
                reader.feed(bytes, &mut |frame| {
                    if found.is_none() {
                        found = wanted(frame);
                    }
                });
                if found.is_some() {
                    return found;
                }
            }
        };
        tokio::time::timeout(ANSWER, reading).await.ok().flatten()
    }
}

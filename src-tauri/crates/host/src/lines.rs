//! Lines by name: from settings to a running provider. A further telephone system is one more arm.

use std::collections::BTreeMap;
use std::path::Path;

use ringcard_app::Event;
use ringcard_core::number::Region;
use ringcard_core::{Call, Check, LineId, Sensitive};
use ringcard_ipc::settings::{
    AnswerMethod, AsteriskSettings, BroadworksSettings, ConsultMethod, Dialing, LineSettings,
    ProviderSettings, SignIn, Tls,
};
use ringcard_telephony::layers::run_line;
use ringcard_telephony::providers::{asterisk, broadworks};
use ringcard_telephony::{LineCommand, LineIo, TelephonyProvider};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::run::Inbox;

/// Commands that may wait for a line; more is a sign of a stuck one.
const COMMANDS: usize = 64;

/// Events that may wait for the loop. A provider that is ahead waits here, not at its socket.
const EVENTS: usize = 1_024;

/// A line that runs.
pub struct RunningLine {
    /// To the provider.
    pub commands: mpsc::Sender<LineCommand>,
    /// What it was built from; another value means it is built anew.
    pub built_from: BuiltFrom,
    task: JoinHandle<()>,
}

/// Everything that a provider is built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltFrom {
    /// Its settings.
    pub settings: LineSettings,
    /// The page "Dialing".
    pub dialing: Dialing,
    /// Its secret.
    pub secret: Sensitive<String>,
    /// A name for this installation, where a telephone system tells its clients apart; else empty.
    pub installation: String,
}

impl RunningLine {
    /// Starts a line. `open` are its calls from the journal, to be adopted.
    pub fn start(built_from: BuiltFrom, open: Vec<Call>, inbox: mpsc::Sender<Inbox>) -> Self {
        let mut provider = provider(&built_from);
        provider.adopt(open);
        let (commands, command_queue) = mpsc::channel(COMMANDS);
        let (event_sender, mut events) = mpsc::channel(EVENTS);
        let id = LineId::new(&built_from.settings.id);
        tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                let event = Event::Line(id.clone(), event);
                if inbox.send(Inbox::Event(event)).await.is_err() {
                    return;
                }
            }
        });
        let io = LineIo {
            commands: command_queue,
            events: event_sender,
        };
        let task = tokio::spawn(run_line(provider, io));
        Self {
            commands,
            built_from,
            task,
        }
    }

    /// Ends the line: its provider sees the closed channel and signs off. No call is touched.
    pub async fn stop(self) {
        drop(self.commands);
        let patience = std::time::Duration::from_secs(2);
        let abort = self.task.abort_handle();
        if tokio::time::timeout(patience, self.task).await.is_err() {
            abort.abort();
        }
    }
}

/// Looks at everything that a line needs at its telephone system.
pub async fn check(built_from: &BuiltFrom) -> Vec<Check> {
    provider(built_from).check().await
}

fn provider(built_from: &BuiltFrom) -> Box<dyn TelephonyProvider> {
    let line = LineId::new(&built_from.settings.id);
    match &built_from.settings.provider {
        ProviderSettings::Asterisk(settings) => {
            let config = asterisk_config(settings, &built_from.dialing, &built_from.secret);
            Box::new(asterisk::Asterisk::new(config, line))
        }
        ProviderSettings::Broadworks(settings) => {
            let config = broadworks_config(settings, built_from);
            Box::new(broadworks::BroadWorks::new(config, line))
        }
    }
}

fn broadworks_config(settings: &BroadworksSettings, built_from: &BuiltFrom) -> broadworks::Config {
    let mut config = broadworks::Config::new(&settings.host, &settings.user, &settings.extension);
    config.secret = built_from.secret.clone();
    config.sign_in = match settings.sign_in {
        SignIn::Basic => broadworks::SignIn::Basic,
        SignIn::Bearer => broadworks::SignIn::Bearer,
    };
    config.roots.actions = settings.actions_root.clone();
    config.roots.events = settings.events_root.clone();
    config.roots.channel = settings.channel_root.clone();
    // Two of the same name would end each other's channel: two PCs, and two lines of one PC.
    let line = &built_from.settings.id;
    config.application = format!("ringcard-{}-{line}", built_from.installation);
    config
}

fn asterisk_config(
    settings: &AsteriskSettings,
    dialing: &Dialing,
    secret: &Sensitive<String>,
) -> asterisk::Config {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut config = asterisk::Config::new(&settings.host, &settings.user, &settings.extension);
    config.port = settings.port;
    config.tls = match settings.tls {
        Tls::Off => asterisk::Tls::Off,
        Tls::SystemRoots => asterisk::Tls::SystemRoots,
        Tls::Fingerprint => asterisk::Tls::Fingerprint(settings.fingerprint.clone()),
    };
    config.secret = secret.clone();
    config.endpoint = given(&settings.endpoint);
    config.contexts.dial = settings.context.clone();
    config.contexts.hold = given(&settings.hold_context);
    config.contexts.consult = given(&settings.consult_context);
    config.contexts.answer = given(&settings.answer_context);
    config.answer = match settings.answer {
        AnswerMethod::AtTelephone => asterisk::AnswerMethod::AtTelephone,
        AnswerMethod::TalkNotify => asterisk::AnswerMethod::TalkNotify,
        AnswerMethod::Redial => asterisk::AnswerMethod::RedialAutoAnswer,
    };
    config.consult = match settings.consult {
        ConsultMethod::Atxfer => asterisk::ConsultMethod::Atxfer,
        ConsultMethod::TwoLegs => asterisk::ConsultMethod::TwoLegs,
    };
    config.outside_digit = dialing.outside_digit.clone();
    if let Some(region) = Region::from_code(&dialing.country) {
        config.international_prefix = region.international_prefix();
    }
    config.trusted_presentation = settings.asks_presentation;
    config.limits.atxfer_no_answer = settings.consult_ring_seconds;
    config
}

/// The agent's extension at a line.
pub fn extension(settings: &LineSettings) -> &str {
    match &settings.provider {
        ProviderSettings::Asterisk(asterisk) => &asterisk.extension,
        ProviderSettings::Broadworks(broadworks) => &broadworks.extension,
    }
}

/// Does its telephone system want a name of this installation?
pub fn is_told_apart(settings: &LineSettings) -> bool {
    match &settings.provider {
        ProviderSettings::Asterisk(_) => false,
        ProviderSettings::Broadworks(_) => true,
    }
}

/// Can this line answer from the card?
pub fn answers_here(settings: &LineSettings) -> bool {
    match &settings.provider {
        ProviderSettings::Asterisk(asterisk) => asterisk.answer != AnswerMethod::AtTelephone,
        // Each call says whether its telephone can be made to answer.
        ProviderSettings::Broadworks(_) => true,
    }
}

/// A colleague as the administrator's file names him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedColleague {
    /// The name.
    pub name: String,
    /// For finding the owner of a record.
    pub email: Option<String>,
}

/// Reads `extension;name;e-mail` lines. Lines without a name are left out.
pub fn listed_colleagues(path: &Path) -> std::io::Result<BTreeMap<String, ListedColleague>> {
    let text = std::fs::read_to_string(path)?;
    let mut colleagues = BTreeMap::new();
    for line in text.trim_start_matches('\u{feff}').lines() {
        let mut fields = line
            .split([';', ',', '\t'])
            .map(|field| field.trim().trim_matches('"'));
        let (Some(extension), Some(name)) = (fields.next(), fields.next()) else {
            continue;
        };
        if extension.chars().any(|c| c.is_ascii_digit()) && !name.is_empty() {
            let email = fields
                .next()
                .filter(|email| email.contains('@'))
                .map(str::to_owned);
            let colleague = ListedColleague {
                name: name.to_owned(),
                email,
            };
            colleagues.insert(extension.to_owned(), colleague);
        }
    }
    Ok(colleagues)
}

//! Carries a command out: asks the running Ringcard, prints the answer, says how it went.

use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use jiff::tz::TimeZone;
use ringcard_ipc::{ErrorCode, Failure, Reply, Request};
use serde_json::json;

use crate::arguments::{Command, PbxFlavour, What};
use crate::secret::{self, NoSecret};
use crate::{Client, Exit, Refusal, show};

/// Longer than any command for a call may take at a telephone system.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the program lends that this room does not know.
pub struct Lent<'a> {
    /// Where the socket of a home is; `None` is the user's own.
    pub address: &'a dyn Fn(Option<&Path>) -> String,
    /// The text for a telephone system's administrator; empty when the extension is none.
    pub asterisk_config: &'a dyn Fn(&str, PbxFlavour) -> String,
}

/// Where a command reads and writes.
pub struct Streams<'a> {
    /// For secrets.
    pub input: &'a mut dyn BufRead,
    /// The answer.
    pub out: &'a mut dyn Write,
    /// What went wrong, as one sentence.
    pub err: &'a mut dyn Write,
}

/// Carries a command out on the program's own streams.
pub async fn run(command: Command, lent: &Lent<'_>) -> ExitCode {
    let mut streams = Streams {
        input: &mut io::BufReader::new(io::stdin()),
        out: &mut io::stdout(),
        err: &mut io::stderr(),
    };
    run_with(command, lent, &mut streams).await.into()
}

/// Carries a command out on these streams.
pub async fn run_with(command: Command, lent: &Lent<'_>, streams: &mut Streams<'_>) -> Exit {
    let mut telling = Telling {
        json: command.json,
        streams,
    };
    let address = || (lent.address)(command.home.as_deref());
    let outcome = match command.what {
        What::Version => Ok(telling.version()),
        What::AsteriskConfig { extension, flavour } => {
            let text = (lent.asterisk_config)(&extension, flavour);
            Ok(telling.asterisk_config(&text))
        }
        What::Ask(request) => ask(&address(), request, &mut telling).await,
        What::SetSecret { name } => set_secret(&address(), name, &mut telling).await,
        What::Watch => watch(&address(), &mut telling).await,
    };
    outcome.unwrap_or_else(|refusal| telling.refusal(refusal))
}

async fn ask(
    address: &str,
    request: Request,
    telling: &mut Telling<'_, '_>,
) -> Result<Exit, Refusal> {
    let mut client = Client::connect(address).await?;
    let reply = patiently(client.ask(request)).await?;
    Ok(telling.reply(&reply))
}

async fn set_secret(
    address: &str,
    name: String,
    telling: &mut Telling<'_, '_>,
) -> Result<Exit, Refusal> {
    // Nobody is asked for a secret that cannot be kept.
    let mut client = Client::connect(address).await?;
    let value = match secret::read(telling.streams.input) {
        Ok(value) => value,
        Err(why) => return Ok(telling.no_secret(why)),
    };
    let reply = patiently(client.ask(Request::SetSecret { name, value })).await?;
    Ok(telling.reply(&reply))
}

async fn watch(address: &str, telling: &mut Telling<'_, '_>) -> Result<Exit, Refusal> {
    let mut client = Client::connect(address).await?;
    let reply = patiently(client.ask(Request::Watch)).await?;
    if reply != Reply::Done {
        return Ok(telling.reply(&reply));
    }
    let mut changes = show::Changes::new(TimeZone::system());
    loop {
        let event = client.next_event().await?;
        let line = match telling.json {
            true => Some(show::json(&event)),
            false => changes.line(&event),
        };
        // Whoever read this has gone: the watch is over, and nothing went wrong.
        if line.is_some_and(|line| telling.print(&line).is_err()) {
            return Ok(Exit::Done);
        }
    }
}

async fn patiently(asking: impl Future<Output = Result<Reply, Refusal>>) -> Result<Reply, Refusal> {
    let outcome = tokio::time::timeout(PATIENCE, asking).await;
    outcome.unwrap_or(Err(Refusal::Silent))
}

/// How answers are told.
struct Telling<'a, 'b> {
    json: bool,
    streams: &'a mut Streams<'b>,
}

impl Telling<'_, '_> {
    fn reply(&mut self, reply: &Reply) -> Exit {
        let exit = Exit::of(reply);
        let written = match (self.json, reply) {
            (true, reply) => self.print(&show::json(reply)),
            (false, Reply::Failed(failure)) => self.complain(&sentence(failure)),
            (false, reply) => self.print(&show::reply(reply, &TimeZone::system())),
        };
        written.map_or(Exit::Failed, |()| exit)
    }

    fn refusal(&mut self, refusal: Refusal) -> Exit {
        let (word, text, exit) = match refusal {
            Refusal::NotRunning => (
                "not_running",
                "No Ringcard runs for this user and folder. `ringcard` starts it.",
                Exit::NotRunning,
            ),
            Refusal::Ended => ("ended", "Ringcard has ended.", Exit::NotRunning),
            Refusal::Silent => (
                "silent",
                "Ringcard runs, but does not answer. End it and start it anew.",
                Exit::Failed,
            ),
            Refusal::Elsewhere => (
                "elsewhere",
                "Ringcard runs in another session and answers there alone, or another user of this PC \
                 holds its name.",
                Exit::Failed,
            ),
            Refusal::Broken => (
                "broken",
                "Ringcard does not answer as this version expects. Start it anew.",
                Exit::Failed,
            ),
        };
        self.say(word, text, exit)
    }

    fn no_secret(&mut self, why: NoSecret) -> Exit {
        let text = match why {
            NoSecret::Empty => {
                "No secret came by standard input. `ringcard secret delete` forgets one."
            }
            NoSecret::NoText => "What came by standard input is no secret: too long, or no text.",
        };
        self.say("no_secret", text, Exit::Usage)
    }

    fn asterisk_config(&mut self, text: &str) -> Exit {
        if text.is_empty() {
            let why = "An extension is a number of at most 20 digits.";
            return self.say("bad_extension", why, Exit::Usage);
        }
        let written = match self.json {
            true => self.print(&show::json(&json!({"reply": "text", "body": text}))),
            false => self.print(text),
        };
        written.map_or(Exit::Failed, |()| Exit::Done)
    }

    fn version(&mut self) -> Exit {
        let version = env!("CARGO_PKG_VERSION");
        let written = match self.json {
            true => self.print(&show::json(&json!({"reply": "version", "body": version}))),
            false => self.print(&format!("ringcard {version}\n")),
        };
        written.map_or(Exit::Failed, |()| Exit::Done)
    }

    /// Something of this side's own, which is no answer of the running Ringcard.
    fn say(&mut self, word: &str, text: &str, exit: Exit) -> Exit {
        // The exit code says it too, where nobody reads.
        let _ = match self.json {
            true => self.print(&show::json(&json!({"reply": word}))),
            false => self.complain(text),
        };
        exit
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.streams.out.write_all(text.as_bytes())?;
        self.streams.out.flush()
    }

    fn complain(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.streams.err, "ringcard: {text}")
    }
}

fn sentence(failure: &Failure) -> String {
    match failure.code {
        ErrorCode::NeedsConfirmation(_) => {
            format!(
                "{} (with --anyway it is done all the same)",
                failure.message
            )
        }
        _ => failure.message.clone(),
    }
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;

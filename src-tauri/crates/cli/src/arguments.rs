//! What may be typed, and what each word asks for.
//!
//! A wrong command line is answered without repeating what was typed: it may be a number.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use clap::error::{ErrorKind, KindFormatter};
use clap::{Args, Parser, Subcommand};
use ringcard_ipc::Request;

use crate::Exit;

/// What was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed {
    /// Start Ringcard; the caller's work.
    Run(Start),
    /// Everything else; [`crate::run`] carries it out.
    Command(Command),
}

/// How Ringcard is to be started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// Without windows.
    pub headless: bool,
    /// Everything in this folder.
    pub home: Option<PathBuf>,
    /// Save a picture of every window there and end; for the demo.
    pub screenshot: Option<PathBuf>,
}

/// A word with the switches that all words have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Which Ringcard is asked.
    pub home: Option<PathBuf>,
    /// JSON lines instead of text.
    pub json: bool,
    /// What is to be done.
    pub what: What,
}

/// What a word leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// One request and its answer.
    Ask(Request),
    /// Every change until Ringcard ends.
    Watch,
    /// Keep a secret that comes by standard input.
    SetSecret {
        /// Such as `line.desk.secret`.
        name: String,
    },
    /// Text for the telephone system's administrator; needs no running Ringcard.
    AsteriskConfig {
        /// The agent's extension.
        extension: String,
        /// Which kind of Asterisk.
        flavour: PbxFlavour,
    },
    /// This program's version; needs no running Ringcard.
    Version,
}

/// Which kind of Asterisk a configuration is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PbxFlavour {
    /// Files written by hand.
    Plain,
    /// FreePBX and its relatives.
    FreePbx,
}

/// Reads the arguments, the program's name first. Help and complaints are printed here.
pub fn parse<I, A>(arguments: I) -> Result<Parsed, Exit>
where
    I: IntoIterator<Item = A>,
    A: Into<OsString> + Clone,
{
    Arguments::try_parse_from(arguments)
        .map(Parsed::from)
        .map_err(|error| explain(error, &mut std::io::stdout(), &mut std::io::stderr()))
}

fn explain(error: clap::Error, out: &mut dyn Write, err: &mut dyn Write) -> Exit {
    // Nobody may read it any more; the code still says what happened.
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = write!(out, "{error}");
            Exit::Done
        }
        // These name our own arguments, not what was typed.
        ErrorKind::MissingRequiredArgument
        | ErrorKind::ArgumentConflict
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = write!(err, "{error}");
            Exit::Usage
        }
        _ => {
            let _ = write!(err, "{}", error.apply::<KindFormatter>());
            let _ = writeln!(err, "`ringcard help` lists the words and switches.");
            Exit::Usage
        }
    }
}

/// The call card. Without a word it starts; with one it speaks to the Ringcard that runs.
#[derive(Parser)]
#[command(name = "ringcard", version)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not running, \
4 accepted but not proved, 5 say it with --anyway,\n6 not found, 7 not now, 8 bad target, \
9 telephone system, 10 integration."
)]
struct Arguments {
    #[command(subcommand)]
    word: Option<Word>,
    /// Keep everything in this folder, secrets included; or speak to the Ringcard that does.
    #[arg(long, value_name = "DIR", global = true)]
    home: Option<PathBuf>,
    /// Answer with one JSON value a line.
    #[arg(long, global = true)]
    json: bool,
    #[arg(long, value_name = "DIR", hide = true)]
    screenshot: Option<PathBuf>,
}

/// Which call is meant.
#[derive(Args)]
struct OneCall {
    /// The call; without it the one that can be meant, where there is just one.
    #[arg(long = "call", value_name = "ID")]
    call: Option<String>,
}

/// Which call is sent where.
#[derive(Args)]
struct Sending {
    /// An extension or a number.
    to: String,
    #[command(flatten)]
    one: OneCall,
    /// Send it although the target is busy, away or cannot be checked.
    #[arg(long)]
    anyway: bool,
}

#[derive(Subcommand)]
enum Word {
    #[command(flatten)]
    Asked(AskedWord),
    /// Start Ringcard.
    Run {
        /// Without windows.
        #[arg(long)]
        headless: bool,
    },
}

#[derive(Subcommand)]
enum AskedWord {
    /// Show lines, integrations and what needs attention.
    Status,
    /// Show the running calls.
    Calls,
    /// Show every change until Ringcard ends.
    Watch,
    #[command(flatten)]
    Call(CallWord),
    /// Call a number; your own telephone rings first.
    Dial {
        /// An extension or a number in any format.
        to: String,
        /// The line to call by; without it the first.
        #[arg(long, value_name = "ID")]
        line: Option<String>,
        /// Call also a contact who wants no calls.
        #[arg(long)]
        anyway: bool,
    },
    /// Show who has a number.
    Lookup {
        /// In any format.
        number: String,
    },
    /// Refresh the local copy of the CRM.
    Sync {
        /// Which integration; without it all.
        integration: Option<String>,
        /// Read everything anew instead of what changed.
        #[arg(long)]
        full: bool,
    },
    /// Prepare the telephone system.
    #[command(subcommand)]
    Pbx(Pbx),
    /// Keep or delete a secret of the running Ringcard.
    #[command(subcommand)]
    Secret(Secret),
    /// End the running Ringcard; no call is touched.
    Quit,
    /// Show this program's version.
    Version,
}

#[derive(Subcommand)]
enum CallWord {
    /// Take the call that rings longest.
    Answer(OneCall),
    /// Refuse a ringing call.
    Decline(OneCall),
    /// End a call.
    HangUp(OneCall),
    /// Let the other side wait.
    Hold(OneCall),
    /// Fetch the waiting side back.
    Resume(OneCall),
    /// Send a ringing call elsewhere.
    Redirect(Sending),
    /// Ask a colleague while the caller waits.
    Consult(Sending),
    /// Join caller and colleague.
    Complete(OneCall),
    /// Leave the colleague and go back to the caller.
    Cancel(OneCall),
    /// Change between caller and colleague.
    Swap(OneCall),
    /// Hand the caller on without asking.
    Transfer(Sending),
    /// Send digits into the call.
    SendDtmf {
        /// 0-9, * and #.
        digits: String,
        #[command(flatten)]
        one: OneCall,
    },
}

#[derive(Subcommand)]
enum Pbx {
    /// Print a manager account with the least rights, and the dialplan's snippets.
    AsteriskConfig {
        /// The agent's extension.
        extension: String,
        /// For FreePBX and its relatives.
        #[arg(long)]
        freepbx: bool,
    },
}

#[derive(Subcommand)]
enum Secret {
    /// Keep a secret, read as one line from standard input.
    Set {
        /// Such as `line.desk.secret` or `integration.zoho.client_secret`.
        name: String,
    },
    /// Forget a secret.
    Delete {
        /// Such as `line.desk.secret` or `integration.zoho.client_secret`.
        name: String,
    },
}

impl From<Arguments> for Parsed {
    fn from(arguments: Arguments) -> Self {
        let Arguments {
            word,
            home,
            json,
            screenshot,
        } = arguments;
        let start = |headless, home| {
            Self::Run(Start {
                headless,
                home,
                screenshot,
            })
        };
        match word {
            None => start(false, home),
            Some(Word::Run { headless }) => start(headless, home),
            Some(Word::Asked(word)) => Self::Command(Command {
                home,
                json,
                what: word.into(),
            }),
        }
    }
}

impl From<AskedWord> for What {
    fn from(word: AskedWord) -> Self {
        Self::Ask(match word {
            AskedWord::Watch => return Self::Watch,
            AskedWord::Version => return Self::Version,
            AskedWord::Pbx(pbx) => return pbx.into(),
            AskedWord::Secret(Secret::Set { name }) => return Self::SetSecret { name },
            AskedWord::Secret(Secret::Delete { name }) => Request::SetSecret {
                name,
                value: String::new(),
            },
            AskedWord::Quit => Request::Quit,
            AskedWord::Status => Request::Status,
            AskedWord::Calls => Request::Calls,
            AskedWord::Call(word) => word.into(),
            AskedWord::Dial { to, line, anyway } => Request::Dial {
                to,
                line,
                confirmed: anyway,
            },
            AskedWord::Lookup { number } => Request::Lookup { number },
            AskedWord::Sync { integration, full } => Request::Sync { integration, full },
        })
    }
}

impl From<Pbx> for What {
    fn from(Pbx::AsteriskConfig { extension, freepbx }: Pbx) -> Self {
        let flavour = match freepbx {
            true => PbxFlavour::FreePbx,
            false => PbxFlavour::Plain,
        };
        Self::AsteriskConfig { extension, flavour }
    }
}

impl From<CallWord> for Request {
    fn from(word: CallWord) -> Self {
        match word {
            CallWord::Answer(OneCall { call }) => Self::Answer { call },
            CallWord::Decline(OneCall { call }) => Self::Decline { call },
            CallWord::HangUp(OneCall { call }) => Self::HangUp { call },
            CallWord::Hold(OneCall { call }) => Self::Hold { call },
            CallWord::Resume(OneCall { call }) => Self::Resume { call },
            CallWord::Complete(OneCall { call }) => Self::Complete { call },
            CallWord::Cancel(OneCall { call }) => Self::Cancel { call },
            CallWord::Swap(OneCall { call }) => Self::Swap { call },
            CallWord::Redirect(sending) => Self::Redirect {
                call: sending.one.call,
                to: sending.to,
                confirmed: sending.anyway,
            },
            CallWord::Consult(sending) => Self::Consult {
                call: sending.one.call,
                to: sending.to,
                confirmed: sending.anyway,
            },
            CallWord::Transfer(sending) => Self::Transfer {
                call: sending.one.call,
                to: sending.to,
                confirmed: sending.anyway,
            },
            CallWord::SendDtmf { digits, one } => Self::SendDtmf {
                call: one.call,
                digits,
            },
        }
    }
}

#[cfg(test)]
#[path = "arguments_tests.rs"]
mod tests;

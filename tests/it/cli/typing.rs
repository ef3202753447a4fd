//! Types lines at a desk's Ringcard, as a person or a script does, and reads what comes back.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use ringcard_cli::{Exit, Lent, Parsed, PbxFlavour, Streams, parse, run_with};
use ringcard_host::{Home, address, asterisk_config};
use ringcard_ipc::{Card, ErrorCode, Reply};
use ringcard_tests::desk::{Desk, PATIENCE};

/// How a typed line went.
#[derive(Debug)]
pub struct Went {
    /// The program's exit code.
    pub exit: Exit,
    /// What it printed.
    pub out: String,
    /// What it complained of.
    pub err: String,
}

impl Went {
    /// The answer, when JSON was asked for.
    pub fn reply(&self) -> Reply {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("one JSON line: {self:?}"))
    }
}

/// Types a line at a desk's Ringcard.
pub async fn typed(desk: &Desk, line: &str) -> Went {
    typed_with(desk, line, "").await
}

/// The same, with something at the standard input.
pub async fn typed_with(desk: &Desk, line: &str, input: &str) -> Went {
    typed_on(&desk.folder(), line, input, Paper::default()).await
}

/// What a line has printed so far, to be read while it still runs.
#[derive(Clone, Default)]
pub struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    /// Nothing was printed yet.
    pub fn is_blank(&self) -> bool {
        self.0.lock().unwrap().is_empty()
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The same at the Ringcard of a folder, which may leave meanwhile.
pub async fn typed_on(home: &Path, line: &str, input: &str, paper: Paper) -> Went {
    let switches = ["ringcard", "--home", home.to_str().unwrap()];
    let words = switches.into_iter().chain(line.split_whitespace());
    let Ok(Parsed::Command(command)) = parse(words.collect::<Vec<_>>()) else {
        panic!("{line} is a command");
    };
    let (mut out, mut err) = (paper.clone(), Vec::new());
    let mut streams = Streams {
        input: &mut input.as_bytes(),
        out: &mut out,
        err: &mut err,
    };
    let lent = Lent {
        address: &|home: Option<&Path>| address(&Home::in_folder(home.unwrap())),
        asterisk_config: &|extension, flavour| match flavour {
            PbxFlavour::Plain => asterisk_config(extension, ringcard_host::PbxFlavour::Plain),
            PbxFlavour::FreePbx => asterisk_config(extension, ringcard_host::PbxFlavour::FreePbx),
        },
    };
    let running = run_with(command, &lent, &mut streams);
    let exit = tokio::time::timeout(PATIENCE, running).await.unwrap();
    Went {
        exit,
        out: paper.text(),
        err: String::from_utf8(err).unwrap(),
    }
}

/// The running calls, as a script reads them.
pub async fn running_calls(desk: &Desk) -> Vec<Card> {
    match typed(desk, "calls --json").await.reply() {
        Reply::Calls(calls) => calls,
        reply => panic!("calls are told: {reply:?}"),
    }
}

/// Types a command that is carried out and proved; the call that it was about.
pub async fn done(desk: &Desk, line: &str) -> String {
    let went = typed(desk, &format!("{line} --json")).await;
    assert_eq!(went.exit, Exit::Done, "{line}: {went:?}");
    match went.reply() {
        Reply::Ended(ended) if ended.confirmed => ended.call,
        reply => panic!("{line}: {reply:?}"),
    }
}

/// Types a command that is refused, for a script and for people: both are told the same, and how it can be done all
/// the same where it can.
pub async fn refused(desk: &Desk, line: &str) -> (Exit, ErrorCode) {
    let read = typed(desk, &format!("{line} --json")).await;
    let Reply::Failed(failure) = read.reply() else {
        panic!("{line} is refused: {read:?}");
    };
    assert!(read.err.is_empty(), "{line}: the JSON says it: {read:?}");
    let told = typed(desk, line).await;
    assert_eq!(told.exit, read.exit, "{line}: {told:?}");
    assert!(told.out.is_empty(), "{line}: nothing was done: {told:?}");
    let sentence = format!("ringcard: {}", failure.message);
    let is_all = told.err.starts_with(&sentence) && told.err.lines().count() == 1;
    assert!(is_all, "{line}: one sentence: {told:?}");
    let is_question = matches!(failure.code, ErrorCode::NeedsConfirmation(_));
    assert_eq!(
        told.err.contains("--anyway"),
        is_question,
        "{line}: {told:?}"
    );
    (read.exit, failure.code)
}

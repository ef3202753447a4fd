//! The sandbox as a program: starts what it is asked for, prints one JSON line, and runs until it
//! is ended.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use ringcard_sandbox::demo::{Demo, Verb, write_home};
use ringcard_sandbox::zoho::{CLIENT_ID, CLIENT_SECRET, SCOPES, World, Zoho};
use serde_json::{Map, Value, json};
use tokio::sync::{mpsc, oneshot};

const USAGE: &str = "ringcard-sandbox demo --home DIR [--seed N] [--quiet]
  --home DIR         where the settings of an app connected to the demo are written
  --seed N           other invented people
  --quiet            calls come only when standard input says so: ring known|unknown|withheld|shared|queue|two,
                     answer, hang-up, quiet, stop
ringcard-sandbox [--zoho-port PORT] [--contacts COUNT] [--with-parent]
  --zoho-port PORT   starts the Zoho there; 0 takes a free port
  --contacts COUNT   how many records it has, 5000 when not said
  --with-parent      ends when standard input closes, so that nothing outlives its parent";

/// What the command line asks for.
#[derive(Debug, Default)]
struct Arguments {
    zoho_port: Option<u16>,
    contacts: Option<usize>,
    with_parent: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).peekable();
    let outcome = if words.next_if(|word| word == "demo").is_some() {
        match read_demo(words) {
            Ok(arguments) => run_demo(arguments).await,
            Err(reason) => return wrong(&reason),
        }
    } else {
        match read(words) {
            Ok(arguments) => run(arguments).await,
            Err(reason) => return wrong(&reason),
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the sandbox cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}

fn wrong(reason: &str) -> ExitCode {
    eprintln!("{reason}\n{USAGE}");
    ExitCode::from(2)
}

/// What the command line asks of the demo.
#[derive(Debug, Default)]
struct DemoArguments {
    home: PathBuf,
    seed: u64,
    quiet: bool,
}

fn read_demo(mut words: impl Iterator<Item = String>) -> Result<DemoArguments, String> {
    let mut arguments = DemoArguments {
        seed: 2026,
        ..DemoArguments::default()
    };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--home" => arguments.home = PathBuf::from(value()?),
            "--seed" => arguments.seed = value()?.parse().map_err(|_| "--seed needs a number")?,
            "--quiet" => arguments.quiet = true,
            _ => return Err(format!("{word} is not known")),
        }
    }
    if arguments.home.as_os_str().is_empty() {
        return Err("the demo needs --home".to_owned());
    }
    Ok(arguments)
}

async fn run_demo(arguments: DemoArguments) -> std::io::Result<()> {
    let demo = Demo::start(arguments.seed).await?;
    let addresses = demo.addresses();
    write_home(&arguments.home, &addresses)?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", addresses.to_json())?;
    out.flush()?;
    let (tell, verbs) = mpsc::channel(16);
    // A thread of its own: a read of standard input cannot be cancelled.
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            match Verb::parse(&line) {
                Some(verb) if tell.blocking_send(verb).is_err() => return,
                Some(_) => {}
                None => eprintln!("not understood: {line}"),
            }
        }
    });
    tokio::select! {
        () = demo.run(verbs, arguments.quiet) => Ok(()),
        stopped = tokio::signal::ctrl_c() => stopped,
    }
}

async fn run(arguments: Arguments) -> std::io::Result<()> {
    let mut ready = Map::new();
    let zoho = match arguments.zoho_port {
        Some(port) => Some(start_zoho(port, arguments.contacts).await?),
        None => None,
    };
    if let Some(zoho) = &zoho {
        ready.insert("zoho".to_owned(), describe_zoho(zoho));
    }
    let mut out = std::io::stdout();
    writeln!(out, "{}", Value::Object(ready))?;
    out.flush()?;
    wait_for_the_end(arguments.with_parent).await
}

async fn start_zoho(port: u16, contacts: Option<usize>) -> std::io::Result<Zoho> {
    let world = contacts.map_or_else(World::demo, World::of);
    let zoho = Zoho::on_port(port, world).await?;
    zoho.consents_at_once();
    Ok(zoho)
}

/// What a client needs to connect; the secret guards nothing but invented people.
fn describe_zoho(zoho: &Zoho) -> Value {
    json!({
        "url": zoho.url(),
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "refresh_token": zoho.gives_refresh_token(SCOPES),
        "self_client_code": zoho.self_client_code(SCOPES),
    })
}

async fn wait_for_the_end(with_parent: bool) -> std::io::Result<()> {
    let (closed, input_closed) = oneshot::channel();
    if with_parent {
        // A thread of its own: a read of standard input cannot be cancelled, and must not keep
        // the program alive.
        std::thread::spawn(move || {
            let mut ignored = [0; 256];
            while matches!(std::io::stdin().read(&mut ignored), Ok(count) if count > 0) {}
            let _ = closed.send(());
        });
    }
    tokio::select! {
        Ok(()) = input_closed => Ok(()),
        stopped = tokio::signal::ctrl_c() => stopped,
    }
}

fn read(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments::default();
    while let Some(word) = words.next() {
        if word == "--with-parent" {
            arguments.with_parent = true;
            continue;
        }
        let value = words
            .next()
            .ok_or_else(|| format!("{word} needs a value"))?;
        let unreadable = || format!("{word} needs a number");
        match word.as_str() {
            "--zoho-port" => {
                arguments.zoho_port = Some(value.parse().map_err(|_| unreadable())?);
            }
            "--contacts" => arguments.contacts = Some(value.parse().map_err(|_| unreadable())?),
            _ => return Err(format!("{word} is not known")),
        }
    }
    Ok(arguments)
}

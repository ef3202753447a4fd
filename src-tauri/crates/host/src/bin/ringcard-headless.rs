//! Ringcard without windows: what the agent would see, as JSON lines on standard output.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use ringcard_host::{Home, Options, start};

#[tokio::main]
async fn main() -> ExitCode {
    let home = match home_from(std::env::args().skip(1)) {
        Ok(home) => home,
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::from(2);
        }
    };
    match run(home).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn home_from(mut arguments: impl Iterator<Item = String>) -> Result<Home, String> {
    match (
        arguments.next().as_deref(),
        arguments.next(),
        arguments.next(),
    ) {
        (None, None, None) => Home::of_user().map_err(|failure| failure.message),
        (Some("--home"), Some(folder), None) => Ok(Home::in_folder(folder.as_ref())),
        _ => Err("usage: ringcard-headless [--home DIR]".into()),
    }
}

async fn run(home: Home) -> Result<(), String> {
    let open_url = Arc::new(|address: &str| println!("{}", serde_json::json!({"open": address})));
    let mut running = start(Options { home, open_url })
        .await
        .map_err(|f| f.message)?;
    let mut events = running.handle.watch();
    loop {
        tokio::select! {
            event = events.recv() => {
                let Ok(event) = event else { continue };
                let line = serde_json::to_string(&event).map_err(|error| error.to_string())?;
                let mut out = std::io::stdout().lock();
                if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
                    break;
                }
            }
            _ = tokio::signal::ctrl_c() => break,
            _ = &mut running.task => return Ok(()),
        }
    }
    running.handle.quit().await;
    let _ = running.task.await;
    Ok(())
}

//! Ringcard without windows, from the same program: what the agent would see, as JSON lines.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use ringcard_host::{Options, start};
use ringcard_ipc::Failure;

/// Runs until it is ended by a signal or by `Quit`.
pub fn run(folder: Option<&Path>) -> ExitCode {
    match tauri::async_runtime::block_on(listen(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("ringcard: {}", failure.message);
            ExitCode::FAILURE
        }
    }
}

async fn listen(folder: Option<&Path>) -> Result<(), Failure> {
    let home = crate::home(folder)?;
    let open_url = Arc::new(|address: &str| print(&serde_json::json!({ "open": address })));
    let mut running = start(Options { home, open_url }).await?;
    let mut events = running.handle.watch();
    loop {
        tokio::select! {
            event = events.recv() => if let Ok(event) = event { print(&event) },
            _ = tokio::signal::ctrl_c() => break,
            _ = &mut running.task => return Ok(()),
        }
    }
    running.handle.quit().await;
    let _ = running.task.await;
    Ok(())
}

fn print(value: &impl serde::Serialize) {
    let mut out = std::io::stdout().lock();
    // Whoever read this may have gone; the calls go on all the same.
    let _ = serde_json::to_writer(&mut out, value);
    let _ = writeln!(out).and_then(|()| out.flush());
}

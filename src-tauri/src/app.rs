//! The app: the application without windows, and the windows around it.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use ringcard_cli::{Client, Refusal, Start};
use ringcard_host::{Home, Options, Running, address, start};
use ringcard_ipc::{ErrorCode, Failure, Request};
use tauri::{App, AppHandle, RunEvent};
use tokio::task::JoinHandle;

use crate::shell::{HomeName, Shell, shell};
use crate::windows::preview;
use crate::{browser, commands, events, hotkeys, pictures, toasts, tray};

/// Starts the app and runs until it is ended. A second start brings the first one to the front.
pub fn run(start: Start) -> ExitCode {
    match tauri::async_runtime::block_on(begin(&start)) {
        Ok(Some(running)) => with_windows(start, running),
        Ok(None) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("ringcard: {}", failure.message);
            // A program started by a click has no terminal to complain in.
            #[cfg(windows)]
            take_identity(&start);
            toasts::alone(&failure.message);
            ExitCode::FAILURE
        }
    }
}

/// The running application, or nothing when another one runs for this home.
async fn begin(options: &Start) -> Result<Option<Running>, Failure> {
    let home = crate::home(options.home.as_deref())?;
    let started = start(Options {
        home: home.clone(),
        open_url: Arc::new(browser::open),
    });
    match started.await {
        Ok(running) => Ok(Some(running)),
        Err(failure) => match hand_over(&home).await {
            Ok(()) => Ok(None),
            Err(Refusal::Elsewhere) => Err(Failure::new(ErrorCode::Internal, ELSEWHERE)),
            Err(_) => Err(failure),
        },
    }
}

/// Two would write into one journal, and on Windows the first one cannot be asked from another session.
const ELSEWHERE: &str = "Ringcard runs already in another session of yours, at this PC or by remote desktop. End it there \
                         first. If it runs in none, another user of this PC holds its name.";

/// How long the first one may take to show itself.
const HAND_OVER: Duration = Duration::from_secs(10);

/// Asks the first one to show itself. It may not be there, hang, or be out of reach.
async fn hand_over(home: &Home) -> Result<(), Refusal> {
    let asking = async {
        let mut client = Client::connect(&address(home)).await?;
        // Cards first: whoever looks for the app because it rings sees the call above all.
        client.ask(Request::ShowPreview).await?;
        client.ask(Request::ShowWindow).await.map(drop)
    };
    let asked = tokio::time::timeout(HAND_OVER, asking).await;
    asked.unwrap_or(Err(Refusal::Silent))
}

fn with_windows(start: Start, running: Running) -> ExitCode {
    let home_name = start.home.clone().map_or(HomeName::Own, HomeName::Folder);
    let handle = running.handle.clone();
    let built = tauri::Builder::default()
        .manage(Shell::new(handle.clone(), home_name))
        .invoke_handler(tauri::generate_handler![
            commands::appearance,
            commands::ask::ask_main,
            commands::ask::ask_phone,
            commands::ask::ask_picker,
            commands::ask::ask_preview,
            commands::close_picker,
            commands::close_window,
            commands::has_licences,
            commands::offers_links,
            commands::open_default_apps,
            commands::open_help,
            commands::open_picker,
            commands::open_window,
            commands::picker_context,
            commands::preview_drag,
            commands::preview_size,
            commands::stay_open,
        ])
        .setup(|app| {
            set_up(app, start, running);
            Ok(())
        })
        .build(tauri::generate_context!());
    let app = match built {
        Ok(app) => app,
        Err(error) => {
            eprintln!("ringcard: the desktop took no window: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = app.run_return(|_, event| {
        if let RunEvent::ExitRequested {
            code: None, api, ..
        } = event
        {
            // The last window was closed; the tray stays.
            api.prevent_exit();
        }
    });
    u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn set_up(app: &App, start: Start, running: Running) {
    let app = app.handle().clone();
    #[cfg(windows)]
    take_identity(&start);
    let events = running.handle.watch();
    tray::create(&app);
    hotkeys::listen(&app);
    preview::create(&app);
    let carrying = events::carry(app.clone(), running.handle.clone(), events);
    // A picture of the tray waits for the windows' thread, and that one for the desktop, which may hang. A thread of its
    // own holds up no call and no command.
    let apart = move || tauri::async_runtime::block_on(carrying);
    tauri::async_runtime::spawn_blocking(apart);
    if let Some(folder) = start.screenshot {
        tauri::async_runtime::spawn(pictures::take(app.clone(), folder));
    }
    tauri::async_runtime::spawn(until_the_end(app, running.task));
}

/// Notifications are Ringcard's own, with its picture beside its local data.
#[cfg(windows)]
fn take_identity(start: &Start) {
    let folder = crate::home(start.home.as_deref()).map(|home| home.data_folder());
    crate::win32::identity::take(folder.as_deref().ok());
}

/// The application ended, asked by the tray, the command line or a signal: so does the program.
async fn until_the_end(app: AppHandle, mut task: JoinHandle<()>) {
    let handle = shell(&app).handle.clone();
    tokio::select! {
        _ = &mut task => {}
        () = asked_to_end() => {
            handle.quit().await;
            let _ = task.await;
        }
    }
    app.exit(0);
}

#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminated) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminated.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

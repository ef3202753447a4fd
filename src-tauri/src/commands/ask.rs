//! Requests of the windows to the application: each window only what belongs to it.
//!
//! A page that was made to say something else, by whatever means, is refused here.

use ringcard_ipc::{ErrorCode, Failure, Reply, Request};
use tauri::AppHandle;
use tracing::warn;

use crate::autostart;
use crate::shell::shell;
use crate::windows::pages;

/// The card asks.
#[tauri::command]
pub async fn ask_preview(app: AppHandle, request: Request) -> Reply {
    ask(&app, request, of_preview).await
}

/// The picker asks.
#[tauri::command]
pub async fn ask_picker(app: AppHandle, request: Request) -> Reply {
    ask(&app, request, of_picker).await
}

/// The phone window asks.
#[tauri::command]
pub async fn ask_phone(app: AppHandle, request: Request) -> Reply {
    ask(&app, request, of_phone).await
}

/// The main window asks.
#[tauri::command]
pub async fn ask_main(app: AppHandle, request: Request) -> Reply {
    // The window asks for the state when it has begun to listen: from now on it hears its page.
    if request == Request::Status {
        pages::tell_page(&app);
    }
    let saved = match &request {
        Request::SaveSettings { settings } => Some(settings.general.autostart),
        _ => None,
    };
    if let Some(wanted) = saved {
        shell(&app).autostart().choose(wanted);
    }
    let mut reply = ask(&app, request, of_main).await;
    match &mut reply {
        Reply::Settings(view) => autostart::show(&shell(&app), view),
        Reply::Failed(_) if saved.is_some() => shell(&app).autostart().forget(),
        _ => {}
    }
    reply
}

async fn ask(app: &AppHandle, request: Request, allowed: fn(&Request) -> bool) -> Reply {
    if !allowed(&request) {
        warn!("a window asked for what is not its own");
        let sentence = "This window may not ask for that.";
        return Reply::Failed(Failure::new(ErrorCode::BadRequest, sentence));
    }
    let handle = shell(app).handle.clone();
    handle.ask(request).await
}

/// What can be done with a call by one press.
fn call_button(request: &Request) -> bool {
    matches!(
        request,
        Request::Answer { .. }
            | Request::Decline { .. }
            | Request::HangUp { .. }
            | Request::Hold { .. }
            | Request::Resume { .. }
            | Request::Complete { .. }
            | Request::Cancel { .. }
            | Request::Swap { .. }
            | Request::OpenRecord { .. }
            | Request::OpenCreate { .. }
    )
}

/// What sends a caller elsewhere.
fn sending(request: &Request) -> bool {
    matches!(
        request,
        Request::Redirect { .. } | Request::Consult { .. } | Request::Transfer { .. }
    )
}

fn of_preview(request: &Request) -> bool {
    let own = matches!(
        request,
        Request::Preview | Request::ClosePreview { .. } | Request::BringForward { .. }
    );
    own || call_button(request) || sending(request)
}

fn of_picker(request: &Request) -> bool {
    sending(request) || matches!(request, Request::Targets { .. } | Request::Dial { .. })
}

fn of_phone(request: &Request) -> bool {
    let own = matches!(
        request,
        Request::Phone | Request::SendDtmf { .. } | Request::SetNote { .. } | Request::Dial { .. }
    );
    own || call_button(request)
}

fn of_main(request: &Request) -> bool {
    matches!(
        request,
        Request::Status
            | Request::Settings
            | Request::SaveSettings { .. }
            | Request::SetSecret { .. }
            | Request::CheckLine { .. }
            | Request::SignIn { .. }
            | Request::SignInWithCode { .. }
            | Request::CancelSignIn { .. }
            | Request::RemoveIntegration { .. }
            | Request::Sync { .. }
            | Request::Lookup { .. }
            | Request::OpenRecord { .. }
            | Request::Log { .. }
            | Request::LogDetails { .. }
            | Request::OpenHelpPage { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    type Window = (&'static str, fn(&Request) -> bool);

    fn every_window() -> [Window; 4] {
        [
            ("preview", of_preview),
            ("picker", of_picker),
            ("phone", of_phone),
            ("main", of_main),
        ]
    }

    #[test]
    fn no_window_may_end_ringcard_or_listen_like_the_command_line() {
        for (window, allowed) in every_window() {
            assert!(!allowed(&Request::Quit), "{window} may not end the program");
            assert!(!allowed(&Request::Watch), "{window} hears events anyway");
        }
    }

    #[test]
    fn only_the_configuration_touches_settings_and_secrets() {
        let set = Request::SetSecret {
            name: "line.desk.secret".into(),
            value: String::new(),
        };
        for (window, allowed) in every_window() {
            let own = window == "main";
            assert_eq!(
                allowed(&set),
                own,
                "secrets are set by the configuration, not {window}"
            );
            assert_eq!(
                allowed(&Request::Settings),
                own,
                "settings are no business of {window}"
            );
        }
    }

    #[test]
    fn the_configuration_touches_no_call() {
        assert!(
            !of_main(&Request::Answer { call: None }),
            "calls are taken from the card and the phone window"
        );
    }
}

//! Requests about settings, secrets, checks and the log.

use ringcard_core::Sensitive;
use ringcard_ipc::settings::HelpPage;
use ringcard_ipc::{ErrorCode, Failure, Reply, Request, SavedSettings};

use super::{Waiting, answer, fail, not_found};
use crate::desk::Desk;
use crate::{lines, settings};

impl Desk {
    pub(super) async fn ask_setup(&mut self, request: Request, reply: Waiting) {
        match request {
            Request::Settings => {
                answer(reply, Reply::Settings(Box::new(self.settings_view())));
            }
            Request::SaveSettings { settings } => match self.save(*settings).await {
                Ok(()) => {
                    let advice = settings::advice(&self.settings);
                    answer(reply, Reply::Saved(SavedSettings { advice }));
                }
                Err(failure) => fail(reply, failure),
            },
            Request::SetSecret { name, value } => self.set_secret(&name, value, reply).await,
            Request::CheckLine {
                settings,
                line,
                secret,
            } => {
                let Some(line) = settings.lines.iter().find(|one| one.id == line) else {
                    return fail(reply, not_found("line"));
                };
                let mut built_from = self.built_from(line);
                built_from.dialing = settings.dialing.clone();
                if let Some(typed) = secret {
                    built_from.secret = typed;
                }
                // A check takes seconds; the loop goes on meanwhile.
                tokio::spawn(async move {
                    answer(reply, Reply::Checks(lines::check(&built_from).await));
                });
            }
            Request::OpenHelpPage { page } => self.open_help_page(page, reply),
            Request::Log { find } => answer(reply, Reply::Log(self.rooms.logs.view(&find))),
            Request::LogDetails { on } => {
                self.rooms.logs.set_details(on);
                let status = Box::new(self.status());
                self.tell(ringcard_ipc::AppEvent::Status(status));
                answer(reply, Reply::Done);
            }
            _ => fail(
                reply,
                Failure::new(ErrorCode::BadRequest, "This cannot be asked."),
            ),
        }
    }

    /// The address comes from the administrator's file, which was checked when it was read.
    fn open_help_page(&self, page: HelpPage, reply: Waiting) {
        let policy = &self.policy.policy;
        let url = match page {
            HelpPage::Support => &policy.support_url,
            HelpPage::Status => &policy.status_url,
        };
        if url.is_empty() {
            return fail(reply, not_found("page"));
        }
        (self.rooms.open_url)(url);
        answer(reply, Reply::Done);
    }

    async fn set_secret(&mut self, name: &str, value: String, reply: Waiting) {
        if !is_secret_name(name) {
            return fail(reply, not_found("secret"));
        }
        let secrets = self.rooms.secrets.clone();
        let outcome = match value.is_empty() {
            true => secrets.delete(name),
            false => secrets.set(name, &Sensitive::new(value)),
        };
        match outcome {
            Ok(()) => {
                self.apply_settings().await;
                answer(reply, Reply::Done);
            }
            Err(failure) => fail(reply, failure),
        }
    }
}

/// Only secrets that settings have a place for: `line.<id>.secret` and
/// `integration.<id>.client_secret`. A form keeps the secret before it saves a new line, so that
/// no line signs in without one. Tokens come from a sign-in, the database's key from us.
fn is_secret_name(name: &str) -> bool {
    let mut parts = name.split('.');
    let (kind, id, what) = (parts.next(), parts.next().unwrap_or_default(), parts.next());
    let sound = (1..=32).contains(&id.len())
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let known = matches!(
        (kind, what),
        (Some("line"), Some("secret")) | (Some("integration"), Some("client_secret"))
    );
    sound && known && parts.next().is_none()
}

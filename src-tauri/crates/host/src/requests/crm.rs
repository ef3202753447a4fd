//! Requests about integrations: refresh, sign-in, removal.

use ringcard_app::{Event, SyncEvent, SyncStage, UiCommand};
use ringcard_core::{IntegrationId, Sensitive, StatusReason};
use ringcard_ipc::settings::IntegrationSettings;
use ringcard_ipc::{ErrorCode, Failure, Reply, Request};
use tokio::sync::oneshot;
use tracing::warn;

use super::calls::new_command;
use super::{Waiting, answer, fail, not_found};
use crate::desk::Desk;
use crate::integrations::{SignInWay, SigningIn, sign_in};
use crate::run::Inbox;

impl Desk {
    pub(super) async fn ask_crm(&mut self, request: Request, reply: Waiting) {
        match request {
            Request::Sync { integration, full } => self.sync(integration, full, reply).await,
            Request::SignIn { integration } => self.sign_in(&integration, reply).await,
            Request::SignInWithCode { integration, code } => {
                self.sign_in_with_code(&integration, code, reply).await;
            }
            Request::CancelSignIn { integration } => {
                let id = IntegrationId::new(integration);
                if let Some(task) = self.sign_ins.remove(&id) {
                    task.abort();
                    self.step(Event::Sync(id, Box::new(SyncEvent::SignInCancelled)))
                        .await;
                }
                answer(reply, Reply::Done);
            }
            Request::RemoveIntegration { integration } => {
                let mut settings = self.settings.clone();
                settings.integrations.retain(|one| one.id != integration);
                match self.save(settings).await {
                    Ok(()) => answer(reply, Reply::Done),
                    Err(failure) => fail(reply, failure),
                }
            }
            _ => fail(
                reply,
                Failure::new(ErrorCode::BadRequest, "This cannot be asked."),
            ),
        }
    }

    async fn sync(&mut self, integration: Option<String>, full: bool, reply: Waiting) {
        let ids: Vec<IntegrationId> = match &integration {
            Some(id) => vec![IntegrationId::new(id)],
            None => self
                .state
                .integrations()
                .map(|(id, _)| id.clone())
                .collect(),
        };
        if ids.is_empty() || ids.iter().any(|id| self.state.integration(id).is_none()) {
            return fail(reply, not_found("integration"));
        }
        let mut asked = ids.iter().filter_map(|id| self.state.integration(id));
        if let Some(one) = asked.find(|one| one.stage == SyncStage::NotSignedIn) {
            let reason = one.reason().unwrap_or(StatusReason::InactiveToken);
            let why = "Nobody is signed in to this integration. Sign in under Configuration, Integration.";
            return fail(reply, Failure::new(ErrorCode::Integration(reason), why));
        }
        for id in ids {
            self.step(Event::Ui(new_command(), UiCommand::Sync(id, full)))
                .await;
        }
        answer(reply, Reply::Done);
    }

    fn integration_settings(&self, id: &str) -> Option<IntegrationSettings> {
        self.settings
            .integrations
            .iter()
            .find(|one| one.id == id)
            .cloned()
    }

    async fn sign_in(&mut self, id: &str, reply: Waiting) {
        let Some(settings) = self.integration_settings(id) else {
            return fail(reply, not_found("integration"));
        };
        let (page_sender, page) = oneshot::channel();
        self.start_sign_in(settings, SignInWay::Browser(page_sender))
            .await;
        match page.await {
            Ok(url) => {
                // The accounts server's address comes from the closed list of data centres.
                if let Err(failure) = self.open(&url) {
                    return fail(reply, failure);
                }
                answer(reply, Reply::SigningIn { url });
            }
            Err(_) => fail(
                reply,
                Failure::new(
                    ErrorCode::Internal,
                    "The sign-in could not begin. See the log.",
                ),
            ),
        }
    }

    async fn sign_in_with_code(&mut self, id: &str, code: String, reply: Waiting) {
        let Some(settings) = self.integration_settings(id) else {
            return fail(reply, not_found("integration"));
        };
        // Codes are pasted with blanks around and within.
        let code: String = code.split_whitespace().collect();
        self.start_sign_in(settings, SignInWay::Code(Sensitive::new(code)))
            .await;
        answer(reply, Reply::Done);
    }

    async fn start_sign_in(&mut self, settings: IntegrationSettings, way: SignInWay) {
        let id = IntegrationId::new(&settings.id);
        if let Some(former) = self.sign_ins.remove(&id) {
            former.abort();
        }
        let mirror = self.rooms.databases.mirror(&id, self.numbers.region());
        let signing = SigningIn {
            settings,
            secrets: self.rooms.secrets.clone(),
            organisation: mirror.and_then(|mirror| mirror.account().ok().flatten()),
            journal: self.rooms.databases.journal.clone(),
        };
        let inbox = self.rooms.inbox.clone();
        let task_id = id.clone();
        let task = tokio::spawn(async move {
            let message = match sign_in(signing, way).await {
                Ok(()) => Inbox::SignedIn(task_id),
                Err(error) => {
                    warn!(
                        integration = %task_id,
                        kind = ?error.kind,
                        code = error.code.as_deref().unwrap_or("none"),
                        status = ?error.status,
                        "a sign-in was refused"
                    );
                    let failed = Box::new(SyncEvent::SignInFailed(error));
                    Inbox::Event(Event::Sync(task_id, failed))
                }
            };
            let _ = inbox.send(message).await;
        });
        self.sign_ins.insert(id.clone(), task.abort_handle());
        self.step(Event::Sync(id, Box::new(SyncEvent::SigningIn)))
            .await;
    }
}

//! What windows and the command line ask, answered with the same guards for both.

mod calls;
mod crm;
mod lookups;
mod setup;

pub use lookups::look_up;

use ringcard_ipc::{ErrorCode, Failure, Reply, Request};
use tokio::sync::oneshot;

use crate::desk::Desk;
use crate::views;

type Waiting = oneshot::Sender<Reply>;

impl Desk {
    /// Answers a request, at once or when its task has ended.
    pub async fn ask(&mut self, request: Request, reply: Waiting) {
        match request {
            Request::Status => answer(reply, Reply::Status(Box::new(self.status()))),
            Request::Calls => answer(reply, Reply::Calls(views::running(&self.card_context()))),
            Request::Preview => {
                let view = views::preview(&self.card_context(), self.revision());
                answer(reply, Reply::Preview(Box::new(view)));
            }
            Request::Phone => {
                let view = views::phone(&self.card_context(), self.revision());
                answer(reply, Reply::Phone(Box::new(view)));
            }
            Request::ShowWindow => {
                self.tell(ringcard_ipc::AppEvent::ShowWindow);
                answer(reply, Reply::Done);
            }
            Request::Lookup { number } => self.lookup(number, reply),
            Request::Targets { typed, .. } => self.targets(typed, reply),
            Request::OpenRecord { record, call } => self.open_record(&record, call, reply).await,
            Request::OpenCreate { call } => self.open_create(&call, reply),
            Request::Settings
            | Request::SaveSettings { .. }
            | Request::SetSecret { .. }
            | Request::CheckLine { .. }
            | Request::OpenHelpPage { .. }
            | Request::Log { .. }
            | Request::LogDetails { .. } => self.ask_setup(request, reply).await,
            Request::SignIn { .. }
            | Request::SignInWithCode { .. }
            | Request::CancelSignIn { .. }
            | Request::RemoveIntegration { .. }
            | Request::Sync { .. } => self.ask_crm(request, reply).await,
            // Whoever serves the request turns it into a subscription; quitting is the loop's.
            Request::Watch | Request::Quit => answer(reply, Reply::Done),
            call_request => self.ask_call(call_request, reply).await,
        }
    }
}

fn answer(reply: Waiting, body: Reply) {
    // Nobody waits any more: the window was closed. The request was carried out all the same.
    let _ = reply.send(body);
}

fn fail(reply: Waiting, failure: impl Into<Failure>) {
    answer(reply, Reply::Failed(failure.into()));
}

fn not_found(what: &str) -> Failure {
    Failure::new(
        ErrorCode::NotFound,
        format!("There is no {what} with this id."),
    )
}

//! Asterisk by its manager interface (AMI).

mod check;
mod client;
mod commands;
mod config;
mod conversation;
mod model;
mod session;
mod setup;
mod tls;
mod wire;

use std::future::Future;
use std::pin::Pin;

use ringcard_core::{Call, CallId, Check, LineId};
use uuid::Uuid;

pub use config::{AnswerMethod, Config, ConsultMethod, Contexts, Limits, Tls};
pub use conversation::Conversation;
pub use model::Ids;
pub use setup::{Flavour, asterisk_config};

use crate::layers::Clock;
use crate::{LineIo, SessionEnd, TelephonyProvider};

/// A line at an Asterisk. It keeps the calls between two sessions.
pub struct Asterisk {
    config: Config,
    talk: Conversation,
    clock: Clock,
}

impl Asterisk {
    /// A line that is not connected yet.
    pub fn new(config: Config, line: LineId) -> Self {
        let ids: Ids = Box::new(|| CallId::new(Uuid::now_v7()));
        Self {
            talk: Conversation::new(config.clone(), line, ids),
            config,
            clock: Clock::start(),
        }
    }
}

impl TelephonyProvider for Asterisk {
    fn session<'a>(
        &'a mut self,
        io: &'a mut LineIo,
    ) -> Pin<Box<dyn Future<Output = SessionEnd> + Send + 'a>> {
        Box::pin(session::run(&self.config, &mut self.talk, &self.clock, io))
    }

    fn check<'a>(&'a self) -> Pin<Box<dyn Future<Output = Vec<Check>> + Send + 'a>> {
        Box::pin(check::run(&self.config))
    }

    fn adopt(&mut self, calls: Vec<Call>) {
        self.talk.adopt(calls);
    }

    fn call(&self, id: CallId) -> Option<&Call> {
        self.talk.call(id)
    }
}

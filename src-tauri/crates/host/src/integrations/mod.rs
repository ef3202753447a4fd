//! Integrations by name: from settings and tokens to a source, its refreshes and its sign-in.

mod refresh;
mod sign_in;
mod zoho;

pub use refresh::{Refresh, refresh};
pub use sign_in::{SignInWay, SigningIn, sign_in};
pub use zoho::source;

use std::sync::{Arc, Mutex};

use ringcard_crm::{Account, CrmSource, Module};

/// A CRM that is signed in to, with what it told of itself.
pub struct Connected {
    /// The source.
    pub source: Box<dyn CrmSource>,
    /// The organisation and its modules, once a refresh has read them.
    pub known: Mutex<Option<(Account, Vec<Module>)>>,
}

impl Connected {
    /// A source; what the former one of this integration knew is still true.
    pub fn new(source: Box<dyn CrmSource>, former: Option<&Self>) -> Arc<Self> {
        let known = former.and_then(|former| former.known.lock().ok()?.clone());
        Arc::new(Self {
            source,
            known: Mutex::new(known),
        })
    }

    /// The address of a record, once the organisation is known.
    pub fn record_url(&self, module: &str, id: &str) -> Option<String> {
        let known = self.known.lock().ok()?;
        let (account, modules) = known.as_ref()?;
        let module = modules.iter().find(|one| one.name == module)?;
        Some(self.source.record_url(account, module, id))
    }

    /// The CRM's page for a new contact, once the organisation is known.
    pub fn create_url(&self) -> Option<String> {
        let known = self.known.lock().ok()?;
        let (account, modules) = known.as_ref()?;
        let people = ["Leads", "Contacts"];
        let module = people
            .iter()
            .find_map(|name| modules.iter().find(|one| one.name == *name))?;
        Some(self.source.record_url(account, module, "create"))
    }

    /// The organisation's credits of a day, where its plan tells them.
    pub fn daily_credits(&self) -> Option<u32> {
        self.known.lock().ok()?.as_ref()?.0.daily_credits
    }

    /// The names of the modules that the CRM offers.
    pub fn modules(&self) -> Vec<String> {
        let known = self.known.lock();
        let names = |(_, modules): &(Account, Vec<Module>)| {
            modules.iter().map(|module| module.name.clone()).collect()
        };
        known
            .ok()
            .and_then(|known| known.as_ref().map(names))
            .unwrap_or_default()
    }
}

//! Integrations by name: from settings and tokens to a source, its refreshes and its sign-in.

mod refresh;
mod sign_in;
mod zoho;

pub use refresh::{Refresh, refresh};
pub use sign_in::{SignInWay, SigningIn, sign_in};
pub use zoho::source;

use std::sync::{Arc, Mutex};

use ringcard_crm::{Account, CrmSource};
use ringcard_mirror::Mirror;
use ringcard_sync::About;

/// A CRM that is signed in to, with what it told of itself.
pub struct Connected {
    /// The source.
    pub source: Box<dyn CrmSource>,
    /// Nothing until a first refresh has asked. Shared with the source that takes the place of this one, because a
    /// refresh that is under way tells it here.
    known: Arc<Mutex<Option<About>>>,
}

impl Connected {
    /// A source. What the former one of this integration knew is still true; without a former one, what the mirror
    /// kept.
    pub fn new(
        source: Box<dyn CrmSource>,
        former: Option<&Self>,
        mirror: Option<&Mirror>,
    ) -> Arc<Self> {
        let kept = || Arc::new(Mutex::new(mirror.and_then(About::kept)));
        let known = former.map_or_else(kept, |former| former.known.clone());
        Arc::new(Self { source, known })
    }

    /// Takes what the CRM told of itself just now.
    pub fn remember(&self, about: About) {
        if let Ok(mut known) = self.known.lock() {
            *known = Some(about);
        }
    }

    /// The address of a record, once the organisation is known.
    pub fn record_url(&self, module: &str, id: &str) -> Option<String> {
        let known = self.known.lock().ok()?;
        let About { account, modules } = known.as_ref()?;
        let module = modules.iter().find(|one| one.name == module)?;
        Some(self.source.record_url(account, module, id))
    }

    /// The CRM's page for a new contact, once the organisation is known.
    pub fn create_url(&self) -> Option<String> {
        let known = self.known.lock().ok()?;
        let About { account, modules } = known.as_ref()?;
        let people = ["Leads", "Contacts"];
        let module = people
            .iter()
            .find_map(|name| modules.iter().find(|one| one.name == *name))?;
        Some(self.source.record_url(account, module, "create"))
    }

    /// The organisation and the user as they were told last, also before a restart.
    pub fn account(&self) -> Option<Account> {
        let known = self.known.lock().ok()?;
        Some(known.as_ref()?.account.clone())
    }

    /// The organisation's credits of a day, where its plan tells them.
    pub fn daily_credits(&self) -> Option<u32> {
        let known = self.known.lock().ok()?;
        known.as_ref()?.account.daily_credits
    }

    /// The names of the modules that the CRM offers.
    pub fn modules(&self) -> Vec<String> {
        let known = self.known.lock();
        let names = |about: &About| {
            let offered = about.modules.iter();
            offered.map(|module| module.name.clone()).collect()
        };
        known
            .ok()
            .and_then(|known| known.as_ref().map(names))
            .unwrap_or_default()
    }
}

//! Numbers and names asked of the mirrors, off the loop.

use std::sync::Arc;
use std::time::Instant;

use ringcard_app::{Event, LastContact, LookedUp, LookupRequest};
use ringcard_core::{Basis, CallState, Contact, CrmRecord, IntegrationId, Matches, PhoneNumber};
use ringcard_ipc::{ErrorCode, Failure, Reply};
use ringcard_mirror::{Error as MirrorError, LookupContext, Mirror};
use tracing::{debug, warn};

use super::{Waiting, answer, fail};
use crate::databases::SharedJournal;
use crate::desk::Desk;
use crate::run::Inbox;
use crate::views;

/// Contacts that the picker asks for.
const CONTACTS: usize = 8;

/// Who has the number of a call? The answer comes back as an event.
pub fn look_up(desk: &mut Desk, request: LookupRequest) {
    let number = desk.numbers.incoming(&request.number);
    let readable = number.as_ref().map(|number| desk.numbers.readable(number));
    let mirror = desk
        .rooms
        .databases
        .mirror(&request.integration, desk.numbers.region());
    let journal = desk.rooms.databases.journal.clone();
    let inbox = desk.rooms.inbox.clone();
    let mark = desk.mark();
    tokio::task::spawn_blocking(move || {
        mark.wait();
        let (matches, last_contact) = match (&number, &mirror) {
            (Some(number), Some(mirror)) => {
                let (chosen, last_contact) = remembered(&journal, number);
                // A caller is shown with what there is.
                let matches = found(mirror, number, chosen.as_ref()).unwrap_or_default();
                (matches, last_contact)
            }
            _ => (Matches::default(), None),
        };
        let answer = LookedUp {
            call: request.call,
            revision: request.revision,
            integration: request.integration,
            matches,
            last_contact,
            readable,
        };
        let event = Event::LookedUp(Box::new(answer));
        let _ = inbox.blocking_send(Inbox::Event(event));
    });
}

fn remembered(
    journal: &SharedJournal,
    number: &PhoneNumber,
) -> (Option<CrmRecord>, Option<LastContact>) {
    let journal = journal.hold();
    let chosen = journal.chosen(number).unwrap_or_default();
    let last = journal
        .last_with(number)
        .unwrap_or_default()
        .map(|entry| LastContact {
            at: entry.started_at,
            direction: entry.direction,
            reason: entry.reason,
        });
    (chosen, last)
}

fn found(
    mirror: &Mirror,
    number: &PhoneNumber,
    chosen: Option<&CrmRecord>,
) -> Result<Matches, MirrorError> {
    let context = LookupContext {
        chosen_before: chosen,
        blocks: &[],
    };
    let matches = mirror
        .lookup(number, &context)
        .inspect_err(|error| warn!(kind = ?error.kind, "a mirror could not be asked"))?;
    debug!(
        found = matches.found.len(),
        among = matches.among,
        "a number was looked up"
    );
    Ok(matches)
}

/// "Nobody has this number" would be said of copies that nobody could read.
fn not_readable(integrations: &[String]) -> Failure {
    let names = integrations.join(", ");
    let advice = "Check the disk; the log says more.";
    let message = format!("The local copy of the CRM cannot be read: {names}. {advice}");
    Failure::new(ErrorCode::Internal, message)
}

impl Desk {
    /// The mirrors that can be opened.
    pub(crate) fn mirrors(&self) -> Vec<Arc<Mirror>> {
        let all = self.every_mirror().into_iter();
        all.filter_map(|(_, mirror)| mirror).collect()
    }

    /// Every integration, with its mirror where that can be opened.
    fn every_mirror(&self) -> Vec<(IntegrationId, Option<Arc<Mirror>>)> {
        let region = self.numbers.region();
        let integrations = self.settings.integrations.iter();
        integrations
            .map(|one| {
                let id = IntegrationId::new(&one.id);
                let mirror = self.rooms.databases.mirror(&id, region);
                (id, mirror)
            })
            .collect()
    }

    /// The test box and `ringcard lookup`: the same way as for a real call, but whoever asks for it is
    /// told where nothing was found and a mirror cannot be read.
    pub(super) fn lookup(&mut self, typed: String, reply: Waiting) {
        let number = match self.numbers.typed(&typed) {
            Ok(number) => number,
            Err(error) => return fail(reply, error),
        };
        let began = Instant::now();
        let answers = match self.found_everywhere(&number) {
            Ok(answers) => answers,
            Err(failure) => return fail(reply, failure),
        };
        let took_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let readable = self.numbers.readable(&number);
        let view = views::lookup(readable, &answers, took_us, &self.card_context());
        answer(reply, Reply::Lookup(Box::new(view)));
    }

    fn found_everywhere(
        &self,
        number: &PhoneNumber,
    ) -> Result<Vec<(IntegrationId, Matches)>, Failure> {
        let (chosen, _) = remembered(&self.rooms.databases.journal, number);
        let ask = |mirror: Arc<Mirror>| {
            tokio::task::block_in_place(|| found(&mirror, number, chosen.as_ref())).ok()
        };
        let mut answers = Vec::new();
        let mut unread = Vec::new();
        for (id, mirror) in self.every_mirror() {
            match mirror.and_then(ask) {
                Some(matches) => answers.push((id, matches)),
                None => unread.push(self.integration_name(&id)),
            }
        }
        let nobody = answers.iter().all(|(_, matches)| matches.found.is_empty());
        match nobody && !unread.is_empty() {
            true => Err(not_readable(&unread)),
            false => Ok(answers),
        }
    }

    /// What the agent calls an integration; its id where it has no name.
    fn integration_name(&self, id: &IntegrationId) -> String {
        let mut integrations = self.settings.integrations.iter();
        let one = integrations.find(|one| one.id == id.as_str());
        let name = one.map_or("", |one| one.name.trim());
        match name.is_empty() {
            true => id.to_string(),
            false => name.to_owned(),
        }
    }

    /// Has somebody with this very number said that he wants no calls? Where several have it,
    /// nobody knows who will answer.
    pub(super) fn wants_no_calls(&self, number: &PhoneNumber) -> bool {
        self.mirrors().into_iter().any(|mirror| {
            let asked = tokio::task::block_in_place(|| found(&mirror, number, None));
            let matches = asked.unwrap_or_default();
            let exact = |one: &&ringcard_core::Match| one.basis == Basis::Exact;
            let mut people = matches.found.iter().filter(exact);
            people.any(|one| one.contact.opt_out.call)
        })
    }

    /// The target picker. Searching a large mirror must not hold up the loop for long: one search
    /// with few results.
    pub(super) fn targets(&mut self, typed: String, reply: Waiting) {
        let mut contacts: Vec<Contact> = Vec::new();
        for mirror in self.mirrors() {
            let search = || mirror.search(&typed, CONTACTS);
            match tokio::task::block_in_place(search) {
                Ok(found) => contacts.extend(found),
                Err(error) => warn!(kind = ?error.kind, "a mirror could not be searched"),
            }
        }
        let view = views::targets(&typed, &contacts, &self.card_context());
        answer(reply, Reply::Targets(view));
    }

    /// Opens a record, and remembers the choice where several could be meant.
    pub(super) async fn open_record(
        &mut self,
        record: &ringcard_ipc::RecordRef,
        call: Option<String>,
        reply: Waiting,
    ) {
        let id = IntegrationId::new(&record.integration);
        let connected = self.integrations.get(&id);
        let Some(url) = connected.and_then(|one| one.record_url(&record.module, &record.id)) else {
            return fail(reply, super::not_found("record"));
        };
        if let Err(failure) = self.open(&url) {
            return fail(reply, failure);
        }
        if let Some(call) = call.as_deref().and_then(ringcard_core::CallId::parse) {
            let record = CrmRecord {
                integration: id,
                module: record.module.clone(),
                id: record.id.clone(),
            };
            let chose = ringcard_app::UiCommand::Chose(call, record);
            self.step(Event::Ui(super::calls::new_command(), chose))
                .await;
        }
        answer(reply, Reply::Done);
    }

    /// The CRM's own page for a new contact.
    pub(super) fn open_create(&mut self, call: &str, reply: Waiting) {
        let running = ringcard_core::CallId::parse(call).and_then(|id| self.state.call(id));
        let ended = running.is_none_or(|tracked| {
            matches!(tracked.call.state, CallState::Ended { .. }) && !self.state.preview_visible()
        });
        if ended {
            return fail(reply, super::not_found("call"));
        }
        let page = self.integrations.values().find_map(|one| one.create_url());
        match page.map(|url| self.open(&url)) {
            Some(Ok(())) => answer(reply, Reply::Done),
            Some(Err(failure)) => fail(reply, failure),
            None => fail(reply, super::not_found("CRM")),
        }
    }

    /// Opens an address, only of a CRM, and only over a link that nobody else can read.
    pub(super) fn open(&self, address: &str) -> Result<(), Failure> {
        let refused = || {
            let message = "This address is not one of the CRM's and was not opened.";
            Failure::new(ringcard_ipc::ErrorCode::AddressRefused, message)
        };
        let url = url::Url::parse(address).map_err(|_| refused())?;
        let is_local = match url.host() {
            Some(url::Host::Ipv4(host)) => host.is_loopback(),
            Some(url::Host::Ipv6(host)) => host.is_loopback(),
            _ => false,
        };
        let host = url.host_str().unwrap_or_default();
        let is_crm = CRM_HOSTS.iter().any(|known| {
            host == *known
                || host
                    .strip_suffix(known)
                    .is_some_and(|rest| rest.ends_with('.'))
        });
        if (url.scheme() == "https" && is_crm) || (url.scheme() == "http" && is_local) {
            (self.rooms.open_url)(url.as_str());
            return Ok(());
        }
        Err(refused())
    }
}

/// Whose pages may be opened.
const CRM_HOSTS: [&str; 10] = [
    "zoho.com",
    "zoho.eu",
    "zoho.in",
    "zoho.com.au",
    "zoho.jp",
    "zohocloud.ca",
    "zoho.sa",
    "zoho.uk",
    "zoho.com.cn",
    "zoho.sg",
];

//! A mirror in a folder of its own, and contacts with verbs. All data is invented.

use ringcard_core::number::{DialRules, PhoneNumber, Region, parse_incoming};
use ringcard_core::{
    Contact, ContactNumber, CrmRecord, IntegrationId, Matches, NumberKind, OptOut, Timestamp,
};
use ringcard_mirror::{LookupContext, Mirror, Opened, Place};
use tempfile::TempDir;

pub struct Desk {
    folder: TempDir,
    pub place: Place,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place {
            path: folder.path().join("mirror.db"),
            key: [7; 32].into(),
            integration: IntegrationId::new("crm"),
            region: Region::DE,
        };
        Self { folder, place }
    }

    pub fn open(&self) -> Mirror {
        self.open_saying().0
    }

    pub fn open_saying(&self) -> (Mirror, Opened) {
        Mirror::open(&self.place).expect("opens")
    }

    /// The files as a killed process leaves them: nothing closed, nothing tidied, no locks. The
    /// mirror goes on to exist, but nobody looks at it any more.
    pub fn after_a_kill(&self, _running: &Mirror) -> Self {
        let after = Self::new();
        for name in self.files().iter().filter(|name| !name.ends_with("-shm")) {
            let to = after.place.path.with_file_name(name);
            std::fs::copy(self.place.path.with_file_name(name), to).expect("copies");
        }
        after
    }

    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("the folder");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }
}

pub fn record(module: &str, id: &str) -> CrmRecord {
    CrmRecord {
        integration: IntegrationId::new("crm"),
        module: module.to_owned(),
        id: id.to_owned(),
    }
}

pub fn contact(id: &str, name: &str) -> Contact {
    Contact {
        record: record("Contacts", id),
        name: name.to_owned(),
        company: None,
        account: None,
        converted_to: None,
        numbers: Vec::new(),
        email: None,
        city: None,
        country: None,
        owner: None,
        opt_out: OptOut::default(),
        note: None,
        modified_at: Some(Timestamp(1)),
    }
}

/// Small changes to a contact, each for one test.
pub trait With {
    fn with_number(self, raw: &str) -> Self;
    fn at(self, account: &str, company: &str) -> Self;
    fn in_country(self, country: &str) -> Self;
    fn of_module(self, module: &str) -> Self;
}

impl With for Contact {
    fn with_number(mut self, raw: &str) -> Self {
        self.numbers.push(ContactNumber {
            kind: NumberKind::Phone,
            field: "Phone".to_owned(),
            raw: raw.to_owned(),
        });
        self
    }

    fn at(mut self, account: &str, company: &str) -> Self {
        self.account = Some(record("Accounts", account));
        self.company = Some(company.to_owned());
        self
    }

    fn in_country(mut self, country: &str) -> Self {
        self.country = Some(country.to_owned());
        self
    }

    fn of_module(mut self, module: &str) -> Self {
        self.record.module = module.to_owned();
        self
    }
}

pub fn number(text: &str) -> PhoneNumber {
    parse_incoming(text, &DialRules::of(Region::DE)).expect("a number")
}

pub trait Verbs {
    fn filled_with(self, module: &str, contacts: &[Contact]) -> Self;
    fn look_up(&self, text: &str) -> Matches;
    fn names_for(&self, text: &str) -> Vec<String>;
}

impl Verbs for Mirror {
    fn filled_with(self, module: &str, contacts: &[Contact]) -> Self {
        self.begin_generation(module).expect("begins");
        self.upsert_page(module, contacts, None).expect("stores");
        self.finish_generation(module, "cursor", Timestamp(1000))
            .expect("finishes");
        self
    }

    fn look_up(&self, text: &str) -> Matches {
        self.lookup(&number(text), &LookupContext::default())
            .expect("looks up")
    }

    fn names_for(&self, text: &str) -> Vec<String> {
        self.look_up(text)
            .found
            .into_iter()
            .map(|found| found.contact.name)
            .collect()
    }
}

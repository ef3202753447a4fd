//! The invented organisation: its people, its records, and what was deleted from it.
//!
//! Knows nothing of HTTP. What a request may see is the business of the calls.

mod demo;
mod names;
mod numbers;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::clock;
use super::modules::Module;

/// The fields of a record that have a value.
pub(super) type Fields = BTreeMap<Cow<'static, str>, Value>;

/// A Zoho user who is also an agent with an extension.
#[derive(Debug, Clone)]
pub struct Agent {
    /// The extension of his telephone, `101` to `105`.
    pub extension: &'static str,
    /// The Zoho user id.
    pub id: u64,
    /// First name.
    pub first_name: &'static str,
    /// Last name.
    pub last_name: &'static str,
    /// The e-mail address he signs in with.
    pub email: &'static str,
}

impl Agent {
    /// First and last name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// The five agents of the demo, by extension.
pub const AGENTS: [Agent; 5] = [
    agent(
        "101",
        5725767000000225013,
        ("Anna", "Kowalska"),
        "anna.kowalska@example.com",
    ),
    agent(
        "102",
        5725767000000225027,
        ("Jens", "Bergmann"),
        "jens.bergmann@example.com",
    ),
    agent(
        "103",
        5725767000000225031,
        ("Olga", "Sokolova"),
        "olga.sokolova@example.com",
    ),
    agent(
        "104",
        5725767000000225049,
        ("Peter", "Hughes"),
        "peter.hughes@example.com",
    ),
    agent(
        "105",
        5725767000000225052,
        ("Miriam", "Falk"),
        "miriam.falk@example.com",
    ),
];

/// One record of a module.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub id: u64,
    pub created: i64,
    pub modified: i64,
    /// Which of `AGENTS` owns it.
    pub owner: usize,
    /// A converted lead leaves the default list of leads.
    pub converted: bool,
    /// Invisible to the signed-in user: as if it were not there, and never in the deleted list.
    pub hidden: bool,
    /// Not yet seen by the search.
    pub unindexed: bool,
    pub fields: Fields,
}

/// One row of the deleted list.
#[derive(Debug, Clone)]
pub(super) struct Gone {
    pub id: u64,
    pub name: Option<String>,
    pub permanent: bool,
    pub at: i64,
    pub owner: usize,
}

/// The invented organisation, before or while the sandbox serves it.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub(super) records: BTreeMap<&'static str, BTreeMap<u64, Record>>,
    pub(super) deleted: BTreeMap<&'static str, Vec<Gone>>,
    next_number: u64,
}

impl World {
    /// An organisation without a single record.
    pub fn empty() -> Self {
        Self::default()
    }

    /// How many records a module has, converted and hidden ones among them.
    pub fn count(&self, module: &str) -> usize {
        self.records.get(module).map_or(0, BTreeMap::len)
    }

    pub(super) fn records(&self, module: &Module) -> impl DoubleEndedIterator<Item = &Record> {
        self.records
            .get(module.api_name)
            .into_iter()
            .flat_map(BTreeMap::values)
    }

    /// Adds a record and gives it the next id of its module.
    pub(super) fn add(&mut self, module: &'static Module, mut record: Record) -> u64 {
        self.next_number += 1;
        record.id = first_id(module.api_name) + self.next_number * 7;
        complete(module, &mut record.fields);
        let id = record.id;
        self.records
            .entry(module.api_name)
            .or_default()
            .insert(id, record);
        id
    }

    /// The module and the record of an id.
    pub(super) fn find(&mut self, id: u64) -> Option<(&'static str, &mut Record)> {
        self.records
            .iter_mut()
            .find_map(|(module, records)| Some((*module, records.get_mut(&id)?)))
    }

    /// Takes a record out and leaves a row in the deleted list.
    pub(super) fn delete(&mut self, id: u64, permanent: bool, now: i64) -> bool {
        let Some((module, _)) = self.find(id) else {
            return self.purge(id, permanent, now);
        };
        let Some(record) = self.records.get_mut(module).and_then(|all| all.remove(&id)) else {
            return false;
        };
        let name = super::modules::find(module)
            .and_then(|module| record.fields.get(module.name_field()))
            .and_then(|name| name.as_str().map(str::to_owned));
        self.deleted.entry(module).or_default().push(Gone {
            id,
            name,
            permanent,
            at: now,
            owner: record.owner,
        });
        true
    }

    /// Makes a row of the recycle bin a permanent one.
    fn purge(&mut self, id: u64, permanent: bool, now: i64) -> bool {
        let row = self.deleted.values_mut().flatten().find(|row| row.id == id);
        match row {
            Some(row) if permanent && !row.permanent => {
                row.permanent = true;
                row.at = now;
                true
            }
            _ => false,
        }
    }

    /// The account of this name, made when there is none.
    pub(super) fn account_named(&mut self, name: &str, now: i64) -> u64 {
        let accounts = super::modules::find("Accounts").expect("the table has Accounts");
        let known = self
            .records(accounts)
            .find(|record| record.text("Account_Name") == Some(name))
            .map(|record| record.id);
        known.unwrap_or_else(|| {
            let mut record = Record::new(0, now);
            record.set("Account_Name", name);
            self.add(accounts, record)
        })
    }
}

impl Record {
    /// An empty record of an owner.
    pub fn new(owner: usize, now: i64) -> Self {
        Self {
            id: 0,
            created: now,
            modified: now,
            owner: owner % AGENTS.len(),
            converted: false,
            hidden: false,
            unindexed: false,
            fields: Fields::new(),
        }
    }

    /// Sets a field.
    pub fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        self.fields.insert(Cow::Borrowed(name), value.into());
    }

    /// A text field.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.as_str()
    }

    /// One field as Zoho shows it. `None` for a field that the module does not have.
    pub fn show(&self, module: &Module, name: &str) -> Option<Value> {
        let field = module.field(name)?;
        let owner = &AGENTS[self.owner];
        Some(match name {
            "Owner" => {
                json!({"name": owner.full_name(), "id": owner.id.to_string(), "email": owner.email})
            }
            "Created_By" | "Modified_By" => {
                json!({"name": owner.full_name(), "id": owner.id.to_string()})
            }
            "Created_Time" => clock::iso(self.created).into(),
            "Modified_Time" => clock::iso(self.modified).into(),
            "Converted__s" => self.converted.into(),
            _ => match self.fields.get(name) {
                Some(value) => value.clone(),
                None if field.data_type == "boolean" => false.into(),
                None => Value::Null,
            },
        })
    }

    /// The record as a row of a list: its id, `$`-keys, and the fields asked for.
    pub fn row(&self, module: &Module, fields: &[&str]) -> Value {
        let mut row = Map::new();
        for name in fields {
            if let Some(value) = self.show(module, name) {
                row.insert((*name).to_owned(), value);
            }
        }
        row.insert("id".to_owned(), self.id.to_string().into());
        if module.api_name == "Leads" {
            row.insert("$converted".to_owned(), self.converted.into());
        }
        Value::Object(row)
    }

    /// The whole record, with the `$`-keys of a single read.
    pub fn whole(&self, module: &Module) -> Value {
        let names: Vec<&str> = module.fields.iter().map(|field| field.api_name).collect();
        let mut row = self.row(module, &names);
        for (key, value) in [
            ("$approved", json!(true)),
            ("$editable", json!(true)),
            ("$in_merge", json!(false)),
            ("$review", Value::Null),
            ("$state", json!("save")),
            ("$zia_visions", Value::Null),
        ] {
            row[key] = value;
        }
        row
    }
}

/// Derives what Zoho derives: the full name from its parts.
pub(super) fn complete(module: &Module, fields: &mut Fields) {
    if module.name_field() != "Full_Name" {
        return;
    }
    let part = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let full = format!("{} {}", part("First_Name"), part("Last_Name"));
    fields.insert(Cow::Borrowed("Full_Name"), full.trim().into());
}

/// Where the ids of a module begin. Some have 18 digits and some 19, as in the real one.
fn first_id(module: &str) -> u64 {
    match module {
        "Accounts" => 572_576_700_001_000_000,
        "Vendors" => 572_576_700_050_000_000,
        "Leads" => 5_725_767_000_300_000_002,
        _ => 5_725_767_000_400_000_003,
    }
}

const fn agent(
    extension: &'static str,
    id: u64,
    (first_name, last_name): (&'static str, &'static str),
    email: &'static str,
) -> Agent {
    Agent {
        extension,
        id,
        first_name,
        last_name,
        email,
    }
}

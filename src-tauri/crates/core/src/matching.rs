//! Which contacts a number may belong to, and what the card may claim about it.

use serde::{Deserialize, Serialize};

use crate::contact::is_company_module;
use crate::{Contact, CrmRecord, NumberKind, OptOut, PhoneNumber, Timestamp};

/// How sure a match is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The whole number stands in the record.
    Exact,
    /// The number begins like the company's switchboard: names the company, not a person.
    Stem,
    /// The number lies in a block that the administrator gave to the company.
    Block,
}

/// Where the match was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// In the local copy.
    Mirror,
    /// Asked of the CRM just now.
    Live,
}

/// One contact that the number may belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// The contact.
    pub contact: Contact,
    /// How sure.
    pub basis: Basis,
    /// Where from.
    pub origin: Origin,
    /// The kind of the number that matched; `None` for a block.
    pub number_kind: Option<NumberKind>,
    /// The agent chose this one for this number before.
    pub chosen_before: bool,
}

/// Everything known about one number, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matches {
    /// Best first; never chosen silently when there are several.
    pub found: Vec<Match>,
    /// When the data last agreed with the CRM.
    pub as_of: Option<Timestamp>,
    /// Records in the mirror, so that "unknown" can say among how many.
    pub among: u64,
    /// The first filling is still under way.
    pub still_filling: bool,
}

/// A record to open for a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenPop {
    /// The record.
    pub record: CrmRecord,
}

impl Matches {
    /// The one match that may be shown as the caller: exact and alone.
    pub fn certain(&self) -> Option<&Match> {
        match self.found.as_slice() {
            [only] if only.basis == Basis::Exact => Some(only),
            _ => None,
        }
    }
}

/// A range of numbers that the administrator gave to a company, for countries where a number does
/// not tell to which switchboard it belongs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberBlock {
    /// How the numbers begin, in E.164: `+4822123` followed by up to four digits.
    pub prefix: PhoneNumber,
    /// The company's name, for when its record is not mirrored.
    pub company: String,
    /// The record to show and to open.
    pub record: CrmRecord,
}

impl NumberBlock {
    /// Does a number lie in this block?
    pub fn holds(&self, number: &PhoneNumber) -> bool {
        const MOST_DIGITS_BEHIND: usize = 4;
        match (&self.prefix, number) {
            (PhoneNumber::Global(prefix), PhoneNumber::Global(number)) => number
                .strip_prefix(prefix.as_str())
                .is_some_and(|behind| behind.len() <= MOST_DIGITS_BEHIND),
            _ => false,
        }
    }

    /// The company as far as the block knows it.
    pub fn as_contact(&self) -> Contact {
        company_contact(self.record.clone(), self.company.clone())
    }
}

impl std::fmt::Debug for NumberBlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NumberBlock")
            .field("record", &self.record)
            .finish_non_exhaustive()
    }
}

/// Puts matches in the order of the card: one for each record, accounts folded into their own
/// contacts, the agent's earlier choice first, then the surest, then the last changed.
pub fn settle(found: Vec<Match>, chosen_before: Option<&CrmRecord>) -> Vec<Match> {
    let mut settled: Vec<Match> = Vec::with_capacity(found.len());
    for mut candidate in found {
        candidate.chosen_before = chosen_before == Some(&candidate.contact.record);
        let known = settled
            .iter_mut()
            .find(|known| known.contact.record == candidate.contact.record);
        match known {
            Some(known) => known.basis = known.basis.min(candidate.basis),
            None => settled.push(candidate),
        }
    }
    let accounts: Vec<CrmRecord> = settled
        .iter()
        .filter_map(|found| found.contact.account.clone())
        .collect();
    settled.retain(|found| !accounts.contains(&found.contact.record));
    settled.sort_by(|one, other| {
        (other.chosen_before.cmp(&one.chosen_before))
            .then(one.basis.cmp(&other.basis))
            .then(other.contact.modified_at.cmp(&one.contact.modified_at))
            .then_with(|| one.contact.record.cmp(&other.contact.record))
    });
    settled
}

/// The one company that all these contacts belong to, as a contact that names no person. `None`
/// when they could belong to two: then their common number proves nothing. `None` also for a person
/// without a company, who has no switchboard.
pub fn company_behind(contacts: &[Contact]) -> Option<Contact> {
    let (first, others) = contacts.split_first()?;
    if !others.iter().all(|other| same_company(first, other)) {
        return None;
    }
    // A record of the company itself says more than that of one of its people.
    let own = contacts
        .iter()
        .find(|contact| is_company(contact, contacts));
    if let Some(company) = own {
        return Some(company.clone());
    }
    let (person, company) = contacts
        .iter()
        .find_map(|contact| Some((contact, contact.company.clone()?)))?;
    let account = person.account.clone();
    Some(company_contact(
        account.unwrap_or_else(|| person.record.clone()),
        company,
    ))
}

fn is_company(contact: &Contact, others: &[Contact]) -> bool {
    let companies = others.iter().filter_map(|other| other.company.as_deref());
    contact.account.is_none()
        && contact.company.is_none()
        && names_company(&contact.record.module, &contact.name, companies)
}

/// Does a record without a company of its own stand for one? By its module, or because it is named
/// like one of the `companies` of the others.
pub fn names_company<'a>(
    module: &str,
    name: &str,
    mut companies: impl Iterator<Item = &'a str>,
) -> bool {
    is_company_module(module) || companies.any(|company| same_company_name(company, name))
}

/// Do two names mean one company, as people compare them?
pub fn same_company_name(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

fn same_company(one: &Contact, other: &Contact) -> bool {
    let record = |contact: &Contact| {
        contact
            .account
            .clone()
            .unwrap_or_else(|| contact.record.clone())
    };
    let (name, other_name) = (company_or_name(one), company_or_name(other));
    record(one) == record(other) || same_company_name(name, other_name)
}

fn company_or_name(contact: &Contact) -> &str {
    contact.company.as_deref().unwrap_or(&contact.name)
}

/// A company's name as people compare it.
fn plain(name: &str) -> String {
    name.trim().to_lowercase()
}

fn company_contact(record: CrmRecord, name: String) -> Contact {
    Contact {
        record,
        name,
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
        modified_at: None,
    }
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;

//! The administrator's file: defaults for everybody's settings, and which of them are locked.
//!
//! A broken one never takes effect, nor one that any user may have put there: the last good one, of
//! which this user's folder has a copy, stays in force, and the windows say what is wrong with the
//! new one.

use std::fs;
use std::io::{ErrorKind, Read};

use ringcard_ipc::settings::{
    Dialing, General, Hotkeys, IntegrationSettings, LineSettings, Settings,
};
use ringcard_ipc::{ErrorCode, Failure};
use serde::Deserialize;
use toml::{Table, Value};

use super::{layers, where_it_is_wrong};
use crate::home::{Home, write_whole};

/// What the administrator decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// Defaults and forced values, as the settings file would say them.
    values: Table,
    /// Places that the agent cannot change.
    locked: Vec<String>,
    /// The help desk's page; empty where there is none.
    pub support_url: String,
    /// The page that says whether everything runs; empty where there is none.
    pub status_url: String,
}

/// The policy in force, and what is wrong with the file where it is another one.
#[derive(Clone, Debug, Default)]
pub struct InForce {
    /// In force.
    pub policy: Policy,
    /// Why the newest file is not.
    pub trouble: Option<String>,
}

/// The words of the file: those of the settings and some of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct File {
    locked: Vec<String>,
    support_url: String,
    status_url: String,
    general: General,
    dialing: Dialing,
    hotkeys: Hotkeys,
    lines: Vec<LineSettings>,
    integrations: Vec<IntegrationSettings>,
}

/// Reads the administrator's file. No file is no policy.
pub fn load(home: &Home) -> InForce {
    match read(home) {
        Ok(Some(text)) => match parse(&text) {
            Ok(policy) => {
                if write_whole(&home.last_policy_file(), text.as_bytes()).is_err() {
                    tracing::warn!("the policy could not be remembered");
                }
                InForce {
                    policy,
                    trouble: None,
                }
            }
            Err(failure) => last_good(home, failure.message),
        },
        Ok(None) => {
            let _ = fs::remove_file(home.last_policy_file());
            InForce::default()
        }
        Err(why) => last_good(home, why.into()),
    }
}

const UNREADABLE: &str = "The policy file cannot be read.";

/// Every user may make its folder where no installer did, and would decide for all others.
const PLANTED: &str = "The policy file is not followed: it does not belong to the administrators of this PC alone, so \
                       anybody may have written it.";

/// The text of the file, if there is one, or the sentence of why it does not count.
fn read(home: &Home) -> Result<Option<String>, &'static str> {
    let mut file = match fs::File::open(home.policy_file()) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(_) => return Err(UNREADABLE),
    };
    // The open file is asked: by its name another one could be read than was looked at.
    if home.shares_policy() && !is_of_administrators(&file) {
        return Err(PLANTED);
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(|_| UNREADABLE)?;
    Ok(Some(text))
}

#[cfg(windows)]
fn is_of_administrators(file: &fs::File) -> bool {
    crate::access::is_of_administrators(file).unwrap_or(false)
}

/// Elsewhere its folder is made by administrators, or not at all.
#[cfg(not(windows))]
fn is_of_administrators(_file: &fs::File) -> bool {
    true
}

fn last_good(home: &Home, trouble: String) -> InForce {
    tracing::warn!("the policy file is not followed; the last good one stays in force");
    let kept = fs::read_to_string(home.last_policy_file()).ok();
    InForce {
        policy: kept.and_then(|text| parse(&text).ok()).unwrap_or_default(),
        trouble: Some(trouble),
    }
}

fn parse(text: &str) -> Result<Policy, Failure> {
    let file: File =
        toml::from_str(text).map_err(|error| where_it_is_wrong("The policy file", text, &error))?;
    let mut values: Table =
        toml::from_str(text).map_err(|error| where_it_is_wrong("The policy file", text, &error))?;
    for own in ["locked", "support_url", "status_url"] {
        values.remove(own);
    }
    for (name, url) in [
        ("support_url", &file.support_url),
        ("status_url", &file.status_url),
    ] {
        if !url.is_empty() && !is_page(url) {
            return Err(wrong(text, name, "must be a page with https://"));
        }
    }
    let everything = everything(&file)?;
    for path in &file.locked {
        if !may_be_locked(&everything, path) {
            return Err(wrong(text, path, "is no setting that can be locked"));
        }
    }
    Ok(Policy {
        values,
        locked: file.locked,
        support_url: file.support_url,
        status_url: file.status_url,
    })
}

/// Every word that a settings file may say, with the entries that the policy names.
fn everything(file: &File) -> Result<Table, Failure> {
    let settings = Settings {
        general: file.general.clone(),
        dialing: file.dialing.clone(),
        hotkeys: file.hotkeys.clone(),
        lines: file.lines.clone(),
        integrations: file.integrations.clone(),
    };
    table_of(&settings)
}

/// Entries of the agent's own may be locked too, so their ids are not looked at.
fn may_be_locked(everything: &Table, path: &str) -> bool {
    let steps: Vec<&str> = path.split('.').collect();
    match steps.as_slice() {
        ["lines" | "integrations"] => true,
        ["lines" | "integrations", id] => !id.is_empty(),
        ["lines" | "integrations", id, field] => {
            let named = layers::at(everything, &format!("{}.{id}", steps[0]));
            !id.is_empty() && named.is_none_or(|entry| entry.get(field).is_some())
        }
        _ => layers::at(everything, path).is_some(),
    }
}

fn wrong(text: &str, what: &str, why: &str) -> Failure {
    let line = text.lines().position(|line| line.contains(what));
    let place = line.map_or(String::new(), |line| format!(" in line {}", line + 1));
    Failure::new(
        ErrorCode::BadSetting,
        format!("The policy file is wrong{place}: {what} {why}."),
    )
}

fn is_page(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| url.scheme() == "https" && url.host_str().is_some())
}

/// Settings as a table with every word.
pub fn table_of(settings: &Settings) -> Result<Table, Failure> {
    Table::try_from(settings).map_err(|_| {
        let message = "The settings could not be put into words.";
        Failure::new(ErrorCode::Internal, message)
    })
}

impl Policy {
    /// The agent's file between what the administrator suggests and what he locked.
    pub fn around(&self, own: &Table) -> Table {
        let mut all = self.values.clone();
        layers::merge(&mut all, own);
        for path in &self.locked {
            layers::force(&mut all, path, &self.values);
        }
        all
    }

    /// What belongs into the agent's file: nothing that the policy says already.
    pub fn without(&self, settings: &Settings) -> Result<Table, Failure> {
        let mut own = table_of(settings)?;
        layers::prune(&mut own, &self.values);
        Ok(own)
    }

    /// May these settings follow those in force? Says which field is locked.
    pub fn check(&self, new: &Settings, in_force: &Settings) -> Result<(), Failure> {
        if self.locked.is_empty() && self.values.is_empty() {
            return Ok(());
        }
        let (new, former) = (table_of(new)?, table_of(in_force)?);
        for path in &self.locked {
            if layers::at(&new, path) != layers::at(&former, path) {
                let field = layers::numbered(&former, path).unwrap_or_else(|| path.clone());
                return Err(locked(field));
            }
        }
        for list in ["lines", "integrations"] {
            let kept = layers::ids(&new, list);
            let given = layers::ids(&self.values, list);
            if given.iter().any(|id| !kept.contains(id)) {
                return Err(locked(list.into()));
            }
        }
        Ok(())
    }

    /// The locked places as windows name them.
    pub fn locked(&self, settings: &Settings) -> Vec<String> {
        let Ok(all) = table_of(settings) else {
            return Vec::new();
        };
        let numbered = |path: &String| layers::numbered(&all, path);
        self.locked.iter().filter_map(numbered).collect()
    }
}

fn locked(field: String) -> Failure {
    let mut failure = Failure::new(
        ErrorCode::LockedByPolicy,
        "This is set by your administrator and cannot be changed here.",
    );
    failure.field = Some(field);
    failure
}

/// A table as settings.
pub fn settings_of(table: Table) -> Result<Settings, Failure> {
    Value::Table(table)
        .try_into()
        .map_err(|error: toml::de::Error| {
            let why = error
                .message()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned();
            let message = format!("The settings file and the policy do not go together: {why}");
            Failure::new(ErrorCode::BadSetting, message)
        })
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;

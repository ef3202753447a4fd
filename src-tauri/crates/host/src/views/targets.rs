//! The target picker's list: colleagues first, then contacts, then what was typed.

use ringcard_core::{Availability, Contact};
use ringcard_ipc::{TargetKind, TargetView, TargetsView};

use super::CardContext;

/// Lines of the picker.
const SHOWN: usize = 8;

/// Who can be meant by what was typed so far. `contacts` are what the mirrors found for it.
pub fn targets(typed: &str, contacts: &[Contact], context: &CardContext<'_>) -> TargetsView {
    let wanted = typed.trim().to_lowercase();
    let mut targets = colleagues(&wanted, context);
    targets.truncate(SHOWN);
    if !wanted.is_empty() {
        targets.extend(
            contacts
                .iter()
                .filter_map(|contact| contact_target(contact, context)),
        );
    }
    targets.truncate(SHOWN);
    let understood = match wanted.is_empty() {
        true => None,
        false => Some(context.numbers.typed(typed)),
    };
    let is_there = |number: &str| targets.iter().any(|target| target.to == number);
    match understood {
        Some(Ok(number)) if !is_there(number.as_str()) => {
            let typed_target = TargetView {
                kind: TargetKind::Typed,
                name: context.numbers.readable(&number),
                company: None,
                number: context.numbers.readable(&number),
                to: number.as_str().to_owned(),
                availability: context.availability(number.as_str()),
            };
            // Digits mean a number: Enter must send to what was typed, not to a lookalike.
            targets.insert(0, typed_target);
            TargetsView {
                targets,
                typed_trouble: None,
            }
        }
        Some(Err(trouble)) => TargetsView {
            targets,
            typed_trouble: Some(trouble),
        },
        _ => TargetsView {
            targets,
            typed_trouble: None,
        },
    }
}

fn colleagues(wanted: &str, context: &CardContext<'_>) -> Vec<TargetView> {
    let own: Vec<&str> = context
        .settings
        .lines
        .iter()
        .map(crate::lines::extension)
        .collect();
    let mut found: Vec<(u8, TargetView)> = Vec::new();
    for (_, line) in context.state.lines() {
        for colleague in line.colleagues.values() {
            let extension = colleague.extension.as_str();
            if own.contains(&extension) || found.iter().any(|(_, known)| known.to == extension) {
                continue;
            }
            let listed = context
                .listed
                .get(extension)
                .map(|listed| listed.name.clone());
            let name = listed
                .or_else(|| colleague.name.clone())
                .unwrap_or_else(|| extension.to_owned());
            if let Some(rank) = rank(wanted, &name, extension) {
                found.push((
                    rank,
                    colleague_target(name, extension, colleague.availability),
                ));
            }
        }
    }
    // Whom the list names and the telephone system does not tell of can be called all the same.
    for (extension, listed) in context.listed {
        let told = found.iter().any(|(_, known)| known.to == *extension);
        if told || own.contains(&extension.as_str()) {
            continue;
        }
        if let Some(rank) = rank(wanted, &listed.name, extension) {
            let unknown = Availability::Unknown;
            found.push((
                rank,
                colleague_target(listed.name.clone(), extension, unknown),
            ));
        }
    }
    found.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.name.cmp(&other.name)));
    found.into_iter().map(|(_, target)| target).collect()
}

/// The start of an extension or of a name comes before the start of a later word.
fn rank(wanted: &str, name: &str, extension: &str) -> Option<u8> {
    let name = name.to_lowercase();
    if extension == wanted {
        return Some(0);
    }
    if extension.starts_with(wanted) || name.starts_with(wanted) {
        return Some(1);
    }
    let mut words = name.split([' ', '-', '.']);
    words.any(|word| word.starts_with(wanted)).then_some(2)
}

fn colleague_target(name: String, extension: &str, availability: Availability) -> TargetView {
    TargetView {
        kind: TargetKind::Colleague,
        name,
        company: None,
        number: extension.to_owned(),
        to: extension.to_owned(),
        availability,
    }
}

fn contact_target(contact: &Contact, context: &CardContext<'_>) -> Option<TargetView> {
    let number = contact
        .numbers
        .iter()
        .find_map(|one| context.numbers.typed(&one.raw).ok())?;
    Some(TargetView {
        kind: TargetKind::Contact,
        name: contact.name.clone(),
        company: contact.company.clone(),
        number: context.numbers.readable(&number),
        to: number.as_str().to_owned(),
        availability: Availability::Unknown,
    })
}

//! `ringcard calls` and `ringcard lookup`.

use jiff::tz::TimeZone;
use ringcard_ipc::{Card, ConsultRole, LookupView, MatchView, PartyView, Presentation, Who};

use super::table::{Table, clean};
use super::{clock, moment, words};

/// The running calls, one a line.
pub fn calls(cards: &[Card], zone: &TimeZone) -> String {
    if cards.is_empty() {
        return "No calls.\n".into();
    }
    let mut table = Table::new(&["Call", "", "State", "Since", "Number", "Who", ""]);
    for card in cards {
        table.row([
            card.call.clone(),
            words::direction(card.direction).into(),
            words::state(card.state).into(),
            clock(card.state_since, zone),
            number(&card.party),
            who(card),
            remarks(card),
        ]);
    }
    table.text()
}

/// The number as it may be shown.
pub fn number(party: &PartyView) -> String {
    match (&party.number, party.presentation) {
        (Some(number), Presentation::Allowed) => number.clone(),
        (None, Presentation::Allowed) => "-".into(),
        (_, Presentation::Withheld | Presentation::Pending) => "withheld".into(),
    }
}

/// Who it may be; never more than the card claims.
pub fn who(card: &Card) -> String {
    let claimed = |text: &str| match &card.party.name {
        Some(name) => format!("{text}, says \"{name}\""),
        None => text.to_owned(),
    };
    match &card.who {
        Who::NoCrm => claimed("-"),
        Who::Withheld => "-".into(),
        Who::LookingUp => "looking up".into(),
        Who::Unknown { .. } => claimed("unknown"),
        Who::Certain { found } => person(found),
        Who::Company { company, .. } => format!("somebody at {company}"),
        Who::Several { found } => {
            let names: Vec<String> = found.iter().map(person).collect();
            format!("one of {}: {}", found.len(), names.join(" / "))
        }
    }
}

fn person(found: &MatchView) -> String {
    match &found.company {
        Some(company) => format!("{}, {company}", found.name),
        None => found.name.clone(),
    }
}

fn remarks(card: &Card) -> String {
    let mut remarks = Vec::new();
    remarks.extend(card.queue.as_ref().map(|queue| format!("for {queue}")));
    remarks.extend(card.diverter.as_ref().map(|by| format!("via {by}")));
    remarks.extend(card.line.as_ref().map(|line| format!("line {line}")));
    remarks.extend(card.consulting.as_ref().map(|one| match one.role {
        ConsultRole::Held => "waits while a colleague is asked".to_owned(),
        ConsultRole::Consult => "colleague who is asked".to_owned(),
    }));
    if card.unconfirmed {
        remarks.push("the last command was not proved".into());
    }
    remarks.join(", ")
}

/// Everybody who has a number.
pub fn lookup(view: &LookupView, zone: &TimeZone) -> String {
    let as_of = view
        .as_of
        .map_or_else(String::new, |at| format!(", as of {}", moment(at, zone)));
    let head = format!(
        "{}: {} of {} contacts{as_of}, {} µs\n",
        clean(&view.number),
        view.found.len(),
        view.among,
        view.took_us
    );
    if view.found.is_empty() {
        return head;
    }
    let mut table = Table::new(&["Name", "Company", "City", "Record", "Why"]);
    for found in &view.found {
        let given = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
        table.row([
            found.name.clone(),
            given(&found.company),
            given(&found.city),
            format!("{} {} {}", found.crm, found.record.module, found.record.id),
            words::basis(found.basis).into(),
        ]);
    }
    head + &table.text()
}

#[cfg(test)]
#[path = "calls_tests.rs"]
mod tests;

//! `ringcard watch` for people: a line when something worth a line has changed.

use jiff::tz::TimeZone;
use ringcard_ipc::{AppEvent, Card, Notice, StatusView};

use super::calls::{number, who};
use super::status::{connection, link};
use super::table::clean;
use super::words;

/// What was said last, so that the same is not said twice.
pub struct Changes {
    zone: TimeZone,
    calls: String,
    status: String,
}

impl Changes {
    /// Nothing has been said yet.
    pub fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            calls: String::new(),
            status: String::new(),
        }
    }

    /// The line for a change, if it deserves one.
    pub fn line(&mut self, event: &AppEvent) -> Option<String> {
        match event {
            // The phone window has every running call; the preview repeats some of them.
            AppEvent::Preview(_) => None,
            AppEvent::Phone(view) => new(&mut self.calls, calls(&view.cards)),
            AppEvent::Status(view) => new(&mut self.status, status(view, &self.zone)),
            AppEvent::Settings(_) => Some("The settings changed.\n".into()),
            AppEvent::CallComing | AppEvent::ShowWindow => None,
            AppEvent::Notice(about) => Some(notice(about)),
        }
    }
}

fn new(last: &mut String, line: String) -> Option<String> {
    (*last != line)
        .then(|| last.clone_from(&line))
        .map(|()| line)
}

fn calls(cards: &[Card]) -> String {
    let one = |card: &Card| {
        format!(
            "{} {} {} ({})",
            card.call,
            words::state(card.state),
            number(&card.party),
            who(card)
        )
    };
    let all: Vec<String> = cards.iter().map(one).collect();
    match all.is_empty() {
        true => "No calls.\n".into(),
        false => format!("Calls: {}\n", clean(&all.join("; "))),
    }
}

fn status(view: &StatusView, zone: &TimeZone) -> String {
    let lines = view
        .lines
        .iter()
        .map(|line| format!("{} {}", line.name, link(line, zone)));
    let integrations = view
        .integrations
        .iter()
        .map(|one| format!("{} {}", one.name, connection(one)));
    let all: Vec<String> = std::iter::once(words::sign(view.tray).to_owned())
        .chain(lines)
        .chain(integrations)
        .collect();
    format!("Status: {}\n", clean(&all.join("; ")))
}

fn notice(notice: &Notice) -> String {
    match notice {
        Notice::MissedCall { call } => format!("Missed: call {}\n", clean(call)),
        Notice::MissedCalls { count } => format!("Missed: {count} calls\n"),
        Notice::IntegrationTrouble { name, reason } => {
            format!("{}: {}\n", clean(name), words::reason(*reason))
        }
        Notice::IntegrationWell { name } => format!("{}: connected again\n", clean(name)),
        Notice::LineDown { name } => format!("{}: the line is down\n", clean(name)),
    }
}

//! `ringcard status`.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use ringcard_ipc::{IntegrationStatus, LineStatus, StatusView};

use super::table::{Table, clean};
use super::{clock, moment, words};

/// Lines, integrations, and what needs attention.
pub fn status(view: &StatusView, zone: &TimeZone) -> String {
    let mut text = format!(
        "Ringcard {}: {}\n",
        clean(&view.version),
        words::sign(view.tray)
    );
    if !view.lines.is_empty() {
        let _ = write!(text, "\n{}", lines(&view.lines, zone));
    }
    if !view.integrations.is_empty() {
        let _ = write!(text, "\n{}", integrations(&view.integrations, zone));
    }
    let remarks = remarks(view);
    if !remarks.is_empty() {
        let _ = write!(text, "\n{remarks}");
    }
    text
}

fn lines(lines: &[LineStatus], zone: &TimeZone) -> String {
    let mut table = Table::new(&["Line", "Extension", "State"]);
    for line in lines {
        let cells = [line.name.clone(), line.extension.clone(), link(line, zone)];
        table.row(cells);
    }
    table.text()
}

/// One line's link in a phrase.
pub fn link(line: &LineStatus, zone: &TimeZone) -> String {
    match (line.listening_since, line.trouble, line.retry_at) {
        (Some(since), ..) => format!("listening since {}", moment(since, zone)),
        (None, Some(trouble), Some(at)) => format!(
            "down: {}; tried again at {}",
            words::trouble(trouble),
            clock(at, zone)
        ),
        (None, Some(trouble), None) => format!(
            "down: {}; not tried again by itself",
            words::trouble(trouble)
        ),
        (None, None, _) => "connecting".into(),
    }
}

fn integrations(all: &[IntegrationStatus], zone: &TimeZone) -> String {
    let mut table = Table::new(&["Integration", "State", "Records", "Refreshed", "Next"]);
    let when = |at: Option<i64>| at.map_or_else(|| "-".into(), |at| moment(at, zone));
    for one in all {
        table.row([
            one.name.clone(),
            connection(one),
            one.records.to_string(),
            when(one.last_success),
            when(one.next_run),
        ]);
    }
    let mut text = table.text();
    for (one, warning) in all
        .iter()
        .flat_map(|one| one.warnings.iter().map(move |warning| (one, warning)))
    {
        let _ = writeln!(
            text,
            "{}: {} is not read: {}{}",
            clean(&one.name),
            clean(&warning.module),
            warning.reason.map_or("the CRM refused it", words::reason),
            clean(&answer((&warning.code, warning.http_status), None))
        );
    }
    for one in all {
        if let Some(fault) = &one.refused_sign_in {
            let why = fault.reason.map_or("see the log", words::reason);
            let name = clean(&one.name);
            let _ = writeln!(
                text,
                "{name}: a sign-in was refused, the former one is kept: {why}"
            );
        }
    }
    text
}

/// One integration's connection in a phrase, with its reason and what is going on.
pub fn connection(one: &IntegrationStatus) -> String {
    let mut text = words::integration(one.state).to_owned();
    if let Some(reason) = one.reason {
        let _ = write!(text, ": {}", words::reason(reason));
    }
    text.push_str(&answer((&one.code, one.http_status), one.module.as_ref()));
    if let Some(progress) = &one.progress {
        let _ = write!(text, ", reading {}", progress.module);
        match progress.percent {
            Some(percent) => {
                let _ = write!(text, ", {percent} %");
            }
            None => {
                let _ = write!(text, ", {} so far", progress.read);
            }
        }
    }
    text
}

/// What the CRM answered, in brackets, and which module it was about.
fn answer((code, http): (&Option<String>, Option<u16>), module: Option<&String>) -> String {
    let http = http.map(|status| format!("HTTP {status}"));
    let module = module.map(|module| format!("module {module}"));
    let parts: Vec<String> = [code.clone(), http, module].into_iter().flatten().collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!(" ({})", parts.join(", ")),
    }
}

fn remarks(view: &StatusView) -> String {
    let mut text = String::new();
    if view.first_start {
        text.push_str("No line is set up yet.\n");
    }
    if view.secrets_in_file {
        text.push_str("Secrets lie in a file, because Ringcard was started with --home.\n");
    }
    if view.journal_waiting > 0 {
        let _ = writeln!(
            text,
            "{} entries of the journal wait for room on the disk.",
            view.journal_waiting
        );
    }
    if view.integrations.iter().any(|one| one.other_user) {
        text.push_str("A CRM's signed-in user is not the one in the settings.\n");
    }
    if view.log_details {
        text.push_str("Detailed logging is on.\n");
    }
    text
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;

//! Answers as short, aligned text for people. Facts from outside cannot steer the terminal.

mod calls;
mod changes;
mod status;
mod table;
mod words;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ringcard_ipc::Reply;

pub use changes::Changes;

use table::clean;

/// The text for an answer; nothing for what needs no words.
pub fn reply(reply: &Reply, zone: &TimeZone) -> String {
    match reply {
        Reply::Status(view) => status::status(view, zone),
        Reply::Calls(cards) => calls::calls(cards, zone),
        Reply::Lookup(view) => calls::lookup(view, zone),
        Reply::Ended(ended) if ended.confirmed => format!("Done: call {}\n", clean(&ended.call)),
        Reply::Ended(ended) => format!(
            "Accepted, but nothing proved it in time: call {}\n",
            clean(&ended.call)
        ),
        Reply::Done => "Done.\n".into(),
        // No word leads to these; their JSON is the answer.
        Reply::Preview(_)
        | Reply::Phone(_)
        | Reply::Targets(_)
        | Reply::Settings(_)
        | Reply::Saved(_)
        | Reply::Checks(_)
        | Reply::SigningIn { .. }
        | Reply::Log(_)
        | Reply::Failed(_) => String::new(),
    }
}

/// A value as one line that holds no control character, not even one that JSON allows.
pub fn json(value: &impl serde::Serialize) -> String {
    let text = serde_json::to_string(value).expect("our own types have a JSON form");
    let mut line = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        match c.is_control() {
            true => line.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => line.push(c),
        }
    }
    line.push('\n');
    line
}

/// Date and time on this PC's clock.
fn moment(at: i64, zone: &TimeZone) -> String {
    written(at, zone, "%Y-%m-%d %H:%M")
}

/// The time alone, for what is going on now.
fn clock(at: i64, zone: &TimeZone) -> String {
    written(at, zone, "%H:%M:%S")
}

fn written(at: i64, zone: &TimeZone, form: &str) -> String {
    Timestamp::from_millisecond(at).map_or_else(
        |_| "?".to_owned(),
        |at| at.to_zoned(zone.clone()).strftime(form).to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_steer_a_terminal() {
        let line = json(&"a\u{9b}31mb\u{1b}[2Jc\u{7f}");
        assert!(
            !line.trim_end().chars().any(char::is_control),
            "names come from outside: {line:?}"
        );
        let back: String = serde_json::from_str(&line).expect("still JSON");
        assert_eq!(back, "a\u{9b}31mb\u{1b}[2Jc\u{7f}", "and nothing is lost");
    }

    #[test]
    fn impossible_time_is_no_panic() {
        assert_eq!(moment(i64::MAX, &TimeZone::UTC), "?");
    }
}

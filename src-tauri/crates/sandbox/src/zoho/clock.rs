//! The sandbox's own clock: times as Zoho writes them, and time that a test may move.
//!
//! A point in time is a number of whole seconds since 1970: Zoho's times have no finer grain.

use jiff::fmt::rfc2822;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

/// A clock that runs with the machine's, moved by as many seconds as the test wants.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    moved_by: i64,
}

impl Clock {
    /// Now, in seconds since 1970.
    pub fn now(self) -> i64 {
        Timestamp::now().as_second() + self.moved_by
    }

    /// Moves this clock by `seconds`, forwards or backwards.
    pub fn move_by(&mut self, seconds: i64) {
        self.moved_by += seconds;
    }
}

/// ISO 8601 with the offset of the organisation's time zone, which is Berlin's.
///
/// The offset changes with the season, so two times compare right only as instants.
pub(super) fn iso(seconds: i64) -> String {
    let utc = timestamp(seconds).to_zoned(TimeZone::UTC);
    let summer = (4..=10).contains(&utc.month());
    let offset = Offset::constant(if summer { 2 } else { 1 });
    let local = timestamp(seconds).to_zoned(TimeZone::fixed(offset));
    local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The form of the `Date` header.
pub(super) fn http_date(seconds: i64) -> String {
    let utc = timestamp(seconds).to_zoned(TimeZone::UTC);
    utc.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads ISO 8601 with any offset, or the date form of HTTP. `None` when it is neither.
pub(super) fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.as_second());
    }
    rfc2822::parse(text)
        .ok()
        .map(|time: Zoned| time.timestamp().as_second())
}

fn timestamp(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_and_http_dates_name_the_same_instant() {
        let winter = 1_771_326_720;
        assert_eq!(
            iso(winter),
            "2026-02-17T12:12:00+01:00",
            "Berlin has +01:00 in winter"
        );
        assert_eq!(parse(&iso(winter)), Some(winter), "what we write we read");
        assert_eq!(
            parse(&http_date(winter)),
            Some(winter),
            "both date forms are understood"
        );
        assert_eq!(
            parse("2026-02-17T16:42:00+05:30"),
            Some(winter),
            "any offset names the same instant"
        );
        assert_eq!(parse("yesterday"), None, "words are no date");
    }
}

//! What a refresh will do with a module. Pure: the mirror's state and the time are handed in.

use std::time::Duration;

use ringcard_core::Timestamp;
use ringcard_crm::{Changes, Cursor};

use crate::cursor::{Bookmark, SyncCursor};

/// Deletions are asked for at least this often; they cost twice as much as changes.
const DELETIONS_EVERY: Duration = Duration::from_secs(60 * 60);
/// The CRM does not tell of records that became invisible: once a week everything is compared.
const WHOLE_EVERY: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// A module that hides when records changed is read whole, but not every few minutes.
const BLIND_EVERY: Duration = Duration::from_secs(6 * 60 * 60);

/// How thorough a refresh is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What is due by the clock.
    Due,
    /// Everything that can be new: somebody asked for it.
    Fresh,
    /// Everything, whole.
    Whole,
}

/// What the mirror knows of a module before the refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// Nothing was read, or it cannot be told how far.
    Nothing,
    /// A whole reading was broken off.
    Broken(Bookmark),
    /// It was whole.
    Whole(SyncCursor),
}

/// What is done with one module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Read whole; `first` when nothing was there.
    Whole { first: bool },
    /// Go on with a whole reading.
    Resume(Bookmark),
    /// Read what changed since.
    Delta {
        /// As it stood.
        cursor: SyncCursor,
        /// From where changes are asked for.
        since: Cursor,
        /// Are deletions asked for, too?
        deletions: bool,
    },
    /// Nothing is due.
    Rest,
}

/// Decides what to do with a module.
pub(crate) fn plan(before: Before, changes: Changes, (depth, now): (Depth, Timestamp)) -> Step {
    let cursor = match before {
        Before::Nothing => return Step::Whole { first: true },
        Before::Broken(bookmark) if depth != Depth::Whole => return Step::Resume(bookmark),
        Before::Broken(_) => return Step::Whole { first: false },
        Before::Whole(cursor) => cursor,
    };
    let blind = changes == Changes::Hidden || cursor.changed.is_none();
    let whole_every = if blind { BLIND_EVERY } else { WHOLE_EVERY };
    let is_due = match depth {
        Depth::Due => false,
        Depth::Fresh => blind,
        Depth::Whole => true,
    };
    if is_due || is_over(cursor.whole_at, whole_every, now) {
        return Step::Whole { first: false };
    }
    let since = cursor.changed.clone().filter(|_| !blind);
    match since {
        None => Step::Rest,
        Some(since) => Step::Delta {
            deletions: depth != Depth::Due || is_over(cursor.deleted_at, DELETIONS_EVERY, now),
            since,
            cursor,
        },
    }
}

/// A time in the future was written while the clock was wrong: it counts as long ago.
fn is_over(at: Timestamp, span: Duration, now: Timestamp) -> bool {
    at > now || now.since(at) >= span
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_771_326_720_000);

    fn ago(minutes: i64) -> Timestamp {
        Timestamp(NOW.0 - minutes * 60_000)
    }

    fn whole(deleted_at: Timestamp, whole_at: Timestamp) -> Before {
        Before::Whole(SyncCursor {
            changed: Some(Cursor("c".to_owned())),
            deleted: Some(Cursor("d".to_owned())),
            deleted_at,
            whole_at,
        })
    }

    fn step(before: Before, depth: Depth) -> Step {
        plan(before, Changes::Told, (depth, NOW))
    }

    fn asks_for_deletions(step: &Step) -> Option<bool> {
        match step {
            Step::Delta { deletions, .. } => Some(*deletions),
            _ => None,
        }
    }

    #[test]
    fn an_empty_mirror_is_filled() {
        assert_eq!(
            step(Before::Nothing, Depth::Due),
            Step::Whole { first: true }
        );
    }

    #[test]
    fn a_broken_reading_goes_on_where_it_was() {
        let bookmark = Bookmark::default();
        let before = Before::Broken(bookmark.clone());
        assert_eq!(step(before.clone(), Depth::Due), Step::Resume(bookmark));
        assert_eq!(
            step(before, Depth::Whole),
            Step::Whole { first: false },
            "who asks for everything anew gets it anew"
        );
    }

    #[test]
    fn deletions_are_asked_for_once_an_hour_and_when_somebody_asks() {
        let fresh = step(whole(ago(59), ago(99)), Depth::Due);
        assert_eq!(
            asks_for_deletions(&fresh),
            Some(false),
            "59 minutes are no hour"
        );
        let old = step(whole(ago(60), ago(99)), Depth::Due);
        assert_eq!(asks_for_deletions(&old), Some(true), "an hour has passed");
        let asked = step(whole(ago(1), ago(99)), Depth::Fresh);
        assert_eq!(
            asks_for_deletions(&asked),
            Some(true),
            "somebody waits for it"
        );
    }

    #[test]
    fn once_a_week_everything_is_read() {
        let week = 7 * 24 * 60;
        assert!(matches!(
            step(whole(ago(1), ago(week - 1)), Depth::Due),
            Step::Delta { .. }
        ));
        assert_eq!(
            step(whole(ago(1), ago(week)), Depth::Due),
            Step::Whole { first: false },
            "what became invisible is in no list of deletions"
        );
    }

    #[test]
    fn a_clock_that_was_ahead_delays_nothing() {
        let before = whole(ago(-600), ago(99));
        assert_eq!(asks_for_deletions(&step(before, Depth::Due)), Some(true));
    }

    #[test]
    fn a_module_that_hides_changes_is_read_whole_but_seldom() {
        let due = |minutes, depth| {
            let before = whole(ago(1), ago(minutes));
            plan(before, Changes::Hidden, (depth, NOW))
        };
        assert_eq!(
            due(359, Depth::Due),
            Step::Rest,
            "it would eat the day's calls"
        );
        assert_eq!(due(360, Depth::Due), Step::Whole { first: false });
        assert_eq!(
            due(1, Depth::Fresh),
            Step::Whole { first: false },
            "somebody asked"
        );
    }
}

//! When the next refresh is due.
//!
//! Pure: the clock, the time zone and the last outcome are handed in. A time that was missed
//! because the PC slept is made up for once, not once for each missed time.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use ringcard_core::Timestamp;
use ringcard_crm::{ErrorKind, StatusReason};

/// The settings of one integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Every so often; `None` leaves only the clock times.
    pub every: Option<Duration>,
    /// At these local times.
    pub at: Vec<Time>,
}

/// How the last refresh ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastRun {
    /// There was none: it is due now.
    Never,
    /// It went well.
    Well {
        /// When it ended.
        at: Timestamp,
    },
    /// It failed.
    Failed {
        /// When.
        at: Timestamp,
        /// What stopped it.
        kind: ErrorKind,
        /// Failures in a row, this one included.
        times: u32,
        /// The CRM asked to wait this long.
        retry_after: Option<Duration>,
        /// A chance of its own: it makes the wait longer by up to a quarter, so that the desktops
        /// of a company do not all come back at once.
        luck: u16,
    },
}

/// The longest wait between two tries after a passing fault.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// The day's calls are used up: the allowance is rolling, an hour gives some of it back.
const CREDIT_PAUSE: Duration = Duration::from_secs(60 * 60);

/// Renewing the access was throttled: asking sooner makes it longer.
const TOKEN_PAUSE: Duration = Duration::from_secs(10 * 60);

impl Schedule {
    /// A period that the settings may hold: one minute to a day.
    pub fn minutes(minutes: u32) -> Option<Duration> {
        (1..=24 * 60)
            .contains(&minutes)
            .then(|| Duration::from_secs(u64::from(minutes) * 60))
    }

    /// When the next refresh is due; a time in the past means now, `None` that a person must act.
    pub fn next_run(&self, last: LastRun, zone: &TimeZone) -> Option<Timestamp> {
        match last {
            LastRun::Never => Some(Timestamp(0)),
            LastRun::Well { at } => self.after(at, zone),
            LastRun::Failed {
                at,
                kind,
                times,
                retry_after,
                luck,
            } => Some(at.plus(spread(wait_after(kind, times, retry_after)?, luck))),
        }
    }

    fn after(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let every = self.every.map(|every| at.plus(every));
        let clock = self
            .at
            .iter()
            .filter_map(|time| next_clock(*time, at, zone))
            .min();
        every.into_iter().chain(clock).min()
    }
}

/// The next moment after `at` at which local clocks show `time`. A time that the change to summer
/// time leaves out is taken an hour later, one that occurs twice the first time only.
fn next_clock(time: Time, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let local = jiff::Timestamp::from_millisecond(at.0)
        .ok()?
        .to_zoned(zone.clone());
    let mut date = local.date();
    for _ in 0..3 {
        let candidate = date.to_datetime(time).to_zoned(zone.clone()).ok()?;
        let found = Timestamp(candidate.timestamp().as_millisecond());
        if found > at {
            return Some(found);
        }
        date = date.tomorrow().ok()?;
    }
    None
}

/// How long to wait; `None` where only a person can help.
fn wait_after(kind: ErrorKind, times: u32, told: Option<Duration>) -> Option<Duration> {
    let told_or = |usual: Duration| usual.max(told.unwrap_or_default());
    let ErrorKind::Status(reason) = kind else {
        return Some(told_or(LONGEST_WAIT));
    };
    match reason {
        // Too many at once passes in seconds, the day's end in hours: the CRM knows which it is.
        StatusReason::ApiLimitExceeded => {
            let first = told.unwrap_or(CREDIT_PAUSE);
            Some(doubled(first, times).min(CREDIT_PAUSE.max(first)))
        }
        StatusReason::TokenRefresh => Some(told_or(TOKEN_PAUSE)),
        // Asked again at once it would refuse again.
        StatusReason::CrmRefused => Some(told_or(LONGEST_WAIT)),
        StatusReason::Offline
        | StatusReason::CrmUnreachable
        | StatusReason::ClockSkew
        | StatusReason::SyncStale => {
            let wait = doubled(Duration::from_secs(15), times).min(LONGEST_WAIT);
            Some(told_or(wait))
        }
        StatusReason::InactiveToken
        | StatusReason::InvalidToken
        | StatusReason::TrialExpired
        | StatusReason::NoAccount
        | StatusReason::InvalidOrganization
        | StatusReason::InsufficientPermissions
        | StatusReason::Forbidden => None,
    }
}

/// Never shorter than asked for.
fn spread(wait: Duration, luck: u16) -> Duration {
    wait + wait / 4 * u32::from(luck) / u32::from(u16::MAX)
}

/// Twice as long with each failure in a row.
fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(times.min(10).saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").expect("the time zone database is built in")
    }

    fn at(text: &str) -> Timestamp {
        let zoned: jiff::Zoned = text.parse().expect("a time of the test");
        Timestamp(zoned.timestamp().as_millisecond())
    }

    fn every(minutes: u64) -> Schedule {
        Schedule {
            every: Some(Duration::from_secs(minutes * 60)),
            at: Vec::new(),
        }
    }

    #[test]
    fn first_refresh_is_due_at_once() {
        assert_eq!(
            every(15).next_run(LastRun::Never, &berlin()),
            Some(Timestamp(0))
        );
    }

    #[test]
    fn next_refresh_comes_after_the_set_minutes() {
        let last = LastRun::Well {
            at: Timestamp(1_000),
        };
        assert_eq!(
            every(15).next_run(last, &berlin()),
            Some(Timestamp(901_000))
        );
    }

    #[test]
    fn night_without_power_is_made_up_for_once() {
        let schedule = Schedule {
            every: None,
            at: [0, 6, 12, 18]
                .map(|hour| jiff::civil::time(hour, 0, 0, 0))
                .into(),
        };
        let evening = at("2026-11-21T18:00:05+01:00[Europe/Berlin]");
        let due = schedule.next_run(LastRun::Well { at: evening }, &berlin());
        assert_eq!(due, Some(at("2026-11-22T00:00:00+01:00[Europe/Berlin]")));
        let morning = at("2026-11-22T08:00:00+01:00[Europe/Berlin]");
        let next = schedule.next_run(LastRun::Well { at: morning }, &berlin());
        assert_eq!(
            next,
            Some(at("2026-11-22T12:00:00+01:00[Europe/Berlin]")),
            "06:00 is not run twice"
        );
    }

    #[test]
    fn time_that_summer_leaves_out_is_not_lost() {
        let schedule = Schedule {
            every: None,
            at: vec![jiff::civil::time(2, 30, 0, 0)],
        };
        let before = at("2027-03-28T01:00:00+01:00[Europe/Berlin]");
        let due = schedule.next_run(LastRun::Well { at: before }, &berlin());
        assert_eq!(due, Some(at("2027-03-28T03:30:00+02:00[Europe/Berlin]")));
    }

    #[test]
    fn withdrawn_access_is_never_tried_again_by_itself() {
        let last = LastRun::Failed {
            at: Timestamp(0),
            kind: ErrorKind::Status(StatusReason::InactiveToken),
            times: 1,
            retry_after: None,
            luck: 0,
        };
        assert_eq!(every(15).next_run(last, &berlin()), None);
    }

    #[test]
    fn only_what_a_person_must_repair_is_never_tried_again_by_itself() {
        use StatusReason as R;
        let all = [
            R::InactiveToken,
            R::InvalidToken,
            R::TrialExpired,
            R::TokenRefresh,
            R::NoAccount,
            R::InvalidOrganization,
            R::InsufficientPermissions,
            R::Forbidden,
            R::ApiLimitExceeded,
            R::Offline,
            R::CrmUnreachable,
            R::CrmRefused,
            R::ClockSkew,
            R::SyncStale,
        ];
        let waits_for_a_person = |reason: &R| {
            let last = LastRun::Failed {
                at: Timestamp(0),
                kind: ErrorKind::Status(*reason),
                times: 1,
                retry_after: None,
                luck: 0,
            };
            every(15).next_run(last, &berlin()).is_none()
        };
        let found: Vec<R> = all.into_iter().filter(waits_for_a_person).collect();
        let expected = [
            R::InactiveToken,
            R::InvalidToken,
            R::TrialExpired,
            R::NoAccount,
            R::InvalidOrganization,
            R::InsufficientPermissions,
            R::Forbidden,
        ];
        assert_eq!(found, expected, "the others end by themselves");
    }

    #[test]
    fn network_faults_are_tried_again_ever_more_slowly() {
        let failed = |times| LastRun::Failed {
            at: Timestamp(0),
            kind: ErrorKind::Status(StatusReason::Offline),
            times,
            retry_after: None,
            luck: 0,
        };
        let due = |times| {
            every(15)
                .next_run(failed(times), &berlin())
                .map(|at| at.0 / 1000)
        };
        assert_eq!(
            [due(1), due(2), due(3), due(20)],
            [Some(15), Some(30), Some(60), Some(900)]
        );
    }

    #[test]
    fn waits_of_two_desktops_differ_by_a_quarter_at_most() {
        let due = |luck| {
            let failed = LastRun::Failed {
                at: Timestamp(0),
                kind: ErrorKind::Status(StatusReason::CrmUnreachable),
                times: 1,
                retry_after: Some(Duration::from_secs(120)),
                luck,
            };
            every(15).next_run(failed, &berlin()).map(|at| at.0)
        };
        assert_eq!(due(0), Some(120_000), "what was asked for is kept");
        assert_eq!(due(u16::MAX), Some(150_000));
        assert!(due(20_000) < due(40_000), "each has its own");
    }

    #[test]
    fn wish_of_the_crm_to_wait_longer_is_heard() {
        let last = LastRun::Failed {
            at: Timestamp(0),
            kind: ErrorKind::Status(StatusReason::CrmUnreachable),
            times: 1,
            retry_after: Some(Duration::from_secs(120)),
            luck: 0,
        };
        assert_eq!(
            every(15).next_run(last, &berlin()),
            Some(Timestamp(120_000))
        );
    }

    #[test]
    fn two_kinds_of_limit_are_waited_for_differently() {
        let failed = |times, seconds: Option<u64>| LastRun::Failed {
            at: Timestamp(0),
            kind: ErrorKind::Status(StatusReason::ApiLimitExceeded),
            times,
            retry_after: seconds.map(Duration::from_secs),
            luck: 0,
        };
        let due = |times, seconds| {
            every(15)
                .next_run(failed(times, seconds), &berlin())
                .map(|at| at.0 / 1000)
        };
        assert_eq!(due(1, Some(10)), Some(10), "too many at once passes soon");
        assert_eq!(due(3, Some(10)), Some(40), "but not when it keeps on");
        assert_eq!(due(1, None), Some(3600), "a day's limit gives back slowly");
        assert_eq!(due(2, Some(7200)), Some(7200), "what the CRM says counts");
    }

    #[test]
    fn a_period_is_between_a_minute_and_a_day() {
        assert_eq!(Schedule::minutes(0), None);
        assert_eq!(Schedule::minutes(1441), None);
        assert_eq!(Schedule::minutes(15), Some(Duration::from_secs(900)));
    }
}

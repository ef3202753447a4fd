//! How much of the organisation's calls reading may use. Pure; the journal counts what was used.

/// The share of the day's credits that this desktop's reading may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditShare {
    percent: u8,
}

impl Default for CreditShare {
    /// A tenth: other integrations and other desktops live from the same credits.
    fn default() -> Self {
        Self { percent: 10 }
    }
}

impl CreditShare {
    /// A share from 1 to 100 percent.
    pub fn percent(percent: u8) -> Option<Self> {
        (1..=100).contains(&percent).then_some(Self { percent })
    }

    /// What may still be used today, for [`crate::SyncRequest::credits_left`]. `None` when the
    /// plan of the organisation does not tell its credits.
    pub fn left(self, daily: Option<u32>, used_today: u32) -> Option<u32> {
        let share = u64::from(daily?) * u64::from(self.percent) / 100;
        let share = u32::try_from(share).expect("a part of a u32 is one");
        Some(share.saturating_sub(used_today))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_never_exceeds_its_share() {
        let share = CreditShare::default();
        assert_eq!(share.left(Some(5_000), 0), Some(500), "a tenth");
        assert_eq!(share.left(Some(5_000), 499), Some(1));
        assert_eq!(
            share.left(Some(5_000), 501),
            Some(0),
            "more was used before the change"
        );
        assert_eq!(share.left(None, 10_000), None, "no plan, no limit of ours");
    }

    #[test]
    fn a_share_is_between_one_and_a_hundred_percent() {
        assert_eq!(
            CreditShare::percent(0),
            None,
            "nothing could be read at all"
        );
        assert_eq!(CreditShare::percent(101), None);
        assert!(CreditShare::percent(100).is_some());
    }
}

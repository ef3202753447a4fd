//! What calls cost, how many credits are left, and the two reasons for 429.

use super::answer::{Answer, Refusal};

/// An Enterprise organisation with 50 users.
const DEFAULT_ALLOWANCE: u64 = 100_000;

/// The organisation's credits for 24 hours.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    pub allowance: u64,
    pub used: u64,
    pub calls: u64,
    /// How many more calls are refused for too many at once.
    pub refuse_next: u64,
    /// Seconds for the `Retry-After` of a refusal, when it is sent at all.
    pub retry_after: Option<u64>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            allowance: DEFAULT_ALLOWANCE,
            used: 0,
            calls: 0,
            refuse_next: 0,
            retry_after: None,
        }
    }
}

impl Budget {
    /// Counts a call and charges it, or says why not. A refused call costs one credit.
    pub fn charge(&mut self, cost: u64) -> Result<(), Answer> {
        self.calls += 1;
        if self.refuse_next > 0 {
            self.refuse_next = self.refuse_next.saturating_sub(1);
            return Err(self.refuse("The concurrency limit for API calls has been exceeded."));
        }
        if self.used + cost > self.allowance {
            self.used = (self.used + 1).min(self.allowance);
            return Err(self.refuse(
                "You have used up the API credits of your organization for the 24 hour period.",
            ));
        }
        self.used += cost;
        Ok(())
    }

    /// `X-API-CREDITS-REMAINING`, which is silent until half of the allowance is used.
    pub fn remaining_header(&self) -> Option<String> {
        let tells = self.used * 2 >= self.allowance;
        tells.then(|| self.allowance.saturating_sub(self.used).to_string())
    }

    fn refuse(&self, message: &str) -> Answer {
        let answer = Refusal::new(429, "TOO_MANY_REQUESTS", message).flat();
        match self.retry_after {
            Some(seconds) => answer.with("retry-after", seconds.to_string()),
            None => answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remaining_credits_are_told_from_one_half_on() {
        let mut budget = Budget {
            allowance: 10,
            ..Budget::default()
        };
        budget.charge(4).expect("six are left");
        assert_eq!(budget.remaining_header(), None, "less than half is used");
        budget.charge(1).expect("five are left");
        assert_eq!(budget.remaining_header().as_deref(), Some("5"), "half");
        assert_eq!(
            budget.charge(6).map_err(|answer| answer.status),
            Err(429),
            "more than is left"
        );
    }
}

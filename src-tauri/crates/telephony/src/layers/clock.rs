//! The only place of a line that looks at the clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ringcard_core::{Moment, Timestamp};
use tokio::time::Instant;

/// Both clocks.
pub struct Clock(Instant);

impl Clock {
    /// From now on.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Both at this moment.
    pub fn now(&self) -> Moment {
        let wall = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Moment {
            wall: Timestamp(i64::try_from(wall.as_millis()).unwrap_or(i64::MAX)),
            monotonic: self.0.elapsed(),
        }
    }

    /// The moment of a time of [`Self::now`].
    pub fn at(&self, monotonic: Duration) -> Instant {
        self.0 + monotonic
    }
}

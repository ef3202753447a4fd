//! The only look at the clocks of this room.

use std::time::Instant;

use ringcard_core::{Moment, Timestamp};

/// The time of day.
pub fn wall() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_millisecond())
}

/// Both clocks of one process.
#[derive(Clone, Copy, Debug)]
pub struct Clocks {
    start: Instant,
}

impl Clocks {
    /// Begins to count now.
    pub fn start() -> Self {
        Self {
            start: Instant::now(),
        }
    }

    /// Now.
    pub fn now(&self) -> Moment {
        Moment {
            wall: wall(),
            monotonic: self.start.elapsed(),
        }
    }

    /// The instant of a deadline of the state.
    pub fn at(&self, monotonic: std::time::Duration) -> Instant {
        self.start + monotonic
    }
}

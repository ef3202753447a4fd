//! What every line has around its provider: the next session after a loss.

mod clock;
mod reconnect;

pub use clock::Clock;
pub use reconnect::run_line;

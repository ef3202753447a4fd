//! What every line has around its provider: the next session after a loss.

mod reconnect;

pub use reconnect::run_line;

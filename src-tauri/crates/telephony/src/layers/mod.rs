//! What every line has around its provider: the next session after a loss.

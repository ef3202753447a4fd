//! Ringcard with windows.
fn main() {}

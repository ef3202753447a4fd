//! The contract on a real Asterisk 22.
#![cfg(target_os = "linux")]

#[macro_use]
#[path = "suite/mod.rs"]
mod suite;

mod printed;

contract!(ringcard_tests::asterisk::Asterisk);

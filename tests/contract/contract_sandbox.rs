//! The contract on the sandbox PBX.

#[macro_use]
#[path = "suite/mod.rs"]
mod suite;

contract!(ringcard_tests::sandbox_pbx::Sandbox);

//! The contract on the sandbox PBX by its Xsi server.

#[macro_use]
#[path = "suite/mod.rs"]
mod suite;

contract!(ringcard_tests::xsi_pbx::XsiSandbox);

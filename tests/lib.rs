//! What the tests share: arrangements with verbs, and reading of fixtures.

#[path = "contract/pbx.rs"]
pub mod pbx;

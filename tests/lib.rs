//! What the tests share: arrangements with verbs, and reading of fixtures.

#[cfg(target_os = "linux")]
#[path = "contract/asterisk/mod.rs"]
pub mod asterisk;
#[path = "contract/certificates.rs"]
pub mod certificates;
#[path = "it/desk.rs"]
pub mod desk;
#[path = "contract/pbx.rs"]
pub mod pbx;
#[path = "contract/sandbox_pbx.rs"]
pub mod sandbox_pbx;
#[path = "contract/telephones/mod.rs"]
pub mod telephones;
#[path = "contract/xsi_pbx.rs"]
pub mod xsi_pbx;

//! What a CRM tells of itself. The mirror keeps it, so that its records can be opened over a restart and while the CRM
//! is away.

use ringcard_crm::{Account, Module};
use ringcard_mirror::Mirror;
use serde::{Deserialize, Serialize};

use crate::cursor;

/// The organisation and its modules: as much as the address of a record needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Whose data it is.
    pub account: Account,
    /// The modules that the CRM offers to the signed-in user, mirrored or not.
    pub modules: Vec<Module>,
}

impl About {
    /// What the last refresh of this mirror was told. `None` before the first, and for another version's text.
    pub fn kept(mirror: &Mirror) -> Option<Self> {
        cursor::read(&mirror.about().ok()??)
    }
}

//! From the state to what windows show. No decision about a call or a contact is made here.

mod cards;
mod matches;
mod status;
mod targets;

pub use cards::{CardContext, phone, preview, running};
pub use matches::lookup;
pub use status::{StatusContext, settings_view, status};
pub use targets::targets;

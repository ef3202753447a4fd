//! The manager interface's own words: blocks of header lines in, action blocks out.
//!
//! Above this folder nobody knows a header name. Text from outside is cleaned here.

mod action;
mod block;
mod event;
mod reader;
pub mod request;
mod text;

pub use action::Action;
pub use block::Block;
pub use event::{DialStatus, Event, Ident, LegState, LegView, Row, hint, row, spontaneous};
pub use reader::{Frame, Reader};
pub use text::{clean_name, clean_number};

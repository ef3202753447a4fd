//! The manager interface's own words: blocks of header lines in, action blocks out.
//!
//! Above this folder nobody knows a header name. Text from outside is cleaned here.

mod action;
mod answer;
mod block;
mod event;
pub mod inquiry;
mod reader;
pub mod request;
mod text;

pub use action::Action;
pub use answer::{Existence, Listed, availability, existence, may_be_shown};
pub use block::Block;
pub use event::{
    DialStatus, Event, Ident, LegState, LegView, Row, hint, queue_of_row, row, spontaneous,
};
pub use reader::{Frame, Reader};
pub use text::{clean_name, clean_number};

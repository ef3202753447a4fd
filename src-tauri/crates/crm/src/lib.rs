//! CRM systems: the source trait, its layers, and the sources.
//!
//! A source turns one CRM's words into [`ringcard_core`] contacts. It knows no database and no
//! telephone.

mod error;
pub mod http;
mod source;
pub mod sources;

pub use error::{Error, ErrorKind, StatusReason};
pub use source::{
    Account, Answer, Changes, CrmSource, Cursor, DeletedPage, Field, ListRequest, Module, Page,
    PageToken, Tally,
};

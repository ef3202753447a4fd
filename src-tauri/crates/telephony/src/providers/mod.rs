//! The telephone systems that Ringcard can work with, one folder each.

pub mod asterisk;
pub mod broadworks;

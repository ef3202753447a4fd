//! The CRMs that Ringcard can read, one folder each.

pub mod zoho;

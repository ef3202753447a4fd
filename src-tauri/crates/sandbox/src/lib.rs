//! A small world to call and be called in: a PBX, its Xsi server and a Zoho on loopback, as unkind as the real ones.

pub mod demo;
pub mod pbx;
pub mod xsi;
pub mod zoho;

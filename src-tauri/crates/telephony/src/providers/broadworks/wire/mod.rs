//! The words of Xsi: documents in and out. Above this folder nobody knows an element's name.

pub mod answer;
pub mod call;
pub mod event;
pub mod request;
mod stream;
mod tree;

pub use stream::{Charset, Stream};

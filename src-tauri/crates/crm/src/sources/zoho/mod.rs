//! Zoho CRM, version 8 of its API: sign-in, tokens, and reading modules page by page.

mod client;
mod config;
mod error;
mod reading;
mod redirect;
mod sign_in;
mod source;
mod tokens;
mod walk;
mod wire;

pub use config::{
    Config, DataCentre, Environment, ExtraField, LoopbackUrl, LoopbackZoho, NotLoopback,
};
pub use redirect::AnswerWords;
pub use sign_in::{Consent, SignIn, SignInError, revoke, sign_in_with_code};
pub use source::{Setup, ZohoSource};
pub use tokens::{Access, Clock, TokenSink, Tokens};

//! Who may come in: a name and a password with every request, or a token. Too many wrong ones lock the account.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::request::Request;
use super::{password_of, token_of, user_of};
use crate::pbx::name_of;

/// So many wrong passwords in a row lock an account.
const MOST_WRONG: u32 = 5;

/// What is remembered of sign-ins.
#[derive(Debug, Default)]
pub(super) struct Gate {
    pub locked: BTreeSet<String>,
    wrong: BTreeMap<String, u32>,
    /// Wrong or locked sign-ins since the start, by extension.
    pub refused: BTreeMap<String, u32>,
}

impl Gate {
    /// The extension of whoever has signed in rightly.
    pub fn admits(&mut self, request: &Request) -> Option<String> {
        let header = request.headers.get("authorization")?.to_str().ok()?;
        let (scheme, proof) = header.split_once(' ')?;
        if scheme.eq_ignore_ascii_case("bearer") {
            let mut known = self.known();
            return known.find(|extension| token_of(extension) == proof.trim());
        }
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = STANDARD.decode(proof.trim()).ok()?;
        let decoded = String::from_utf8(decoded).ok()?;
        let (user, password) = decoded.split_once(':')?;
        let extension = self.known().find(|extension| {
            let right = user_of(extension);
            right.eq_ignore_ascii_case(user)
        })?;
        self.tries(extension, password)
    }

    /// Takes the lock off an account.
    pub fn unlock(&mut self, extension: &str) {
        self.locked.remove(extension);
        self.wrong.remove(extension);
    }

    fn tries(&mut self, extension: String, password: &str) -> Option<String> {
        let locked = self.locked.contains(&extension);
        if !locked && password == password_of(&extension) {
            self.wrong.remove(&extension);
            return Some(extension);
        }
        *self.refused.entry(extension.clone()).or_default() += 1;
        let wrong = self.wrong.entry(extension.clone()).or_default();
        *wrong += 1;
        if *wrong >= MOST_WRONG {
            self.locked.insert(extension);
        }
        None
    }

    fn known(&self) -> impl Iterator<Item = String> + use<> {
        (100..1000)
            .map(|number: u32| number.to_string())
            .filter(|extension| name_of(extension).is_some())
    }
}

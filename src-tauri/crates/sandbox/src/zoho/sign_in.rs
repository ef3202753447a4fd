//! The accounts server's book: clients, codes, tokens and their limits.
//!
//! Pure book-keeping. How the requests look is the business of `accounts`.

use std::collections::{BTreeMap, VecDeque};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// A code lives three minutes.
const CODE_SECONDS: i64 = 180;
/// An access token lives an hour.
pub(super) const ACCESS_SECONDS: i64 = 3600;
/// More live access tokens than these push the oldest out.
const LIVE_TOKENS: usize = 15;
/// New access tokens for one refresh token in ten minutes.
const NEW_TOKENS: usize = 10;
/// More sign-ins of one user with one client than these push the oldest out.
const SIGN_INS: usize = 20;
const TEN_MINUTES: i64 = 600;

/// What a code or token may be used for, and by whom.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    /// Which of the agents signed in.
    pub agent: usize,
    pub scopes: Vec<String>,
}

/// A code that waits to be exchanged.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub grant: Grant,
    pub redirect_uri: Option<String>,
    pub challenge: Option<String>,
    pub made_at: i64,
}

/// What is known of an access token.
#[derive(Debug, Clone)]
pub(super) enum AccessToken {
    /// Good until this second.
    Live(Grant, i64),
    /// Pushed out by a newer one, or its refresh token was revoked.
    Evicted,
}

#[derive(Debug, Clone)]
struct RefreshToken {
    token: String,
    grant: Grant,
    live: VecDeque<String>,
    made_at: Vec<i64>,
}

/// Why a token was not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoToken {
    /// `invalid_code`: the code or refresh token is used, expired, revoked or not ours.
    InvalidCode,
    /// "Access Denied": too many new tokens in ten minutes.
    TooMany,
}

/// The book itself.
#[derive(Debug, Clone)]
pub(super) struct SignIn {
    pub client_id: String,
    pub client_secret: String,
    /// Whether a code with PKCE still needs the client's secret.
    pub requires_secret: bool,
    codes: BTreeMap<String, Code>,
    refresh_tokens: Vec<RefreshToken>,
    access_tokens: BTreeMap<String, AccessToken>,
    next_number: u64,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            client_id: super::CLIENT_ID.to_owned(),
            client_secret: super::CLIENT_SECRET.to_owned(),
            requires_secret: false,
            codes: BTreeMap::new(),
            refresh_tokens: Vec::new(),
            access_tokens: BTreeMap::new(),
            next_number: 0,
        }
    }
}

impl SignIn {
    /// Makes a code for one exchange.
    pub fn make_code(&mut self, code: Code) -> String {
        let name = self.make_token("c");
        self.codes.insert(name.clone(), code);
        name
    }

    /// Takes a code out, whether it fits or not: it has one use.
    pub fn take_code(&mut self, name: &str, now: i64) -> Option<Code> {
        let code = self.codes.remove(name)?;
        (now - code.made_at <= CODE_SECONDS).then_some(code)
    }

    /// Begins a sign-in: a refresh token, and the oldest one goes when there are too many.
    pub fn make_refresh_token(&mut self, grant: Grant) -> String {
        let token = self.make_token("r");
        let of_user = |known: &RefreshToken| known.grant.agent == grant.agent;
        if self.refresh_tokens.iter().filter(|t| of_user(t)).count() >= SIGN_INS
            && let Some(oldest) = self.refresh_tokens.iter().position(of_user)
        {
            self.end_sign_in(oldest);
        }
        self.refresh_tokens.push(RefreshToken {
            token: token.clone(),
            grant,
            live: VecDeque::new(),
            made_at: Vec::new(),
        });
        token
    }

    /// A new access token for a refresh token, with its scopes.
    pub fn make_access_token(
        &mut self,
        refresh: &str,
        now: i64,
    ) -> Result<(String, Grant), NoToken> {
        let token = self.make_token("a");
        let known = self
            .refresh_tokens
            .iter_mut()
            .find(|known| known.token == refresh)
            .ok_or(NoToken::InvalidCode)?;
        known.made_at.retain(|at| now - at < TEN_MINUTES);
        if known.made_at.len() >= NEW_TOKENS {
            return Err(NoToken::TooMany);
        }
        known.made_at.push(now);
        known.live.push_back(token.clone());
        let grant = known.grant.clone();
        let evicted = (known.live.len() > LIVE_TOKENS).then(|| known.live.pop_front());
        if let Some(Some(evicted)) = evicted {
            self.access_tokens.insert(evicted, AccessToken::Evicted);
        }
        let live = AccessToken::Live(grant.clone(), now + ACCESS_SECONDS);
        self.access_tokens.insert(token.clone(), live);
        Ok((token, grant))
    }

    /// What is known of an access token.
    pub fn access_token(&self, token: &str) -> Option<&AccessToken> {
        self.access_tokens.get(token)
    }

    /// Ends one sign-in. `false` when the token is not known.
    pub fn revoke(&mut self, refresh: &str) -> bool {
        let place = self.refresh_tokens.iter().position(|t| t.token == refresh);
        if let Some(place) = place {
            self.end_sign_in(place);
        }
        place.is_some()
    }

    /// Ends every sign-in.
    pub fn revoke_all(&mut self) {
        while !self.refresh_tokens.is_empty() {
            self.end_sign_in(0);
        }
    }

    /// Lets every access token run out now.
    pub fn expire_access_tokens(&mut self) {
        for token in self.access_tokens.values_mut() {
            if let AccessToken::Live(_, until) = token {
                *until = 0;
            }
        }
    }

    /// How many sign-ins are alive.
    pub fn sign_ins(&self) -> usize {
        self.refresh_tokens.len()
    }

    fn end_sign_in(&mut self, place: usize) {
        let ended = self.refresh_tokens.remove(place);
        for token in ended.live {
            self.access_tokens.insert(token, AccessToken::Evicted);
        }
    }

    /// `1000.<hex>.<hex>`, as the real ones look. Invented, and not random: nothing is guarded by it.
    fn make_token(&mut self, kind: &str) -> String {
        self.next_number += 1;
        let seed = format!("{kind}{}", self.next_number);
        let digest = Sha256::digest(seed.as_bytes());
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("1000.{}.{}", &hex[..32], &hex[32..])
    }
}

/// The S256 challenge of a verifier.
pub(super) fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant() -> Grant {
        Grant {
            agent: 0,
            scopes: vec!["ZohoCRM.modules.READ".to_owned()],
        }
    }

    #[test]
    fn the_eleventh_access_token_in_ten_minutes_is_refused() {
        let mut book = SignIn::default();
        let refresh = book.make_refresh_token(grant());
        for _ in 0..10 {
            book.make_access_token(&refresh, 1000)
                .expect("ten are given");
        }
        assert_eq!(
            book.make_access_token(&refresh, 1500).err(),
            Some(NoToken::TooMany),
            "ten in ten minutes is the limit"
        );
        assert!(
            book.make_access_token(&refresh, 1600).is_ok(),
            "after ten minutes there are new ones"
        );
    }

    #[test]
    fn the_sixteenth_live_token_pushes_the_first_out() {
        let mut book = SignIn::default();
        let refresh = book.make_refresh_token(grant());
        let (first, _) = book.make_access_token(&refresh, 0).expect("the first");
        for number in 1..=15 {
            book.make_access_token(&refresh, number * 61)
                .expect("one a minute");
        }
        assert!(
            matches!(book.access_token(&first), Some(AccessToken::Evicted)),
            "fifteen may live"
        );
    }

    #[test]
    fn the_twenty_first_sign_in_ends_the_first() {
        let mut book = SignIn::default();
        let first = book.make_refresh_token(grant());
        for _ in 0..20 {
            book.make_refresh_token(grant());
        }
        assert_eq!(
            book.make_access_token(&first, 0).err(),
            Some(NoToken::InvalidCode),
            "twenty may live for a user and a client"
        );
        assert_eq!(book.sign_ins(), 20, "the others live on");
    }

    #[test]
    fn s256_is_the_challenge_of_the_standard() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(
            challenge_of(verifier),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "the example of RFC 7636, appendix B"
        );
    }
}

//! Signing in: with the browser and PKCE, or with a code from Zoho's API console.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ringcard_core::Sensitive;
use sha2::{Digest as _, Sha256};
use thiserror::Error as ThisError;
use url::Url;

use super::config::{Config, DataCentre, Environment};
use super::redirect::{AnswerWords, Listener, Returned};
use super::source::http_client;
use super::tokens::{Access, Clock, Tokens, post_for_tokens};
use super::wire::TokenAnswer;
use crate::{Error, StatusReason};

/// Why a sign-in did not work.
#[derive(Clone, Debug, ThisError)]
pub enum SignInError {
    /// Another program has the port of the redirect address.
    #[error("the port for the browser's way back is taken")]
    PortTaken,
    /// Nobody came back in time.
    #[error("the browser did not come back in time")]
    TimedOut,
    /// Only requests of another sign-in came, or forged ones.
    #[error("what came back does not belong to this sign-in")]
    ForeignState,
    /// The user said no.
    #[error("the consent was refused")]
    Refused,
    /// The answer names an accounts server that is not Zoho's.
    #[error("the answer names a server that is not Zoho's")]
    ForeignServer,
    /// Zoho wants the client's secret; with it the same code can be tried once more.
    #[error("Zoho asks for the client's secret")]
    SecretNeeded,
    /// The client id or the secret is wrong, or belongs to another data centre.
    #[error("the client id or its secret is wrong, or belongs to another data centre")]
    WrongClient,
    /// The code is used, too old or wrong.
    #[error("the code is used up or too old")]
    WrongCode,
    /// Zoho gave an access that ends in an hour and cannot be renewed.
    #[error("Zoho gave no lasting access")]
    NotLasting,
    /// The network or Zoho failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// A sign-in with the browser that has begun: it listens for the browser's way back.
pub struct SignIn {
    config: Config,
    listener: Listener,
    state: String,
    verifier: Sensitive<String>,
    clock: Clock,
}

/// The user consented. The code in here has one use and lives some minutes.
pub struct Consent {
    http: reqwest::Client,
    config: Config,
    data_centre: DataCentre,
    code: Sensitive<String>,
    redirect_uri: String,
    verifier: Sensitive<String>,
    clock: Clock,
}

impl SignIn {
    /// Begins: opens the port and makes the secrets of this one sign-in.
    pub async fn begin(config: Config, clock: Clock) -> Result<Self, SignInError> {
        let listener = Listener::bind(config.redirect_port.unwrap_or(0))
            .await
            .map_err(|_| SignInError::PortTaken)?;
        Ok(Self {
            config,
            listener,
            state: random_text(),
            verifier: random_text().into(),
            clock,
        })
    }

    /// The page to open in the browser.
    pub fn authorize_url(&self) -> Url {
        let base = format!("{}/oauth/v2/auth", self.config.data_centre.accounts());
        let mut url = Url::parse(&base).expect("the data centres' addresses are URLs");
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.config.client_id)
            .append_pair("scope", &self.config.scopes())
            .append_pair("redirect_uri", &self.listener.redirect_uri())
            .append_pair("access_type", "offline")
            .append_pair("prompt", "consent")
            .append_pair("state", &self.state)
            .append_pair("code_challenge", &challenge(self.verifier.expose()))
            .append_pair("code_challenge_method", "S256");
        if let Some(email) = &self.config.login_hint {
            query.append_pair("login_hint", email);
        }
        drop(query);
        url
    }

    /// Waits for the browser, not longer than `patience`.
    pub async fn wait(
        self,
        patience: Duration,
        words: &AnswerWords,
    ) -> Result<Consent, SignInError> {
        let mut foreign = 0;
        let waiting = self.listener.wait(&self.state, words, &mut foreign);
        let returned = match tokio::time::timeout(patience, waiting).await {
            Ok(returned) => returned,
            Err(_) if foreign > 0 => return Err(SignInError::ForeignState),
            Err(_) => return Err(SignInError::TimedOut),
        };
        let Returned::Code {
            code,
            accounts_server,
        } = returned
        else {
            return Err(SignInError::Refused);
        };
        let configured = &self.config.data_centre;
        let data_centre = match accounts_server {
            Some(server) => configured
                .of_accounts_server(&server)
                .ok_or(SignInError::ForeignServer)?,
            None => configured.clone(),
        };
        Ok(Consent {
            http: http_client(&self.config, None)?,
            redirect_uri: self.listener.redirect_uri(),
            config: self.config,
            data_centre,
            code: code.into(),
            verifier: self.verifier,
            clock: self.clock,
        })
    }
}

impl Consent {
    /// Takes the code to the accounts server. After [`SignInError::SecretNeeded`] the same consent
    /// can be tried again with the secret.
    pub async fn tokens(&self, secret: Option<Sensitive<String>>) -> Result<Tokens, SignInError> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", self.config.client_id.as_str()),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("code", self.code.expose().as_str()),
            ("code_verifier", self.verifier.expose().as_str()),
        ];
        if let Some(secret) = &secret {
            form.push(("client_secret", secret.expose()));
        }
        let answer = post_for_tokens(&self.http, &self.data_centre, &form).await;
        let answer = answer.map_err(|error| refused(error, secret.is_some()))?;
        lasting(answer, (&self.data_centre, secret), &self.clock)
    }
}

/// Signs in with a code that the user made for a Self Client in Zoho's API console.
pub async fn sign_in_with_code(
    config: &Config,
    code: &Sensitive<String>,
    secret: Sensitive<String>,
    clock: &Clock,
) -> Result<Tokens, SignInError> {
    let http = http_client(config, None)?;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", config.client_id.as_str()),
        ("client_secret", secret.expose().as_str()),
        ("code", code.expose().trim()),
    ];
    let answer = post_for_tokens(&http, &config.data_centre, &form).await;
    let answer = answer.map_err(|error| refused(error, true))?;
    lasting(answer, (&config.data_centre, Some(secret)), clock)
}

/// Ends a sign-in at Zoho. A user has few of them, and the oldest would be ended unasked.
pub async fn revoke(config: &Config, tokens: &Tokens) -> Result<(), Error> {
    let http = http_client(config, None)?;
    let url = format!("{}/oauth/v2/token/revoke", tokens.data_centre.accounts());
    let form = [("token", tokens.refresh.expose().as_str())];
    let outcome = http.post(url).form(&form).send().await;
    let status = outcome.map_err(|e| super::error::of_network(&e))?.status();
    // 400 says that Zoho does not know it, which is what was wanted.
    match status.as_u16() {
        200 | 400 => Ok(()),
        status => Err(super::error::not_a_crm(status)),
    }
}

fn refused(error: Error, had_secret: bool) -> SignInError {
    match (error.code.as_deref(), had_secret) {
        (Some("invalid_client_secret" | "invalid_client"), false) => SignInError::SecretNeeded,
        (Some("invalid_client_secret" | "invalid_client"), true) => SignInError::WrongClient,
        (Some("invalid_redirect_uri"), _) => SignInError::WrongClient,
        (Some("access_denied"), _) => SignInError::Refused,
        _ if error.reason() == Some(StatusReason::InactiveToken) => SignInError::WrongCode,
        _ => SignInError::Failed(error),
    }
}

fn lasting(
    answer: TokenAnswer,
    (data_centre, client_secret): (&DataCentre, Option<Sensitive<String>>),
    clock: &Clock,
) -> Result<Tokens, SignInError> {
    let environment = answer
        .api_domain
        .as_deref()
        .and_then(|api| data_centre.environment_of(api));
    Ok(Tokens {
        data_centre: data_centre.clone(),
        environment: environment.unwrap_or(Environment::Production),
        client_secret,
        refresh: answer.refresh.ok_or(SignInError::NotLasting)?,
        access: Some(Access {
            token: answer.access,
            ends: clock().plus(answer.lasts),
        }),
        locked_until: None,
    })
}

/// 32 random bytes as text: a state nobody guesses, a verifier as RFC 7636 wants it.
fn random_text() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_standard() {
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "the example of RFC 7636, appendix B"
        );
    }

    #[test]
    fn two_sign_ins_share_no_secret() {
        assert_ne!(random_text(), random_text());
        assert_eq!(random_text().len(), 43, "RFC 7636 wants 43 to 128 letters");
    }
}

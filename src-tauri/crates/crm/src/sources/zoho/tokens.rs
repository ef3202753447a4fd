//! The access to one account: kept fresh, by one refresh at a time.
//!
//! Zoho gives ten access tokens in ten minutes and locks out who asks more, so an access token is
//! handed out for keeping and used again after a restart, a refusal is remembered, and whoever
//! waited for a refresh that failed gets its answer instead of trying once more.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ringcard_core::{Sensitive, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::config::{DataCentre, Environment};
use super::error;
use super::wire::TokenAnswer;
use crate::{Error, ErrorKind, StatusReason};

/// An access token is renewed this long before it ends.
const EARLY: Duration = Duration::from_secs(5 * 60);

/// The time of day, from whoever may look at a clock.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Gets every change of the tokens, to keep them over a restart. It must not block.
pub type TokenSink = Arc<dyn Fn(&Tokens) + Send + Sync>;

/// Everything that gives access to an account. It belongs into the keychain, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    /// Where the account lives; the sign-in may have led to another than the settings name.
    pub data_centre: DataCentre,
    /// Which copy of the organisation the user chose.
    pub environment: Environment,
    /// The client's secret, where Zoho asked for one.
    pub client_secret: Option<Sensitive<String>>,
    /// It gives new access tokens until it is revoked.
    pub refresh: Sensitive<String>,
    /// The current access token.
    pub access: Option<Access>,
    /// No new access token may be asked for before this time.
    #[serde(default)]
    pub locked_until: Option<Timestamp>,
}

/// An access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// What goes into the header.
    pub token: Sensitive<String>,
    /// When it ends, by this PC's clock.
    pub ends: Timestamp,
}

impl Tokens {
    fn usable(&self, now: Timestamp) -> Option<&Sensitive<String>> {
        let access = self.access.as_ref()?;
        (access.ends > now.plus(EARLY)).then_some(&access.token)
    }
}

/// Gives access tokens to the client.
pub(super) struct TokenKeeper {
    http: reqwest::Client,
    client_id: String,
    clock: Clock,
    sink: TokenSink,
    /// Who holds it refreshes; everybody else waits here.
    state: Mutex<State>,
    /// How many refreshes have ended, so that who waited can tell that one did.
    ended: AtomicU64,
}

struct State {
    tokens: Tokens,
    failure: Option<Failure>,
}

struct Failure {
    error: Error,
    /// The accounts server is not asked again.
    is_final: bool,
}

impl TokenKeeper {
    /// Keeps `tokens`; every change goes to `sink`.
    pub fn new(
        http: reqwest::Client,
        client_id: String,
        tokens: Tokens,
        (clock, sink): (Clock, TokenSink),
    ) -> Self {
        Self {
            http,
            client_id,
            clock,
            sink,
            state: Mutex::new(State {
                tokens,
                failure: None,
            }),
            ended: AtomicU64::new(0),
        }
    }

    /// An access token that is good for some minutes.
    pub async fn access(&self) -> Result<Sensitive<String>, Error> {
        let seen = self.ended.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some(failure) = state.failure.as_ref().filter(|failure| failure.is_final) {
            return Err(failure.error.clone());
        }
        if let Some(token) = state.tokens.usable((self.clock)()) {
            return Ok(token.clone());
        }
        self.refresh(&mut state, seen).await
    }

    /// Another access token than `refused`, which the API did not take.
    pub async fn instead_of(
        &self,
        refused: &Sensitive<String>,
    ) -> Result<Sensitive<String>, Error> {
        let seen = self.ended.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        let current = state.tokens.access.as_ref().map(|access| &access.token);
        match current {
            Some(current) if current != refused => return Ok(current.clone()),
            _ => state.tokens.access = None,
        }
        self.refresh(&mut state, seen).await
    }

    /// The API refuses even fresh tokens: nothing is asked any more until a person signs in.
    pub async fn give_up(&self, error: Error) {
        let mut state = self.state.lock().await;
        state.tokens.access = None;
        state.failure = Some(Failure {
            error,
            is_final: true,
        });
    }

    async fn refresh(&self, state: &mut State, seen: u64) -> Result<Sensitive<String>, Error> {
        let ended_meanwhile = self.ended.load(Ordering::Acquire) != seen;
        if let Some(failure) = &state.failure
            && (failure.is_final || ended_meanwhile)
        {
            return Err(failure.error.clone());
        }
        self.check_lock(&state.tokens)?;
        let outcome = self.ask(&state.tokens).await;
        self.ended.fetch_add(1, Ordering::AcqRel);
        match outcome {
            Ok(answer) => Ok(self.keep(state, answer)),
            Err(error) => {
                self.remember(state, &error);
                Err(error)
            }
        }
    }

    fn check_lock(&self, tokens: &Tokens) -> Result<(), Error> {
        let now = (self.clock)();
        let Some(until) = tokens.locked_until.filter(|until| *until > now) else {
            return Ok(());
        };
        let mut error = error::of_reason(StatusReason::TokenRefresh);
        // A clock that was set back must not lock for days.
        error.retry_after = Some(until.since(now).min(error::REFRESH_PAUSE));
        Err(error)
    }

    async fn ask(&self, tokens: &Tokens) -> Result<TokenAnswer, Error> {
        let mut form = vec![
            ("grant_type", "refresh_token"),
            ("client_id", self.client_id.as_str()),
            ("refresh_token", tokens.refresh.expose().as_str()),
        ];
        if let Some(secret) = &tokens.client_secret {
            form.push(("client_secret", secret.expose()));
        }
        post_for_tokens(&self.http, &tokens.data_centre, &form).await
    }

    fn keep(&self, state: &mut State, answer: TokenAnswer) -> Sensitive<String> {
        let access = Access {
            ends: (self.clock)().plus(answer.lasts),
            token: answer.access,
        };
        let token = access.token.clone();
        state.tokens.access = Some(access);
        state.tokens.locked_until = None;
        state.failure = None;
        (self.sink)(&state.tokens);
        token
    }

    fn remember(&self, state: &mut State, error: &Error) {
        let is_final = !error.heals_itself();
        if error.reason() == Some(StatusReason::TokenRefresh) {
            let pause = error.retry_after.unwrap_or(error::REFRESH_PAUSE);
            state.tokens.locked_until = Some((self.clock)().plus(pause));
            (self.sink)(&state.tokens);
        }
        state.failure = Some(Failure {
            error: error.clone(),
            is_final,
        });
    }
}

/// Posts to the token address of a data centre and reads the answer.
pub(super) async fn post_for_tokens(
    http: &reqwest::Client,
    data_centre: &DataCentre,
    form: &[(&str, &str)],
) -> Result<TokenAnswer, Error> {
    let url = format!("{}/oauth/v2/token", data_centre.accounts());
    let request = http.post(url).form(form);
    let mut response = request.send().await.map_err(|e| error::of_network(&e))?;
    let status = response.status().as_u16();
    let body = super::client::read_body(&mut response).await?;
    let answer = super::wire::token_answer(&body)
        .map_err(|word| error::of_token_answer(status, word.as_deref()))?;
    let is_known = answer
        .api_domain
        .as_deref()
        .is_none_or(|api| data_centre.environment_of(api).is_some());
    if status == 200 && is_known {
        return Ok(answer);
    }
    Err(Error::new(
        ErrorKind::Status(StatusReason::CrmUnreachable),
        "The sign-in server named an address that is not Zoho's.",
    ))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use ringcard_sandbox::zoho::{CLIENT_ID, CLIENT_SECRET, SCOPES, World, Zoho};
    use tokio::task::JoinSet;

    use super::super::config::{LoopbackUrl, LoopbackZoho};
    use super::*;
    use crate::http::{self, Options, Reach};

    fn keeper(zoho: &Zoho) -> (Arc<TokenKeeper>, Arc<AtomicUsize>) {
        let url = || LoopbackUrl::try_from(zoho.url()).expect("on loopback");
        let tokens = Tokens {
            data_centre: DataCentre::Custom(LoopbackZoho {
                accounts: url(),
                api: url(),
            }),
            environment: Environment::Production,
            client_secret: Some(CLIENT_SECRET.to_owned().into()),
            refresh: zoho.gives_refresh_token(SCOPES).into(),
            access: None,
            locked_until: None,
        };
        let changes = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&changes);
        let sink: TokenSink = Arc::new(move |_| {
            seen.fetch_add(1, Ordering::SeqCst);
        });
        let clock: Clock = Arc::new(|| Timestamp(1_771_326_720_000));
        let http = http::client(&Options::to(Reach::Loopback)).expect("a client");
        let keeper = TokenKeeper::new(http, CLIENT_ID.to_owned(), tokens, (clock, sink));
        (Arc::new(keeper), changes)
    }

    async fn fifty(keeper: &Arc<TokenKeeper>) -> Vec<Result<Sensitive<String>, Error>> {
        let mut waiting = JoinSet::new();
        for _ in 0..50 {
            let keeper = Arc::clone(keeper);
            waiting.spawn(async move { keeper.access().await });
        }
        waiting.join_all().await
    }

    #[tokio::test]
    async fn fifty_who_wait_get_the_same_token_from_one_refresh() {
        let zoho = Zoho::with(World::empty()).await.expect("a free port");
        let (keeper, changes) = keeper(&zoho);
        let tokens: Vec<_> = fifty(&keeper).await.into_iter().flatten().collect();
        assert_eq!(tokens.len(), 50, "nobody is refused");
        assert!(
            tokens.iter().all(|token| *token == tokens[0]),
            "one token for all"
        );
        assert_eq!(zoho.requests().len(), 1, "one refresh");
        assert_eq!(changes.load(Ordering::SeqCst), 1, "kept once");
    }

    #[tokio::test]
    async fn fifty_who_wait_share_one_failure() {
        let zoho = Zoho::with(World::empty()).await.expect("a free port");
        let (keeper, _) = keeper(&zoho);
        // A page instead of JSON, and no lock that would hide a second try.
        zoho.half_a_body();
        let outcomes = fifty(&keeper).await;
        assert!(outcomes.iter().all(Result::is_err), "there was no token");
        assert_eq!(
            zoho.requests().len(),
            1,
            "who waited does not try once more"
        );
    }
}

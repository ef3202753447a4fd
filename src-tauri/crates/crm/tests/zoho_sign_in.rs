//! Signing in at a Zoho on loopback, with a browser that a test drives.

mod desk;

use std::sync::Arc;
use std::time::Duration;

use desk::liar::{self, Liar};
use ringcard_core::Timestamp;
use ringcard_crm::http::{self, Options, Reach};
use ringcard_crm::sources::zoho::{
    AnswerWords, Clock, Config, Consent, SignIn, SignInError, revoke, sign_in_with_code,
};
use ringcard_sandbox::zoho::{CLIENT_SECRET, SCOPES, Zoho};
use url::Url;

const PATIENCE: Duration = Duration::from_secs(10);

fn clock() -> Clock {
    Arc::new(|| Timestamp(1_771_326_720_000))
}

fn browser() -> reqwest::Client {
    http::client(&Options::to(Reach::Loopback)).expect("a client for this machine")
}

/// Opens the sign-in page and says where Zoho sends the browser.
async fn consent_at(sign_in: &SignIn) -> Url {
    let answer = browser()
        .get(sign_in.authorize_url())
        .send()
        .await
        .expect("a page");
    assert_eq!(answer.status(), 302, "Zoho sends the browser back");
    let location = answer.headers()["location"].to_str().expect("text");
    Url::parse(location).expect("an address")
}

async fn come_back(url: Url) -> (u16, String) {
    let answer = browser()
        .get(url)
        .send()
        .await
        .expect("the listener answers");
    (
        answer.status().as_u16(),
        answer.text().await.expect("a page"),
    )
}

/// The same address with other values for one parameter.
fn with(url: &Url, name: &str, value: &str) -> Url {
    let others = url.query_pairs().filter(|(key, _)| key != name);
    let pairs: Vec<_> = others
        .map(|(k, v)| (k.into_owned(), v.into_owned()))
        .collect();
    let mut forged = url.clone();
    forged
        .query_pairs_mut()
        .clear()
        .extend_pairs(pairs)
        .append_pair(name, value);
    forged
}

async fn sign_in(config: Config) -> Result<Consent, SignInError> {
    let sign_in = SignIn::begin(config, clock()).await.expect("a free port");
    let back = consent_at(&sign_in).await;
    let words = AnswerWords::default();
    let (consent, _) = tokio::join!(sign_in.wait(PATIENCE, &words), come_back(back));
    consent
}

#[tokio::test]
async fn the_browser_signs_in_without_a_secret() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.consents_at_once();
    let consent = sign_in(desk::config(&zoho)).await.expect("consent");
    let tokens = consent.tokens(None).await.expect("PKCE is enough");
    assert_eq!(tokens.client_secret, None);
    assert_eq!(tokens.data_centre, desk::config(&zoho).data_centre);
    assert!(
        tokens.access.is_some(),
        "the first access token is kept, too"
    );
    assert_eq!(zoho.sign_ins(), 1);
}

#[tokio::test]
async fn the_secret_is_asked_for_only_when_zoho_refuses_without() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.consents_at_once();
    zoho.requires_secret(true);
    let consent = sign_in(desk::config(&zoho)).await.expect("consent");
    let refused = consent.tokens(None).await.expect_err("refused");
    assert!(matches!(refused, SignInError::SecretNeeded), "{refused}");
    let secret = CLIENT_SECRET.to_owned().into();
    let tokens = consent
        .tokens(Some(secret))
        .await
        .expect("the same consent");
    assert!(tokens.client_secret.is_some(), "renewing needs it, too");
}

#[tokio::test]
async fn a_wrong_secret_is_said_to_be_wrong() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.consents_at_once();
    zoho.requires_secret(true);
    let consent = sign_in(desk::config(&zoho)).await.expect("consent");
    let refused = consent.tokens(Some("guess".to_owned().into())).await;
    assert!(matches!(refused, Err(SignInError::WrongClient)));
}

#[tokio::test]
async fn a_code_has_one_use() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.consents_at_once();
    let consent = sign_in(desk::config(&zoho)).await.expect("consent");
    consent.tokens(None).await.expect("the first time");
    let again = consent.tokens(None).await;
    assert!(matches!(again, Err(SignInError::WrongCode)));
}

#[tokio::test]
async fn who_refuses_is_not_asked_again() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.refuses_consent();
    let outcome = sign_in(desk::config(&zoho)).await.map(|_| ());
    assert!(matches!(outcome, Err(SignInError::Refused)), "{outcome:?}");
}

#[tokio::test]
async fn a_forged_state_neither_signs_in_nor_ends_the_waiting() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.consents_at_once();
    let sign_in = SignIn::begin(desk::config(&zoho), clock())
        .await
        .expect("a free port");
    let back = consent_at(&sign_in).await;
    let forged = with(&with(&back, "state", "forged"), "code", "1000.evil");
    let words = AnswerWords::default();
    let visits = async {
        let (status, _) = come_back(forged).await;
        assert_eq!(status, 400, "it is told off");
        come_back(back).await
    };
    let (consent, (status, page)) = tokio::join!(sign_in.wait(PATIENCE, &words), visits);
    assert_eq!(status, 200);
    assert!(page.contains("You can close this page"), "{page}");
    consent
        .expect("the right one")
        .tokens(None)
        .await
        .expect("the right code");
}

#[tokio::test]
async fn only_forged_states_are_told_when_the_time_is_up() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.consents_at_once();
    let sign_in = SignIn::begin(desk::config(&zoho), clock())
        .await
        .expect("a free port");
    let forged = with(&consent_at(&sign_in).await, "state", "forged");
    let words = AnswerWords::default();
    let short = Duration::from_millis(700);
    let (outcome, _) = tokio::join!(sign_in.wait(short, &words), come_back(forged));
    assert!(matches!(
        outcome.map(|_| ()),
        Err(SignInError::ForeignState)
    ));
}

#[tokio::test]
async fn a_forged_accounts_server_never_gets_the_code() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.consents_at_once();
    let thief = Liar::saying(liar::token("https://www.zohoapis.eu"), String::new()).await;
    for server in [
        thief.url.as_str(),
        "https://accounts.zoho.eu",
        "https://evil.example.com",
    ] {
        let sign_in = SignIn::begin(desk::config(&zoho), clock())
            .await
            .expect("a free port");
        let forged = with(&consent_at(&sign_in).await, "accounts-server", server);
        let words = AnswerWords::default();
        let (outcome, _) = tokio::join!(sign_in.wait(PATIENCE, &words), come_back(forged));
        let outcome = outcome.map(|_| ());
        assert!(
            matches!(outcome, Err(SignInError::ForeignServer)),
            "{server}"
        );
    }
    let calls = thief.token_calls.load(std::sync::atomic::Ordering::SeqCst);
    assert_eq!(calls, 0, "the code went nowhere");
}

#[tokio::test]
async fn a_silent_visitor_does_not_keep_the_browser_waiting() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.consents_at_once();
    let sign_in = SignIn::begin(desk::config(&zoho), clock())
        .await
        .expect("a free port");
    let back = consent_at(&sign_in).await;
    let port = back.port().expect("the listener's");
    let _silent = tokio::net::TcpStream::connect(("127.0.0.1", port))
        .await
        .expect("open");
    let words = AnswerWords::default();
    let (consent, _) = tokio::join!(sign_in.wait(PATIENCE, &words), come_back(back));
    assert!(consent.is_ok(), "the browser came second and is served");
}

#[tokio::test]
async fn nobody_coming_back_ends_in_time() {
    let zoho = Zoho::start().await.expect("a free port");
    let sign_in = SignIn::begin(desk::config(&zoho), clock())
        .await
        .expect("a free port");
    let outcome = sign_in
        .wait(Duration::from_millis(50), &AnswerWords::default())
        .await;
    assert!(matches!(outcome.map(|_| ()), Err(SignInError::TimedOut)));
}

#[tokio::test]
async fn a_taken_port_is_said() {
    let taken = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a free port");
    let zoho = Zoho::start().await.expect("a free port");
    let mut config = desk::config(&zoho);
    config.redirect_port = Some(taken.local_addr().expect("bound").port());
    let outcome = SignIn::begin(config, clock()).await.map(|_| ());
    assert!(matches!(outcome, Err(SignInError::PortTaken)));
}

#[tokio::test]
async fn a_self_client_code_signs_in_and_a_used_one_does_not() {
    let zoho = Zoho::start().await.expect("a free port");
    let config = desk::config(&zoho);
    let code = zoho.self_client_code(SCOPES).into();
    let secret = || CLIENT_SECRET.to_owned().into();
    let tokens = sign_in_with_code(&config, &code, secret(), &clock()).await;
    let tokens = tokens.expect("a fresh code");
    let again = sign_in_with_code(&config, &code, secret(), &clock()).await;
    assert!(matches!(again, Err(SignInError::WrongCode)));
    assert_eq!(zoho.sign_ins(), 1);
    revoke(&config, &tokens).await.expect("Zoho knows it");
    assert_eq!(zoho.sign_ins(), 0, "the old one makes room");
    revoke(&config, &tokens)
        .await
        .expect("to end it twice is no error");
}

#[tokio::test]
async fn an_access_that_cannot_be_renewed_is_refused() {
    let fleeting = liar::json(
        "200 OK",
        r#"{"access_token":"1000.aa.bb","expires_in":3600}"#,
    );
    let server = Liar::saying(fleeting, String::new()).await;
    let config = desk::config_at(&server.url);
    let (code, secret) = ("1000.code".to_owned().into(), "s".to_owned().into());
    let outcome = sign_in_with_code(&config, &code, secret, &clock()).await;
    assert!(
        matches!(outcome, Err(SignInError::NotLasting)),
        "it would end in an hour"
    );
}

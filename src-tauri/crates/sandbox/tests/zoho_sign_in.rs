//! How one signs in to the sandbox Zoho, and how that fails.

mod zoho_client;

use std::time::Duration;

use ringcard_sandbox::zoho::{CLIENT_ID, CLIENT_SECRET, SCOPES, World, Zoho};
use zoho_client::{Reply, encode, form, send, sign_in};

const REDIRECT: &str = "http://127.0.0.1:49152/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn zoho() -> Zoho {
    Zoho::with(World::of(20)).await.expect("a free port")
}

fn authorise_url(challenge: &str) -> String {
    format!(
        "/oauth/v2/auth?scope={}&client_id={CLIENT_ID}&response_type=code&access_type=offline\
         &prompt=consent&redirect_uri={}&state=s1&code_challenge={challenge}\
         &code_challenge_method=S256",
        encode(SCOPES),
        encode(REDIRECT)
    )
}

async fn open(zoho: &Zoho, url: &str) -> Reply {
    send(zoho, &format!("GET {url} HTTP/1.1"), b"")
        .await
        .expect("an answer")
}

async fn code_by_browser(zoho: &Zoho) -> String {
    zoho.consents_at_once();
    let reply = open(zoho, &authorise_url(CHALLENGE)).await;
    assert_eq!(reply.status, 302, "the browser is sent back");
    parameter(&reply.headers["location"], "code").expect("a code")
}

fn parameter(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

async fn exchange(zoho: &Zoho, code: &str, rest: &str) -> Reply {
    let body = format!(
        "grant_type=authorization_code&client_id={CLIENT_ID}&redirect_uri={}&code={code}{rest}",
        encode(REDIRECT)
    );
    form(zoho, "/oauth/v2/token", &body).await
}

#[tokio::test]
async fn consent_page_has_both_buttons_and_sends_the_browser_back() {
    let zoho = zoho().await;
    let page = open(&zoho, &authorise_url(CHALLENGE)).await;
    let text = String::from_utf8(page.body).expect("a page");
    assert!(
        text.contains("id=\"accept\"") && text.contains("id=\"reject\""),
        "a person decides"
    );
    let body = authorise_url(CHALLENGE);
    let (_, query) = body.split_once('?').expect("a query");
    let accepted = form(&zoho, "/oauth/v2/auth", &format!("{query}&decision=accept")).await;
    let location = &accepted.headers["location"];
    assert_eq!(
        parameter(location, "state").as_deref(),
        Some("s1"),
        "the state comes back"
    );
    assert_eq!(
        parameter(location, "location").as_deref(),
        Some("eu"),
        "the data centre"
    );
    assert_eq!(
        parameter(location, "accounts-server"),
        Some(encode(&zoho.url())),
        "where to exchange"
    );
    let rejected = form(&zoho, "/oauth/v2/auth", &format!("{query}&decision=reject")).await;
    assert_eq!(
        parameter(&rejected.headers["location"], "error").as_deref(),
        Some("access_denied"),
        "a refusal is said"
    );
}

#[tokio::test]
async fn pkce_needs_the_right_verifier() {
    let zoho = zoho().await;
    let code = code_by_browser(&zoho).await;
    let wrong = exchange(&zoho, &code, "&code_verifier=guessed").await;
    assert_eq!(wrong.status, 200, "errors of the token call come with 200");
    assert_eq!(wrong.json()["error"], "invalid_code", "a wrong verifier");
    let again = exchange(&zoho, &code, &format!("&code_verifier={VERIFIER}")).await;
    assert_eq!(again.json()["error"], "invalid_code", "a code has one use");
    let code = code_by_browser(&zoho).await;
    let right = exchange(&zoho, &code, &format!("&code_verifier={VERIFIER}")).await;
    assert!(
        right.json()["refresh_token"].is_string(),
        "a right verifier"
    );
    assert_eq!(right.json()["api_domain"], zoho.url(), "where the API is");
}

#[tokio::test]
async fn secret_can_be_required_beside_pkce() {
    let zoho = zoho().await;
    zoho.requires_secret(true);
    let code = code_by_browser(&zoho).await;
    let verifier = format!("&code_verifier={VERIFIER}");
    let without = exchange(&zoho, &code, &verifier).await;
    assert_eq!(
        without.json()["error"],
        "invalid_client_secret",
        "no secret"
    );
    let with = exchange(
        &zoho,
        &code,
        &format!("{verifier}&client_secret={CLIENT_SECRET}"),
    )
    .await;
    assert!(with.json()["access_token"].is_string(), "the code was kept");
}

#[tokio::test]
async fn token_call_takes_query_and_multipart_too() {
    let zoho = zoho().await;
    let refresh = zoho.gives_refresh_token(SCOPES);
    let query = format!(
        "/oauth/v2/token?grant_type=refresh_token&client_id={CLIENT_ID}\
         &client_secret={CLIENT_SECRET}&refresh_token={refresh}"
    );
    let by_query = send(&zoho, &format!("POST {query} HTTP/1.1"), b"").await;
    let by_query = by_query.expect("an answer").json();
    assert!(by_query["access_token"].is_string(), "by query: {by_query}");
    assert!(
        by_query.get("refresh_token").is_none(),
        "it is not given again"
    );
    let part = |name: &str, value: &str| {
        format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = [
        part("grant_type", "refresh_token"),
        part("client_id", CLIENT_ID),
        part("client_secret", CLIENT_SECRET),
        part("refresh_token", &refresh),
        "--b--\r\n".to_owned(),
    ]
    .concat();
    let head = "POST /oauth/v2/token HTTP/1.1\r\ncontent-type: multipart/form-data; boundary=b";
    let by_parts = send(&zoho, head, body.as_bytes()).await.expect("an answer");
    assert!(by_parts.json()["access_token"].is_string(), "by multipart");
}

#[tokio::test]
async fn eleventh_refresh_in_ten_minutes_is_denied_with_200() {
    let zoho = zoho().await;
    let mut session = sign_in(&zoho).await;
    for _ in 0..9 {
        let reply = session.refresh().await;
        assert!(reply.json()["access_token"].is_string(), "ten are given");
    }
    let denied = session.refresh().await;
    assert_eq!(denied.status, 200, "the status does not tell");
    assert_eq!(denied.json()["error"], "Access Denied", "too many");
    zoho.time_passes(Duration::from_secs(601));
    let later = session.refresh().await;
    assert!(
        later.json()["access_token"].is_string(),
        "ten minutes later"
    );
}

#[tokio::test]
async fn revoked_sign_in_ends_its_access_tokens() {
    let zoho = zoho().await;
    let mut session = sign_in(&zoho).await;
    let body = format!("token={}", session.refresh);
    let reply = form(&zoho, "/oauth/v2/token/revoke", &body).await;
    assert_eq!(reply.json()["status"], "success", "a known token");
    assert_eq!(
        session.get("org").await.code(),
        "INVALID_OAUTHTOKEN",
        "it is dead"
    );
    assert_eq!(
        session.refresh().await.json()["error"],
        "invalid_code",
        "for good"
    );
    let again = form(&zoho, "/oauth/v2/token/revoke", &body).await;
    assert_eq!(again.status, 400, "an unknown token gets a page");
    assert!(
        again.headers["content-type"].starts_with("text/html"),
        "no JSON"
    );
}

#[tokio::test]
async fn expired_access_token_is_refused_and_renewed() {
    let zoho = zoho().await;
    let mut session = sign_in(&zoho).await;
    zoho.time_passes(Duration::from_secs(3601));
    let refused = session.get("org").await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (401, "INVALID_TOKEN"),
        "an hour"
    );
    session.refresh().await;
    assert_eq!(session.get("org").await.status, 200, "a new one is good");
}

#[tokio::test]
async fn current_user_is_the_one_who_signed_in() {
    let zoho = zoho().await;
    zoho.signs_in_as("103");
    let session = sign_in(&zoho).await;
    zoho.signs_in_as("101");
    let users = session.get("users?type=CurrentUser").await.json();
    assert_eq!(
        users["users"][0]["email"], "olga.sokolova@example.com",
        "the token's user"
    );
    zoho.has_no_account();
    assert_eq!(
        session.get("users?type=CurrentUser").await.status,
        204,
        "none"
    );
}

#[tokio::test]
async fn secrets_are_hidden_from_the_list_of_requests() {
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    session.get("org?token=abc").await;
    let seen = format!("{:?}", zoho.requests());
    assert!(!seen.contains(&session.access), "no access token");
    assert!(!seen.contains("abc"), "no token in a query");
}

//! Access tokens: one refresh at a time, kept over restarts, never asked for in a loop.

mod desk;

use std::sync::atomic::Ordering;
use std::time::Duration;

use desk::Desk;
use desk::liar::{self, Liar};
use ringcard_crm::{CrmSource as _, StatusReason};
use ringcard_sandbox::zoho::Zoho;
use tokio::task::JoinSet;

fn refreshes(zoho: &Zoho) -> usize {
    let requests = zoho.requests();
    requests
        .iter()
        .filter(|request| request.path == "/oauth/v2/token")
        .count()
}

async fn fifty_at_once(source: std::sync::Arc<ringcard_crm::sources::zoho::ZohoSource>) -> usize {
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let source = std::sync::Arc::clone(&source);
        calls.spawn(async move { source.account().await.is_ok() });
    }
    let outcomes = calls.join_all().await;
    outcomes.into_iter().filter(|went_well| *went_well).count()
}

#[tokio::test]
async fn fifty_calls_at_once_make_one_refresh() {
    let zoho = Zoho::start().await.expect("a free port");
    let source = std::sync::Arc::new(Desk::at(&zoho).source());
    assert_eq!(fifty_at_once(source).await, 50, "everybody is served");
    assert_eq!(refreshes(&zoho), 1, "Zoho locks out who asks for ten");
}

#[tokio::test]
async fn fifty_calls_with_a_refused_token_make_one_refresh() {
    let zoho = Zoho::start().await.expect("a free port");
    let source = std::sync::Arc::new(Desk::at(&zoho).source());
    source.account().await.expect("signed in");
    zoho.expires_access_tokens();
    zoho.forgets_requests();
    assert_eq!(fifty_at_once(source).await, 50, "everybody is served");
    assert_eq!(refreshes(&zoho), 1, "one 401 renews for all");
}

#[tokio::test]
async fn a_restart_uses_the_token_that_was_kept() {
    let zoho = Zoho::start().await.expect("a free port");
    let desk = Desk::at(&zoho);
    desk.source().account().await.expect("signed in");
    let kept = desk
        .kept
        .lock()
        .expect("no panic")
        .clone()
        .expect("handed out");
    let text = serde_json::to_string(&kept).expect("for the keychain");
    let kept = serde_json::from_str(&text).expect("what was written is read");
    zoho.forgets_requests();
    desk.source_with(kept, None)
        .account()
        .await
        .expect("still good");
    assert_eq!(
        refreshes(&zoho),
        0,
        "the token lives an hour, not a process"
    );
}

#[tokio::test]
async fn a_token_is_renewed_five_minutes_before_its_end() {
    let zoho = Zoho::start().await.expect("a free port");
    let desk = Desk::at(&zoho);
    let source = desk.source();
    source.account().await.expect("signed in");
    desk.time_passes(Duration::from_secs(54 * 60));
    source.account().await.expect("good");
    assert_eq!(refreshes(&zoho), 1, "six minutes are left");
    desk.time_passes(Duration::from_secs(2 * 60));
    source.account().await.expect("good");
    assert_eq!(refreshes(&zoho), 2, "four minutes are too few");
}

#[tokio::test]
async fn the_throttle_locks_for_ten_minutes_also_over_a_restart() {
    let zoho = Zoho::start().await.expect("a free port");
    let desk = Desk::at(&zoho);
    let source = desk.source();
    for _ in 0..10 {
        source.account().await.expect("ten are given");
        zoho.expires_access_tokens();
    }
    let error = source.account().await.expect_err("the eleventh is not");
    assert_eq!(error.reason(), Some(StatusReason::TokenRefresh));
    assert!(
        error.retry_after >= Some(Duration::from_secs(600)),
        "asking sooner locks longer"
    );
    zoho.forgets_requests();
    source.account().await.expect_err("locked");
    let kept = desk
        .kept
        .lock()
        .expect("no panic")
        .clone()
        .expect("handed out");
    desk.source_with(kept.clone(), None)
        .account()
        .await
        .expect_err("locked");
    assert_eq!(
        zoho.requests().len(),
        0,
        "nobody is asked while the lock holds"
    );
    desk.time_passes(Duration::from_secs(601));
    zoho.time_passes(Duration::from_secs(601));
    desk.source_with(kept, None)
        .account()
        .await
        .expect("the lock has ended");
}

#[tokio::test]
async fn a_broken_accounts_server_is_no_reason_to_sign_in_anew() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.sign_in_answers_status(503);
    let desk = Desk::at(&zoho);
    let source = desk.source();
    let error = source.account().await.expect_err("no token");
    assert_eq!(error.reason(), Some(StatusReason::TokenRefresh));
    assert!(error.heals_itself(), "no person can help");
    zoho.behaves();
    desk.time_passes(Duration::from_secs(601));
    source.account().await.expect("it healed");
}

#[tokio::test]
async fn a_revoked_sign_in_is_not_asked_for_again() {
    let zoho = Zoho::start().await.expect("a free port");
    let source = std::sync::Arc::new(Desk::at(&zoho).source());
    zoho.revokes_tokens();
    assert_eq!(fifty_at_once(std::sync::Arc::clone(&source)).await, 0);
    let error = source.account().await.expect_err("revoked");
    assert_eq!(error.reason(), Some(StatusReason::InactiveToken));
    assert_eq!(refreshes(&zoho), 1, "a person has to sign in first");
}

#[tokio::test]
async fn a_failed_refresh_is_shared_by_those_who_waited() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.sign_in_answers_status(500);
    let source = std::sync::Arc::new(Desk::at(&zoho).source());
    assert_eq!(fifty_at_once(source).await, 0);
    assert_eq!(refreshes(&zoho), 1, "fifty failures would be a loop");
}

#[tokio::test]
async fn a_wrong_secret_is_an_invalid_token() {
    let zoho = Zoho::start().await.expect("a free port");
    let mut desk = Desk::at(&zoho);
    desk.tokens.client_secret = Some("another".to_owned().into());
    let error = desk.source().account().await.expect_err("refused");
    assert_eq!(error.reason(), Some(StatusReason::InvalidToken));
    assert_eq!(error.code.as_deref(), Some("invalid_client_secret"));
}

#[tokio::test]
async fn fresh_tokens_that_are_refused_end_the_asking() {
    let refusal =
        r#"{"code":"INVALID_TOKEN","details":{},"message":"invalid oauth token","status":"error"}"#;
    let token = r#"{"access_token":"1000.aa.bb","expires_in":3600}"#;
    let server = Liar::saying(
        liar::json("200 OK", token),
        liar::json("401 Unauthorized", refusal),
    )
    .await;
    let source = Desk::with(desk::config_at(&server.url), "1000.r".to_owned()).source();
    for _ in 0..3 {
        let error = source.account().await.expect_err("refused");
        assert_eq!(error.reason(), Some(StatusReason::InvalidToken));
    }
    assert_eq!(
        server.token_calls.load(Ordering::SeqCst),
        2,
        "the first and one renewal"
    );
    assert_eq!(server.api_calls.load(Ordering::SeqCst), 2, "then silence");
}

#[tokio::test]
async fn a_token_answer_with_a_foreign_api_is_refused() {
    let server = Liar::saying(
        liar::token("https://www.zohoapis.eu.example.com"),
        liar::json("200 OK", r#"{"org":[]}"#),
    )
    .await;
    let source = Desk::with(desk::config_at(&server.url), "1000.r".to_owned()).source();
    let error = source.account().await.expect_err("not Zoho's");
    assert_eq!(error.reason(), Some(StatusReason::CrmUnreachable));
    assert_eq!(
        server.api_calls.load(Ordering::SeqCst),
        0,
        "the token went nowhere"
    );
}

#[tokio::test]
async fn a_redirect_does_not_carry_the_token_away() {
    let thief = Liar::saying(String::new(), liar::json("200 OK", "{}")).await;
    let location = format!(
        "HTTP/1.1 302 Found\r\nLocation: {}/x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        thief.url
    );
    let token = r#"{"access_token":"1000.aa.bb","expires_in":3600}"#;
    let server = Liar::saying(liar::json("200 OK", token), location).await;
    let source = Desk::with(desk::config_at(&server.url), "1000.r".to_owned()).source();
    let error = source.account().await.expect_err("no CRM");
    assert_eq!(error.reason(), Some(StatusReason::CrmUnreachable));
    assert_eq!(
        thief.api_calls.load(Ordering::SeqCst),
        0,
        "redirects are not followed"
    );
}

#[tokio::test]
async fn a_body_without_end_is_cut() {
    let token = r#"{"access_token":"1000.aa.bb","expires_in":3600}"#;
    let huge = format!("{{\"org\":\"{}\"}}", "x".repeat(17 * 1024 * 1024));
    let server = Liar::saying(liar::json("200 OK", token), liar::json("200 OK", &huge)).await;
    let source = Desk::with(desk::config_at(&server.url), "1000.r".to_owned()).source();
    let error = source.account().await.expect_err("too long");
    assert_eq!(error.reason(), Some(StatusReason::CrmUnreachable));
}

#[tokio::test]
async fn no_secret_is_shown_by_what_is_logged_or_told() {
    let zoho = Zoho::start().await.expect("a free port");
    let desk = Desk::at(&zoho);
    zoho.goes_offline().await;
    let error = desk.source().account().await.expect_err("offline");
    let shown = format!("{error} {error:?}");
    let tokens = format!("{:?}", desk.tokens);
    for text in [&shown, &tokens] {
        assert!(
            !text.contains(desk.tokens.refresh.expose()),
            "secrets stay in the keychain"
        );
    }
    assert!(
        !shown.contains("127.0.0.1"),
        "an error has a sentence, not a URL"
    );
}

//! How the sandbox Zoho fails, refuses and counts.

mod zoho_client;

use std::time::Duration;

use ringcard_sandbox::zoho::{World, Zoho};
use serde_json::json;
use tokio::time::timeout;
use zoho_client::sign_in;

async fn zoho(records: usize) -> Zoho {
    Zoho::with(World::of(records)).await.expect("a free port")
}

#[tokio::test]
async fn offline_refuses_and_comes_back_on_the_same_port() {
    let zoho = zoho(20).await;
    let session = sign_in(&zoho).await;
    zoho.goes_offline().await;
    let refused = session.try_get("org", None).await;
    assert!(refused.is_err(), "nobody listens");
    zoho.comes_back().await.expect("the port is still ours");
    assert_eq!(session.get("org").await.status, 200, "tokens outlive it");
}

#[tokio::test]
async fn hanging_server_answers_nothing_until_it_goes() {
    let zoho = zoho(20).await;
    let session = sign_in(&zoho).await;
    zoho.hangs();
    let waiting = session.try_get("org", None);
    tokio::pin!(waiting);
    let early = timeout(Duration::from_millis(50), &mut waiting).await;
    assert!(early.is_err(), "it takes the request and is silent");
    zoho.goes_offline().await;
    assert!(waiting.await.is_err(), "going offline breaks what is open");
}

#[tokio::test]
async fn half_a_body_is_less_than_was_promised() {
    let zoho = zoho(20).await;
    let session = sign_in(&zoho).await;
    zoho.half_a_body();
    let broken = session.try_get("org", None).await;
    assert!(
        broken.is_err(),
        "the length tells that something is missing"
    );
    zoho.behaves();
    assert_eq!(session.get("org").await.status, 200, "whole again");
}

#[tokio::test]
async fn connection_drops_after_the_page_that_was_named() {
    let zoho = zoho(900).await;
    let session = sign_in(&zoho).await;
    zoho.drops_connection_after_page(2);
    let path = "Contacts?fields=Phone&per_page=50";
    for page in 1..=2 {
        let reply = session.try_get(&format!("{path}&page={page}"), None).await;
        assert!(reply.is_ok(), "page {page} comes");
    }
    let third = session.try_get(&format!("{path}&page=3"), None).await;
    assert!(third.is_err(), "the third does not");
    assert_eq!(
        session.get(&format!("{path}&page=3")).await.status,
        200,
        "once only"
    );
}

#[tokio::test]
async fn pages_and_statuses_come_instead_of_answers() {
    let zoho = zoho(20).await;
    let session = sign_in(&zoho).await;
    zoho.answers_html();
    let page = session.get("org").await;
    assert_eq!(page.status, 200, "a proxy says 200");
    assert!(
        page.headers["content-type"].starts_with("text/html"),
        "with a page"
    );
    for (status, code) in [(500, "INTERNAL_ERROR"), (503, "SERVICE_UNAVAILABLE")] {
        zoho.answers_status(status);
        let reply = session.get("org").await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (status, code),
            "{status}"
        );
    }
    zoho.answers_status(403);
    let forbidden = session.get("org").await;
    assert!(
        forbidden.headers["content-type"].starts_with("text/html"),
        "no JSON"
    );
}

#[tokio::test]
async fn rights_are_refused_with_the_permission_that_is_missing() {
    let zoho = zoho(100).await;
    let session = sign_in(&zoho).await;
    zoho.forbids_module("Leads");
    let leads = session.get("Leads?fields=Phone").await;
    assert_eq!(
        (leads.status, leads.code().as_str()),
        (403, "NO_PERMISSION"),
        "the module"
    );
    let permissions = &leads.json()["details"]["permissions"];
    assert_eq!(permissions, &json!(["Crm_Implied_View_Leads"]), "by name");
    assert_eq!(
        session.get("Contacts?fields=Phone").await.status,
        200,
        "the others go on"
    );
    zoho.forbids_api();
    let org = session.get("org").await.json();
    let permissions = &org["details"]["permissions"];
    assert_eq!(
        permissions,
        &json!(["Crm_Implied_Api_Access"]),
        "the whole API"
    );
}

#[tokio::test]
async fn ended_trial_is_told_by_the_organisation() {
    let zoho = zoho(100).await;
    let session = sign_in(&zoho).await;
    zoho.trial_ended();
    let org = session.get("org").await.json();
    let licence = &org["org"][0]["license_details"];
    assert_eq!(licence["paid"], false, "nobody pays");
    assert!(licence["trial_expiry"].is_string(), "since when");
    assert_eq!(
        session.get("Contacts?fields=Phone").await.status,
        403,
        "the rest is refused"
    );
}

#[tokio::test]
async fn another_organisation_has_another_number() {
    let zoho = zoho(20).await;
    let session = sign_in(&zoho).await;
    let first = session.get("org").await.json()["org"][0]["zgid"].clone();
    zoho.switches_organisation();
    let second = session.get("org").await.json()["org"][0]["zgid"].clone();
    assert_ne!(first, second, "that is how it is noticed");
}

#[tokio::test]
async fn credits_are_counted_and_run_out() {
    let zoho = zoho(100).await;
    let session = sign_in(&zoho).await;
    zoho.limits_credits(10);
    let first = session.get("Contacts?fields=Phone").await;
    assert!(
        !first.headers.contains_key("x-api-credits-remaining"),
        "less than half"
    );
    session.get("Contacts/deleted").await;
    let search = session.get("Contacts/search?word=zz").await;
    assert_eq!(
        zoho.credits_used(),
        6,
        "one for a list, two for deletions, three for a search"
    );
    assert_eq!(
        search.headers["x-api-credits-remaining"], "4",
        "told from half on"
    );
    let count = session.get("Contacts/actions/count").await;
    assert_eq!(
        (count.status, count.code().as_str()),
        (429, "TOO_MANY_REQUESTS"),
        "fifty"
    );
    let message = count.json()["message"].as_str().expect("words").to_owned();
    assert!(
        message.contains("24 hour"),
        "only the words tell why: {message}"
    );
    assert!(
        !count.headers.contains_key("retry-after"),
        "nothing says for how long"
    );
    assert_eq!(zoho.calls_made(), 4, "the refused one counts");
}

#[tokio::test]
async fn too_many_at_once_is_the_same_code_with_other_words() {
    let zoho = zoho(20).await;
    let session = sign_in(&zoho).await;
    zoho.throttles_next(1);
    zoho.sends_retry_after(7);
    let refused = session.get("org").await;
    assert_eq!(refused.code(), "TOO_MANY_REQUESTS", "the same code");
    assert!(
        refused.json()["message"]
            .as_str()
            .expect("words")
            .contains("concurrency"),
        "words"
    );
    assert_eq!(refused.headers["retry-after"], "7", "when it is told to");
    assert_eq!(session.get("org").await.status, 200, "once only");
}

#[tokio::test]
async fn skewed_clock_shows_in_the_date() {
    let zoho = zoho(20).await;
    let session = sign_in(&zoho).await;
    let right = session.get("org").await.headers["date"].clone();
    zoho.clock_skew(-366 * 24 * 3600);
    let skewed = session.get("org").await.headers["date"].clone();
    let year = |date: &str| date.split(' ').nth(3).and_then(|y| y.parse::<i32>().ok());
    assert!(year(&skewed) < year(&right), "{skewed} is before {right}");
}

#[tokio::test]
async fn nobody_gets_in_without_a_token() {
    let zoho = zoho(20).await;
    let mut session = sign_in(&zoho).await;
    session.access = "1000.made.up".to_owned();
    let reply = session.get("org").await;
    assert_eq!(
        (reply.status, reply.code().as_str()),
        (401, "INVALID_TOKEN"),
        "unknown"
    );
    assert_eq!(
        session.get("nonsense/with/four/parts").await.status,
        401,
        "first of all"
    );
}

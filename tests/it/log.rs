//! The page "Log": what became of a connection, details only when asked for, found again by a word,
//! and never a name or a number.
//!
//! A process has one log; this is the only test in it.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use ringcard_ipc::{LogView, Reply, Request};
use ringcard_sandbox::zoho::SCOPES;
use ringcard_tests::desk::Desk;

async fn log(desk: &Desk, find: &str) -> LogView {
    let find = find.into();
    match desk.ask(Request::Log { find }).await {
        Reply::Log(view) => view,
        reply => panic!("{reply:?}"),
    }
}

async fn looks_up(desk: &Desk) {
    let number = "0231 123456".into();
    let reply = desk.ask(Request::Lookup { number }).await;
    assert!(matches!(reply, Reply::Lookup(view) if view.found.len() == 1));
}

async fn signs_in(desk: &Desk, code: String) {
    let integration = "zoho".into();
    let sign_in = Request::SignInWithCode { integration, code };
    assert_eq!(desk.ask(sign_in).await, Reply::Done);
}

/// The access is withdrawn, a sign-in is refused, and the next one repairs the connection.
async fn loses_its_crm_and_finds_it_again(desk: &mut Desk) {
    desk.zoho.revokes_tokens();
    desk.zoho.expires_access_tokens();
    let sync = Request::Sync {
        integration: None,
        full: false,
    };
    assert_eq!(desk.ask(sync).await, Reply::Done);
    desk.status_is("no access", |status| {
        status.integrations[0].reason.is_some()
    })
    .await;
    desk.keeps_the_client_secret().await;
    signs_in(desk, "1000.used.up".into()).await;
    desk.status_is("a refused sign-in", |status| {
        status.integrations[0].refused_sign_in.is_some()
    })
    .await;
    let code = desk.zoho.self_client_code(SCOPES);
    signs_in(desk, code).await;
    desk.status_is("a repaired connection", |status| {
        status.integrations[0].reason.is_none()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn details_are_recorded_when_asked_for_and_name_nobody() {
    let mut desk = Desk::that_knows_erika().await;
    looks_up(&desk).await;
    let before = log(&desk, "looked up").await;
    assert!(before.entries.is_empty(), "success is quiet");
    let on = Request::LogDetails { on: true };
    assert_eq!(desk.ask(on).await, Reply::Done);
    looks_up(&desk).await;
    let found = log(&desk, "looked up").await;
    assert!(found.details, "the page says that details are recorded");
    assert_eq!(found.entries.len(), 1, "the next lookup, and once");
    loses_its_crm_and_finds_it_again(&mut desk).await;
    for (what, reason) in [
        ("a connection has a fault", "InactiveToken"),
        ("a refresh failed", "InactiveToken"),
        ("a sign-in was refused", "InvalidToken"),
        ("a connection is well again", ""),
    ] {
        let told = log(&desk, what).await.entries;
        let told = told.first().unwrap_or_else(|| panic!("no line: {what}"));
        assert!(told.text.contains("integration=zoho"), "{}", told.text);
        assert!(told.text.contains(reason), "{}", told.text);
    }
    let secrets = std::fs::read_to_string(desk.folder().join("secrets.json")).unwrap();
    let secrets: serde_json::Value = serde_json::from_str(&secrets).unwrap();
    let tokens: serde_json::Value =
        serde_json::from_str(secrets["integration.zoho.tokens"].as_str().unwrap()).unwrap();
    let refresh = tokens["refresh"].as_str().unwrap();
    let everything = log(&desk, "").await.entries;
    for entry in everything {
        for private in [
            "Mustermann",
            "Erika",
            "123456",
            "1234-56",
            "Sandbox GmbH",
            "used.up",
            refresh,
        ] {
            assert!(
                !entry.text.contains(private),
                "{} at {} tells too much",
                entry.level,
                entry.target
            );
        }
    }
}

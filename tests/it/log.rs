//! The page "Log": details only when asked for, found again by a word, and never a name or a number.
//!
//! A process has one log; this is the only test in it.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use ringcard_ipc::{LogView, Reply, Request};
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

#[tokio::test(flavor = "multi_thread")]
async fn details_are_recorded_when_asked_for_and_name_nobody() {
    let desk = Desk::that_knows_erika().await;
    looks_up(&desk).await;
    let before = log(&desk, "looked up").await;
    assert!(before.entries.is_empty(), "success is quiet");
    let on = Request::LogDetails { on: true };
    assert_eq!(desk.ask(on).await, Reply::Done);
    looks_up(&desk).await;
    let found = log(&desk, "looked up").await;
    assert!(found.details, "the page says that details are recorded");
    assert_eq!(found.entries.len(), 1, "the next lookup, and once");
    let secrets = std::fs::read_to_string(desk.folder().join("secrets.json")).unwrap();
    let secrets: serde_json::Value = serde_json::from_str(&secrets).unwrap();
    let tokens: serde_json::Value =
        serde_json::from_str(secrets["integration.zoho.tokens"].as_str().unwrap()).unwrap();
    let refresh = tokens["refresh"].as_str().unwrap();
    let everything = log(&desk, "").await.entries;
    for entry in everything {
        for private in ["Mustermann", "Erika", "123456", "1234-56", refresh] {
            assert!(
                !entry.text.contains(private),
                "{} at {} tells too much",
                entry.level,
                entry.target
            );
        }
    }
}

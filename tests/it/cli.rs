//! The command line against a Ringcard that runs: the real words, the real socket, at a PBX and a
//! Zoho of our own.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

#[path = "cli/calls.rs"]
mod calls;
#[path = "cli/scene.rs"]
mod scene;
#[path = "cli/sending.rs"]
mod sending;
#[path = "cli/typing.rs"]
mod typing;

use ringcard_cli::{Client, Exit};
use ringcard_core::{EndReason, StatusReason};
use ringcard_host::{Home, address};
use ringcard_ipc::{AppEvent, Card, ErrorCode, Reply, Request, SyncKind, SyncReportView, Who};
use ringcard_tests::desk::{Desk, PATIENCE};
use serde_json::json;

use scene::{ended, is_known};
use typing::{refused, running_calls, typed, typed_with};

#[tokio::test(flavor = "multi_thread")]
async fn ring_is_told_with_its_name_and_declined_by_its_id() {
    let desk = Desk::that_knows_erika().await;
    assert_eq!(typed(&desk, "calls").await.out, "No calls.\n");
    let _caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    let card = desk.card_is("a known caller", is_known).await;

    let calls = running_calls(&desk).await;
    assert_eq!(calls.len(), 1, "one ring is one call");
    assert_eq!((&calls[0].call, &calls[0].who), (&card.call, &card.who));
    let text = typed(&desk, "calls").await.out;
    assert!(
        text.contains(&card.call) && text.contains("Erika Mustermann, Brandt & Söhne GmbH"),
        "people read the same: {text}"
    );

    let went = typed(&desk, &format!("decline --call {}", card.call)).await;
    assert_eq!(went.exit, Exit::Done, "{went:?}");
    let declined = |card: &Card| card.state == ended(EndReason::Declined);
    desk.card_is("a declined call", declined).await;
    assert_eq!(typed(&desk, "calls").await.out, "No calls.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn caller_is_sent_nowhere_but_to_whom_there_is() {
    let desk = Desk::that_knows_erika().await;
    desk.colleague_answers("102");
    let _caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    desk.card_is("a known caller", is_known).await;

    let went = typed(&desk, "redirect 999").await;
    assert_eq!(went.exit, Exit::BadTarget, "nobody has this: {went:?}");
    assert!(!went.err.contains("999"), "no number in errors: {went:?}");
    assert_eq!(typed(&desk, "redirect ???").await.exit, Exit::BadTarget);
    let went = typed(&desk, "redirect 102").await;
    assert_eq!(went.exit, Exit::Done, "{went:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn call_that_never_was_is_not_found() {
    let desk = Desk::that_knows_erika().await;
    let foreign = "01900000-0000-7000-8000-000000000000";
    for line in [
        format!("hang-up --call {foreign}"),
        "answer --call nonsense".into(),
        "answer".into(),
        "sync nowhere".into(),
    ] {
        let went = typed(&desk, &line).await;
        assert_eq!(went.exit, Exit::NotFound, "{line}: {went:?}");
        assert!(went.out.is_empty() && went.err.starts_with("ringcard: "));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lookup_tells_who_has_a_number_and_whether_anybody_has() {
    let desk = Desk::that_knows_erika().await;
    let went = typed(&desk, "lookup 0231/1234-56").await;
    assert_eq!(went.exit, Exit::Done, "{went:?}");
    assert!(went.out.contains("Erika Mustermann"), "{}", went.out);
    let went = typed(&desk, "lookup 0231/7777777 --json").await;
    assert_eq!(went.exit, Exit::NotFound, "{went:?}");
    let Reply::Lookup(view) = went.reply() else {
        panic!("the number is told all the same");
    };
    assert!(view.found.is_empty() && view.among > 0, "among how many");
}

#[tokio::test(flavor = "multi_thread")]
async fn lookup_says_that_the_local_copy_cannot_be_read_and_calls_are_shown_all_the_same() {
    let mut desk = Desk::that_knows_erika().await;
    desk.ends().await;
    let mirror = desk.folder().join("mirror-zoho.db");
    std::fs::remove_file(&mirror).unwrap();
    // Nobody opens a folder as a database, and nobody moves it aside as a damaged one.
    std::fs::create_dir(&mirror).unwrap();
    desk.begins().await.unwrap();
    let went = typed(&desk, "lookup 0231/1234-56").await;
    assert_eq!(went.exit, Exit::Failed, "who has it is not known: {went:?}");
    assert!(went.err.contains("local copy"), "{went:?}");
    desk.status_is("listening", |status| {
        status.lines[0].listening_since.is_some()
    })
    .await;
    let _caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    let unknown = Who::Unknown { among: 0 };
    desk.card_is("an unknown caller", |card| card.who == unknown)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lookup_answers_from_one_local_copy_where_another_cannot_be_read() {
    let desk = Desk::that_knows_erika().await;
    std::fs::create_dir(desk.folder().join("mirror-nordlicht.db")).unwrap();
    let Reply::Settings(view) = desk.ask(Request::Settings).await else {
        panic!("settings are told");
    };
    let mut settings = view.settings;
    let mut other = settings.integrations[0].clone();
    "nordlicht".clone_into(&mut other.id);
    "Zoho Nordlicht".clone_into(&mut other.name);
    settings.integrations.push(other);
    let settings = Box::new(settings);
    let saved = desk.ask(Request::SaveSettings { settings }).await;
    assert!(matches!(saved, Reply::Saved(_)), "{saved:?}");
    let went = typed(&desk, "lookup 0231/1234-56").await;
    assert_eq!(went.exit, Exit::Done, "she is found: {went:?}");
    assert!(went.out.contains("Erika Mustermann"), "{}", went.out);
    let went = typed(&desk, "lookup 0231/7777777").await;
    assert_eq!(went.exit, Exit::Failed, "who has it is not known: {went:?}");
    let named = went.err.contains("cannot be read: Zoho Nordlicht.");
    assert!(named, "only the one that cannot be read: {went:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn status_tells_lines_integrations_and_where_secrets_lie() {
    let desk = Desk::that_knows_erika().await;
    let text = typed(&desk, "status").await.out;
    for part in ["listening since", "connected", "Secrets lie in a file"] {
        assert!(text.contains(part), "{part:?} is missing in: {text}");
    }
    let went = typed(&desk, "status --json").await;
    let (Exit::Done, Reply::Status(status)) = (went.exit, went.reply()) else {
        panic!("the status is told: {went:?}");
    };
    assert_eq!(status.lines[0].id, "desk", "scripts read the same");
    assert_eq!(status.integrations[0].id, "zoho");
}

/// Waits for a refresh that has done what is wanted.
async fn refreshed(desk: &mut Desk, wanted: impl Fn(&SyncReportView) -> bool) -> SyncReportView {
    let status = desk
        .status_is("a refresh", |status| {
            let report = status.integrations[0].last_report.as_ref();
            report.is_some_and(&wanted)
        })
        .await;
    status.integrations[0].last_report.clone().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn sync_reads_what_changed_and_everything_when_it_is_asked_to() {
    let mut desk = Desk::that_knows_erika().await;
    let neumann = json!({"Last_Name": "Neumann", "Phone": "030 23125 042"});
    desk.zoho.adds_contact(neumann);
    let went = typed(&desk, "sync --json").await;
    assert_eq!((went.exit, went.reply()), (Exit::Done, Reply::Done));
    let is_delta = |report: &SyncReportView| report.kind == SyncKind::Delta && report.new == 1;
    let delta = refreshed(&mut desk, is_delta).await;
    let went = typed(&desk, "lookup 030/23125042").await;
    assert_eq!(went.exit, Exit::Done, "the new contact is found: {went:?}");

    let went = typed(&desk, "sync zoho --full").await;
    assert_eq!((went.exit, went.out.as_str()), (Exit::Done, "Done.\n"));
    refreshed(&mut desk, |report| {
        report.kind == SyncKind::Full && report.started_at > delta.started_at
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sync_without_a_sign_in_is_refused_for_the_integration() {
    let desk = Desk::that_knows_erika().await;
    let Reply::Settings(view) = desk.ask(Request::Settings).await else {
        panic!("settings are told");
    };
    let mut settings = view.settings;
    let mut other = settings.integrations[0].clone();
    "nordlicht".clone_into(&mut other.id);
    settings.integrations.push(other);
    let settings = Box::new(settings);
    let saved = desk.ask(Request::SaveSettings { settings }).await;
    assert!(matches!(saved, Reply::Saved(_)), "{saved:?}");
    for line in ["sync nordlicht", "sync"] {
        let (exit, code) = refused(&desk, line).await;
        assert_eq!(exit, Exit::Integration, "{line}: nobody is signed in there");
        assert!(
            matches!(code, ErrorCode::Integration(_)),
            "{line}: {code:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawn_access_is_named_by_status_for_people_and_for_programs() {
    let mut desk = Desk::that_knows_erika().await;
    desk.zoho.revokes_tokens();
    desk.zoho.expires_access_tokens();
    assert_eq!(typed(&desk, "sync").await.exit, Exit::Done);
    desk.status_is("no access", |status| {
        status.integrations[0].reason.is_some()
    })
    .await;
    let went = typed(&desk, "status --json").await;
    assert!(went.out.contains("\"inactive_token\""), "{}", went.out);
    let Reply::Status(status) = went.reply() else {
        panic!("the state is told");
    };
    let reason = status.integrations[0].reason;
    assert_eq!(reason, Some(StatusReason::InactiveToken));
    let text = typed(&desk, "status").await.out;
    assert!(
        text.contains("disconnected: the access was withdrawn"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn secret_is_kept_by_the_running_ringcard_under_a_name_that_it_knows() {
    let desk = Desk::that_knows_erika().await;
    let name = "integration.zoho.client_secret";
    let went = typed_with(&desk, &format!("secret set {name}"), "invented\n").await;
    assert_eq!(went.exit, Exit::Done, "{went:?}");
    let Reply::Settings(view) = desk.ask(Request::Settings).await else {
        panic!("settings are told");
    };
    assert!(view.secrets.iter().any(|kept| kept == name), "it is kept");
    let went = typed_with(&desk, "secret set database.key", "invented\n").await;
    assert_eq!(went.exit, Exit::NotFound, "no place for it: {went:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn watching_client_hears_the_ring() {
    let desk = Desk::that_knows_erika().await;
    let home = Home::in_folder(&desk.folder());
    let mut client = Client::connect(&address(&home)).await.unwrap();
    assert_eq!(client.ask(Request::Watch).await, Ok(Reply::Done));
    let _caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    let ring = async {
        loop {
            if let AppEvent::Phone(view) = client.next_event().await.unwrap()
                && view.cards.iter().any(is_known)
            {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, ring).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn ended_ringcard_is_not_running() {
    let mut desk = Desk::that_knows_erika().await;
    desk.ends().await;
    for line in ["status", "calls --json", "secret set line.desk.secret"] {
        assert_eq!(typed(&desk, line).await.exit, Exit::NotRunning, "{line}");
    }
    let went = typed(&desk, "pbx asterisk-config 101").await;
    assert_eq!(went.exit, Exit::Done, "text needs no running Ringcard");
    assert!(went.out.contains("[ringcard101]"), "{}", went.out);
}

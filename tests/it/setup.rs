//! What settings, sign-ins and the administrator decide, on a whole application.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use ringcard_core::{CallState, CheckResult, Sensitive, StatusReason};
use ringcard_ipc::settings::{HelpPage, Settings, SettingsView, SourceSettings};
use ringcard_ipc::{
    AdviceKind, AppEvent, ErrorCode, IntegrationState, Notice, Reply, Request, StatusView,
    SyncKind, Tried,
};
use ringcard_sandbox::pbx::CTI;
use ringcard_sandbox::zoho::{CLIENT_SECRET, SCOPES};
use ringcard_tests::desk::{Desk, PATIENCE};
use serde_json::json;

async fn view(desk: &Desk) -> SettingsView {
    match desk.ask(Request::Settings).await {
        Reply::Settings(view) => *view,
        reply => panic!("{reply:?}"),
    }
}

async fn save(desk: &Desk, settings: Settings) -> Reply {
    let settings = Box::new(settings);
    desk.ask(Request::SaveSettings { settings }).await
}

async fn found(desk: &Desk, number: &str) -> usize {
    let number = number.into();
    match desk.ask(Request::Lookup { number }).await {
        Reply::Lookup(view) => view.found.len(),
        reply => panic!("{reply:?}"),
    }
}

async fn refreshed(desk: &mut Desk) {
    let request = Request::Sync {
        integration: None,
        full: false,
    };
    desk.ask(request).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_area_code_finds_a_number_that_is_stored_without_one() {
    let desk = Desk::with(|zoho| {
        zoho.adds_contact(json!({"Last_Name": "Nachbar", "Phone": "123 45 67"}));
    })
    .await;
    assert_eq!(found(&desk, "0231 1234567").await, 1, "it is 231 here");
    let mut settings = view(&desk).await.settings;
    settings.dialing.area_code = "201".into();
    assert!(matches!(save(&desk, settings).await, Reply::Saved(_)));
    let waiting = async {
        while found(&desk, "0201 1234567").await == 0 {
            tokio::task::yield_now().await;
        }
    };
    let rekeyed = tokio::time::timeout(PATIENCE, waiting).await;
    assert!(rekeyed.is_ok(), "the mirror is read anew");
    assert_eq!(found(&desk, "0231 1234567").await, 0, "and only so");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_clock_is_told_and_the_mirror_is_refreshed_all_the_same() {
    let mut desk = Desk::that_knows_erika().await;
    desk.zoho.clock_skew(24 * 3_600);
    desk.zoho
        .adds_contact(json!({"Last_Name": "Neumann", "Phone": "030 23125 042"}));
    refreshed(&mut desk).await;
    let status = desk
        .status_is("a wrong clock", |status| {
            status.integrations[0].reason == Some(StatusReason::ClockSkew)
        })
        .await;
    let integration = &status.integrations[0];
    assert_eq!(integration.state, IntegrationState::Disconnected);
    assert!(integration.next_run.is_some(), "it heals itself");
    let told = desk.notice().await;
    assert!(
        matches!(
            told,
            Notice::IntegrationTrouble {
                reason: StatusReason::ClockSkew,
                ..
            }
        ),
        "{told:?}"
    );
    assert_eq!(found(&desk, "030 23125042").await, 1, "no data is lost");
    desk.zoho.clock_skew(-24 * 3_600);
    refreshed(&mut desk).await;
    desk.status_is("a right clock", |status| {
        status.integrations[0].reason.is_none()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_anew_repairs_the_connection_and_goes_on_with_the_same_mirror() {
    let mut desk = Desk::that_knows_erika().await;
    desk.zoho.revokes_tokens();
    desk.zoho.expires_access_tokens();
    refreshed(&mut desk).await;
    desk.status_is("no access", |status| {
        status.integrations[0].reason == Some(StatusReason::InactiveToken)
    })
    .await;
    desk.zoho
        .adds_contact(json!({"Last_Name": "Neumann", "Phone": "030 23125 042"}));
    desk.keeps_the_client_secret().await;
    let code = desk.zoho.self_client_code(SCOPES);
    let integration = "zoho".into();
    let sign_in = Request::SignInWithCode { integration, code };
    assert_eq!(desk.ask(sign_in).await, Reply::Done);
    let status = desk
        .status_is("a repaired connection", |status| {
            let one = &status.integrations[0];
            let report = one.last_report.as_ref();
            one.state == IntegrationState::Connected && report.is_some_and(|report| report.new == 1)
        })
        .await;
    let report = status.integrations[0].last_report.as_ref().unwrap();
    assert_eq!(report.kind, SyncKind::Delta, "the mirror is kept");
}

/// Signs in with a code that is of no use, and waits until that is told.
async fn refused_sign_in(desk: &mut Desk, code: String) -> StatusView {
    let integration = "zoho".into();
    let sign_in = Request::SignInWithCode { integration, code };
    assert_eq!(desk.ask(sign_in).await, Reply::Done);
    desk.status_is("a refused sign-in", |status| {
        status.integrations[0].refused_sign_in.is_some()
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_to_another_organisation_is_refused_and_the_former_access_goes_on() {
    let mut desk = Desk::that_knows_erika().await;
    let secrets = || std::fs::read_to_string(desk.folder().join("secrets.json")).unwrap();
    let tokens = |text: &str| {
        let kept: serde_json::Value = serde_json::from_str(text).unwrap();
        let tokens = kept["integration.zoho.tokens"].as_str().unwrap();
        serde_json::from_str::<serde_json::Value>(tokens).unwrap()["refresh"].clone()
    };
    let (before, sign_ins) = (tokens(&secrets()), desk.zoho.sign_ins());
    desk.keeps_the_client_secret().await;
    desk.zoho.switches_organisation();
    let code = desk.zoho.self_client_code(SCOPES);
    let status = refused_sign_in(&mut desk, code).await;
    let one = &status.integrations[0];
    let refused = one.refused_sign_in.as_ref().unwrap();
    assert_eq!(refused.reason, Some(StatusReason::InvalidOrganization));
    let signed_in_to = refused.found_organisation.as_deref();
    assert_eq!(
        signed_in_to,
        Some("Ringcard Sandbox GmbH"),
        "which one it was"
    );
    assert_eq!(one.state, IntegrationState::Connected, "as it was before");
    assert_eq!(one.tries[0].what, Tried::SignIn, "the details tell of it");
    let kept = std::fs::read_to_string(desk.folder().join("secrets.json")).unwrap();
    assert_eq!(tokens(&kept), before, "the access to the right one is kept");
    assert_eq!(
        desk.zoho.sign_ins(),
        sign_ins,
        "the useless one is given back"
    );
    assert_eq!(found(&desk, "0231 123456").await, 1, "data are not mixed");
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_that_fails_says_why_and_the_former_access_is_kept() {
    let mut desk = Desk::that_knows_erika().await;
    desk.keeps_the_client_secret().await;
    let status = refused_sign_in(&mut desk, "1000.used.up".into()).await;
    let refused = status.integrations[0].refused_sign_in.clone().unwrap();
    assert_eq!(refused.reason, Some(StatusReason::InvalidToken));
    refreshed(&mut desk).await;
    let status = desk
        .status_is("another refresh", |status| {
            status.integrations[0].tries.len() > 2
        })
        .await;
    let newest = &status.integrations[0].tries[0];
    assert_eq!(newest.what, Tried::Refresh);
    assert_eq!(newest.fault, None, "the former access goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn first_sign_in_without_a_crm_in_reach_says_so_and_keeps_the_form() {
    let mut desk = Desk::that_knows_erika().await;
    let mut settings = view(&desk).await.settings;
    let mut second = settings.integrations[0].clone();
    second.id = "second".into();
    settings.integrations.push(second);
    assert!(matches!(
        save(&desk, settings.clone()).await,
        Reply::Saved(_)
    ));
    desk.zoho.sign_in_answers_status(503);
    let (integration, code) = ("second".into(), "1000.in.vented".into());
    let sign_in = Request::SignInWithCode { integration, code };
    assert_eq!(desk.ask(sign_in).await, Reply::Done);
    let status = desk
        .status_is("a reason", |status| status.integrations[1].reason.is_some())
        .await;
    let reason = status.integrations[1].reason;
    assert_eq!(reason, Some(StatusReason::CrmUnreachable), "not the agent");
    assert_eq!(view(&desk).await.settings, settings, "nothing is retyped");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_user_than_this_desks_agent_is_said() {
    let mut desk = Desk::that_knows_erika().await;
    let status = desk
        .status_is("the signed-in user", |status| {
            status.integrations[0].user_email.is_some()
        })
        .await;
    let user = status.integrations[0].user_email.clone().unwrap();
    assert!(
        !status.integrations[0].other_user,
        "nobody said who sits here"
    );
    let mut settings = view(&desk).await.settings;
    settings.general.email = "somebody.else@brandt.example".into();
    save(&desk, settings.clone()).await;
    desk.status_is("another user", |status| status.integrations[0].other_user)
        .await;
    settings.general.email = user.to_uppercase();
    save(&desk, settings).await;
    desk.status_is("the same user", |status| !status.integrations[0].other_user)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_administrator_locked_is_shown_refused_and_never_written() {
    let mut desk = Desk::that_knows_erika().await;
    let policy = "locked = [\"dialing.country\", \"lines.desk.context\"]\n\
                  support_url = \"https://help.example/ringcard\"\n\
                  [dialing]\ncountry = \"DE\"\n";
    std::fs::write(desk.folder().join("policy.toml"), policy).unwrap();
    desk.ends().await;
    desk.begins().await.unwrap();
    let shown = view(&desk).await;
    assert_eq!(shown.locked, ["dialing.country", "lines.0.context"]);
    assert_eq!(shown.help_pages, [HelpPage::Support]);
    let mut settings = shown.settings.clone();
    settings.dialing.country = "PL".into();
    let Reply::Failed(failure) = save(&desk, settings).await else {
        panic!("it is locked");
    };
    assert_eq!(failure.code, ErrorCode::LockedByPolicy);
    assert_eq!(failure.field.as_deref(), Some("dialing.country"));
    assert_eq!(
        view(&desk).await.settings,
        shown.settings,
        "nothing changed"
    );
    let page = |page| Request::OpenHelpPage { page };
    assert_eq!(desk.ask(page(HelpPage::Support)).await, Reply::Done);
    let opened = desk.opened.lock().unwrap().clone();
    assert_eq!(opened, ["https://help.example/ringcard"]);
    let none = desk.ask(page(HelpPage::Status)).await;
    assert!(matches!(none, Reply::Failed(_)), "no address is invented");
}

#[tokio::test(flavor = "multi_thread")]
async fn frequency_that_eats_the_limit_is_saved_with_a_word() {
    let desk = Desk::that_knows_erika().await;
    let mut settings = view(&desk).await.settings;
    settings.integrations[0].refresh_minutes = 2;
    let Reply::Saved(saved) = save(&desk, settings).await else {
        panic!("it is allowed");
    };
    let kinds: Vec<AdviceKind> = saved.advice.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [AdviceKind::FrequentRefresh]);
}

#[tokio::test(flavor = "multi_thread")]
async fn note_of_a_running_call_is_kept_over_a_restart() {
    let mut desk = Desk::that_knows_erika().await;
    let _caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    let rings = |card: &ringcard_ipc::Card| card.state == CallState::Ringing;
    let call = desk.card_is("a ringing card", rings).await.call;
    let note = "asks for an offer".to_owned();
    let set = Request::SetNote {
        call: call.clone(),
        note: note.clone(),
    };
    assert_eq!(desk.ask(set).await, Reply::Done);
    desk.ends().await;
    desk.begins().await.unwrap();
    desk.card_is("the same call with its note", |card| {
        card.call == call && card.note == note
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn second_start_asks_the_first_to_show_itself() {
    let desk = Desk::that_knows_erika().await;
    let mut events = desk.events_from_now();
    assert_eq!(desk.ask(Request::ShowWindow).await, Reply::Done);
    let told = tokio::time::timeout(PATIENCE, async {
        while events.recv().await.unwrap() != AppEvent::ShowWindow {}
    });
    assert!(told.await.is_ok(), "the windows are told");
}

#[tokio::test(flavor = "multi_thread")]
async fn mirror_of_an_integration_that_is_gone_is_deleted_at_the_next_start() {
    let mut desk = Desk::that_knows_erika().await;
    desk.ends().await;
    let orphan = desk.folder().join("mirror-former.db");
    std::fs::write(&orphan, "old").unwrap();
    desk.begins().await.unwrap();
    assert!(!orphan.exists(), "nobody would ever delete it");
    assert!(desk.folder().join("mirror-zoho.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn ended_trial_is_told_with_organisation_and_plan_also_after_a_restart() {
    let mut desk = Desk::that_knows_erika().await;
    desk.ends().await;
    desk.zoho.trial_ended();
    desk.begins().await.unwrap();
    refreshed(&mut desk).await;
    let status = desk
        .status_is("a reason", |status| status.integrations[0].reason.is_some())
        .await;
    let one = &status.integrations[0];
    assert_eq!(one.reason, Some(StatusReason::TrialExpired));
    let organisation = one.organisation.as_deref();
    assert_eq!(organisation, Some("Ringcard Sandbox GmbH"), "whose it is");
    assert!(one.plan_ends.is_some(), "and until when it was paid");
}

#[tokio::test(flavor = "multi_thread")]
async fn local_copy_that_cannot_be_opened_is_told_and_not_waited_for() {
    let mut desk = Desk::that_knows_erika().await;
    desk.ends().await;
    let mirror = desk.folder().join("mirror-zoho.db");
    std::fs::remove_file(&mirror).unwrap();
    std::fs::create_dir(&mirror).unwrap();
    desk.begins().await.unwrap();
    let status = desk
        .status_is("a reason", |status| status.integrations[0].reason.is_some())
        .await;
    let one = &status.integrations[0];
    assert_eq!(one.reason, Some(StatusReason::SyncStale));
    assert_eq!(one.state, IntegrationState::Disconnected, "no green mark");
}

#[tokio::test(flavor = "multi_thread")]
async fn journal_has_a_copy_of_the_day() {
    let mut desk = Desk::that_knows_erika().await;
    desk.ends().await;
    let files = std::fs::read_dir(desk.folder()).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let copies = names.filter(|name| name.starts_with("journal.db.day-"));
    assert_eq!(copies.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unticked_module_is_found_no_more_also_while_the_crm_refuses() {
    let desk = Desk::with(|zoho| {
        zoho.adds_lead(json!({"Last_Name": "Neumann", "Phone": "0231 7654321"}));
        zoho.adds_contact(json!({"Last_Name": "Nachbar", "Phone": "0231 1234567"}));
    })
    .await;
    assert_eq!(found(&desk, "0231 7654321").await, 1, "leads are ticked");
    desk.zoho.revokes_tokens();
    let mut settings = view(&desk).await.settings;
    let SourceSettings::Zoho(zoho) = &mut settings.integrations[0].source;
    zoho.modules.retain(|module| module != "Leads");
    assert!(matches!(save(&desk, settings).await, Reply::Saved(_)));
    let waiting = async {
        while found(&desk, "0231 7654321").await > 0 {
            tokio::task::yield_now().await;
        }
    };
    let forgotten = tokio::time::timeout(PATIENCE, waiting).await;
    assert!(forgotten.is_ok(), "what was unticked has gone");
    assert_eq!(found(&desk, "0231 1234567").await, 1, "the rest stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_without_a_sign_in_is_refused_with_its_reason() {
    let desk = Desk::that_knows_erika().await;
    let mut settings = view(&desk).await.settings;
    let mut other = settings.integrations[0].clone();
    "nordlicht".clone_into(&mut other.id);
    settings.integrations.push(other);
    assert!(matches!(save(&desk, settings).await, Reply::Saved(_)));
    let sync = Request::Sync {
        integration: Some("nordlicht".into()),
        full: false,
    };
    let Reply::Failed(failure) = desk.ask(sync).await else {
        panic!("nobody is signed in there");
    };
    assert!(
        matches!(failure.code, ErrorCode::Integration(_)),
        "{failure:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_colleague_without_a_hint_can_be_chosen() {
    let desk = Desk::that_knows_erika().await;
    let list = desk.folder().join("colleagues.csv");
    std::fs::write(&list, "extension,name\n777,Zoe Zander\n").unwrap();
    let mut settings = view(&desk).await.settings;
    settings.lines[0].colleagues_file = list.to_string_lossy().into_owned();
    assert!(matches!(save(&desk, settings).await, Reply::Saved(_)));
    let (typed, call) = ("zan".into(), None);
    let Reply::Targets(view) = desk.ask(Request::Targets { typed, call }).await else {
        panic!("targets are listed");
    };
    let names: Vec<_> = view.targets.iter().map(|target| &target.name).collect();
    assert_eq!(names, ["Zoe Zander"]);
}

/// From where the records with a number are, as the test box and the buttons say it.
async fn sources(desk: &Desk, number: &str) -> Vec<String> {
    let number = number.into();
    match desk.ask(Request::Lookup { number }).await {
        Reply::Lookup(view) => view.found.iter().map(|one| one.crm.clone()).collect(),
        reply => panic!("{reply:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_integrations_each_record_says_from_which_it_is() {
    let mut desk = Desk::that_knows_erika().await;
    assert_eq!(
        sources(&desk, "0231 123456").await,
        ["Zoho"],
        "one needs no name"
    );
    let mut settings = view(&desk).await.settings;
    let mut second = settings.integrations[0].clone();
    "second".clone_into(&mut second.id);
    "Nordlicht".clone_into(&mut second.name);
    settings.integrations.push(second);
    assert!(matches!(save(&desk, settings).await, Reply::Saved(_)));
    let secret = Request::SetSecret {
        name: "integration.second.client_secret".into(),
        value: CLIENT_SECRET.into(),
    };
    assert_eq!(desk.ask(secret).await, Reply::Done);
    let (integration, code) = ("second".into(), desk.zoho.self_client_code(SCOPES));
    let sign_in = Request::SignInWithCode { integration, code };
    assert_eq!(desk.ask(sign_in).await, Reply::Done);
    desk.is_ready().await;
    assert_eq!(
        sources(&desk, "0231 123456").await,
        ["Zoho CRM", "Nordlicht"],
        "both are of one CRM"
    );
}

/// What a check says of signing in to the telephone system, with a secret that was typed or the kept one.
async fn checked_login(desk: &Desk, typed: Option<&str>) -> CheckResult {
    let check = Request::CheckLine {
        settings: Box::new(view(desk).await.settings),
        line: "desk".into(),
        secret: typed.map(|secret| Sensitive::new(secret.to_owned())),
    };
    let Reply::Checks(found) = desk.ask(check).await else {
        panic!("a check is answered with what it found");
    };
    let login = found.iter().find(|check| check.subject == "login");
    login.unwrap().result
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_with_a_typed_secret_leaves_the_running_line_and_the_kept_secret_alone() {
    let mut desk = Desk::that_knows_erika().await;
    let listens = |status: &StatusView| status.lines[0].listening_since.is_some();
    let before = desk.status_is("a line that listens", listens).await.lines;
    let wrong = checked_login(&desk, Some("wrong")).await;
    assert_eq!(wrong, CheckResult::Missing, "the typed one is checked");
    let right = checked_login(&desk, Some(CTI.1)).await;
    assert_eq!(right, CheckResult::There);
    let kept = checked_login(&desk, None).await;
    assert_eq!(kept, CheckResult::There, "the kept one is still there");
    let after = desk.status_is("a line that listens", listens).await.lines;
    assert_eq!(after, before, "the running line was not built anew");
}

#[test]
fn a_typed_secret_is_in_no_log_of_a_check() {
    let check = Request::CheckLine {
        settings: Box::default(),
        line: "desk".into(),
        secret: Some(Sensitive::new("invented".into())),
    };
    assert!(!format!("{check:?}").contains("invented"));
}

//! From ring to card through all rooms: a real socket to a PBX, a real HTTP link to a Zoho, real
//! encrypted databases, and the requests that windows and the command line make.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use ringcard_core::{Ability, CallState, CommandError, Direction, EndReason, StatusReason};
use ringcard_host::start;
use ringcard_ipc::settings::{AnswerMethod, ProviderSettings};
use ringcard_ipc::{
    AppEvent, Card, ErrorCode, Failure, IntegrationState, Notice, Reply, Request, SyncKind, Who,
};
use ringcard_sandbox::zoho::SCOPES;
use ringcard_tests::desk::Desk;
use serde_json::json;

fn rings(card: &Card) -> bool {
    card.state == CallState::Ringing
}

fn is_known(card: &Card) -> bool {
    rings(card) && matches!(card.who, Who::Certain { .. })
}

#[tokio::test(flavor = "multi_thread")]
async fn ring_brings_the_card_with_the_right_name() {
    let desk = Desk::that_knows_erika().await;
    let _caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    let card = desk.card_is("a known caller", is_known).await;
    let Who::Certain { found } = card.who else {
        unreachable!()
    };
    assert_eq!(found.name, "Erika Mustermann");
    assert_eq!(found.company.as_deref(), Some("Brandt & Söhne GmbH"));
    assert_eq!(
        card.party.number.as_deref(),
        Some("0231 123456"),
        "as people at home write it"
    );
    assert!(
        card.data_as_of.is_some(),
        "the card says how old its data is"
    );
    assert!(card.can.contains(&Ability::Redirect));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_is_woken_before_it_has_anything_to_show() {
    let desk = Desk::that_knows_erika().await;
    let mut events = desk.events_from_now();
    let _caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    let first = loop {
        let event = events.recv().await.unwrap();
        if matches!(event, AppEvent::CallComing | AppEvent::Preview(_)) {
            break event;
        }
    };
    assert_eq!(first, AppEvent::CallComing, "the page needs its time");
}

#[tokio::test(flavor = "multi_thread")]
async fn redirect_sends_the_caller_to_the_colleague_and_is_no_missed_call() {
    let desk = Desk::that_knows_erika().await;
    desk.colleague_answers("102");
    let caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    let card = desk.card_is("a ringing card", rings).await;
    let redirect = |to: &str| Request::Redirect {
        call: Some(card.call.clone()),
        to: to.into(),
        confirmed: false,
    };
    let Reply::Failed(failure) = desk.ask(redirect("999")).await else {
        panic!("nobody has this number");
    };
    assert_eq!(failure.code, ErrorCode::Command(CommandError::NoSuchTarget));
    let reply = desk.ask(redirect("102")).await;
    assert!(
        matches!(&reply, Reply::Ended(ended) if ended.confirmed),
        "{reply:?}"
    );
    let state = CallState::Ended {
        reason: EndReason::Redirected,
    };
    desk.card_is("a redirected call", |card| card.state == state)
        .await;
    let mut changes = caller.changes();
    while !caller.is_in_talk() {
        changes.changed().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answer_from_the_card_and_hang_up() {
    let desk = Desk::that_knows_erika().await;
    desk.pbx
        .phone("101")
        .behaves(ringcard_sandbox::pbx::Habits {
            on_key_notify: ringcard_sandbox::pbx::OnKeyNotify::Obeys,
            ..Default::default()
        });
    let _caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    let card = desk.card_is("a ringing card", rings).await;
    let call = Some(card.call);
    let reply = desk.ask(Request::Answer { call: call.clone() }).await;
    assert!(
        matches!(&reply, Reply::Ended(ended) if ended.confirmed),
        "{reply:?}"
    );
    desk.card_is("a talk", |card| card.state == CallState::Active)
        .await;
    let reply = desk.ask(Request::HangUp { call }).await;
    assert!(
        matches!(&reply, Reply::Ended(ended) if ended.confirmed),
        "{reply:?}"
    );
    let over = CallState::Ended {
        reason: EndReason::HungUp,
    };
    desk.card_is("the end", |card| card.state == over).await;
}

async fn refusal_of_answer(desk: &Desk) -> CommandError {
    let reply = desk.ask(Request::Answer { call: None }).await;
    match reply {
        Reply::Failed(Failure {
            code: ErrorCode::Command(why),
            ..
        }) => why,
        reply => panic!("{reply:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_answered_at_the_telephone_says_so_instead_of_no_call() {
    let mut desk = Desk::that_knows_erika().await;
    let Reply::Settings(view) = desk.ask(Request::Settings).await else {
        panic!("settings are told");
    };
    let mut settings = view.settings;
    let ProviderSettings::Asterisk(line) = &mut settings.lines[0].provider else {
        panic!("the desk's line is at an Asterisk");
    };
    line.answer = AnswerMethod::AtTelephone;
    let settings = Box::new(settings);
    desk.ask(Request::SaveSettings { settings }).await;
    desk.is_ready().await;
    assert_eq!(
        refusal_of_answer(&desk).await,
        CommandError::NoSuchCall,
        "nothing rings"
    );
    let _caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    desk.card_is("a ringing card", rings).await;
    assert_eq!(refusal_of_answer(&desk).await, CommandError::NotSupported);
}

#[tokio::test(flavor = "multi_thread")]
async fn missed_call_is_told_and_the_next_card_remembers_it() {
    let mut desk = Desk::that_knows_erika().await;
    let caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    desk.card_is("a known caller", is_known).await;
    caller.hang_up();
    assert!(matches!(desk.notice().await, Notice::MissedCall { .. }));
    let _again = desk.pbx.rings("+4923155501101").from("0231123456").place();
    let card = desk
        .card_is("a card with a past", |card| {
            is_known(card) && card.last_contact.is_some()
        })
        .await;
    let last = card.last_contact.unwrap();
    assert_eq!(
        (last.direction, last.reason),
        (Direction::Incoming, EndReason::Missed)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn withheld_number_stays_withheld() {
    let desk = Desk::that_knows_erika().await;
    let _caller = desk
        .pbx
        .rings("+4923155501101")
        .from("0231123456")
        .withheld()
        .place();
    let card = desk
        .card_is("a withheld caller", |card| card.who == Who::Withheld)
        .await;
    assert_eq!((card.party.number, card.party.name), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn several_records_are_all_listed_and_the_chosen_one_comes_first_next_time() {
    let mut desk = Desk::with(|zoho| {
        for (name, company) in [("Petersen", "Nordlicht AG"), ("Claußen", "Südlicht AG")] {
            let person = json!({
                "Last_Name": name, "Account_Name": company, "Phone": "040 66969 100",
            });
            zoho.adds_contact(person);
        }
    })
    .await;
    let caller = desk.pbx.rings("+4923155501101").from("04066969100").place();
    let several = |card: &Card| matches!(card.who, Who::Several { .. });
    let card = desk.card_is("several people", several).await;
    let Who::Several { found } = card.who else {
        unreachable!()
    };
    assert_eq!(found.len(), 2, "all of them, none chosen silently");
    let second = found[1].record.clone();
    let open = Request::OpenRecord {
        record: second.clone(),
        call: Some(card.call),
    };
    assert_eq!(desk.ask(open).await, Reply::Done);
    let opened = desk.opened.lock().unwrap().clone();
    assert!(
        opened[0].ends_with(&format!("/tab/Contacts/{}", second.id)),
        "{opened:?}"
    );
    caller.hang_up();
    desk.notice().await;
    let _again = desk.pbx.rings("+4923155501101").from("04066969100").place();
    let first_is_chosen = |card: &Card| match &card.who {
        Who::Several { found } => rings(card) && found[0].record == second,
        _ => false,
    };
    desk.card_is("the chosen one first", first_is_chosen).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_with_one_name_are_both_listed() {
    let desk = Desk::with(|zoho| {
        for city in ["Dortmund", "Hamburg"] {
            let person = json!({
                "First_Name": "Erika", "Last_Name": "Mustermann", "Mailing_City": city,
                "Phone": "040 66969 100",
            });
            zoho.adds_contact(person);
        }
    })
    .await;
    let _caller = desk.pbx.rings("+4923155501101").from("04066969100").place();
    let known =
        |card: &Card| rings(card) && !matches!(card.who, Who::LookingUp | Who::Unknown { .. });
    let card = desk.card_is("a number that somebody has", known).await;
    let Who::Several { found } = card.who else {
        panic!("nobody knows which of them calls")
    };
    assert_eq!(found.len(), 2, "none chosen silently");
}

#[tokio::test(flavor = "multi_thread")]
async fn ringing_call_keeps_its_identity_over_a_restart() {
    let mut desk = Desk::that_knows_erika().await;
    let caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    let before = desk.card_is("a ringing card", rings).await;
    desk.ends().await;
    desk.begins().await.unwrap();
    let after = desk.card_is("the same call", is_known).await;
    assert_eq!(after.call, before.call, "a restart adopts what rings");
    caller.hang_up();
    let missed = CallState::Ended {
        reason: EndReason::Missed,
    };
    desk.card_is("its end", |card| {
        card.call == before.call && card.state == missed
    })
    .await;
}

/// Erika calls, and the button of her record is pressed.
async fn opens_erikas_record(desk: &mut Desk) {
    let _caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    let card = desk.card_is("a known caller", is_known).await;
    let Who::Certain { found } = card.who else {
        unreachable!()
    };
    let record = found.record.clone();
    let address = format!("/tab/Contacts/{}", record.id);
    let call = Some(card.call);
    let reply = desk.ask(Request::OpenRecord { record, call }).await;
    assert_eq!(reply, Reply::Done);
    let opened = desk.opened.lock().unwrap().clone();
    assert!(
        opened.last().is_some_and(|url| url.ends_with(&address)),
        "{opened:?}"
    );
}

async fn has_no_credits(desk: &mut Desk) {
    let reason = Some(StatusReason::ApiLimitExceeded);
    desk.status_is("a refresh that stopped", |status| {
        status.integrations[0].reason == reason
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn record_opens_after_a_restart_although_the_access_was_withdrawn() {
    let mut desk = Desk::that_knows_erika().await;
    desk.ends().await;
    desk.zoho.revokes_tokens();
    desk.zoho.expires_access_tokens();
    desk.begins().await.unwrap();
    opens_erikas_record(&mut desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn record_opens_before_the_first_filling_has_ended() {
    let mut desk = Desk::that_knows_erika().await;
    let whole = desk.zoho.credits_used();
    desk.ends().await;
    std::fs::remove_file(desk.folder().join("mirror-zoho.db")).unwrap();
    desk.zoho.limits_credits(whole - 1);
    desk.begins().await.unwrap();
    has_no_credits(&mut desk).await;
    opens_erikas_record(&mut desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn record_opens_after_a_sign_in_that_was_not_followed_by_a_refresh() {
    let mut desk = Desk::that_knows_erika().await;
    desk.keeps_the_client_secret().await;
    // They suffice to see whose sign-in it is.
    desk.zoho.limits_credits(2);
    let code = desk.zoho.self_client_code(SCOPES);
    let integration = "zoho".into();
    let sign_in = Request::SignInWithCode { integration, code };
    assert_eq!(desk.ask(sign_in).await, Reply::Done);
    has_no_credits(&mut desk).await;
    opens_erikas_record(&mut desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_caller_can_be_created_as_a_lead() {
    let desk = Desk::that_knows_erika().await;
    let _caller = desk.pbx.rings("+4923155501101").from("03023125042").place();
    let is_unknown = |card: &Card| matches!(card.who, Who::Unknown { .. });
    let call = desk.card_is("an unknown caller", is_unknown).await.call;
    assert_eq!(desk.ask(Request::OpenCreate { call }).await, Reply::Done);
    let opened = desk.opened.lock().unwrap().clone();
    assert!(
        matches!(&opened[..], [url] if url.ends_with("/tab/Leads/create")),
        "{opened:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn second_ringcard_of_a_home_does_not_start() {
    let desk = Desk::that_knows_erika().await;
    let failure = start(desk.options())
        .await
        .err()
        .expect("the socket is the lock");
    assert!(
        failure.message.contains("runs already"),
        "{}",
        failure.message
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn any_format_of_a_number_finds_the_same_person() {
    let desk = Desk::that_knows_erika().await;
    for typed in [
        "0231 123456",
        "+49 231 1234-56",
        "0049231123456",
        "tel:+49-231-123456",
    ] {
        let reply = desk
            .ask(Request::Lookup {
                number: typed.into(),
            })
            .await;
        let Reply::Lookup(view) = reply else {
            panic!("{typed}: {reply:?}")
        };
        assert_eq!(view.found.len(), 1, "{typed}");
    }
    let reply = desk
        .ask(Request::Lookup {
            number: "0231 999999".into(),
        })
        .await;
    assert!(
        matches!(reply, Reply::Lookup(view) if view.found.is_empty()),
        "no error"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawn_access_is_told_once_and_cards_go_on_from_the_mirror() {
    let mut desk = Desk::that_knows_erika().await;
    desk.zoho.revokes_tokens();
    desk.zoho.expires_access_tokens();
    desk.ask(Request::Sync {
        integration: None,
        full: false,
    })
    .await;
    let notice = desk.notice().await;
    let reason = StatusReason::InactiveToken;
    assert!(matches!(notice, Notice::IntegrationTrouble { reason: told, .. } if told == reason));
    let status = desk
        .status_is("no connection", |status| {
            status.integrations[0].reason.is_some()
        })
        .await;
    assert_eq!(status.integrations[0].state, IntegrationState::Disconnected);
    assert_eq!(status.integrations[0].next_run, None, "a person must act");
    let _caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
    let card = desk.card_is("a known caller", is_known).await;
    assert_eq!(card.crm_trouble, Some(reason));
}

#[tokio::test(flavor = "multi_thread")]
async fn new_contact_is_found_after_a_refresh_on_demand() {
    let mut desk = Desk::that_knows_erika().await;
    desk.zoho
        .adds_contact(json!({"Last_Name": "Neumann", "Phone": "030 23125 042"}));
    let lookup = || Request::Lookup {
        number: "030 23125042".into(),
    };
    let Reply::Lookup(view) = desk.ask(lookup()).await else {
        panic!()
    };
    assert!(view.found.is_empty(), "the mirror is as old as it says");
    desk.ask(Request::Sync {
        integration: None,
        full: false,
    })
    .await;
    desk.status_is("a refresh of what changed", |status| {
        let report = status.integrations[0].last_report.as_ref();
        report.is_some_and(|report| report.kind == SyncKind::Delta && report.new == 1)
    })
    .await;
    let Reply::Lookup(view) = desk.ask(lookup()).await else {
        panic!()
    };
    assert_eq!(view.found.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn setting_is_saved_and_in_force_without_a_restart() {
    let mut desk = Desk::that_knows_erika().await;
    let Reply::Settings(view) = desk.ask(Request::Settings).await else {
        panic!()
    };
    let mut settings = view.settings;
    settings.lines[0].name = "Reception".into();
    let save = Request::SaveSettings {
        settings: Box::new(settings.clone()),
    };
    assert!(matches!(desk.ask(save).await, Reply::Saved(_)));
    desk.status_is("the new name", |status| {
        status.lines[0].name == "Reception" && status.lines[0].listening_since.is_some()
    })
    .await;
    let text = std::fs::read_to_string(desk.folder().join("settings.toml")).unwrap();
    assert!(text.contains("Reception"));
    settings.integrations[0].refresh_minutes = 0;
    let save = Request::SaveSettings {
        settings: Box::new(settings),
    };
    let Reply::Failed(failure) = desk.ask(save).await else {
        panic!("0 minutes is no frequency")
    };
    assert_eq!(
        failure.field.as_deref(),
        Some("integrations.0.refresh_minutes")
    );
    assert_eq!(
        std::fs::read_to_string(desk.folder().join("settings.toml")).unwrap(),
        text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn removed_integration_leaves_nothing_behind() {
    let desk = Desk::that_knows_erika().await;
    assert!(desk.folder().join("mirror-zoho.db").exists());
    let reply = desk
        .ask(Request::RemoveIntegration {
            integration: "zoho".into(),
        })
        .await;
    assert_eq!(reply, Reply::Done);
    assert!(
        !desk.folder().join("mirror-zoho.db").exists(),
        "its mirror is deleted"
    );
    let secrets = std::fs::read_to_string(desk.folder().join("secrets.json")).unwrap();
    assert!(
        !secrets.contains("integration.zoho"),
        "its access is deleted"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn picker_finds_colleagues_and_contacts_and_takes_typed_numbers() {
    let desk = Desk::that_knows_erika().await;
    let targets = async |typed: &str| {
        let request = Request::Targets {
            typed: typed.into(),
            call: None,
        };
        match desk.ask(request).await {
            Reply::Targets(view) => view.targets,
            reply => panic!("{reply:?}"),
        }
    };
    assert!(
        targets("").await.iter().any(|target| target.to == "102"),
        "colleagues at once"
    );
    assert_eq!(targets("102").await[0].to, "102");
    assert_eq!(targets("muster").await[0].to, "+49231123456");
    assert_eq!(targets("030 23125 042").await[0].to, "+493023125042");
}

#[tokio::test(flavor = "multi_thread")]
async fn dialled_call_is_shown_as_outgoing_and_reaches_the_colleague() {
    let desk = Desk::that_knows_erika().await;
    desk.colleague_answers("101");
    desk.colleague_answers("102");
    let reply = desk
        .ask(Request::Dial {
            to: "102".into(),
            line: None,
            confirmed: false,
        })
        .await;
    assert!(
        matches!(&reply, Reply::Ended(ended) if ended.confirmed),
        "{reply:?}"
    );
    let Reply::Calls(calls) = desk.ask(Request::Calls).await else {
        panic!()
    };
    assert_eq!(
        calls.len(),
        1,
        "own dialling is one call and never an incoming one"
    );
    assert_eq!(calls[0].direction, Direction::Outgoing);
    desk.pbx.hangs_up_everything();
    desk.card_is("its end", |card| card.state.is_ended()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn contact_who_wants_no_calls_is_called_only_after_a_question() {
    let desk = Desk::with(|zoho| {
        zoho.adds_contact(json!({"Last_Name": "Petersen", "Phone": "102", "Do_Not_Call": true}));
    })
    .await;
    desk.colleague_answers("101");
    desk.colleague_answers("102");
    let dial = |confirmed| Request::Dial {
        to: "102".into(),
        line: None,
        confirmed,
    };
    let Reply::Failed(failure) = desk.ask(dial(false)).await else {
        panic!("nobody was asked");
    };
    let why = ErrorCode::NeedsConfirmation(CommandError::WantsNoCalls);
    assert_eq!(failure.code, why);
    let calls = desk.ask(Request::Calls).await;
    assert!(
        matches!(&calls, Reply::Calls(calls) if calls.is_empty()),
        "no telephone has rung: {calls:?}"
    );
    let reply = desk.ask(dial(true)).await;
    assert!(
        matches!(&reply, Reply::Ended(ended) if ended.confirmed),
        "{reply:?}"
    );
}

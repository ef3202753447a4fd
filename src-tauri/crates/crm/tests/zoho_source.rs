//! The Zoho source against a Zoho on loopback: tokens, lists, deletions, faults.

mod desk;

use std::time::Duration;

use desk::Desk;
use ringcard_crm::{CrmSource as _, ErrorKind, ListRequest, StatusReason};
use ringcard_sandbox::zoho::{World, Zoho};
use serde_json::json;

#[tokio::test]
async fn a_refresh_token_reads_account_modules_and_contacts() {
    let zoho = Zoho::start().await.expect("a free port");
    let desk = Desk::at(&zoho);
    let source = desk.source();
    let (account, _) = source.account().await.expect("signed in");
    assert_eq!(account.user_email, "anna.kowalska@example.com");
    assert_eq!(account.country.as_deref(), Some("DE"));
    assert_eq!(
        account.daily_credits,
        Some(100_000),
        "Enterprise with 50 users"
    );
    let contacts = desk.module(&source, "Contacts").await;
    let page = desk.first_page(&source, &contacts).await.expect("a page");
    assert_eq!(page.contacts.len(), 200, "a page is as long as Zoho allows");
    assert!(page.next.is_some(), "the demo has thousands");
    assert!(
        page.contacts
            .iter()
            .any(|contact| !contact.numbers.is_empty()),
        "people have numbers"
    );
    assert!(
        page.contacts.iter().all(|contact| contact.owner.is_some()),
        "every record has an owner"
    );
}

#[tokio::test]
async fn a_walk_by_page_tokens_reads_every_record_once() {
    let zoho = Zoho::start().await.expect("a free port");
    let desk = Desk::at(&zoho);
    let source = desk.source();
    let contacts = desk.module(&source, "Contacts").await;
    let mut read = desk.walk(&source, &contacts).await.expect("a whole walk");
    let mut expected = zoho.ids("Contacts");
    read.sort();
    expected.sort();
    assert!(expected.len() > 2000, "more than ten pages without a token");
    assert_eq!(read, expected, "every record, and none twice");
    assert_eq!(zoho.most_at_once(), 1, "one request at a time");
}

#[tokio::test]
async fn behind_the_end_of_the_walk_it_goes_on_by_ids() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.limits_walk(400);
    let desk = Desk::at(&zoho);
    let source = desk.source();
    let contacts = desk.module(&source, "Contacts").await;
    let mut read = desk.walk(&source, &contacts).await.expect("a whole walk");
    let mut expected = zoho.ids("Contacts");
    read.sort();
    expected.sort();
    assert_eq!(read, expected, "the walk's end is not the list's");
}

#[tokio::test]
async fn nothing_new_is_an_empty_page_with_a_cursor() {
    let zoho = Zoho::start().await.expect("a free port");
    let desk = Desk::at(&zoho);
    let source = desk.source();
    let contacts = desk.module(&source, "Contacts").await;
    let first = desk.first_page(&source, &contacts).await.expect("a page");
    zoho.time_passes(Duration::from_secs(900));
    let since = desk
        .first_page(&source, &contacts)
        .await
        .expect("a page")
        .cursor;
    let request = ListRequest {
        module: &contacts,
        since: since.as_ref(),
        page: None,
    };
    let page = source.list(request).await.expect("304 is no error");
    assert!(page.contacts.is_empty(), "nothing changed");
    assert!(page.cursor.is_some(), "the next delta begins here");
    assert_ne!(first.cursor, since, "the server's time went on");
}

#[tokio::test]
async fn a_withheld_field_list_leaves_the_usual_fields() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.withholds_field_list("Leads");
    let desk = Desk::at(&zoho);
    let source = desk.source();
    let leads = desk.module(&source, "Leads").await;
    assert!(
        leads
            .phone_fields
            .iter()
            .any(|field| field.name == "Mobile"),
        "leads have a mobile in every organisation"
    );
}

#[tokio::test]
async fn fax_is_no_telephone_and_a_custom_module_is_offered() {
    let zoho = Zoho::start().await.expect("a free port");
    let desk = Desk::at(&zoho);
    let source = desk.source();
    let contacts = desk.module(&source, "Contacts").await;
    assert!(
        contacts
            .phone_fields
            .iter()
            .all(|field| field.name != "Fax"),
        "nobody calls from a fax"
    );
    let properties = desk.module(&source, "Properties").await;
    assert_eq!(properties.phone_fields[0].name, "Caretaker_Phone");
    assert_eq!(
        properties.tab, "CustomModule1",
        "the URL has the inner name"
    );
}

#[tokio::test]
async fn metadata_is_read_once_for_many_runs() {
    let zoho = Zoho::start().await.expect("a free port");
    let source = Desk::at(&zoho).source();
    let (_, first) = source.modules().await.expect("modules");
    let (_, second) = source.modules().await.expect("modules");
    assert!(first.calls > 1, "a call for each module");
    assert_eq!(second.calls, 0, "the names of fields seldom change");
}

#[tokio::test]
async fn deletions_are_read_and_empty_is_no_error() {
    let zoho = Zoho::with(World::empty()).await.expect("a free port");
    let desk = Desk::at(&zoho);
    let source = desk.source();
    let contacts = desk.module(&source, "Contacts").await;
    let none = source.deleted(&contacts, None, None).await.expect("204");
    assert!(none.ids.is_empty() && none.next.is_none());
    let id = zoho.adds_contact(json!({"Last_Name": "Muster", "Phone": "+49 30 23125 001"}));
    zoho.deletes(&id, true);
    let page = source.deleted(&contacts, None, None).await.expect("a page");
    assert_eq!(page.ids, [id], "gone for good is gone, too");
}

#[tokio::test]
async fn a_converted_lead_says_which_contact_it_became() {
    let zoho = Zoho::with(World::empty()).await.expect("a free port");
    let desk = Desk::at(&zoho);
    let source = desk.source();
    let lead = zoho.adds_lead(json!({"Last_Name": "Muster", "Company": "Muster GmbH"}));
    let contact = zoho.converts_lead(&lead).expect("there is such a lead");
    let leads = desk.module(&source, "Leads").await;
    let page = desk.first_page(&source, &leads).await.expect("a page");
    let became = page.contacts[0]
        .converted_to
        .as_ref()
        .map(|record| record.id.clone());
    assert_eq!(became, Some(contact), "the converted lead is still listed");
}

#[tokio::test]
async fn each_fault_has_its_reason() {
    use StatusReason as R;
    type Fault = fn(&Zoho);
    let table: &[(&str, Fault, R)] = &[
        (
            "revoked",
            |z| {
                z.revokes_tokens();
                z.expires_access_tokens();
            },
            R::InactiveToken,
        ),
        ("api forbidden", Zoho::forbids_api, R::Forbidden),
        ("html 403", |z| z.answers_status(403), R::Forbidden),
        ("no account", Zoho::has_no_account, R::NoAccount),
        ("trial", Zoho::trial_ended, R::TrialExpired),
        ("credits", |z| z.limits_credits(0), R::ApiLimitExceeded),
        (
            "concurrency",
            Zoho::throttles_concurrency,
            R::ApiLimitExceeded,
        ),
        ("html", Zoho::answers_html, R::CrmUnreachable),
        ("half a body", Zoho::half_a_body, R::CrmUnreachable),
        ("500", |z| z.answers_status(500), R::CrmUnreachable),
        ("502", |z| z.answers_status(502), R::CrmUnreachable),
        ("503", |z| z.answers_status(503), R::CrmUnreachable),
        ("hangs", Zoho::hangs, R::CrmUnreachable),
    ];
    for (name, fault, reason) in table {
        let zoho = Zoho::start().await.expect("a free port");
        let desk = Desk::at(&zoho);
        let source = desk.impatient_source();
        source.account().await.expect("well before the fault");
        fault(&zoho);
        let error = source.account().await.expect_err("the fault shows");
        assert_eq!(error.reason(), Some(*reason), "{name}: {error}");
    }
}

#[tokio::test]
async fn no_listener_is_a_crm_out_of_reach_and_heals() {
    let zoho = Zoho::start().await.expect("a free port");
    let source = Desk::at(&zoho).source();
    zoho.goes_offline().await;
    let error = source.account().await.expect_err("nobody listens");
    assert_eq!(error.reason(), Some(StatusReason::CrmUnreachable));
    zoho.comes_back().await.expect("the same port");
    source.account().await.expect("no person was needed");
}

#[tokio::test]
async fn a_missing_right_belongs_to_its_module() {
    let zoho = Zoho::start().await.expect("a free port");
    let desk = Desk::at(&zoho);
    let source = desk.source();
    let leads = desk.module(&source, "Leads").await;
    zoho.forbids_module("Leads");
    let error = desk
        .first_page(&source, &leads)
        .await
        .expect_err("forbidden");
    assert_eq!(error.reason(), Some(StatusReason::InsufficientPermissions));
    assert_eq!(error.module.as_deref(), Some("Leads"));
    source.account().await.expect("the connection is well");
}

#[tokio::test]
async fn a_narrow_sign_in_lacks_a_right() {
    let zoho = Zoho::start().await.expect("a free port");
    let desk = Desk::with_scopes(&zoho, "ZohoCRM.org.READ,ZohoCRM.users.READ");
    let error = desk
        .source()
        .modules()
        .await
        .expect_err("the scope is missing");
    assert_eq!(error.reason(), Some(StatusReason::InsufficientPermissions));
    assert_eq!(error.code.as_deref(), Some("OAUTH_SCOPE_MISMATCH"));
}

#[tokio::test]
async fn an_expired_page_token_is_told_apart() {
    let zoho = Zoho::start().await.expect("a free port");
    let desk = Desk::at(&zoho);
    let source = desk.source();
    let contacts = desk.module(&source, "Contacts").await;
    let page = desk.first_page(&source, &contacts).await.expect("a page");
    zoho.expires_page_tokens();
    let request = ListRequest {
        module: &contacts,
        since: None,
        page: page.next.as_ref(),
    };
    let error = source.list(request).await.expect_err("expired");
    assert_eq!(error.kind, ErrorKind::PageTokenExpired);
}

#[tokio::test]
async fn a_limit_says_how_long_to_wait() {
    let zoho = Zoho::start().await.expect("a free port");
    let source = Desk::at(&zoho).source();
    zoho.throttles_next(1);
    let short = source.account().await.expect_err("throttled").retry_after;
    assert_eq!(
        short,
        Some(Duration::from_secs(10)),
        "too many at once passes soon"
    );
    zoho.sends_retry_after(42);
    zoho.throttles_next(1);
    let told = source.account().await.expect_err("throttled").retry_after;
    assert_eq!(
        told,
        Some(Duration::from_secs(42)),
        "what the server says counts"
    );
    zoho.behaves();
    zoho.limits_credits(0);
    zoho.sends_retry_after(7200);
    let told = source.account().await.expect_err("no credits").retry_after;
    assert_eq!(told, Some(Duration::from_secs(7200)));
}

#[tokio::test]
async fn the_servers_clock_is_known_after_an_answer() {
    let zoho = Zoho::start().await.expect("a free port");
    zoho.clock_skew(3600);
    let desk = Desk::at(&zoho);
    let source = desk.source();
    assert_eq!(source.server_time(), None, "nothing was answered yet");
    source.account().await.expect("signed in");
    let server = source.server_time().expect("every answer has a date");
    let ahead = server.since(desk.now()).as_secs();
    assert!(
        (3500..3700).contains(&ahead),
        "an hour ahead, not {ahead} s"
    );
}

#[tokio::test]
async fn a_record_opens_in_the_organisations_tab() {
    let zoho = Zoho::start().await.expect("a free port");
    let desk = Desk::at(&zoho);
    let source = desk.source();
    let (account, _) = source.account().await.expect("signed in");
    let module = desk.module(&source, "Properties").await;
    let url = source.record_url(&account, &module, "../../x?y");
    let path = format!("/crm/{}/tab/CustomModule1/", account.organisation_slug);
    assert_eq!(
        url,
        format!("{}{path}..%2F..%2Fx%3Fy", zoho.url()),
        "an id from outside stays one segment"
    );
}

#[tokio::test]
async fn a_single_number_can_be_searched() {
    let zoho = Zoho::with(World::empty()).await.expect("a free port");
    let desk = Desk::at(&zoho);
    let source = desk.source();
    let id = zoho.adds_contact(json!({"Last_Name": "Muster", "Phone": "+49 30 23125 001"}));
    let contacts = desk.module(&source, "Contacts").await;
    let hit = source
        .search(&contacts, "+493023125001")
        .await
        .expect("found");
    assert_eq!(hit.contacts.len(), 1, "one person has it");
    assert_eq!(hit.contacts[0].record.id, id);
    let none = source
        .search(&contacts, "+493023125999")
        .await
        .expect("204");
    assert!(none.contacts.is_empty(), "nobody is no error");
}

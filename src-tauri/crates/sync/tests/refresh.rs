//! Refreshing a real mirror from a Zoho on loopback.

mod desk;

use std::sync::Mutex;
use std::time::Duration;

use desk::{Desk, calls_of, expected, organisation};
use ringcard_crm::StatusReason;
use ringcard_mirror::FillState;
use ringcard_sandbox::zoho::{World, Zoho};
use ringcard_sync::{About, Depth, Error, Stopped, SyncKind, SyncNews};
use serde_json::json;

fn reason(outcome: Result<impl Sized, Stopped>) -> Option<StatusReason> {
    match outcome.err().expect("it stops").cause {
        Error::Crm(error) => error.reason(),
        Error::Mirror(_) => None,
    }
}

#[tokio::test]
async fn the_first_refresh_fills_the_mirror() {
    let zoho = organisation().await;
    let desk = Desk::at(&zoho);
    let told = Mutex::new(Vec::new());
    let listener = |progress| told.lock().expect("no panic").push(progress);
    let request = desk.request(Depth::Due);
    let report = desk
        .refresh_with(&request, &listener)
        .await
        .expect("a refresh");
    assert_eq!(desk.count(), expected(&zoho, &desk.modules), "every record");
    assert_eq!(report.kind, SyncKind::Full);
    assert_eq!(report.new, desk.count(), "all of them are new");
    assert_eq!(
        u64::from(report.tally.calls),
        zoho.calls_made(),
        "every call is counted"
    );
    assert_eq!(
        u64::from(report.tally.credits),
        zoho.credits_used(),
        "at its price"
    );
    let told = told.into_inner().expect("no panic");
    let percents: Vec<u8> = told
        .iter()
        .filter(|progress| progress.module == "Contacts")
        .filter_map(|progress| progress.percent)
        .collect();
    assert!(
        percents.len() == 3 && percents.is_sorted(),
        "it goes on: {percents:?}"
    );
}

#[tokio::test]
async fn what_the_crm_tells_of_itself_is_there_before_any_record_and_kept() {
    let zoho = organisation().await;
    let desk = Desk::at(&zoho);
    assert_eq!(About::kept(&desk.mirror), None, "nobody has asked yet");
    let told = Mutex::new(None);
    let listener = |news: SyncNews| {
        if let SyncNews::About(about) = news {
            let kept = About::kept(&desk.mirror);
            *told.lock().expect("no panic") = Some((about, kept, desk.count()));
        }
    };
    let request = desk.request(Depth::Due);
    ringcard_sync::run(desk.source.as_ref(), &desk.mirror, &request, &listener)
        .await
        .expect("a refresh");
    let told = told.into_inner().expect("no panic");
    let (about, kept, records) = told.expect("it is told");
    assert_eq!(records, 0, "the first record can be opened at once");
    assert_eq!(kept.as_ref(), Some(&about), "also after a kill");
    let names = about.modules.iter().map(|module| module.name.as_str());
    assert!(names.collect::<Vec<_>>().contains(&"Vendors"), "unticked");
    let desk = desk.restarts(&zoho);
    assert_eq!(About::kept(&desk.mirror), Some(about), "over a restart");
}

#[tokio::test]
async fn an_idle_refresh_is_cheap_and_changes_nothing() {
    let zoho = organisation().await;
    let desk = Desk::at(&zoho);
    desk.refresh(Depth::Due).await.expect("the first");
    let report = desk.refresh(Depth::Due).await.expect("the second");
    assert_eq!((report.new, report.changed, report.deleted), (0, 0, 0));
    assert_eq!(report.kind, SyncKind::Delta);
    assert_eq!(
        report.tally.calls, 5,
        "account, user, and a list for each of three modules"
    );
}

#[tokio::test]
async fn a_delta_brings_new_changed_and_deleted_records() {
    let zoho = Zoho::with(World::empty()).await.expect("a free port");
    let desk = Desk::at(&zoho);
    let stays = zoho.adds_contact(json!({"Last_Name": "Muster", "Phone": "+49 30 23125 001"}));
    let goes = zoho.adds_contact(json!({"Last_Name": "Weg", "Phone": "+49 30 23125 002"}));
    desk.refresh(Depth::Due).await.expect("the first");
    zoho.changes(&stays, json!({"Mobile": "+49 170 5550001"}));
    zoho.deletes(&goes, false);
    let comes = zoho.adds_contact(json!({"Last_Name": "Neu", "Phone": "+49 30 23125 003"}));
    let report = desk.refresh(Depth::Fresh).await.expect("the second");
    assert_eq!((report.new, report.changed, report.deleted), (1, 1, 1));
    assert_eq!(
        desk.looks_up("+491705550001").found.len(),
        1,
        "the new mobile is known"
    );
    assert!(
        desk.contact("Contacts", &goes).is_none(),
        "gone there, gone here"
    );
    assert!(desk.contact("Contacts", &comes).is_some());
}

#[tokio::test]
async fn an_edit_stamped_before_our_question_is_not_lost() {
    let zoho = Zoho::with(World::empty()).await.expect("a free port");
    let desk = Desk::at(&zoho);
    let id = zoho.adds_contact(json!({"Last_Name": "Muster", "Phone": "+49 30 23125 001"}));
    desk.refresh(Depth::Due).await.expect("the first");
    // It was being saved while we asked: its time is before our answer's.
    zoho.clock_skew(-120);
    zoho.changes(&id, json!({"Phone": "+49 30 23125 077"}));
    zoho.clock_skew(120);
    desk.refresh(Depth::Due).await.expect("the second");
    assert_eq!(
        desk.looks_up("+493023125077").found.len(),
        1,
        "the overlap covers it"
    );
}

#[tokio::test]
async fn a_converted_lead_gives_one_hit() {
    let zoho = Zoho::with(World::empty()).await.expect("a free port");
    let desk = Desk::at(&zoho);
    let lead = zoho.adds_lead(
        json!({"Last_Name": "Muster", "Company": "Muster GmbH", "Phone": "+49 30 23125 001"}),
    );
    desk.refresh(Depth::Due).await.expect("the first");
    assert_eq!(
        desk.looks_up("+493023125001").found[0]
            .contact
            .record
            .module,
        "Leads"
    );
    let contact = zoho.converts_lead(&lead).expect("a lead");
    desk.refresh(Depth::Due).await.expect("the second");
    let found = desk.looks_up("+493023125001").found;
    let people: Vec<_> = found
        .iter()
        .filter(|hit| hit.contact.record.module != "Accounts")
        .collect();
    assert_eq!(people.len(), 1, "one person, one hit");
    assert_eq!(people[0].contact.record.id, contact, "it opens the contact");
}

#[tokio::test]
async fn a_fill_that_is_killed_goes_on_where_it_was() {
    let zoho = organisation().await;
    let desk = Desk::at(&zoho);
    let (sender, mut pages) = tokio::sync::mpsc::unbounded_channel();
    let refresh = {
        let (source, mirror) = (desk.source.clone(), desk.mirror.clone());
        let request = desk.request(Depth::Due);
        tokio::spawn(async move {
            let listener = move |news: SyncNews| {
                if let SyncNews::Progress(progress) = news {
                    drop(sender.send(progress));
                }
            };
            ringcard_sync::run(source.as_ref(), &mirror, &request, &listener)
                .await
                .map(drop)
        })
    };
    let mut last = None;
    for _ in 0..4 {
        last = pages.recv().await;
    }
    refresh.abort();
    assert!(refresh.await.is_err(), "it was killed in the middle");
    let last = last.expect("four pages");
    let read = last.read;
    assert!(desk.count() >= read, "each page is visible at once");
    let desk = desk.restarts(&zoho);
    let whole = expected(&zoho, &desk.modules);
    assert!(desk.count() < whole, "it was killed before the end");
    zoho.forgets_requests();
    let told = Mutex::new(Vec::new());
    let listener = |progress| told.lock().expect("no panic").push(progress);
    let request = desk.request(Depth::Due);
    let report = desk.refresh_with(&request, &listener).await;
    let report = report.expect("it goes on");
    let told = told.into_inner().expect("no panic");
    let percents = |module: &str| -> Vec<u8> {
        let of_module = told.iter().filter(|progress| progress.module == module);
        of_module.filter_map(|progress| progress.percent).collect()
    };
    let again = percents(&last.module);
    assert!(
        again.iter().all(|percent| Some(*percent) > last.percent),
        "{again:?} goes on from {:?}",
        last.percent
    );
    assert_eq!(desk.count(), whole, "every record, and none twice");
    assert!(report.read + read <= whole, "no page is read again");
}

#[tokio::test]
async fn a_fault_in_a_fill_loses_no_page() {
    let zoho = organisation().await;
    let desk = Desk::at(&zoho);
    let listener = |progress: ringcard_sync::SyncProgress| {
        if progress.module == "Contacts" {
            zoho.answers_status(503);
        }
    };
    let request = desk.request(Depth::Due);
    let outcome = desk.refresh_with(&request, &listener).await;
    assert_eq!(reason(outcome), Some(StatusReason::CrmUnreachable));
    assert_eq!(
        desk.count(),
        430,
        "two pages of leads and one of contacts answer"
    );
    zoho.behaves();
    let report = desk.refresh(Depth::Due).await.expect("it goes on");
    assert_eq!(desk.count(), expected(&zoho, &desk.modules));
    assert_eq!(report.new, 270, "what was there is not read again");
}

#[tokio::test]
async fn one_dropped_connection_is_not_even_noticed() {
    let zoho = organisation().await;
    let desk = Desk::at(&zoho);
    zoho.drops_connection_after_page(3);
    desk.refresh(Depth::Due).await.expect("it asks once more");
    assert_eq!(desk.count(), expected(&zoho, &desk.modules));
}

#[tokio::test]
async fn an_expired_page_token_starts_the_walk_anew_and_skips_nothing() {
    let zoho = organisation().await;
    let desk = Desk::at(&zoho);
    let once = Mutex::new(false);
    let listener = |progress: ringcard_sync::SyncProgress| {
        let mut done = once.lock().expect("no panic");
        if progress.module == "Contacts" && !*done {
            zoho.expires_page_tokens();
            *done = true;
        }
    };
    let request = desk.request(Depth::Due);
    let report = desk
        .refresh_with(&request, &listener)
        .await
        .expect("a refresh");
    assert!(*once.lock().expect("no panic"), "the token did expire");
    assert!(report.failed.is_empty(), "{:?}", report.failed);
    assert_eq!(desk.count(), expected(&zoho, &desk.modules));
}

#[tokio::test]
async fn a_delta_is_stored_whole_or_not_at_all() {
    let zoho = organisation().await;
    let mut desk = Desk::at(&zoho);
    desk.modules = vec!["Contacts".to_owned()];
    desk.refresh(Depth::Due).await.expect("the first");
    zoho.time_passes(Duration::from_secs(3600));
    let ids = zoho.ids("Contacts");
    for id in &ids[..250] {
        zoho.changes(id, json!({"Mobile": "+49 170 5550009"}));
    }
    let mut request = desk.request(Depth::Due);
    request.credits_left = Some(3);
    let outcome = desk.refresh_with(&request, &|_| {}).await;
    assert_eq!(
        reason(outcome),
        Some(StatusReason::ApiLimitExceeded),
        "after one page"
    );
    assert!(
        desk.looks_up("+491705550009").found.is_empty(),
        "half a delta is none"
    );
    let report = desk.refresh(Depth::Due).await.expect("the next");
    assert_eq!(report.changed, 250, "the cursor had not moved");
}

#[tokio::test]
async fn another_organisation_is_not_mixed_in() {
    let zoho = organisation().await;
    let desk = Desk::at(&zoho);
    desk.refresh(Depth::Due).await.expect("the first");
    let before = desk.count();
    let about = About::kept(&desk.mirror).expect("it was told");
    zoho.switches_organisation();
    zoho.adds_contact(json!({"Last_Name": "Fremd", "Phone": "+49 30 23125 099"}));
    zoho.forgets_requests();
    let stopped = desk.refresh(Depth::Whole).await.expect_err("not theirs");
    let name = "Ringcard Sandbox GmbH";
    let shown = format!("{stopped} {stopped:?}");
    assert!(!shown.contains(name), "no log names an organisation");
    let found = match &stopped.cause {
        Error::Crm(error) => error.found_organisation.clone(),
        Error::Mirror(_) => None,
    };
    assert_eq!(found, Some(name.to_owned().into()), "the windows do");
    assert_eq!(
        reason(Err::<(), _>(stopped)),
        Some(StatusReason::InvalidOrganization)
    );
    assert_eq!(desk.count(), before, "nothing was written");
    let kept = About::kept(&desk.mirror);
    assert_eq!(kept, Some(about), "addresses stay those of the records");
    assert_eq!(calls_of(&zoho, "Contacts"), 0, "nothing was even read");
}

#[tokio::test]
async fn a_module_without_rights_does_not_stop_the_others() {
    let zoho = organisation().await;
    let desk = Desk::at(&zoho);
    zoho.forbids_module("Leads");
    let report = desk.refresh(Depth::Due).await.expect("the others go on");
    assert_eq!(report.failed.len(), 1);
    let (module, error) = &report.failed[0];
    assert_eq!(module, "Leads");
    assert_eq!(error.reason(), Some(StatusReason::InsufficientPermissions));
    let others = ["Contacts".to_owned(), "Accounts".to_owned()];
    assert_eq!(desk.count(), expected(&zoho, &others));
}

#[tokio::test]
async fn no_module_at_all_is_the_connections_fault() {
    let zoho = organisation().await;
    let desk = Desk::at(&zoho);
    for module in &desk.modules {
        zoho.forbids_module(module);
    }
    let stopped = desk.refresh(Depth::Due).await.expect_err("nothing is read");
    let module = match &stopped.cause {
        Error::Crm(error) => error.module.clone(),
        Error::Mirror(_) => None,
    };
    assert_eq!(module.as_deref(), Some("Leads"), "whoever repairs it knows");
    assert_eq!(
        reason(Err::<(), _>(stopped)),
        Some(StatusReason::InsufficientPermissions)
    );
}

#[tokio::test]
async fn an_unticked_module_leaves_the_mirror() {
    let zoho = organisation().await;
    let mut desk = Desk::at(&zoho);
    desk.refresh(Depth::Due).await.expect("the first");
    desk.modules.retain(|module| module != "Leads");
    let report = desk.refresh(Depth::Due).await.expect("the second");
    assert_eq!(report.deleted, zoho.ids("Leads").len() as u64);
    assert_eq!(desk.count(), expected(&zoho, &desk.modules));
}

#[tokio::test]
async fn deletions_are_asked_for_once_an_hour() {
    let zoho = Zoho::with(World::empty()).await.expect("a free port");
    let mut desk = Desk::at(&zoho);
    let id = zoho.adds_contact(json!({"Last_Name": "Weg"}));
    desk.refresh(Depth::Due).await.expect("the first");
    zoho.deletes(&id, true);
    desk.refresh(Depth::Due).await.expect("soon after");
    assert_eq!(
        calls_of(&zoho, "Contacts/deleted"),
        0,
        "they cost twice as much"
    );
    desk.time_passes(Duration::from_secs(3600));
    desk.refresh(Depth::Due).await.expect("an hour later");
    assert!(
        desk.contact("Contacts", &id).is_none(),
        "gone after an hour at most"
    );
}

#[tokio::test]
async fn what_became_invisible_goes_with_the_weekly_reading() {
    let zoho = Zoho::with(World::empty()).await.expect("a free port");
    let mut desk = Desk::at(&zoho);
    let hidden = zoho.adds_contact(json!({"Last_Name": "Fort"}));
    let seen = zoho.adds_contact(json!({"Last_Name": "Da"}));
    desk.refresh(Depth::Due).await.expect("the first");
    zoho.hides_record(&hidden);
    desk.refresh(Depth::Fresh).await.expect("a delta");
    assert!(
        desk.contact("Contacts", &hidden).is_some(),
        "no list says that it is gone"
    );
    desk.time_passes(Duration::from_secs(7 * 24 * 3600));
    let report = desk.refresh(Depth::Due).await.expect("a week later");
    assert_eq!(report.kind, SyncKind::Full);
    assert!(desk.contact("Contacts", &hidden).is_none());
    assert!(desk.contact("Contacts", &seen).is_some());
}

#[tokio::test]
async fn the_mirror_answers_while_it_is_read_anew() {
    let zoho = organisation().await;
    let desk = Desk::at(&zoho);
    desk.refresh(Depth::Due).await.expect("the first");
    let whole = desk.count();
    let fewest = Mutex::new(u64::MAX);
    let listener = |_| {
        let mut fewest = fewest.lock().expect("no panic");
        *fewest = desk.count().min(*fewest);
    };
    let request = desk.request(Depth::Whole);
    desk.refresh_with(&request, &listener).await.expect("anew");
    let fewest = *fewest.lock().expect("no panic");
    assert_eq!(
        fewest, whole,
        "old records answer until the new reading has ended"
    );
}

#[tokio::test]
async fn reading_stops_at_its_share_and_goes_on_the_next_day() {
    let zoho = organisation().await;
    let desk = Desk::at(&zoho);
    let mut request = desk.request(Depth::Due);
    request.credits_left = Some(11);
    let stopped = desk
        .refresh_with(&request, &|_| {})
        .await
        .expect_err("too little");
    assert!(zoho.credits_used() <= 11, "the share is never exceeded");
    assert_eq!(
        u64::from(stopped.tally.credits),
        zoho.credits_used(),
        "and is counted"
    );
    assert_eq!(
        reason(Err::<(), _>(stopped)),
        Some(StatusReason::ApiLimitExceeded)
    );
    assert!(desk.count() > 0, "what was read stays");
    desk.refresh(Depth::Due).await.expect("the next day");
    assert_eq!(desk.count(), expected(&zoho, &desk.modules));
}

#[tokio::test]
async fn while_zoho_is_away_the_mirror_stays_as_it_was() {
    let zoho = organisation().await;
    let desk = Desk::at(&zoho);
    desk.refresh(Depth::Due).await.expect("the first");
    let (count, as_of) = (desk.count(), desk.mirror.as_of().expect("readable"));
    zoho.goes_offline().await;
    assert_eq!(
        reason(desk.refresh(Depth::Whole).await),
        Some(StatusReason::CrmUnreachable)
    );
    assert_eq!(desk.count(), count);
    assert_eq!(
        desk.mirror.as_of().expect("readable"),
        as_of,
        "no fresher than it is"
    );
}

#[tokio::test]
async fn a_module_that_hides_changes_is_read_whole() {
    let zoho = organisation().await;
    zoho.hides_field("Contacts", "Modified_Time");
    let desk = Desk::at(&zoho);
    desk.refresh(Depth::Due).await.expect("the first");
    let report = desk.refresh(Depth::Due).await.expect("soon after");
    assert!(
        report.modules.iter().all(|done| done.module != "Contacts"),
        "not every minute"
    );
    let report = desk.refresh(Depth::Fresh).await.expect("asked for");
    let contacts = report.modules.iter().find(|done| done.module == "Contacts");
    assert_eq!(contacts.map(|done| done.kind), Some(SyncKind::Full));
}

#[tokio::test]
async fn a_long_list_is_walked_behind_its_end() {
    let zoho = organisation().await;
    zoho.limits_walk(200);
    let desk = Desk::at(&zoho);
    let report = desk.refresh(Depth::Due).await.expect("a refresh");
    assert!(report.failed.is_empty(), "{:?}", report.failed);
    assert_eq!(desk.count(), expected(&zoho, &desk.modules));
    let state = desk.mirror.fill_state("Contacts").expect("readable");
    assert!(matches!(state, FillState::Filled { .. }), "and it is whole");
}

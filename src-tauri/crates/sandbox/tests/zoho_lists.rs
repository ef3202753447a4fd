//! Lists, deltas and deletions of the sandbox Zoho, with their limits.

mod zoho_client;

use std::collections::BTreeSet;

use ringcard_sandbox::zoho::{World, Zoho};
use serde_json::json;
use zoho_client::{encode, sign_in, sign_in_for};

async fn zoho(records: usize) -> Zoho {
    Zoho::with(World::of(records)).await.expect("a free port")
}

#[tokio::test]
async fn walk_by_page_tokens_sees_every_record_once_past_two_thousand() {
    let zoho = zoho(5000).await;
    let session = sign_in(&zoho).await;
    let walked = session.walk("Contacts?fields=Last_Name&per_page=200").await;
    let known: BTreeSet<String> = zoho.ids("Contacts").into_iter().collect();
    assert!(known.len() > 2000, "more than pages alone can reach");
    assert_eq!(walked.len(), known.len(), "none twice");
    assert_eq!(
        walked.into_iter().collect::<BTreeSet<_>>(),
        known,
        "none missing"
    );
}

#[tokio::test]
async fn pages_alone_end_at_two_thousand() {
    let zoho = zoho(5000).await;
    let session = sign_in(&zoho).await;
    let tenth = session.get("Contacts?fields=id,Last_Name&page=10").await;
    assert_eq!(tenth.status, 200, "ten pages can be had");
    let next = session.get("Contacts?fields=id,Last_Name&page=11").await;
    assert_eq!(
        next.code(),
        "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
        "the eleventh"
    );
    assert_eq!(next.json()["details"]["limit"], 2000, "it says why");
}

#[tokio::test]
async fn list_refuses_what_zoho_refuses() {
    let zoho = zoho(500).await;
    let session = sign_in(&zoho).await;
    let fifty_one = vec!["Last_Name"; 51].join(",");
    for (path, code) in [
        ("Contacts".to_owned(), "REQUIRED_PARAM_MISSING"),
        (format!("Contacts?fields={fifty_one}"), "LIMIT_EXCEEDED"),
        (
            "Contacts?fields=id&per_page=201".to_owned(),
            "LIMIT_EXCEEDED",
        ),
        (
            "Contacts?fields=id&sort_by=Last_Name".to_owned(),
            "INVALID_DATA",
        ),
        (
            "Contacts?fields=id&converted=maybe".to_owned(),
            "INVALID_DATA",
        ),
        (
            "Contacts?fields=id&page_token=made-up".to_owned(),
            "TOKEN_BOUND_DATA_MISMATCH",
        ),
        ("Kontakte?fields=id".to_owned(), "INVALID_MODULE"),
        ("Weather?fields=id".to_owned(), "INVALID_MODULE"),
    ] {
        let reply = session.get(&path).await;
        assert_eq!((reply.status, reply.code().as_str()), (400, code), "{path}");
        assert!(
            reply.json().get("data").is_none(),
            "the errors of a list are flat"
        );
    }
}

#[tokio::test]
async fn page_token_is_bound_to_its_query_and_expires() {
    let zoho = zoho(900).await;
    let session = sign_in(&zoho).await;
    let first = session
        .get("Contacts?fields=Last_Name&per_page=100")
        .await
        .json();
    let token = first["info"]["next_page_token"]
        .as_str()
        .expect("there is more");
    let path = |rest: &str| format!("Contacts?per_page=100&page_token={token}&fields={rest}");
    let other = session.get(&path("Last_Name,Phone")).await;
    assert_eq!(other.code(), "TOKEN_BOUND_DATA_MISMATCH", "another query");
    let both = session.get(&path("Last_Name&page=2")).await;
    assert_eq!(both.code(), "AMBIGUITY_DURING_PROCESSING", "page and token");
    assert_eq!(
        session.get(&path("Last_Name")).await.json()["info"]["page"],
        2,
        "it is good"
    );
    zoho.expires_page_tokens();
    assert_eq!(
        session.get(&path("Last_Name")).await.code(),
        "EXPIRED_VALUE",
        "a day later"
    );
}

#[tokio::test]
async fn walk_ends_at_its_limit_with_an_error() {
    let zoho = zoho(900).await;
    zoho.limits_walk(200);
    let session = sign_in(&zoho).await;
    let path = "Contacts?fields=Last_Name&per_page=200";
    let first = session.get(path).await.json();
    let token = first["info"]["next_page_token"]
        .as_str()
        .expect("there is more");
    let next = session.get(&format!("{path}&page_token={token}")).await;
    assert_eq!(next.code(), "PAGINATION_LIMIT_EXCEEDED", "the walk is over");
}

#[tokio::test]
async fn record_that_comes_during_a_walk_shifts_nothing() {
    let zoho = zoho(900).await;
    let session = sign_in(&zoho).await;
    let path = "Contacts?fields=Last_Name&per_page=200";
    let before: BTreeSet<String> = zoho.ids("Contacts").into_iter().collect();
    let first = session.get(path).await;
    zoho.adds_contact(json!({ "Last_Name": "Neu" }));
    zoho.deletes(&first.ids()[0], false);
    let token = first.json()["info"]["next_page_token"]
        .as_str()
        .expect("more")
        .to_owned();
    let mut seen = first.ids();
    seen.extend(
        session
            .get(&format!("{path}&page_token={token}"))
            .await
            .ids(),
    );
    let unique: BTreeSet<String> = seen.iter().cloned().collect();
    assert_eq!(unique.len(), seen.len(), "nobody is seen twice");
    assert!(unique.is_subset(&before), "the newcomer is behind us");
}

#[tokio::test]
async fn unchanged_list_answers_304_and_an_empty_one_204() {
    let zoho = zoho(50).await;
    let session = sign_in(&zoho).await;
    let path = "Contacts?fields=Last_Name";
    let whole = session.get(path).await;
    let id = &whole.ids()[0];
    let later = session.since(path, "2099-01-01T00:00:00+05:30").await;
    assert_eq!(
        (later.status, later.body.len()),
        (304, 0),
        "nothing is newer"
    );
    assert_eq!(
        session.get("Vendors?fields=Vendor_Name").await.status,
        204,
        "none at all"
    );
    zoho.changes(id, json!({ "Last_Name": "Geändert" }));
    let modified = zoho.record(id).expect("it is there")["Modified_Time"].clone();
    let modified = modified.as_str().expect("a time");
    let delta = session.since(path, modified).await;
    assert_eq!(
        delta.ids(),
        std::slice::from_ref(id),
        "the same second counts as newer"
    );
    let date = &delta.headers["date"];
    assert_eq!(
        session
            .since(path, "Sun, 01 Jan 2034 00:00:00 GMT")
            .await
            .status,
        304,
        "{date}"
    );
    let garbage = session.since(path, "yesterday").await;
    assert_eq!(garbage.code(), "INVALID_DATA", "no date");
}

#[tokio::test]
async fn converted_lead_leaves_the_default_list() {
    let zoho = zoho(0).await;
    let session = sign_in(&zoho).await;
    let lead = zoho.adds_lead(json!({
        "Last_Name": "Vogel", "Company": "Falkenbau", "Phone": "030 23125 001",
    }));
    let contact = zoho.converts_lead(&lead).expect("a lead can be converted");
    assert_eq!(
        session.get("Leads?fields=Company").await.status,
        204,
        "it is gone"
    );
    let both = session.get("Leads?fields=Company&converted=both").await;
    assert_eq!(
        both.ids(),
        std::slice::from_ref(&lead),
        "who asks for both sees it"
    );
    let contacts = session
        .get("Contacts?fields=Phone,Account_Name")
        .await
        .json();
    assert_eq!(contacts["data"][0]["id"], contact, "its contact is there");
    assert_eq!(
        contacts["data"][0]["Phone"], "030 23125 001",
        "with its number"
    );
    assert_eq!(
        contacts["data"][0]["Account_Name"]["name"], "Falkenbau",
        "and company"
    );
    assert_eq!(
        session.get("Leads/deleted").await.status,
        204,
        "it was not deleted"
    );
}

#[tokio::test]
async fn deleted_list_has_both_kinds_and_wraps_its_errors() {
    let zoho = zoho(200).await;
    let session = sign_in(&zoho).await;
    let ids = zoho.ids("Contacts");
    zoho.deletes(&ids[0], false);
    zoho.deletes(&ids[1], true);
    zoho.hides_record(&ids[2]);
    let all = session.get("Contacts/deleted?type=all").await;
    let gone: BTreeSet<String> = all.ids().into_iter().collect();
    assert_eq!(
        gone,
        ids[..2].iter().cloned().collect(),
        "the hidden one is not told"
    );
    let permanent = session.get("Contacts/deleted?type=permanent").await.json();
    assert_eq!(
        permanent["data"][0]["display_name"],
        json!(null),
        "no name is kept"
    );
    let wrong = session.get("Contacts/deleted?type=some").await;
    assert_eq!(
        wrong.json()["data"][0]["code"],
        "PATTERN_NOT_MATCHED",
        "wrapped"
    );
    let later = session
        .since("Contacts/deleted", "2099-01-01T00:00:00Z")
        .await;
    assert_eq!(later.status, 304, "nothing newer");
    let listed = session.walk("Contacts?fields=Last_Name").await;
    assert!(
        ids[..3].iter().all(|id| !listed.contains(id)),
        "all three left the list"
    );
}

#[tokio::test]
async fn hidden_field_is_absent_from_metadata_and_rows() {
    let zoho = zoho(100).await;
    let session = sign_in(&zoho).await;
    zoho.hides_field("Contacts", "Modified_Time");
    let fields = session.get("settings/fields?module=Contacts").await.json();
    let names: Vec<&str> = fields["fields"]
        .as_array()
        .expect("fields")
        .iter()
        .filter_map(|field| field["api_name"].as_str())
        .collect();
    assert!(
        names.contains(&"Phone") && !names.contains(&"Modified_Time"),
        "{names:?}"
    );
    let row = session
        .get("Contacts?fields=Phone,Modified_Time")
        .await
        .json();
    assert!(
        row["data"][0].get("Modified_Time").is_none(),
        "not in rows either"
    );
}

#[tokio::test]
async fn ids_are_text_of_eighteen_or_nineteen_digits() {
    let zoho = zoho(200).await;
    for module in ["Contacts", "Leads", "Accounts"] {
        for id in zoho.ids(module) {
            assert!((18..=19).contains(&id.len()), "{id} of {module}");
        }
    }
    let session = sign_in(&zoho).await;
    let wanted = &zoho.ids("Contacts")[3];
    let one = session
        .get(&format!("Contacts?fields=Phone&ids={wanted}"))
        .await;
    assert_eq!(
        one.ids(),
        std::slice::from_ref(wanted),
        "a record by its id"
    );
}

#[tokio::test]
async fn each_call_needs_its_scope() {
    let zoho = zoho(100).await;
    let session = sign_in_for(&zoho, "ZohoCRM.modules.contacts.READ,ZohoCRM.org.READ").await;
    assert_eq!(
        session.get("Contacts?fields=Phone").await.status,
        200,
        "the named module"
    );
    for path in [
        "Leads?fields=Phone",
        "users",
        "settings/modules",
        "Contacts/search?word=ab",
    ] {
        let reply = session.get(path).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (401, "OAUTH_SCOPE_MISMATCH"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn search_finds_digits_and_lags_behind() {
    let zoho = zoho(0).await;
    let session = sign_in(&zoho).await;
    let id = zoho.adds_contact(json!({ "Last_Name": "Weiß", "Phone": "030/23125 042" }));
    let by_phone = format!("Contacts/search?phone={}", encode("03023125042"));
    assert_eq!(
        session.get(&by_phone).await.ids(),
        [id],
        "the digits follow each other"
    );
    let international = format!("Contacts/search?phone={}", encode("+493023125042"));
    assert_eq!(
        session.get(&international).await.status,
        204,
        "it knows no area codes"
    );
    let bad = format!("Contacts/search?phone={}", encode("030/23125"));
    assert_eq!(
        session.get(&bad).await.code(),
        "INVALID_DATA",
        "a slash is not allowed"
    );
    zoho.search_lags();
    let new = zoho.adds_contact(json!({ "Last_Name": "Groß, (B)" }));
    let criteria = encode("(Last_Name:equals:Groß\\, \\(B\\))");
    let by_name = format!("Contacts/search?criteria={criteria}");
    assert_eq!(session.get(&by_name).await.status, 204, "not indexed yet");
    assert_eq!(
        session.get("Contacts?fields=Last_Name").await.ids().len(),
        2,
        "but listed"
    );
    zoho.search_catches_up();
    assert_eq!(session.get(&by_name).await.ids(), [new], "now it is");
}

#[tokio::test]
async fn coql_walks_by_key_over_everything() {
    let zoho = zoho(1000).await;
    let session = sign_in(&zoho).await;
    let mut seen = Vec::new();
    let mut last = "0".to_owned();
    loop {
        let query = format!(
            "select id, Last_Name, Modified_Time from Contacts where id > {last} \
             order by id asc limit 200"
        );
        let reply = session.select(&query).await;
        if reply.status == 204 {
            break;
        }
        seen.extend(reply.ids());
        last = seen.last().expect("rows").clone();
    }
    assert!(seen == zoho.ids("Contacts"), "all of them, in order");
    let wrong = session.select("select id from Contacts limit 2001").await;
    assert_eq!(wrong.code(), "SYNTAX_ERROR", "a condition is needed");
    let many = session
        .select("select id from Contacts where id > 0 limit 2001")
        .await;
    assert_eq!(many.code(), "LIMIT_EXCEEDED", "two thousand at most");
}

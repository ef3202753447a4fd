//! The sandbox Zoho against Zoho's own interface files and example answers.
//!
//! `RINGCARD_ZOHO_OAS` names the folder with the files. Where they are wrong, the exception stands
//! beside the call, with its reason; one that is no longer needed fails the test.
#![cfg(target_os = "linux")]

#[path = "../../src-tauri/crates/sandbox/tests/zoho_client/mod.rs"]
mod client;
mod oas;

use client::{Reply, Session, sign_in};
use oas::{Exception, Operation, check, folder};
use ringcard_sandbox::zoho::{World, Zoho};
use serde_json::{Value, json};

const LIST: Operation = Operation {
    file: "zoho-crm-record-openapi.json",
    method: "get",
    path: "/{module}",
};
const DELETED: Operation = Operation {
    path: "/{module}/deleted",
    ..LIST
};
const UPSERT: Operation = Operation {
    method: "post",
    path: "/{module}/upsert",
    ..LIST
};
const CREATE: Operation = Operation {
    method: "post",
    ..LIST
};
const COQL: Operation = Operation {
    file: "zoho-crm-coql-openapi.json",
    method: "post",
    path: "/coql",
};
const SEARCH: Operation = Operation {
    file: "zoho-crm-module-search-openapi.json",
    method: "get",
    path: "/{module}/search",
};

const fn exception(place: &'static str, keyword: &'static str, reason: &'static str) -> Exception {
    Exception {
        place,
        keyword,
        reason,
    }
}

const NULL_TOKEN: &str = "the official example has a null token";

async fn zoho() -> Zoho {
    Zoho::with(World::of(1500)).await.expect("a free port")
}

async fn body(reply: Reply, status: u16) -> Value {
    assert_eq!(
        reply.status,
        status,
        "{}",
        String::from_utf8_lossy(&reply.body)
    );
    reply.json()
}

#[tokio::test]
async fn organisation_users_and_metadata_are_as_zoho_says() {
    let Some(folder) = folder() else { return };
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    for (path, file, operation) in [
        ("org", "zoho-crm-org-openapi.json", "/org"),
        (
            "users?type=CurrentUser",
            "zoho-crm-users-openapi.json",
            "/users",
        ),
        (
            "users?type=AllUsers",
            "zoho-crm-users-openapi.json",
            "/users",
        ),
        (
            "settings/modules",
            "zoho-crm-modules-openapi.json",
            "/settings/modules",
        ),
        (
            "settings/fields?module=Contacts",
            "zoho-crm-fields-openapi.json",
            "/settings/fields",
        ),
        (
            "settings/fields?module=Leads",
            "zoho-crm-fields-openapi.json",
            "/settings/fields",
        ),
        (
            "settings/fields?module=Calls",
            "zoho-crm-fields-openapi.json",
            "/settings/fields",
        ),
        (
            "settings/fields?module=Properties",
            "zoho-crm-fields-openapi.json",
            "/settings/fields",
        ),
    ] {
        let operation = Operation {
            file,
            method: "get",
            path: operation,
        };
        let body = body(session.get(path).await, 200).await;
        check(&folder, operation, (200, &body), &[]);
    }
}

#[tokio::test]
async fn ended_trial_is_told_as_zoho_says() {
    let Some(folder) = folder() else { return };
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    zoho.trial_ended();
    let operation = Operation {
        file: "zoho-crm-org-openapi.json",
        method: "get",
        path: "/org",
    };
    let body = body(session.get("org").await, 200).await;
    check(&folder, operation, (200, &body), &[]);
}

#[tokio::test]
async fn lists_are_as_zoho_says() {
    let Some(folder) = folder() else { return };
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    let fields = "Last_Name,Phone,Owner,Account_Name,Created_Time,Modified_Time,Created_By";
    let path = format!("Contacts?fields={fields}");
    let whole = body(session.get(&path).await, 200).await;
    let hundred = "the page on lists and the 3.0 files allow 200 rows";
    check(
        &folder,
        LIST,
        (200, &whole),
        &[
            exception("/data", "maxItems", hundred),
            exception("/info/previous_page_token", "type", NULL_TOKEN),
        ],
    );
    let id = &zoho.ids("Contacts")[0];
    let last = body(session.get(&format!("{path}&ids={id}")).await, 200).await;
    check(
        &folder,
        LIST,
        (200, &last),
        &[
            exception("/info/previous_page_token", "type", NULL_TOKEN),
            exception("/info/next_page_token", "type", NULL_TOKEN),
            exception("/info/page_token_expiry", "type", NULL_TOKEN),
        ],
    );
}

#[tokio::test]
async fn deletions_search_count_and_query_are_as_zoho_says() {
    let Some(folder) = folder() else { return };
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    let ids = zoho.ids("Contacts");
    zoho.deletes(&ids[0], false);
    zoho.deletes(&ids[1], true);
    let deleted = body(session.get("Contacts/deleted").await, 200).await;
    check(&folder, DELETED, (200, &deleted), &[]);
    let found = body(session.get("Contacts/search?word=er").await, 200).await;
    check(&folder, SEARCH, (200, &found), &[]);
    let count = body(session.get("Contacts/actions/count").await, 200).await;
    let operation = Operation {
        file: "zoho-crm-record-count-openapi.json",
        method: "get",
        path: "/{moduleApiName}/actions/count",
    };
    check(&folder, operation, (200, &count), &[]);
    let query = "select id, Last_Name, Owner from Contacts where id > 0 order by id limit 500";
    let rows = body(session.select(query).await, 200).await;
    let two_hundred = "the page on COQL's limits allows 2,000 rows";
    check(
        &folder,
        COQL,
        (200, &rows),
        &[exception("/data", "maxItems", two_hundred)],
    );
}

#[tokio::test]
async fn writes_are_answered_as_zoho_says() {
    let Some(folder) = folder() else { return };
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    let contact = zoho.adds_contact(json!({ "Last_Name": "Weiß" }));
    let call = json!({ "data": [{
        "Subject": "Anruf", "Call_Type": "Inbound", "Who_Id": { "id": contact },
        "Call_Start_Time": "2026-01-20T10:00:00+01:00", "Call_Duration": "00:20",
    }] });
    let made = body(session.post("Calls", &call).await, 201).await;
    check(&folder, CREATE, (201, &made), &[]);
    let note = json!({ "data": [{
        "Note_Content": "Rückruf",
        "Parent_Id": { "module": { "api_name": "Contacts" }, "id": contact },
    }] });
    let noted = body(session.post("Notes", &note).await, 201).await;
    let notes = Operation {
        file: "zoho-crm-notes-openapi.json",
        method: "post",
        path: "/Notes",
    };
    check(&folder, notes, (201, &noted), &[]);
    let lead = json!({ "data": [{ "Last_Name": "Neu" }] });
    let put = body(session.post("Leads/upsert", &lead).await, 200).await;
    let action = "the official example has action and duplicate_field";
    check(
        &folder,
        UPSERT,
        (200, &put),
        &[exception("/data/*", "additionalProperties", action)],
    );
}

#[tokio::test]
async fn errors_are_as_zoho_says() {
    let Some(folder) = folder() else { return };
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    let flat = "the official examples of a list's errors are flat, not in data";
    let missing = body(session.get("Contacts").await, 400).await;
    let flat = [exception("", "additionalProperties", flat)];
    check(&folder, LIST, (400, &missing), &flat);
    let wrapped = "the official examples of this call's errors are in data, not flat";
    let wrong = body(session.get("Contacts/deleted?type=some").await, 400).await;
    let wrapped = [
        exception("", "additionalProperties", wrapped),
        exception("", "required", wrapped),
    ];
    check(&folder, DELETED, (400, &wrong), &wrapped);
    let nothing = body(session.get("Contacts/search").await, 400).await;
    check(&folder, SEARCH, (400, &nothing), &[]);
    zoho.forbids_module("Contacts");
    let forbidden = body(session.get("Contacts?fields=Phone").await, 403).await;
    check(&folder, LIST, (403, &forbidden), &flat);
    zoho.answers_status(500);
    let broken = body(session.get("Contacts?fields=Phone").await, 500).await;
    check(&folder, LIST, (500, &broken), &flat);
}

/// An official example, and a request that makes the sandbox say the same.
struct Example {
    operation: &'static str,
    key: &'static str,
    path: &'static str,
}

const EXAMPLES: [Example; 10] = [
    example("getRecords", "400 INVALID_MODULE", "Kontakte?fields=Phone"),
    example("getRecords", "400 REQUIRED_PARAM_MISSING", "Contacts"),
    example("getRecords", "400 LIMIT_EXCEEDED", "Contacts?fields=MANY"),
    example(
        "getRecords",
        "400 DISCRETE_PAGINATION_LIMIT_EXCEEDED",
        "Contacts?fields=Phone&page=11",
    ),
    example(
        "getRecords",
        "400 TOKEN_BOUND_DATA_MISMATCH",
        "Contacts?fields=Phone&page_token=x",
    ),
    example(
        "getRecords",
        "400 EXPIRED_VALUE",
        "Contacts?fields=Phone&page_token=EXPIRED",
    ),
    example(
        "getDeletedRecords",
        "400 INVALID_MODULE (WRAPPED in data[])",
        "Kontakte/deleted",
    ),
    example(
        "getDeletedRecords",
        "400 PATTERN_NOT_MATCHED (WRAPPED in data[])",
        "Contacts/deleted?type=some",
    ),
    example("searchRecords", "400", "Contacts/search"),
    example("getRecords", "404 INVALID_URL_PATTERN", "Contacts/1/2/3/4"),
];

const fn example(operation: &'static str, key: &'static str, path: &'static str) -> Example {
    Example {
        operation,
        key,
        path,
    }
}

#[tokio::test]
async fn errors_are_those_of_the_official_examples() {
    let Some(folder) = folder() else { return };
    let examples = oas::read(&folder.join("official-examples.json"));
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    let expired = expired_token(&zoho, &session).await;
    for example in EXAMPLES {
        let path = example
            .path
            .replace("MANY", &vec!["Phone"; 51].join(","))
            .replace("EXPIRED", &expired);
        let said = session.get(&path).await;
        let official = &examples[example.operation][example.key];
        assert!(official.is_object(), "{} is in the file", example.key);
        assert_eq!(
            &said.json(),
            official,
            "{}: the very same words",
            example.key
        );
    }
}

async fn expired_token(zoho: &Zoho, session: &Session<'_>) -> String {
    let first = session.get("Contacts?fields=Phone").await.json();
    zoho.expires_page_tokens();
    let token = first["info"]["next_page_token"].as_str();
    token.expect("there is more").to_owned()
}

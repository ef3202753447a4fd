//! Writing calls, notes, tasks and leads to the sandbox Zoho.

mod zoho_client;

use ringcard_sandbox::zoho::{World, Zoho};
use serde_json::{Value, json};
use zoho_client::{send, sign_in};

async fn zoho() -> Zoho {
    Zoho::with(World::empty()).await.expect("a free port")
}

fn call(who: &str) -> Value {
    json!({
        "Subject": "Eingehender Anruf",
        "Call_Type": "Inbound",
        "Who_Id": { "id": who },
        "Call_Start_Time": "2026-01-20T10:00:00+01:00",
        "Call_Duration": "00:20",
        "Description": "ringcard:0198",
    })
}

#[tokio::test]
async fn call_is_created_for_a_contact_and_belongs_to_the_agent() {
    let zoho = zoho().await;
    zoho.signs_in_as("102");
    let session = sign_in(&zoho).await;
    let contact = zoho.adds_contact(json!({ "Last_Name": "Weiß" }));
    let reply = session
        .post("Calls", &json!({ "data": [call(&contact)] }))
        .await;
    assert_eq!(reply.status, 201, "created");
    let row = &reply.json()["data"][0];
    assert_eq!(row["code"], "SUCCESS", "{row}");
    let id = row["details"]["id"].as_str().expect("an id");
    let made = zoho.record(id).expect("it is there");
    assert_eq!(made["Who_Id"]["name"], "Weiß", "linked");
    assert_eq!(made["Owner"]["email"], "jens.bergmann@example.com", "his");
}

#[tokio::test]
async fn repeated_post_makes_a_second_record() {
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    let contact = zoho.adds_contact(json!({ "Last_Name": "Weiß" }));
    let body = json!({ "data": [call(&contact)] });
    session.post("Calls", &body).await;
    session.post("Calls", &body).await;
    assert_eq!(zoho.ids("Calls").len(), 2, "nothing makes it once");
}

#[tokio::test]
async fn one_bad_record_among_good_ones_gives_207() {
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    let contact = zoho.adds_contact(json!({ "Last_Name": "Weiß" }));
    let mut bad = call(&contact);
    bad["Call_Start_Time"] = json!("20.01.2026 10:00");
    let mixed = session
        .post("Calls", &json!({ "data": [call(&contact), bad] }))
        .await;
    assert_eq!(mixed.status, 207, "each has its own result");
    let rows = mixed.json();
    assert_eq!(rows["data"][0]["status"], "success", "the first");
    assert_eq!(rows["data"][1]["code"], "INVALID_DATA", "the second");
    let alone = session.post("Calls", &json!({ "data": [bad] })).await;
    assert_eq!(alone.status, 400, "none went well");
}

#[tokio::test]
async fn missing_and_wrong_fields_are_named() {
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    let lead = zoho.adds_lead(json!({ "Last_Name": "Vogel" }));
    let unnamed = session
        .post("Leads", &json!({ "data": [{ "Company": "X" }] }))
        .await;
    let row = &unnamed.json()["data"][0];
    assert_eq!(row["code"], "MANDATORY_NOT_FOUND", "{row}");
    assert_eq!(row["details"]["api_name"], "Last_Name", "which");
    let who_is_a_lead = session
        .post("Calls", &json!({ "data": [call(&lead)] }))
        .await;
    assert_eq!(
        who_is_a_lead.code(),
        "INVALID_DATA",
        "Who_Id is for contacts"
    );
    let mut with_what = call(&lead);
    with_what["Who_Id"] = Value::Null;
    with_what["What_Id"] = json!({ "id": lead });
    with_what["$se_module"] = json!("Leads");
    let reply = session.post("Calls", &json!({ "data": [with_what] })).await;
    assert_eq!(
        reply.status,
        201,
        "a lead is linked by What_Id: {:?}",
        reply.json()
    );
}

#[tokio::test]
async fn note_and_task_hang_on_their_record() {
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    let contact = zoho.adds_contact(json!({ "Last_Name": "Weiß" }));
    let parent = json!({ "module": { "api_name": "Contacts" }, "id": contact });
    let note = json!({ "data": [{ "Note_Content": "Rückruf", "Parent_Id": parent }] });
    assert_eq!(session.post("Notes", &note).await.status, 201, "a note");
    let task = json!({ "data": [{
        "Subject": "Rückruf", "Due_Date": "2026-08-28", "Who_Id": { "id": contact },
        "Status": "Not Started", "Priority": "High",
    }] });
    assert_eq!(session.post("Tasks", &task).await.status, 201, "a task");
}

#[tokio::test]
async fn upsert_looks_at_the_fields_in_the_body() {
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    let lead = json!({ "Last_Name": "Unbekannt", "Phone": "030 23125 099" });
    let body = json!({ "data": [lead], "duplicate_check_fields": ["Phone"] });
    let first = session.post("Leads/upsert", &body).await.json();
    assert_eq!(first["data"][0]["action"], "insert", "{first}");
    let second = session.post("Leads/upsert", &body).await.json();
    assert_eq!(second["data"][0]["action"], "update", "the same number");
    assert_eq!(second["data"][0]["duplicate_field"], "Phone", "found by");
    let silent = json!({ "data": [{ "Last_Name": "Unbekannt", "Phone": "030 23125 099" }] });
    let third = session.post("Leads/upsert", &silent).await.json();
    assert_eq!(
        third["data"][0]["action"], "insert",
        "without the fields nothing is found"
    );
}

#[tokio::test]
async fn changed_record_refuses_an_older_writer() {
    let zoho = zoho().await;
    let session = sign_in(&zoho).await;
    let id = zoho.adds_contact(json!({ "Last_Name": "Weiß" }));
    let body = json!({ "data": [{ "id": id, "Last_Name": "Schwarz" }] });
    let reply = session.write("PUT", "Contacts", &body).await;
    assert_eq!(reply.status, 200, "{:?}", reply.json());
    assert_eq!(
        zoho.record(&id).expect("there")["Full_Name"],
        "Schwarz",
        "changed"
    );
    let head = format!(
        "PUT /crm/v8/Contacts HTTP/1.1\r\nauthorization: Zoho-oauthtoken {}\r\n\
         if-unmodified-since: 2020-01-01T00:00:00+01:00",
        session.access
    );
    let older = send(&zoho, &head, body.to_string().as_bytes()).await;
    let older = older.expect("an answer");
    assert_eq!(
        (older.status, older.code().as_str()),
        (412, "ALREADY_MODIFIED"),
        "it was changed since"
    );
}

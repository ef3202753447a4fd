//! The sandbox Zoho against Zoho's own Python SDK: what works there must work here.
//!
//! `RINGCARD_PYTHON` names a Python with the packages of `requirements.txt` beside this file.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use ringcard_sandbox::zoho::{CLIENT_ID, CLIENT_SECRET, SCOPES, World, Zoho};
use serde_json::{Value, json};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/zoho-oracles/sdk_check.py");
/// Every check that the script must have passed.
const CHECKS: [&str; 9] = [
    "organisation",
    "current_user",
    "modules",
    "record_list",
    "unchanged_list",
    "refused_list",
    "deleted_list",
    "search",
    "created_call",
];

#[tokio::test(flavor = "multi_thread")]
async fn official_sdk_works_with_the_sandbox() {
    let Some(python) = std::env::var_os("RINGCARD_PYTHON") else {
        println!("not on this system: RINGCARD_PYTHON names no Python with Zoho's SDK");
        return;
    };
    let zoho = Zoho::with(World::empty()).await.expect("a free port");
    let phone = "030 23125 042";
    let contact = zoho.adds_contact(json!({
        "Last_Name": "Weiß", "Phone": phone, "Account_Name": "Falkenbau GmbH",
    }));
    let gone = zoho.adds_contact(json!({ "Last_Name": "Vogel" }));
    zoho.deletes(&gone, false);
    let folder = tempfile::tempdir().expect("a folder for the SDK's files");
    let given = json!({
        "url": zoho.url(),
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "refresh_token": zoho.gives_refresh_token(SCOPES),
        "folder": folder.path(),
        "contact": { "id": contact, "phone": phone },
        "gone": gone,
    });
    let output = tokio::task::spawn_blocking(move || run(Path::new(&python), &given))
        .await
        .expect("the script was run");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "the SDK failed:\n{said}\n{complained}"
    );
    for check in CHECKS {
        assert!(
            said.contains(&format!("ok {check}\n")),
            "{check} was not run:\n{said}"
        );
    }
    let call = said
        .lines()
        .find_map(|line| line.strip_prefix("call "))
        .expect("the id of the new call");
    let call = zoho.record(call).expect("the call that the SDK made");
    assert_eq!(
        call["Who_Id"]["id"],
        contact.as_str(),
        "it hangs on the contact"
    );
}

fn run(python: &Path, given: &Value) -> Output {
    let mut script = Command::new(python)
        .arg(SCRIPT)
        // A proxy of the system is not for loopback.
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("RINGCARD_PYTHON is set, so it must be a Python that starts");
    script
        .stdin
        .take()
        .expect("the input is a pipe")
        .write_all(given.to_string().as_bytes())
        .expect("the script reads its input");
    script.wait_with_output().expect("the script ends")
}

//! The sandbox's Xsi server against a foreign client, wxcadm: what it was written for must be understood from here too.
//!
//! `RINGCARD_PYTHON_XSI` names a Python with `wxcadm==4.6.1`; the 4.7 on PyPI is an empty farewell.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use ringcard_sandbox::pbx::{Habits, OnKeyNotify, Pbx, PbxOptions};
use ringcard_sandbox::xsi::{Xsi, XsiOptions, token_of, user_of};
use serde_json::{Value, json};
use tokio::sync::mpsc;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/xsi-oracles/wxcadm_check.py");

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_client_hears_of_a_call() {
    let Some(python) = std::env::var_os("RINGCARD_PYTHON_XSI") else {
        println!("not on this system: RINGCARD_PYTHON_XSI names no Python with wxcadm");
        return;
    };
    let pbx = Pbx::start(PbxOptions::default())
        .await
        .expect("a free port");
    let xsi = Xsi::start(&pbx, XsiOptions::default())
        .await
        .expect("a free port");
    let telephone = pbx.phone("101");
    telephone.behaves(Habits {
        on_key_notify: OnKeyNotify::Obeys,
        ..Habits::default()
    });
    let given = json!({
        "host": xsi.address().to_string(),
        "user": user_of("101"),
        "token": token_of("101"),
    });
    let mut script = start(Path::new(&python), &given);
    let (tell, mut lines) = mpsc::unbounded_channel();
    let said = script.stdout.take().expect("the output is a pipe");
    std::thread::spawn(move || {
        for line in BufReader::new(said).lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    let mut heard = Vec::new();
    while let Some(line) = lines.recv().await {
        match line.as_str() {
            "ok subscribed" => {
                pbx.rings("+4923155501101").from("02311234567").place();
            }
            "event CallUpdatedEvent" => assert!(telephone.answer(), "it rings"),
            "event CallAnsweredEvent" => assert!(telephone.hang_up(), "in talk"),
            _ => {}
        }
        heard.push(line);
    }
    let ended = script.wait().expect("the script ends");
    assert!(ended.success(), "it heard only {heard:?}");
    assert!(
        heard.contains(&"event CallSubscriptionEvent".to_owned()),
        "the snapshot too: {heard:?}"
    );
}

fn start(python: &Path, given: &Value) -> Child {
    let mut script = Command::new(python)
        .arg(SCRIPT)
        // A proxy of the system is not for loopback.
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("RINGCARD_PYTHON_XSI is set, so it must be a Python that starts");
    let input = script.stdin.take();
    let mut input = input.expect("the input is a pipe");
    writeln!(input, "{given}").expect("the script reads its input");
    script
}

//! An Asterisk that is set up with what Ringcard prints for an administrator, as an administrator would do it: the text
//! goes where its headings say, with this house's addresses, and what it offers as a comment is taken as well.

use std::fs;

use ringcard_telephony::providers::asterisk::{Flavour, asterisk_config};

use super::scene::Scene;
use crate::certificates::Certificate;
use crate::pbx::{Contexts, Options, Printed};

/// The printed account of agent 101, and the secret that stands there.
pub(super) const ACCOUNT: (&str, &str) = ("ringcard101", "CHANGE-ME-101");

/// What the printed contexts are called.
pub(super) const CONTEXTS: Contexts = Contexts {
    hold: "ringcard-hold",
    consult: "ringcard-consult",
    answer: "ringcard-answer",
};

/// A part of the text, with the heading that says where it belongs.
struct Part<'a> {
    heading: &'a str,
    body: &'a str,
}

/// Writes the text into a house that is already furnished; its own features make way.
pub(super) fn install(scene: &Scene, options: &Options, printed: Printed) {
    let text = asterisk_config("101", Flavour::Plain);
    let text = once(
        &text,
        "192.0.2.10/255.255.255.255",
        "127.0.0.1/255.255.255.255",
    );
    let text = once(&text, "@default", "@from-internal");
    let music = format!("WaitExten({},", printed.seconds_of_music);
    let text = once(&text, "WaitExten(300,", &music);
    let parts: Vec<Part> = text.split("; ---- ").skip(1).map(part).collect();
    let [account, encryption, dialplan, features] = parts.as_slice() else {
        panic!("four parts: {text}");
    };
    append(scene, "manager.conf", account);
    append(scene, "extensions.conf", dialplan);
    if options.tls {
        let body = offered(encryption.body);
        assert!(encryption.heading.contains("[general]"), "where it belongs");
        let body = once(&body, "0.0.0.0:5039", "127.0.0.1:5039");
        write(scene, "manager.conf", &format!("\n[general](+)\n{body}"));
    }
    assert!(
        features.heading.contains("features.conf"),
        "where it belongs"
    );
    let wait = format!(
        "atxfernoanswertimeout = {}",
        options.atxfer_no_answer_timeout
    );
    let body = once(&offered(features.body), "atxfernoanswertimeout = 15", &wait);
    fs::write(scene.etc("features.conf"), body).expect("the scene can be written");
}

/// The certificate with its key in one file, where the text looks for it.
pub(super) fn write_certificate(scene: &Scene, certificate: &Certificate) {
    fs::create_dir_all(scene.etc("keys")).expect("the scene can be written");
    let both = format!("{}{}", certificate.pem, certificate.key);
    fs::write(scene.etc("keys/asterisk.pem"), both).expect("the scene can be written");
}

fn part(text: &str) -> Part<'_> {
    let (heading, body) = text.split_once('\n').expect("a heading is a line");
    Part { heading, body }
}

/// Adds a part to the file that its heading names.
fn append(scene: &Scene, file: &str, part: &Part) {
    let named = format!("/etc/asterisk/{file}");
    assert!(
        part.heading.starts_with(&named),
        "{named}: {}",
        part.heading
    );
    write(scene, file, &format!("\n{}", part.body));
}

fn write(scene: &Scene, file: &str, text: &str) {
    let path = scene.etc(file);
    let before = fs::read_to_string(&path).expect("the house has this file");
    fs::write(path, before + text).expect("the scene can be written");
}

/// The settings that a part offers as comments.
fn offered(body: &str) -> String {
    let lines = body.lines().filter_map(|line| line.strip_prefix("; "));
    let is_setting = |line: &&str| {
        let key = line.split(" =").next().unwrap_or_default();
        line.starts_with('[') || line.contains(" =") && !key.contains(' ')
    };
    lines
        .filter(is_setting)
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// Replaces what must be there once: a change that is silently not made would prove nothing.
fn once(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from} stands once");
    text.replace(from, to)
}

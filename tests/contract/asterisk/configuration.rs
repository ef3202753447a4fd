//! The configuration of one Asterisk: the house of `tests/asterisk-etc` with this scenario's options.

use std::fs;
use std::path::Path;

use super::printed;
use super::scene::Scene;
use crate::certificates::Certificate;
use crate::pbx::Options;

/// Copies the house into the scene and sets what the options say.
pub(super) fn write(scene: &Scene, options: &Options) {
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("asterisk-etc");
    for entry in fs::read_dir(&house).expect("the configuration is part of the tests") {
        let path = entry.expect("a folder can be listed").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("plain names");
        let text = fs::read_to_string(&path).expect("configurations are text");
        fs::write(scene.etc(name), with_options(name, &text, options))
            .expect("the scene can be written");
    }
    if let Some(how) = options.printed {
        printed::install(scene, options, how);
    }
}

fn with_options(file: &str, text: &str, options: &Options) -> String {
    match file {
        "features.conf" => {
            let text = set(
                text,
                "atxfernoanswertimeout",
                &options.atxfer_no_answer_timeout.to_string(),
            );
            set(
                &text,
                "transferdigittimeout",
                &options.transfer_digit_timeout.to_string(),
            )
        }
        "manager.conf" if options.tls && options.printed.is_none() => set(
            text,
            "bindaddr",
            "127.0.0.1\ntlsenable = yes\ntlsbindaddr = 127.0.0.1:5039\n\
             tlscertfile = /etc/asterisk/manager.pem\ntlsprivatekey = /etc/asterisk/manager.key",
        ),
        _ => text.to_owned(),
    }
}

/// Replaces the value of a key that must be there once: a silently ignored option would prove nothing.
fn set(text: &str, key: &str, value: &str) -> String {
    let is_key = |line: &&str| {
        line.split('=')
            .next()
            .is_some_and(|name| name.trim() == key)
    };
    assert_eq!(
        text.lines().filter(is_key).count(),
        1,
        "{key} stands once in the configuration"
    );
    let line = |line: &str| {
        if is_key(&line) {
            format!("{key} = {value}\n")
        } else {
            format!("{line}\n")
        }
    };
    text.lines().map(line).collect()
}

/// Gives Asterisk this certificate for its manager interface.
pub(super) fn write_certificate(scene: &Scene, certificate: &Certificate) {
    let files = [
        ("manager.pem", &certificate.pem),
        ("manager.key", &certificate.key),
    ];
    for (name, text) in files {
        fs::write(scene.etc(name), text).expect("the scene can be written");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_replaces_the_value_in_the_file() {
        let text = "[general]\natxfernoanswertimeout = 15\nxfersound = beep\n";
        let expected = "[general]\natxfernoanswertimeout = 3\nxfersound = beep\n";
        assert_eq!(
            set(text, "atxfernoanswertimeout", "3"),
            expected,
            "only the one line changes"
        );
    }

    #[test]
    #[should_panic(expected = "stands once")]
    fn an_option_that_the_file_does_not_know_is_an_error() {
        set("[general]\n", "atxfernoanswertimeout", "3");
    }
}

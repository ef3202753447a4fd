//! What typed lines lead to.

use super::*;

fn typed(line: &str) -> Result<Parsed, Exit> {
    let words = std::iter::once("ringcard").chain(line.split_whitespace());
    parse(words.map(str::to_owned).collect::<Vec<_>>())
}

fn what(line: &str) -> What {
    match typed(line) {
        Ok(Parsed::Command(command)) => command.what,
        other => panic!("{line}: {other:?}"),
    }
}

fn asked(line: &str) -> Request {
    match what(line) {
        What::Ask(request) => request,
        other => panic!("{line}: {other:?}"),
    }
}

fn complaint(line: &[&str]) -> (Exit, String) {
    let error = Arguments::try_parse_from(line).err().expect("wrong usage");
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = explain(error, &mut out, &mut err);
    let text = [out, err].concat();
    (exit, String::from_utf8(text).expect("text"))
}

#[test]
fn arguments_are_declared_without_contradiction() {
    use clap::CommandFactory;
    Arguments::command().debug_assert();
}

#[test]
fn no_word_starts_ringcard() {
    assert_eq!(typed(""), Ok(Parsed::Run(Start::default())));
    let home = Start {
        home: Some("/invented".into()),
        ..Start::default()
    };
    assert_eq!(typed("--home /invented"), Ok(Parsed::Run(home)));
}

#[test]
fn quit_ends_the_running_ringcard() {
    assert_eq!(asked("quit"), Request::Quit);
    assert!(
        typed("quit now").is_err(),
        "a misspelt line must not end it"
    );
}

#[test]
fn headless_start_is_handed_back_with_its_home() {
    let start = Start {
        headless: true,
        home: Some("/invented".into()),
        screenshot: None,
    };
    assert_eq!(
        typed("run --headless --home /invented"),
        Ok(Parsed::Run(start))
    );
}

#[test]
fn switches_of_all_words_stand_before_or_behind_the_word() {
    let command = Parsed::Command(Command {
        home: Some("/invented".into()),
        json: true,
        what: What::Ask(Request::Status),
    });
    assert_eq!(typed("--json --home /invented status"), Ok(command.clone()));
    assert_eq!(typed("status --json --home /invented"), Ok(command));
}

#[test]
fn words_about_a_call_take_its_id_or_none() {
    let id = || Some("0197-invented".to_owned());
    assert_eq!(asked("answer"), Request::Answer { call: None });
    assert_eq!(
        asked("hang-up --call 0197-invented"),
        Request::HangUp { call: id() }
    );
    assert_eq!(
        asked("send-dtmf 12#* --call 0197-invented"),
        Request::SendDtmf {
            call: id(),
            digits: "12#*".into()
        }
    );
}

#[test]
fn warning_counts_as_seen_only_when_it_was_said() {
    let transfer = |confirmed| Request::Transfer {
        call: None,
        to: "102".into(),
        confirmed,
    };
    assert_eq!(asked("transfer 102"), transfer(false));
    assert_eq!(asked("transfer 102 --anyway"), transfer(true));
}

#[test]
fn number_with_a_plus_or_a_code_is_no_switch() {
    let dial = |to: &str| Request::Dial {
        to: to.into(),
        line: None,
        confirmed: false,
    };
    assert_eq!(asked("dial +492311234567"), dial("+492311234567"));
    assert_eq!(asked("dial *31#02311234567"), dial("*31#02311234567"));
}

#[test]
fn secret_itself_is_never_an_argument() {
    assert_eq!(
        what("secret set line.desk.secret"),
        What::SetSecret {
            name: "line.desk.secret".into()
        }
    );
    assert_eq!(
        typed("secret set line.desk.secret invented"),
        Err(Exit::Usage),
        "other programs see arguments"
    );
}

#[test]
fn configuration_is_for_plain_asterisk_unless_said() {
    let config = |flavour| What::AsteriskConfig {
        extension: "101".into(),
        flavour,
    };
    assert_eq!(what("pbx asterisk-config 101"), config(PbxFlavour::Plain));
    assert_eq!(
        what("pbx asterisk-config 101 --freepbx"),
        config(PbxFlavour::FreePbx)
    );
}

#[test]
fn complaint_does_not_repeat_what_was_typed() {
    for line in [
        &["ringcard", "+492311234567"][..],
        &["ringcard", "dial", "0231", "1234567"][..],
        &["ringcard", "lookup", "--1234567"][..],
    ] {
        let (exit, text) = complaint(line);
        assert_eq!(exit, Exit::Usage);
        assert!(!text.contains("1234567"), "a number was repeated: {text}");
        assert!(
            text.contains("ringcard help"),
            "the way on is named: {text}"
        );
    }
}

#[test]
fn missing_argument_is_named() {
    let (exit, text) = complaint(&["ringcard", "redirect"]);
    assert_eq!(exit, Exit::Usage);
    assert!(text.contains("<TO>"), "{text}");
}

#[test]
fn help_is_no_mistake() {
    let (exit, text) = complaint(&["ringcard", "--help"]);
    assert_eq!(exit, Exit::Done);
    for word in ["status", "hang-up", "pbx", "Exit codes"] {
        assert!(text.contains(word), "{word} is missing: {text}");
    }
}

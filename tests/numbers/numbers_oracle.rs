//! 20,000 invented numbers as people write them, read by us and by Google's own library.
//!
//! The generator knows which number it wrote, so our answer is checked against the truth, and
//! Google's against ours. Where Google differs, `differences.toml` says why; a difference without
//! a reason fails, and so does a reason without a difference.

mod forms;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use forms::{Written, generate};
use ringcard_core::Basis;
use ringcard_core::number::{DialRules, WhyNot, parse_typed, stored_keys};

#[derive(serde::Deserialize)]
struct Differences {
    difference: Vec<Difference>,
}

/// Google reads this form in these countries otherwise than it was meant.
#[derive(serde::Deserialize)]
struct Difference {
    form: String,
    regions: Vec<String>,
    reason: String,
}

#[derive(serde::Deserialize)]
struct Answer {
    e164: Option<String>,
}

#[test]
fn every_written_number_is_read_as_it_was_meant() {
    for written in generate() {
        let keys: Vec<String> = stored_keys(&written.text, written.region)
            .into_iter()
            .filter(|key| key.basis == Basis::Exact)
            .map(|key| key.number.as_str().to_owned())
            .collect();
        assert_eq!(keys, written.meant, "{} {:?}", written.form, written.text);
    }
}

#[test]
fn a_typed_number_is_the_stored_one() {
    for written in generate() {
        let typed = parse_typed(&written.text, &DialRules::of(written.region))
            .map(|number| number.as_str().to_owned());
        let expected = match written.meant.as_slice() {
            [only] => Ok(only.clone()),
            _ => Err(WhyNot::SeveralNumbers),
        };
        assert_eq!(typed, expected, "{} {:?}", written.form, written.text);
    }
}

#[test]
fn googles_library_agrees_but_for_the_listed_differences() {
    let Ok(python) = std::env::var("RINGCARD_PYTHON") else {
        println!("not on this system: RINGCARD_PYTHON names no Python with phonenumbers");
        return;
    };
    let numbers = generate();
    let answers = ask_google(&python, &numbers);
    assert_eq!(answers.len(), numbers.len(), "one answer for each number");
    let mut found: BTreeMap<(String, String), &Written> = BTreeMap::new();
    for (written, answer) in numbers.iter().zip(&answers) {
        let agrees = answer.e164.as_deref() == written.meant.first().map(String::as_str);
        if !agrees || written.meant.len() > 1 {
            found
                .entry((written.form.to_owned(), written.region.code()))
                .or_insert(written);
        }
    }
    let listed = listed();
    let unexplained: Vec<_> = found
        .iter()
        .filter(|(place, _)| !listed.contains(*place))
        .map(|(place, written)| (place, &written.text))
        .collect();
    assert!(
        unexplained.is_empty(),
        "unexplained differences: {unexplained:#?}"
    );
    let needless: Vec<_> = listed
        .iter()
        .filter(|place| !found.contains_key(*place))
        .collect();
    assert!(
        needless.is_empty(),
        "listed, but Google agrees: {needless:?}"
    );
    println!(
        "{} numbers, {} kinds of difference explained",
        numbers.len(),
        found.len()
    );
}

fn listed() -> BTreeSet<(String, String)> {
    let list: Differences = toml::from_str(include_str!("differences.toml")).expect("a list");
    let mut places = BTreeSet::new();
    for Difference {
        form,
        regions,
        reason,
    } in list.difference
    {
        assert!(reason.len() > 20, "{form} needs a reason");
        for region in regions {
            assert!(
                places.insert((form.clone(), region)),
                "{form} is listed twice"
            );
        }
    }
    places
}

fn ask_google(python: &str, numbers: &[Written]) -> Vec<Answer> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/numbers/google.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut questions = child.stdin.take().expect("piped");
    let answers = BufReader::new(child.stdout.take().expect("piped"));
    let read = std::thread::scope(|scope| {
        scope.spawn(move || {
            for written in numbers {
                let region = written.region.code();
                let question = serde_json::json!({ "text": written.text, "region": region });
                writeln!(questions, "{question}").expect("Python listens");
            }
        });
        let parsed = answers
            .lines()
            .map(|line| serde_json::from_str(&line.expect("a line")).expect("an answer in JSON"));
        parsed.collect()
    });
    assert!(
        child.wait().expect("Python ends").success(),
        "the script ran to its end"
    );
    read
}

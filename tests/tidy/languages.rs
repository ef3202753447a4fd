//! The languages: every one has the same texts.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::tree::{File, files};
use crate::{Finding, expect_none};

const PLURAL_FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

#[test]
fn every_language_has_the_same_texts() {
    let locales: Vec<&File> = files()
        .iter()
        .filter(|file| file.is_below("assets/locales") && file.has_extension(&["json"]))
        .collect();
    if locales.is_empty() {
        return;
    }
    let named = |language: &str| {
        locales
            .iter()
            .find(|file| file.path == format!("assets/locales/{language}.json"))
    };
    let english = named("en").expect("assets/locales/en.json is the list of texts");
    assert!(
        named("de").is_some(),
        "assets/locales/de.json is missing: German is one of the first two languages"
    );
    let findings: Vec<Finding> = locales
        .iter()
        .flat_map(|file| differences(file, &english.text))
        .collect();
    expect_none(
        "a text that one language lacks is shown as its key",
        &findings,
    );
}

fn differences(file: &File, english: &str) -> Vec<Finding> {
    let (own, wanted) = match (keys(&file.text), keys(english)) {
        (Ok(own), Ok(wanted)) => (own, wanted),
        (Err(error), _) | (_, Err(error)) => {
            return vec![Finding::new(&file.path, error.line(), error.to_string())];
        }
    };
    let missing = wanted
        .difference(&own)
        .map(|key| Finding::new(&file.path, 1, format!("lacks {key}")));
    let left_over = own
        .difference(&wanted)
        .map(|key| Finding::new(&file.path, 1, format!("has {key}, which English lacks")));
    missing.chain(left_over).collect()
}

fn keys(text: &str) -> Result<BTreeSet<String>, serde_json::Error> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![(String::new(), serde_json::from_str::<Value>(text)?)];
    while let Some((path, value)) = waiting.pop() {
        match value {
            Value::Object(entries) if !is_plural(&entries) => {
                let below =
                    |key: String| format!("{path}.{key}").trim_start_matches('.').to_owned();
                waiting.extend(entries.into_iter().map(|(key, value)| (below(key), value)));
            }
            _ => drop(found.insert(path)),
        }
    }
    Ok(found)
}

/// One text in the forms of its language; languages differ in how many there are.
fn is_plural(entries: &Map<String, Value>) -> bool {
    entries.contains_key("other")
        && entries
            .keys()
            .all(|key| PLURAL_FORMS.contains(&key.as_str()))
}

#[test]
fn plural_forms_are_one_text() {
    let russian = File {
        path: "ru.json".into(),
        text: r#"{"calls": {"one": "звонок", "few": "звонка", "other": "звонков"}}"#.into(),
    };
    let english = r#"{"calls": {"one": "call", "other": "calls"}}"#;
    assert_eq!(
        differences(&russian, english),
        [],
        "Russian has more forms than English"
    );
}

#[test]
fn a_missing_text_is_found() {
    let german = File {
        path: "de.json".into(),
        text: r#"{"card": {"answer": "Annehmen"}, "old": "alt"}"#.into(),
    };
    let findings = differences(
        &german,
        r#"{"card": {"answer": "Answer", "decline": "Decline"}}"#,
    );
    let found: Vec<&str> = findings
        .iter()
        .map(|finding| finding.why.as_str())
        .collect();
    assert_eq!(
        found,
        ["lacks card.decline", "has old, which English lacks"],
        "both directions matter"
    );
}

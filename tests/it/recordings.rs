//! What a real Asterisk said in 78 scenarios, replayed in lock-step, must give the calls that were
//! written down by hand from the recordings' summaries.

#[path = "recordings/expectation.rs"]
mod expectation;
#[path = "recordings/replay.rs"]
mod replay;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use expectation::Expectation;
use replay::replay;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("tests/fixtures/ami"))
        .find(|folder| folder.is_dir())
        .expect("the recordings stand in the repository")
}

fn expectations() -> Vec<Expectation> {
    let folder = fixtures().join("expectations");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of expectations")
        .map(|entry| entry.expect("a readable entry").path())
        .collect();
    files.sort();
    files
        .iter()
        .flat_map(|file| expectation::read(&std::fs::read_to_string(file).expect("a text")))
        .collect()
}

#[test]
fn every_recording_gives_the_calls_written_down() {
    let mut wrong = Vec::new();
    for expected in expectations() {
        let seen = replay(&fixtures(), &expected, replay::Portions::Blocks);
        if seen != expected.lines {
            wrong.push(format!(
                "{} as {}\n  expected:\n    {}\n  seen:\n    {}",
                expected.scenario,
                expected.agent,
                expected.lines.join("\n    "),
                seen.join("\n    ")
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} replays differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_recording_has_an_expectation() {
    let written: BTreeSet<String> = expectations().into_iter().map(|e| e.scenario).collect();
    let recorded: BTreeSet<String> = std::fs::read_dir(fixtures())
        .expect("the folder of recordings")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".ami").map(str::to_owned))
        .collect();
    assert_eq!(
        written, recorded,
        "a recording without an expectation proves nothing"
    );
}

#[test]
fn portions_of_the_network_do_not_matter() {
    for expected in expectations() {
        let chosen = ["01-", "03a-", "07a", "11j", "15a"]
            .iter()
            .any(|start| expected.scenario.starts_with(start));
        if chosen {
            let seen = replay(&fixtures(), &expected, replay::Portions::Bytes(7));
            assert_eq!(seen, expected.lines, "{} in portions", expected.scenario);
        }
    }
}

#[test]
fn every_split_of_a_ring_gives_the_same_call() {
    let expected = expectations()
        .into_iter()
        .find(|e| e.scenario.starts_with("11j"))
        .expect("the recording with injected header lines");
    for split in 0..4000 {
        let seen = replay(&fixtures(), &expected, replay::Portions::SplitAt(split));
        assert_eq!(
            seen, expected.lines,
            "split at byte {split} of every stretch"
        );
    }
}

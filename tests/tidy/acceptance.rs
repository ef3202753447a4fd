//! The page of acceptance: every item stands on it, and every test and file that it names exists.

use std::collections::BTreeSet;

use crate::tree::{File, files, root};
use crate::{Finding, expect_none};

const PAGE: &str = "src-tauri/docs/acceptance.md";

/// The items that were promised, by letter and last number.
const ITEMS: [(char, u32); 3] = [('E', 75), ('D', 9), ('B', 12)];

/// One line of a table: the item, and what its other cells name.
struct Row<'a> {
    line: usize,
    item: &'a str,
    places: Vec<&'a str>,
    tests: Vec<&'a str>,
    remark: &'a str,
}

#[test]
fn every_item_of_acceptance_stands_on_its_page_once() {
    let page = page();
    let rows = rows(&page.text);
    let mut findings = Vec::new();
    for (letter, last) in ITEMS {
        for number in 1..=last {
            let item = format!("{letter}{number}");
            let times = rows.iter().filter(|row| row.item == item).count();
            if times != 1 {
                findings.push(Finding::new(
                    PAGE,
                    1,
                    format!("{item} stands there {times} times"),
                ));
            }
        }
    }
    expect_none(
        "what was promised is shown or said to be missing",
        &findings,
    );
}

#[test]
fn what_the_page_of_acceptance_names_exists() {
    let page = page();
    let known = names_of_tests(files());
    let findings: Vec<Finding> = rows(&page.text)
        .iter()
        .flat_map(|row| untrue(row, &known))
        .collect();
    expect_none("a page that names what is gone shows nothing", &findings);
}

fn untrue(row: &Row<'_>, known: &BTreeSet<String>) -> Vec<Finding> {
    let finding = |why: String| Finding::new(PAGE, row.line, why);
    let gone = row
        .tests
        .iter()
        .filter(|test| !known.contains(**test))
        .map(|test| finding(format!("no test is called \"{test}\"")));
    let missing = row
        .places
        .iter()
        .filter(|place| !root().join(place).exists())
        .map(|place| finding(format!("there is no {place}")));
    let mut findings: Vec<Finding> = gone.chain(missing).collect();
    if row.tests.is_empty() && row.remark.is_empty() {
        findings.push(finding(format!("{} has no test and no word why", row.item)));
    }
    findings
}

fn page() -> &'static File {
    files()
        .iter()
        .find(|file| file.path == PAGE)
        .expect("the page of acceptance is part of the documents")
}

fn rows(text: &str) -> Vec<Row<'_>> {
    let rows = text.lines().enumerate().filter_map(|(index, line)| {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').collect();
        let [item, places, tests, remark] = cells.as_slice() else {
            return None;
        };
        let item = item.trim();
        let is_item = item.len() > 1 && item[1..].bytes().all(|byte| byte.is_ascii_digit());
        is_item.then(|| Row {
            line: index + 1,
            item,
            places: quoted(places),
            tests: quoted(tests),
            remark: remark.trim(),
        })
    });
    rows.collect()
}

/// What stands between back quotes.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// Rust functions under `#[test]` and the scenarios of the contract, the windows' `test("…")`, and
/// the behaviours of the pictures.
fn names_of_tests(files: &[File]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in files
        .iter()
        .filter(|file| !file.path.starts_with("tests/tidy"))
    {
        if file.has_extension(&["rs"]) {
            names.extend(rust_tests(file));
        } else if file.path.ends_with(".test.ts") {
            names.extend(
                file.lines()
                    .filter_map(|(_, line)| between(line, "test(\"", "\"")),
            );
        } else if file.path == "tests/ui/behaviours.mjs" {
            let names_in = |(_, line)| between(line, "async function ", "(");
            names.extend(file.lines().filter_map(names_in));
        }
    }
    names
}

fn rust_tests(file: &File) -> impl Iterator<Item = String> {
    let scenarios = file.is_below("tests/contract/suite");
    let mut marked = false;
    file.code()
        .filter_map(move |(_, line)| {
            let line = line.trim();
            let function = between(line, "fn ", "(").or_else(|| between(line, "fn ", "<"));
            let is_test = marked || (scenarios && line.starts_with("pub async fn "));
            marked = line.starts_with("#[test]")
                || line.starts_with("#[tokio::test")
                || (marked && line.starts_with("#["));
            function
                .filter(|_| is_test)
                .map(|name| match name.split_once('<') {
                    Some((name, _)) => name.to_owned(),
                    None => name,
                })
        })
        .collect::<Vec<_>>()
        .into_iter()
}

fn between(line: &str, start: &str, end: &str) -> Option<String> {
    let (_, rest) = line.trim().split_once(start)?;
    Some(rest.split_once(end)?.0.to_owned())
}

#[test]
fn a_row_that_names_what_is_gone_is_found() {
    let known = BTreeSet::from(["a_test_that_exists".to_owned()]);
    let complaints = |line: &str| {
        let rows = rows(line);
        assert_eq!(rows.len(), 1, "it is a row: {line}");
        untrue(&rows[0], &known).len()
    };
    let sound = "| E1 | `README.md` | `a_test_that_exists` | |";
    assert_eq!(complaints(sound), 0, "everything in it exists");
    let said = "| E1 | | | There is none: issue 9 |";
    assert_eq!(complaints(said), 0, "a gap that is named is no lie");
    let gone = "| E1 | `gone.rs` | `a_test_that_is_gone` | |";
    assert_eq!(complaints(gone), 2, "neither file nor test exists");
    assert_eq!(complaints("| E1 | `README.md` | | |"), 1, "a silent gap");
}

#[test]
fn tests_are_known_by_all_their_names() {
    let file = |path: &str, text: &str| File {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let known = names_of_tests(&[
        file(
            "tests/it/host.rs",
            "#[tokio::test(flavor = \"multi_thread\")]\nasync fn one() {}\nfn no_test() {}\n",
        ),
        file(
            "tests/contract/suite/a.rs",
            "pub async fn two<P: Peer>(pbx: &P) {}\n",
        ),
        file("ui/src/a.test.ts", "test(\"three is told\", () => {});\n"),
        file(
            "tests/ui/behaviours.mjs",
            "async function fourIsSeen({ open }) {\n",
        ),
    ]);
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    assert_eq!(names, ["fourIsSeen", "one", "three is told", "two"]);
}

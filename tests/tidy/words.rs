//! Words that a room never says, and words that nobody says.
//!
//! Comments are not read: they may name what the code must not use.

use std::path::Path;

use crate::tree::{File, files, root};
use crate::{Finding, expect_none};

/// This folder holds the forbidden words themselves.
const RULES: &str = "tests/tidy";

/// Telephones of the tests are peers, not tests: they ring and repeat on a clock of their own.
const TELEPHONES: &str = "tests/contract/telephones";

const NETWORK: [&str; 5] = [
    "reqwest",
    "std::net",
    "tokio::net",
    "TcpStream",
    "UdpSocket",
];

#[test]
fn the_core_has_no_clock_no_runtime_and_no_outside() {
    let words = [
        "tokio",
        "rusqlite",
        "reqwest",
        "tauri",
        "axum",
        "SystemTime::now",
        "Instant::now",
        "Timestamp::now",
        "std::fs",
        "std::net",
        "std::env::var",
    ];
    expect_none(
        "`now` is handed in, and nothing is read or sent (DESIGN, core)",
        &in_room("src-tauri/crates/core/src", &words),
    );
}

#[test]
fn providers_and_sources_keep_out_of_the_databases() {
    let findings = ["telephony", "crm"].map(|room| {
        in_room(
            &format!("src-tauri/crates/{room}/src"),
            &["rusqlite", "tauri"],
        )
    });
    expect_none(
        "what they find, others store (DESIGN, telephony and crm)",
        &findings.concat(),
    );
}

#[test]
fn the_remote_sides_words_stay_in_wire() {
    let words = [
        "Action::new(",
        ".get(\"",
        "\"Response\"",
        "\"Success\"",
        "Getvar",
    ];
    let findings: Vec<Finding> = in_room("src-tauri/crates/telephony/src/providers", &words)
        .into_iter()
        .filter(|finding| !finding.path.contains("/wire/"))
        .collect();
    expect_none(
        "above `wire` nobody knows a header's name (DESIGN, telephony and crm)",
        &findings,
    );
}

#[test]
fn the_databases_keep_off_the_network() {
    let words: Vec<&str> = NETWORK
        .into_iter()
        .chain(["tauri", "zoho", "Zoho"])
        .collect();
    let findings =
        ["mirror", "journal"].map(|room| in_room(&format!("src-tauri/crates/{room}/src"), &words));
    expect_none(
        "they know no server and no product (DESIGN, mirror and journal)",
        &findings.concat(),
    );
}

#[test]
fn the_application_has_no_sql_and_no_http() {
    let words = [
        "rusqlite",
        "reqwest",
        "tauri",
        "\"SELECT ",
        "\"INSERT ",
        "\"UPDATE ",
        "\"DELETE ",
        "SystemTime::now",
    ];
    expect_none(
        "the application decides, others do (DESIGN, app)",
        &in_room("src-tauri/crates/app/src", &words),
    );
}

#[test]
fn nothing_is_left_unsaid_in_rust() {
    let rust = files()
        .iter()
        .filter(|file| file.has_extension(&["rs"]) && !file.is_below(RULES));
    let words = [
        "todo!(",
        "unimplemented!(",
        "#[ignore",
        "allow(dead_code)",
        "allow(clippy::all",
        "assert!(true)",
    ];
    expect_none(
        "do it now, or leave it out and say so",
        &rust
            .flat_map(|file| saying(file, &words))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn nothing_is_left_unsaid_in_the_windows() {
    let words = [
        "@ts-ignore",
        "@ts-nocheck",
        ": any",
        "as any",
        "<any>",
        ".skip(",
        ".only(",
    ];
    let written = interface().filter(|file| !file.is_below("ui/src/ipc/bindings"));
    expect_none(
        "types and tests are whole",
        &written
            .flat_map(|file| saying_whole(file, &words))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn tests_do_not_sleep() {
    let findings: Vec<Finding> = files()
        .iter()
        .filter(|file| !file.is_below(RULES) && !file.is_below(TELEPHONES))
        .flat_map(sleeping)
        .collect();
    expect_none(
        "a test waits for what it wants to see, with a limit",
        &findings,
    );
}

#[test]
fn only_the_ipc_folder_imports_tauri() {
    let others = interface().filter(|file| !file.is_below("ui/src/ipc"));
    expect_none(
        "the windows speak to ui/src/ipc (DESIGN, ui)",
        &others
            .flat_map(|file| saying(file, &["@tauri-apps"]))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn colours_come_from_the_tokens() {
    let others = interface().filter(|file| !file.is_below("ui/src/styles"));
    expect_none(
        "a literal colour is wrong in one of light, dark and high contrast",
        &others.flat_map(coloured).collect::<Vec<_>>(),
    );
}

#[test]
fn no_file_names_the_place_it_was_written_at() {
    let places: Vec<String> = [Some(root()), root().parent()]
        .into_iter()
        .flatten()
        .filter_map(place)
        .collect();
    let findings = files()
        .iter()
        .flat_map(|file| placed(file, &places))
        .collect::<Vec<_>>();
    expect_none("the project lies elsewhere for everyone else", &findings);
}

/// Lines of a room's product code with one of these words.
fn in_room(folder: &str, words: &[&str]) -> Vec<Finding> {
    let inside: Vec<&File> = files()
        .iter()
        .filter(|file| file.is_below(folder) && file.has_extension(&["rs"]) && !file.is_a_test())
        .collect();
    assert!(
        !inside.is_empty(),
        "{folder} has no files: the rule would always hold"
    );
    inside
        .into_iter()
        .flat_map(|file| {
            saying(file, words)
                .into_iter()
                .filter(|finding| finding.line < file.first_test_line())
        })
        .collect()
}

fn interface() -> impl Iterator<Item = &'static File> {
    files().iter().filter(|file| {
        file.is_below("ui") && file.has_extension(&["svelte", "ts", "css", "html", "mjs"])
    })
}

fn saying(file: &File, words: &[&str]) -> Vec<Finding> {
    let found = file.code().filter_map(|(number, line)| {
        words
            .iter()
            .find(|word| line.contains(**word))
            .map(|word| (number, word))
    });
    found
        .map(|(number, word)| Finding::new(&file.path, number, format!("says `{word}`")))
        .collect()
}

/// Like [`saying`], but the word must end where the text's word ends.
fn saying_whole(file: &File, words: &[&str]) -> Vec<Finding> {
    let whole = |line: &str, word: &str| {
        line.match_indices(word).any(|(at, _)| {
            !line[at + word.len()..]
                .starts_with(|next: char| word.ends_with('y') && next.is_alphanumeric())
        })
    };
    let found = file.code().filter_map(|(number, line)| {
        words
            .iter()
            .find(|word| whole(line, word))
            .map(|word| (number, word))
    });
    found
        .map(|(number, word)| Finding::new(&file.path, number, format!("says `{word}`")))
        .collect()
}

fn sleeping(file: &File) -> Vec<Finding> {
    if file.has_extension(&["rs"]) {
        let first = if file.is_a_test() {
            0
        } else {
            file.first_test_line()
        };
        let found = saying(file, &["thread::sleep", "time::sleep", " sleep("]);
        return found
            .into_iter()
            .filter(|finding| finding.line >= first)
            .collect();
    }
    let component_test = file.is_below("ui") && file.path.contains(".test.");
    if component_test {
        saying(file, &["setTimeout("])
    } else {
        Vec::new()
    }
}

fn coloured(file: &File) -> Vec<Finding> {
    let script = file.has_extension(&["ts", "mjs"]);
    let found = file.code().filter(|(_, line)| has_colour(line, script));
    found
        .map(|(number, line)| Finding::new(&file.path, number, line.trim().to_owned()))
        .collect()
}

/// Whether a line holds `#rgb`, `#rrggbb`, `rgb(` or `hsl(`. In scripts `#name` is a private field, so there only
/// what follows a quote counts.
fn has_colour(line: &str, script: bool) -> bool {
    let called = ["rgb(", "rgba(", "hsl(", "hsla(", "oklch("]
        .iter()
        .any(|word| line.contains(word));
    let before = |at: usize| line[..at].chars().next_back();
    let opens = |at: usize| match before(at) {
        Some('"' | '\'' | '`') => true,
        Some(' ' | ':' | '(' | ',') => !script,
        _ => false,
    };
    let hexadecimal = |at: usize| {
        let rest = &line[at + 1..];
        let length = rest
            .find(|next: char| !next.is_alphanumeric() && next != '-' && next != '_')
            .unwrap_or(rest.len());
        matches!(length, 3 | 4 | 6 | 8)
            && rest[..length]
                .chars()
                .all(|digit| digit.is_ascii_hexdigit())
    };
    called
        || line
            .match_indices('#')
            .any(|(at, _)| opens(at) && hexadecimal(at))
}

/// A folder as it would be written in a file; the roots of systems are not places.
fn place(folder: &Path) -> Option<String> {
    let deep = folder.components().count() > 1;
    deep.then(|| format!("{}/", folder.to_string_lossy().trim_end_matches('/')))
}

fn placed(file: &File, places: &[String]) -> Vec<Finding> {
    let names = |line: &str, place: &str| {
        line.match_indices(place).any(|(at, _)| {
            !line[..at].ends_with(|before: char| {
                before.is_alphanumeric()
                    || before == '.'
                    || before == '/'
                    || before == '}'
                    || before == '_'
                    || before == '-'
            })
        })
    };
    let found = file.lines().filter_map(|(number, line)| {
        places
            .iter()
            .find(|place| names(line, place))
            .map(|place| (number, place))
    });
    found
        .map(|(number, place)| Finding::new(&file.path, number, format!("names {place}")))
        .collect()
}

fn sample(path: &str, text: &str) -> File {
    File {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

#[test]
fn forbidden_words_are_found_outside_comments() {
    let file = sample("a.rs", "// no tokio here\nuse tokio::sync;\n");
    assert_eq!(
        saying(&file, &["tokio"]),
        [Finding::new("a.rs", 2, "says `tokio`")],
        "only the code counts"
    );
}

#[test]
fn a_sleeping_test_is_found() {
    let product = "fn wait() { std::thread::sleep(limit) }\n";
    assert!(
        sleeping(&sample("src/a.rs", product)).is_empty(),
        "the product may wait"
    );
    assert_eq!(
        sleeping(&sample(
            "src/a.rs",
            &format!("#[cfg(test)]\nmod tests {{\n{product}}}\n")
        ))
        .len(),
        1,
        "a test may not"
    );
    assert_eq!(
        sleeping(&sample("tests/it/a.rs", product)).len(),
        1,
        "a test may not"
    );
}

#[test]
fn literal_colours_are_found() {
    for line in [
        "color: #fff;",
        "fill=\"#12ab34\"",
        "background: rgb(1, 2, 3)",
        "border: 1px solid #abcd",
    ] {
        assert!(has_colour(line, false), "{line} is a colour");
    }
    for line in [
        "{#each calls as call}",
        "color: var(--text);",
        "<a href=\"#top\">",
        "{#if added}",
    ] {
        assert!(!has_colour(line, false), "{line} is no colour");
    }
    assert!(
        !has_colour("  #face = 1;", true) && has_colour("const red = '#f00';", true),
        "a private field is no colour"
    );
}

#[test]
fn any_type_is_found_as_a_word() {
    let file = sample("a.ts", "let a: any;\nlet b: anything;\n");
    assert_eq!(
        saying_whole(&file, &[": any"]).len(),
        1,
        "only the first is without a type"
    );
}

#[test]
fn a_workplace_is_found() {
    let places = ["/builds/ringcard/".to_owned()];
    assert_eq!(
        placed(&sample("a.md", "see /builds/ringcard/target"), &places).len(),
        1,
        "nobody else has it there"
    );
    assert!(
        placed(&sample("a.md", "see x/builds/ringcard/target"), &places).is_empty(),
        "that is another folder"
    );
}

//! The rules of the house, checked on every file: who may use whom, sizes, words, names.
//!
//! Each rule is a test of its own and names file and line. A rule takes text and answers with findings, so that each
//! is also shown a text that breaks it.

mod acceptance;
mod languages;
mod manifests;
mod migrations;
mod names;
mod sizes;
mod tree;
mod words;

use std::fmt;

/// One place where a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    line: usize,
    why: String,
}

impl Finding {
    fn new(path: &str, line: usize, why: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            why: why.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.why)
    }
}

/// Fails the test with one line for each finding.
#[track_caller]
fn expect_none(rule: &str, findings: &[Finding]) {
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{rule}\n  {}", lines.join("\n  "));
}

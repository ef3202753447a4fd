//! One block of header lines, in the order in which they came.

use std::ops::Range;

/// A block. The first of several equal keys wins, so that lines injected later hide nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    text: String,
    lines: Vec<(Range<usize>, Range<usize>)>,
}

impl Block {
    /// Adds a line. One without a colon is no header and is dropped.
    pub(super) fn push(&mut self, line: &str) {
        let Some((key, value)) = line.split_once(':') else {
            return;
        };
        let key = self.keep(key.trim());
        let value = self.keep(value.trim());
        self.lines.push((key, value));
    }

    fn keep(&mut self, part: &str) -> Range<usize> {
        let start = self.text.len();
        self.text.push_str(part);
        start..self.text.len()
    }

    /// How much the block holds, for the reader's limit.
    pub(super) fn size(&self) -> usize {
        self.text.len() + self.lines.len() * 32
    }

    /// The first value of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.value_at(self.position(key)?)
    }

    /// The place of the first line with `key`.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.lines
            .iter()
            .position(|(known, _)| self.text[known.clone()].eq_ignore_ascii_case(key))
    }

    /// The key of the line at `place`.
    pub fn key_at(&self, place: usize) -> Option<&str> {
        self.lines
            .get(place)
            .map(|(key, _)| &self.text[key.clone()])
    }

    /// The value of the line at `place`.
    pub fn value_at(&self, place: usize) -> Option<&str> {
        self.lines
            .get(place)
            .map(|(_, value)| &self.text[value.clone()])
    }

    /// Does `key` occur with different values? Asterisk never does that with an identity.
    pub fn contradicts(&self, key: &str) -> bool {
        let mut values = self.values(key);
        let first = values.next();
        values.any(|value| Some(value) != first)
    }

    fn values<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.lines
            .iter()
            .filter(move |(known, _)| self.text[known.clone()].eq_ignore_ascii_case(key))
            .map(|(_, value)| &self.text[value.clone()])
    }
}

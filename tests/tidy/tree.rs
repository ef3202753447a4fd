//! The project's own files: what people wrote, without what tools made.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Folders that tools fill.
const MADE_BY_TOOLS: [&str; 8] = [
    ".git",
    ".demo",
    "__pycache__",
    "dist",
    "gen",
    "node_modules",
    "target",
    "test-results",
];

/// One file with its path from the root, written with slashes.
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, extension)| extensions.contains(&extension))
    }

    pub fn is_below(&self, folder: &str) -> bool {
        self.path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
    }

    /// Whether the whole file is a test.
    pub fn is_a_test(&self) -> bool {
        self.is_below("tests")
            || self.path.contains("/tests/")
            || self.path.ends_with("tests.rs")
            || self.path.contains(".test.")
    }

    /// Whether people neither write nor read it line by line.
    pub fn is_data(&self) -> bool {
        self.is_below("tests/fixtures")
            || self.is_below("assets")
            || self.is_below("ui/src/ipc/bindings")
    }

    /// Lines counted from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }

    /// Lines that are not comments.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines()
            .filter(|(_, line)| !is_comment(line.trim_start()))
    }

    /// The line at which the tests inside a Rust file begin; everything after it is a test.
    pub fn first_test_line(&self) -> usize {
        let inner = self.lines().find(|(_, line)| line.trim() == "#[cfg(test)]");
        inner.map_or(usize::MAX, |(line, _)| line)
    }
}

/// The folder with the workspace manifest.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests lie one folder below the root")
}

/// Every text file of the project.
pub fn files() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut files = Vec::new();
        collect(root(), &mut files);
        files.sort_by(|left, right| left.path.cmp(&right.path));
        assert!(files.len() > 20, "a rule on no files would always hold");
        files
    })
}

fn collect(folder: &Path, files: &mut Vec<File>) {
    let entries = fs::read_dir(folder).expect("the project's folders can be read");
    for path in entries.map(|entry| entry.expect("the project's folders can be read").path()) {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_symlink() || MADE_BY_TOOLS.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(text) = fs::read_to_string(&path) {
            files.push(File {
                path: from_the_root(&path),
                text,
            });
        }
    }
}

fn from_the_root(path: &Path) -> String {
    let relative: PathBuf = path
        .strip_prefix(root())
        .expect("it was found below the root")
        .to_path_buf();
    relative.to_string_lossy().replace('\\', "/")
}

fn is_comment(line: &str) -> bool {
    ["//", "/*", "* ", "<!--"]
        .iter()
        .any(|start| line.starts_with(start))
}

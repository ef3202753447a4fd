//! Names of test targets in a manifest, found without a TOML reader.

use std::fs;
use std::path::Path;

/// The `name` of each `[[test]]` in the manifest; none if there is no such file.
pub fn test_targets(manifest: &Path) -> Vec<String> {
    fs::read_to_string(manifest)
        .map(|text| names_of_tests(&text))
        .unwrap_or_default()
}

fn names_of_tests(text: &str) -> Vec<String> {
    let mut in_test = false;
    let mut names = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            in_test = line == "[[test]]";
        } else if in_test
            && let Some(("name", value)) =
                line.split_once('=').map(|(key, value)| (key.trim(), value))
        {
            names.push(value.trim().trim_matches('"').to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_test_targets_are_named() {
        let text = "[package]\nname = \"x\"\n[[test]]\nname = \"tidy\"\npath = \"tidy/main.rs\"\n[[bin]]\nname = \"bench\"\n[[test]]\nname=\"it\"\n";
        assert_eq!(
            names_of_tests(text),
            ["tidy", "it"],
            "packages and programs are not tests"
        );
    }
}

//! The list of everything inside the program, for machines: CycloneDX, with the fingerprints that Cargo.lock has.
//!
//! It has no time and no serial number, so that the same source gives the same list.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::contents::{Contents, Origin, Package};
use super::{VERSION, winget};
use crate::project::Project;
use crate::windows::locked_checksum;

/// Writes `sbom.cdx.json` into the folder; `program` is the file that has it all inside.
pub fn write(
    project: &Project,
    contents: &Contents,
    program: &Path,
    folder: &Path,
) -> Result<(), String> {
    let lock = fs::read_to_string(project.path("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    let root = format!("ringcard@{VERSION}");
    let parts = contents.parts.iter().map(|part| &part.package);
    let components: Vec<String> = parts
        .filter(|package| package.full_name() != root)
        .map(|package| {
            component(
                package,
                locked_checksum(&lock, &package.name, &package.version),
            )
        })
        .collect();
    let list = format!(
        "{{\n\"bomFormat\": \"CycloneDX\",\n\"specVersion\": \"1.5\",\n\"version\": 1,\n\"metadata\": {{\"component\": \
         {{\"type\": \"application\", \"bom-ref\": {}, \"name\": \"Ringcard\", \"version\": {}, {}}}}},\n\
         \"components\": [\n{}\n],\n\"dependencies\": [\n{}\n]\n}}\n",
        text(&root),
        text(VERSION),
        hashes(&winget::sha256(project, program)?.to_ascii_lowercase()),
        components.join(",\n"),
        needs(contents, &root).join(",\n"),
    );
    let file = folder.join("sbom.cdx.json");
    fs::write(&file, list).map_err(|error| format!("{}: {error}", file.display()))?;
    println!("{}: {} components", file.display(), components.len());
    Ok(())
}

fn component(package: &Package, checksum: Option<&str>) -> String {
    let mut fields = vec![
        "\"type\": \"library\"".to_owned(),
        format!("\"bom-ref\": {}", text(&package.full_name())),
        format!("\"name\": {}", text(&package.name)),
        format!(
            "\"licenses\": [{{\"expression\": {}}}]",
            text(&expression(&package.licence))
        ),
    ];
    if !package.version.is_empty() {
        fields.push(format!("\"version\": {}", text(&package.version)));
    }
    if let Some(kind) = registry(package.origin) {
        let version = package.version.replace('+', "%2B");
        let address = format!("pkg:{kind}/{}@{version}", package.name);
        fields.push(format!("\"purl\": {}", text(&address)));
    }
    if package.address.starts_with("https://") {
        fields.push(format!(
            "\"externalReferences\": [{{\"type\": \"vcs\", \"url\": {}}}]",
            text(&package.address)
        ));
    }
    fields.extend(checksum.map(hashes));
    format!("{{{}}}", fields.join(", "))
}

/// What a package address begins with.
fn registry(origin: Origin) -> Option<&'static str> {
    match origin {
        Origin::Crate => Some("cargo"),
        Origin::Npm => Some("npm"),
        Origin::Room | Origin::Carried => None,
    }
}

/// Older crates write a slash where SPDX has a word.
fn expression(licence: &str) -> String {
    let choices: Vec<&str> = licence.split('/').map(str::trim).collect();
    choices.join(" OR ")
}

fn hashes(digits: &str) -> String {
    format!("\"hashes\": [{{\"alg\": \"SHA-256\", \"content\": \"{digits}\"}}]")
}

/// One entry for each part: what it needs. What crates carry, and what lies beside, is needed by the program.
fn needs(contents: &Contents, root: &str) -> Vec<String> {
    let mut needs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for part in &contents.parts {
        let name = part.package.full_name();
        if matches!(part.package.origin, Origin::Npm | Origin::Carried) {
            needs.entry(root.to_owned()).or_default().push(text(&name));
        }
        needs.entry(name).or_default();
    }
    for (needing, needed) in &contents.needs {
        needs.entry(needing.clone()).or_default().push(text(needed));
    }
    let entries = needs.iter().map(|(name, needed)| {
        let needed = needed.join(", ");
        format!("{{\"ref\": {}, \"dependsOn\": [{needed}]}}", text(name))
    });
    entries.collect()
}

/// A text as JSON has it.
fn text(plain: &str) -> String {
    let mut quoted = String::from("\"");
    for character in plain.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control.is_control() => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> Package {
        Package {
            name: "ring".into(),
            version: "0.17.14+x".into(),
            licence: "MIT/Apache-2.0".into(),
            address: "https://example.org/ring".into(),
            origin: Origin::Crate,
        }
    }

    #[test]
    fn a_crate_has_its_address_licence_and_fingerprint() {
        let written = component(&ring(), Some("00ff"));
        for expected in [
            r#""purl": "pkg:cargo/ring@0.17.14%2Bx""#,
            r#""expression": "MIT OR Apache-2.0""#,
            r#""hashes": [{"alg": "SHA-256", "content": "00ff"}]"#,
        ] {
            assert!(written.contains(expected), "{expected} in {written}");
        }
    }

    #[test]
    fn a_text_of_a_stranger_ends_where_it_should() {
        assert_eq!(
            text("a\"b\\c\n"),
            r#""a\"b\\c\u000a""#,
            "nothing in a manifest may add a field"
        );
    }
}

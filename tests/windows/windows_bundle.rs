//! What `cargo xtask bundle` has made for Windows: the program, and the papers that lie beside it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jsonschema::Registry;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The version of everything in this workspace.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What Rust's standard library has inside, in versions of its own.
const IN_THE_STANDARD_LIBRARY: [&str; 6] = [
    "addr2line",
    "gimli",
    "hashbrown",
    "memchr",
    "object",
    "rustc-demangle",
];

/// The folder with the bundle, or nothing where none was made.
fn bundle() -> Option<PathBuf> {
    let folder = std::env::var_os("RINGCARD_BUNDLE").filter(|folder| !folder.is_empty());
    if folder.is_none() {
        let why = "not here: RINGCARD_BUNDLE is not set, the stage windows-build sets it";
        assert!(std::env::var_os("CI").is_none(), "{why}");
        println!("{why}");
    }
    folder.map(PathBuf::from)
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&text(path)).unwrap()
}

fn list(bundle: &Path) -> Value {
    json(&bundle.join("sbom.cdx.json"))
}

fn components(list: &Value) -> &[Value] {
    list["components"].as_array().unwrap()
}

/// The project's root.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Where the list breaks the rules of CycloneDX 1.5, which its authors publish as a schema.
fn faults(list: &Value) -> Vec<String> {
    let folder = root().join("tests/fixtures/cyclonedx");
    let rules = |name: &str| json(&folder.join(format!("{name}.schema.json")));
    let mut others = Registry::new();
    for name in ["jsf-0.82", "spdx"] {
        let address = format!("http://cyclonedx.org/schema/{name}.schema.json");
        others = others.add(address, rules(name)).unwrap();
    }
    let others = others.prepare().unwrap();
    let rules = jsonschema::options()
        .with_registry(&others)
        .build(&rules("bom-1.5"))
        .unwrap();
    let faults = rules.iter_errors(list);
    faults
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect()
}

#[test]
fn the_list_of_parts_is_cyclonedx() {
    let Some(bundle) = bundle() else { return };
    let faults = faults(&list(&bundle));
    assert_eq!(faults, Vec::<String>::new(), "tools refuse anything else");
}

#[test]
fn the_list_of_parts_has_each_crate_that_the_program_names() {
    let Some(bundle) = bundle() else { return };
    let list = list(&bundle);
    let listed: BTreeSet<String> = components(&list)
        .iter()
        .filter_map(|part| {
            Some(format!(
                "{}-{}",
                part["name"].as_str()?,
                part["version"].as_str()?
            ))
        })
        .collect();
    // Where a panic would happen, the program has the path of the source.
    let named = crates_in(&std::fs::read(bundle.join("ringcard.exe")).unwrap());
    assert!(named.len() > 30, "the program names its crates: {named:?}");
    let unsaid = named.difference(&listed).filter(|name| {
        let own = name.rsplit_once('-').map_or(name.as_str(), |(own, _)| own);
        !IN_THE_STANDARD_LIBRARY.contains(&own)
    });
    let unsaid: Vec<&String> = unsaid.collect();
    assert_eq!(unsaid, Vec::<&String>::new(), "nothing is inside unsaid");
    let others = [
        "OpenSSL",
        "Rust standard library",
        "SQLCipher and SQLite",
        "svelte",
    ];
    for carried in others {
        let found = components(&list).iter().any(|part| part["name"] == carried);
        assert!(found, "{carried} is no crate, and is inside");
    }
}

#[test]
fn each_crate_of_the_list_has_the_fingerprint_that_was_locked() {
    let Some(bundle) = bundle() else { return };
    let lock: toml::Table = text(&root().join("Cargo.lock")).parse().unwrap();
    let list = list(&bundle);
    let crates = components(&list).iter().filter(|part| {
        part["purl"]
            .as_str()
            .is_some_and(|address| address.starts_with("pkg:cargo/"))
    });
    for part in crates {
        let locked = lock["package"].as_array().unwrap().iter().find(|package| {
            package["name"].as_str() == part["name"].as_str()
                && package["version"].as_str() == part["version"].as_str()
        });
        assert_eq!(
            part["hashes"][0]["content"].as_str(),
            locked.and_then(|package| package.get("checksum")?.as_str()),
            "another {} would not be noticed",
            part["name"]
        );
    }
    let digits = sha256(&bundle.join("ringcard.exe"));
    assert_eq!(
        list["metadata"]["component"]["hashes"][0]["content"].as_str(),
        Some(digits.as_str()),
        "the list belongs to this very program"
    );
}

#[test]
fn each_crate_that_is_there_twice_is_explained() {
    let Some(bundle) = bundle() else { return };
    let rules: toml::Table = text(&root().join("deny.toml")).parse().unwrap();
    let explained: Vec<&str> = rules["bans"]["skip"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["crate"].as_str().unwrap())
        .collect();
    let list = list(&bundle);
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for part in components(&list) {
        let version = part["version"].as_str().unwrap_or_default();
        let name = part["name"].as_str().unwrap();
        versions.entry(name).or_default().push(version);
    }
    for (name, versions) in versions {
        let unexplained = versions.iter().filter(|version| {
            !explained
                .iter()
                .any(|rule| covers(rule, &format!("{name}@{version}")))
        });
        let unexplained: Vec<&&str> = unexplained.collect();
        assert_eq!(unexplained.len(), 1, "{name} {unexplained:?}");
        let rules = explained
            .iter()
            .filter(|rule| rule.split('@').next() == Some(name));
        assert_eq!(
            rules.count(),
            versions.len() - 1,
            "a reason for a version of {name} that is not there"
        );
    }
}

/// Whether `name@1.2` names this full version.
fn covers(rule: &str, full: &str) -> bool {
    full == rule || full.starts_with(&format!("{rule}."))
}

#[test]
fn each_part_may_be_shipped_by_its_licence() {
    let Some(bundle) = bundle() else { return };
    let rules: toml::Table = text(&root().join("deny.toml")).parse().unwrap();
    let allowed: Vec<&str> = rules["licenses"]["allow"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(toml::Value::as_str)
        .collect();
    let list = list(&bundle);
    let refused = components(&list).iter().filter(|part| {
        let licence = part["licenses"][0]["expression"].as_str();
        let ours = licence == Some("LicenseRef-Proprietary");
        !ours && !licence.is_some_and(|licence| is_allowed(licence, &allowed))
    });
    let refused: Vec<&Value> = refused.map(|part| &part["name"]).collect();
    assert_eq!(
        refused,
        Vec::<&Value>::new(),
        "deny.toml has what is allowed"
    );
}

/// Whether one of the choices that an SPDX expression leaves needs allowed licences alone.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let mut inner = expression.to_owned();
    // The innermost brackets first, each replaced by what came of it.
    while let Some(open) = inner.rfind('(') {
        let close = open + inner[open..].find(')').expect("brackets come in pairs");
        let verdict = is_allowed(&inner[open + 1..close], allowed);
        inner.replace_range(open..=close, if verdict { "yes" } else { "no" });
    }
    let is_good = |one: &str| one == "yes" || allowed.contains(&one);
    inner.split(" OR ").any(|all| {
        all.split(" AND ")
            .all(|one| is_good(one.split(" WITH ").next().unwrap_or(one).trim()))
    })
}

#[test]
fn an_expression_of_licences_is_read_as_it_is_meant() {
    let allowed = ["MIT", "ISC"];
    for good in [
        "MIT",
        "GPL-3.0 OR MIT",
        "(GPL-3.0 OR MIT) AND ISC",
        "ISC WITH extra",
    ] {
        assert!(is_allowed(good, &allowed), "{good}");
    }
    for bad in ["GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND GPL-3.0", ""] {
        assert!(!is_allowed(bad, &allowed), "{bad}");
    }
}

#[test]
fn the_page_of_licences_names_every_part_of_the_list() {
    let Some(bundle) = bundle() else { return };
    let page = text(&bundle.join("licences.html"));
    let list = list(&bundle);
    let names = components(&list)
        .iter()
        .map(|part| part["name"].as_str().unwrap());
    let ours = |name: &&str| name.starts_with("ringcard-");
    let missing: Vec<&str> = names
        .filter(|name| !ours(name) && !page.contains(&format!("<td>{name}<td>")))
        .collect();
    assert_eq!(missing, Vec::<&str>::new(), "each author is named");
}

#[test]
fn the_program_has_no_path_of_the_pc_it_was_built_on() {
    let Some(bundle) = bundle() else { return };
    let program = std::fs::read(bundle.join("ringcard.exe")).unwrap();
    let home = std::env::var("HOME").unwrap();
    for path in [
        format!("{home}/."),
        format!("{}/src-tauri", root().display()),
    ] {
        let found = program
            .windows(path.len())
            .any(|part| part == path.as_bytes());
        assert!(
            !found,
            "who built it, and where, is nobody's business: {path}"
        );
    }
}

#[test]
fn the_manifests_for_winget_lead_to_this_very_installer() {
    let Some(bundle) = bundle() else { return };
    let installer = format!("ringcard-{VERSION}-windows-x64.exe");
    let address = format!("https://download.example/ringcard/{installer}");
    let fingerprint = sha256(&bundle.join(&installer)).to_ascii_uppercase();
    let manifest = manifest("Ringcard.Ringcard.installer.yaml");
    let values = |key: &str| values(&manifest, key);
    assert_eq!(
        values("InstallerSha256"),
        [&fingerprint, &fingerprint],
        "winget refuses what has another fingerprint"
    );
    assert_eq!(
        values("InstallerUrl"),
        [&address, &address],
        "where it can be had"
    );
    assert_eq!(values("Scope"), ["user", "machine"], "for both");
    assert_eq!(
        values("Custom"),
        ["/CURRENTUSER", "/ALLUSERS"],
        "and each in the way it was asked for"
    );
    assert!(
        !manifest.contains("Protocols"),
        "no links are promised before they can be opened"
    );
    let script = text(&root().join("src-tauri/packaging/windows/ringcard.nsi"));
    let codes = script.lines().filter_map(|line| {
        let (_, code) = line.strip_prefix("!define EXIT_")?.split_once(' ')?;
        Some(code)
    });
    let codes: Vec<&str> = ["1"].into_iter().chain(codes).collect();
    assert_eq!(
        values("InstallerReturnCode"),
        codes,
        "winget can say what each failure means"
    );
}

#[test]
fn the_manifests_for_winget_are_filled_and_belong_together() {
    if bundle().is_none() {
        return;
    }
    for (name, kind) in [
        ("Ringcard.Ringcard", "version"),
        ("Ringcard.Ringcard.installer", "installer"),
        ("Ringcard.Ringcard.locale.en-US", "defaultLocale"),
        ("Ringcard.Ringcard.locale.de-DE", "locale"),
    ] {
        let manifest = manifest(&format!("{name}.yaml"));
        let once = |key: &str, value: &str| {
            assert_eq!(values(&manifest, key), [value], "{key} of {name}");
        };
        once("PackageIdentifier", "Ringcard.Ringcard");
        once("PackageVersion", VERSION);
        once("ManifestType", kind);
        once("ManifestVersion", "1.6.0");
        assert!(!manifest.contains('{'), "nothing is left open: {manifest}");
    }
}

#[test]
fn shortcuts_name_the_application_as_the_program_does() {
    let named = |path: &str, definition: &str| {
        let text = text(&root().join(path));
        let line = text.lines().find(|line| line.starts_with(definition));
        line.and_then(|line| Some(line.split('"').nth(1)?.to_owned()))
    };
    let program = named("src-tauri/src/win32/identity.rs", "pub const APP_ID");
    assert!(program.is_some(), "it has an id");
    assert_eq!(
        named(
            "src-tauri/packaging/windows/ringcard.nsi",
            "!define IDENTIFIER"
        ),
        program,
        "the task bar would show two buttons for one program"
    );
}

/// A manifest that the stage has filled for an address that is only an example.
fn manifest(name: &str) -> String {
    let folder = std::env::var_os("RINGCARD_MANIFESTS").unwrap();
    text(&Path::new(&folder).join(name))
}

/// The values of this key in a manifest, wherever it stands.
fn values<'a>(manifest: &'a str, key: &str) -> Vec<&'a str> {
    let lines = manifest.lines();
    lines
        .filter_map(|line| {
            let line = line.trim_start_matches([' ', '-']);
            Some(line.strip_prefix(key)?.strip_prefix(':')?.trim())
        })
        .collect()
}

fn sha256(file: &Path) -> String {
    let digest = Sha256::digest(std::fs::read(file).unwrap());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Names with versions of the crates whose sources' paths are in the program.
fn crates_in(program: &[u8]) -> BTreeSet<String> {
    const REGISTRY: &[u8] = b"index.crates.io-";
    let starts = (0..program.len()).filter(|at| program[*at..].starts_with(REGISTRY));
    starts
        .filter_map(|at| {
            let path = &program[at..program.len().min(at + 200)];
            let mut folders = path.split(|byte| matches!(byte, b'/' | b'\\'));
            let name = std::str::from_utf8(folders.nth(1)?).ok()?;
            folders.next()?;
            let belongs = |one: char| one.is_ascii_alphanumeric() || "-_.+".contains(one);
            name.chars().all(belongs).then(|| name.to_owned())
        })
        .collect()
}

//! Zoho's interface files as validators, and where they are known to be wrong.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// The folder with the files, when this system has them.
pub fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("RINGCARD_ZOHO_OAS").map(PathBuf::from);
    if folder.is_none() {
        println!("not on this system: RINGCARD_ZOHO_OAS names no folder of Zoho's files");
    }
    folder
}

/// Where the files disagree with Zoho's own pages and examples, or with a measured answer.
#[derive(Debug, Clone, Copy)]
pub struct Exception {
    /// The place in the answer, with `*` for every index.
    pub place: &'static str,
    /// The keyword of the schema that is wrong there.
    pub keyword: &'static str,
    /// Why the sandbox is right.
    pub reason: &'static str,
}

/// An operation of a file.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    pub file: &'static str,
    pub method: &'static str,
    pub path: &'static str,
}

/// Checks one answer. Every error must be an exception, and every exception must be an error.
pub fn check(
    folder: &Path,
    operation: Operation,
    (status, body): (u16, &Value),
    exceptions: &[Exception],
) {
    let schema = schema(folder, operation, status);
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("Zoho's schema can be read");
    let found: Vec<(String, String, String)> = validator
        .iter_errors(body)
        .map(|error| {
            let place = without_indices(error.instance_path().as_str());
            let schema_path = error.schema_path().as_str();
            let keyword = schema_path.rsplit('/').next().unwrap_or_default();
            (place, keyword.to_owned(), error.to_string())
        })
        .collect();
    let what = format!("{} {} {status}", operation.method, operation.path);
    let excuses = |exception: &Exception, (place, keyword, _): &(String, String, String)| {
        exception.place == place && exception.keyword == keyword
    };
    for error in &found {
        assert!(
            exceptions.iter().any(|known| excuses(known, error)),
            "{what}: the answer is not as Zoho's file says, at {} ({}): {:.300}",
            error.0,
            error.1,
            error.2
        );
    }
    for exception in exceptions {
        assert!(
            found.iter().any(|error| excuses(exception, error)),
            "{what}: the exception at {} ({}) is no longer needed: {}",
            exception.place,
            exception.keyword,
            exception.reason
        );
    }
}

fn schema(folder: &Path, operation: Operation, status: u16) -> Value {
    let mut schema = read(&folder.join(operation.file));
    let path = operation.path.replace('~', "~0").replace('/', "~1");
    let path = path.replace('{', "%7B").replace('}', "%7D");
    let content = "content/application~1json/schema";
    let method = operation.method;
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$ref"] = json!(format!(
        "#/paths/{path}/{method}/responses/{status}/{content}"
    ));
    schema
}

/// Reads a file of the folder.
pub fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("RINGCARD_ZOHO_OAS holds Zoho's files");
    serde_json::from_str(&text).expect("a file of JSON")
}

fn without_indices(place: &str) -> String {
    let is_index = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = place
        .split('/')
        .map(|part| if is_index(part) { "*" } else { part })
        .collect();
    parts.join("/")
}

//! TypeScript types of everything that crosses to the windows, generated from `ringcard-ipc`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::child::{Invocation, minutes};
use crate::project::Project;
use crate::stages::CRATES;

const FOLDER: &str = "ui/src/ipc/bindings";

/// Replaces the committed types by freshly generated ones.
pub fn write(project: &Project) -> Result<(), String> {
    let generated = generate(project, project.cargo(), minutes(15))?;
    let folder = project.path(FOLDER);
    replace(&folder, &generated).map_err(|error| format!("{FOLDER}: {error}"))?;
    println!("{} types in {FOLDER}", generated.len());
    Ok(())
}

/// Fails if the committed types are not the generated ones.
pub fn check(project: &Project, cargo: Invocation, deadline: Instant) -> Result<(), String> {
    let generated = generate(project, cargo, deadline)?;
    let committed = read(&project.path(FOLDER)).map_err(|error| format!("{FOLDER}: {error}"))?;
    let differing = differences(&committed, &generated);
    if differing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "run `cargo xtask bindings` and commit: {}",
        differing.join(", ")
    ))
}

type Files = BTreeMap<PathBuf, String>;

fn generate(project: &Project, cargo: Invocation, deadline: Instant) -> Result<Files, String> {
    let folder = project.target.join("bindings");
    let failed = |error: io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    let export = cargo.args(["test", "--locked", "--quiet"]);
    let export = export.args(CRATES).args(["--lib", "export_bindings"]);
    export.env("TS_RS_EXPORT_DIR", &folder).run(deadline)?;
    let files = read(&folder).map_err(failed)?;
    if files.is_empty() {
        Err("ringcard-ipc exports no type".to_owned())
    } else {
        Ok(files)
    }
}

fn differences(committed: &Files, generated: &Files) -> Vec<String> {
    let mut names: Vec<&PathBuf> = committed.keys().chain(generated.keys()).collect();
    names.sort();
    names.dedup();
    names.retain(|name| committed.get(*name) != generated.get(*name));
    names
        .into_iter()
        .map(|name| name.display().to_string())
        .collect()
}

fn read(folder: &Path) -> io::Result<Files> {
    let mut files = Files::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        if !next.exists() {
            continue;
        }
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "ts") {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_path_buf();
                files.insert(name, fs::read_to_string(&path)?);
            }
        }
    }
    Ok(files)
}

fn replace(folder: &Path, files: &Files) -> io::Result<()> {
    for old in read(folder)?.keys().filter(|old| !files.contains_key(*old)) {
        fs::remove_file(folder.join(old))?;
    }
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_new_and_forgotten_types_are_named() {
        let files = |list: &[(&str, &str)]| {
            list.iter()
                .map(|(name, text)| (PathBuf::from(name), (*text).to_owned()))
                .collect::<Files>()
        };
        let committed = files(&[("Call.ts", "old"), ("Gone.ts", "x"), ("Same.ts", "same")]);
        let generated = files(&[("Call.ts", "new"), ("New.ts", "x"), ("Same.ts", "same")]);
        assert_eq!(
            differences(&committed, &generated),
            ["Call.ts", "Gone.ts", "New.ts"],
            "each of them would mislead the windows"
        );
    }
}

//! The licences of everything inside the program, as one page that lies beside it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::contents::{Contents, Origin, Package};

/// Writes the page into the folder.
pub fn write(contents: &Contents, folder: &Path) -> Result<PathBuf, String> {
    let mut texts: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
    let others = contents
        .parts
        .iter()
        .filter(|part| part.package.origin != Origin::Room);
    let packages: Vec<&Package> = others.clone().map(|part| &part.package).collect();
    for part in others {
        for text in &part.texts {
            texts.entry(text).or_default().push(&part.package);
        }
    }
    let page = folder.join("licences.html");
    fs::write(&page, html(&packages, &texts))
        .map_err(|error| format!("{}: {error}", page.display()))?;
    println!("{}: {} packages", page.display(), packages.len());
    Ok(page)
}

fn html(packages: &[&Package], texts: &BTreeMap<&str, Vec<&Package>>) -> String {
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Ringcard: licences</title>\n\
         <style>body{font:14px/1.4 \"Segoe UI\",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
         pre{white-space:pre-wrap}td{padding-right:1rem}</style>\n\
         <h1>What Ringcard is made with</h1>\n<table>\n",
    );
    let write = "writing to a string cannot fail";
    for package in packages {
        writeln!(
            page,
            "<tr><td>{}<td>{}<td>{}<td>{}",
            escaped(&package.name),
            escaped(&package.version),
            escaped(&package.licence),
            escaped(&package.address)
        )
        .expect(write);
    }
    page.push_str("</table>\n");
    for (text, packages) in texts {
        let names: Vec<&str> = packages
            .iter()
            .map(|package| package.name.as_str())
            .collect();
        let names = escaped(&names.join(", "));
        writeln!(page, "<h2>{names}</h2>\n<pre>{}</pre>", escaped(text)).expect(write);
    }
    page
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_shown_and_not_interpreted() {
        let package = Package {
            name: "a".into(),
            version: "1".into(),
            licence: "MIT".into(),
            address: String::new(),
            origin: Origin::Crate,
        };
        let texts = BTreeMap::from([("<b>free</b>", vec![&package])]);
        assert!(
            html(&[&package], &texts).contains("&lt;b&gt;free"),
            "texts come from strangers"
        );
    }
}

//! The page with the licences of everything inside, which the installer puts beside the program.

use std::path::{Path, PathBuf};

use tracing::warn;

const NAME: &str = "licences.html";

/// The page, where there is one.
pub fn page() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    beside(&program)
}

/// Opens it in the browser.
pub fn open() {
    let opened = page().is_some_and(|page| open::that_detached(page).is_ok());
    if !opened {
        warn!("the page of licences could not be opened");
    }
}

fn beside(program: &Path) -> Option<PathBuf> {
    let page = program.with_file_name(NAME);
    page.is_file().then_some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_the_one_beside_the_program_or_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("ringcard.exe");
        assert_eq!(beside(&program), None, "nothing was packed here");
        std::fs::write(folder.path().join(NAME), "licences").expect("written");
        let page = beside(&program).expect("it is there");
        assert!(page.ends_with(NAME));
    }
}

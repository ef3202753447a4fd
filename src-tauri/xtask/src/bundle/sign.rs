//! Signing, where a command for it is given.

use std::env;
use std::path::Path;
use std::time::Instant;

use crate::project::Project;

/// The command line that signs the file whose path is put behind it, if there is one.
pub fn command() -> Option<String> {
    env::var("RINGCARD_SIGN")
        .ok()
        .filter(|command| !command.trim().is_empty())
}

/// Signs a file; without a command it stays as it is.
pub fn sign(project: &Project, file: &Path, deadline: Instant) -> Result<(), String> {
    let Some(command) = command() else {
        println!("{}: not signed, RINGCARD_SIGN is empty", file.display());
        return Ok(());
    };
    let mut words = words(&command).into_iter();
    let program = words.next().ok_or("RINGCARD_SIGN names no program")?;
    project
        .program(program)
        .args(words)
        .arg(file)
        // It may hold a password.
        .shown_as(&format!("RINGCARD_SIGN {}", file.display()))
        .run(deadline)
}

/// The words of a command line; blanks between double quotes belong to a word.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            blank if blank.is_whitespace() && !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            other => word.push(other),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_a_path_together() {
        assert_eq!(
            words(r#"signtool sign /f "C:\My Keys\key.pfx"  /fd sha256"#),
            [
                "signtool",
                "sign",
                "/f",
                r"C:\My Keys\key.pfx",
                "/fd",
                "sha256"
            ],
            "folders of Windows have blanks"
        );
    }
}

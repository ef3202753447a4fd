//! Signing, where a command for it is given.

use std::env;
use std::path::Path;
use std::time::Instant;

use crate::project::Project;

/// The variable with the command line.
pub const VARIABLE: &str = "RINGCARD_SIGN";

/// The command line that signs the file whose path is put behind it, if there is one.
pub struct Signing(Option<String>);

impl Signing {
    /// As the environment says.
    pub fn from_environment() -> Self {
        let command = env::var(VARIABLE).ok();
        Self(command.filter(|command| !command.trim().is_empty()))
    }

    /// By this command line.
    pub fn by(command: String) -> Self {
        Self(Some(command))
    }

    /// The command line.
    pub fn command(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Signs a file; without a command it stays as it is.
    pub fn sign(&self, project: &Project, file: &Path, deadline: Instant) -> Result<(), String> {
        let Some(command) = self.command() else {
            println!("{}: not signed, {VARIABLE} is empty", file.display());
            return Ok(());
        };
        let mut words = words(command).into_iter();
        let program = words
            .next()
            .ok_or_else(|| format!("{VARIABLE} names no program"))?;
        project
            .program(program)
            .args(words)
            .arg(file)
            // It may hold a password.
            .shown_as(&format!("{VARIABLE} {}", file.display()))
            .run(deadline)
    }
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

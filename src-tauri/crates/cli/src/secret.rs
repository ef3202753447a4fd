//! A secret from standard input: one line, never from the arguments, where other programs see it.

use std::io::{BufRead, Read};

/// The longest secret, in bytes.
const LIMIT: u64 = 16 * 1024;

/// Why the input is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSecret {
    /// Nothing came.
    Empty,
    /// Too much for a secret, or no text at all.
    NoText,
}

/// Reads the secret without the line's end.
pub fn read(input: &mut dyn BufRead) -> Result<String, NoSecret> {
    let mut text = String::new();
    let read = input.take(LIMIT + 1).read_line(&mut text);
    let longest = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    if read.is_err() || text.len() > longest {
        return Err(NoSecret::NoText);
    }
    let secret = text.trim_end_matches(['\r', '\n']);
    match secret.is_empty() {
        true => Err(NoSecret::Empty),
        false => Ok(secret.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(bytes: &[u8]) -> Result<String, NoSecret> {
        read(&mut &*bytes)
    }

    #[test]
    fn blanks_belong_to_the_secret_and_the_line_end_does_not() {
        assert_eq!(from(b" inv ented \r\n").as_deref(), Ok(" inv ented "));
        assert_eq!(from(b"invented").as_deref(), Ok("invented"));
    }

    #[test]
    fn nothing_is_no_secret() {
        assert_eq!(
            from(b""),
            Err(NoSecret::Empty),
            "it would delete the old one"
        );
        assert_eq!(from(b"\n"), Err(NoSecret::Empty));
    }

    #[test]
    fn a_file_by_mistake_is_no_secret() {
        let long = vec![b'x'; 16 * 1024 + 1];
        assert_eq!(from(&long), Err(NoSecret::NoText));
        assert_eq!(from(&[0xff, 0xfe]), Err(NoSecret::NoText));
    }
}

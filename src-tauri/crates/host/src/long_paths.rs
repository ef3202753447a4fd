//! Paths for those who ask Windows themselves, as SQLite does: without a word in front it takes 260 letters and no more.
//!
//! Rust's own functions put that word there where it is needed.

use std::path::PathBuf;

/// Only Windows has two forms of a path.
#[cfg(not(windows))]
pub fn in_full(path: PathBuf) -> PathBuf {
    path
}

/// A path of any length. SQLite takes the long form as it is, but in all no more than a thousand bytes.
#[cfg(windows)]
pub fn in_full(path: PathBuf) -> PathBuf {
    use std::ffi::OsString;
    use std::os::windows::ffi::{OsStrExt, OsStringExt};
    use std::path::{Component, Prefix};

    // Others put endings behind the name. What stays short with them keeps the form that everything understands.
    const USUAL: usize = 200;
    let whole = std::path::absolute(&path).unwrap_or(path);
    if whole.as_os_str().encode_wide().count() < USUAL {
        return whole;
    }
    let (word, left_out) = match whole.components().next() {
        Some(Component::Prefix(prefix)) => match prefix.kind() {
            Prefix::Disk(_) => (r"\\?\", 0),
            // The first of the two signs in front of a server's name is in the word.
            Prefix::UNC(..) => (r"\\?\UNC", 1),
            _ => ("", 0),
        },
        _ => ("", 0),
    };
    let rest = whole.as_os_str().encode_wide().skip(left_out);
    let letters: Vec<u16> = word.encode_utf16().chain(rest).collect();
    PathBuf::from(OsString::from_wide(&letters))
}

#[cfg(all(test, windows))]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_is_said_in_full_and_a_short_one_as_usual() {
        let full = |path: &str| in_full(path.into()).to_string_lossy().into_owned();
        let short = r"C:\Ringcard\journal.db";
        assert_eq!(full(short), short, "everything understands it");
        let long = "l".repeat(240);
        let on_a_disk = format!(r"C:\{long}\journal.db");
        assert_eq!(full(&on_a_disk), format!(r"\\?\{on_a_disk}"));
        let on_a_server = format!(r"\\server\share\{long}");
        let expected = format!(r"\\?\UNC\server\share\{long}");
        assert_eq!(full(&on_a_server), expected, "the profile may lie there");
        assert_eq!(full(&expected), expected, "once is enough");
    }
}

//! Versions that Cargo.lock names.

/// The version of a package, without its quotes.
pub fn locked_version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let name = format!("name = \"{name}\"");
    let package = lock
        .split("[[package]]")
        .find(|package| package.lines().any(|line| line == name))?;
    let version = package
        .lines()
        .find_map(|line| line.strip_prefix("version = "))?;
    Some(version.trim_matches('"'))
}

/// The fingerprint of a package in this version, as its registry has it.
pub fn locked_checksum<'a>(lock: &'a str, name: &str, version: &str) -> Option<&'a str> {
    let wanted = [
        format!("name = \"{name}\""),
        format!("version = \"{version}\""),
    ];
    let package = lock.split("[[package]]").find(|package| {
        wanted
            .iter()
            .all(|wanted| package.lines().any(|line| line == wanted))
    })?;
    let checksum = package
        .lines()
        .find_map(|line| line.strip_prefix("checksum = "))?;
    Some(checksum.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_among_its_neighbours() {
        let lock = "version = 4\n\n[[package]]\nname = \"openssl-probe\"\nversion = \"0.2.1\"\n\n[[package]]\nname = \"openssl-src\"\nversion = \"300.6.1+3.6.3\"\n";
        assert_eq!(
            locked_version(lock, "openssl-src"),
            Some("300.6.1+3.6.3"),
            "another library must not get into a release"
        );
    }

    #[test]
    fn of_two_versions_the_right_fingerprint_is_found() {
        let lock = "[[package]]\nname = \"base64\"\nversion = \"0.22.1\"\nchecksum = \"aa\"\n\n\
                    [[package]]\nname = \"base64\"\nversion = \"0.23.1\"\nchecksum = \"bb\"\n";
        assert_eq!(
            locked_checksum(lock, "base64", "0.23.1"),
            Some("bb"),
            "a list with the other one's would prove nothing"
        );
    }
}

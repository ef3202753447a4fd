//! Opens web pages in the system's browser: pages of the known hosts, nothing else.
//!
//! Which hosts are known is the application's knowledge; here only the kind of address is looked at once more.

use tracing::warn;

/// Opens an address that the application has checked.
pub fn open(address: &str) {
    if !may_be_opened(address) {
        warn!("an address that is no https page was not opened");
        return;
    }
    #[cfg(debug_assertions)]
    if let Some(file) = std::env::var_os("RINGCARD_TEST_OPEN_FILE") {
        return write_for_test(file.as_ref(), address);
    }
    if open::that_detached(address).is_err() {
        warn!("the system's browser could not be started");
    }
}

/// `https` anywhere, and plain `http` on this PC, where a test server of the CRM may be.
fn may_be_opened(address: &str) -> bool {
    let plain = address.len() <= 4096
        && address
            .chars()
            .all(|one| one.is_ascii_graphic() && !"\"'<>\\^`{|}".contains(one));
    let local = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
    let known =
        address.starts_with("https://") || local.iter().any(|start| address.starts_with(start));
    // Behind `user@` another host could hide.
    let host = address.split(['/', '?', '#']).nth(2).unwrap_or_default();
    plain && known && !host.is_empty() && !host.contains('@')
}

#[cfg(debug_assertions)]
fn write_for_test(file: &std::path::Path, address: &str) {
    use std::io::Write;
    let opened = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(file);
    if opened
        .and_then(|mut file| writeln!(file, "{address}"))
        .is_err()
    {
        warn!("the test's file of opened addresses cannot be written");
    }
}

/// The page that a topic of the help leads to. Topics without a page in the web have none.
pub fn help_page(topic: &str) -> Option<&'static str> {
    Some(match topic {
        "asterisk" => {
            "https://docs.asterisk.org/Configuration/Interfaces/Asterisk-Manager-Interface-AMI/"
        }
        "zoho" => "https://www.zoho.com/accounts/protocol/oauth-setup.html",
        "zoho_limits" => "https://www.zoho.com/crm/developer/docs/api/v8/api-limits.html",
        "zoho_two_factor" => {
            "https://help.zoho.com/portal/en/kb/accounts/multi-factor-authentication"
        }
        "zoho_status" => "https://status.zoho.com/",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_pages_are_opened() {
        assert!(
            may_be_opened("https://crm.zoho.eu/crm/tab/Contacts/1"),
            "a record"
        );
        assert!(
            may_be_opened("http://127.0.0.1:8080/crm"),
            "a test server on this PC"
        );
        for refused in [
            "http://crm.zoho.eu/",
            "file:///etc/passwd",
            "calc.exe",
            "https://",
            "https://crm.zoho.eu@evil.example/",
            "http://127.0.0.1:80@evil.example/",
            "https://crm.zoho.eu/\"&calc",
            "https://crm.zoho.eu/\r\n",
        ] {
            assert!(!may_be_opened(refused), "{refused} is no page of the CRM");
        }
    }
}

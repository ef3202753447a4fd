//! "Check the telephone system": line by line what is there and what is missing. Nobody's telephone rings.

use ringcard_core::{Check, CheckResult, LinkTrouble};

use super::client::Client;
use super::config::Config;
use super::wire::answer::Answer;
use super::wire::request;

/// Runs the check.
pub(super) async fn run(config: &Config) -> Vec<Check> {
    if !config.is_complete() {
        return vec![finding("settings", CheckResult::Missing, None)];
    }
    let client = match Client::connect(config).await {
        Ok(client) => client,
        Err(error) => return vec![trouble_line(error.trouble())],
    };
    let mut found = Vec::new();
    let profile = match client.ask(&request::profile(&config.user)).await {
        Ok(answer) => answer,
        Err(error) => return vec![trouble_line(error.trouble())],
    };
    found.push(finding("xsi", CheckResult::There, None));
    found.push(finding("certificate", there(config.is_encrypted()), None));
    if let Some(trouble) = profile.trouble() {
        found.push(trouble_line(trouble));
        return found;
    }
    found.push(finding("account", CheckResult::There, None));
    found.push(own_extension(config, &profile));
    for (subject, request) in [
        ("calls", request::calls(&config.user)),
        ("directory", request::directory(&config.user, 1, 1)),
    ] {
        let answer = client.ask(&request).await;
        let seen = answer.is_ok_and(|answer| answer.trouble().is_none());
        found.push(finding(subject, there(seen), None));
    }
    // Only a telephone that rings can show it.
    found.push(finding("answer", CheckResult::Unknown, None));
    found
}

/// Is the extension of the settings the one that the server knows?
fn own_extension(config: &Config, profile: &Answer) -> Check {
    let result = match profile.extension() {
        Some(extension) => there(extension == config.extension),
        None => CheckResult::Unknown,
    };
    finding("extension", result, profile.extension())
}

fn there(yes: bool) -> CheckResult {
    if yes {
        CheckResult::There
    } else {
        CheckResult::Missing
    }
}

fn finding(subject: &str, result: CheckResult, detail: Option<&str>) -> Check {
    Check {
        subject: subject.into(),
        result,
        detail: detail.map(str::to_owned),
    }
}

fn trouble_line(trouble: LinkTrouble) -> Check {
    let subject = match trouble {
        LinkTrouble::AuthenticationFailed => "account",
        LinkTrouble::CertificateRefused => "certificate",
        LinkTrouble::HostNotFound => "reach",
        LinkTrouble::RightsMissing => "rights",
        _ => "xsi",
    };
    finding(subject, CheckResult::Missing, None)
}

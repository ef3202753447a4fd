//! What one of the telephone systems cannot do, each with its reason: the only scenarios that are left out.

mod xsi;

#[cfg(target_os = "linux")]
use ringcard_tests::asterisk::Asterisk;
use ringcard_tests::pbx::Pbx;
use ringcard_tests::sandbox_pbx::Sandbox;
use ringcard_tests::xsi_pbx::XsiSandbox;

/// Scenarios that are left out, and why.
pub struct Exception {
    scenarios: &'static [&'static str],
    reason: &'static str,
}

/// A telephone system that the contract runs on.
pub trait Peer: Pbx {
    /// What it is called in a report.
    const NAME: &'static str;
    /// What it cannot do.
    const CANNOT: &'static [Exception];
}

impl Peer for Sandbox {
    const NAME: &'static str = "the sandbox";
    const CANNOT: &'static [Exception] = &[];
}

#[cfg(target_os = "linux")]
impl Peer for Asterisk {
    const NAME: &'static str = "Asterisk";
    const CANNOT: &'static [Exception] = &[Exception {
        scenarios: &["slow_reader_is_closed_without_a_word"],
        reason: "how much the sockets on the way hold back before it notices is the kernel's affair",
    }];
}

impl Peer for XsiSandbox {
    const NAME: &'static str = "the sandbox's Xsi";
    const CANNOT: &'static [Exception] = xsi::CANNOT;
}

/// Why this scenario is left out.
pub fn reason(cannot: &[Exception], scenario: &str) -> Option<&'static str> {
    cannot
        .iter()
        .find(|exception| exception.scenarios.contains(&scenario))
        .map(|exception| exception.reason)
}

/// Fails when an exception outlived its scenario, or has no reason.
pub fn name_scenarios<P: Peer>(scenarios: &[&str]) {
    for exception in P::CANNOT {
        assert!(!exception.reason.is_empty(), "left out without a reason");
        for scenario in exception.scenarios {
            assert!(
                scenarios.contains(scenario),
                "{scenario} is no scenario of the contract"
            );
        }
    }
}

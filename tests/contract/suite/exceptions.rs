//! What one of the telephone systems cannot do, each with its reason: the only scenarios that are left out.

#[cfg(target_os = "linux")]
use ringcard_tests::asterisk::Asterisk;
use ringcard_tests::pbx::Pbx;
use ringcard_tests::sandbox_pbx::Sandbox;

/// A scenario that is left out, and why.
pub struct Exception {
    scenario: &'static str,
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
        scenario: "slow_reader_is_closed_without_a_word",
        reason: "how much the sockets on the way hold back before it notices is the kernel's affair",
    }];
}

/// Why this scenario is left out.
pub fn reason(cannot: &[Exception], scenario: &str) -> Option<&'static str> {
    cannot
        .iter()
        .find(|exception| exception.scenario == scenario)
        .map(|exception| exception.reason)
}

/// Fails when an exception outlived its scenario, or has no reason.
pub fn name_scenarios<P: Peer>(scenarios: &[&str]) {
    for Exception { scenario, reason } in P::CANNOT {
        assert!(
            scenarios.contains(scenario),
            "{scenario} is no scenario of the contract"
        );
        assert!(
            !reason.is_empty(),
            "{scenario} is left out without a reason"
        );
    }
}

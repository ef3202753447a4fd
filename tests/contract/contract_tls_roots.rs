//! TLS by what this PC trusts: an authority's signature is enough, and nothing less is.
//!
//! A process reads for itself which authorities it trusts. Each test therefore repeats itself as a process of its
//! own, to which `SSL_CERT_FILE` names the one authority there is.
#![cfg(target_os = "linux")]

use std::process::Command;
use std::time::Duration;

use ringcard_core::{LineId, LinkState, LinkTrouble, Sensitive};
use ringcard_sandbox::pbx::{AGENT_101, Pbx, PbxOptions, TlsIdentity};
use ringcard_telephony::layers::run_line;
use ringcard_telephony::providers::asterisk::{Asterisk, Config, Tls};
use ringcard_telephony::{LineEvent, LineIo};
use ringcard_tests::certificates::{Authority, Certificate};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Tells the process of its own where the telephone system is.
const PORT: &str = "RINGCARD_TEST_TLS_PORT";
const HOST: &str = "127.0.0.1";
const PATIENCE: Duration = Duration::from_secs(20);
const REFUSED_FOR_GOOD: LinkState = LinkState::Down {
    trouble: LinkTrouble::CertificateRefused,
    retry_at: None,
};

#[test]
fn telephone_system_of_a_trusted_authority_is_listened_to() {
    let name = "telephone_system_of_a_trusted_authority_is_listened_to";
    let trusted = Authority::found();
    let Some(link) = link_in_own_process(name, &trusted, &trusted.certifies(HOST)) else {
        return;
    };
    let listens = matches!(link, LinkState::Listening { .. });
    assert!(listens, "this PC trusts who signed: {link:?}");
}

#[test]
fn telephone_system_of_an_unknown_authority_is_refused_for_good() {
    let name = "telephone_system_of_an_unknown_authority_is_refused_for_good";
    let (trusted, unknown) = (Authority::found(), Authority::found());
    if let Some(link) = link_in_own_process(name, &trusted, &unknown.certifies(HOST)) {
        assert_eq!(link, REFUSED_FOR_GOOD, "anybody can found an authority");
    }
}

#[test]
fn telephone_system_with_the_certificate_of_another_host_is_refused_for_good() {
    let name = "telephone_system_with_the_certificate_of_another_host_is_refused_for_good";
    let trusted = Authority::found();
    let other = trusted.certifies("other.example");
    if let Some(link) = link_in_own_process(name, &trusted, &other) {
        assert_eq!(link, REFUSED_FOR_GOOD, "somebody else answers there");
    }
}

/// In the process of its own: how the line's link is. In the first process `None`, after the other one succeeded.
fn link_in_own_process(
    test: &str,
    trusted: &Authority,
    certificate: &Certificate,
) -> Option<LinkState> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be made");
    if let Ok(port) = std::env::var(PORT) {
        let port = port.parse().expect("the first process wrote a number");
        return Some(runtime.block_on(link(port)));
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let roots = folder.path().join("roots.pem");
    std::fs::write(&roots, trusted.pem()).expect("the folder can be written");
    let options = PbxOptions {
        tls: Some(TlsIdentity {
            certificate: certificate.pem.clone(),
            key: certificate.key.clone(),
        }),
        ..PbxOptions::default()
    };
    let pbx = runtime.block_on(Pbx::start(options));
    let pbx = pbx.expect("a port is free on loopback");
    let port = pbx.tls_port().expect("it was given a certificate");
    let own = std::env::current_exe().expect("a test knows its program");
    let output = Command::new(own)
        .args(["--exact", test, "--nocapture"])
        .env(PORT, port.to_string())
        .env("SSL_CERT_FILE", &roots)
        .env_remove("SSL_CERT_DIR")
        .output()
        .expect("a test can be run again");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "in a process of its own: {said}");
    assert!(said.contains("1 passed"), "it was run there: {said}");
    None
}

/// How the link is once it is up or down.
async fn link(port: u16) -> LinkState {
    let (user, secret) = AGENT_101;
    let mut config = Config::new(HOST, user, "101");
    config.port = port;
    config.secret = Sensitive::new(secret.into());
    config.tls = Tls::SystemRoots;
    let (_commands, from_app) = mpsc::channel(1);
    let (to_app, mut events) = mpsc::channel(64);
    let io = LineIo {
        commands: from_app,
        events: to_app,
    };
    let provider = Asterisk::new(config, LineId::new("line"));
    tokio::spawn(run_line(Box::new(provider), io));
    let settled = async {
        loop {
            let event = events.recv().await.expect("the line lives on");
            if let LineEvent::Link(link) = event
                && link != LinkState::Connecting
            {
                return link;
            }
        }
    };
    let in_time = timeout(PATIENCE, settled).await;
    in_time.expect("the link is up or down in time")
}

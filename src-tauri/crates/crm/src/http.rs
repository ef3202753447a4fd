//! The one HTTP client: TLS by rustls with ring and the system's roots, time limits, no cookies.

use std::sync::Arc;
use std::time::Duration;

use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::{Error, ErrorKind, StatusReason};

/// Where a client may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The internet: the system's proxy and the system's roots.
    Internet,
    /// This machine only: no proxy, and no certificate is trusted.
    Loopback,
}

/// What a client is told.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Where it may go.
    pub reach: Reach,
    /// How long connecting may take.
    pub connect: Duration,
    /// How long the server may be silent.
    pub read: Duration,
    /// How long one request may take from its start to the last byte.
    pub whole: Duration,
}

impl Options {
    /// The usual limits.
    pub fn to(reach: Reach) -> Self {
        Self {
            reach,
            connect: Duration::from_secs(10),
            read: Duration::from_secs(30),
            whole: Duration::from_secs(120),
        }
    }
}

/// A client that follows no redirect: a token is sent to the host it is for, or not at all.
pub fn client(options: &Options) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls(options.reach)?)
        .connect_timeout(options.connect)
        .read_timeout(options.read)
        .timeout(options.whole)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("Ringcard/", env!("CARGO_PKG_VERSION")));
    let builder = match options.reach {
        Reach::Internet => builder,
        Reach::Loopback => builder.no_proxy(),
    };
    builder.build().map_err(|_| cannot_build())
}

fn tls(reach: Reach) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| cannot_build())?;
    let builder = match reach {
        Reach::Internet => builder
            .with_platform_verifier()
            .map_err(|_| cannot_build())?,
        Reach::Loopback => builder.with_root_certificates(RootCertStore::empty()),
    };
    Ok(builder.with_no_client_auth())
}

fn cannot_build() -> Error {
    Error::new(
        ErrorKind::Status(StatusReason::CrmUnreachable),
        "No secure connection can be made: this system has no root certificates.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_for_this_machine_needs_no_roots() {
        assert!(
            client(&Options::to(Reach::Loopback)).is_ok(),
            "a bare machine can still talk to itself"
        );
    }

    #[test]
    fn a_client_for_the_internet_brings_its_own_provider() {
        let built = client(&Options::to(Reach::Internet));
        assert!(
            built.is_ok() || std::fs::metadata("/etc/ssl/certs/ca-certificates.crt").is_err(),
            "no process-wide provider is needed, only roots"
        );
    }
}

//! Certificates for a manager interface with TLS, made for one run: of their own, or signed by an authority.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
};
use sha2::{Digest as _, Sha256};

/// A certificate with its key.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The certificate, PEM.
    pub pem: String,
    /// Its private key, PEM.
    pub key: String,
    /// SHA-256 of the certificate (DER), lower case hex without separators.
    pub fingerprint: String,
}

impl Certificate {
    /// One for 127.0.0.1 that nobody signed but itself.
    pub fn self_signed() -> Self {
        let key = new_key();
        let certificate = parameters(&["127.0.0.1", "localhost"]).self_signed(&key);
        Self::of(&certificate.expect("the parameters are complete"), &key)
    }

    fn of(certificate: &rcgen::Certificate, key: &KeyPair) -> Self {
        let digest = Sha256::digest(certificate.der());
        Self {
            pem: certificate.pem(),
            key: key.serialize_pem(),
            fingerprint: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

/// Somebody whose signature others may trust.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// A new one, which nobody knows yet.
    pub fn found() -> Self {
        let mut parameters = parameters(&[]);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let issuer = CertifiedIssuer::self_signed(parameters, new_key());
        Self(issuer.expect("the parameters are complete"))
    }

    /// What has to be trusted, PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for a host of this name or address.
    pub fn certifies(&self, host: &str) -> Certificate {
        let key = new_key();
        let certificate = parameters(&[host]).signed_by(&key, &self.0);
        Certificate::of(&certificate.expect("the parameters are complete"), &key)
    }
}

fn new_key() -> KeyPair {
    KeyPair::generate().expect("the system has randomness")
}

fn parameters(hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut parameters = CertificateParams::new(hosts).expect("names in plain letters");
    parameters
        .distinguished_name
        .push(DnType::CommonName, "pbx.example");
    parameters
}

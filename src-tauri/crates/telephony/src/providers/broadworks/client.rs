//! Requests to one server of a BroadWorks. Signs of life and acknowledgements must reach the server
//! that holds the channel, so the host's name is looked up once for a session and that address kept.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response, Url};
use ringcard_core::LinkTrouble;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::net::TcpStream;
use tokio::time::{Duration, timeout};

use super::config::{Config, SignIn};
use super::wire::Charset;
use super::wire::answer::{Answer, trouble_of};
use super::wire::request::{Request, Root, Verb};
use crate::{Error, ErrorKind};

/// How long each step of connecting may take.
const CONNECT: Duration = Duration::from_secs(5);
/// No answer of the interface comes near this.
const LONGEST_ANSWER: usize = 4 << 20;
/// A declaration of the charset stands at the very beginning.
const LONGEST_DECLARATION: usize = 200;

/// The way to one server.
#[derive(Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    config: Arc<Config>,
    base: Url,
}

impl Client {
    /// Finds a server behind the name that takes connections, and stays with it.
    pub(super) async fn connect(config: &Config) -> Result<Self, Error> {
        let base = config.base().ok_or_else(not_configured)?;
        let host = base.host_str().unwrap_or_default().to_owned();
        let port = base.port_or_known_default().unwrap_or(443);
        let server = find_server(&host, port).await?;
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(config.is_encrypted())?)
            .connect_timeout(CONNECT)
            .redirect(Policy::none())
            .user_agent(concat!("Ringcard/", env!("CARGO_PKG_VERSION")))
            .resolve(&host, server);
        let builder = match server.ip().is_loopback() {
            true => builder.no_proxy(),
            false => builder,
        };
        let http = builder
            .build()
            .map_err(|_| link(LinkTrouble::CertificateRefused))?;
        Ok(Self {
            http,
            config: Arc::new(config.clone()),
            base,
        })
    }

    /// One request with its whole answer.
    pub(super) async fn ask(&self, request: &Request) -> Result<Answer, Error> {
        let sending = self.build(request)?.timeout(self.config.answer()).send();
        let response = sending.await.map_err(|error| trouble(&error))?;
        let status = response.status().as_u16();
        let location = response.headers().get(LOCATION);
        let location = location
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let body = whole(response).await?;
        Ok(Answer::new(status, &body, location))
    }

    /// A request whose answer does not end.
    pub(super) async fn open(&self, request: &Request) -> Result<Response, Error> {
        let sending = self.build(request)?.send();
        let response = timeout(self.config.answer(), sending)
            .await
            .map_err(|_| link(LinkTrouble::Unreachable))?
            .map_err(|error| trouble(&error))?;
        match trouble_of(response.status().as_u16()) {
            None => Ok(response),
            Some(trouble) => Err(link(trouble)),
        }
    }

    fn build(&self, request: &Request) -> Result<RequestBuilder, Error> {
        let method = match request.verb {
            Verb::Get => Method::GET,
            Verb::Post => Method::POST,
            Verb::Put => Method::PUT,
            Verb::Delete => Method::DELETE,
        };
        let built = self.http.request(method, self.address(request)?);
        let secret = self.config.secret.expose();
        let built = match self.config.sign_in {
            SignIn::Basic => built.basic_auth(&self.config.user, Some(secret)),
            SignIn::Bearer => built.bearer_auth(secret),
        };
        Ok(match &request.body {
            Some(body) => built
                .header(CONTENT_TYPE, "application/xml; charset=UTF-8")
                .body(body.clone()),
            None => built,
        })
    }

    /// Where a request goes: always to this server, whatever stands in the settings of a root.
    fn address(&self, request: &Request) -> Result<Url, Error> {
        let roots = &self.config.roots;
        let root = match request.root {
            Root::Actions => &roots.actions,
            Root::Events => &roots.events,
            Root::Channel => &roots.channel,
        };
        let path = format!("/{}/v2.0/{}", root.trim_matches('/'), request.path);
        let address = self.base.join(&path).map_err(|_| not_configured())?;
        if address.origin() != self.base.origin() {
            return Err(not_configured());
        }
        Ok(address)
    }
}

async fn find_server(host: &str, port: u16) -> Result<SocketAddr, Error> {
    let place = (host.trim_matches(['[', ']']), port);
    let found = timeout(CONNECT, tokio::net::lookup_host(place))
        .await
        .map_err(|_| link(LinkTrouble::HostNotFound))?
        .map_err(|error| link(LinkTrouble::HostNotFound).with_source(error))?;
    let addresses: Vec<SocketAddr> = found.collect();
    if addresses.is_empty() {
        return Err(link(LinkTrouble::HostNotFound));
    }
    for address in addresses {
        if let Ok(Ok(_)) = timeout(CONNECT, TcpStream::connect(address)).await {
            return Ok(address);
        }
    }
    Err(link(LinkTrouble::Unreachable))
}

async fn whole(mut response: Response) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| trouble(&error))? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LONGEST_ANSWER {
            return Err(link(LinkTrouble::WrongProtocol));
        }
    }
    let declaration = &bytes[..bytes.len().min(LONGEST_DECLARATION)];
    Ok(Charset::declared(declaration).read(&bytes))
}

fn trouble(error: &reqwest::Error) -> Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(one) = cause {
        if is_about_the_certificate(one) {
            return link(LinkTrouble::CertificateRefused);
        }
        cause = one.source();
    }
    let unreachable = error.is_connect() || error.is_timeout();
    link(match unreachable {
        true => LinkTrouble::Unreachable,
        false => LinkTrouble::Lost,
    })
}

/// The encryption's error comes wrapped into one of reading and writing, which hides it from `source`.
fn is_about_the_certificate(error: &(dyn std::error::Error + 'static)) -> bool {
    let wrapped = error.downcast_ref::<std::io::Error>();
    let inner = wrapped.and_then(std::io::Error::get_ref);
    let tls = match inner {
        Some(inner) => inner.downcast_ref::<rustls::Error>(),
        None => error.downcast_ref::<rustls::Error>(),
    };
    matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
}

fn tls(encrypted: bool) -> Result<ClientConfig, Error> {
    let refused = |_| link(LinkTrouble::CertificateRefused);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(refused)?;
    // A bare machine can still talk to itself.
    let builder = match encrypted {
        true => builder.with_platform_verifier().map_err(refused)?,
        false => builder.with_root_certificates(RootCertStore::empty()),
    };
    Ok(builder.with_no_client_auth())
}

fn not_configured() -> Error {
    link(LinkTrouble::NotConfigured)
}

fn link(trouble: LinkTrouble) -> Error {
    Error::new(ErrorKind::Link(trouble), "no link to the telephone system")
}

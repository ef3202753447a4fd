//! The link itself: connecting, encrypted or not, and moving bytes in both directions.

use std::io;
use std::time::Duration;

use ringcard_core::LinkTrouble;
use rustls::pki_types::ServerName;
use tokio::io::{
    AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadHalf, WriteHalf,
};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::config::{Config, Tls};
use super::tls;
use crate::{Error, ErrorKind};

/// How long each step of connecting may take.
const CONNECT: Duration = Duration::from_secs(5);
/// More than this unsent means that nobody reads at the other end.
const MOST_UNSENT: usize = 1024 * 1024;

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connected link.
pub(super) struct Link {
    read: ReadHalf<Box<dyn Stream>>,
    write: WriteHalf<Box<dyn Stream>>,
    unsent: Vec<u8>,
    /// Written, but perhaps still in the encryption's buffer.
    unflushed: bool,
    buffer: Vec<u8>,
}

impl Link {
    /// Connects as the settings say.
    pub(super) async fn connect(config: &Config) -> Result<Self, Error> {
        let place = (config.host.trim(), config.port);
        let mut found = timeout(CONNECT, tokio::net::lookup_host(place))
            .await
            .map_err(|_| link(LinkTrouble::HostNotFound))?
            .map_err(|error| link(LinkTrouble::HostNotFound).with_source(error))?
            .peekable();
        if found.peek().is_none() {
            return Err(link(LinkTrouble::HostNotFound));
        }
        let addresses: Vec<_> = found.collect();
        let tcp = timeout(CONNECT, TcpStream::connect(&addresses[..]))
            .await
            .map_err(|_| link(LinkTrouble::Unreachable))?
            .map_err(|error| link(LinkTrouble::Unreachable).with_source(error))?;
        tcp.set_nodelay(true)
            .map_err(|error| link(LinkTrouble::Unreachable).with_source(error))?;
        let stream: Box<dyn Stream> = match &config.tls {
            Tls::Off => Box::new(tcp),
            Tls::SystemRoots => Box::new(encrypt(config, tcp, tls::system_roots()).await?),
            Tls::Fingerprint(sha256) => Box::new(encrypt(config, tcp, tls::pinned(sha256)).await?),
        };
        let (read, write) = tokio::io::split(stream);
        Ok(Self {
            read,
            write,
            unsent: Vec::new(),
            unflushed: false,
            buffer: vec![0; 64 * 1024],
        })
    }

    /// Puts bytes in line to be sent.
    pub(super) fn send(&mut self, bytes: &[u8]) {
        self.unsent.extend_from_slice(bytes);
    }

    /// Sends what can be sent and answers with the next bytes received; empty when only sending
    /// went on. Nothing is lost when the future is dropped.
    pub(super) async fn turn(&mut self) -> io::Result<&[u8]> {
        if self.unsent.len() > MOST_UNSENT {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let unsent = !self.unsent.is_empty();
        let received = tokio::select! {
            biased;
            received = self.read.read(&mut self.buffer) => match received? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => count,
            },
            sent = push(&mut self.write, &self.unsent), if unsent || self.unflushed => {
                let sent = sent?;
                self.unsent.drain(..sent);
                self.unflushed = sent > 0;
                0
            }
        };
        Ok(&self.buffer[..received])
    }
}

/// Writes, or flushes when everything is written.
async fn push(write: &mut WriteHalf<Box<dyn Stream>>, bytes: &[u8]) -> io::Result<usize> {
    if bytes.is_empty() {
        write.flush().await.map(|()| 0)
    } else {
        write.write(bytes).await
    }
}

async fn encrypt(
    config: &Config,
    tcp: TcpStream,
    settings: Result<std::sync::Arc<rustls::ClientConfig>, rustls::Error>,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Error> {
    let settings = settings.map_err(|_| link(LinkTrouble::CertificateRefused))?;
    let name = ServerName::try_from(config.host.trim().to_owned())
        .map_err(|_| link(LinkTrouble::HostNotFound))?;
    let connector = tokio_rustls::TlsConnector::from(settings);
    timeout(CONNECT, connector.connect(name, tcp))
        .await
        .map_err(|_| link(LinkTrouble::WrongProtocol))?
        .map_err(|error| link(tls_trouble(&error)).with_source(error))
}

/// A handshake fails because of the certificate, or because the other side does not speak TLS.
fn tls_trouble(error: &io::Error) -> LinkTrouble {
    let inner = error
        .get_ref()
        .and_then(|e| e.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented) => {
            LinkTrouble::CertificateRefused
        }
        Some(_) => LinkTrouble::WrongProtocol,
        None if error.kind() == io::ErrorKind::UnexpectedEof => LinkTrouble::WrongProtocol,
        None => LinkTrouble::Lost,
    }
}

fn link(trouble: LinkTrouble) -> Error {
    Error::new(ErrorKind::Link(trouble), "no link to the telephone system")
}

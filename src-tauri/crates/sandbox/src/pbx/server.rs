//! The listener of the manager interface: opened, closed and opened again on the same port.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::TlsIdentity;
use super::exchange::Shared;
use super::session::serve;

/// The ports of one PBX.
pub(super) struct Server {
    pub port: u16,
    pub tls_port: Option<u16>,
    tls: Option<TlsAcceptor>,
    write_timeout: Duration,
    accepting: Mutex<Vec<JoinHandle<()>>>,
}

impl Server {
    /// Takes ports on loopback and begins to accept.
    pub(super) async fn open(
        shared: &Shared,
        port: u16,
        tls: Option<&TlsIdentity>,
    ) -> io::Result<Self> {
        let plain = listen(port).await?;
        let tls = tls.map(acceptor).transpose()?;
        let secure = if tls.is_some() {
            Some(listen(0).await?)
        } else {
            None
        };
        let server = Self {
            port: plain.local_addr()?.port(),
            tls_port: secure
                .as_ref()
                .map(TcpListener::local_addr)
                .transpose()?
                .map(|address| address.port()),
            tls,
            write_timeout: shared.with(|exchange| exchange.options.write_timeout),
            accepting: Mutex::default(),
        };
        server.accept(shared, plain, secure);
        Ok(server)
    }

    /// Accepts no more; the ports refuse connections when this returns.
    pub(super) async fn close(&self) {
        for task in self.take() {
            task.abort();
            // It ends as cancelled, which is what was asked for.
            drop(task.await);
        }
    }

    /// Accepts again, on the same ports.
    pub(super) async fn reopen(&self, shared: &Shared) -> io::Result<()> {
        self.close().await;
        let plain = listen(self.port).await?;
        let secure = match self.tls_port {
            Some(port) => Some(listen(port).await?),
            None => None,
        };
        self.accept(shared, plain, secure);
        Ok(())
    }

    fn accept(&self, shared: &Shared, plain: TcpListener, secure: Option<TcpListener>) {
        let timeout = self.write_timeout;
        let mut tasks = vec![tokio::spawn(accept_plain(shared.clone(), plain, timeout))];
        if let (Some(listener), Some(tls)) = (secure, self.tls.clone()) {
            tasks.push(tokio::spawn(accept_secure(
                shared.clone(),
                listener,
                tls,
                timeout,
            )));
        }
        self.accepting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(tasks);
    }

    fn take(&self) -> Vec<JoinHandle<()>> {
        std::mem::take(
            &mut *self
                .accepting
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for task in self.take() {
            task.abort();
        }
    }
}

async fn listen(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await
}

async fn accept_plain(shared: Shared, listener: TcpListener, timeout: Duration) {
    while let Some(stream) = next(&listener).await {
        tokio::spawn(serve(shared.clone(), stream, timeout));
    }
}

async fn accept_secure(shared: Shared, listener: TcpListener, tls: TlsAcceptor, timeout: Duration) {
    while let Some(stream) = next(&listener).await {
        let (shared, tls) = (shared.clone(), tls.clone());
        tokio::spawn(async move {
            // A client that distrusts the certificate ends the handshake; there is nobody to tell.
            if let Ok(stream) = tls.accept(stream).await {
                serve(shared, stream, timeout).await;
            }
        });
    }
}

async fn next(listener: &TcpListener) -> Option<TcpStream> {
    let (stream, _) = listener.accept().await.ok()?;
    // Small blocks, sent at once, as Asterisk does. Without it they only come later.
    drop(stream.set_nodelay(true));
    Some(stream)
}

fn acceptor(identity: &TlsIdentity) -> io::Result<TlsAcceptor> {
    let bad = |error: &dyn std::error::Error| {
        io::Error::new(io::ErrorKind::InvalidInput, error.to_string())
    };
    let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes())
        .map_err(|error| bad(&error))?;
    let key =
        PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).map_err(|error| bad(&error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(&error))?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .map_err(|error| bad(&error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

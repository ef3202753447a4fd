//! The wire between a client and the manager interface, which a scenario can cut without touching calls.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How the wire is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LinkState {
    Up,
    /// Connections are closed and refused.
    Closed,
    /// Connections stay and carry nothing; what waits goes on when the wire is up again.
    Silent,
}

/// A port that leads to another one.
#[derive(Debug)]
pub(super) struct Link {
    here: SocketAddr,
    state: watch::Sender<LinkState>,
}

impl Link {
    pub(super) async fn open(target: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a port is free");
        let here = listener
            .local_addr()
            .expect("a bound socket has an address");
        let state = watch::Sender::new(LinkState::Up);
        tokio::spawn(serve(listener, target, state.subscribe()));
        Self { here, state }
    }

    pub(super) fn port(&self) -> u16 {
        self.here.port()
    }

    pub(super) fn set(&self, state: LinkState) {
        self.state.send_replace(state);
    }
}

async fn serve(listener: TcpListener, target: SocketAddr, mut state: watch::Receiver<LinkState>) {
    let here = listener
        .local_addr()
        .expect("a bound socket has an address");
    let mut listener = Some(listener);
    loop {
        let accepted = async {
            match &listener {
                Some(open) => open.accept().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            client = accepted => if let Ok((client, _)) = client {
                tokio::spawn(carry(client, target, state.clone()));
            },
            changed = state.changed() => {
                if changed.is_err() {
                    return;
                }
                let open = *state.borrow_and_update() != LinkState::Closed;
                match (open, listener.is_some()) {
                    (false, true) => listener = None,
                    (true, false) => listener = Some(TcpListener::bind(here).await.expect("our port is still free")),
                    _ => {}
                }
            }
        }
    }
}

/// Carries one connection until an end closes, or the wire is closed.
async fn carry(mut client: TcpStream, target: SocketAddr, state: watch::Receiver<LinkState>) {
    let mut closing = state.clone();
    let carried = async {
        let mut up = state.clone();
        up.wait_for(|state| *state == LinkState::Up).await.ok()?;
        let mut server = TcpStream::connect(target).await.ok()?;
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        tokio::select! {
            end = pump(from_client, to_server, state.clone()) => end,
            end = pump(from_server, to_client, state) => end,
        }
    };
    tokio::select! {
        _ = carried => {}
        _ = closing.wait_for(|state| *state == LinkState::Closed) => {}
    }
}

async fn pump(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    mut state: watch::Receiver<LinkState>,
) -> Option<()> {
    let mut bytes = vec![0; 16_384];
    loop {
        let length = from.read(&mut bytes).await.ok()?;
        state.wait_for(|state| *state == LinkState::Up).await.ok()?;
        if length == 0 {
            return Some(());
        }
        to.write_all(&bytes[..length]).await.ok()?;
    }
}

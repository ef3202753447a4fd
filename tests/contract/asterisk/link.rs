//! The wire between a client and the manager interface, which a scenario can cut without touching calls.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
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
    port_follows: watch::Receiver<LinkState>,
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
        let (follow, port_follows) = watch::channel(LinkState::Up);
        let port = Port {
            here,
            target,
            state: state.subscribe(),
            follow,
        };
        tokio::spawn(port.serve(listener));
        Self {
            here,
            state,
            port_follows,
        }
    }

    pub(super) fn port(&self) -> u16 {
        self.here.port()
    }

    /// Returns when the port does what the state says.
    pub(super) async fn set(&self, state: LinkState) {
        self.state.send_replace(state);
        let mut port_follows = self.port_follows.clone();
        let followed = port_follows.wait_for(|followed| *followed == state).await;
        followed.expect("the port is served as long as the link lives");
    }
}

struct Port {
    here: SocketAddr,
    target: SocketAddr,
    state: watch::Receiver<LinkState>,
    follow: watch::Sender<LinkState>,
}

impl Port {
    async fn serve(mut self, listener: TcpListener) {
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
                    tokio::spawn(carry(client, self.target, self.state.clone()));
                },
                changed = self.state.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let state = *self.state.borrow_and_update();
                    if state == LinkState::Closed {
                        listener = None;
                    } else if listener.is_none() {
                        listener = Some(TcpListener::bind(self.here).await.expect("our port is still free"));
                    }
                    self.follow.send_replace(state);
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
        let socket = TcpSocket::new_v4().ok()?;
        // A narrow wire: what a client leaves unread is the other side's to hold.
        socket.set_recv_buffer_size(256 * 1024).ok()?;
        let mut server = socket.connect(target).await.ok()?;
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

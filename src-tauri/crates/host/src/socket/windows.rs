//! A named pipe for this logon session alone: no remote clients, and a name that exists only once.

use std::io;

use tokio::net::windows::named_pipe::{NamedPipeServer, PipeMode, ServerOptions};

use crate::home::Home;

mod security;

/// The connection as the server has it.
pub type Stream = NamedPipeServer;

/// The name of a home's pipe.
pub fn address(home: &Home) -> String {
    format!(r"\\.\pipe\ringcard-{}", home.hashed_name())
}

/// The listening end.
pub struct Server {
    address: String,
    next: NamedPipeServer,
}

impl Server {
    /// Takes the name. Windows refuses a second first instance.
    pub async fn bind(address: &str) -> io::Result<Self> {
        let next = instance(address, true)?;
        Ok(Self {
            address: address.to_owned(),
            next,
        })
    }

    /// The next client.
    pub async fn accept(&mut self) -> io::Result<Stream> {
        self.next.connect().await?;
        let another = instance(&self.address, false)?;
        Ok(std::mem::replace(&mut self.next, another))
    }
}

fn instance(address: &str, first: bool) -> io::Result<NamedPipeServer> {
    let mut options = ServerOptions::new();
    options
        .first_pipe_instance(first)
        .reject_remote_clients(true)
        .pipe_mode(PipeMode::Byte);
    security::create(&options, address)
}

//! Who may open the pipe: this logon session and nobody else.

use std::io;

use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};
use windows_sys::Win32::Security::SECURITY_ATTRIBUTES;

use crate::access::AccessList;

/// Makes an instance of the pipe for it.
#[expect(unsafe_code, reason = "the system's own interface for access lists")]
pub fn create(options: &ServerOptions, address: &str) -> io::Result<NamedPipeServer> {
    let list = AccessList::of_this_session()?;
    let mut attributes = SECURITY_ATTRIBUTES {
        nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or(0),
        lpSecurityDescriptor: list.as_ptr(),
        bInheritHandle: 0,
    };
    // SAFETY: the attributes and the list live until the call has returned.
    unsafe { options.create_with_security_attributes_raw(address, (&raw mut attributes).cast()) }
}

//! Who may open the pipe: the owner of this process's logon session and nobody else.

use std::ffi::c_void;
use std::io;
use std::ptr;

use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};
use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Authorization::{
    ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::SECURITY_ATTRIBUTES;

/// Full access for the owner (the user who made it); a protected list, so nothing is inherited.
const OWNER_ONLY: &str = "D:P(A;;GA;;;OW)";

/// Makes an instance of the pipe with that list.
#[expect(unsafe_code, reason = "the system's own interface for access lists")]
pub fn create(options: &ServerOptions, address: &str) -> io::Result<NamedPipeServer> {
    let text: Vec<u16> = OWNER_ONLY.encode_utf16().chain([0]).collect();
    let mut descriptor: *mut c_void = ptr::null_mut();
    // SAFETY: the text ends with a zero, and the descriptor is freed below.
    let made = unsafe {
        ConvertStringSecurityDescriptorToSecurityDescriptorW(
            text.as_ptr(),
            SDDL_REVISION_1,
            &raw mut descriptor,
            ptr::null_mut(),
        )
    };
    if made == 0 {
        return Err(io::Error::last_os_error());
    }
    let mut attributes = SECURITY_ATTRIBUTES {
        nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or(0),
        lpSecurityDescriptor: descriptor,
        bInheritHandle: 0,
    };
    // SAFETY: the attributes and the descriptor live until the call has returned.
    let pipe = unsafe {
        options.create_with_security_attributes_raw(address, (&raw mut attributes).cast())
    };
    // SAFETY: the system allocated it for us, and nobody uses it any more.
    unsafe { LocalFree(descriptor) };
    pipe
}

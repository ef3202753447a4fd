//! Windows: who may open what this process makes, said by access lists.

mod deciders;

use std::ffi::c_void;
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use windows_sys::Win32::Foundation::{CloseHandle, HANDLE, LocalFree};
use windows_sys::Win32::Security::Authorization::{
    ConvertSidToStringSidW, ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, GetTokenInformation, PROTECTED_DACL_SECURITY_INFORMATION, PSID,
    SetFileSecurityW, TOKEN_GROUPS, TOKEN_INFORMATION_CLASS, TOKEN_QUERY, TOKEN_USER,
    TokenLogonSid, TokenUser,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

use crate::long_paths::in_full;

pub use deciders::is_of_administrators;

/// Room for an answer about the token: a SID has 68 bytes at most. Words, because the answer holds pointers.
type Room = [u64; 64];

/// An access list in the system's own form.
pub struct AccessList(*mut c_void);

impl AccessList {
    /// Reads a list in the system's notation (SDDL).
    #[expect(unsafe_code, reason = "the system's own interface for access lists")]
    fn read(text: &str) -> io::Result<Self> {
        let text: Vec<u16> = text.encode_utf16().chain([0]).collect();
        let mut descriptor: *mut c_void = ptr::null_mut();
        // SAFETY: the text ends with a zero, and the descriptor is freed when this value ends.
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
        Ok(Self(descriptor))
    }

    /// Everything for this logon session, nothing for anybody else: another session of the same user is another desk.
    /// A process without one, such as a service, is the only one of its kind: then it is its owner.
    pub fn of_this_session() -> io::Result<Self> {
        let who = logon_session()?.unwrap_or_else(|| "OW".to_owned());
        Self::read(&format!("D:P(A;;GA;;;{who})"))
    }

    /// Everything for this user, the system and its administrators, who can take it anyway.
    fn of_this_user() -> io::Result<Self> {
        Self::read(&format!("D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;{})", user()?))
    }

    /// For calls that take it.
    pub fn as_ptr(&self) -> *mut c_void {
        self.0
    }
}

impl Drop for AccessList {
    #[expect(unsafe_code, reason = "the system made it, and frees it")]
    fn drop(&mut self) {
        // SAFETY: the system allocated it for us, and nobody uses it any more.
        unsafe { LocalFree(self.0) };
    }
}

/// Makes an empty file that nobody else may open; what it held is gone.
#[expect(unsafe_code, reason = "the system's own interface for access lists")]
pub fn make_private_file(path: &Path) -> io::Result<()> {
    drop(std::fs::File::create(path)?);
    let list = AccessList::of_this_user()?;
    let path = in_full(path.to_owned());
    let name: Vec<u16> = path.as_os_str().encode_wide().chain([0]).collect();
    let what = DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;
    // SAFETY: the name ends with a zero, and name and list live until the call has returned.
    match unsafe { SetFileSecurityW(name.as_ptr(), what, list.as_ptr()) } {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// The SID of this process's logon session.
#[expect(unsafe_code, reason = "the system's own interface for who somebody is")]
fn logon_session() -> io::Result<Option<String>> {
    let mut room: Room = [0; 64];
    if ask_token(TokenLogonSid, &mut room).is_err() {
        return Ok(None);
    }
    // SAFETY: the system has written a list of groups there, and the room is aligned for it.
    let groups = unsafe { &*room.as_ptr().cast::<TOKEN_GROUPS>() };
    match groups.GroupCount {
        0 => Ok(None),
        _ => text_of(groups.Groups[0].Sid).map(Some),
    }
}

/// The SID of this process's user.
#[expect(unsafe_code, reason = "the system's own interface for who somebody is")]
fn user() -> io::Result<String> {
    let mut room: Room = [0; 64];
    ask_token(TokenUser, &mut room)?;
    // SAFETY: the system has written a user there, and the room is aligned for it.
    text_of(unsafe { &*room.as_ptr().cast::<TOKEN_USER>() }.User.Sid)
}

#[expect(unsafe_code, reason = "the system's own interface for who somebody is")]
fn ask_token(what: TOKEN_INFORMATION_CLASS, room: &mut Room) -> io::Result<()> {
    let mut token: HANDLE = ptr::null_mut();
    // SAFETY: the token is written by the system and closed below.
    if unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token) } == 0 {
        return Err(io::Error::last_os_error());
    }
    let length = u32::try_from(size_of::<Room>()).unwrap_or(0);
    let mut used = 0;
    // SAFETY: the room has the length that is told, and lives until the call has returned.
    let told = unsafe {
        GetTokenInformation(token, what, room.as_mut_ptr().cast(), length, &raw mut used)
    };
    let result = match told {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    };
    // SAFETY: it was opened above, and nobody uses it any more.
    unsafe { CloseHandle(token) };
    result
}

#[expect(unsafe_code, reason = "the system's own interface for who somebody is")]
fn text_of(sid: PSID) -> io::Result<String> {
    let mut text: *mut u16 = ptr::null_mut();
    // SAFETY: the SID was written by the system; its text ends with a zero and is freed below.
    unsafe {
        if ConvertSidToStringSidW(sid, &raw mut text) == 0 {
            return Err(io::Error::last_os_error());
        }
        let length = (0..).take_while(|at| *text.add(*at) != 0).count();
        let read = String::from_utf16_lossy(std::slice::from_raw_parts(text, length));
        LocalFree(text.cast());
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use windows_sys::Win32::Security::Authorization::ConvertSecurityDescriptorToStringSecurityDescriptorW;
    use windows_sys::Win32::Security::GetFileSecurityW;

    use super::*;

    #[test]
    fn the_lists_name_this_user_and_this_session() {
        assert!(
            user().unwrap().starts_with("S-1-5-21-"),
            "a user, no group and no service"
        );
        if let Some(session) = logon_session().unwrap() {
            assert!(session.starts_with("S-1-5-5-"), "a session: {session}");
        }
        assert!(
            AccessList::of_this_session().is_ok(),
            "the system takes the list"
        );
    }

    #[test]
    fn a_private_file_is_read_and_written_by_its_user() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        for content in ["first", "second"] {
            crate::home::write_private(&path, content.as_bytes()).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
        }
        let list = list_of(&path);
        for others in ["WD", "AU", "BU", "IU", "NU", "AN", "BG"] {
            assert!(!list.contains(&format!(";;;{others})")), "{others}: {list}");
        }
    }

    /// Who may do what with a file, in the system's notation.
    #[expect(unsafe_code, reason = "the system's own interface for access lists")]
    fn list_of(path: &Path) -> String {
        let name: Vec<u16> = path.as_os_str().encode_wide().chain([0]).collect();
        let mut room = [0_u64; 256];
        let (mut needed, mut text) = (0, ptr::null_mut());
        let length = u32::try_from(size_of_val(&room)).unwrap();
        let descriptor: *mut c_void = room.as_mut_ptr().cast();
        let what = DACL_SECURITY_INFORMATION;
        // SAFETY: the name ends with a zero, the room has the length that is told, and the text that the system makes
        // ends with a zero; it is read before this process ends.
        unsafe {
            let told = GetFileSecurityW(name.as_ptr(), what, descriptor, length, &raw mut needed);
            assert_ne!(told, 0, "{}", io::Error::last_os_error());
            let none = ptr::null_mut();
            let said = ConvertSecurityDescriptorToStringSecurityDescriptorW(
                descriptor,
                SDDL_REVISION_1,
                what,
                &raw mut text,
                none,
            );
            assert_ne!(said, 0, "{}", io::Error::last_os_error());
            let length = (0..).take_while(|at| *text.add(*at) != 0).count();
            String::from_utf16_lossy(std::slice::from_raw_parts(text, length))
        }
    }
}

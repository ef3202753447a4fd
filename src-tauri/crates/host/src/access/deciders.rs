//! Whether a file comes from those who decide for everybody on this PC.

use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;
use std::ptr;

use windows_sys::Win32::Foundation::{ERROR_SUCCESS, GENERIC_ALL, GENERIC_WRITE};
use windows_sys::Win32::Security::Authorization::{GetSecurityInfo, SE_FILE_OBJECT};
use windows_sys::Win32::Security::{
    ACCESS_ALLOWED_ACE, ACL, ACL_SIZE_INFORMATION, AclSizeInformation, DACL_SECURITY_INFORMATION,
    GetAce, GetAclInformation, INHERIT_ONLY_ACE, OWNER_SECURITY_INFORMATION, PSID,
};
use windows_sys::Win32::Storage::FileSystem::{
    DELETE, FILE_APPEND_DATA, FILE_WRITE_DATA, WRITE_DAC, WRITE_OWNER,
};
use windows_sys::Win32::System::SystemServices::{ACCESS_ALLOWED_ACE_TYPE, ACCESS_DENIED_ACE_TYPE};

use super::{AccessList, text_of};

/// The system, the group of administrators, and Windows' own installer (TrustedInstaller). No single administrator: what
/// his programs make without his consent belongs to himself.
const WHO_DECIDES: [&str; 3] = [
    "S-1-5-18",
    "S-1-5-32-544",
    "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
];

/// Whoever owns the file, in a list of rights.
const ITS_OWNER: &str = "S-1-3-4";

/// What lets somebody change a file, put another one in its place, or give himself the right to.
const CHANGING: u32 = FILE_WRITE_DATA
    | FILE_APPEND_DATA
    | DELETE
    | WRITE_DAC
    | WRITE_OWNER
    | GENERIC_WRITE
    | GENERIC_ALL;

/// Whether a file belongs to those who decide for everybody on this PC, and nobody else may change it. Nobody else can give
/// it to them, but what they put into somebody's folder belongs to them with the rights that he wrote there.
pub fn is_of_administrators(file: &File) -> io::Result<bool> {
    let rights = Rights::of(file)?;
    let theirs = WHO_DECIDES.contains(&rights.owner()?.as_str());
    Ok(theirs && !others_may_change(rights.list)?)
}

/// Who may do what with a file.
struct Rights {
    owner: PSID,
    list: *const ACL,
    /// Both are in it.
    _descriptor: AccessList,
}

impl Rights {
    /// Those of an open file.
    #[expect(unsafe_code, reason = "the system's own interface for access lists")]
    fn of(file: &File) -> io::Result<Self> {
        let mut owner: PSID = ptr::null_mut();
        let mut list: *mut ACL = ptr::null_mut();
        let mut descriptor: *mut c_void = ptr::null_mut();
        // SAFETY: the handle is open. Owner and list are written by the system into the descriptor, which is freed when
        // this value ends.
        let told = unsafe {
            GetSecurityInfo(
                file.as_raw_handle(),
                SE_FILE_OBJECT,
                OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                &raw mut owner,
                ptr::null_mut(),
                &raw mut list,
                ptr::null_mut(),
                &raw mut descriptor,
            )
        };
        if told != ERROR_SUCCESS {
            return Err(io::Error::from_raw_os_error(told.cast_signed()));
        }
        Ok(Self {
            owner,
            list,
            _descriptor: AccessList(descriptor),
        })
    }

    /// The SID of whom the file belongs to.
    fn owner(&self) -> io::Result<String> {
        text_of(self.owner)
    }
}

/// Whether a list lets anybody change a file who does not decide for everybody. Where a file has no list, everybody may.
#[expect(unsafe_code, reason = "the system's own interface for access lists")]
fn others_may_change(list: *const ACL) -> io::Result<bool> {
    if list.is_null() {
        return Ok(true);
    }
    let mut size = ACL_SIZE_INFORMATION::default();
    let length = u32::try_from(size_of::<ACL_SIZE_INFORMATION>()).unwrap_or(0);
    // SAFETY: the system made the list, and the room has the length that is told.
    let told =
        unsafe { GetAclInformation(list, (&raw mut size).cast(), length, AclSizeInformation) };
    if told == 0 {
        return Err(io::Error::last_os_error());
    }
    for at in 0..size.AceCount {
        if entry_lets_others(list, at)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether one entry of a list does.
#[expect(unsafe_code, reason = "the system's own interface for access lists")]
fn entry_lets_others(list: *const ACL, at: u32) -> io::Result<bool> {
    let mut entry: *mut c_void = ptr::null_mut();
    // SAFETY: the system made the list, and tells where in it the entry is.
    if unsafe { GetAce(list, at, &raw mut entry) } == 0 {
        return Err(io::Error::last_os_error());
    }
    let entry = entry.cast::<ACCESS_ALLOWED_ACE>();
    // SAFETY: every kind of entry begins with this header.
    let header = unsafe { (*entry).Header };
    let for_what_is_below = u32::from(header.AceFlags) & INHERIT_ONLY_ACE != 0;
    match u32::from(header.AceType) {
        _ if for_what_is_below => Ok(false),
        ACCESS_DENIED_ACE_TYPE => Ok(false),
        ACCESS_ALLOWED_ACE_TYPE => {
            // SAFETY: an entry of this kind is laid out so, and its SID begins where this field is.
            let (rights, sid) = unsafe { ((*entry).Mask, (&raw mut (*entry).SidStart).cast()) };
            if rights & CHANGING == 0 {
                return Ok(false);
            }
            let who = text_of(sid)?;
            Ok(who != ITS_OWNER && !WHO_DECIDES.contains(&who.as_str()))
        }
        // With a condition, for one application: nobody needs those here, and they are not understood.
        _ => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use windows_sys::Win32::Security::GetSecurityDescriptorDacl;

    use super::super::user;
    use super::*;

    #[test]
    fn what_a_user_made_is_not_taken_for_an_administrators() {
        let user = user().unwrap();
        assert!(!WHO_DECIDES.contains(&user.as_str()), "{user}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("policy.toml");
        std::fs::write(&path, "").unwrap();
        let file = File::open(&path).unwrap();
        let owner = Rights::of(&file).unwrap().owner().unwrap();
        // Of what an administrator makes with his full rights, the group is the owner.
        assert!(owner == user || owner == "S-1-5-32-544", "{owner}");
        assert!(!is_of_administrators(&file).unwrap(), "he may change it");
    }

    #[test]
    fn what_others_may_change_is_found_in_a_list() {
        let theirs = "(A;;FA;;;SY)(A;ID;FA;;;BA)(A;;FR;;;WD)(A;;0x1200a9;;;BU)";
        let more = [
            "(A;OICIIO;FA;;;CO)",
            "(A;OICIIO;FA;;;BU)",
            "(D;;FA;;;BU)",
            "(A;;FA;;;S-1-3-4)",
            "(A;;FA;;;S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464)",
        ];
        for entry in [""].iter().chain(&more) {
            assert!(!lets_others(&format!("D:{theirs}{entry}")), "{entry}");
        }
        let user = format!("(A;ID;0x1301bf;;;{})", user().unwrap());
        let rights = [
            "FA", "FW", "GA", "GW", "SD", "WD", "WO", "0x2", "0x4", "0x6",
        ];
        let others = rights.map(|right| format!("(A;;{right};;;BU)"));
        for entry in others.iter().chain([&user]) {
            assert!(lets_others(&format!("D:{theirs}{entry}")), "{entry}");
            assert!(lets_others(&format!("D:P{entry}{theirs}")), "{entry}");
        }
        assert!(others_may_change(ptr::null()).unwrap(), "without a list");
    }

    /// What is found about a list in the system's notation.
    #[expect(unsafe_code, reason = "the system's own interface for access lists")]
    fn lets_others(text: &str) -> bool {
        let descriptor = AccessList::read(text).unwrap();
        let (mut present, mut by_default, mut list) = (0, 0, ptr::null_mut());
        // SAFETY: the system made the descriptor, which lives until the list was read.
        let told = unsafe {
            GetSecurityDescriptorDacl(
                descriptor.as_ptr(),
                &raw mut present,
                &raw mut list,
                &raw mut by_default,
            )
        };
        assert!(told != 0 && present != 0, "{text}");
        others_may_change(list).unwrap()
    }
}

//! Windows: sleep and waking up, told by the system's callback; no window is needed for it.

use std::ffi::c_void;
use std::ptr;

use tracing::warn;
use windows_sys::Win32::System::Power::{
    DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS, HPOWERNOTIFY, RegisterSuspendResumeNotification,
    UnregisterSuspendResumeNotification,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    DEVICE_NOTIFY_CALLBACK, PBT_APMRESUMEAUTOMATIC, PBT_APMSUSPEND,
};

use super::Bell;

/// The registration; it ends when this is dropped.
pub struct Registered {
    handle: HPOWERNOTIFY,
    bell: *mut Bell,
}

#[expect(unsafe_code, reason = "the bell may be rung from any thread")]
// SAFETY: the pointer is only given back once, by the drop, after the callback has ended.
unsafe impl Send for Registered {}

/// Asks the system to tell. `None` where it refuses, which is said once.
#[expect(unsafe_code, reason = "the system's own interface")]
pub fn register(bell: Bell) -> Option<Registered> {
    let bell = Box::into_raw(Box::new(bell));
    let mut parameters = DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS {
        Callback: Some(told),
        Context: bell.cast(),
    };
    // SAFETY: the system copies the parameters; the bell lives until after the unregistration.
    let handle = unsafe {
        RegisterSuspendResumeNotification((&raw mut parameters).cast(), DEVICE_NOTIFY_CALLBACK)
    };
    if handle == 0 {
        warn!("this system does not tell of sleep: lines notice it by themselves, later");
        // SAFETY: nobody else has the pointer, for the system refused it.
        drop(unsafe { Box::from_raw(bell) });
        return None;
    }
    Some(Registered { handle, bell })
}

/// Waking up is told once without a person and once more with one: the first word counts.
#[expect(unsafe_code, reason = "called by the system")]
unsafe extern "system" fn told(context: *const c_void, what: u32, _setting: *const c_void) -> u32 {
    // SAFETY: the context is the bell of `register`, which outlives the registration.
    let bell = unsafe { context.cast::<Bell>().as_ref() };
    match (bell, what) {
        (Some(bell), PBT_APMSUSPEND) => bell.sleeps(),
        (Some(bell), PBT_APMRESUMEAUTOMATIC) => bell.resumes(),
        _ => {}
    }
    0
}

impl Drop for Registered {
    #[expect(unsafe_code, reason = "the system's own interface")]
    fn drop(&mut self) {
        // SAFETY: registered once; after this the callback is not called any more.
        unsafe {
            UnregisterSuspendResumeNotification(self.handle);
            drop(Box::from_raw(std::mem::replace(
                &mut self.bell,
                ptr::null_mut(),
            )));
        }
    }
}

//! Windows: the lock of the screen, and another user's turn at it, told to a window that nobody sees.
//!
//! Fast user switching disconnects this session from the screen: that is a locked screen to its agent.

use std::cell::RefCell;
use std::ptr;
use std::sync::mpsc;
use std::thread::JoinHandle;

use tracing::warn;
use windows_sys::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows_sys::Win32::System::RemoteDesktop::{
    NOTIFY_FOR_THIS_SESSION, WTSRegisterSessionNotification, WTSUnRegisterSessionNotification,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DefWindowProcW, DestroyWindow, DispatchMessageW, GetMessageW, HWND_MESSAGE,
    MSG, PostMessageW, PostQuitMessage, RegisterClassW, WM_CLOSE, WM_DESTROY, WM_WTSSESSION_CHANGE,
    WNDCLASSW, WTS_CONSOLE_CONNECT, WTS_CONSOLE_DISCONNECT, WTS_REMOTE_CONNECT,
    WTS_REMOTE_DISCONNECT, WTS_SESSION_LOCK, WTS_SESSION_UNLOCK,
};

use ringcard_app::Session;

use super::Bell;

thread_local! {
    /// The bell of the window of this thread.
    static BELL: RefCell<Option<Bell>> = const { RefCell::new(None) };
}

/// The window with its thread; both end when this is dropped.
pub struct Listening {
    window: isize,
    thread: Option<JoinHandle<()>>,
}

/// Listens from now on. `None` where the system refuses, which is said once.
pub fn listen(bell: Bell) -> Option<Listening> {
    let (made, window) = mpsc::channel();
    let thread = std::thread::Builder::new().name("session".into());
    let thread = thread.spawn(move || {
        BELL.with_borrow_mut(|kept| *kept = Some(bell));
        let window = make_window();
        let heard = made
            .send(window.map_or(0, |window| window as isize))
            .is_ok();
        if heard && window.is_some() {
            pump();
        }
    });
    let window = window.recv().unwrap_or(0);
    match thread {
        Ok(thread) if window != 0 => Some(Listening {
            window,
            thread: Some(thread),
        }),
        _ => {
            warn!("this system does not tell of a locked screen: missed calls are told at once");
            None
        }
    }
}

#[expect(unsafe_code, reason = "the system's own interface")]
fn make_window() -> Option<HWND> {
    let name: Vec<u16> = "RingcardSession\0".encode_utf16().collect();
    let class = WNDCLASSW {
        lpfnWndProc: Some(told),
        lpszClassName: name.as_ptr(),
        // SAFETY: a class without icon, cursor, menu and instance is all zeros.
        ..unsafe { std::mem::zeroed() }
    };
    // SAFETY: the class' name outlives both calls; a class that is there already serves as well. The window belongs
    // to this thread, which takes its messages until it is destroyed.
    unsafe {
        RegisterClassW(&raw const class);
        let nothing = ptr::null_mut();
        let window = CreateWindowExW(
            0,
            name.as_ptr(),
            name.as_ptr(),
            0,
            0,
            0,
            0,
            0,
            HWND_MESSAGE,
            nothing,
            nothing,
            ptr::null(),
        );
        if window.is_null() {
            return None;
        }
        if WTSRegisterSessionNotification(window, NOTIFY_FOR_THIS_SESSION) == 0 {
            DestroyWindow(window);
            return None;
        }
        Some(window)
    }
}

#[expect(unsafe_code, reason = "the system's own interface")]
fn pump() {
    // SAFETY: a message is plain data, filled by the system before it is read.
    unsafe {
        let mut message: MSG = std::mem::zeroed();
        while GetMessageW(&raw mut message, ptr::null_mut(), 0, 0) > 0 {
            DispatchMessageW(&raw const message);
        }
    }
}

#[expect(unsafe_code, reason = "called by the system")]
unsafe extern "system" fn told(window: HWND, message: u32, what: WPARAM, more: LPARAM) -> LRESULT {
    match message {
        WM_WTSSESSION_CHANGE => {
            if let Some(session) = meaning(u32::try_from(what).unwrap_or(0)) {
                BELL.with_borrow(|bell| bell.iter().for_each(|bell| bell.tell(session)));
            }
            0
        }
        WM_CLOSE => {
            // SAFETY: the window is this thread's own.
            unsafe {
                WTSUnRegisterSessionNotification(window);
                DestroyWindow(window);
            }
            0
        }
        WM_DESTROY => {
            // SAFETY: ends the loop of this thread.
            unsafe { PostQuitMessage(0) };
            0
        }
        // SAFETY: hands on what it was given.
        _ => unsafe { DefWindowProcW(window, message, what, more) },
    }
}

fn meaning(change: u32) -> Option<Session> {
    match change {
        WTS_SESSION_LOCK | WTS_CONSOLE_DISCONNECT | WTS_REMOTE_DISCONNECT => Some(Session::Lock),
        WTS_SESSION_UNLOCK | WTS_CONSOLE_CONNECT | WTS_REMOTE_CONNECT => Some(Session::Unlock),
        _ => None,
    }
}

impl Drop for Listening {
    #[expect(unsafe_code, reason = "the system's own interface")]
    fn drop(&mut self) {
        // SAFETY: a window that has gone meanwhile is refused by the system.
        unsafe { PostMessageW(self.window as HWND, WM_CLOSE, 0, 0) };
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::mpsc;

    use super::*;
    use crate::run::Inbox;

    #[tokio::test]
    #[expect(unsafe_code, reason = "says what the system would say")]
    async fn lock_unlock_and_another_users_turn_are_told() {
        let (inbox, mut queue) = mpsc::channel(8);
        let listening = listen(Bell::new(inbox)).expect("the system tells");
        for change in [
            WTS_SESSION_LOCK,
            WTS_SESSION_UNLOCK,
            WTS_CONSOLE_DISCONNECT,
            WTS_CONSOLE_CONNECT,
        ] {
            // SAFETY: the window lives as long as `listening`.
            let window = listening.window as HWND;
            unsafe { PostMessageW(window, WM_WTSSESSION_CHANGE, change as WPARAM, 0) };
        }
        let mut told = Vec::new();
        while told.len() < 4 {
            let next = tokio::time::timeout(Duration::from_secs(20), queue.recv()).await;
            if let Inbox::Event(ringcard_app::Event::Session(session)) =
                next.expect("it was told").expect("the bell lives")
            {
                told.push(session);
            }
        }
        let expected = [
            Session::Lock,
            Session::Unlock,
            Session::Lock,
            Session::Unlock,
        ];
        assert_eq!(told, expected);
        drop(listening);
        assert!(queue.recv().await.is_none(), "nobody listens any more");
    }
}

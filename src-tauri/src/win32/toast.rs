//! Notifications of Windows, which are clicked in the banner or, often much later, in the notification centre.
//!
//! The system keeps what a click does for as long as the program runs, also when the banner has gone. After the program
//! has ended a click does nothing: for that Windows wants a COM activator, and there is none.

use tauri_winrt_notification::{Duration, Toast};

use super::identity::APP_ID;

/// A silent notification of Ringcard's own, to be shown or to be given a button first.
pub fn of(title: &str, body: &str) -> Toast {
    let toast = Toast::new(APP_ID).title(title);
    let toast = match body {
        "" => toast,
        body => toast.text1(body),
    };
    toast.sound(None).duration(Duration::Short)
}

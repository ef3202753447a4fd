//! What only Windows has: notifications and their identity, the sleep of WebView2, announcements to screen readers.

pub mod announce;
pub mod identity;
pub mod toast;
pub mod webview;

/// A text as the system wants it: 16 bits each, ended by a zero.
fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain(std::iter::once(0)).collect()
}

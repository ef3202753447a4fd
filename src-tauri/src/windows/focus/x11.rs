//! The active window of an X11 desktop. Under Wayland there is none to be asked: the compositor
//! itself gives the keyboard back.

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, InputFocus,
};
use x11rb::rust_connection::RustConnection;

/// A window's id.
pub type Window = u32;

/// The window that the window manager calls active.
pub fn foreground() -> Option<Window> {
    let desktop = Desktop::open()?;
    let active = desktop
        .connection
        .get_property(false, desktop.root, desktop.active, AtomEnum::WINDOW, 0, 1)
        .ok()?
        .reply()
        .ok()?;
    let window = active.value32()?.next()?;
    (window != 0).then_some(window)
}

/// Asks the window manager to activate it; without a window manager the focus is set directly.
pub fn give_back(window: &Window) {
    // Without a display there is nobody to give anything back to.
    let _ = Desktop::open().and_then(|desktop| desktop.activate(*window));
}

struct Desktop {
    connection: RustConnection,
    root: u32,
    active: Atom,
}

impl Desktop {
    fn open() -> Option<Self> {
        let (connection, screen) = x11rb::connect(None).ok()?;
        let root = connection.setup().roots.get(screen)?.root;
        let asked = connection.intern_atom(false, b"_NET_ACTIVE_WINDOW").ok()?;
        let active = asked.reply().ok()?.atom;
        Some(Self {
            connection,
            root,
            active,
        })
    }

    fn activate(&self, window: Window) -> Option<()> {
        /// Sent on the agent's wish, as a pager does: window managers follow it at once.
        const PAGER: u32 = 2;
        let managed = self
            .connection
            .get_property(false, self.root, self.active, AtomEnum::WINDOW, 0, 1)
            .ok()?
            .reply()
            .is_ok_and(|reply| reply.value_len > 0);
        if managed {
            let message = ClientMessageEvent::new(32, window, self.active, [PAGER, 0, 0, 0, 0]);
            let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
            self.connection
                .send_event(false, self.root, mask, message)
                .ok()?;
        } else {
            self.connection
                .set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)
                .ok()?;
        }
        self.connection.flush().ok()
    }
}

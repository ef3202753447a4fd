//! The other program: a window with the keyboard, that writes down every key and every change of the active window.

use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use x11rb::COPY_DEPTH_FROM_PARENT;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ChangeWindowAttributesAux, ConnectionExt, CreateWindowAux, EventMask, PropMode,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use super::until;

/// The window of the other program.
pub struct Page {
    connection: Arc<RustConnection>,
    window: u32,
    notes: Arc<Mutex<Notes>>,
    reading: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Notes {
    typed: String,
    active: Vec<u32>,
}

impl Page {
    /// Opens it and waits until it has the keyboard.
    pub async fn open() -> Self {
        let (connection, screen) = x11rb::connect(None).unwrap();
        let root = connection.setup().roots[screen].root;
        let window = make_window(&connection, root);
        let active = active_atom(&connection);
        let connection = Arc::new(connection);
        let notes = Arc::<Mutex<Notes>>::default();
        let reading = std::thread::spawn({
            let (connection, notes) = (connection.clone(), notes.clone());
            move || read(&connection, window, (root, active), &notes)
        });
        let page = Self {
            connection,
            window,
            notes,
            reading: Some(reading),
        };
        until("a page with the keyboard", async || {
            (page.now_active() == Some(window)).then_some(())
        })
        .await;
        page.notes.lock().unwrap().active.clear();
        page
    }

    /// Everything that arrived here.
    pub fn typed(&self) -> String {
        self.notes.lock().unwrap().typed.clone()
    }

    /// Whether any other window was active since it opened, even for a moment.
    pub fn lost_the_keyboard(&self) -> bool {
        let notes = self.notes.lock().unwrap();
        notes.active.iter().any(|active| *active != self.window)
    }

    /// Whether it has the keyboard now.
    pub fn has_the_keyboard(&self) -> bool {
        self.now_active() == Some(self.window)
    }

    fn now_active(&self) -> Option<u32> {
        let root = self.connection.setup().roots[0].root;
        read_active(&self.connection, root, active_atom(&self.connection))
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.connection.destroy_window(self.window);
        let _ = self.connection.flush();
        if let Some(reading) = self.reading.take() {
            let _ = reading.join();
        }
    }
}

/// The window manager has taken the screen.
pub async fn window_manager_is_there() {
    let (connection, screen) = x11rb::connect(None).unwrap();
    let root = connection.setup().roots[screen].root;
    let check = connection
        .intern_atom(false, b"_NET_SUPPORTING_WM_CHECK")
        .unwrap()
        .reply()
        .unwrap()
        .atom;
    until("a window manager", async || {
        read_active(&connection, root, check)
    })
    .await;
}

fn make_window(connection: &RustConnection, root: u32) -> u32 {
    let window = connection.generate_id().unwrap();
    let looks = CreateWindowAux::new().event_mask(
        EventMask::KEY_PRESS | EventMask::STRUCTURE_NOTIFY | EventMask::PROPERTY_CHANGE,
    );
    connection
        .create_window(
            COPY_DEPTH_FROM_PARENT,
            window,
            root,
            100,
            100,
            600,
            400,
            0,
            WindowClass::INPUT_OUTPUT,
            0,
            &looks,
        )
        .unwrap();
    connection
        .change_property8(
            PropMode::REPLACE,
            window,
            AtomEnum::WM_NAME,
            AtomEnum::STRING,
            b"Another program",
        )
        .unwrap();
    let root_events = ChangeWindowAttributesAux::new().event_mask(EventMask::PROPERTY_CHANGE);
    connection
        .change_window_attributes(root, &root_events)
        .unwrap();
    connection.map_window(window).unwrap();
    connection.flush().unwrap();
    window
}

fn read(
    connection: &RustConnection,
    window: u32,
    (root, active): (u32, Atom),
    notes: &Mutex<Notes>,
) {
    let letters = Letters::read(connection);
    while let Ok(event) = connection.wait_for_event() {
        match event {
            Event::KeyPress(press) => {
                if let Some(letter) = letters.of(press.detail) {
                    notes.lock().unwrap().typed.push(letter);
                }
            }
            Event::PropertyNotify(change) if change.atom == active => {
                let now = read_active(connection, root, active).unwrap_or(0);
                notes.lock().unwrap().active.push(now);
            }
            Event::DestroyNotify(gone) if gone.window == window => break,
            _ => {}
        }
    }
}

fn active_atom(connection: &RustConnection) -> Atom {
    let asked = connection
        .intern_atom(false, b"_NET_ACTIVE_WINDOW")
        .unwrap();
    asked.reply().unwrap().atom
}

fn read_active(connection: &RustConnection, root: u32, atom: Atom) -> Option<u32> {
    let reply = connection
        .get_property(false, root, atom, AtomEnum::WINDOW, 0, 1)
        .ok()?
        .reply()
        .ok()?;
    reply.value32()?.next()
}

/// Small letters and digits by their key.
struct Letters {
    first: u8,
    signs: Vec<Option<char>>,
}

impl Letters {
    fn read(connection: &RustConnection) -> Self {
        let first = connection.setup().min_keycode;
        let count = connection.setup().max_keycode - first + 1;
        let map = connection.get_keyboard_mapping(first, count).unwrap();
        let map = map.reply().unwrap();
        let of_key = map.keysyms.chunks(map.keysyms_per_keycode.into());
        let signs =
            of_key.map(|signs| char::from_u32(signs[0]).filter(char::is_ascii_alphanumeric));
        Self {
            first,
            signs: signs.collect(),
        }
    }

    fn of(&self, key: u8) -> Option<char> {
        *self.signs.get(usize::from(key - self.first))?
    }
}

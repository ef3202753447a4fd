//! What is on the screen, as the X server shows it: the card's pixels, not what the app says of them.

use std::collections::HashMap;

use anyhow::Context;
use x11rb::NONE;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::damage::{ConnectionExt as _, Damage, ReportLevel};
use x11rb::protocol::xproto::{ConnectionExt, ImageFormat};
use x11rb::rust_connection::RustConnection;

/// A place on the screen: x, y, width, height.
pub type Area = [i32; 4];

/// A connection to the screen.
pub struct Eye {
    connection: RustConnection,
    root: u32,
    damage: Damage,
    size: (i32, i32),
}

impl Eye {
    /// Opens the screen of this session.
    pub fn open() -> anyhow::Result<Self> {
        let (connection, screen) = x11rb::connect(None)?;
        let screen = &connection.setup().roots[screen];
        let root = screen.root;
        let size = (
            screen.width_in_pixels.into(),
            screen.height_in_pixels.into(),
        );
        connection.damage_query_version(1, 1)?.reply()?;
        let damage = connection.generate_id()?;
        connection
            .damage_create(damage, root, ReportLevel::NON_EMPTY)?
            .check()?;
        Ok(Self {
            connection,
            root,
            damage,
            size,
        })
    }

    /// Something was painted since the last time. Looking at the whole card again and again would take the server's
    /// time from the painting that is measured.
    pub fn sees_a_change(&self) -> anyhow::Result<bool> {
        let mut changed = false;
        while let Some(event) = self.connection.poll_for_event()? {
            changed |= matches!(event, Event::DamageNotify(_));
        }
        if changed {
            // What is painted from now on is told again.
            self.connection.damage_subtract(self.damage, NONE, NONE)?;
            self.connection.flush()?;
        }
        Ok(changed)
    }

    /// Width and height of the screen.
    pub fn screen(&self) -> (i32, i32) {
        self.size
    }

    /// The pixels of an area, row by row.
    pub fn look(&self, [x, y, width, height]: Area) -> anyhow::Result<Vec<[u8; 3]>> {
        let format = ImageFormat::Z_PIXMAP;
        let (x, y) = (i16::try_from(x)?, i16::try_from(y)?);
        let (width, height) = (u16::try_from(width)?, u16::try_from(height)?);
        let asked = self
            .connection
            .get_image(format, self.root, x, y, width, height, u32::MAX)?;
        let image = asked.reply().context("the card is not on the screen")?;
        let pixels = image.data.chunks_exact(4);
        Ok(pixels.map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect())
    }
}

/// What every painted card of a caller has in common: letters, buttons and lines, without the
/// ground they stand on, and without what moves.
#[derive(Default)]
pub struct Likeness {
    area: Area,
    seen: Vec<[u8; 3]>,
    ink: Vec<usize>,
}

impl Likeness {
    /// Where the card stands.
    pub fn area(&self) -> Area {
        self.area
    }

    /// Takes what another picture has in common with those before.
    pub fn learn(&mut self, area: Area, picture: Vec<[u8; 3]>) {
        if self.area != area {
            // The card has found its size: what was seen before was not the whole one.
            self.area = area;
            self.ink = (0..picture.len()).collect();
            self.seen = picture;
            return;
        }
        let seen = &self.seen;
        self.ink.retain(|at| picture.get(*at) == seen.get(*at));
    }

    /// Leaves out the ground, and what the empty screen has in the same place.
    pub fn leave_out(&mut self, empty: &[[u8; 3]]) -> anyhow::Result<()> {
        let mut colours: HashMap<[u8; 3], usize> = HashMap::new();
        for pixel in &self.seen {
            *colours.entry(*pixel).or_default() += 1;
        }
        let ground = colours.into_iter().max_by_key(|(_, count)| *count);
        let ground = ground.map(|(colour, _)| colour);
        let seen = &self.seen;
        self.ink.retain(|at| {
            let pixel = seen.get(*at);
            pixel != ground.as_ref() && pixel != empty.get(*at)
        });
        anyhow::ensure!(self.ink.len() > 500, "the card has no letters on it");
        Ok(())
    }

    /// Which share of the card is in a picture of its place.
    pub fn share_in(&self, picture: &[[u8; 3]]) -> f64 {
        let same = |at: &&usize| picture.get(**at) == self.seen.get(**at);
        self.ink.iter().filter(same).count() as f64 / self.ink.len().max(1) as f64
    }
}

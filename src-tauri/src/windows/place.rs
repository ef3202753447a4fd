//! Where a window stands on a screen. Pure geometry in physical pixels.

use ringcard_ipc::settings::Quarter;
use tauri::{AppHandle, Monitor};

/// The gap between the card and the edge of the work area, before scaling.
const GAP: f64 = 12.0;

/// A rectangle on the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

/// A screen's usable part with its scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screen {
    /// Without task bars.
    pub area: Area,
    /// Physical pixels to a logical one.
    pub scale: f64,
}

impl Area {
    /// The point in its middle.
    pub fn middle(&self) -> (i32, i32) {
        (self.x + self.width / 2, self.y + self.height / 2)
    }

    fn holds(&self, (x, y): (i32, i32)) -> bool {
        (self.x..self.x + self.width).contains(&x) && (self.y..self.y + self.height).contains(&y)
    }

    /// The point nearest to `x`, `y` at which a window of this size lies inside.
    fn keep(&self, (x, y): (i32, i32), (width, height): (i32, i32)) -> (i32, i32) {
        let right = (self.x + self.width - width).max(self.x);
        let bottom = (self.y + self.height - height).max(self.y);
        (x.clamp(self.x, right), y.clamp(self.y, bottom))
    }
}

/// The upper left corner of a card of this size in a quarter of the screen.
pub fn in_quarter(screen: &Screen, quarter: Quarter, size: (i32, i32)) -> (i32, i32) {
    #[expect(clippy::cast_possible_truncation, reason = "a gap of a few pixels")]
    let gap = (GAP * screen.scale).round() as i32;
    let area = &screen.area;
    let left = area.x + gap;
    let top = area.y + gap;
    let right = area.x + area.width - size.0 - gap;
    let bottom = area.y + area.height - size.1 - gap;
    let corner = match quarter {
        Quarter::BottomRight => (right, bottom),
        Quarter::BottomLeft => (left, bottom),
        Quarter::TopRight => (right, top),
        Quarter::TopLeft => (left, top),
    };
    area.keep(corner, size)
}

/// The quarter in which a point lies.
pub fn quarter_of(area: &Area, (x, y): (i32, i32)) -> Quarter {
    let (middle_x, middle_y) = area.middle();
    match (x >= middle_x, y >= middle_y) {
        (true, true) => Quarter::BottomRight,
        (false, true) => Quarter::BottomLeft,
        (true, false) => Quarter::TopRight,
        (false, false) => Quarter::TopLeft,
    }
}

/// The corner of a window beside another: above it where there is room, else below, never outside.
pub fn beside(area: &Area, anchor: &Area, size: (i32, i32)) -> (i32, i32) {
    let x = anchor.middle().0 - size.0 / 2;
    let above = anchor.y - size.1;
    let below = anchor.y + anchor.height;
    let y = if above >= area.y { above } else { below };
    area.keep((x, y), size)
}

/// The screen that holds a point, or the first one.
pub fn screen_at(app: &AppHandle, point: (i32, i32)) -> Option<Screen> {
    let monitors = app.available_monitors().ok()?;
    let screens: Vec<(Screen, Area)> = monitors.iter().map(screen).collect();
    let found = screens.iter().find(|(_, whole)| whole.holds(point));
    found.or(screens.first()).map(|(screen, _)| *screen)
}

/// The screen with the mouse.
pub fn screen_with_mouse(app: &AppHandle) -> Option<Screen> {
    screen_at(app, mouse(app).unwrap_or_default())
}

/// Where the mouse is.
pub fn mouse(app: &AppHandle) -> Option<(i32, i32)> {
    let at = app.cursor_position().ok()?;
    let at = at.cast::<i32>();
    Some((at.x, at.y))
}

fn screen(monitor: &Monitor) -> (Screen, Area) {
    let area = |position: &tauri::PhysicalPosition<i32>, size: &tauri::PhysicalSize<u32>| Area {
        x: position.x,
        y: position.y,
        width: i32::try_from(size.width).unwrap_or(i32::MAX),
        height: i32::try_from(size.height).unwrap_or(i32::MAX),
    };
    let work = monitor.work_area();
    let screen = Screen {
        area: area(&work.position, &work.size),
        scale: monitor.scale_factor(),
    };
    (screen, area(monitor.position(), monitor.size()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen() -> Screen {
        Screen {
            area: Area {
                x: 1920,
                y: 0,
                width: 1920,
                height: 1040,
            },
            scale: 1.0,
        }
    }

    #[test]
    fn the_card_stands_in_its_quarter_of_the_work_area() {
        let size = (380, 260);
        let corner = |quarter| in_quarter(&screen(), quarter, size);
        assert_eq!(
            corner(Quarter::BottomRight),
            (3448, 768),
            "above the task bar"
        );
        assert_eq!(corner(Quarter::TopLeft), (1932, 12), "on the second screen");
    }

    #[test]
    fn a_card_higher_than_the_screen_begins_at_its_top() {
        let (_, y) = in_quarter(&screen(), Quarter::BottomRight, (380, 2000));
        assert_eq!(y, 0, "its buttons for the front call are at the top");
    }

    #[test]
    fn dragging_snaps_to_the_quarter_of_its_middle() {
        let area = screen().area;
        assert_eq!(
            quarter_of(&area, (2000, 900)),
            Quarter::BottomLeft,
            "left below"
        );
        assert_eq!(
            quarter_of(&area, (3800, 10)),
            Quarter::TopRight,
            "right above"
        );
    }

    #[test]
    fn the_picker_stands_beside_the_card_and_on_the_screen() {
        let area = screen().area;
        let below = Area {
            x: 3448,
            y: 768,
            width: 380,
            height: 260,
        };
        assert_eq!(
            beside(&area, &below, (420, 360)),
            (3420, 408),
            "above a low card"
        );
        let above = Area {
            x: 3448,
            y: 12,
            width: 380,
            height: 260,
        };
        assert_eq!(
            beside(&area, &above, (420, 360)),
            (3420, 272),
            "below a high one"
        );
    }
}

//! Figures of the built product, one row each: `cargo xtask bench [ROW …]`.
//!
//! Nothing fails here: a figure is for a person to read, beside the target and how busy the
//! machine was.

mod ami;
mod lookup;
mod people;
mod ring;
#[cfg(target_os = "linux")]
mod screen;
mod table;

use std::time::Duration;

use table::{Figure, Target};

/// The rows that can be asked for by name.
const ROWS: [&str; 4] = ["lookup", "ami", "ring", "screen"];
/// The sizes of mirrors that are measured.
const SIZES: [u64; 3] = [10_000, 100_000, 1_000_000];

fn main() -> anyhow::Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let size = |word: &String| word.parse::<u64>().ok();
    for word in &wanted {
        let known = ROWS.contains(&word.as_str()) || size(word).is_some();
        anyhow::ensure!(
            known,
            "there is no row \"{word}\": {ROWS:?} or a number of contacts"
        );
    }
    let wants = |row: &str| wanted.is_empty() || wanted.iter().any(|word| word == row);
    table::begin();
    let sizes: Vec<u64> = wanted.iter().filter_map(size).collect();
    for contacts in sizes {
        look_up(contacts)?;
    }
    if wants("lookup") {
        for contacts in SIZES {
            look_up(contacts)?;
        }
    }
    if wants("ami") {
        read_events()?;
    }
    if wants("ring") {
        let figures = ring::ring()?;
        let row = "event on the socket to the card's view";
        let measured = Figure::Time(figures.p95);
        table::row(row, Some(figures.p50), measured, Target::None);
        let row = "start to listening, without windows";
        table::row(row, None, Figure::Time(figures.start), Target::None);
    }
    if wants("screen") {
        on_the_screen()?;
    }
    Ok(())
}

fn look_up(contacts: u64) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let figures = lookup::lookup(contacts, folder.path())?;
    let promised = |limit| match limit {
        Some(limit) => Target::Under(limit),
        None => Target::None,
    };
    let search_limit = match contacts {
        100_000 => Some(Duration::from_millis(20)),
        1_000_000 => Some(Duration::from_millis(60)),
        _ => None,
    };
    let lookup_limit = (contacts == 1_000_000).then_some(Duration::from_micros(50));
    let rows = [
        ("lookup", figures.lookup, lookup_limit),
        (
            "search for a common first name",
            figures.by_common_name,
            search_limit,
        ),
        (
            "search for two beginnings of words",
            figures.by_name,
            search_limit,
        ),
        ("search for four digits", figures.by_digits, search_limit),
    ];
    for (row, (half, most), limit) in rows {
        let row = format!("{row} among {contacts}");
        table::row(&row, Some(half), Figure::Time(most), promised(limit));
    }
    let row = format!("filling with {contacts}, each");
    let each = figures.fill.div_f64(contacts as f64);
    table::row(&row, None, Figure::Time(each), Target::None);
    let row = format!("size on disk with {contacts}");
    table::row(&row, None, Figure::Bytes(figures.bytes), Target::None);
    Ok(())
}

/// In turn, the best of each: what else runs on the machine slows both.
fn read_events() -> anyhow::Result<()> {
    const TURNS: usize = 5;
    let (mut ours, mut theirs) = (0.0_f64, 0.0_f64);
    for _ in 0..TURNS {
        ours = ours.max(ami::ours()?);
        theirs = theirs.max(ami::theirs()?);
    }
    let row = "AMI events read by the crate asterisk-rs-ami";
    table::row(row, None, Figure::Rate(theirs), Target::None);
    let row = "the same bytes read by ours, and calls made of them";
    table::row(row, None, Figure::Rate(ours), Target::AtLeast(theirs));
    Ok(())
}

#[cfg(target_os = "linux")]
fn on_the_screen() -> anyhow::Result<()> {
    if let Some(why) = screen::missing() {
        table::missing("the app on a screen", &why);
        return Ok(());
    }
    let figures = screen::measure()?;
    let row = "start to tray";
    let (half, most) = figures.start;
    table::row(row, Some(half), Figure::Time(most), Target::None);
    let row = "event on the socket to the card painted";
    let (half, most) = figures.painted;
    let limit = Target::Under(Duration::from_millis(100));
    table::row(row, Some(half), Figure::Time(most), limit);
    for (row, bytes) in [
        ("memory of all processes, idle", figures.idle),
        ("memory of all processes, card open", figures.with_card),
    ] {
        table::row(row, None, Figure::Bytes(bytes), Target::None);
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn on_the_screen() -> anyhow::Result<()> {
    table::missing("the app on a screen", "measured on Linux only");
    Ok(())
}

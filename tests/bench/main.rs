//! Figures of the built product, one row each: `cargo xtask bench [ROW …]`.
//!
//! Nothing is asserted here: a figure is for a person to read, beside the machine it was taken on.

mod ami;
mod lookup;
mod ring;

use std::time::Duration;

fn main() -> anyhow::Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let wants = |row: &str| wanted.is_empty() || wanted.iter().any(|name| name == row);
    println!("{:<44} {:>12} {:>12}", "row", "p50", "p99 / rate");
    if wants("lookup") {
        for contacts in [10_000, 100_000, 1_000_000] {
            look_up(contacts)?;
        }
    }
    if wants("ami") {
        let ours = ami::ours()?;
        let theirs = ami::theirs()?;
        println!(
            "{:<44} {:>12} {:>12.0}",
            "AMI events a second, read and understood", "", ours
        );
        println!(
            "{:<44} {:>12} {:>12.0}",
            "the same bytes, crate asterisk-rs-ami", "", theirs
        );
    }
    if wants("ring") {
        let figures = ring::ring()?;
        let row = "event on the socket to the card's view";
        println!(
            "{row:<44} {:>12} {:>12}",
            shown(figures.p50),
            shown(figures.p95)
        );
        println!(
            "{:<44} {:>12}",
            "start to listening, without windows",
            shown(figures.start)
        );
    }
    Ok(())
}

fn look_up(contacts: u64) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let figures = lookup::lookup(contacts, folder.path())?;
    let row = format!("lookup among {contacts} contacts");
    println!(
        "{row:<44} {:>12} {:>12}",
        shown(figures.p50),
        shown(figures.p99)
    );
    let row = format!("search among {contacts} contacts");
    println!("{row:<44} {:>12} {:>12}", "", shown(figures.search_p99));
    let row = format!(
        "filling with {contacts} contacts, {} MB",
        figures.bytes / 1_000_000
    );
    println!("{row:<44} {:>12}", shown(figures.fill));
    Ok(())
}

fn shown(time: Duration) -> String {
    match time.as_micros() {
        0..10_000 => format!("{:.1} µs", time.as_nanos() as f64 / 1_000.0),
        10_000..10_000_000 => format!("{:.1} ms", time.as_micros() as f64 / 1_000.0),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}

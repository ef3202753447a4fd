//! The table of figures: what was measured, what it should be, and how busy the machine was.

use std::time::Duration;

/// A figure as it was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// How long something took.
    Time(Duration),
    /// How many a second.
    Rate(f64),
    /// How much memory or disk.
    Bytes(u64),
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// Nothing was promised; the figure is there to be compared with the next one.
    None,
    /// Less than this.
    Under(Duration),
    /// At least so many a second.
    AtLeast(f64),
}

/// Prints the head of the table.
pub fn begin() {
    println!(
        "{:<50} {:>11} {:>11} {:>12} {:>7} {:>6}",
        "row", "half", "measured", "target", "", "load"
    );
}

/// Prints a row: the middle of many where there were many, and the figure that counts.
pub fn row(name: &str, half: Option<Duration>, measured: Figure, target: Target) {
    let half = half.map_or_else(String::new, time);
    println!(
        "{name:<50} {half:>11} {:>11} {:>12} {:>7} {:>6}",
        shown(measured),
        wanted(target),
        verdict(measured, target),
        load()
    );
}

/// Prints why a row is missing.
pub fn missing(name: &str, why: &str) {
    println!("{name:<50} {why}");
}

fn shown(figure: Figure) -> String {
    match figure {
        Figure::Time(took) => time(took),
        Figure::Rate(rate) => format!("{rate:.0}/s"),
        Figure::Bytes(bytes) => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn wanted(target: Target) -> String {
    match target {
        Target::None => String::new(),
        Target::Under(limit) => format!("< {}", time(limit)),
        Target::AtLeast(rate) => format!(">= {rate:.0}/s"),
    }
}

fn verdict(measured: Figure, target: Target) -> &'static str {
    let kept = match (measured, target) {
        (Figure::Time(took), Target::Under(limit)) => took < limit,
        (Figure::Rate(rate), Target::AtLeast(least)) => rate >= least,
        _ => return "",
    };
    if kept { "kept" } else { "MISSED" }
}

fn time(took: Duration) -> String {
    match took.as_micros() {
        0..1_000 => format!("{:.1} µs", took.as_nanos() as f64 / 1e3),
        1_000..10_000_000 => format!("{:.1} ms", took.as_micros() as f64 / 1e3),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

/// How many programs wanted the processors in the last minute, where the system says so.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}

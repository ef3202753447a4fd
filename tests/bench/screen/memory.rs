//! What a program and everything it started hold in memory; what several share is counted once.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::Context;

/// Memory is settled when it has not changed by more than a hundredth for this long.
const QUIET: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_secs(60);

/// The memory of a program and its descendants, once it no longer changes.
pub async fn settled(program: u32) -> anyhow::Result<u64> {
    let mut tick = tokio::time::interval(Duration::from_millis(250));
    let begin = Instant::now();
    let mut before = of_all(program)?;
    let mut since = begin;
    while since.elapsed() < QUIET && begin.elapsed() < PATIENCE {
        tick.tick().await;
        let now = of_all(program)?;
        if now.abs_diff(before) > before / 100 {
            (before, since) = (now, Instant::now());
        }
    }
    of_all(program)
}

fn of_all(program: u32) -> anyhow::Result<u64> {
    let mut sum = 0;
    for process in family(program)? {
        // A helper may end between being listed and being asked.
        let Ok(text) = fs::read_to_string(format!("/proc/{process}/smaps_rollup")) else {
            continue;
        };
        let share = text.lines().find_map(|line| line.strip_prefix("Pss:"));
        let kib = share.and_then(|rest| rest.split_whitespace().next());
        sum += kib.context("no share of memory")?.parse::<u64>()? * 1024;
    }
    Ok(sum)
}

/// The program and all that it started, directly or not.
fn family(program: u32) -> anyhow::Result<Vec<u32>> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(process) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        // The name stands in brackets and may hold anything; state and parent follow it.
        let parent = stat
            .rsplit(')')
            .next()
            .and_then(|rest| rest.split_whitespace().nth(1)?.parse::<u32>().ok());
        parents.extend(parent.map(|parent| (process, parent)));
    }
    let mut family = vec![program];
    let mut next = 0;
    while let Some(parent) = family.get(next).copied() {
        let children = parents.iter().filter(|(_, of)| *of == parent);
        family.extend(children.map(|(process, _)| *process));
        next += 1;
    }
    Ok(family)
}

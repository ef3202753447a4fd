//! How long a lookup takes in a mirror of a given size, on disk, encrypted, warm.

use std::path::Path;
use std::time::{Duration, Instant};

use ringcard_core::Timestamp;
use ringcard_core::number::{PhoneNumber, Region};
use ringcard_core::{Contact, IntegrationId};
use ringcard_mirror::{LookupContext, Mirror, Place};

use crate::people;

const LOOKUPS: u64 = 40_000;
const SEARCHES: u64 = 1_000;
const PAGE: u64 = 2_000;

/// Half of the answers were not slower than the first, 99 of 100 not slower than the second.
pub type Spread = (Duration, Duration);

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub struct LookupFigures {
    /// Reading everything into the mirror.
    pub fill: Duration,
    /// The file when it was filled.
    pub bytes: u64,
    /// Callers of every kind: known, behind a known switchboard, unknown.
    pub lookup: Spread,
    /// The first 20 hits for the beginning of a first name, which every eighth contact has.
    pub by_common_name: Spread,
    /// The first 20 hits for two beginnings of words, as people type them.
    pub by_name: Spread,
    /// The first 20 hits for four digits out of a number.
    pub by_digits: Spread,
}

/// Fills a mirror in `folder` with `contacts` invented contacts of two numbers each and asks it.
pub fn lookup(contacts: u64, folder: &Path) -> Result<LookupFigures, ringcard_mirror::Error> {
    let place = Place {
        path: folder.join("bench.db"),
        key: [3; 32].into(),
        integration: IntegrationId::new(people::INTEGRATION),
        region: Region::DE,
    };
    let (mirror, _) = Mirror::open(&place)?;
    let started = Instant::now();
    fill(&mirror, contacts)?;
    let fill = started.elapsed();
    let bytes = std::fs::metadata(&place.path)
        .map(|file| file.len())
        .unwrap_or(0);
    let find = |number: &PhoneNumber| {
        let matches = mirror.lookup(number, &LookupContext::default())?;
        Ok(matches.found.len())
    };
    let search = |text: &String| Ok(mirror.search(text, 20)?.len());
    let person = |turn| people::mixed(turn) % contacts;
    warm(&place.path);
    let figures = LookupFigures {
        fill,
        bytes,
        lookup: measure(LOOKUPS, |turn| people::caller(turn, contacts), find)?,
        by_common_name: measure(SEARCHES, |turn| people::first_name(person(turn)), search)?,
        by_name: measure(SEARCHES, |turn| people::typed_name(person(turn)), search)?,
        by_digits: measure(SEARCHES, |turn| people::some_digits(person(turn)), search)?,
    };
    mirror.delete()?;
    Ok(figures)
}

fn fill(mirror: &Mirror, contacts: u64) -> Result<(), ringcard_mirror::Error> {
    mirror.begin_generation("Contacts")?;
    for start in (0..contacts).step_by(PAGE as usize) {
        let page: Vec<Contact> = (start..contacts.min(start + PAGE))
            .map(people::contact)
            .collect();
        mirror.upsert_page("Contacts", &page, Some("next"))?;
    }
    mirror.finish_generation("Contacts", "cursor", Timestamp(0))?;
    Ok(())
}

/// Reads the file once: a system that is short of memory takes back what nobody has read for a while, and then it
/// would be the disk that is measured.
fn warm(file: &Path) {
    // A file that cannot be read makes the first question fail, which says so.
    let _ = std::fs::File::open(file)
        .and_then(|mut file| std::io::copy(&mut file, &mut std::io::sink()));
}

/// Asks everything once to warm up and once to measure. Making the question is not measured.
fn measure<Q>(
    turns: u64,
    question: impl Fn(u64) -> Q,
    ask: impl Fn(&Q) -> Result<usize, ringcard_mirror::Error>,
) -> Result<Spread, ringcard_mirror::Error> {
    let questions: Vec<Q> = (0..turns).map(question).collect();
    for question in &questions {
        ask(question)?;
    }
    let mut times = Vec::with_capacity(questions.len());
    for question in &questions {
        let started = Instant::now();
        ask(question)?;
        times.push(started.elapsed());
    }
    times.sort();
    Ok((times[times.len() / 2], times[times.len() * 99 / 100]))
}

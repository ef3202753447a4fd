//! How long a lookup takes in a mirror of a given size, on disk, encrypted, warm.

use std::path::Path;
use std::time::{Duration, Instant};

use ringcard_core::number::{DialRules, PhoneNumber, Region, parse_incoming};
use ringcard_core::{
    Contact, ContactNumber, CrmRecord, IntegrationId, NumberKind, OptOut, Timestamp,
};
use ringcard_mirror::{LookupContext, Mirror, Place};

const LOOKUPS: u64 = 20_000;
const PAGE: u64 = 2_000;

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub struct LookupFigures {
    /// Reading everything into the mirror.
    pub fill: Duration,
    /// The file when it was filled.
    pub bytes: u64,
    /// Half of the lookups were not slower.
    pub p50: Duration,
    /// 99 of 100 lookups were not slower.
    pub p99: Duration,
    /// The same for the first 20 hits of a search by the beginning of a name.
    pub search_p99: Duration,
}

/// Fills a mirror in `folder` with `contacts` invented contacts of two numbers each, and looks
/// random numbers up, three of four of which are there.
pub fn lookup(contacts: u64, folder: &Path) -> Result<LookupFigures, ringcard_mirror::Error> {
    let place = Place {
        path: folder.join("bench.db"),
        key: [3; 32].into(),
        integration: IntegrationId::new("bench"),
        region: Region::DE,
    };
    let (mirror, _) = Mirror::open(&place)?;
    let started = Instant::now();
    fill(&mirror, contacts)?;
    let fill = started.elapsed();
    let bytes = std::fs::metadata(&place.path)
        .map(|file| file.len())
        .unwrap_or(0);
    let (p50, p99) = measure(contacts, calling, |number| {
        let matches = mirror.lookup(number, &LookupContext::default())?;
        Ok(matches.found.len())
    })?;
    let first_name = |id| name(id).split(' ').next().unwrap_or_default().to_owned();
    let (_, search_p99) = measure(50, first_name, |text| Ok(mirror.search(text, 20)?.len()))?;
    mirror.delete()?;
    Ok(LookupFigures {
        fill,
        bytes,
        p50,
        p99,
        search_p99,
    })
}

fn fill(mirror: &Mirror, contacts: u64) -> Result<(), ringcard_mirror::Error> {
    mirror.begin_generation("Contacts")?;
    for start in (0..contacts).step_by(2_000) {
        let page: Vec<Contact> = (start..contacts.min(start + PAGE)).map(contact).collect();
        mirror.upsert_page("Contacts", &page, Some("next"))?;
    }
    mirror.finish_generation("Contacts", "cursor", Timestamp(0))?;
    Ok(())
}

/// Asks everything once to warm up and once to measure. Making the question is not measured.
fn measure<Q>(
    contacts: u64,
    question: impl Fn(u64) -> Q,
    ask: impl Fn(&Q) -> Result<usize, ringcard_mirror::Error>,
) -> Result<(Duration, Duration), ringcard_mirror::Error> {
    let turns = 0..LOOKUPS.min(contacts * 4);
    let questions: Vec<Q> = turns
        .map(|turn| question(mixed(turn) % (contacts + contacts / 3 + 1)))
        .collect();
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

/// Spreads neighbours over the whole range, the same in every run.
fn mixed(turn: u64) -> u64 {
    let mut value = turn.wrapping_add(0x9E37_79B9_7F4A_7C15);
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

fn landline(id: u64) -> String {
    format!("0231 {:08}", 10_000_000 + mixed(id) % 80_000_000)
}

fn calling(id: u64) -> PhoneNumber {
    parse_incoming(&landline(id), &DialRules::of(Region::DE))
        .unwrap_or(PhoneNumber::Internal(String::new()))
}

fn name(id: u64) -> String {
    const FIRST: [&str; 8] = [
        "Anna", "Jan", "Ola", "Peter", "Юрий", "Łukasz", "Jürgen", "Mary",
    ];
    const LAST: [&str; 8] = [
        "Weber",
        "Kowalski",
        "Иванов",
        "Smith",
        "Müller",
        "Nowak",
        "Groß",
        "Jones",
    ];
    let pick = |list: [&'static str; 8], shift: u64| {
        list[usize::try_from((mixed(id) >> shift) % 8).unwrap_or(0)]
    };
    format!("{} {}{:03}", pick(FIRST, 3), pick(LAST, 9), mixed(id) % 997)
}

fn contact(id: u64) -> Contact {
    let record = |module: &str, id: u64| CrmRecord {
        integration: IntegrationId::new("bench"),
        module: module.to_owned(),
        id: format!("5000000{id:011}"),
    };
    let number = |kind, field: &str, raw| ContactNumber {
        kind,
        field: field.to_owned(),
        raw,
    };
    let mobile = format!("+49 171 {:07}", mixed(id) % 10_000_000);
    Contact {
        record: record("Contacts", id),
        name: name(id),
        company: Some(format!("Company {}", id / 5)),
        account: Some(record("Accounts", id / 5)),
        converted_to: None,
        numbers: vec![
            number(NumberKind::Phone, "Phone", landline(id)),
            number(NumberKind::Mobile, "Mobile", mobile),
        ],
        email: None,
        city: None,
        country: None,
        owner: None,
        opt_out: OptOut::default(),
        note: None,
        modified_at: Some(Timestamp(0)),
    }
}

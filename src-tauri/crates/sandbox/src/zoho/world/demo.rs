//! Fills a world with invented companies and people: the same ones for the same seed and size.
//!
//! Of a hundred records about 18 are accounts, 55 contacts and 27 leads. Many contacts share their
//! company's switchboard, some fields hold two numbers, some people opted out, some leads are
//! converted.

use serde_json::json;

use super::names::{self, Names};
use super::numbers::{Country, Switchboard, mobile, two_in_one};
use super::{AGENTS, Record, World};
use crate::zoho::modules::{self, Module};

/// The size of the demo: contacts, leads and accounts together.
const DEMO_RECORDS: usize = 5000;
/// The last change in a generated world. Fixed, so that two worlds are alike to the second.
const NEWEST: i64 = 1_788_000_000;

impl World {
    /// The world of the demo: 5,000 records, the well-known callers among them.
    pub fn demo() -> Self {
        Self::of(DEMO_RECORDS)
    }

    /// A world of `records` contacts, leads and accounts together.
    pub fn of(records: usize) -> Self {
        Self::seeded(records, 2026)
    }

    /// The same with a seed of the caller's own.
    pub fn seeded(records: usize, seed: u64) -> Self {
        let mut world = Self::empty();
        let mut dice = Dice(seed);
        if records >= WELL_KNOWN {
            well_known(&mut world);
        }
        let mut company = Company::found(&mut world, &mut dice, 0);
        while world.size() < records {
            match dice.below(100) {
                0..18 => {
                    let place = world.count("Accounts") as u64;
                    company = Company::found(&mut world, &mut dice, place);
                }
                18..73 => add_contact(&mut world, &mut dice, &company),
                _ => add_lead(&mut world, &mut dice),
            }
        }
        world
    }

    fn size(&self) -> usize {
        ["Contacts", "Leads", "Accounts"]
            .iter()
            .map(|module| self.count(module))
            .sum()
    }
}

/// Numbers from a seed (splitmix64). Nothing here needs to be hard to guess.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    fn country(&mut self) -> Country {
        match self.below(100) {
            0..55 => Country::Germany,
            55..72 => Country::Poland,
            72..80 => Country::Britain,
            80..85 => Country::America,
            _ => Country::Russia,
        }
    }

    fn record(&mut self) -> Record {
        let created = NEWEST - self.below(700 * 24 * 3600) as i64;
        let mut record = Record::new(self.below(AGENTS.len() as u64) as usize, created);
        record.modified = created + self.below((NEWEST - created).max(1) as u64) as i64;
        record
    }
}

/// The company that the next contacts work for.
struct Company {
    id: u64,
    name: String,
    country: Country,
    board: Switchboard,
}

impl Company {
    fn found(world: &mut World, dice: &mut Dice, place: u64) -> Self {
        let country = dice.country();
        let names = names::of(country);
        let (trade, form) = (dice.pick(names.trades), dice.pick(names.forms));
        // The number keeps the names apart; the real ones have branches.
        let name = format!("{trade}{form} {}", place + 1);
        let board = Switchboard::of(country, dice.below(1000));
        let mut record = dice.record();
        record.set("Account_Name", name.clone());
        if !dice.one_in(12) {
            record.set("Phone", board.written(dice.next()));
        }
        if dice.one_in(3) {
            record.set("Fax", board.extension(99, dice.next()));
        }
        record.set("Billing_City", dice.pick(names.cities));
        record.set("Billing_Country", country.name());
        let id = world.add(module("Accounts"), record);
        Self {
            id,
            name,
            country,
            board,
        }
    }
}

fn add_contact(world: &mut World, dice: &mut Dice, company: &Company) {
    let mut record = dice.record();
    name_person(&mut record, dice, names::of(company.country));
    if !dice.one_in(15) {
        let link = json!({ "name": company.name, "id": company.id.to_string() });
        record.set("Account_Name", link);
    }
    let board = company.board.written(dice.next());
    let desk = company.board.extension(10 + dice.below(90), dice.next());
    let cell = mobile(company.country, dice.next(), dice.next());
    match dice.below(10) {
        0..4 => record.set("Phone", desk),
        4..7 => record.set("Phone", board),
        7 => record.set("Phone", two_in_one(&board, &cell, dice.next())),
        8 => record.set("Other_Phone", desk),
        _ => {}
    }
    if dice.below(10) < 6 {
        record.set("Mobile", cell);
    }
    if dice.one_in(20) {
        let home = Switchboard::of(company.country, dice.next());
        record.set("Home_Phone", home.written(dice.next()));
    }
    // Whether there is a country decides how a number without its code is read.
    if dice.below(10) < 7 {
        record.set("Mailing_Country", company.country.name());
        record.set("Mailing_City", dice.pick(names::of(company.country).cities));
    }
    record.set("Email_Opt_Out", dice.one_in(25));
    world.add(module("Contacts"), record);
}

fn add_lead(world: &mut World, dice: &mut Dice) {
    let country = dice.country();
    let names = names::of(country);
    let mut record = dice.record();
    name_person(&mut record, dice, names);
    let board = Switchboard::of(country, dice.next());
    let company = format!("{}{}", dice.pick(names.trades), dice.pick(names.forms));
    record.set("Company", company);
    if dice.below(10) < 7 {
        record.set("Phone", board.written(dice.next()));
    }
    if dice.below(10) < 5 {
        record.set("Mobile", mobile(country, dice.next(), dice.next()));
    }
    if dice.below(10) < 6 {
        record.set("Country", country.name());
    }
    record.set("Email_Opt_Out", dice.one_in(20));
    record.converted = dice.one_in(8);
    world.add(module("Leads"), record);
}

fn name_person(record: &mut Record, dice: &mut Dice, names: &Names) {
    let last = dice.pick(names.last);
    let is_woman = dice.one_in(2);
    let first = dice.pick(if is_woman { names.women } else { names.men });
    record.set("Salutation", if is_woman { "Mrs." } else { "Mr." });
    record.set("Last_Name", if is_woman { last.1 } else { last.0 });
    if !dice.one_in(30) {
        record.set("First_Name", first);
    }
    if dice.below(10) < 8 {
        record.set(
            "Email",
            format!("person{}@example.com", dice.below(1_000_000)),
        );
    }
}

/// A person of `well_known`: first and last name, then fields and their values.
type Person = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// The companies that the demo's calls come from, their numbers, and who works there.
const KNOWN_COMPANIES: [(&str, &str, &[Person]); 3] = [
    (
        "Brandt & Söhne GmbH",
        "+49 (0) 231 1234-0",
        &[
            (
                "Erika",
                "Mustermann",
                &[
                    ("Phone", "+49 (0) 231 1234-56"),
                    ("Mobile", "0152 28817386"),
                    ("Title", "Einkauf"),
                ],
            ),
            ("Max", "Mustermann", &[("Phone", "0231/1234-57")]),
        ],
    ),
    (
        "Nordlicht Logistik AG",
        "040 66969 100",
        &[
            (
                "Hinnerk",
                "Petersen",
                &[("Phone", "040 66969 100"), ("Title", "Disposition")],
            ),
            (
                "Svenja",
                "Claußen",
                &[("Phone", "+49 40 66969-100"), ("Title", "Buchhaltung")],
            ),
            (
                "Malte",
                "Brodersen",
                &[("Phone", "(040) 66969100"), ("Mobile", "0176 04069042")],
            ),
        ],
    ),
    (
        "Bursztyn Sp. z o.o.",
        "+48 22 123 45 67",
        &[(
            "Małgorzata",
            "Wiśniewska",
            &[("Phone", "+48 22 123 45 67 wew. 12")],
        )],
    ),
];

/// Records that `well_known` makes.
const WELL_KNOWN: usize = 12;

fn well_known(world: &mut World) {
    for (owner, (company, phone, people)) in KNOWN_COMPANIES.iter().enumerate() {
        let mut account = Record::new(owner, NEWEST);
        account.set("Account_Name", *company);
        account.set("Phone", *phone);
        let id = world.add(module("Accounts"), account);
        for (first, last, fields) in *people {
            let mut person = Record::new(owner, NEWEST);
            person.set("First_Name", *first);
            person.set("Last_Name", *last);
            person.set(
                "Account_Name",
                json!({ "name": company, "id": id.to_string() }),
            );
            for (field, value) in *fields {
                person.set(field, *value);
            }
            world.add(module("Contacts"), person);
        }
    }
    let mut moscow = Record::new(2, NEWEST);
    moscow.set("First_Name", "Сергей");
    moscow.set("Last_Name", "Щербаков");
    moscow.set("Company", "Янтарь ООО");
    moscow.set("Phone", "8 (495) 123-45-67");
    moscow.set("Country", Country::Russia.name());
    world.add(module("Leads"), moscow);
    let mut opted_out = Record::new(3, NEWEST);
    opted_out.set("First_Name", "Charlotte");
    opted_out.set("Last_Name", "O'Connor");
    opted_out.set("Company", "Harbour Partners LLP");
    opted_out.set("Phone", "01632 960042");
    opted_out.set("Country", Country::Britain.name());
    opted_out.set("Email_Opt_Out", true);
    world.add(module("Leads"), opted_out);
}

fn module(name: &str) -> &'static Module {
    modules::find(name).expect("a module of the table")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_world() {
        let (one, two) = (World::of(500), World::of(500));
        let names = |world: &World| -> Vec<String> {
            world
                .records(module("Contacts"))
                .map(|record| record.whole(module("Contacts")).to_string())
                .collect()
        };
        assert_eq!(names(&one), names(&two), "nothing is left to chance");
    }

    #[test]
    fn the_demo_has_five_thousand_records() {
        assert_eq!(World::demo().size(), 5000, "as the demo promises");
    }
}

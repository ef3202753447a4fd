//! Invented people: the same in every run, spread over the whole range.

use ringcard_core::number::{DialRules, PhoneNumber, Region, parse_incoming};
use ringcard_core::{
    Contact, ContactNumber, CrmRecord, IntegrationId, NumberKind, OptOut, Timestamp,
};

/// The integration they all belong to.
pub const INTEGRATION: &str = "bench";

/// One in so many contacts has the switchboard of a company instead of a direct number.
const SWITCHBOARD_OF: u64 = 20;

/// Spreads neighbours over the whole range.
pub fn mixed(turn: u64) -> u64 {
    let mut value = turn.wrapping_add(0x9E37_79B9_7F4A_7C15);
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// Who calls: of eight, six from a number that the mirror has or would have (of four of them one
/// is unknown), two from an extension behind a switchboard.
pub fn caller(turn: u64, contacts: u64) -> PhoneNumber {
    let id = mixed(turn) % (contacts + contacts / 3 + 1);
    let text = match turn % 8 {
        0 | 4 => {
            let company = id % contacts / SWITCHBOARD_OF * SWITCHBOARD_OF;
            format!("{}{}", landline(company), 10 + turn % 90)
        }
        _ => landline(id),
    };
    parse_incoming(&text, &DialRules::of(Region::DE))
        .unwrap_or(PhoneNumber::Internal(String::new()))
}

/// Eight digits in Dortmund; where a switchboard stands, the number without its zero.
fn landline(id: u64) -> String {
    match id % SWITCHBOARD_OF {
        0 => format!("0231 {:06}", 100_000 + mixed(id) % 900_000),
        _ => format!("0231 {:08}", 10_000_000 + mixed(id) % 80_000_000),
    }
}

/// The beginning of a name that very many have.
pub fn first_name(id: u64) -> String {
    let name = name(id);
    name.split(' ').next().unwrap_or_default().to_owned()
}

/// As somebody types who looks for one person: `ann kow`.
pub fn typed_name(id: u64) -> String {
    let name = name(id);
    let beginnings = name
        .split(' ')
        .map(|word| word.chars().take(3).collect::<String>());
    beginnings.collect::<Vec<_>>().join(" ")
}

/// Four digits out of the middle of a number.
pub fn some_digits(id: u64) -> String {
    let number = landline(id);
    number.chars().skip(7).take(4).collect()
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

/// A contact with a landline and a mobile.
pub fn contact(id: u64) -> Contact {
    let record = |module: &str, id: u64| CrmRecord {
        integration: IntegrationId::new(INTEGRATION),
        module: module.to_owned(),
        id: format!("5000000{id:011}"),
    };
    let number = |kind, field: &str, raw| ContactNumber {
        kind,
        field: field.to_owned(),
        raw,
    };
    let zero = if id.is_multiple_of(SWITCHBOARD_OF) {
        "-0"
    } else {
        ""
    };
    let mobile = format!("+49 171 {:07}", mixed(id) % 10_000_000);
    Contact {
        record: record("Contacts", id),
        name: name(id),
        company: Some(format!("Company {}", id / 5)),
        account: Some(record("Accounts", id / 5)),
        converted_to: None,
        numbers: vec![
            number(
                NumberKind::Phone,
                "Phone",
                format!("{}{zero}", landline(id)),
            ),
            number(NumberKind::Mobile, "Mobile", mobile),
        ],
        email: Some(format!("person{id}@company{}.example", id / 5)),
        city: Some("Dortmund".to_owned()),
        country: None,
        owner: None,
        opt_out: OptOut::default(),
        note: None,
        modified_at: Some(Timestamp(0)),
    }
}

//! Telephone numbers that belong to nobody, written in all the ways people write them.
//!
//! Where a country keeps numbers for films and books, they are taken: the Bundesnetzagentur's
//! ranges, Ofcom's 01632 960xxx, the 555-01xx of North America. Poland and Russia keep none; there
//! the numbers lie in area codes or blocks that are not given out.

/// A country of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Country {
    Germany,
    Poland,
    Britain,
    America,
    Russia,
}

impl Country {
    /// Its name in the address of a record.
    pub fn name(self) -> &'static str {
        match self {
            Self::Germany => "Deutschland",
            Self::Poland => "Polska",
            Self::Britain => "United Kingdom",
            Self::America => "United States",
            Self::Russia => "Россия",
        }
    }
}

/// German area codes with the part that is kept for fiction, and how many digits follow it.
const GERMAN_RANGES: [(&str, &str, usize); 5] = [
    ("30", "23125", 3),
    ("40", "66969", 3),
    ("69", "90009", 3),
    ("89", "99998", 3),
    ("221", "4710", 3),
];

/// A company's number with a block of extensions behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Switchboard {
    country: Country,
    /// National digits without the trunk prefix: area code and number.
    area: String,
    number: String,
}

impl Switchboard {
    /// The switchboard number `place` of a country.
    pub fn of(country: Country, place: u64) -> Self {
        let (area, number) = match country {
            Country::Germany => {
                let (area, prefix, digits) = GERMAN_RANGES[(place % 5) as usize];
                (
                    area.to_owned(),
                    format!("{prefix}{}", tail(place / 5, digits)),
                )
            }
            // 22 is Warsaw; no number of it begins with 000.
            Country::Poland => ("22".to_owned(), format!("000{}", tail(place, 4))),
            Country::Britain => ("1632".to_owned(), format!("960{}", tail(place, 3))),
            Country::America => (
                area_of_america(place),
                format!("55501{}", tail(place / 8, 2)),
            ),
            // 495 is Moscow; no number of it begins with 000.
            Country::Russia => ("495".to_owned(), format!("000{}", tail(place, 4))),
        };
        Self {
            country,
            area,
            number,
        }
    }

    /// The number in one of the forms that people use.
    pub fn written(&self, form: u64) -> String {
        let (area, number) = (&self.area, &self.number);
        match self.country {
            Country::Germany => match form % 8 {
                0 => format!("+49 {area} {number}"),
                1 => format!("+49 (0) {area} {number}-0"),
                2 => format!("0{area}/{number}"),
                3 => format!("0{area} {}", spaced(number, 2)),
                4 => format!("(0{area}) {number}"),
                5 => format!("0049{area}{number}"),
                6 => format!("+49.{area}.{number}"),
                _ => format!("0{area} - {number}"),
            },
            Country::Poland => match form % 4 {
                0 => format!("+48 {area} {}", spaced(number, 3)),
                1 => format!("({area}) {}", spaced(number, 3)),
                2 => format!("0048{area}{number}"),
                _ => format!("{area} {}", spaced(number, 2)),
            },
            Country::Britain => match form % 3 {
                0 => format!("+44 {area} {number}"),
                1 => format!("0{area} {number}"),
                _ => format!("+44 (0){area} {number}"),
            },
            Country::America => match form % 3 {
                0 => format!("+1 ({area}) {}-{}", &number[..3], &number[3..]),
                1 => format!("({area}) {}-{}", &number[..3], &number[3..]),
                _ => format!("{area}.{}.{}", &number[..3], &number[3..]),
            },
            Country::Russia => match form % 3 {
                0 => format!("+7 {area} {}", spaced(number, 3)),
                1 => {
                    let (a, b, c) = (&number[..3], &number[3..5], &number[5..]);
                    format!("8 ({area}) {a}-{b}-{c}")
                }
                _ => format!("8{area}{number}"),
            },
        }
    }

    /// An extension behind it, in the country's way of writing it.
    pub fn extension(&self, extension: u64, form: u64) -> String {
        let (area, number) = (&self.area, &self.number);
        match self.country {
            Country::Germany => match form % 4 {
                0 => format!("+49 {area} {number}-{extension}"),
                1 => format!("0{area}/{number} - {extension}"),
                2 => format!("0{area} {number} DW {extension}"),
                _ => format!("0{area} {number} Durchwahl {extension}"),
            },
            Country::Poland => format!("+48 {area} {} wew. {extension}", spaced(number, 3)),
            Country::Britain => format!("0{area} {number} ext. {extension}"),
            Country::America => format!("({area}) {}-{} x{extension}", &number[..3], &number[3..]),
            Country::Russia => format!("+7 {area} {} доб. {extension}", spaced(number, 3)),
        }
    }
}

/// A mobile number in one of the forms that people use.
pub(super) fn mobile(country: Country, place: u64, form: u64) -> String {
    match country {
        Country::Germany => german_mobile(place, form),
        // 450 is a block of mobile numbers that is not given out.
        Country::Poland => format!("+48 450 {}", spaced(&tail(place, 6), 3)),
        Country::Britain => format!("07700 900{}", tail(place, 3)),
        Country::America => Switchboard::of(Country::America, place + 7).written(form),
        // 970 is a block of mobile numbers that is not given out.
        Country::Russia => {
            let digits = tail(place, 7);
            let (a, b, c) = (&digits[..3], &digits[3..5], &digits[5..]);
            if form.is_multiple_of(2) {
                format!("8 (970) {a}-{b}-{c}")
            } else {
                format!("+7970{a}{b}{c}")
            }
        }
    }
}

/// The two mobile ranges that are kept for fiction: 0152 28817386 and 0176 040690xx.
fn german_mobile(place: u64, form: u64) -> String {
    let (code, number) = if place % 101 == 100 {
        ("152", "28817386".to_owned())
    } else {
        ("176", format!("040690{}", tail(place, 2)))
    };
    match form % 5 {
        0 => format!("+49 {code} {number}"),
        1 => format!("0{code}/{number}"),
        2 => format!("0{code} {}", spaced(&number, 3)),
        3 => format!("+49(0){code}-{number}"),
        _ => format!("00 49 {code} {number}"),
    }
}

/// Two numbers in one field, as imports leave them.
pub(super) fn two_in_one(first: &str, second: &str, form: u64) -> String {
    match form % 4 {
        0 => format!("{first}; {second}"),
        1 => format!("{first} oder {second}"),
        2 => format!("{first}, {second}"),
        _ => format!("{first} / {second}"),
    }
}

fn area_of_america(place: u64) -> String {
    ["202", "212", "303", "312", "415", "512", "617", "702"][(place % 8) as usize].to_owned()
}

fn tail(number: u64, digits: usize) -> String {
    let modulus = 10_u64.pow(digits as u32);
    format!("{:0digits$}", number % modulus)
}

/// The digits in groups of `size`, the rest at the end.
fn spaced(digits: &str, size: usize) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && place % size == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn german_numbers_stay_in_the_ranges_kept_for_fiction() {
        for place in 0..5000 {
            let text = Switchboard::of(Country::Germany, place).written(5);
            let kept = GERMAN_RANGES
                .iter()
                .any(|(area, prefix, _)| text.starts_with(&format!("0049{area}{prefix}")));
            assert!(kept, "{text} could belong to somebody");
        }
    }
}

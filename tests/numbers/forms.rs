//! Invented numbers of five countries in the forms that CRM fields, web pages and telephone
//! systems hold. The same in every run.

use ringcard_core::number::Region;

/// A number as somebody wrote it.
pub struct Written {
    /// The name of the way of writing.
    pub form: &'static str,
    /// Where it stands.
    pub region: Region,
    /// The text.
    pub text: String,
    /// What was meant: one number, or two.
    pub meant: Vec<String>,
}

/// A number in its parts.
struct Parts {
    country: Country,
    area: String,
    subscriber: String,
    other: String,
}

#[derive(Clone, Copy)]
struct Country {
    region: Region,
    code: &'static str,
    trunk: &'static str,
    international: &'static str,
    /// Landline and mobile beginnings with the count of digits that follow.
    ranges: &'static [(&'static str, usize)],
    amount: usize,
}

const COUNTRIES: [Country; 5] = [
    Country {
        region: Region::DE,
        code: "49",
        trunk: "0",
        international: "00",
        ranges: &[
            ("231", 6),
            ("231", 7),
            ("30", 7),
            ("30", 8),
            ("40", 7),
            ("89", 8),
            ("5251", 6),
            ("2304", 5),
            ("171", 7),
            ("160", 7),
            ("1512", 7),
            ("176", 8),
        ],
        amount: 8000,
    },
    Country {
        region: Region::US,
        code: "1",
        trunk: "1",
        international: "011",
        ranges: &[("212", 7), ("415", 7), ("312", 7), ("646", 7), ("206", 7)],
        amount: 4000,
    },
    Country {
        region: Region::PL,
        code: "48",
        trunk: "",
        international: "00",
        ranges: &[
            ("22", 7),
            ("12", 7),
            ("71", 7),
            ("501", 6),
            ("602", 6),
            ("790", 6),
        ],
        amount: 3000,
    },
    Country {
        region: Region::RU,
        code: "7",
        trunk: "8",
        international: "810",
        ranges: &[
            ("495", 7),
            ("812", 7),
            ("343", 7),
            ("903", 7),
            ("916", 7),
            ("921", 7),
        ],
        amount: 2500,
    },
    Country {
        region: Region::GB,
        code: "44",
        trunk: "0",
        international: "00",
        ranges: &[
            ("20", 8),
            ("161", 7),
            ("131", 7),
            ("121", 7),
            ("7911", 6),
            ("7400", 6),
        ],
        amount: 2500,
    },
];

type Form = (&'static str, fn(&Parts) -> Option<String>);

/// Each gives `None` where a country does not write so.
const FORMS: [Form; 29] = [
    ("e164", |n| {
        Some(format!("+{}{}{}", n.country.code, n.area, n.subscriber))
    }),
    ("spaced", |n| {
        Some(format!("+{} {} {}", n.country.code, n.area, n.grouped(' ')))
    }),
    ("dashed", |n| {
        Some(format!("+{}-{}-{}", n.country.code, n.area, n.grouped('-')))
    }),
    ("national", |n| Some(n.national(' '))),
    ("national_solid", |n| {
        Some(format!("{}{}{}", n.country.trunk, n.area, n.subscriber))
    }),
    ("national_dots", |n| Some(n.national('.'))),
    ("brackets", |n| {
        Some(format!(
            "({}{}) {}",
            n.trunk_in_brackets(),
            n.area,
            n.grouped('-')
        ))
    }),
    ("trunk_in_brackets", |n| {
        n.has_zero()
            .then(|| format!("+{} (0) {} {}", n.country.code, n.area, n.grouped(' ')))
    }),
    ("trunk_in_brackets_solid", |n| {
        n.has_zero()
            .then(|| format!("+{}(0){}/{}", n.country.code, n.area, n.subscriber))
    }),
    ("plus_and_trunk", |n| {
        n.has_zero()
            .then(|| format!("+{}0{}{}", n.country.code, n.area, n.subscriber))
    }),
    ("international_prefix", |n| {
        let Country {
            international,
            code,
            ..
        } = n.country;
        Some(format!(
            "{international} {code} {} {}",
            n.area, n.subscriber
        ))
    }),
    ("double_zero", |n| {
        Some(format!("00{}{}{}", n.country.code, n.area, n.subscriber))
    }),
    ("without_plus", |n| {
        Some(format!("{}{}{}", n.country.code, n.area, n.subscriber))
    }),
    ("slash", |n| {
        n.has_zero()
            .then(|| format!("0{}/{}", n.area, n.subscriber))
    }),
    ("tel_link", |n| {
        Some(format!(
            "tel:+{}-{}-{}",
            n.country.code, n.area, n.subscriber
        ))
    }),
    ("tel_link_extension", |n| {
        Some(format!(
            "tel:+{}{}{};ext=12",
            n.country.code, n.area, n.subscriber
        ))
    }),
    ("tel_link_context", |n| {
        Some(format!(
            "tel:{}-{};phone-context=+{}",
            n.area, n.subscriber, n.country.code
        ))
    }),
    ("callto_link", |n| {
        Some(format!(
            "callto:+{}{}{}",
            n.country.code, n.area, n.subscriber
        ))
    }),
    ("sip_link", |n| {
        Some(format!(
            "sip:+{}{}{}@pbx.example;user=phone",
            n.country.code, n.area, n.subscriber
        ))
    }),
    ("percent_signs", |n| {
        Some(format!(
            "tel:%2B{}%20{}%20{}",
            n.country.code, n.area, n.subscriber
        ))
    }),
    ("invisible", |n| {
        Some(format!(
            "\u{202A}{}\u{200E}{}\u{202C}",
            n.national_area(),
            n.subscriber
        ))
    }),
    ("typographic", |n| {
        Some(format!(
            "{}\u{A0}{}",
            n.national_area(),
            n.grouped('\u{2013}')
        ))
    }),
    ("full_width", |n| {
        let wide = |c: char| {
            c.to_digit(10)
                .and_then(|d| char::from_u32(0xFF10 + d))
                .unwrap_or(c)
        };
        Some(n.national(' ').chars().map(wide).collect())
    }),
    ("label", |n| Some(format!("Tel.: {}", n.national(' ')))),
    ("hide_own_number", |n| {
        Some(format!("*31#{}{}", n.national_area(), n.subscriber))
    }),
    ("extension_x", |n| Some(format!("{} x12", n.national(' ')))),
    ("extension_word", |n| match n.country.code {
        "48" => Some(format!("{} wew. 12", n.national(' '))),
        "7" => Some(format!("{} доб. 12", n.national(' '))),
        _ => None,
    }),
    ("two_by_slash", |n| {
        Some(format!("{} / {}", n.national(' '), n.other))
    }),
    ("two_by_word", |n| {
        Some(format!("{} oder {}", n.national(' '), n.other))
    }),
];

impl Parts {
    fn has_zero(&self) -> bool {
        self.country.trunk == "0"
    }

    fn national(&self, mark: char) -> String {
        format!("{}{mark}{}", self.national_area(), self.grouped(mark))
    }

    fn national_area(&self) -> String {
        match self.country.trunk {
            trunk @ ("1" | "8") => format!("{trunk} {}", self.area),
            trunk => format!("{trunk}{}", self.area),
        }
    }

    fn trunk_in_brackets(&self) -> &str {
        if self.has_zero() { "0" } else { "" }
    }

    fn grouped(&self, mark: char) -> String {
        let (first, rest) = self.subscriber.split_at(self.subscriber.len() / 2);
        format!("{first}{mark}{rest}")
    }

    fn e164(&self) -> String {
        format!("+{}{}{}", self.country.code, self.area, self.subscriber)
    }
}

/// All numbers, every country with every form in turn.
pub fn generate() -> Vec<Written> {
    let mut dice = Dice(20_000);
    let mut all = Vec::with_capacity(20_000);
    for country in COUNTRIES {
        let mut turn = 0;
        let mut left = country.amount;
        while left > 0 {
            let (form, write) = FORMS[turn % FORMS.len()];
            turn += 1;
            let parts = dice.number(country);
            let Some(text) = write(&parts) else { continue };
            let mut meant = vec![parts.e164()];
            if form.starts_with("two") {
                meant.push(parts.other.clone());
            }
            all.push(Written {
                form,
                region: country.region,
                text,
                meant,
            });
            left -= 1;
        }
    }
    all
}

/// A small generator of its own, so that a library's new version rolls no other numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    fn number(&mut self, country: Country) -> Parts {
        let (area, subscriber) = self.area_and_subscriber(country);
        let (area2, subscriber2) = self.area_and_subscriber(country);
        let other = format!("+{}{area2}{subscriber2}", country.code);
        Parts {
            country,
            area,
            subscriber,
            other,
        }
    }

    /// Subscriber numbers begin with 2 to 8 and end with 1 to 9: a last zero may mean a switchboard.
    fn area_and_subscriber(&mut self, country: Country) -> (String, String) {
        let (area, length) = country.ranges[self.roll(country.ranges.len())];
        let mut subscriber = String::new();
        for place in 0..length {
            let digit = match place {
                0 => 3 + self.roll(6),
                1 => 2 + self.roll(7),
                _ if place + 1 == length => 1 + self.roll(9),
                _ => self.roll(10),
            };
            subscriber.push_str(&digit.to_string());
        }
        (area.to_owned(), subscriber)
    }
}

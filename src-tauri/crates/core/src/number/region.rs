//! Countries as numbering regions: by ISO code, and by the words that people write into a CRM.
//!
//! The words cover the countries whose records are likely on a European desk. An unknown word is
//! no region: the caller then takes the account's country or the integration's default.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A country by its ISO 3166 code, known to the number library.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Region(pub(crate) rlibphonenumber::Region);

impl Region {
    /// Germany.
    pub const DE: Self = Self(rlibphonenumber::Region::DE);
    /// Austria.
    pub const AT: Self = Self(rlibphonenumber::Region::AT);
    /// Luxembourg.
    pub const LU: Self = Self(rlibphonenumber::Region::LU);
    /// Poland.
    pub const PL: Self = Self(rlibphonenumber::Region::PL);
    /// Russia.
    pub const RU: Self = Self(rlibphonenumber::Region::RU);
    /// The United Kingdom.
    pub const GB: Self = Self(rlibphonenumber::Region::GB);
    /// The United States.
    pub const US: Self = Self(rlibphonenumber::Region::US);

    /// Reads a two-letter ISO code in either case; `None` for a code without telephone numbers.
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.trim();
        if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return None;
        }
        let region = rlibphonenumber::Region::from_code(&code.to_ascii_uppercase()).ok()?;
        rlibphonenumber::PHONE_NUMBER_UTIL
            .get_country_code_for_region(region)
            .map(|_| Self(region))
    }

    /// Reads what a CRM's country field holds: a code, or the country's name in a few languages.
    pub fn from_words(words: &str) -> Option<Self> {
        let words = words.trim().to_lowercase();
        if words.len() == 2 {
            return Self::from_code(if words == "uk" { "GB" } else { &words });
        }
        COUNTRIES
            .iter()
            .find(|(_, names)| names.split('|').any(|name| name == words))
            .and_then(|(code, _)| Self::from_code(code))
    }

    /// The two-letter code.
    pub fn code(self) -> String {
        self.0.to_string()
    }

    /// What is dialled here before the code of another country: `00` in most of them, `011` in North America.
    /// Source: the metadata of Google's library, which knows it for each country.
    pub fn international_prefix(self) -> String {
        // A number of a country that is not this one, as it is dialled from here.
        let abroad = if self == Self::DE {
            "+33142345678"
        } else {
            "+4930123456"
        };
        let digits: String = rlibphonenumber::PhoneNumber::parse(abroad, None)
            .map(|number| {
                let dialled = number.format_out_of_country_calling_number(self.0);
                dialled.chars().filter(char::is_ascii_digit).collect()
            })
            .unwrap_or_default();
        match digits.strip_suffix(&abroad[1..]) {
            Some(prefix) if !prefix.is_empty() => prefix.to_owned(),
            _ => "00".to_owned(),
        }
    }

    /// Does this country let companies append extensions of any length to their number?
    pub fn has_open_plan(self) -> bool {
        matches!(self, Self::DE | Self::AT | Self::LU)
    }

    /// The international calling code without its plus.
    pub(crate) fn calling_code(self) -> i32 {
        rlibphonenumber::PHONE_NUMBER_UTIL
            .get_country_code_for_region(self.0)
            .unwrap_or(0)
    }

    /// The digit that is dialled before a national number, where there is one.
    ///
    /// The library keeps this to itself; a country that is missing here only loses the guess for
    /// numbers without plus, zero and area code.
    pub(crate) fn trunk_prefix(self) -> Option<&'static str> {
        let code = self.code();
        TRUNK_PREFIXES
            .iter()
            .find(|(_, regions)| regions.split(' ').any(|region| region == code))
            .map(|(prefix, _)| *prefix)
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region({})", self.0)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Serialize for Region {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.code())
    }
}

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code).ok_or_else(|| serde::de::Error::custom("no country of this code"))
    }
}

const TRUNK_PREFIXES: [(&str, &str); 4] = [
    (
        "0",
        "AT AU BE BG BR CH CN DE FI FR GB GE HR IE IL IN JP KR MD MK NL NZ RO RS SE SI SK TR UA ZA",
    ),
    ("06", "HU"),
    ("1", "CA US"),
    ("8", "BY KZ RU"),
];

/// Names in lower case, parted by bars. Two-letter codes are read without this list.
const COUNTRIES: &[(&str, &str)] = &[
    ("AT", "austria|österreich|oesterreich|aut|австрия"),
    ("AU", "australia|australien|aus|австралия"),
    ("BE", "belgium|belgien|belgique|belgië|belgia|bel|бельгия"),
    ("BG", "bulgaria|bulgarien|bułgaria|българия|bgr|болгария"),
    ("BR", "brazil|brasilien|brasil|brazylia|bra|бразилия"),
    ("BY", "belarus|weißrussland|białoruś|blr|беларусь"),
    ("CA", "canada|kanada|can|канада"),
    (
        "CH",
        "switzerland|schweiz|suisse|svizzera|szwajcaria|che|швейцария",
    ),
    ("CN", "china|chiny|chn|китай"),
    ("CY", "cyprus|zypern|cypr|cyp|кипр"),
    (
        "CZ",
        "czech republic|czechia|tschechien|česko|czechy|cze|чехия",
    ),
    (
        "DE",
        "germany|deutschland|niemcy|allemagne|deu|ger|brd|германия",
    ),
    ("DK", "denmark|dänemark|danmark|dania|dnk|дания"),
    ("EE", "estonia|estland|eesti|est|эстония"),
    ("ES", "spain|spanien|españa|hiszpania|esp|испания"),
    ("FI", "finland|finnland|suomi|finlandia|fin|финляндия"),
    ("FR", "france|frankreich|francja|fra|франция"),
    (
        "GB",
        "united kingdom|great britain|england|scotland|wales|northern ireland|großbritannien|vereinigtes königreich|wielka brytania|gbr|великобритания",
    ),
    ("GR", "greece|griechenland|grecja|ελλάδα|grc|греция"),
    ("HR", "croatia|kroatien|hrvatska|chorwacja|hrv|хорватия"),
    ("HU", "hungary|ungarn|magyarország|węgry|hun|венгрия"),
    ("IE", "ireland|irland|irlandia|éire|irl|ирландия"),
    ("IL", "israel|izrael|isr|израиль"),
    ("IN", "india|indien|indie|ind|индия"),
    ("IT", "italy|italien|italia|włochy|ita|италия"),
    ("JP", "japan|japonia|jpn|япония"),
    ("KZ", "kazakhstan|kasachstan|kazachstan|kaz|казахстан"),
    ("LI", "liechtenstein|lie|лихтенштейн"),
    ("LT", "lithuania|litauen|lietuva|litwa|ltu|литва"),
    (
        "LU",
        "luxembourg|luxemburg|luksemburg|lëtzebuerg|lux|люксембург",
    ),
    ("LV", "latvia|lettland|latvija|łotwa|lva|латвия"),
    ("MT", "malta|mlt|мальта"),
    ("MX", "mexico|mexiko|méxico|meksyk|mex|мексика"),
    (
        "NL",
        "netherlands|the netherlands|niederlande|nederland|holland|holandia|nld|нидерланды",
    ),
    ("NO", "norway|norwegen|norge|norwegia|nor|норвегия"),
    ("PL", "poland|polen|polska|pol|польша"),
    ("PT", "portugal|portugalia|prt|португалия"),
    ("RO", "romania|rumänien|românia|rumunia|rou|румыния"),
    ("RS", "serbia|serbien|srbija|srb|сербия"),
    (
        "RU",
        "russia|russian federation|russland|rosja|rus|россия|российская федерация|рф",
    ),
    ("SE", "sweden|schweden|sverige|szwecja|swe|швеция"),
    ("SI", "slovenia|slowenien|slovenija|słowenia|svn|словения"),
    ("SK", "slovakia|slowakei|slovensko|słowacja|svk|словакия"),
    ("TR", "turkey|türkiye|türkei|turcja|tur|турция"),
    ("UA", "ukraine|ukraina|україна|ukr|украина"),
    (
        "US",
        "united states|united states of america|usa|u.s.|u.s.a.|vereinigte staaten|stany zjednoczone|сша",
    ),
    ("ZA", "south africa|südafrika|zaf|юар"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abroad_is_dialled_as_the_country_does() {
        for (code, prefix) in [
            ("DE", "00"),
            ("PL", "00"),
            ("US", "011"),
            ("CA", "011"),
            ("AU", "0011"),
            ("JP", "010"),
            ("RU", "810"),
        ] {
            let region = Region::from_code(code).unwrap();
            assert_eq!(region.international_prefix(), prefix, "{code}");
        }
    }

    #[test]
    fn a_country_is_read_in_the_words_of_a_crm() {
        for (words, code) in [
            ("Deutschland", "DE"),
            (" GERMANY ", "DE"),
            ("de", "DE"),
            ("UK", "GB"),
            ("Polska", "PL"),
            ("Россия", "RU"),
            ("Österreich", "AT"),
        ] {
            let region = Region::from_words(words).map(Region::code);
            assert_eq!(region.as_deref(), Some(code), "{words} names a country");
        }
        assert_eq!(Region::from_words("Atlantis"), None, "not guessed");
        assert_eq!(Region::from_words("XX"), None, "no such country");
    }

    #[test]
    fn every_listed_country_is_known_to_the_library() {
        for (code, names) in COUNTRIES {
            let region = Region::from_code(code);
            assert!(region.is_some(), "{code} must have telephone numbers");
            for name in names.split('|') {
                assert_eq!(
                    Region::from_words(name),
                    region,
                    "{name} is found by its name"
                );
            }
        }
    }

    #[test]
    fn only_germany_austria_and_luxembourg_are_open() {
        assert!(Region::DE.has_open_plan() && Region::AT.has_open_plan());
        assert!(Region::LU.has_open_plan());
        assert!(
            !Region::PL.has_open_plan(),
            "Polish numbers have a fixed length"
        );
    }
}

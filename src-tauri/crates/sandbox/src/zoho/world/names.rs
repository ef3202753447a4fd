//! First names, last names and companies of the invented people.

use super::numbers::Country;

/// What people of a country are called.
pub(super) struct Names {
    pub men: &'static [&'static str],
    pub women: &'static [&'static str],
    /// Last names of men; women's are the same but where the language bends them.
    pub last: &'static [(&'static str, &'static str)],
    pub cities: &'static [&'static str],
    pub trades: &'static [&'static str],
    pub forms: &'static [&'static str],
}

/// The names of a country.
pub(super) fn of(country: Country) -> &'static Names {
    match country {
        Country::Germany => &GERMAN,
        Country::Poland => &POLISH,
        Country::Britain | Country::America => &ENGLISH,
        Country::Russia => &RUSSIAN,
    }
}

static GERMAN: Names = Names {
    men: &[
        "Jörg",
        "Klaus",
        "Lukas",
        "Götz",
        "Florian",
        "Matthias",
        "Uwe",
        "Karl-Heinz",
        "Stefan",
        "Ömer",
        "Björn",
        "Thomas",
    ],
    women: &[
        "Käthe",
        "Sabine",
        "Ulrike",
        "Anna-Lena",
        "Heike",
        "Eva-Maria",
        "Birgit",
        "Ayşe",
        "Petra",
        "Zoë",
        "Marlies",
        "Sophie",
    ],
    last: &[
        ("Müller", "Müller"),
        ("Weiß", "Weiß"),
        ("Schäfer", "Schäfer"),
        ("von der Heide", "von der Heide"),
        ("Groß", "Groß"),
        ("Krüger", "Krüger"),
        ("Öztürk", "Öztürk"),
        ("Hofmann-Strauß", "Hofmann-Strauß"),
        ("Jansen", "Jansen"),
        ("Köhler", "Köhler"),
        ("Vogel", "Vogel"),
        ("Böhm", "Böhm"),
        ("Lindner", "Lindner"),
    ],
    cities: &["Berlin", "Hamburg", "Frankfurt am Main", "München", "Köln"],
    trades: &[
        "Nordlicht",
        "Elbe",
        "Falken",
        "Rosen",
        "Brücken",
        "Sonnen",
        "Garten",
        "Hafen",
        "Silber",
        "Mühlen",
        "Kranich",
        "Wiesen",
    ],
    forms: &[
        "bau GmbH",
        "technik AG",
        "werke GmbH & Co. KG",
        "handel e.K.",
        "logistik SE",
        "praxis Dr. Weiß & Partner",
    ],
};

static POLISH: Names = Names {
    men: &[
        "Łukasz",
        "Wojciech",
        "Paweł",
        "Michał",
        "Grzegorz",
        "Stanisław",
        "Krzysztof",
        "Błażej",
    ],
    women: &[
        "Małgorzata",
        "Agnieszka",
        "Zofia",
        "Bożena",
        "Katarzyna",
        "Świętosława",
        "Józefina",
        "Ewa",
    ],
    last: &[
        ("Wiśniewski", "Wiśniewska"),
        ("Wójcik", "Wójcik"),
        ("Zieliński", "Zielińska"),
        ("Dąbrowski", "Dąbrowska"),
        ("Brzęczyszczykiewicz", "Brzęczyszczykiewicz"),
        ("Źródłowski", "Źródłowska"),
        ("Górski", "Górska"),
    ],
    cities: &["Warszawa", "Łódź", "Kraków", "Wrocław"],
    trades: &["Bursztyn", "Żuraw", "Świt", "Dąb", "Wisła", "Kwiat", "Młyn"],
    forms: &[
        "pol Sp. z o.o.",
        "tech S.A.",
        "bud Spółka jawna",
        "trans Sp. k.",
    ],
};

static ENGLISH: Names = Names {
    men: &[
        "Oliver",
        "Seán",
        "George",
        "Ravi",
        "Nathaniel",
        "Owen",
        "Marcus",
        "Hugh",
    ],
    women: &[
        "Charlotte",
        "Siân",
        "Emily",
        "Priya",
        "Margaret",
        "Chloë",
        "Beatrice",
        "Joan",
    ],
    last: &[
        ("Smith", "Smith"),
        ("O'Connor", "O'Connor"),
        ("Featherstonehaugh", "Featherstonehaugh"),
        ("Patel", "Patel"),
        ("Hughes-Jones", "Hughes-Jones"),
        ("Baker", "Baker"),
        ("MacLeod", "MacLeod"),
        ("Nguyen", "Nguyen"),
        ("Walker", "Walker"),
    ],
    cities: &["Bristol", "Leeds", "Springfield", "Portland", "Cardiff"],
    trades: &[
        "Harbour", "Oak", "Silver", "River", "Copper", "Meadow", "Beacon",
    ],
    forms: &[" Ltd", " & Sons Ltd", " Inc.", " LLC", " Partners LLP"],
};

static RUSSIAN: Names = Names {
    men: &[
        "Алексей",
        "Дмитрий",
        "Иван",
        "Фёдор",
        "Сергей",
        "Пётр",
        "Юрий",
    ],
    women: &[
        "Ольга",
        "Наталья",
        "Екатерина",
        "Юлия",
        "Мария",
        "Алёна",
        "Татьяна",
    ],
    last: &[
        ("Иванов", "Иванова"),
        ("Щербаков", "Щербакова"),
        ("Соловьёв", "Соловьёва"),
        ("Жуковский", "Жуковская"),
        ("Кузнецов", "Кузнецова"),
        ("Цветаев", "Цветаева"),
        ("Объедков", "Объедкова"),
        ("Шевченко", "Шевченко"),
    ],
    cities: &["Москва", "Санкт-Петербург", "Казань"],
    trades: &["Северный", "Заря", "Берёза", "Волна", "Янтарь", "Сокол"],
    forms: &[" ООО", " АО", " торг ООО", " строй АО"],
};

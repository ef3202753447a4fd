//! Words so that names are found as people type them: Müller, Mueller and Muller are one, and so
//! are Łukasz and Lukasz, Юрий, Yuri and Jurij.
//!
//! Both sides are folded in the same way, so that the folded form need not be pretty.

/// Appends the words of a text for the index: as written without its marks, and as it sounds.
pub(crate) fn index_words(text: &str, into: &mut String) {
    for word in words(text) {
        let [plain, sound] = forms(&word);
        into.push_str(&plain);
        into.push(' ');
        if sound != plain {
            into.push_str(&sound);
            into.push(' ');
        }
    }
}

/// The words of a search, each in the forms in which it may stand in the index.
pub(crate) fn search_words(text: &str) -> Vec<[String; 2]> {
    words(text).map(|word| forms(&word)).collect()
}

/// The first word as it sounds, for putting names that begin with it first.
pub(crate) fn sound_of(text: &str) -> String {
    words(text)
        .map(|word| forms(&word)[1].clone())
        .collect::<Vec<_>>()
        .join(" ")
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && !is_mark(c))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

fn forms(word: &str) -> [String; 2] {
    let mut plain = String::with_capacity(word.len());
    for letter in word.chars().filter(|c| !is_mark(*c)) {
        match in_latin(letter) {
            Some(latin) => plain.push_str(latin),
            None => plain.push(letter),
        }
    }
    let sound = as_it_sounds(&plain);
    [plain, sound]
}

/// A mark that stands over the letter before it.
fn is_mark(character: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&character)
}

/// What differs between ways of writing the same name is taken away.
fn as_it_sounds(plain: &str) -> String {
    const ALIKE: [(&str, &str); 10] = [
        ("ae", "a"),
        ("oe", "o"),
        ("ue", "u"),
        ("kh", "h"),
        ("w", "v"),
        ("j", "i"),
        ("y", "i"),
        ("ph", "f"),
        ("x", "ks"),
        ("ck", "k"),
    ];
    let mut sound = plain.to_owned();
    if sound.bytes().all(|byte| byte.is_ascii_digit()) {
        return sound;
    }
    for (written, heard) in ALIKE {
        if sound.contains(written) {
            sound = sound.replace(written, heard);
        }
    }
    let mut last = None;
    sound.retain(|letter| {
        let doubled = letter.is_alphabetic() && last == Some(letter);
        last = Some(letter);
        !doubled
    });
    sound
}

/// Letters with marks, and Cyrillic ones, in Latin letters. Input is in lower case.
fn in_latin(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ä' | 'à' | 'á' | 'â' | 'ã' | 'å' | 'ą' | 'ă' | 'ā' | 'æ' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' | 'ē' | 'ė' => "e",
        'ğ' | 'ģ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ı' | 'ī' | 'į' => "i",
        'ķ' => "k",
        'ł' | 'ľ' | 'ļ' | 'ĺ' => "l",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'ö' | 'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ő' | 'œ' => "o",
        'ř' | 'ŕ' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ţ' | 'ț' => "t",
        'þ' => "th",
        'ü' | 'ù' | 'ú' | 'û' | 'ů' | 'ű' | 'ū' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return from_cyrillic(letter),
    })
}

fn from_cyrillic(letter: char) -> Option<&'static str> {
    Some(match letter {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' => "g",
        'д' => "d",
        'е' | 'ё' | 'э' | 'є' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' | 'й' | 'і' | 'ї' | 'ы' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ў' => "u",
        'ф' => "f",
        'х' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sound_alike_are_alike() {
        for same in [
            &["Müller", "Mueller", "Muller", "MÜLLER", "Mu\u{308}ller"][..],
            &["Łukasz", "Lukasz"],
            &["Юрий", "Yuri", "Jurij", "Yury"],
            &["Weiß", "Weiss"],
            &["Михаил", "Mikhail"],
            &["Søren", "Soeren", "Soren"],
            &["Иванов", "Iwanow", "Ivanov"],
        ] {
            for name in same {
                assert_eq!(sound_of(name), sound_of(same[0]), "{name} and {}", same[0]);
            }
        }
        assert_ne!(sound_of("Maier"), sound_of("Muller"));
    }

    #[test]
    fn digits_stay_whole() {
        assert_eq!(
            sound_of("5500011"),
            "5500011",
            "doubled digits are no doubled letters"
        );
    }
}

//! How numbers and their kinds stand in the key table: as short as can be, because the table of a
//! million contacts is then kept in memory whole.

use ringcard_core::NumberKind;
use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

/// A number on its way into the key table: of a global one the digits as an integer, one of the
/// house as its text. The first never begins with a zero, so nothing is lost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyNumber<'a>(pub &'a str);

/// A number from the key table, as it was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct KeyText(pub String);

impl KeyNumber<'_> {
    fn global(self) -> Option<i64> {
        let digits = self.0.strip_prefix('+')?;
        let exact = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
        exact.then(|| digits.parse().ok()).flatten()
    }
}

impl ToSql for KeyNumber<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.global() {
            Some(digits) => digits.into(),
            None => self.0.into(),
        })
    }
}

impl FromSql for KeyText {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Integer(digits) => Ok(Self(format!("+{digits}"))),
            ValueRef::Text(_) => Ok(Self(value.as_str()?.to_owned())),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// A kind in the key table; the numbers are also in the migration.
pub(crate) fn stored_kind(kind: NumberKind) -> i64 {
    match kind {
        NumberKind::Phone => 0,
        NumberKind::Mobile => 1,
        NumberKind::Home => 2,
        NumberKind::Assistant => 3,
        NumberKind::Other => 4,
    }
}

/// The kind for a number of the key table.
pub(crate) fn kind_of(stored: i64) -> NumberKind {
    match stored {
        0 => NumberKind::Phone,
        1 => NumberKind::Mobile,
        2 => NumberKind::Home,
        3 => NumberKind::Assistant,
        _ => NumberKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(number: &str) -> String {
        let key = KeyNumber(number);
        let there = key.to_sql().expect("is written");
        let stored = match &there {
            ToSqlOutput::Borrowed(value) => *value,
            ToSqlOutput::Owned(value) => value.into(),
            _ => panic!("no other form is used"),
        };
        KeyText::column_result(stored).expect("is read").0
    }

    #[test]
    fn every_number_comes_back_as_it_was() {
        for number in [
            "+49231135790",
            "4711",
            "0711",
            "*98",
            "",
            "+",
            "+0231",
            "+49x",
        ] {
            assert_eq!(there_and_back(number), number);
        }
        let long = "+4923113579012345678901";
        assert_eq!(
            there_and_back(long),
            long,
            "more digits than an integer holds"
        );
    }

    #[test]
    fn a_global_number_is_no_number_of_the_house_with_its_digits() {
        let (global, house) = (KeyNumber("+4711"), KeyNumber("4711"));
        assert_ne!(
            global.to_sql().expect("is written"),
            house.to_sql().expect("is written"),
            "4711 rings inside, +4711 in another country"
        );
    }

    #[test]
    fn every_kind_comes_back_as_it_was() {
        for kind in [
            NumberKind::Phone,
            NumberKind::Mobile,
            NumberKind::Home,
            NumberKind::Assistant,
            NumberKind::Other,
        ] {
            assert_eq!(kind_of(stored_kind(kind)), kind);
        }
    }
}

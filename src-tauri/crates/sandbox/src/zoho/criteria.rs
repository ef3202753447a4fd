//! Conditions on records: what they mean, and the `criteria` parameter that spells them.
//!
//! `((Last_Name:equals:Burns\,B)and(First_Name:starts_with:M))`

use std::cmp::Ordering;

use serde_json::Value;

use super::clock;
use super::modules::Module;
use super::world::Record;

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Is {
        field: String,
        operator: Operator,
        values: Vec<String>,
    },
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    StartsWith,
    Contains,
    In,
    Null,
    NotNull,
}

impl Condition {
    /// Whether it holds for a record.
    pub fn holds(&self, module: &Module, record: &Record) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(module, record)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(module, record)),
            Self::Is {
                field,
                operator,
                values,
            } => compare(value_of(module, record, field), *operator, values),
        }
    }

    /// How many comparisons it has.
    pub fn size(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::size).sum(),
            Self::Is { .. } => 1,
        }
    }

    /// The first field that the module does not have.
    pub fn unknown_field(&self, module: &Module) -> Option<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().find_map(|part| part.unknown_field(module))
            }
            Self::Is { field, .. } => {
                let name = field.split('.').next().unwrap_or_default();
                (name != "id" && module.field(name).is_none()).then_some(field)
            }
        }
    }
}

/// A value that can be compared.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub(super) enum Comparable {
    Number(i128),
    Text(String),
}

/// The value of a field: an id or a time as a number, a link by its id, text in small letters.
pub(super) fn value_of(module: &Module, record: &Record, field: &str) -> Option<Comparable> {
    let (name, inner) = field.split_once('.').unwrap_or((field, "id"));
    if name == "id" {
        return Some(Comparable::Number(record.id.into()));
    }
    match record.show(module, name)? {
        Value::Null => None,
        Value::String(text) => Some(comparable(&text)),
        Value::Bool(flag) => Some(Comparable::Text(flag.to_string())),
        Value::Number(number) => number.as_i64().map(|n| Comparable::Number(n.into())),
        Value::Object(link) => link.get(inner)?.as_str().map(comparable),
        Value::Array(_) => None,
    }
}

fn comparable(text: &str) -> Comparable {
    let is_date = text.len() >= 19 && text.as_bytes().get(10) == Some(&b'T');
    if is_date && let Some(time) = clock::parse(text) {
        return Comparable::Number(time.into());
    }
    let is_id = text.len() >= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(number) if is_id => Comparable::Number(number),
        _ => Comparable::Text(text.to_lowercase()),
    }
}

/// The other side of a comparison: beside a number even a short one is a number.
fn beside(value: &Comparable, other: &str) -> Comparable {
    match (value, other.parse()) {
        (Comparable::Number(_), Ok(number)) => Comparable::Number(number),
        _ => comparable(other),
    }
}

fn compare(value: Option<Comparable>, operator: Operator, values: &[String]) -> bool {
    let Some(value) = value else {
        return matches!(operator, Operator::Null | Operator::NotEqual);
    };
    let other = values.first().map(String::as_str).unwrap_or_default();
    let order = || value.partial_cmp(&beside(&value, other));
    let text = || match &value {
        Comparable::Text(text) => text.clone(),
        Comparable::Number(number) => number.to_string(),
    };
    match operator {
        Operator::Equal => order() == Some(Ordering::Equal),
        Operator::NotEqual => order() != Some(Ordering::Equal),
        Operator::Greater => order() == Some(Ordering::Greater),
        Operator::GreaterEqual => order().is_some_and(Ordering::is_ge),
        Operator::Less => order() == Some(Ordering::Less),
        Operator::LessEqual => order().is_some_and(Ordering::is_le),
        Operator::StartsWith => text().starts_with(&other.to_lowercase()),
        Operator::Contains => text().contains(&other.to_lowercase()),
        Operator::In => values.iter().any(|other| beside(&value, other) == value),
        Operator::Null => false,
        Operator::NotNull => true,
    }
}

/// Reads the `criteria` parameter. `None` when it is not well made.
pub(super) fn parse(text: &str) -> Option<Condition> {
    let mut rest = text.trim();
    let condition = group(&mut rest)?;
    rest.trim().is_empty().then_some(condition)
}

/// A group in brackets: one comparison, or groups joined by `and` or `or`.
fn group(rest: &mut &str) -> Option<Condition> {
    *rest = rest.trim_start().strip_prefix('(')?;
    if !rest.trim_start().starts_with('(') {
        return comparison(rest);
    }
    let condition = joined(rest)?;
    *rest = rest.trim_start().strip_prefix(')')?;
    Some(condition)
}

fn joined(rest: &mut &str) -> Option<Condition> {
    let mut any = vec![vec![group(rest)?]];
    loop {
        let next = rest.trim_start();
        if let Some(after) = next.strip_prefix("and") {
            *rest = after;
            let part = group(rest)?;
            any.last_mut()?.push(part);
        } else if let Some(after) = next.strip_prefix("or") {
            *rest = after;
            any.push(vec![group(rest)?]);
        } else {
            return Some(Condition::Any(
                any.into_iter().map(Condition::All).collect(),
            ));
        }
    }
}

/// `field:operator:value)`, where `\` takes the meaning from the next character.
fn comparison(rest: &mut &str) -> Option<Condition> {
    let (field, after) = rest.split_once(':')?;
    let (operator, after) = after.split_once(':')?;
    let operator = match operator.trim() {
        "equals" => Operator::Equal,
        "not_equal" => Operator::NotEqual,
        "starts_with" => Operator::StartsWith,
        "contains" => Operator::Contains,
        "greater_than" => Operator::Greater,
        "greater_equal" => Operator::GreaterEqual,
        "less_than" => Operator::Less,
        "less_equal" => Operator::LessEqual,
        "in" => Operator::In,
        _ => return None,
    };
    let mut values = vec![String::new()];
    let mut characters = after.char_indices();
    while let Some((place, character)) = characters.next() {
        match character {
            '\\' => values.last_mut()?.push(characters.next()?.1),
            ',' if operator == Operator::In => values.push(String::new()),
            '(' => return None,
            ')' => {
                *rest = &after[place + 1..];
                return Some(Condition::Is {
                    field: field.trim().to_owned(),
                    operator,
                    values,
                });
            }
            other => values.last_mut()?.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_a_value_must_be_escaped() {
        assert!(
            parse("(Phone:equals:+49 (0) 231)").is_none(),
            "a bare bracket ends the value"
        );
        let Some(Condition::Is { values, .. }) = parse("(Phone:equals:+49 \\(0\\) 231)") else {
            panic!("an escaped bracket is part of the value");
        };
        assert_eq!(values, ["+49 (0) 231"], "the escapes are gone");
    }

    #[test]
    fn and_binds_closer_than_or() {
        let condition = parse("((A:equals:1)or(B:equals:2)and(C:equals:3))").expect("well made");
        let Condition::Any(parts) = condition else {
            panic!("the outermost is an or");
        };
        assert_eq!(parts.len(), 2, "B and C belong together");
    }
}

//! Reads a `select` of COQL.

use super::criteria::{Condition, Operator};

/// Rows when no limit is given.
const DEFAULT_LIMIT: usize = 200;

/// A query, read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Select {
    pub fields: Vec<String>,
    pub module: String,
    pub condition: Condition,
    /// Fields to sort by, and whether upwards.
    pub order: Vec<(String, bool)>,
    pub limit: usize,
    pub offset: usize,
    /// The number of values of the longest `in`.
    pub longest_in: usize,
}

/// Reads a query. `None` when it is not well made.
pub(super) fn parse(text: &str) -> Option<Select> {
    let mut words = Words {
        tokens: tokens(text)?,
        place: 0,
        longest_in: 0,
    };
    words.keyword("select")?;
    let mut fields = vec![words.name()?];
    while words.symbol(",") {
        fields.push(words.name()?);
    }
    words.keyword("from")?;
    let module = words.name()?;
    words.keyword("where")?;
    let condition = words.any()?;
    let order = words.order()?;
    let (offset, limit) = words.limit()?;
    (words.place == words.tokens.len()).then_some(Select {
        fields,
        module,
        condition,
        order,
        limit,
        offset,
        longest_in: words.longest_in,
    })
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A keyword, a name or a number.
    Word(String),
    /// A text in quotes.
    Text(String),
    Symbol(&'static str),
}

const SYMBOLS: [&str; 10] = ["!=", ">=", "<=", "=", ">", "<", "(", ")", ",", ";"];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (quoted, after) = quoted(&rest[1..])?;
            tokens.push(Token::Text(quoted));
            rest = after;
        } else if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            tokens.push(Token::Symbol(symbol));
            rest = &rest[symbol.len()..];
        } else {
            let is_word = |c: char| c.is_alphanumeric() || "_.$:+-".contains(c);
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            tokens.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Some(tokens)
}

/// The text up to the closing quote, where `\` takes the meaning from the next character.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((place, character)) = characters.next() {
        match character {
            '\\' => value.push(characters.next()?.1),
            '\'' => return Some((value, &text[place + 1..])),
            other => value.push(other),
        }
    }
    None
}

struct Words {
    tokens: Vec<Token>,
    place: usize,
    longest_in: usize,
}

impl Words {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.place)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.place).cloned();
        self.place += 1;
        token
    }

    fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword))
    }

    fn keyword(&mut self, keyword: &str) -> Option<()> {
        let found = self.is_keyword(keyword);
        self.place += usize::from(found);
        found.then_some(())
    }

    fn symbol(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Symbol(symbol)) if *symbol == wanted);
        self.place += usize::from(found);
        found
    }

    fn name(&mut self) -> Option<String> {
        match self.next()? {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    fn value(&mut self) -> Option<String> {
        match self.next()? {
            Token::Word(word) | Token::Text(word) => Some(word),
            Token::Symbol(_) => None,
        }
    }

    fn any(&mut self) -> Option<Condition> {
        let mut parts = vec![self.all()?];
        while self.keyword("or").is_some() {
            parts.push(self.all()?);
        }
        Some(Condition::Any(parts))
    }

    fn all(&mut self) -> Option<Condition> {
        let mut parts = vec![self.one()?];
        while self.keyword("and").is_some() {
            parts.push(self.one()?);
        }
        Some(Condition::All(parts))
    }

    fn one(&mut self) -> Option<Condition> {
        if self.symbol("(") {
            let condition = self.any()?;
            return self.symbol(")").then_some(condition);
        }
        let field = self.name()?;
        let (operator, values) = self.operator_and_values()?;
        Some(Condition::Is {
            field,
            operator,
            values,
        })
    }

    fn operator_and_values(&mut self) -> Option<(Operator, Vec<String>)> {
        match self.next()? {
            Token::Symbol(symbol) => {
                let operator = match symbol {
                    "=" => Operator::Equal,
                    "!=" => Operator::NotEqual,
                    ">" => Operator::Greater,
                    ">=" => Operator::GreaterEqual,
                    "<" => Operator::Less,
                    "<=" => Operator::LessEqual,
                    _ => return None,
                };
                Some((operator, vec![self.value()?]))
            }
            Token::Word(word) if word.eq_ignore_ascii_case("in") => {
                Some((Operator::In, self.values()?))
            }
            Token::Word(word) if word.eq_ignore_ascii_case("like") => self.like(),
            Token::Word(word) if word.eq_ignore_ascii_case("is") => {
                let negated = self.keyword("not").is_some();
                self.keyword("null")?;
                let operator = if negated {
                    Operator::NotNull
                } else {
                    Operator::Null
                };
                Some((operator, Vec::new()))
            }
            _ => None,
        }
    }

    fn values(&mut self) -> Option<Vec<String>> {
        if !self.symbol("(") {
            return None;
        }
        let mut values = vec![self.value()?];
        while self.symbol(",") {
            values.push(self.value()?);
        }
        self.longest_in = self.longest_in.max(values.len());
        self.symbol(")").then_some(values)
    }

    /// `like 'x%'` begins with, `like '%x%'` contains.
    fn like(&mut self) -> Option<(Operator, Vec<String>)> {
        let pattern = self.value()?;
        let operator = if pattern.starts_with('%') {
            Operator::Contains
        } else {
            Operator::StartsWith
        };
        Some((operator, vec![pattern.trim_matches('%').to_owned()]))
    }

    fn order(&mut self) -> Option<Vec<(String, bool)>> {
        let mut order = Vec::new();
        if self.keyword("order").is_none() {
            return Some(order);
        }
        self.keyword("by")?;
        loop {
            let field = self.name()?;
            let downwards = self.keyword("desc").is_some();
            if !downwards {
                let _ = self.keyword("asc");
            }
            order.push((field, !downwards));
            if !self.symbol(",") {
                return Some(order);
            }
        }
    }

    /// `limit n`, `limit offset, n` or `limit n offset m`, as offset and limit.
    fn limit(&mut self) -> Option<(usize, usize)> {
        if self.keyword("limit").is_none() {
            return Some((0, DEFAULT_LIMIT));
        }
        let first = self.name()?.parse().ok()?;
        if self.symbol(",") {
            return Some((first, self.name()?.parse().ok()?));
        }
        if self.keyword("offset").is_some() {
            return Some((self.name()?.parse().ok()?, first));
        }
        Some((0, first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyset_query_is_read_whole() {
        let select = parse(
            "select id, Last_Name from Contacts where Modified_Time >= '2026-01-01T00:00:00+01:00' \
             and (Modified_Time > '2026-01-01T00:00:00+01:00' or id > 5725767000400000003) \
             order by Modified_Time asc, id asc limit 2000",
        )
        .expect("well made");
        assert_eq!(select.fields, ["id", "Last_Name"], "the fields");
        assert_eq!(select.limit, 2000, "the limit");
        assert_eq!(select.condition.size(), 3, "three comparisons");
    }

    #[test]
    fn a_query_without_where_is_refused() {
        assert_eq!(
            parse("select id from Contacts limit 10"),
            None,
            "COQL needs a condition"
        );
    }
}

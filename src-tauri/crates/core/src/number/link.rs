//! The number inside a `tel:`, `callto:` or `sip:` link (RFC 3966, RFC 3261).
//!
//! A link comes from any web page, so nothing of it but digits is ever believed.

use super::WhyNot;
use super::clean::has_control_characters;

/// The parts of a link that say which number is meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// The number as it stands there, percent signs decoded.
    pub number: String,
    /// What a local number is local to.
    pub context: Context,
}

/// The `phone-context` of a local number.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// None: the rules of the line hold.
    None,
    /// A country or area, such as `+49231`.
    Prefix(String),
    /// A domain: an extension of that telephone system.
    Domain,
}

const SCHEMES: [&str; 4] = ["tel:", "callto:", "sips:", "sip:"];

/// Does the text begin like a link that dials?
pub(super) fn has_scheme(text: &str) -> bool {
    scheme_of(text).is_some()
}

/// Takes a link apart.
pub(super) fn read(text: &str) -> Result<Link, WhyNot> {
    let scheme = scheme_of(text).ok_or(WhyNot::NotANumber)?;
    let rest = text[scheme.len()..].trim_start_matches('/');
    let rest = rest.split('?').next().unwrap_or(rest);
    let is_sip = scheme.starts_with("sip");
    let subscriber = if is_sip {
        user_of(rest)
    } else {
        rest.trim_end_matches('/')
    };
    let mut parts = subscriber.split(';');
    let number = decoded(parts.next().unwrap_or_default())?;
    let context = parts.find_map(context_of).unwrap_or(Context::None);
    let foreign = |c: char| c.is_alphabetic() || "@<>\"'&=".contains(c);
    if number.trim().is_empty() {
        return Err(WhyNot::Empty);
    }
    if is_sip && number.contains(foreign) {
        return Err(WhyNot::NotANumber);
    }
    // A number that is global already needs no context.
    let context = if number.trim_start().starts_with('+') {
        Context::None
    } else {
        context
    };
    Ok(Link { number, context })
}

fn scheme_of(text: &str) -> Option<&'static str> {
    SCHEMES.into_iter().find(|scheme| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

/// The part of a SIP address before host and password.
fn user_of(address: &str) -> &str {
    let user = address.split('@').next().unwrap_or(address);
    user.split(':').next().unwrap_or(user)
}

fn context_of(parameter: &str) -> Option<Context> {
    let (name, value) = parameter.split_once('=')?;
    if !name.eq_ignore_ascii_case("phone-context") {
        return None;
    }
    let value = decoded(value).ok()?;
    if value.starts_with('+') {
        Some(Context::Prefix(value))
    } else {
        Some(Context::Domain)
    }
}

fn decoded(text: &str) -> Result<String, WhyNot> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let byte = match (first, behind) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high * 16 + low),
            _ => None,
        };
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    let text = String::from_utf8(bytes).map_err(|_| WhyNot::NotANumber)?;
    if has_control_characters(&text) {
        Err(WhyNot::ControlCharacters)
    } else {
        Ok(text)
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_gives_its_number_and_context() {
        let read = |text| read(text).expect("a good link");
        assert_eq!(read("tel:+49-231-1234;ext=56").number, "+49-231-1234");
        assert_eq!(read("TEL:0231%201234").number, "0231 1234");
        assert_eq!(read("callto://+49231123456/").number, "+49231123456");
        assert_eq!(
            read("sip:+49231123456@pbx.example;user=phone").number,
            "+49231123456"
        );
        let local = read("tel:0231-1234;phone-context=+49");
        assert_eq!(local.context, Context::Prefix("+49".to_owned()));
        assert_eq!(
            read("tel:23;phone-context=example.com").context,
            Context::Domain
        );
    }

    #[test]
    fn line_ends_in_a_link_are_refused() {
        assert_eq!(
            read("tel:0231%0D%0AAction:%20Originate"),
            Err(WhyNot::ControlCharacters)
        );
    }

    #[test]
    fn a_sip_address_of_a_person_is_no_number() {
        assert_eq!(
            read("sip:anna.weber12@example.com"),
            Err(WhyNot::NotANumber)
        );
    }
}

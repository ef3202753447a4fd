//! One document as a tree of elements, without the prefixes that servers choose as they like.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Deeper than any document of the interface.
const DEEPEST: usize = 32;

/// One element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name without prefix.
    pub name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Self>,
}

impl Element {
    /// Reads a document; `None` for what is none.
    pub fn read(document: &str) -> Option<Self> {
        let mut reader = Reader::from_str(document);
        let mut open: Vec<Self> = Vec::new();
        loop {
            match reader.read_event().ok()? {
                Event::Start(tag) => {
                    if open.len() >= DEEPEST {
                        return None;
                    }
                    open.push(Self::of(&tag)?);
                }
                Event::Empty(tag) => {
                    let element = Self::of(&tag)?;
                    match open.last_mut() {
                        Some(parent) => parent.children.push(element),
                        None => return Some(element),
                    }
                }
                Event::End(_) => {
                    let element = open.pop()?;
                    match open.last_mut() {
                        Some(parent) => parent.children.push(element),
                        None => return Some(element),
                    }
                }
                Event::Text(text) => {
                    if let Some(parent) = open.last_mut() {
                        parent.text.push_str(&text);
                    }
                }
                Event::CData(text) => {
                    if let Some(parent) = open.last_mut() {
                        parent.text.push_str(&text);
                    }
                }
                Event::GeneralRef(reference) => {
                    let character = match reference.resolve_char_ref().ok()? {
                        Some(character) => character,
                        None => named(&reference)?,
                    };
                    if let Some(parent) = open.last_mut() {
                        parent.text.push(character);
                    }
                }
                Event::Eof => return None,
                // A document type could define entities that grow without end; nothing else is of use.
                Event::DocType(_) => return None,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    fn of(tag: &BytesStart<'_>) -> Option<Self> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.ok()?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
            let name: &str = attribute.key.local_name().into_inner();
            attributes.push((name.to_owned(), value.into_owned()));
        }
        let name: &str = tag.local_name().into_inner();
        Some(Self {
            name: name.to_owned(),
            attributes,
            ..Self::default()
        })
    }

    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of this name; none where it is empty.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name)
            .map(Self::text)
            .filter(|text| !text.is_empty())
    }

    /// Its own text.
    pub fn text(&self) -> &str {
        self.text.trim()
    }

    /// An attribute by its name without prefix.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The type that the document itself names (`xsi:type`), without prefix.
    pub fn kind(&self) -> Option<&str> {
        let kind = self.attribute("type")?;
        Some(kind.rsplit(':').next().unwrap_or(kind))
    }
}

fn named(entity: &str) -> Option<char> {
    Some(match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_do_not_matter() {
        for document in [
            "<xsi:Event xmlns:xsi='n' xsi1:type='xsi:SubscriptionEvent'><xsi:eventID>7</xsi:eventID></xsi:Event>",
            "<Event xmlns='n' xmlns:s='t' s:type='SubscriptionEvent'><eventID>7</eventID></Event>",
            "<b:Event c:type='d:SubscriptionEvent'><b:eventID> 7 </b:eventID></b:Event>",
        ] {
            let event = Element::read(document).expect("a document");
            assert_eq!(event.name, "Event");
            assert_eq!(event.kind(), Some("SubscriptionEvent"));
            assert_eq!(event.text_of("eventID"), Some("7"));
        }
    }

    #[test]
    fn entities_are_text_and_none_of_the_documents_own() {
        let read = Element::read("<n>A &amp; B &lt;i&gt; &#252;</n>").expect("a document");
        assert_eq!(read.text(), "A & B <i> ü");
        let bomb = "<!DOCTYPE n [<!ENTITY a 'aaaa'>]><n>&a;</n>";
        assert_eq!(Element::read(bomb), None, "they could grow without end");
    }

    #[test]
    fn what_is_cut_off_or_endlessly_deep_is_none() {
        assert_eq!(Element::read("<a><b></b>"), None);
        let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        assert_eq!(Element::read(&deep), None);
    }
}

//! XML, written and read, as far as this interface needs it.

use std::fmt::Write as _;

/// The namespace of every document.
pub(super) const NAMESPACE: &str = "http://schema.broadsoft.com/xsi";
const SCHEMA: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// What the two namespaces are called in a document. Servers differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Prefixes {
    /// Empty for the default namespace.
    pub own: String,
    pub schema: String,
}

impl Prefixes {
    /// As answers have it.
    pub fn none() -> Self {
        Self {
            own: String::new(),
            schema: "xsi1".to_owned(),
        }
    }

    /// As events have it.
    pub fn usual() -> Self {
        Self {
            own: "xsi".to_owned(),
            ..Self::none()
        }
    }

    fn name(&self, name: &str) -> String {
        if self.own.is_empty() {
            name.to_owned()
        } else {
            format!("{}:{name}", self.own)
        }
    }
}

/// An element to be written.
#[derive(Debug, Clone)]
pub(super) struct Node {
    name: &'static str,
    kind: Option<&'static str>,
    attributes: Vec<(&'static str, String)>,
    text: String,
    children: Vec<Node>,
}

impl Node {
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            kind: None,
            attributes: Vec::new(),
            text: String::new(),
            children: Vec::new(),
        }
    }

    /// Its type in the schema, where its name does not say it.
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.kind = Some(kind);
        self
    }

    pub fn attribute(mut self, name: &'static str, value: &str) -> Self {
        self.attributes.push((name, value.to_owned()));
        self
    }

    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    pub fn with(mut self, child: Node) -> Self {
        self.children.push(child);
        self
    }

    pub fn with_each(mut self, children: impl IntoIterator<Item = Node>) -> Self {
        self.children.extend(children);
        self
    }

    /// A child that is nothing but text.
    pub fn leaf(self, name: &'static str, text: impl Into<String>) -> Self {
        self.with(Self::new(name).text(text))
    }

    /// A child without content, if `there`.
    pub fn flag(self, name: &'static str, there: bool) -> Self {
        self.with_each(there.then(|| Self::new(name)))
    }

    /// The whole document on one line.
    pub fn document(&self, prefixes: &Prefixes) -> String {
        let mut out = String::new();
        self.write(&mut out, prefixes, true);
        out
    }

    fn write(&self, out: &mut String, prefixes: &Prefixes, root: bool) {
        let name = prefixes.name(self.name);
        out.push('<');
        out.push_str(&name);
        // Writing to a string cannot fail, which is why its outcome is left alone here and below.
        if let Some(kind) = self.kind {
            let kind = prefixes.name(kind);
            let _ = write!(out, " {}:type=\"{kind}\"", prefixes.schema);
        }
        if root {
            if self.has_kinds() {
                let _ = write!(out, " xmlns:{}=\"{SCHEMA}\"", prefixes.schema);
            }
            let colon = if prefixes.own.is_empty() { "" } else { ":" };
            let _ = write!(out, " xmlns{colon}{}=\"{NAMESPACE}\"", prefixes.own);
        }
        for (name, value) in &self.attributes {
            let _ = write!(out, " {name}=\"{}\"", escape(value));
        }
        if self.text.is_empty() && self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        out.push_str(&escape(&self.text));
        for child in &self.children {
            child.write(out, prefixes, false);
        }
        let _ = write!(out, "</{name}>");
    }

    fn has_kinds(&self) -> bool {
        self.kind.is_some() || self.children.iter().any(Self::has_kinds)
    }
}

/// An element that was read. Prefixes are gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub name: String,
    pub text: String,
    pub children: Vec<Element>,
    attributes: String,
}

impl Element {
    /// Reads a document whose root is of our namespace.
    pub fn read(document: &str) -> Option<Self> {
        let start = document.find("<?").map_or(document, |_| {
            let end = document.find("?>").map_or(0, |end| end + 2);
            &document[end..]
        });
        let mut reader = Reader {
            rest: start.trim_start(),
        };
        let element = reader.element()?;
        (element.attributes.contains(NAMESPACE) && reader.rest.trim().is_empty()).then_some(element)
    }

    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of this name.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name)
            .map(|child| child.text.as_str())
            .filter(|text| !text.is_empty())
    }

    /// Whether the children are some of these, each once and in this order, as the schema wants it.
    pub fn follows(&self, order: &[&str]) -> bool {
        let mut after = 0;
        self.children.iter().all(|child| {
            let place = order.iter().position(|name| *name == child.name);
            let fits = place.is_some_and(|place| place >= after);
            after = place.map_or(after, |place| place + 1);
            fits
        })
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn element(&mut self) -> Option<Element> {
        let opened = self.rest.strip_prefix('<')?;
        let (tag, rest) = opened.split_once('>')?;
        self.rest = rest;
        let empty = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let mut element = Element {
            name: local(name).to_owned(),
            attributes: attributes.to_owned(),
            ..Element::default()
        };
        if empty {
            return Some(element);
        }
        loop {
            let next = self.rest.find('<')?;
            element.text.push_str(&unescape(&self.rest[..next]));
            self.rest = &self.rest[next..];
            if let Some(closing) = self.rest.strip_prefix("</") {
                let (closed, rest) = closing.split_once('>')?;
                self.rest = rest;
                element.text = element.text.trim().to_owned();
                return (closed.trim() == name).then_some(element);
            }
            element.children.push(self.element()?);
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                let _ = write!(escaped, "&#{};", u32::from(letter));
            }
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_stands_in_the_prefixes_of_its_document() {
        let node = Node::new("Event")
            .kind("SubscriptionEvent")
            .leaf("eventID", "a&b");
        assert_eq!(
            node.document(&Prefixes::usual()),
            "<xsi:Event xsi1:type=\"xsi:SubscriptionEvent\" \
             xmlns:xsi1=\"http://www.w3.org/2001/XMLSchema-instance\" \
             xmlns:xsi=\"http://schema.broadsoft.com/xsi\"><xsi:eventID>a&amp;b</xsi:eventID></xsi:Event>",
            "as the usual server writes it"
        );
        assert_eq!(
            Node::new("ChannelHeartBeat").document(&Prefixes::none()),
            "<ChannelHeartBeat xmlns=\"http://schema.broadsoft.com/xsi\"/>",
            "a foreign client looks for just these letters"
        );
    }

    #[test]
    fn a_document_is_read_whatever_its_prefixes() {
        let text = "<?xml version=\"1.0\"?>\n<b:Channel xmlns:b=\"http://schema.broadsoft.com/xsi\">\
                    <b:priority>1</b:priority><b:expires> 60 </b:expires></b:Channel>";
        let read = Element::read(text).expect("a document");
        assert_eq!(read.text_of("expires"), Some("60"), "blanks are nothing");
        assert!(
            read.follows(&["channelSetId", "priority", "expires"]),
            "this order"
        );
        assert!(!read.follows(&["expires", "priority"]), "and no other");
        assert_eq!(Element::read("<Channel/>"), None, "of no namespace");
    }
}

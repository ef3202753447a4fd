//! The event channel: bytes in any pieces in, whole documents out.
//!
//! The channel is one answer that never ends. Documents follow each other in it, split and joined as
//! the network likes; each is an element with perhaps a declaration before it.

use std::fmt;

/// No document of the interface comes near this; what is longer is none.
const LONGEST: usize = 1 << 20;

/// Gathers bytes until an element is whole.
#[derive(Default)]
pub struct Stream {
    bytes: Vec<u8>,
    /// So much was looked at already.
    seen: usize,
    /// How many elements are open there.
    depth: u32,
    /// Where the outermost element begins, once it has.
    begin: Option<usize>,
    charset: Charset,
}

/// Something in the channel is no document of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDocument;

/// How a document's bytes are to be read, as its declaration says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// Nothing else was declared.
    #[default]
    Utf8,
    /// One byte is one character.
    Latin1,
}

impl Charset {
    /// What a declaration such as `<?xml version="1.0" encoding="ISO-8859-1"?>` says.
    pub fn declared(declaration: &[u8]) -> Self {
        let text = String::from_utf8_lossy(declaration).to_ascii_lowercase();
        let named = text.split("encoding").nth(1).unwrap_or_default();
        let latin = ["iso-8859-1", "iso8859-1", "latin1", "windows-1252"];
        if latin.iter().any(|name| named.contains(name)) {
            Self::Latin1
        } else {
            Self::Utf8
        }
    }

    /// The text of these bytes. A byte that cannot be is shown as such: a name is not worth the link.
    pub fn read(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
        }
    }
}

impl Stream {
    /// Takes the next bytes; each document that became whole is handed over.
    pub fn feed(&mut self, bytes: &[u8], mut whole: impl FnMut(&str)) -> Result<(), NoDocument> {
        self.bytes.extend_from_slice(bytes);
        while let Some(tag) = self.next_tag()? {
            let (from, to) = tag;
            self.seen = to;
            match Tag::of(&self.bytes[from..to]) {
                Tag::Declaration => self.charset = Charset::declared(&self.bytes[from..to]),
                Tag::Aside => {}
                Tag::Open => {
                    self.begin.get_or_insert(from);
                    self.depth += 1;
                }
                Tag::Whole if self.depth == 0 => {
                    whole(&self.charset.read(&self.bytes[from..to]));
                    self.forget(to);
                }
                Tag::Whole => {}
                Tag::Close => {
                    self.depth = self.depth.checked_sub(1).ok_or(NoDocument)?;
                    if self.depth == 0 {
                        let begin = self.begin.take().ok_or(NoDocument)?;
                        whole(&self.charset.read(&self.bytes[begin..to]));
                        self.forget(to);
                    }
                }
            }
        }
        if self.bytes.len() > LONGEST {
            return Err(NoDocument);
        }
        Ok(())
    }

    /// A document is done; the next one may declare another charset.
    fn forget(&mut self, to: usize) {
        self.bytes.drain(..to);
        self.seen = 0;
        self.charset = Charset::default();
    }

    /// The place of the next whole tag behind what was seen.
    fn next_tag(&self) -> Result<Option<(usize, usize)>, NoDocument> {
        let rest = &self.bytes[self.seen..];
        let Some(open) = rest.iter().position(|byte| *byte == b'<') else {
            return Ok(None);
        };
        let between = &rest[..open];
        // Outside of any element there is only room.
        if self.depth == 0 && !between.iter().all(u8::is_ascii_whitespace) && !is_mark(between) {
            return Err(NoDocument);
        }
        let from = self.seen + open;
        Ok(end_of_tag(&self.bytes[from..]).map(|length| (from, from + length)))
    }
}

/// The mark that some put before UTF-8.
fn is_mark(bytes: &[u8]) -> bool {
    bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .is_some_and(|rest| rest.iter().all(u8::is_ascii_whitespace))
}

/// How long the tag is that begins here, if it is whole. A `>` in quotes does not end it.
fn end_of_tag(bytes: &[u8]) -> Option<usize> {
    for (begin, end) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] {
        if bytes.starts_with(begin.as_bytes()) {
            return find(bytes, end.as_bytes(), begin.len());
        }
        if begin.as_bytes().starts_with(bytes) && bytes.len() < begin.len() && bytes.len() > 1 {
            return None;
        }
    }
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    None
}

fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let at = rest
        .windows(wanted.len())
        .position(|window| window == wanted)?;
    Some(from + at + wanted.len())
}

enum Tag {
    Declaration,
    /// A comment, an instruction, text as it stands.
    Aside,
    Open,
    /// Opened and closed at once.
    Whole,
    Close,
}

impl Tag {
    fn of(bytes: &[u8]) -> Self {
        match bytes {
            [b'<', b'?', b'x', b'm', b'l', ..] => Self::Declaration,
            [b'<', b'?' | b'!', ..] => Self::Aside,
            [b'<', b'/', ..] => Self::Close,
            [.., b'/', b'>'] => Self::Whole,
            _ => Self::Open,
        }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The bytes carry names and numbers.
        f.debug_struct("Stream")
            .field("waiting", &self.bytes.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Channel xmlns=\"x\"><channelId>a&gt;1</channelId></Channel>\r\n\
                       <ChannelHeartBeat/>\n<xsi:Event note=\"a > b\"><!-- <a> --><xsi:b/><c><![CDATA[</x>]]></c></xsi:Event>";

    fn documents(pieces: &[&[u8]]) -> Result<Vec<String>, NoDocument> {
        let mut stream = Stream::default();
        let mut found = Vec::new();
        for piece in pieces {
            stream.feed(piece, |document| found.push(document.to_owned()))?;
        }
        Ok(found)
    }

    #[test]
    fn documents_are_whole_however_they_are_cut() {
        let expected = documents(&[TWO.as_bytes()]).expect("three documents");
        assert_eq!(expected.len(), 3, "{expected:?}");
        assert!(expected[2].starts_with("<xsi:Event") && expected[2].ends_with("</xsi:Event>"));
        for cut in 1..TWO.len() {
            let (one, two) = TWO.as_bytes().split_at(cut);
            assert_eq!(documents(&[one, two]), Ok(expected.clone()), "cut at {cut}");
        }
        let bytes: Vec<&[u8]> = TWO.as_bytes().chunks(1).collect();
        assert_eq!(documents(&bytes), Ok(expected), "byte by byte");
    }

    #[test]
    fn declared_charset_holds_for_its_document_only() {
        let mut bytes = b"<?xml version='1.0' encoding='ISO-8859-1'?><n>M\xFCller</n>".to_vec();
        bytes.extend_from_slice("<n>Łukasz</n>".as_bytes());
        assert_eq!(
            documents(&[&bytes]),
            Ok(vec!["<n>Müller</n>".to_owned(), "<n>Łukasz</n>".to_owned()])
        );
    }

    #[test]
    fn what_is_no_document_ends_the_channel() {
        assert_eq!(documents(&[b"HTTP proxy says no <html>"]), Err(NoDocument));
        assert_eq!(documents(&[b"</Event>"]), Err(NoDocument));
        let endless = vec![b'a'; LONGEST];
        assert_eq!(
            documents(&[b"<a>", &endless]),
            Err(NoDocument),
            "memory is not theirs"
        );
    }
}

//! Bytes in any portions to blocks, with bounded memory whatever arrives.

use super::Block;

/// A longer line is cut here. A real one has a few hundred bytes.
const LONGEST_LINE: usize = 16 * 1024;
/// A larger block keeps its beginning only.
const LARGEST_BLOCK: usize = 256 * 1024;

/// What the reader found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The greeting line before the first block.
    Banner(String),
    /// A response, or an event that is wanted.
    Block(Block),
}

/// Turns bytes into frames. Events that nobody needs are passed over without being kept.
#[derive(Debug, Default)]
pub struct Reader {
    greeted: bool,
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
    block: Block,
    /// Lines of the present block so far; blank packets have none.
    seen: usize,
    /// The present block is not wanted: wait for its end.
    skipping: bool,
}

impl Reader {
    /// Takes bytes and hands every finished frame to `found`.
    pub fn feed(&mut self, mut bytes: &[u8], found: &mut impl FnMut(Frame)) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, tail) = bytes.split_at(end);
            bytes = &tail[1..];
            if self.rest.is_empty() {
                self.line(line, found);
            } else {
                self.keep(line);
                let whole = std::mem::take(&mut self.rest);
                self.line(&whole, found);
                self.rest = whole;
                self.rest.clear();
            }
        }
        self.keep(bytes);
    }

    /// Bytes of the greeting that are here without its end, for the check of the protocol.
    pub fn unfinished_greeting(&self) -> Option<&[u8]> {
        (!self.greeted).then_some(&self.rest)
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST_LINE.saturating_sub(self.rest.len());
        self.rest.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn line(&mut self, line: &[u8], found: &mut impl FnMut(Frame)) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = &line[..line.len().min(LONGEST_LINE)];
        if !self.greeted {
            self.greeted = true;
            found(Frame::Banner(String::from_utf8_lossy(line).into_owned()));
        } else if line.is_empty() {
            self.finish(found);
        } else {
            self.header(line);
        }
    }

    fn header(&mut self, line: &[u8]) {
        let place = self.seen;
        self.seen += 1;
        if self.skipping {
            return;
        }
        if place == 0 && !is_wanted(line) {
            self.skipping = true;
            return;
        }
        if self.block.size() + line.len() <= LARGEST_BLOCK {
            self.block.push(&String::from_utf8_lossy(line));
        }
    }

    fn finish(&mut self, found: &mut impl FnMut(Frame)) {
        if self.seen > 0 && !self.skipping {
            found(Frame::Block(std::mem::take(&mut self.block)));
        }
        self.seen = 0;
        self.skipping = false;
    }
}

/// Is this first line the beginning of a block that somebody here reads?
fn is_wanted(line: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(line) else {
        return false;
    };
    let Some((key, value)) = text.split_once(':') else {
        return false;
    };
    key.eq_ignore_ascii_case("Response")
        || (key.eq_ignore_ascii_case("Event") && super::event::is_known(value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TALK: &[u8] =
        b"Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nActionID: 1\r\n\r\n\r\n\
        Event: VarSet\r\nPrivilege: dialplan,all\r\nValue: x\r\n\r\n\
        Event: Hangup\r\nPrivilege: call,all\r\nUniqueid: 1.2\r\nUniqueid: 3.4\r\n\r\n\
        nonsense\r\nEvent: Hangup\r\n\r\nresponse: Goodbye\n\n";

    fn frames(portions: &[&[u8]]) -> Vec<Frame> {
        let mut reader = Reader::default();
        let mut frames = Vec::new();
        for portion in portions {
            reader.feed(portion, &mut |frame| frames.push(frame));
        }
        frames
    }

    #[test]
    fn blocks_are_found_and_others_passed_over() {
        let frames = frames(&[TALK]);
        assert_eq!(frames.len(), 4, "banner, response, one event, goodbye");
        let Frame::Block(hangup) = &frames[2] else {
            panic!("the third frame is the event");
        };
        assert_eq!(hangup.get("uniqueid"), Some("1.2"), "the first value wins");
        assert!(hangup.contradicts("Uniqueid"), "the second one is noticed");
    }

    #[test]
    fn every_split_gives_the_same_frames() {
        let whole = frames(&[TALK]);
        for at in 0..TALK.len() {
            assert_eq!(
                frames(&[&TALK[..at], &TALK[at..]]),
                whole,
                "portions of the network must not matter (split at {at})"
            );
        }
        let single: Vec<&[u8]> = TALK.chunks(1).collect();
        assert_eq!(frames(&single), whole, "byte by byte is the same too");
    }

    #[test]
    fn ten_megabytes_without_an_end_cost_one_line() {
        let mut reader = Reader::default();
        reader.feed(
            b"Asterisk Call Manager/1\r\nEvent: Hangup\r\nX: ",
            &mut |_| {},
        );
        let flood = vec![b'a'; 64 * 1024];
        for _ in 0..160 {
            reader.feed(&flood, &mut |_| {});
        }
        assert!(
            reader.rest.capacity() <= 4 * LONGEST_LINE,
            "a flood must not fill the memory"
        );
        let mut found = 0;
        reader.feed(b"\r\n\r\nEvent: Hangup\r\n\r\n", &mut |_| found += 1);
        assert_eq!(found, 2, "reading goes on behind the flood");
    }

    #[test]
    fn broken_text_is_read_lossily() {
        let frames = frames(&[b"x\nResponse: Success\nMessage: M\xFCller\n\n"]);
        let Frame::Block(block) = &frames[1] else {
            panic!("a block");
        };
        assert_eq!(
            block.get("Message"),
            Some("M\u{FFFD}ller"),
            "Latin-1 is marked"
        );
    }
}

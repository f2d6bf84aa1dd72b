//! The lossless tree: one shared buffer, a flat list of content lines, a flat
//! list of components in the order of their BEGIN.

pub(crate) mod assembly;
pub(crate) mod decode;
pub(crate) mod line;
pub(crate) mod node;
pub(crate) mod print;

use std::borrow::Cow;

use bytes::Bytes;

use crate::fault::Position;
use crate::text::fold;
use line::{Form, Line};
use node::Node;

/// What a calendar is made of. Offsets are `u32`: the input limit keeps them in range.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    /// The input, UTF-8 or nearly so.
    pub(crate) source: Bytes,
    /// The bytes as received, where `source` had to be transcoded from them.
    pub(crate) received: Option<Bytes>,
    /// Offset of the first line (after a byte order mark).
    pub(crate) first: u32,
    /// Offset of what lies beyond a limit, kept but not looked at.
    pub(crate) tail: u32,
    pub(crate) lines: Vec<Line>,
    pub(crate) nodes: Vec<Node>,
    /// Unfolded copies of lines whose head is folded, by the offset of the line.
    pub(crate) copies: Vec<(u32, Box<[u8]>)>,
    /// Unfolded text of lines that were edited or added.
    pub(crate) owned: Vec<Box<[u8]>>,
    /// The line break of added lines.
    pub(crate) eol: &'static str,
    /// Whether anything differs from the input.
    pub(crate) edited: bool,
}

impl Tree {
    pub(crate) fn line(&self, index: u32) -> Line {
        self.lines.get(index as usize).copied().unwrap_or_default()
    }

    pub(crate) fn node(&self, index: u32) -> Node {
        self.nodes.get(index as usize).copied().unwrap_or_default()
    }

    /// The line as it stands in the input, folds included; of an edited line its text.
    pub(crate) fn raw(&self, line: Line) -> &[u8] {
        if line.is(Form::OWNED) {
            return self
                .owned
                .get(line.start as usize)
                .map(AsRef::as_ref)
                .unwrap_or_default();
        }
        self.source
            .get(line.start as usize..line.end as usize)
            .unwrap_or_default()
    }

    /// The bytes that `head` and `value` offsets count in, if they need no unfolding.
    fn base(&self, line: Line) -> &[u8] {
        if line.is(Form::COPIED) {
            let found = self
                .copies
                .binary_search_by_key(&line.start, |(start, _)| *start);
            let copy = found.ok().and_then(|index| self.copies.get(index));
            return copy.map(|(_, text)| text.as_ref()).unwrap_or_default();
        }
        self.raw(line)
    }

    /// Name and parameters with the final colon, unfolded.
    pub(crate) fn head(&self, line: Line) -> &[u8] {
        self.base(line)
            .get(..line.value as usize)
            .unwrap_or_default()
    }

    /// What follows the colon, unfolded.
    pub(crate) fn value(&self, line: Line) -> Cow<'_, [u8]> {
        let value = self
            .base(line)
            .get(line.value as usize..)
            .unwrap_or_default();
        if line.is(Form::FOLDED) && !line.is(Form::COPIED) {
            return fold::unfold(value);
        }
        Cow::Borrowed(value)
    }

    /// Where the byte at `offset` of the unfolded line stands in the input.
    pub(crate) fn position(&self, line: Line, offset: usize) -> Position {
        if line.is(Form::OWNED) {
            return Position {
                line: line.number,
                column: 1,
            };
        }
        position(self.raw(line), line.number, offset)
    }

    /// Offset of the byte after this line and its break.
    pub(crate) fn next_offset(&self, line: Line) -> usize {
        let end = line.end as usize;
        end + crate::text::lines::break_length(&self.source, end)
    }
}

/// Place of a byte of an unfolded line, given its raw form and first physical line.
pub(crate) fn position(raw: &[u8], number: u32, offset: usize) -> Position {
    let at = fold::raw_offset(raw, offset);
    let before = raw.get(..at).unwrap_or(raw);
    let start = memchr::memrchr2(b'\r', b'\n', before).map_or(0, |found| found + 1);
    let breaks = memchr::memchr2_iter(b'\r', b'\n', before)
        .filter(|&at| before.get(at) != Some(&b'\r') || before.get(at + 1) != Some(&b'\n'))
        .count();
    let text = before.get(start..).unwrap_or_default();
    let column = text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() + 1;
    Position {
        line: number.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX)),
        column: u32::try_from(column).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use crate::Calendar;

    #[test]
    fn a_calendar_takes_less_than_twice_the_memory_of_its_text() {
        let event = "BEGIN:VEVENT\r\nUID:1@example.com\r\nDTSTAMP:20260101T000000Z\r\n\
                     DTSTART;TZID=Europe/Berlin:20260301T090000\r\nSUMMARY:Planning\r\n\
                     DESCRIPTION:Please bring the figures of the last quarter\r\nEND:VEVENT\r\n";
        let text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{}END:VCALENDAR\r\n",
            event.repeat(1000)
        );
        let tree = Calendar::parse(&text).unwrap().tree;
        let lines = tree.lines.capacity() * size_of::<super::Line>();
        let nodes = tree.nodes.capacity() * size_of::<super::Node>();
        assert!(
            text.len() + lines + nodes < 2 * text.len(),
            "{lines} {nodes}"
        );
    }
}

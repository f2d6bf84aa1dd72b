//! The form of the text: byte order mark, line breaks, lengths, blank lines.

use super::Finding;
use crate::text::lines::break_length;
use crate::{Position, Rule};

/// Octets of a physical line without its break (RFC 5545 3.1).
const WIDTH: usize = 75;

pub(super) fn check(text: &[u8], findings: &mut Vec<Finding>) {
    let body = text.strip_prefix(b"\xEF\xBB\xBF");
    if body.is_some() {
        findings.push(Finding::new(
            Rule::ByteOrderMark,
            Position { line: 1, column: 1 },
        ));
    }
    let body = body.unwrap_or(text);
    let (mut at, mut line, mut odd_break, mut blank) = (0, 1, false, false);
    while at < body.len() {
        let rest = body.get(at..).unwrap_or_default();
        let length = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        let end = at + length;
        let position = |column| Position { line, column };
        if length > WIDTH {
            findings.push(Finding::new(Rule::LongLine, position(1)));
        }
        if length == 0 && !blank {
            findings.push(Finding::new(Rule::BlankLine, position(1)));
            blank = true;
        }
        let width = break_length(body, end);
        if width < 2 && !odd_break {
            let rule = if width == 0 {
                Rule::NoFinalBreak
            } else {
                Rule::LineBreak
            };
            let characters = rest.get(..length).unwrap_or_default();
            let characters = characters
                .iter()
                .filter(|&&byte| byte & 0xC0 != 0x80)
                .count();
            let column = u32::try_from(characters)
                .unwrap_or(u32::MAX)
                .saturating_add(1);
            findings.push(Finding::new(rule, position(column)));
            odd_break = true;
        }
        at = end + width.max(1);
        line += 1;
    }
}

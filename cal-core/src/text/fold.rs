//! Folding (RFC 5545 3.1): lines of at most 75 octets on the way out, joined bytes on the way in.

use std::borrow::Cow;

use memchr::memchr2;

use super::lines::break_length;

/// Octets of a physical line without its break.
const WIDTH: usize = 75;

/// Joins the physical lines of a content line. Works on bytes, because other
/// programs fold inside a character.
pub(crate) fn unfold(raw: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = next_fold(raw, 0) else {
        return Cow::Borrowed(raw);
    };
    let mut joined = Vec::with_capacity(raw.len());
    let (mut from, mut fold) = (0, Some(first));
    while let Some((at, length)) = fold {
        joined.extend_from_slice(raw.get(from..at).unwrap_or_default());
        from = at + length;
        fold = next_fold(raw, from);
    }
    joined.extend_from_slice(raw.get(from..).unwrap_or_default());
    Cow::Owned(joined)
}

/// Offset and length of the next line break with the one blank that follows it.
fn next_fold(raw: &[u8], from: usize) -> Option<(usize, usize)> {
    let at = from + memchr2(b'\r', b'\n', raw.get(from..)?)?;
    let length = break_length(raw, at);
    let blank = usize::from(matches!(raw.get(at + length), Some(b' ' | b'\t')));
    Some((at, length + blank))
}

/// Where the byte at `offset` of the joined line stands in the raw one.
pub(crate) fn raw_offset(raw: &[u8], offset: usize) -> usize {
    let (mut from, mut left) = (0, offset);
    while let Some((at, length)) = next_fold(raw, from) {
        if left < at - from {
            break;
        }
        left -= at - from;
        from = at + length;
    }
    (from + left).min(raw.len())
}

/// Appends a content line, folded, with its final break.
pub(crate) fn fold_into(out: &mut Vec<u8>, line: &[u8], eol: &[u8]) {
    let mut rest = line;
    let mut width = WIDTH;
    while rest.len() > width {
        let (head, tail) = rest.split_at(boundary(rest, width));
        out.extend_from_slice(head);
        out.extend_from_slice(eol);
        out.push(b' ');
        rest = tail;
        width = WIDTH - 1;
    }
    out.extend_from_slice(rest);
    out.extend_from_slice(eol);
}

/// The last place at or before `width` that does not split a UTF-8 sequence.
fn boundary(bytes: &[u8], width: usize) -> usize {
    let continues = |at: usize| bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
    (width.saturating_sub(3)..=width)
        .rev()
        .find(|&at| !continues(at))
        .unwrap_or(width)
}

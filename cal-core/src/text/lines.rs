//! Splits bytes into content lines without copying: only CRLF, LF and CR are
//! line breaks (RFC 5545 3.1), a following space or tab continues the line.

use memchr::{memchr, memchr2};

/// One content line with its folds, as offsets into the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// First byte.
    pub(crate) start: usize,
    /// One past the last byte before the final line break.
    pub(crate) end: usize,
    /// First byte of the next line.
    pub(crate) next: usize,
    /// Physical lines minus one.
    pub(crate) folds: u32,
}

/// Walks the content lines of an input.
#[derive(Debug, Clone)]
pub(crate) struct Lines<'a> {
    input: &'a [u8],
    at: usize,
    bare_cr: bool,
}

impl<'a> Lines<'a> {
    /// `bare_cr` says whether a CR may stand alone; without it only LF is looked for.
    pub(crate) fn new(input: &'a [u8], at: usize, bare_cr: bool) -> Self {
        Lines { input, at, bare_cr }
    }

    /// End of the physical line that begins at `from`, and start of the one after it.
    #[inline]
    fn physical(&self, from: usize) -> (usize, usize) {
        let rest = self.input.get(from..).unwrap_or_default();
        let found = if self.bare_cr {
            memchr2(b'\r', b'\n', rest)
        } else {
            memchr(b'\n', rest)
        };
        let Some(offset) = found else {
            return (self.input.len(), self.input.len());
        };
        let at = from + offset;
        if self.input.get(at) == Some(&b'\r') {
            let length = if self.input.get(at + 1) == Some(&b'\n') {
                2
            } else {
                1
            };
            return (at, at + length);
        }
        let end = if offset > 0 && self.input.get(at - 1) == Some(&b'\r') {
            at - 1
        } else {
            at
        };
        (end, at + 1)
    }
}

impl Iterator for Lines<'_> {
    type Item = Span;

    #[inline]
    fn next(&mut self) -> Option<Span> {
        let start = self.at;
        if start >= self.input.len() {
            return None;
        }
        let (mut end, mut next) = self.physical(start);
        let mut folds = 0;
        while matches!(self.input.get(next), Some(b' ' | b'\t')) {
            (end, next) = self.physical(next);
            folds += 1;
        }
        self.at = next;
        Some(Span {
            start,
            end,
            next,
            folds,
        })
    }
}

/// Length of the line break that begins at `at`: 0 at the end of the input.
pub(crate) fn break_length(input: &[u8], at: usize) -> usize {
    match (input.get(at), input.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => 2,
        (Some(b'\r' | b'\n'), _) => 1,
        _ => 0,
    }
}

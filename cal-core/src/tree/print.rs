//! The tree back to bytes: spans of the input as they are, edited lines folded.

use std::ops::Range;

use bytes::Bytes;

use super::Tree;
use super::line::{Form, Line};
use crate::text::fold::fold_into;
use crate::text::lines::break_length;

impl Tree {
    /// The whole text. Shares the input's memory when nothing was edited.
    pub(crate) fn to_bytes(&self) -> Bytes {
        if !self.edited {
            return self.received.as_ref().unwrap_or(&self.source).clone();
        }
        let mut out = Vec::with_capacity(self.source.len() + 256);
        let (first, tail) = (self.first as usize, self.tail as usize);
        out.extend_from_slice(self.source.get(..first).unwrap_or_default());
        self.print_lines(0, self.lines.len(), &mut out);
        out.extend_from_slice(self.source.get(tail..).unwrap_or_default());
        out.into()
    }

    /// Appends a range of lines; neighbours in the input are copied at once.
    pub(crate) fn print_lines(&self, from: usize, to: usize, out: &mut Vec<u8>) {
        let base = out.len();
        let mut pending = 0..0;
        for &line in self.lines.get(from..to).unwrap_or_default() {
            if line.is(Form::OWNED) {
                self.copy(std::mem::take(&mut pending), base, out);
                self.close(base, out);
                let eol = self.own_break(line);
                if line.is(Form::RAW) {
                    out.extend_from_slice(self.raw(line));
                    out.extend_from_slice(eol);
                } else {
                    fold_into(out, self.raw(line), eol);
                }
                continue;
            }
            let (start, next) = (line.start as usize, self.next_offset(line));
            if pending.end == start {
                pending.end = next;
            } else {
                self.copy(std::mem::replace(&mut pending, start..next), base, out);
            }
        }
        self.copy(pending, base, out);
    }

    /// The line break of an edited line: that of the line that it stands for.
    fn own_break(&self, line: Line) -> &[u8] {
        let replaced = line.end as usize..self.next_offset(line);
        let found = self.source.get(replaced).unwrap_or_default();
        if line.end == 0 || found.is_empty() {
            return self.eol.as_bytes();
        }
        found
    }

    fn copy(&self, span: Range<usize>, base: usize, out: &mut Vec<u8>) {
        if !span.is_empty() {
            self.close(base, out);
            out.extend_from_slice(self.source.get(span).unwrap_or_default());
        }
    }

    /// Ends a physical line that the input left open at its very end.
    fn close(&self, base: usize, out: &mut Vec<u8>) {
        let printed = out.get(base..).unwrap_or_default();
        if printed
            .last()
            .is_some_and(|byte| !matches!(byte, b'\r' | b'\n'))
        {
            out.extend_from_slice(self.eol.as_bytes());
        }
    }
}

/// The first line break of an input, which added lines take over.
pub(crate) fn eol_of(input: &[u8]) -> &'static str {
    match memchr::memchr2(b'\r', b'\n', input) {
        Some(at) if break_length(input, at) == 2 => "\r\n",
        Some(at) if input.get(at) == Some(&b'\n') => "\n",
        Some(_) => "\r",
        None => "\r\n",
    }
}

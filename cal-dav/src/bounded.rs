//! A stream that fails once it has given more bytes than it may.

use std::io::{self, BufRead, Read};

/// Counts what is taken from a stream.
pub(crate) struct Bounded<R> {
    source: R,
    left: u64,
    exhausted: bool,
}

impl<R> Bounded<R> {
    pub(crate) fn new(source: R, limit: u64) -> Self {
        Self {
            source,
            left: limit,
            exhausted: false,
        }
    }

    /// Whether the limit was passed.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.exhausted
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let held = self.fill_buf()?;
        let count = held.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), held.get(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let held = self.source.fill_buf()?;
        if self.left == 0 && !held.is_empty() {
            self.exhausted = true;
            return Err(io::Error::other("limit"));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        Ok(held.get(..most).unwrap_or(held))
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count as u64);
        self.source.consume(count);
    }
}

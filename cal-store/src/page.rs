//! Listing in pages, so that no answer needs a whole collection in memory.

use std::fmt;

/// Where the next page of a listing begins; only the backend that made it reads it.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// A cursor with the backend's own text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The backend's own text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cursor({:?})", self.0)
    }
}

/// Which part of a listing is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Where to begin: at the start, or at the `next` of the page before.
    pub after: Option<Cursor>,
    /// The greatest number of items wanted, at least 1.
    pub limit: usize,
}

impl PageRequest {
    /// The first page of at most `limit` items.
    #[must_use]
    pub fn first(limit: usize) -> Self {
        Self {
            after: None,
            limit: limit.max(1),
        }
    }

    /// The page that begins at `cursor`.
    #[must_use]
    pub fn after(cursor: Cursor, limit: usize) -> Self {
        Self {
            after: Some(cursor),
            limit: limit.max(1),
        }
    }
}

/// A part of a listing in its stable order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<Cursor>,
}

/// Bytes of the objects of one page, or of one answer of many, beyond which no
/// further one is added: how large each is is others' affair.
pub const OBJECT_BYTES: u64 = 16 << 20;

/// Adds up the sizes of objects until they are more than [`OBJECT_BYTES`].
///
/// For backends: they need not read what comes after that.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weight(u64);

impl Weight {
    /// Adds an object of so many bytes; answers whether there is room for another.
    pub const fn add(&mut self, bytes: u64) -> bool {
        self.0 = self.0.saturating_add(bytes);
        self.0 <= OBJECT_BYTES
    }
}

impl<T> Page<T> {
    /// Cuts a listing of objects that was read with one more than `limit`, or with
    /// one more than there is room for by [`OBJECT_BYTES`].
    ///
    /// `size` tells the bytes of each, and `cursor` makes the cursor from the last
    /// item that stays in the page. One stays, however large it is.
    #[must_use]
    pub fn cut_by_bytes(
        items: Vec<T>,
        limit: usize,
        size: impl Fn(&T) -> u64,
        cursor: impl Fn(&T) -> Cursor,
    ) -> Self {
        let mut weight = Weight::default();
        let fitting = items
            .iter()
            .take_while(|item| weight.add(size(item)))
            .count();
        Self::cut(items, limit.min(fitting.max(1)), cursor)
    }

    /// Cuts a listing that was read with one item more than `limit`.
    ///
    /// `cursor` makes the cursor from the last item that stays in the page.
    #[must_use]
    pub fn cut(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> Cursor) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, next }
    }
}

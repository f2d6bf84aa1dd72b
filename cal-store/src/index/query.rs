//! What backends are asked about the index, and what they answer.

use super::{Category, ReminderKind, Words};
use crate::{
    CollectionId, ComponentKind, Cursor, ETag, Error, IndexRow, Object, ObjectName, Span, Timestamp,
};

/// A question for the objects of a calendar with some words or a category.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SearchQuery {
    /// The calendar.
    pub collection: CollectionId,
    /// Beginnings of words; each must be that of some word of the object.
    pub words: Words,
    /// A category that the object must have.
    pub category: Option<Category>,
    /// Only this kind, or any.
    pub component: Option<ComponentKind>,
}

impl SearchQuery {
    /// The most words of one question.
    pub const MAX_WORDS: usize = 32;

    /// All objects of `collection` that have words beginning with each word of
    /// `text`, in SUMMARY, LOCATION or DESCRIPTION, or in the names and
    /// addresses of ORGANIZER and ATTENDEEs.
    ///
    /// # Errors
    ///
    /// [`Error::Limit`] for more than [`MAX_WORDS`](Self::MAX_WORDS) words.
    pub fn new(collection: CollectionId, text: &str) -> Result<Self, Error> {
        let words = Words::of(text);
        if words.iter().count() > Self::MAX_WORDS {
            return Err(Error::Limit {
                what: "words to search for",
                limit: u64::try_from(Self::MAX_WORDS).unwrap_or(u64::MAX),
            });
        }
        Ok(Self {
            collection,
            words,
            category: None,
            component: None,
        })
    }

    /// Only objects of this category, too.
    #[must_use]
    pub fn with_category(mut self, category: Category) -> Self {
        self.category = Some(category);
        self
    }

    /// Only objects of this kind.
    #[must_use]
    pub const fn with_component(mut self, component: ComponentKind) -> Self {
        self.component = Some(component);
        self
    }

    /// The same question about another calendar.
    #[must_use]
    pub fn in_collection(mut self, collection: CollectionId) -> Self {
        self.collection = collection;
        self
    }
}

/// A question for the reminders of all calendars that are not in the trash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkQuery {
    /// The kind.
    pub kind: ReminderKind,
    /// When they are: in this half-open span.
    pub span: Span,
}

/// An object with a reminder at an instant; in the order of these fields.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marked {
    /// The instant.
    pub at: Timestamp,
    /// The calendar of the object.
    pub collection: CollectionId,
    /// Its name there.
    pub name: ObjectName,
}

/// An object that has an index, wherever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indexed {
    /// Its calendar, which may be in the trash.
    pub collection: CollectionId,
    /// The object.
    pub object: Object,
}

/// A new index for an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reindexed {
    /// Its calendar.
    pub collection: CollectionId,
    /// Its name.
    pub name: ObjectName,
    /// The version that the index is made of; no other gets it.
    pub etag: ETag,
    /// The index.
    pub index: IndexRow,
}

/// Cursors of our own backends.
impl Marked {
    pub(crate) fn cursor(&self) -> Cursor {
        let (at, collection) = (self.at.millis(), self.collection.into_raw());
        Cursor::new(format!("{at} {collection} {}", self.name))
    }

    pub(crate) fn parse(cursor: &Cursor) -> Result<Self, Error> {
        let mut parts = cursor.as_str().splitn(3, ' ');
        let mut next = || parts.next().ok_or(Error::InvalidCursor);
        let number = |text: &str| text.parse().map_err(|_| Error::InvalidCursor);
        Ok(Self {
            at: Timestamp::from_millis(number(next()?)?),
            collection: CollectionId::from_raw(number(next()?)?),
            name: ObjectName::new(next()?).map_err(|_| Error::InvalidCursor)?,
        })
    }
}

/// Cursors of our own backends.
impl Indexed {
    /// The bytes of the object.
    pub(crate) const fn size(&self) -> u64 {
        self.object.entry.size
    }

    pub(crate) fn cursor(&self) -> Cursor {
        let collection = self.collection.into_raw();
        Cursor::new(format!("{collection} {}", self.object.entry.name))
    }

    /// The collection and the name after which a page begins.
    pub(crate) fn parse(cursor: &Cursor) -> Result<(i64, &str), Error> {
        let (collection, name) = cursor
            .as_str()
            .split_once(' ')
            .ok_or(Error::InvalidCursor)?;
        if name.contains('\0') {
            return Err(Error::InvalidCursor);
        }
        let collection = collection.parse().map_err(|_| Error::InvalidCursor)?;
        Ok((collection, name))
    }
}

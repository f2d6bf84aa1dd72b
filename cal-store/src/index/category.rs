//! CATEGORIES (RFC 5545 3.8.1.2), in the form in which they are compared.

use std::fmt;

use super::words::fold;

/// A category without regard to case and accents, and to spaces around it.
///
/// ```
/// use cal_store::Category;
///
/// assert_eq!(Category::of("Été 2026 "), Category::of("ete 2026"));
/// assert_ne!(Category::of("C"), Category::of("C++"));
/// assert_eq!(Category::of(" "), None);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Category(String);

impl Category {
    /// The greatest length in bytes; longer ones are cut.
    pub const MAX_BYTES: usize = 255;

    /// The category of a text; `None` if it is blank.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let mut folded = fold(text.trim());
        folded.retain(|character| !character.is_control());
        let cut = folded.floor_char_boundary(Self::MAX_BYTES);
        let folded = folded.get(..cut).unwrap_or_default().trim();
        Some(Self(folded.to_owned())).filter(|category| !category.0.is_empty())
    }

    /// Its text, as it is compared.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A category that a backend has stored before.
    #[must_use]
    pub fn from_stored(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Category({:?})", self.0)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A category of a calendar, and how many of its objects have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryCount {
    /// The category.
    pub category: Category,
    /// The objects that have it.
    pub objects: u64,
}

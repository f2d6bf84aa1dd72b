//! What can be wrong with a document, a header or a name.

use crate::limits::Bound;
use crate::name::Name;
use crate::response::Precondition;

/// The longest excerpt of input that an error carries, in characters.
const EXCERPT: usize = 120;

/// Why a document, a header field or a value was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not well-formed XML with namespaces.
    #[error("byte {offset}: {reason}")]
    Malformed {
        /// Where, in bytes from the start of the document.
        offset: u64,
        /// The rule that was broken.
        reason: String,
    },
    /// The document has a document type or entity declaration, which is never
    /// read (RFC 4918 section 20.6).
    #[error("byte {offset}: document type declarations are refused")]
    DocumentType {
        /// Where, in bytes from the start of the document.
        offset: u64,
    },
    /// The document is in an encoding other than UTF-8 or UTF-16.
    #[error("encoding {0:?} is not read")]
    Encoding(String),
    /// The document passes one of its [`Limits`](crate::Limits).
    #[error("more than {limit} {bound}")]
    Limit {
        /// What there was too much of.
        bound: Bound,
        /// The most there may be.
        limit: u64,
    },
    /// The stream behind the reader failed.
    #[error("the document could not be read: {0}")]
    Read(String),
    /// The text is not an XML name.
    #[error("{0:?} is not an XML name")]
    Name(String),
    /// The document is another one than was asked for.
    #[error("expected {expected}, found {found}")]
    Root {
        /// The root element wanted.
        expected: String,
        /// The root element of the document.
        found: Name,
    },
    /// An element lacks a child that it must have.
    #[error("{parent} has no {child}")]
    Missing {
        /// The element.
        parent: Name,
        /// What it lacks: the name of an element or attribute.
        child: String,
    },
    /// An element, attribute or header has a value that is none of its own.
    #[error("{place}: {reason}: {found:?}")]
    Value {
        /// The element, attribute or header.
        place: String,
        /// The rule that was broken.
        reason: &'static str,
        /// The value, shortened.
        found: String,
    },
    /// The request breaks a precondition that its XML alone can show.
    #[error("{place}: {reason}")]
    Precondition {
        /// The precondition.
        precondition: Box<Precondition>,
        /// The element.
        place: String,
        /// The rule that was broken.
        reason: String,
    },
}

impl Error {
    /// The precondition to answer with, where the fault has one.
    #[must_use]
    pub fn precondition(&self) -> Option<&Precondition> {
        match self {
            Self::Precondition { precondition, .. } => Some(precondition),
            Self::DocumentType { .. } => Some(&Precondition::NoExternalEntities),
            _ => None,
        }
    }

    /// Whether it is the document as a whole that cannot be read, so that
    /// nothing comes after this error.
    #[must_use]
    pub fn is_of_document(&self) -> bool {
        match self {
            Self::Malformed { .. }
            | Self::DocumentType { .. }
            | Self::Encoding(_)
            | Self::Limit { .. }
            | Self::Read(_)
            | Self::Root { .. } => true,
            Self::Name(_)
            | Self::Missing { .. }
            | Self::Value { .. }
            | Self::Precondition { .. } => false,
        }
    }

    pub(crate) fn name(text: &str) -> Self {
        Self::Name(excerpt(text))
    }

    pub(crate) fn missing(parent: &Name, child: &str) -> Self {
        Self::Missing {
            parent: parent.clone(),
            child: child.to_owned(),
        }
    }

    pub(crate) fn value(
        place: &(impl std::fmt::Display + ?Sized),
        reason: &'static str,
        found: &str,
    ) -> Self {
        Self::Value {
            place: place.to_string(),
            reason,
            found: excerpt(found),
        }
    }

    pub(crate) fn broken(
        precondition: Precondition,
        place: &Name,
        reason: impl Into<String>,
    ) -> Self {
        Self::Precondition {
            precondition: Box::new(precondition),
            place: place.to_string(),
            reason: reason.into(),
        }
    }

    /// The same fault, as one that makes a filter invalid.
    pub(crate) fn into_invalid_filter(self) -> Self {
        match self {
            Self::Missing { ref parent, .. } => Self::Precondition {
                precondition: Box::new(Precondition::ValidFilter),
                place: parent.to_string(),
                reason: self.to_string(),
            },
            Self::Value {
                place,
                reason,
                found,
            } => Self::Precondition {
                precondition: Box::new(Precondition::ValidFilter),
                place,
                reason: format!("{reason}: {found:?}"),
            },
            other => other,
        }
    }
}

fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT).collect()
}

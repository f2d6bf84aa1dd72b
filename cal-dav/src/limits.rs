//! How much XML is read before the reader gives up.

use std::fmt;

/// Bounds on one document. Passing one of them is [`Error::Limit`](crate::Error::Limit).
///
/// ```
/// use cal_dav::{Element, Error, Limits};
///
/// let narrow = Limits { depth: 2, ..Limits::REQUEST };
/// let deep = b"<a><b><c/></b></a>";
/// assert!(matches!(Element::parse(deep, &narrow), Err(Error::Limit { .. })));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document.
    pub bytes: u64,
    /// Elements inside elements.
    pub depth: usize,
    /// Elements of the document.
    pub elements: usize,
    /// Attributes of one element, namespace declarations included.
    pub attributes: usize,
    /// Namespace declarations in force at one place.
    pub namespaces: usize,
}

impl Limits {
    /// For bodies that a server receives: 10 MiB, 200,000 elements.
    pub const REQUEST: Self = Self {
        bytes: 10 * 1024 * 1024,
        depth: 64,
        elements: 200_000,
        attributes: 64,
        namespaces: 256,
    };

    /// For bodies that a client receives: 256 MiB, 20 million elements.
    pub const RESPONSE: Self = Self {
        bytes: 256 * 1024 * 1024,
        elements: 20_000_000,
        ..Self::REQUEST
    };
}

/// Which of the [`Limits`] was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Bound {
    /// [`Limits::bytes`].
    Bytes,
    /// [`Limits::depth`].
    Depth,
    /// [`Limits::elements`].
    Elements,
    /// [`Limits::attributes`].
    Attributes,
    /// [`Limits::namespaces`].
    Namespaces,
}

impl fmt::Display for Bound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Bytes => "bytes",
            Self::Depth => "nested elements",
            Self::Elements => "elements",
            Self::Attributes => "attributes of an element",
            Self::Namespaces => "namespace declarations",
        })
    }
}

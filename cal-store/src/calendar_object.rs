//! Calendar objects (RFC 4791 4.1): what a calendar accepts, and its index.

use crate::{ComponentKind, Components, Error, IndexRow, Recurrence, Span, Uid};

/// Why bytes are not a calendar object, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct InvalidObject {
    /// What is wrong.
    #[source]
    pub fault: ObjectFault,
    /// The line it is wrong in, from 1, if it is in one.
    pub line: Option<usize>,
}

/// What is wrong with bytes that should be a calendar object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectFault {
    /// They are not iCalendar text at all, or break off (RFC 5545).
    #[error("not iCalendar: {0}")]
    NotCalendar(String),
    /// There is a METHOD, which only messages have.
    #[error("a stored object has no METHOD")]
    Method,
    /// There is nothing but time zones.
    #[error("no component besides time zones")]
    NoComponent,
    /// There are components of different kinds.
    #[error("both {0} and {1}")]
    SeveralKinds(String, String),
    /// A component has no UID.
    #[error("no UID")]
    NoUid,
    /// The components have different UIDs.
    #[error("both UID {0} and {1}")]
    SeveralUids(String, String),
    /// Two components are the same instance, or the master twice.
    #[error("two components for the same instance")]
    DuplicateInstance,
}

/// How much is asked of bytes before they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// They come from outside and must be a calendar object.
    Validating,
    /// They were stored before and are only indexed.
    Trusting,
}

/// The index of a calendar object.
pub(crate) fn index(
    body: &[u8],
    supported: Components,
    reading: Reading,
) -> Result<IndexRow, Error> {
    let text = String::from_utf8_lossy(body);
    let invalid = |fault| Error::InvalidObject(InvalidObject { fault, line: None });
    if !text.starts_with("BEGIN:VCALENDAR") && reading == Reading::Validating {
        return Err(invalid(ObjectFault::NotCalendar(
            "no BEGIN:VCALENDAR".into(),
        )));
    }
    let uid = text.lines().find_map(|line| line.strip_prefix("UID:"));
    let uid = Uid::new(uid.ok_or_else(|| invalid(ObjectFault::NoUid))?)?;
    let component = text.lines().filter_map(|line| line.strip_prefix("BEGIN:"));
    let mut component = component.filter_map(|name| name.parse::<ComponentKind>().ok());
    let component = component.next_back().ok_or(Error::UnsupportedComponent {
        component: None,
        supported,
    })?;
    Ok(IndexRow::new(uid, component)
        .with_span(Span::ALWAYS)
        .with_recurrence(Recurrence::Once))
}

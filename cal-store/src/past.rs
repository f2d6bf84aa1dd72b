//! Collections as they were at an instant.
//!
//! The state at an instant is, of each name, the latest version in sequence
//! among those made up to then, unless it had ended by then. Where clocks went
//! backwards, order is that of the sequence.

use crate::{
    Collection, CollectionId, CollectionKind, CollectionName, Details, ObjectName, Page,
    Properties, Timestamp, Version,
};

/// A collection as it was, without its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastCollection {
    /// The identity that never changes.
    pub id: CollectionId,
    /// Where it was; `None` for a home.
    pub parent: Option<CollectionId>,
    /// Its name there.
    pub name: CollectionName,
    /// What it holds.
    pub kind: CollectionKind,
    /// What people saw of it.
    pub details: Details,
    /// All other properties.
    pub properties: Properties,
    /// When it had come to be so.
    pub since: Timestamp,
}

impl PastCollection {
    /// A collection as it is, having been so since an instant.
    #[must_use]
    pub fn of(collection: &Collection, since: Timestamp) -> Self {
        Self {
            id: collection.id,
            parent: collection.parent,
            name: collection.name.clone(),
            kind: collection.kind,
            details: collection.details.clone(),
            properties: collection.properties.clone(),
            since,
        }
    }
}

/// An object as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastEntry {
    /// Its name.
    pub name: ObjectName,
    /// The version that was current.
    pub version: Version,
}

/// A collection as it was, with a page of its objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionAt {
    /// The collection.
    pub collection: PastCollection,
    /// Its objects, by name.
    pub entries: Page<PastEntry>,
}

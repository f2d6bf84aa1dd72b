//! What is in a collection.

use serde::{Deserialize, Serialize};

use super::Place;
use crate::{Body, Uid};

/// All objects of a collection, without their bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// One for each object, in any order.
    pub entries: Vec<Entry>,
    /// Whether these are known to be all.
    pub completeness: Completeness,
}

impl Listing {
    /// These are all there are.
    #[must_use]
    pub fn complete(entries: Vec<Entry>) -> Self {
        Self {
            entries,
            completeness: Completeness::Complete,
        }
    }
}

/// An object in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it is, in which version.
    pub place: Place,
    /// Its UID, if the endpoint knows it without reading the object.
    pub uid: Option<Uid>,
}

/// Whether a listing is whole. What is missing from one that is not is
/// unknown, never deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Completeness {
    /// The endpoint answered for everything, and it was the right one.
    Complete,
    /// Something may be missing, for this reason.
    Partial(String),
}

/// An object with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Where it is, in the version that these bytes are.
    pub place: Place,
    /// The bytes.
    pub body: Body,
}

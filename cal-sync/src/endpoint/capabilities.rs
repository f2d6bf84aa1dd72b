//! What an endpoint can carry.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What can be put at an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Capabilities {
    /// Whether anything can be put there.
    pub access: Access,
    /// The kinds of objects that it takes (`VEVENT`, `VTODO`, ...); `None` if
    /// it takes whatever it is given.
    pub components: Option<BTreeSet<String>>,
    /// The greatest size of an object in bytes, if there is one.
    pub max_size: Option<u64>,
}

impl Capabilities {
    /// Everything can be put there.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// With this access.
    #[must_use]
    pub fn with_access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// Only with objects of these kinds.
    #[must_use]
    pub fn with_components<I: Into<String>>(mut self, kinds: impl IntoIterator<Item = I>) -> Self {
        self.components = Some(kinds.into_iter().map(Into::into).collect());
        self
    }

    /// Only with objects of at most this many bytes.
    #[must_use]
    pub fn with_max_size(mut self, bytes: u64) -> Self {
        self.max_size = Some(bytes);
        self
    }
}

/// Whether an endpoint can be written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// It can.
    #[default]
    ReadWrite,
    /// It cannot: nothing is ever written there.
    ReadOnly,
}

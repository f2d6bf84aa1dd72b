//! Properties of resources that the store keeps without understanding them.

use std::collections::BTreeMap;
use std::fmt;

use crate::Error;
use crate::name::{Fault, invalid};

/// The expanded name of a property: namespace and local name.
///
/// Attributes and prefixes are no part of it, so a property that is set again
/// with other attributes is replaced.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PropertyName {
    namespace: String,
    local: String,
}

impl PropertyName {
    /// The greatest length of namespace and local name together, in bytes.
    pub const MAX_BYTES: usize = 1024;

    /// The name `local` in `namespace`, which may be empty.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidName`] if there is no local name or both are too long.
    pub fn new(namespace: impl Into<String>, local: impl Into<String>) -> Result<Self, Error> {
        const NOUN: &str = "property name";
        let (namespace, local) = (namespace.into(), local.into());
        if local.is_empty() {
            return Err(invalid(NOUN, Fault::Empty));
        }
        if namespace.len().saturating_add(local.len()) > Self::MAX_BYTES {
            return Err(invalid(NOUN, Fault::TooLong(Self::MAX_BYTES)));
        }
        Ok(Self { namespace, local })
    }

    /// A name that was checked when it was stored.
    #[must_use]
    pub fn from_stored(namespace: String, local: String) -> Self {
        Self { namespace, local }
    }

    /// The namespace, empty if the name is in none.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The local name.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }
}

impl fmt::Display for PropertyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}{}", self.namespace, self.local)
    }
}

impl fmt::Debug for PropertyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Properties by name; each value is the XML that the client sent.
pub type Properties = BTreeMap<PropertyName, String>;

/// Properties to set and to remove, all or none.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct PropertyChanges {
    /// Values to set, replacing what is there.
    pub set: Properties,
    /// Names to remove; those that are not there are no error.
    pub remove: Vec<PropertyName>,
}

impl PropertyChanges {
    /// Makes the changes to `properties`.
    pub fn apply(&self, properties: &mut Properties) {
        for name in &self.remove {
            properties.remove(name);
        }
        for (name, value) in &self.set {
            properties.insert(name.clone(), value.clone());
        }
    }

    /// The total length of the values to set, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.set.values().map(String::len).sum()
    }
}

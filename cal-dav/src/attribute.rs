//! Attributes of elements.

use crate::name::{Name, Namespace};

/// One attribute of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its expanded name; unprefixed attributes are in no namespace.
    pub name: Name,
    /// Its value, with references resolved.
    pub value: String,
}

impl Attribute {
    /// `xml:lang` with this language tag.
    #[must_use]
    pub fn language(tag: &str) -> Self {
        Self {
            name: Name::known(Namespace::XML, "lang"),
            value: tag.to_owned(),
        }
    }

    /// Whether this is `xml:lang`.
    #[must_use]
    pub fn is_language(&self) -> bool {
        self.name.parts() == (Namespace::XML.as_str(), "lang")
    }
}

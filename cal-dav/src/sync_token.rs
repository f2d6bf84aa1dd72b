//! Sync tokens (RFC 6578 section 4).

use std::fmt;

use crate::name::dav;
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// `DAV:sync-token`: the state of a collection as the server names it, a URI
/// that clients never look into.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SyncToken(String);

impl SyncToken {
    /// The token with this text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The token in an element, where it is not empty.
    pub(crate) fn read_lenient(element: &Element) -> Option<Self> {
        let text = element.text();
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for SyncToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl XmlElement for SyncToken {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::SYNC_TOKEN)?;
        Self::read_lenient(element).ok_or_else(|| Error::value(element.name(), "empty", ""))
    }

    fn write(&self, writer: &mut Writer) {
        writer.text_element(&dav::SYNC_TOKEN, &self.0);
    }
}

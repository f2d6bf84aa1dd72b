//! ATTACH (RFC 5545 3.8.1.1, RFC 8607) and IMAGE (RFC 7986 5.10).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fields::capitals;
use crate::{Error, Property, Rule, ValueType};

/// A document or picture that belongs to a component: by its address, or with
/// its bytes in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attachment<'a>(Property<'a>);

impl<'a> Attachment<'a> {
    pub(super) fn new(property: Property<'a>) -> Self {
        Attachment(property)
    }

    /// The property that this is a view of.
    #[must_use]
    pub fn property(&self) -> Property<'a> {
        self.0
    }

    /// Whether its bytes are in the text (`VALUE=BINARY`).
    #[must_use]
    pub fn is_inline(&self) -> bool {
        self.0.value_type() == ValueType::Binary
    }

    /// Its address; `None` where its bytes are in the text.
    #[must_use]
    pub fn uri(&self) -> Option<Cow<'a, str>> {
        (!self.is_inline()).then(|| self.0.raw_value())
    }

    /// Its bytes, decoded from base64; `None` where it has only an address.
    ///
    /// # Errors
    /// If the value is not base64.
    pub fn bytes(&self) -> Result<Option<Vec<u8>>, Error> {
        if !self.is_inline() {
            return Ok(None);
        }
        let raw = self.0.raw_value();
        match STANDARD.decode(raw.trim()) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(_) => Err(self.0.fault(Rule::BadBinary, &raw)),
        }
    }

    /// `FMTTYPE`: its media type.
    #[must_use]
    pub fn media_type(&self) -> Option<Cow<'a, str>> {
        self.0.parameter("FMTTYPE")
    }

    /// `FILENAME` (RFC 8607), else Apple's `X-FILENAME`.
    #[must_use]
    pub fn file_name(&self) -> Option<Cow<'a, str>> {
        self.0
            .parameter("FILENAME")
            .or_else(|| self.0.parameter("X-FILENAME"))
    }

    /// `SIZE` (RFC 8607): how many bytes the document has.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.0.parameter("SIZE")?.trim().parse().ok()
    }

    /// `MANAGED-ID` (RFC 8607): the server's name for it.
    #[must_use]
    pub fn managed_id(&self) -> Option<Cow<'a, str>> {
        self.0.parameter("MANAGED-ID")
    }

    /// `DISPLAY` of an IMAGE in capitals: how it is meant to be shown. BADGE
    /// where there is none.
    #[must_use]
    pub fn displays(&self) -> Vec<Cow<'a, str>> {
        let all = self.0.parameters().find(|found| found.is("DISPLAY"));
        match all {
            Some(display) => display.values().map(capitals).collect(),
            None => vec![Cow::Borrowed("BADGE")],
        }
    }
}

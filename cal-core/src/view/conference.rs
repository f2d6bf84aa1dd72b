//! CONFERENCE (RFC 7986 5.11).

use std::borrow::Cow;

use super::fields::capitals;
use crate::Property;

/// A way to take part from afar: a call, a chat, a video room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conference<'a>(Property<'a>);

impl<'a> Conference<'a> {
    pub(super) fn new(property: Property<'a>) -> Self {
        Conference(property)
    }

    /// The property that this is a view of.
    #[must_use]
    pub fn property(&self) -> Property<'a> {
        self.0
    }

    /// Its address.
    #[must_use]
    pub fn uri(&self) -> Cow<'a, str> {
        self.0.raw_value()
    }

    /// `FEATURE` in capitals: AUDIO, VIDEO, PHONE, MODERATOR…
    #[must_use]
    pub fn features(&self) -> Vec<Cow<'a, str>> {
        let all = self.0.parameters().find(|found| found.is("FEATURE"));
        all.map(|feature| feature.values().map(capitals).collect())
            .unwrap_or_default()
    }

    /// `LABEL`: the text to show.
    #[must_use]
    pub fn label(&self) -> Option<Cow<'a, str>> {
        self.0.parameter("LABEL")
    }
}

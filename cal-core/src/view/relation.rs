//! RELATED-TO (RFC 5545 3.8.4.5, RFC 9253 9.1) and LINK (RFC 9253 8.2).

use std::borrow::Cow;

use super::fields::capitals;
use crate::{Duration, Error, Property};

/// How a component relates to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation<'a>(Property<'a>);

impl<'a> Relation<'a> {
    pub(super) fn new(property: Property<'a>) -> Self {
        Relation(property)
    }

    /// The property that this is a view of.
    #[must_use]
    pub fn property(&self) -> Property<'a> {
        self.0
    }

    /// The UID of the other component (or its address, by `VALUE=URI`).
    #[must_use]
    pub fn target(&self) -> Cow<'a, str> {
        self.0.text()
    }

    /// `RELTYPE` in capitals: what the other one is to this one. PARENT where
    /// there is none.
    #[must_use]
    pub fn kind(&self) -> Cow<'a, str> {
        self.0
            .parameter("RELTYPE")
            .map_or(Cow::Borrowed("PARENT"), capitals)
    }

    /// `GAP` (RFC 9253): the time between the two, negative for an overlap.
    ///
    /// # Errors
    /// If it is not a duration.
    pub fn gap(&self) -> Result<Option<Duration>, Error> {
        self.0.parameter("GAP").map(|gap| gap.parse()).transpose()
    }
}

/// A typed reference to something outside of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a>(Property<'a>);

impl<'a> Link<'a> {
    pub(super) fn new(property: Property<'a>) -> Self {
        Link(property)
    }

    /// The property that this is a view of.
    #[must_use]
    pub fn property(&self) -> Property<'a> {
        self.0
    }

    /// What it points at: a URI, or a UID by `VALUE=UID`.
    #[must_use]
    pub fn target(&self) -> Cow<'a, str> {
        self.0.raw_value()
    }

    /// `LINKREL`: what the target is to the component.
    #[must_use]
    pub fn relation(&self) -> Option<Cow<'a, str>> {
        self.0.parameter("LINKREL")
    }

    /// `LABEL`: the text to show.
    #[must_use]
    pub fn label(&self) -> Option<Cow<'a, str>> {
        self.0.parameter("LABEL")
    }

    /// `FMTTYPE`: the media type of the target.
    #[must_use]
    pub fn media_type(&self) -> Option<Cow<'a, str>> {
        self.0.parameter("FMTTYPE")
    }
}

//! A component to be written.

use std::fmt;

use bytes::Bytes;
use chrono::NaiveDateTime;

use super::NewProperty;
use crate::parameter::is_name;
use crate::text::fold::fold_into;
use crate::{Calendar, ComponentKind, Duration, Error, Moment, PropertyKind, Reader, fault};

/// A component to be written: properties and components inside it, in the
/// order they were added.
///
/// ```
/// use cal_core::{Calendar, Moment, NewComponent};
///
/// let stamp = "2026-01-01T12:00:00".parse()?;
/// let event = NewComponent::event("standup@example.com", stamp)
///     .with_start(&Moment::parse("20260301T090000", Some("Europe/Berlin"))?)
///     .with_summary("Standup");
/// let calendar = event.into_calendar("-//Example//EN");
/// assert_eq!(calendar.events().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewComponent {
    name: String,
    properties: Vec<NewProperty>,
    components: Vec<NewComponent>,
}

impl NewComponent {
    /// An empty component.
    ///
    /// # Errors
    /// If the name is not made of letters, digits and hyphens.
    pub fn new(name: &str) -> Result<Self, Error> {
        if !is_name(name) {
            return Err(Error::Name {
                name: fault::quoted(name.as_bytes()),
            });
        }
        Ok(Self::named(name))
    }

    fn named(name: &str) -> Self {
        NewComponent {
            name: name.to_owned(),
            properties: Vec::new(),
            components: Vec::new(),
        }
    }

    fn stamped(kind: ComponentKind, uid: &str, stamp: NaiveDateTime) -> Self {
        Self::named(kind.name().unwrap_or("X-OTHER"))
            .with(NewProperty::of(PropertyKind::Uid).with_text(uid))
            .with(NewProperty::of(PropertyKind::DtStamp).with_moment(&Moment::Utc(stamp)))
    }

    /// A VEVENT with its UID and DTSTAMP (in UTC).
    #[must_use]
    pub fn event(uid: &str, stamp: NaiveDateTime) -> Self {
        Self::stamped(ComponentKind::Event, uid, stamp)
    }

    /// A VTODO with its UID and DTSTAMP (in UTC).
    #[must_use]
    pub fn todo(uid: &str, stamp: NaiveDateTime) -> Self {
        Self::stamped(ComponentKind::Todo, uid, stamp)
    }

    /// A VJOURNAL with its UID and DTSTAMP (in UTC).
    #[must_use]
    pub fn journal(uid: &str, stamp: NaiveDateTime) -> Self {
        Self::stamped(ComponentKind::Journal, uid, stamp)
    }

    /// A VFREEBUSY with its UID and DTSTAMP (in UTC).
    #[must_use]
    pub fn free_busy(uid: &str, stamp: NaiveDateTime) -> Self {
        Self::stamped(ComponentKind::FreeBusy, uid, stamp)
    }

    /// A VALARM that shows a text so long after the start (before it, if negative).
    #[must_use]
    pub fn display_alarm(text: &str, after_start: Duration) -> Self {
        Self::named("VALARM")
            .with(NewProperty::of(PropertyKind::Action).with_raw_value("DISPLAY"))
            .with(NewProperty::of(PropertyKind::Description).with_text(text))
            .with(NewProperty::of(PropertyKind::Trigger).with_duration(after_start))
    }

    /// Adds a property.
    #[must_use]
    pub fn with(mut self, property: NewProperty) -> Self {
        self.properties.push(property);
        self
    }

    /// Adds a component inside.
    #[must_use]
    pub fn with_component(mut self, component: NewComponent) -> Self {
        self.components.push(component);
        self
    }

    /// Adds `DTSTART`.
    #[must_use]
    pub fn with_start(self, start: &Moment) -> Self {
        self.with(NewProperty::of(PropertyKind::DtStart).with_moment(start))
    }

    /// Adds `DTEND`, exclusive.
    #[must_use]
    pub fn with_end(self, end: &Moment) -> Self {
        self.with(NewProperty::of(PropertyKind::DtEnd).with_moment(end))
    }

    /// Adds `DURATION`.
    #[must_use]
    pub fn with_duration(self, duration: Duration) -> Self {
        self.with(NewProperty::of(PropertyKind::Duration).with_duration(duration))
    }

    /// Adds `SUMMARY`.
    #[must_use]
    pub fn with_summary(self, summary: &str) -> Self {
        self.with(NewProperty::of(PropertyKind::Summary).with_text(summary))
    }

    /// The text, folded, with CRLF line breaks.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut out = Vec::new();
        self.print_into(&mut out);
        out.into()
    }

    fn print_into(&self, out: &mut Vec<u8>) {
        let eol = b"\r\n";
        fold_into(out, format!("BEGIN:{}", self.name).as_bytes(), eol);
        for property in &self.properties {
            fold_into(out, property.to_string().as_bytes(), eol);
        }
        for component in &self.components {
            component.print_into(out);
        }
        fold_into(out, format!("END:{}", self.name).as_bytes(), eol);
    }

    /// A calendar with this component alone; `product` is its PRODID.
    #[must_use]
    pub fn into_calendar(self, product: &str) -> Calendar {
        let calendar = Self::named("VCALENDAR")
            .with(NewProperty::of(PropertyKind::Version).with_raw_value("2.0"))
            .with(NewProperty::of(PropertyKind::ProdId).with_text(product))
            .with_component(self);
        Reader::new().read(calendar.to_bytes()).calendar
    }
}

impl fmt::Display for NewComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.to_bytes()))
    }
}

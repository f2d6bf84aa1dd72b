//! A component to be written.

use std::fmt;

use bytes::Bytes;
use cal_rrule::RRule;
use chrono::NaiveDateTime;

use super::NewProperty;
use crate::parameter::is_name;
use crate::text::fold::fold_into;
use crate::{
    Calendar, ComponentKind, Duration, Error, Moment, PropertyKind, Reader, Trigger, fault,
};

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

    /// An empty component with a name that is known to be one.
    pub(crate) fn named(name: &str) -> Self {
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

    /// A VALARM with an action such as EMAIL or AUDIO and its trigger; what
    /// else the action needs (RFC 5545 3.6.6) is to be added.
    #[must_use]
    pub fn alarm(action: &str, trigger: &Trigger) -> Self {
        let property = NewProperty::of(PropertyKind::Trigger);
        Self::named("VALARM")
            .with(NewProperty::of(PropertyKind::Action).with_raw_value(action))
            .with(match trigger {
                Trigger::FromStart(after) => property.with_duration(*after),
                Trigger::FromEnd(after) => property
                    .with_parameter("RELATED", "END")
                    .with_duration(*after),
                Trigger::At(moment) => property
                    .with_moment(moment)
                    .with_parameter("VALUE", "DATE-TIME"),
            })
    }

    /// An empty VCALENDAR; `product` is its PRODID.
    #[must_use]
    pub fn calendar(product: &str) -> Self {
        Self::named("VCALENDAR")
            .with(NewProperty::of(PropertyKind::Version).with_raw_value("2.0"))
            .with(NewProperty::of(PropertyKind::ProdId).with_text(product))
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

    /// Adds `RRULE`.
    #[must_use]
    pub fn with_recurrence_rule(self, rule: &RRule) -> Self {
        self.with(NewProperty::of(PropertyKind::RRule).with_recurrence_rule(rule))
    }

    /// Adds `ORGANIZER` and its name; `address` is a URI such as `mailto:…`.
    #[must_use]
    pub fn with_organizer(self, address: &str, name: &str) -> Self {
        self.with(
            NewProperty::of(PropertyKind::Organizer)
                .with_parameter("CN", name)
                .with_raw_value(address),
        )
    }

    /// Adds an `ATTENDEE` who is asked for an answer; `address` is a URI such
    /// as `mailto:…`. For other parameters, use [`NewComponent::with`].
    #[must_use]
    pub fn with_attendee(self, address: &str, name: &str) -> Self {
        self.with(
            NewProperty::of(PropertyKind::Attendee)
                .with_parameter("CN", name)
                .with_parameter("PARTSTAT", "NEEDS-ACTION")
                .with_parameter("RSVP", "TRUE")
                .with_raw_value(address),
        )
    }

    /// Adds a property of a kind with a text, such as `LOCATION`.
    #[must_use]
    pub fn with_text(self, kind: PropertyKind, text: &str) -> Self {
        self.with(NewProperty::of(kind).with_text(text))
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

    /// A calendar with this component alone; `product` is its PRODID. For
    /// several components, see [`NewComponent::calendar`].
    #[must_use]
    pub fn into_calendar(self, product: &str) -> Calendar {
        let calendar = Self::calendar(product).with_component(self);
        calendar.read()
    }

    /// The calendar that the text of this one, a VCALENDAR, is.
    #[must_use]
    pub fn read(&self) -> Calendar {
        Reader::new().read(self.to_bytes()).calendar
    }
}

impl fmt::Display for NewComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.to_bytes()))
    }
}

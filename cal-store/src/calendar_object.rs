//! Calendar objects (RFC 4791 4.1): what a calendar accepts, and its index.
//!
//! Accepted is all that can be indexed safely, with whatever quirks its client
//! has; see the table of refusals in [`ObjectFault`].

use bytes::Bytes;
use cal_core::{
    Calendar, Component, Event, Fault, Object, PropertyKind, Reader, Reading as Read,
    ResourceFault, TimeZones,
};
use cal_freebusy::Interval;

use crate::busy::{Reckoned, Reckoning};
use crate::index::{WordsBuilder, marks};
use crate::{
    Category, ComponentKind, Components, Error, IndexRow, ObjectBusy, Recurrence, Span, Timestamp,
    Uid, unreadable_time,
};

/// Why bytes are not a calendar object, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{fault}", Place(*line))]
pub struct InvalidObject {
    /// What is wrong.
    pub fault: ObjectFault,
    /// The line it is wrong in, from 1, if it is in one.
    pub line: Option<u32>,
}

/// What is wrong with bytes that should be a calendar object.
///
/// The first three are no valid iCalendar (RFC 5545); the others are no
/// calendar object resource (RFC 4791 4.1).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectFault {
    /// They are not iCalendar text, or hold a NUL byte.
    #[error("not iCalendar: {0}")]
    NotCalendar(String),
    /// They break off.
    #[error("the text breaks off: {0}")]
    Incomplete(String),
    /// An event has no start, or one that is no time.
    #[error("an event without a start: {0}")]
    NoStart(String),
    /// There is a METHOD, which only messages have.
    #[error("a stored object has no METHOD")]
    Method,
    /// There is nothing but time zones.
    #[error("no component besides time zones")]
    NoComponent,
    /// There are components of different kinds.
    #[error("both {0} and {1}")]
    SeveralKinds(String, String),
    /// A component has no UID.
    #[error("no UID")]
    NoUid,
    /// The UID is longer than a store keeps, or has control characters.
    #[error("{0}")]
    BadUid(String),
    /// The components have different UIDs.
    #[error("both UID {0} and {1}")]
    SeveralUids(String, String),
    /// Two components are the same instance, or the master twice.
    #[error("two components for the same instance")]
    SameInstance,
}

impl ObjectFault {
    /// Whether the bytes are not even valid iCalendar (RFC 5545), as opposed to
    /// iCalendar that is no calendar object.
    #[must_use]
    pub const fn is_syntax(&self) -> bool {
        matches!(
            self,
            Self::NotCalendar(_) | Self::Incomplete(_) | Self::NoStart(_)
        )
    }

    const fn at(self, line: Option<u32>) -> InvalidObject {
        InvalidObject { fault: self, line }
    }
}

/// How much is asked of bytes before they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// They come from outside and must be a calendar object.
    Validating,
    /// They were stored before and are only indexed.
    Trusting,
}

/// The index of a calendar object, seen at an instant, and when it takes time,
/// if that is asked for.
pub(crate) fn index(
    body: &Bytes,
    (supported, reading): (Components, Reading),
    reckoning: Option<&Reckoning>,
    seen_at: Timestamp,
) -> Result<(IndexRow, Option<ObjectBusy>), Error> {
    let read = Reader::new().read(body.clone());
    let objects;
    let object = match reading {
        Reading::Validating => &validate(body, &read).map_err(Error::InvalidObject)?,
        Reading::Trusting => {
            objects = read.calendar.objects();
            first(&objects)?
        }
    };
    let mut row = bare_row(&read.calendar, object, supported)?;
    index_texts(object, &mut row);
    row.reminders = marks(&read.calendar, object, seen_at);
    let busy = reckoning.map(|reckoning| reckoning.busy(&read.calendar, &row));
    Ok((row, busy))
}

/// When a calendar object that was stored before takes time.
pub(crate) fn busy(body: &Bytes, reckoning: &Reckoning) -> Result<ObjectBusy, Error> {
    let object = Reckonable::read(body)?;
    Ok(reckoning.busy(&object.calendar, &object.index))
}

/// A calendar object that was stored before, of which is asked when it takes time.
#[derive(Debug)]
pub(crate) struct Reckonable {
    calendar: Calendar,
    /// Without texts and reminders.
    pub(crate) index: IndexRow,
}

impl Reckonable {
    pub(crate) fn read(body: &Bytes) -> Result<Self, Error> {
        let calendar = Reader::new().read(body.clone()).calendar;
        let objects = calendar.objects();
        let index = bare_row(&calendar, first(&objects)?, Components::all())?;
        drop(objects);
        Ok(Self { calendar, index })
    }

    /// When it takes time in a window.
    pub(crate) fn within(&self, reckoning: &Reckoning, window: &Interval) -> Reckoned {
        reckoning.within(&self.calendar, &self.index, window)
    }
}

fn first<'o, 'c>(objects: &'o [Object<'c>]) -> Result<&'o Object<'c>, Error> {
    let none = || Error::InvalidObject(ObjectFault::NoComponent.at(None));
    objects.first().ok_or_else(none)
}

/// What an object is and when, without its texts and reminders.
fn bare_row(
    calendar: &Calendar,
    object: &Object<'_>,
    supported: Components,
) -> Result<IndexRow, Error> {
    let name = object.components().first().map(Component::name);
    let component = name.and_then(|name| name.parse::<ComponentKind>().ok());
    let component = component.ok_or(Error::UnsupportedComponent {
        component: None,
        supported,
    })?;
    let uid = Uid::new(object.uid()).map_err(|error| {
        let fault = ObjectFault::BadUid(error.to_string());
        Error::InvalidObject(fault.at(None))
    })?;
    Ok(IndexRow::new(uid, component)
        .with_span(span(calendar, object))
        .with_recurrence(recurrence(object)))
}

/// Adds the words and categories of an object to its index.
fn index_texts(object: &Object<'_>, row: &mut IndexRow) {
    let mut words = WordsBuilder::default();
    let properties = object.components().iter().flat_map(Component::properties);
    for property in properties {
        match property.kind() {
            PropertyKind::Summary | PropertyKind::Location | PropertyKind::Description => {
                words.add(&property.text());
            }
            PropertyKind::Organizer | PropertyKind::Attendee => {
                let address = property.raw_value();
                let scheme = address.get(..7).unwrap_or_default();
                let is_mail = scheme.eq_ignore_ascii_case("mailto:");
                words.add(address.get(7..).filter(|_| is_mail).unwrap_or(&address));
                for parameter in ["CN", "EMAIL"] {
                    words.add(property.parameter(parameter).as_deref().unwrap_or_default());
                }
            }
            PropertyKind::Categories => {
                let categories = property.texts().into_iter();
                row.categories
                    .extend(categories.filter_map(|text| Category::of(&text)));
            }
            _ => {}
        }
    }
    row.words = words.build();
    if row.words.are_cut() {
        tracing::warn!(uid = %row.uid, "more words than are indexed: not all of them are found");
    }
    row.categories.sort_unstable();
    row.categories.dedup();
}

fn validate<'a>(body: &Bytes, read: &'a Read) -> Result<Object<'a>, InvalidObject> {
    if let Some(nul) = body.iter().position(|byte| *byte == 0) {
        let before = body.iter().take(nul).filter(|byte| **byte == b'\n').count();
        let line = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
        return Err(ObjectFault::NotCalendar("a NUL byte".to_owned()).at(Some(line)));
    }
    let object =
        cal_core::validate_resource(&read.calendar).map_err(|fault| refusal(fault, read))?;
    if read.incomplete {
        return Err(syntax(read, ObjectFault::Incomplete));
    }
    for component in object.components() {
        let Some(event) = Event::of(*component) else {
            continue;
        };
        if let Err(error) = event.start() {
            let line = component
                .property("DTSTART")
                .map(|property| property.line());
            let line = line.unwrap_or_else(|| component.line());
            let reason = error
                .fault()
                .map_or_else(|| error.to_string(), Fault::message);
            return Err(ObjectFault::NoStart(reason).at(Some(line)));
        }
    }
    Ok(object)
}

fn refusal(fault: ResourceFault, read: &Read) -> InvalidObject {
    let fault = match fault {
        ResourceFault::NotOneCalendar => return syntax(read, ObjectFault::NotCalendar),
        ResourceFault::Incomplete { .. } => return syntax(read, ObjectFault::Incomplete),
        ResourceFault::Method => {
            let line = read.calendar.property("METHOD").map(|method| method.line());
            return ObjectFault::Method.at(line);
        }
        ResourceFault::Empty => ObjectFault::NoComponent,
        ResourceFault::MixedComponents { first, second } => {
            ObjectFault::SeveralKinds(first.into(), second.into())
        }
        ResourceFault::NoUid { .. } => ObjectFault::NoUid,
        ResourceFault::SeveralUids { first, second } => {
            ObjectFault::SeveralUids(first.into(), second.into())
        }
        ResourceFault::SameInstance => ObjectFault::SameInstance,
        other => ObjectFault::NotCalendar(other.to_string()),
    };
    fault.at(None)
}

/// A fault of the text itself, at the first thing that is wrong with it.
fn syntax(read: &Read, fault: impl FnOnce(String) -> ObjectFault) -> InvalidObject {
    match read.warnings.first() {
        Some(first) => fault(first.message()).at(Some(first.line())),
        None => fault("not exactly one VCALENDAR".to_owned()).at(None),
    }
}

fn recurrence(object: &Object<'_>) -> Recurrence {
    if object.is_recurring() {
        Recurrence::Series
    } else {
        Recurrence::Once
    }
}

/// Where the occurrences of an object lie. One that seems to have none, or
/// whose kind has none, is a candidate at any time: that is never too narrow.
fn span(calendar: &Calendar, object: &Object<'_>) -> Span {
    let zones = TimeZones::of(calendar);
    let span = object.span(&zones).map_or(Span::ALWAYS, Span::from);
    let is_known = |component: &Component<'_>| unreadable_time(*component).is_none();
    match object.components().iter().all(is_known) {
        true => span,
        // Nobody knows when it ends.
        false => Span { end: None, ..span },
    }
}

/// Writes the line before a message, if there is one.
struct Place(Option<u32>);

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.map_or(Ok(()), |line| write!(f, "line {line}: "))
    }
}

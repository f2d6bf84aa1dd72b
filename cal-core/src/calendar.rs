//! A calendar text as a whole: reading it, walking it, printing it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use bytes::Bytes;

use crate::tree::Tree;
use crate::tree::assembly::{self, Strictness};
use crate::{
    Availability, Component, ComponentKind, Components, Duration, Error, Event, Fault, FreeBusy,
    Journal, Limits, Property, TimeZoneBlock, Todo,
};

/// An iCalendar text: usually one VCALENDAR, possibly several or none, with
/// whatever else the input holds.
///
/// Reading keeps every byte. Printing gives untouched lines back exactly as
/// they were, whatever their line breaks, folds and encoding.
///
/// ```
/// use cal_core::Calendar;
///
/// let text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y\nBEGIN:VEVENT\nUID:1\n\
///             DTSTAMP:20260101T000000Z\nDTSTART:20260301T090000Z\nSUMMARY:Stand\n  up\n\
///             END:VEVENT\nEND:VCALENDAR\n";
/// let calendar: Calendar = text.parse()?;
/// let event = calendar.events().next().ok_or("no event")?;
/// assert_eq!(event.summary().as_deref(), Some("Stand up"));
/// assert_eq!(calendar.to_string(), text);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Calendar {
    pub(crate) tree: Tree,
}

/// What a lenient reading found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Reading {
    /// The calendar: everything that could be made sense of, the rest kept raw.
    pub calendar: Calendar,
    /// What is wrong with the text, in the order of the text.
    pub warnings: Vec<Fault>,
    /// Whether something is missing: the text breaks off, holds no VCALENDAR at
    /// all, or passes a limit. What an incomplete text lacks must not be taken
    /// as deleted.
    pub incomplete: bool,
}

/// Reads calendars within limits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reader {
    limits: Limits,
}

impl Reader {
    /// A reader with the default [`Limits`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads strictly; see [`Calendar::parse`]. Takes `Bytes`, `String`,
    /// `Vec<u8>` and static text without copying it.
    ///
    /// # Errors
    /// The first rule of RFC 5545 that the text breaks.
    pub fn parse(&self, input: impl Into<Bytes>) -> Result<Calendar, Error> {
        let assembled = assembly::assemble(input.into(), self.limits, Strictness::Strict);
        match assembled.faults.into_iter().next() {
            Some(fault) => Err(Error::Fault(fault)),
            None => Ok(Calendar {
                tree: assembled.tree,
            }),
        }
    }

    /// Reads leniently; see [`Calendar::read`]. Takes `Bytes`, `String`,
    /// `Vec<u8>` and static text without copying it.
    pub fn read(&self, input: impl Into<Bytes>) -> Reading {
        let assembled = assembly::assemble(input.into(), self.limits, Strictness::Lenient);
        Reading {
            calendar: Calendar {
                tree: assembled.tree,
            },
            warnings: assembled.faults,
            incomplete: assembled.incomplete,
        }
    }
}

impl Calendar {
    /// Reads strictly: the text must be iCalendar as RFC 5545 defines it.
    ///
    /// # Errors
    /// The first rule that the text breaks, with line, column and the offending text.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        Reader::new().parse(Bytes::copy_from_slice(text.as_ref()))
    }

    /// Reads leniently: any bytes at all. A bad line or component is kept raw
    /// with a warning, everything else works.
    #[must_use]
    pub fn read(input: impl AsRef<[u8]>) -> Reading {
        Reader::new().read(Bytes::copy_from_slice(input.as_ref()))
    }

    /// The text, byte for byte the input where nothing was edited.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        self.tree.to_bytes()
    }

    /// The outermost components: the VCALENDARs, and what a broken text has beside them.
    #[must_use]
    pub fn roots(&self) -> Components<'_> {
        Components::roots(&self.tree)
    }

    /// The components inside the VCALENDARs (and those that stand outside of
    /// any), in the order of the text.
    pub fn components(&self) -> impl Iterator<Item = Component<'_>> {
        self.roots().flat_map(|root| {
            let inside = root.kind() == ComponentKind::Calendar;
            let own = (!inside).then_some(root);
            own.into_iter()
                .chain(root.components().filter(move |_| inside))
        })
    }

    fn of_kind(&self, kind: ComponentKind) -> impl Iterator<Item = Component<'_>> {
        self.components()
            .filter(move |component| component.kind() == kind && !component.is_cut())
    }

    /// The VEVENTs, masters and overrides alike. One that the end of the input
    /// cuts off is left out, as are its like in the methods below.
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        self.of_kind(ComponentKind::Event).map(Event::new)
    }

    /// The VTODOs.
    pub fn todos(&self) -> impl Iterator<Item = Todo<'_>> {
        self.of_kind(ComponentKind::Todo).map(Todo::new)
    }

    /// The VJOURNALs.
    pub fn journals(&self) -> impl Iterator<Item = Journal<'_>> {
        self.of_kind(ComponentKind::Journal).map(Journal::new)
    }

    /// The VFREEBUSYs.
    pub fn free_busies(&self) -> impl Iterator<Item = FreeBusy<'_>> {
        self.of_kind(ComponentKind::FreeBusy).map(FreeBusy::new)
    }

    /// The VAVAILABILITYs.
    pub fn availabilities(&self) -> impl Iterator<Item = Availability<'_>> {
        self.of_kind(ComponentKind::Availability)
            .map(Availability::new)
    }

    /// The VTIMEZONEs.
    pub fn time_zones(&self) -> impl Iterator<Item = TimeZoneBlock<'_>> {
        self.of_kind(ComponentKind::TimeZone)
            .map(TimeZoneBlock::new)
    }

    /// The properties of the VCALENDARs themselves.
    pub fn properties(&self) -> impl Iterator<Item = Property<'_>> {
        self.roots()
            .filter(|root| root.kind() == ComponentKind::Calendar)
            .flat_map(|root| root.properties())
    }

    /// `METHOD` in capitals: what a message asks for (RFC 5546).
    #[must_use]
    pub fn method(&self) -> Option<String> {
        self.property("METHOD")
            .map(|method| method.text().trim().to_ascii_uppercase())
    }

    /// The name to show: `NAME` (RFC 7986), else `X-WR-CALNAME`.
    #[must_use]
    pub fn name(&self) -> Option<Cow<'_, str>> {
        let name = self
            .property("NAME")
            .or_else(|| self.property("X-WR-CALNAME"));
        name.map(|name| name.text())
    }

    /// What it is about: `DESCRIPTION` (RFC 7986), else `X-WR-CALDESC`.
    #[must_use]
    pub fn description(&self) -> Option<Cow<'_, str>> {
        let description = self
            .property("DESCRIPTION")
            .or_else(|| self.property("X-WR-CALDESC"));
        description.map(|description| description.text())
    }

    /// The colour to show: `COLOR` (RFC 7986), a CSS3 name, else Apple's
    /// `X-APPLE-CALENDAR-COLOR`, `#rrggbb` or `#rrggbbaa`.
    #[must_use]
    pub fn color(&self) -> Option<Cow<'_, str>> {
        let color = self
            .property("COLOR")
            .or_else(|| self.property("X-APPLE-CALENDAR-COLOR"));
        color.map(|color| color.text())
    }

    /// How often to look for news: `REFRESH-INTERVAL` (RFC 7986), else
    /// `X-PUBLISHED-TTL`.
    ///
    /// # Errors
    /// If it is not a duration.
    pub fn refresh_interval(&self) -> Result<Option<Duration>, Error> {
        self.property("REFRESH-INTERVAL")
            .or_else(|| self.property("X-PUBLISHED-TTL"))
            .map(|interval| interval.duration())
            .transpose()
    }

    /// `SOURCE` (RFC 7986): where to look for news.
    #[must_use]
    pub fn source(&self) -> Option<Cow<'_, str>> {
        self.property("SOURCE").map(|source| source.raw_value())
    }

    /// The first property of a VCALENDAR with this name, in any case of letters.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<Property<'_>> {
        self.properties().find(|property| property.is(name))
    }
}

impl FromStr for Calendar {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl fmt::Display for Calendar {
    /// Prints the text; bytes that are not UTF-8 become `U+FFFD` here, but not
    /// in [`Calendar::to_bytes`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.to_bytes()))
    }
}

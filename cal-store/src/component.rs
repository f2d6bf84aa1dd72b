//! Kinds of calendar components and sets of them (RFC 4791 5.2.3).

use std::fmt;
use std::str::FromStr;

use crate::Error;
use crate::name::{Fault, invalid};

/// The kind of component that a calendar object is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ComponentKind {
    /// `VEVENT`
    Event,
    /// `VTODO`
    Todo,
    /// `VJOURNAL`
    Journal,
    /// `VFREEBUSY`
    FreeBusy,
    /// `VAVAILABILITY` (RFC 7953)
    Availability,
    /// `VPOLL`
    Poll,
}

impl ComponentKind {
    const ALL: [Self; 6] = [
        Self::Event,
        Self::Todo,
        Self::Journal,
        Self::FreeBusy,
        Self::Availability,
        Self::Poll,
    ];

    /// The name of the component in iCalendar text, in upper case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Event => "VEVENT",
            Self::Todo => "VTODO",
            Self::Journal => "VJOURNAL",
            Self::FreeBusy => "VFREEBUSY",
            Self::Availability => "VAVAILABILITY",
            Self::Poll => "VPOLL",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for ComponentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads the component's name in any case.
impl FromStr for ComponentKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| invalid("component", Fault::Malformed))
    }
}

/// A set of component kinds.
///
/// ```
/// use cal_store::{ComponentKind, Components};
///
/// let tasks = Components::from([ComponentKind::Todo]);
/// assert!(tasks.contains(ComponentKind::Todo));
/// assert!(!tasks.contains(ComponentKind::Event));
/// assert_eq!("VEVENT VTODO".parse::<Components>()?.iter().count(), 2);
/// # Ok::<(), cal_store::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Components(u8);

impl Components {
    /// Events, to-dos and journals: what a calendar takes unless it is asked to be pickier.
    pub const USUAL: Self =
        Self(ComponentKind::Event.bit() | ComponentKind::Todo.bit() | ComponentKind::Journal.bit());

    /// Every kind a store knows.
    #[must_use]
    pub fn all() -> Self {
        ComponentKind::ALL.into_iter().collect()
    }

    /// Whether `kind` is in the set.
    #[must_use]
    pub const fn contains(self, kind: ComponentKind) -> bool {
        self.0 & kind.bit() != 0
    }

    /// Whether nothing is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kinds in the set, in a fixed order.
    pub fn iter(self) -> impl Iterator<Item = ComponentKind> {
        ComponentKind::ALL
            .into_iter()
            .filter(move |kind| self.contains(*kind))
    }
}

impl FromIterator<ComponentKind> for Components {
    fn from_iter<I: IntoIterator<Item = ComponentKind>>(kinds: I) -> Self {
        Self(kinds.into_iter().fold(0, |bits, kind| bits | kind.bit()))
    }
}

impl<const N: usize> From<[ComponentKind; N]> for Components {
    fn from(kinds: [ComponentKind; N]) -> Self {
        kinds.into_iter().collect()
    }
}

/// The names, separated by spaces.
impl fmt::Display for Components {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for kind in self.iter() {
            write!(f, "{between}{kind}")?;
            between = " ";
        }
        Ok(())
    }
}

impl fmt::Debug for Components {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl FromStr for Components {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.split_ascii_whitespace().map(str::parse).collect()
    }
}

//! The result of a conversion, and what the other format could not hold.

use std::fmt;

/// How many things one conversion names before it only says that there are more.
const MOST: usize = 10_000;

/// What a conversion made, and what it had to leave behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted<T> {
    /// What the conversion made.
    pub value: T,
    /// What it could not carry over, in the order of the source. The last of
    /// ten thousand says that there is more.
    pub not_carried: Vec<NotCarried>,
}

/// One thing that a conversion could not carry over, and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCarried {
    place: Box<str>,
    component: Box<str>,
    property: Box<str>,
    reason: &'static str,
}

impl NotCarried {
    /// Where it stood: `line 12` of an iCalendar text (empty for a line that
    /// was added after reading), the path in a JSON text.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The component or object around it, such as `VEVENT`.
    #[must_use]
    pub fn component(&self) -> &str {
        &self.component
    }

    /// The property; empty where it is the whole component.
    #[must_use]
    pub fn property(&self) -> &str {
        &self.property
    }

    /// Why it could not be carried.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}

impl fmt::Display for NotCarried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        if !self.property.is_empty() {
            write!(f, "{} of ", self.property)?;
        }
        write!(f, "{}: {}", self.component, self.reason)
    }
}

/// Collects what is not carried, within bounds.
#[derive(Debug, Default)]
pub(crate) struct Losses(Vec<NotCarried>);

impl Losses {
    pub(crate) fn property(
        &mut self,
        found: &crate::Property<'_>,
        within: &str,
        why: &'static str,
    ) {
        self.add(line(found.line()), within, found.name(), why);
    }

    pub(crate) fn component(&mut self, found: &crate::Component<'_>, why: &'static str) {
        self.add(line(found.line()), found.name(), "", why);
    }

    pub(crate) fn add(&mut self, place: String, within: &str, property: &str, why: &'static str) {
        if self.0.len() >= MOST {
            return;
        }
        let last = self.0.len() + 1 == MOST;
        self.0.push(NotCarried {
            place: place.into(),
            component: crate::fault::quoted(within.as_bytes()),
            property: crate::fault::quoted(property.as_bytes()),
            reason: if last { "this and more" } else { why },
        });
    }

    pub(crate) fn with<T>(self, value: T) -> Converted<T> {
        Converted {
            value,
            not_carried: self.0,
        }
    }
}

fn line(number: u32) -> String {
    match number {
        0 => String::new(),
        number => format!("line {number}"),
    }
}

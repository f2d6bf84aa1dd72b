//! What an event means to the person in whose calendar it is.

use std::fmt;

use cal_core::{Component, Event, PropertyKind};

use crate::BusyType;

/// The addresses of one person, to find them among the attendees.
#[derive(Clone, Debug, Default)]
pub(crate) struct Addresses(Vec<String>);

impl Addresses {
    pub(crate) fn add(&mut self, address: &str) {
        self.0.push(comparable(address));
    }

    fn include(&self, person: &cal_core::Person<'_>) -> bool {
        let address = comparable(&person.address());
        self.0.iter().any(|own| {
            *own == address
                || person
                    .email()
                    .is_some_and(|email| *own == comparable(&email))
        })
    }
}

/// Addresses are compared without scheme and case of letters, so that
/// `mailto:Ada@example.com` and `ada@example.com` are the same.
fn comparable(address: &str) -> String {
    let address = address.trim().to_lowercase();
    match address.strip_prefix("mailto:") {
        Some(mail) => mail.to_owned(),
        None => address,
    }
}

/// Whether the events of a calendar take their owner's time (RFC 6638 section 9.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Transparency {
    /// Each does as its own TRANSP says.
    #[default]
    AsEvents,
    /// All do, whatever their TRANSP says.
    Opaque,
    /// None does, whatever their TRANSP says.
    Transparent,
}

/// Why an event takes none of its owner's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhyFree {
    /// Its calendar does not count ([`Transparency::Transparent`]).
    CalendarTransparent,
    /// Its `TRANSP` is `TRANSPARENT`.
    Transparent,
    /// Its `STATUS` is `CANCELLED`.
    Cancelled,
    /// Its owner declined.
    Declined,
    /// Its owner sends somebody else.
    Delegated,
    /// It has no length.
    NoLength,
}

impl fmt::Display for WhyFree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::CalendarTransparent => "its calendar does not count",
            Self::Transparent => "it is marked as free",
            Self::Cancelled => "it is cancelled",
            Self::Declined => "it was declined",
            Self::Delegated => "somebody else goes",
            Self::NoLength => "it has no length",
        })
    }
}

/// How firmly an event takes the time of the person with these addresses, or
/// why it does not.
///
/// The weaker of what the event says (STATUS) and what the person said
/// (PARTSTAT) holds. An invitation that is not answered yet is tentative,
/// except for the person who sent it.
pub(crate) fn verdict(
    event: &Event<'_>,
    said: &Said,
    own: &Addresses,
    transparency: Transparency,
) -> Result<BusyType, WhyFree> {
    match transparency {
        Transparency::Transparent => return Err(WhyFree::CalendarTransparent),
        Transparency::AsEvents if said.transparency && event.is_transparent() => {
            return Err(WhyFree::Transparent);
        }
        Transparency::AsEvents | Transparency::Opaque => {}
    }
    let status = said.status.then(|| event.status()).flatten();
    let status = match status.as_deref() {
        Some("CANCELLED") => return Err(WhyFree::Cancelled),
        Some("TENTATIVE") => BusyType::Tentative,
        _ => BusyType::Busy,
    };
    let attendees = said.attendees.then(|| event.attendees());
    let mut attendees = attendees.into_iter().flatten();
    let Some(attendee) = attendees.find(|attendee| own.include(attendee)) else {
        return Ok(status);
    };
    let answer = match attendee.participation().as_ref() {
        "DECLINED" => return Err(WhyFree::Declined),
        "DELEGATED" => return Err(WhyFree::Delegated),
        "TENTATIVE" => BusyType::Tentative,
        "ACCEPTED" | "COMPLETED" | "IN-PROCESS" => BusyType::Busy,
        // NEEDS-ACTION, and what RFC 5545 wants treated like it: the unknown.
        _ if event.organizer().is_some_and(|sender| own.include(&sender)) => BusyType::Busy,
        _ => BusyType::Tentative,
    };
    Ok(status.min(answer))
}

/// Of what an event says anything: found out once, since most say little.
#[derive(Default)]
pub(crate) struct Said {
    transparency: bool,
    status: bool,
    attendees: bool,
    /// Whether it may have several instances, or be one of them.
    pub(crate) repeats: bool,
}

impl Said {
    pub(crate) fn by(component: Component<'_>) -> Self {
        let mut said = Self::default();
        for property in component.properties() {
            match property.kind() {
                PropertyKind::RRule | PropertyKind::RDate | PropertyKind::RecurrenceId => {
                    said.repeats = true;
                }
                PropertyKind::Transp => said.transparency = true,
                PropertyKind::Status => said.status = true,
                PropertyKind::Attendee => said.attendees = true,
                _ => {}
            }
        }
        said
    }
}

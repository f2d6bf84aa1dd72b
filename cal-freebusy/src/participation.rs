//! What an event means to the person in whose calendar it is.

use cal_core::Event;

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

/// How firmly an event takes the time of the person with these addresses;
/// `None` if not at all.
///
/// The weaker of what the event says (STATUS) and what the person said
/// (PARTSTAT) holds. An invitation that is not answered yet is tentative,
/// except for the person who sent it.
pub(crate) fn busy_type(
    event: &Event<'_>,
    own: &Addresses,
    transparency: Transparency,
) -> Option<BusyType> {
    match transparency {
        Transparency::Transparent => return None,
        Transparency::AsEvents if event.is_transparent() => return None,
        Transparency::AsEvents | Transparency::Opaque => {}
    }
    let status = match event.status().as_deref() {
        Some("CANCELLED") => return None,
        Some("TENTATIVE") => BusyType::Tentative,
        _ => BusyType::Busy,
    };
    let Some(attendee) = event.attendees().find(|attendee| own.include(attendee)) else {
        return Some(status);
    };
    let answer = match attendee.participation().as_ref() {
        "DECLINED" | "DELEGATED" => return None,
        "TENTATIVE" => BusyType::Tentative,
        "ACCEPTED" | "COMPLETED" | "IN-PROCESS" => BusyType::Busy,
        // NEEDS-ACTION, and what RFC 5545 wants treated like it: the unknown.
        _ if event.organizer().is_some_and(|sender| own.include(&sender)) => BusyType::Busy,
        _ => BusyType::Tentative,
    };
    Some(status.min(answer))
}

//! Who is who: calendar user addresses and the parts that people have.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::{Calendar, Component, Object, Person};

/// A person, group or resource with all its calendar user addresses.
///
/// ```
/// use cal_core::itip::CalendarUser;
///
/// let ada = CalendarUser::new(["mailto:ada@example.com", "Ada.L@example.com"]);
/// assert!(ada.has("MAILTO:ada.l@Example.com"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarUser {
    addresses: BTreeSet<String>,
}

impl CalendarUser {
    /// The user with these addresses: URIs, or bare mail addresses.
    #[must_use]
    pub fn new<A: AsRef<str>>(addresses: impl IntoIterator<Item = A>) -> Self {
        Self {
            addresses: addresses
                .into_iter()
                .map(|address| normal(address.as_ref()))
                .collect(),
        }
    }

    /// Whether an address is one of the user's; mail addresses are compared
    /// without regard to the case of letters and to %-encoding.
    #[must_use]
    pub fn has(&self, address: &str) -> bool {
        self.addresses.contains(&normal(address))
    }

    pub(super) fn is(&self, person: &Person<'_>) -> bool {
        self.has(&person.address())
            || person
                .email()
                .is_some_and(|email| self.addresses.contains(&format!("mailto:{email}")))
    }

    /// The user's own ATTENDEE of a component.
    pub(super) fn attendee<'a>(&self, component: Component<'a>) -> Option<Person<'a>> {
        component.attendees().find(|person| self.is(person))
    }

    /// Whether the user acts for someone: is that person, or is named in SENT-BY.
    pub(super) fn acts_for(&self, person: &Person<'_>) -> bool {
        self.is(person) || person.sent_by().is_some_and(|by| self.has(&by))
    }
}

/// An address in the form in which equal ones are equal: of a mail address
/// neither the case of letters tells nor whether they are %-encoded (RFC 6068 2).
pub(super) fn normal(address: &str) -> String {
    let address = address.trim();
    match address.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => decoded(address).to_lowercase(),
        _ if !address.contains(':') && address.contains('@') => {
            format!("mailto:{}", address.to_lowercase())
        }
        _ => address.to_owned(),
    }
}

/// The text with its %-encoded octets, if those are text.
fn decoded(address: &str) -> Cow<'_, str> {
    if !address.contains('%') {
        return Cow::Borrowed(address);
    }
    let mut octets = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
        let coded = (*first == b'%')
            .then(|| u8::try_from(digit(0)? * 16 + digit(1)?).ok())
            .flatten();
        octets.push(coded.unwrap_or(*first));
        rest = after
            .get(if coded.is_some() { 2 } else { 0 }..)
            .unwrap_or_default();
    }
    String::from_utf8(octets).map_or(Cow::Borrowed(address), Cow::Owned)
}

/// Whether two people are one.
pub(super) fn is_same(one: &Person<'_>, other: &Person<'_>) -> bool {
    normal(&one.address()) == normal(&other.address())
}

/// What part a user has in an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The user organizes it.
    Organizer,
    /// The user is invited, to all or to some of it.
    Attendee,
}

/// What part a user has in an object; `None` if nobody else takes part, or the
/// user has none. Where the user both organizes and attends, it is the organizer.
#[must_use]
pub fn role(calendar: &Calendar, user: &CalendarUser) -> Option<Role> {
    let objects = calendar.objects();
    let components = || objects.iter().flat_map(Object::components);
    let organizers = || components().filter_map(Component::organizer);
    let invited = components().any(|found| found.attendees().next().is_some());
    if !invited || organizers().next().is_none() {
        None
    } else if organizers().any(|organizer| user.is(&organizer)) {
        Some(Role::Organizer)
    } else if components().any(|found| user.attendee(*found).is_some()) {
        Some(Role::Attendee)
    } else {
        None
    }
}

/// Whether messages about this person are the server's to send
/// (SCHEDULE-AGENT, RFC 6638 7.1); an unknown agent is not the server.
pub(super) fn server_sends(person: &Person<'_>) -> bool {
    person
        .property()
        .parameter("SCHEDULE-AGENT")
        .is_none_or(|agent| agent.eq_ignore_ascii_case("SERVER"))
}

/// Whether a message of this kind is to be sent whatever changed
/// (SCHEDULE-FORCE-SEND, RFC 6638 7.2).
pub(super) fn is_forced(person: &Person<'_>, kind: &str) -> bool {
    person
        .property()
        .parameter("SCHEDULE-FORCE-SEND")
        .is_some_and(|force| force.eq_ignore_ascii_case(kind))
}

/// Whether a parameter of the person lists an address (DELEGATED-TO, DELEGATED-FROM).
pub(super) fn lists(person: &Person<'_>, parameter: &str, user: &CalendarUser) -> bool {
    let property = person.property();
    property
        .parameters()
        .filter(|found| found.is(parameter))
        .any(|found| found.values().any(|address| user.has(&address)))
}

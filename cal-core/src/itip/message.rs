//! A message, and the calendar it consists of.

use std::fmt;
use std::str::FromStr;

use bytes::Bytes;

use super::Refusal;
use crate::{Calendar, Reader, Window};

/// What this crate calls itself in messages.
const HEAD: &str =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Cal//cal-core//EN\r\nCALSCALE:GREGORIAN\r\n";

/// What a message asks for (RFC 5546 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// Makes something known; nobody is asked to answer.
    Publish,
    /// Invites, or tells of a change.
    Request,
    /// Answers an invitation.
    Reply,
    /// Adds instances to a series.
    Add,
    /// Calls off everything or some instances.
    Cancel,
    /// Asks for the latest version.
    Refresh,
    /// Proposes another time or content.
    Counter,
    /// Says no to a proposal.
    DeclineCounter,
}

impl Method {
    const ALL: [Method; 8] = [
        Method::Publish,
        Method::Request,
        Method::Reply,
        Method::Add,
        Method::Cancel,
        Method::Refresh,
        Method::Counter,
        Method::DeclineCounter,
    ];

    /// The value of METHOD.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Publish => "PUBLISH",
            Method::Request => "REQUEST",
            Method::Reply => "REPLY",
            Method::Add => "ADD",
            Method::Cancel => "CANCEL",
            Method::Refresh => "REFRESH",
            Method::Counter => "COUNTER",
            Method::DeclineCounter => "DECLINECOUNTER",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Method {
    type Err = Refusal;

    /// Reads the value of METHOD, in any case of letters.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let found = Self::ALL
            .into_iter()
            .find(|method| method.as_str().eq_ignore_ascii_case(text.trim()));
        found.ok_or(Refusal::UnknownMethod)
    }
}

/// A message to be sent.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Message {
    /// What it asks for.
    pub method: Method,
    /// Calendar user address of the sender.
    pub from: String,
    /// Calendar user addresses of those who get it.
    pub to: Vec<String>,
    /// What it says: a calendar with a METHOD.
    pub calendar: Calendar,
}

impl Message {
    /// A message of components in the zones of the calendar they come from.
    pub(super) fn new(
        method: Method,
        (from, to): (String, Vec<String>),
        (source, components): (&Calendar, &[Bytes]),
    ) -> Self {
        let mut body = Vec::new();
        for component in components {
            body.extend_from_slice(component);
            if !component.ends_with(b"\n") {
                body.extend_from_slice(b"\r\n");
            }
        }
        let mut used = std::collections::BTreeSet::new();
        let parts = Reader::new().read(body.clone()).calendar;
        for component in parts.roots() {
            component.for_each_tzid(|tzid| {
                used.insert(tzid.to_owned());
            });
        }
        let mut text = format!("{HEAD}METHOD:{method}\r\n").into_bytes();
        for zone in source.time_zones() {
            if zone.tzid().is_some_and(|tzid| used.remove(tzid.as_ref())) {
                zone.print_whole(&mut text, None);
            }
        }
        let head = text.len();
        text.extend_from_slice(&body);
        text.extend_from_slice(b"END:VCALENDAR\r\n");
        let calendar = Reader::new().read(text.clone()).calendar;
        let missing = calendar.missing_definitions(&Window::ALL);
        let calendar = if missing.is_empty() {
            calendar
        } else {
            let zones: String = missing.iter().map(ToString::to_string).collect();
            text.splice(head..head, zones.into_bytes());
            Reader::new().read(text).calendar
        };
        Self {
            method,
            from,
            to,
            calendar,
        }
    }
}

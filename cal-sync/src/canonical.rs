//! What an object says, in a form in which two texts that say the same are
//! equal, cut into the pieces that are compared and merged.

mod line;
mod piece;

use std::collections::BTreeMap;

use bytes::Bytes;
use cal_core::{Calendar, Component, ComponentKind, PropertyKind};

pub(crate) use self::line::{Line, Written};
pub(crate) use self::piece::{Piece, pieces_of};

/// One object: its master and overrides, and the time zones it brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Canonical {
    pub(crate) parts: BTreeMap<PartKey, Part>,
}

/// Which component of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PartKey {
    /// `VEVENT`, `VTODO`, ...
    pub(crate) component: String,
    /// The RECURRENCE-ID of an override; the TZID of a time zone.
    pub(crate) instance: Option<String>,
    /// Tells components apart that claim to be the same.
    pub(crate) ordinal: u32,
}

impl PartKey {
    /// Whether it is the series, or an object that does not recur.
    pub(crate) fn is_master(&self) -> bool {
        self.instance.is_none()
    }
}

/// One component. Two are equal if their pieces are.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) pieces: BTreeMap<Piece, Vec<Line>>,
    /// The component as it stood in its text, from BEGIN to END.
    pub(crate) text: Bytes,
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.pieces == other.pieces
    }
}

impl Eq for Part {}

impl Canonical {
    /// What a calendar says. Of the time zones it has, only those count whose
    /// names are not in the IANA database: what the others say is known.
    pub(crate) fn of(calendar: &Calendar) -> Self {
        let mut canonical = Self::default();
        for component in calendar.components() {
            canonical.add(component);
        }
        canonical
    }

    /// Adds a component after those already in; `None` if it does not count.
    pub(crate) fn add(&mut self, component: Component<'_>) -> Option<PartKey> {
        let instance = if component.kind() == ComponentKind::TimeZone {
            let tzid = component.text(PropertyKind::TzId)?;
            if tzid.parse::<chrono_tz::Tz>().is_ok() {
                return None;
            }
            Some(tzid.into_owned())
        } else {
            component
                .first(PropertyKind::RecurrenceId)
                .map(|property| Line::of(property).said().to_owned())
        };
        let mut key = PartKey {
            component: component.name().to_ascii_uppercase(),
            instance,
            ordinal: 0,
        };
        while self.parts.contains_key(&key) {
            key.ordinal += 1;
        }
        self.parts.insert(key.clone(), Part::of(component));
        Some(key)
    }
}

impl Part {
    fn of(component: Component<'_>) -> Self {
        let mut pieces: BTreeMap<Piece, Vec<Line>> = BTreeMap::new();
        let own = component.properties().flat_map(pieces_of);
        let inner = component.components().filter_map(|inner| {
            let line = Line::of_component(inner)?;
            Some((Piece::component(inner.name()), line))
        });
        for (piece, line) in own.chain(inner) {
            pieces.entry(piece).or_default().push(line);
        }
        for lines in pieces.values_mut() {
            lines.sort();
        }
        Self {
            pieces,
            text: component.to_bytes(),
        }
    }
}

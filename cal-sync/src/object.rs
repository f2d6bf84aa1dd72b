//! An object that was read.

use cal_core::{Calendar, Component, Moment};
use chrono::NaiveDateTime;

use crate::canonical::Canonical;
use crate::{Body, Uid};

/// The bytes of an object and what they say.
#[derive(Clone, Debug)]
pub struct Object {
    body: Body,
    uid: Uid,
    kind: String,
    title: Option<String>,
    modified: Option<NaiveDateTime>,
    canonical: Canonical,
}

/// Why bytes are not an object that can be synced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// The text breaks off, or is no calendar at all.
    #[error("the text is incomplete or no calendar")]
    Incomplete,
    /// There is nothing in it, or nothing with a UID.
    #[error("it has no UID")]
    NoUid,
    /// Components with several UIDs.
    #[error("it holds several UIDs")]
    SeveralUids,
}

impl Object {
    /// Reads an object.
    ///
    /// # Errors
    ///
    /// If it is not one whole object with a UID. Oddities that calendars in the
    /// field have are no errors.
    pub fn read(body: Body) -> Result<Self, Unreadable> {
        let reading = Calendar::read(body.as_bytes());
        if reading.incomplete {
            return Err(Unreadable::Incomplete);
        }
        let objects = reading.calendar.objects();
        let [object] = objects.as_slice() else {
            return Err(match objects.len() {
                0 => Unreadable::NoUid,
                _ => Unreadable::SeveralUids,
            });
        };
        if object.is_uid_synthetic() {
            return Err(Unreadable::NoUid);
        }
        let first = object.master().or(object.components().first().copied());
        let title = first.and_then(|component| component.summary());
        let kind = first.map_or("", |component| component.name());
        Ok(Self {
            uid: Uid::new(object.uid()),
            kind: kind.to_ascii_uppercase(),
            title: title.map(std::borrow::Cow::into_owned),
            modified: object.components().iter().filter_map(modified).max(),
            canonical: Canonical::of(&reading.calendar),
            body,
        })
    }

    /// The bytes.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The UID.
    #[must_use]
    pub fn uid(&self) -> &Uid {
        &self.uid
    }

    /// What it is: `VEVENT`, `VTODO`, ...
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// What it is called, for people.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// When it was last modified in UTC, by its own account.
    #[must_use]
    pub fn modified(&self) -> Option<NaiveDateTime> {
        self.modified
    }

    /// Whether both say the same: apart from order, folding, defaults, and what
    /// programs rewrite by themselves (DTSTAMP, SEQUENCE, alarm
    /// acknowledgements and the like).
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }

    pub(crate) fn canonical(&self) -> &Canonical {
        &self.canonical
    }
}

fn modified(component: &Component<'_>) -> Option<NaiveDateTime> {
    let stated = component.last_modified().ok().flatten();
    match stated.or_else(|| component.stamp().ok().flatten())? {
        Moment::Utc(utc) => Some(utc),
        other => Some(other.local()),
    }
}

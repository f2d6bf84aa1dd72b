//! Where a page of reminders begins.

use crate::{Cursor, Error, Marked, ReminderKind, Timestamp};

/// How far a listing of reminders has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The kind of marks that is gone through.
    pub(super) kind: ReminderKind,
    /// The mark that was the last; `None` before the first of its kind.
    pub(super) mark: Option<Marked>,
    /// What of the object of this mark was told, if not all.
    pub(super) told: Option<Told>,
}

/// How much of one object was told: all before an instant, and so many of those
/// that go off at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) until: Timestamp,
    pub(super) count: usize,
}

/// The kinds of marks in the order in which they are gone through.
///
/// What is not wholly known comes first: its reminders may be indexed while the
/// pages are read, and it is then met again and not missed.
const ORDER: [ReminderKind; 3] = [
    ReminderKind::Unknown,
    ReminderKind::Floating,
    ReminderKind::Exact,
];

impl Place {
    /// Before everything.
    pub(super) const FIRST: Self = Self::before(ReminderKind::Unknown);

    const fn before(kind: ReminderKind) -> Self {
        Self {
            kind,
            mark: None,
            told: None,
        }
    }

    /// After all that was to be told of a mark.
    pub(super) const fn after(kind: ReminderKind, mark: Marked) -> Self {
        Self {
            kind,
            mark: Some(mark),
            told: None,
        }
    }

    /// Before the kind that comes after this one; `None` after the last.
    pub(super) fn next_kind(&self) -> Option<Self> {
        let mut later = ORDER.into_iter().skip_while(|kind| *kind != self.kind);
        later.nth(1).map(Self::before)
    }

    pub(super) fn cursor(&self) -> Cursor {
        let mark = self.mark.as_ref().map(Marked::cursor);
        let mark = mark.as_ref().map_or("", Cursor::as_str);
        let (until, count) = self
            .told
            .map_or((0, 0), |told| (told.until.millis(), told.count));
        let is_partial = u8::from(self.told.is_some());
        Cursor::new(format!(
            "{} {is_partial} {until} {count} {mark}",
            self.kind.number()
        ))
    }

    pub(super) fn parse(cursor: &Cursor) -> Result<Self, Error> {
        let malformed = || Error::InvalidCursor;
        let mut parts = cursor.as_str().splitn(5, ' ');
        let mut next = || parts.next().ok_or_else(malformed);
        let number = |text: &str| text.parse::<i64>().map_err(|_| malformed());
        let kind = number(next()?)?;
        let is_partial = next()? == "1";
        let until = Timestamp::from_millis(number(next()?)?);
        let count = next()?.parse().map_err(|_| malformed())?;
        let mark = match next()? {
            "" => None,
            mark => Some(Marked::parse(&Cursor::new(mark))?),
        };
        let mut kinds = ORDER.into_iter();
        Ok(Self {
            kind: kinds
                .find(|known| i64::from(known.number()) == kind)
                .ok_or_else(malformed)?,
            told: Some(Told { until, count }).filter(|_| is_partial && mark.is_some()),
            mark,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CollectionId, ObjectName};

    fn mark() -> Marked {
        Marked {
            at: Timestamp::from_millis(-5),
            collection: CollectionId::from_raw(7),
            name: ObjectName::from_stored("a name with  spaces.ics"),
        }
    }

    #[test]
    fn a_place_is_read_back_from_its_cursor() {
        let told = Told {
            until: Timestamp::from_millis(9),
            count: 3,
        };
        let after = Place::after(ReminderKind::Exact, mark());
        let within = Place {
            told: Some(told),
            ..after.clone()
        };
        for place in [Place::FIRST, after, within] {
            assert_eq!(Place::parse(&place.cursor()).unwrap(), place);
        }
    }

    #[test]
    fn what_is_no_cursor_of_this_listing_is_refused() {
        for text in [
            "",
            "0",
            "9 0 0 0 ",
            "0 0 x 0 ",
            "0 0 0 -1 ",
            "0 0 0 0 nothing",
        ] {
            let refused = Place::parse(&Cursor::new(text));
            assert!(matches!(refused, Err(Error::InvalidCursor)), "{text}");
        }
    }
}

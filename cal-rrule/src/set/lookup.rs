//! Single questions to a recurrence set.

use chrono::NaiveDateTime;

use crate::Error;
use crate::set::{Occurrence, RecurrenceSet};

impl RecurrenceSet {
    /// The first occurrence at or after a moment: a UTC instant where the
    /// start is in UTC or has a zone, else a wall-clock time.
    ///
    /// # Errors
    ///
    /// The limit that the search reached.
    pub fn first_from(&self, moment: NaiveDateTime) -> Result<Option<Occurrence>, Error> {
        self.within(moment..).next().transpose()
    }

    /// The last occurrence before a moment; see [`RecurrenceSet::first_from`].
    ///
    /// # Errors
    ///
    /// The limit that the search reached.
    pub fn last_before(&self, moment: NaiveDateTime) -> Result<Option<Occurrence>, Error> {
        self.descending(..moment).next().transpose()
    }

    /// Whether something occurs at a moment; see
    /// [`RecurrenceSet::first_from`].
    ///
    /// # Errors
    ///
    /// The limit that the search reached.
    pub fn contains(&self, moment: NaiveDateTime) -> Result<bool, Error> {
        let found = self.within(moment..=moment).next().transpose()?;
        Ok(found.is_some())
    }

    /// The last occurrence, where there is one.
    ///
    /// # Errors
    ///
    /// [`Error::PastYear9999`] where the series has no end in the calendar.
    pub fn last(&self) -> Result<Option<Occurrence>, Error> {
        self.descending(..).next().transpose()
    }
}

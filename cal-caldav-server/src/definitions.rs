//! Whether answers define the time zones that they name (RFC 7809 sections 3.1.3 and 7.1).

use std::borrow::Cow;

use bytes::Bytes;
use cal_core::{Calendar, Window};
use cal_dav::header::{CALDAV_TIMEZONES, Flag};

use crate::exchange::Exchange;
use crate::refusal::Refusal;

/// The definitions of time zones that a client wants with calendar data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Definitions {
    /// Those that are stored: nothing was said.
    Stored,
    /// Those of all zones that are named.
    All,
    /// Those that the client cannot have from elsewhere.
    NotStandard,
}

impl Definitions {
    /// What the header of a request asks for.
    pub(crate) fn wanted(exchange: &Exchange) -> Result<Self, Refusal> {
        let flag: Option<Flag> = exchange.read_header(CALDAV_TIMEZONES)?;
        Ok(match flag {
            None => Self::Stored,
            Some(Flag::True) => Self::All,
            Some(Flag::False) => Self::NotStandard,
        })
    }

    /// Changes a calendar to what is wanted; whether there was something to change.
    pub(crate) fn apply(self, calendar: &mut Calendar) -> bool {
        let changed = match self {
            Self::Stored => 0,
            Self::All => calendar.add_missing_definitions(&Window::ALL),
            Self::NotStandard => calendar.remove_iana_definitions(),
        };
        changed > 0
    }

    /// The text of an object as it is wanted.
    pub(crate) fn of(self, body: &Bytes) -> Cow<'_, Bytes> {
        if self == Self::Stored {
            return Cow::Borrowed(body);
        }
        let mut calendar = Calendar::read(body).calendar;
        match self.apply(&mut calendar) {
            true => Cow::Owned(calendar.to_bytes()),
            false => Cow::Borrowed(body),
        }
    }
}

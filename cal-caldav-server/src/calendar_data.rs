//! `CALDAV:calendar-data` in answers: the object, or what was asked of it (RFC 4791 section 9.6).

mod busy;
mod subset;

use std::borrow::Cow;

use cal_core::{Calendar, Expansion, ZoneRules};
use cal_dav::report::{CalendarData, Recurrences};
use cal_store::Object;

use crate::filter::window;

/// How many occurrences the answer to one request may still hold.
#[derive(Debug)]
pub(crate) struct Budget {
    left: u64,
}

impl Budget {
    pub(crate) fn new(occurrences: u64) -> Self {
        Self { left: occurrences }
    }

    fn limit(&self) -> usize {
        usize::try_from(self.left).unwrap_or(usize::MAX)
    }

    fn spend(&mut self, occurrences: usize) {
        self.left = self.left.saturating_sub(occurrences as u64);
    }
}

/// An object has more occurrences than the budget, or a recurrence that cannot be worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotExpanded;

/// The text that answers a request for the data of an object; dates and floating times are taken
/// in `zone`.
pub(crate) fn render<'o>(
    asked: &CalendarData,
    object: &'o Object,
    zone: &ZoneRules,
    budget: &mut Budget,
) -> Result<Cow<'o, str>, NotExpanded> {
    if asked.is_whole() {
        return Ok(String::from_utf8_lossy(&object.body));
    }
    let stored = Calendar::read(&object.body).calendar;
    let expansion = Expansion::of(&stored)
        .in_zone(zone.clone())
        .with_limit(budget.limit());
    let mut calendar = match asked.recurrences {
        Recurrences::AsStored => stored.clone(),
        Recurrences::Limit(range) => expansion.with_limited_overrides(&window(range)),
        Recurrences::Expand(range) => {
            let expanded = expansion
                .expanded(&window(range))
                .map_err(|_| NotExpanded)?;
            budget.spend(expanded.components().count());
            expanded
        }
    };
    if let Some(range) = asked.limit_freebusy {
        busy::limit(&mut calendar, range);
    }
    if let Some(selection) = &asked.component {
        subset::keep(&mut calendar, selection);
    }
    Ok(Cow::Owned(calendar.to_string()))
}

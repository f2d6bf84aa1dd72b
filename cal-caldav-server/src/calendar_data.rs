//! `CALDAV:calendar-data` in answers: the object, or what was asked of it (RFC 4791 section 9.6).

mod busy;
mod subset;

use cal_core::{Calendar, Expansion, Window, ZoneRules};
use cal_dav::report::{CalendarData, Recurrences};
use cal_store::Object;

use crate::definitions::Definitions;
use crate::filter::window;

/// Octets that the expanded objects of one answer may take together.
const EXPANDED_BYTES: usize = 64 << 20;

/// Objects of one answer that may turn out to be too much; each has cost its work.
const FAILURES: u32 = 100;

/// How much the answer to one request may still expand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    occurrences: u64,
    bytes: usize,
    failures: u32,
}

impl Budget {
    pub(crate) fn new(occurrences: u64) -> Self {
        Self {
            occurrences,
            bytes: EXPANDED_BYTES,
            failures: FAILURES,
        }
    }

    /// Expands an object within what is left.
    fn expand(
        &mut self,
        expansion: Expansion<'_>,
        window: &Window,
    ) -> Result<Calendar, NotExpanded> {
        if self.failures == 0 || self.bytes == 0 {
            return Err(NotExpanded);
        }
        let most = usize::try_from(self.occurrences).unwrap_or(usize::MAX);
        let Ok(expanded) = expansion.with_limit(most).expanded(window) else {
            self.failures -= 1;
            return Err(NotExpanded);
        };
        let left = self.bytes.checked_sub(expanded.to_bytes().len());
        self.bytes = left.unwrap_or_default();
        let occurrences = expanded.components().count() as u64;
        self.occurrences = self.occurrences.saturating_sub(occurrences);
        left.map(|_| expanded).ok_or(NotExpanded)
    }
}

/// An object takes more than the budget has, or has a recurrence that cannot be worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotExpanded;

/// What was asked of the data of an object: `None` if that is its bytes as they are. Dates and
/// floating times are taken in `zone`.
pub(crate) fn render(
    (asked, definitions): (&CalendarData, Definitions),
    object: &Object,
    zone: &ZoneRules,
    budget: &mut Budget,
) -> Result<Option<String>, NotExpanded> {
    if asked.is_whole() && definitions == Definitions::Stored {
        return Ok(None);
    }
    let mut stored = Calendar::read(&object.body).calendar;
    if asked.is_whole() {
        let changed = definitions.apply(&mut stored);
        return Ok(changed.then(|| stored.to_string()));
    }
    let expansion = Expansion::of(&stored).in_zone(zone.clone());
    let mut calendar = match asked.recurrences {
        Recurrences::AsStored => stored.clone(),
        Recurrences::Limit(range) => expansion.with_limited_overrides(&window(range)),
        Recurrences::Expand(range) => budget.expand(expansion, &window(range))?,
    };
    definitions.apply(&mut calendar);
    if let Some(range) = asked.limit_freebusy {
        busy::limit(&mut calendar, range);
    }
    if let Some(selection) = &asked.component {
        subset::keep(&mut calendar, selection);
    }
    Ok(Some(calendar.to_string()))
}

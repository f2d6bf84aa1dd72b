//! A zone of the IANA database with tables of its offset changes, made where
//! much is asked.

use std::collections::HashMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use cal_rrule::{OffsetSpan, Transitions, Zone};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

/// The years for which tables are made.
const FIRST_YEAR: i32 = 1900;
const CHUNK: i32 = 8;
const CHUNKS: usize = 30;

/// So many questions for the years of one table cost about as much as making
/// it; no table is made before.
const WORTH_A_TABLE: u32 = 400;

/// A zone of the IANA database that answers from a table of its offset changes
/// once it is asked often. The answers are those of the zone.
///
/// The database can only be asked for one instant at a time, so finding how
/// long an offset holds takes several look-ups; one of these, shared by all
/// series of a calendar, makes each a single one.
///
/// ```
/// use cal_core::TabledZone;
/// use cal_rrule::Zone;
/// use chrono::NaiveDate;
///
/// let zone = TabledZone::new(chrono_tz::Europe::Berlin);
/// let noon = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap().and_hms_opt(12, 0, 0).unwrap();
/// assert_eq!(zone.to_utc(noon).to_string(), "2026-07-01 10:00:00");
/// ```
pub struct TabledZone {
    zone: Tz,
    chunks: [Chunk; CHUNKS],
}

/// Some years of a zone.
#[derive(Default)]
struct Chunk {
    /// How often they were asked for while there was no table.
    asked: AtomicU32,
    table: OnceLock<Table>,
}

/// The transitions of some years, and the instants for which they are all.
struct Table {
    transitions: Transitions,
    start: NaiveDateTime,
    end: NaiveDateTime,
}

impl Table {
    fn of(zone: Tz, years: RangeInclusive<i32>) -> Self {
        let new_year = |year| NaiveDate::from_ymd_opt(year, 1, 1)?.and_hms_opt(0, 0, 0);
        Self {
            start: new_year(*years.start()).unwrap_or(NaiveDateTime::MIN),
            end: new_year(*years.end() + 1).unwrap_or(NaiveDateTime::MAX),
            transitions: Transitions::of(&zone, years),
        }
    }
}

impl TabledZone {
    /// The zone, without any table yet.
    #[must_use]
    pub fn new(zone: Tz) -> Self {
        Self {
            zone,
            chunks: Default::default(),
        }
    }

    /// The zone itself.
    #[must_use]
    pub const fn zone(&self) -> Tz {
        self.zone
    }

    /// The table around a year; `None` where it is not worth it or out of reach.
    fn table(&self, year: i32) -> Option<&Table> {
        let index = usize::try_from(year.saturating_sub(FIRST_YEAR).div_euclid(CHUNK)).ok()?;
        let chunk = self.chunks.get(index)?;
        if chunk.table.get().is_none()
            && chunk.asked.fetch_add(1, Ordering::Relaxed) < WORTH_A_TABLE
        {
            return None;
        }
        Some(chunk.table.get_or_init(|| {
            let first = year - (year - FIRST_YEAR).rem_euclid(CHUNK);
            // A year more on both sides, for local times and changes near the edge.
            Table::of(self.zone, first - 1..=first + CHUNK)
        }))
    }
}

impl Zone for TabledZone {
    fn offset_at(&self, utc: NaiveDateTime) -> i32 {
        match self.table(utc.year()) {
            Some(table) => table.transitions.offset_at(utc),
            None => self.zone.offset_at(utc),
        }
    }

    fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        match self.table(local.year()) {
            Some(table) => table.transitions.to_utc(local),
            None => self.zone.to_utc(local),
        }
    }

    fn span_at(&self, utc: NaiveDateTime) -> OffsetSpan {
        let Some(table) = self.table(utc.year()) else {
            return self.zone.span_at(utc);
        };
        let span = table.transitions.span_at(utc);
        OffsetSpan {
            offset: span.offset,
            start: table.start.max(span.start),
            end: table.end.min(span.end),
        }
    }

    fn knows_transitions(&self) -> bool {
        true
    }
}

impl fmt::Debug for TabledZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TabledZone").field(&self.zone).finish()
    }
}

/// The zones of the IANA database that one calendar uses, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct TabledZones(Arc<Mutex<HashMap<Tz, Arc<TabledZone>>>>);

impl TabledZones {
    /// The zone with the tables that all who ask share.
    pub(super) fn share(&self, zone: Tz) -> Arc<TabledZone> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = known
            .entry(zone)
            .or_insert_with(|| Arc::new(TabledZone::new(zone)));
        Arc::clone(shared)
    }

    /// Lets all who ask share a zone that somebody has already, with what it
    /// knows by now.
    pub(super) fn adopt(&self, zone: &Arc<TabledZone>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(zone.zone()).or_insert_with(|| Arc::clone(zone));
    }
}

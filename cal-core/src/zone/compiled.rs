//! A zone made of STANDARD and DAYLIGHT observances.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Range, RangeBounds};
use std::sync::OnceLock;

use cal_rrule::{Frequency, OffsetSpan, RRule, RecurrenceSet, Start, Zone};
use chrono::{Datelike, FixedOffset, NaiveDate, NaiveDateTime};

use super::observance::Block;
use super::onsets::{Onset, Onsets};
use crate::TimeZoneBlock;

/// The most blocks of one definition that are looked at.
const MOST_OBSERVANCES: usize = 1_000;

/// The most onsets that bounded rules and dates of one definition may have.
const MOST_ONSETS: usize = 10_000;

/// The most onsets of one open rule in eight years.
const DENSEST: usize = 8 * 4;

/// The most rules without an end.
const MOST_OPEN_RULES: usize = 16;

/// Years whose onsets are worked out together, and kept.
const CHUNK: i32 = 64;

/// The years for which onsets are kept once worked out; 16 chunks.
const FIRST_YEAR: i32 = 1600;
const CHUNKS: usize = 16;

/// Every yearly rule but the most contrived returns within this many years.
const LOOK_BACK: i32 = 12;

/// After this many years the Gregorian calendar repeats.
const CYCLE: i32 = 400;

/// The rules of a VTIMEZONE: its onsets, worked out a span of years at a time
/// when first asked for.
///
/// Before its first onset the offset that the onset replaces holds.
///
/// ```
/// use cal_core::{Calendar, CompiledZone};
/// use cal_rrule::Zone;
/// use chrono::NaiveDate;
///
/// let text = "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Mars Colony\n\
///     BEGIN:DAYLIGHT\nDTSTART:20260401T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0230\n\
///     RRULE:FREQ=YEARLY\nEND:DAYLIGHT\n\
///     BEGIN:STANDARD\nDTSTART:20261001T020000\nTZOFFSETFROM:+0230\nTZOFFSETTO:+0100\n\
///     RRULE:FREQ=YEARLY\nEND:STANDARD\nEND:VTIMEZONE\nEND:VCALENDAR\n";
/// let calendar = Calendar::read(text).calendar;
/// let zone = CompiledZone::of(&calendar.time_zones().next().unwrap()).unwrap();
/// let noon = |month| NaiveDate::from_ymd_opt(2030, month, 1).unwrap().and_hms_opt(12, 0, 0).unwrap();
/// assert_eq!(zone.to_utc(noon(7)).to_string(), "2030-07-01 09:30:00");
/// assert_eq!(zone.to_utc(noon(12)).to_string(), "2030-12-01 11:00:00");
/// ```
pub struct CompiledZone {
    /// In force before the first onset.
    before: i32,
    /// Onsets that are known one by one.
    single: Vec<Onset>,
    open: Vec<OpenRule>,
    chunks: [OnceLock<Onsets>; CHUNKS],
}

/// A rule that goes on for ever.
struct OpenRule {
    set: RecurrenceSet,
    /// Seconds east of UTC from each onset on.
    offset: i32,
}

impl CompiledZone {
    /// The zone that a VTIMEZONE describes; `None` if it has no observance
    /// that makes sense, or more rules and onsets than any real zone has.
    #[must_use]
    pub fn of(definition: &TimeZoneBlock<'_>) -> Option<Self> {
        let blocks = definition.observances().take(MOST_OBSERVANCES + 1);
        Self::new(blocks.filter_map(|block| Block::read(&block)).collect())
    }

    fn new(observances: Vec<Block>) -> Option<Self> {
        if observances.len() > MOST_OBSERVANCES {
            return None;
        }
        let first = observances
            .iter()
            .min_by_key(|found| found.instant(found.first))?;
        let mut zone = Self {
            before: first.offset_from,
            single: Vec::new(),
            open: Vec::new(),
            chunks: Default::default(),
        };
        for observance in observances {
            zone.take(observance)?;
        }
        (zone.single.len() <= MOST_ONSETS && zone.open.len() <= MOST_OPEN_RULES).then_some(zone)
    }

    /// Adds the onsets of one observance; `None` if they are too many.
    fn take(&mut self, mut observance: Block) -> Option<()> {
        let onset = |at| Onset {
            at: observance.instant(at),
            offset: observance.offset_to,
        };
        let singles = observance.dates.iter().copied().chain([observance.first]);
        self.single.extend(singles.map(onset));
        for rule in std::mem::take(&mut observance.rules) {
            if !matches!(rule.frequency(), Frequency::Yearly | Frequency::Monthly) {
                return None;
            }
            let ends = rule.is_bounded();
            let rule = OpenRule::new(rule, &observance)?;
            if ends {
                self.single.extend(rule.onsets(..).take(MOST_ONSETS + 1));
            } else {
                let year = observance.first.year();
                let sample = rule.onsets(years(year, year.saturating_add(8)));
                if sample.take(DENSEST + 1).count() > DENSEST {
                    return None;
                }
                self.open.push(rule);
            }
        }
        (self.single.len() <= MOST_ONSETS).then_some(())
    }

    /// The onsets that matter for a year, and their neighbours.
    fn onsets(&self, year: i32) -> Cow<'_, Onsets> {
        let chunk = (year - FIRST_YEAR).div_euclid(CHUNK);
        let kept = usize::try_from(chunk)
            .ok()
            .and_then(|chunk| self.chunks.get(chunk));
        match kept {
            Some(kept) => Cow::Borrowed(kept.get_or_init(|| {
                let first = FIRST_YEAR + chunk * CHUNK;
                self.expand(first, first + CHUNK)
            })),
            None => Cow::Owned(self.expand(year, year + 1)),
        }
    }

    /// All onsets that decide the offsets from one year up to another.
    fn expand(&self, from: i32, to: i32) -> Onsets {
        let mut onsets = self.single.clone();
        for rule in &self.open {
            let since = from.saturating_sub(LOOK_BACK);
            let known = onsets.len();
            onsets.extend(rule.onsets(years(since, from)));
            if onsets.len() == known {
                let earlier = years(since.saturating_sub(CYCLE), since);
                onsets.extend(rule.onsets(earlier).last());
            }
            onsets.extend(rule.onsets(years(from, to.saturating_add(1))));
        }
        Onsets::new(self.before, onsets)
    }
}

impl OpenRule {
    fn new(rule: RRule, observance: &Block) -> Option<Self> {
        let zone = FixedOffset::east_opt(observance.offset_from)?;
        Some(Self {
            set: RecurrenceSet::new(Start::zoned(observance.first, zone)).with_rule(rule),
            offset: observance.offset_to,
        })
    }

    /// The onsets in a range of instants.
    fn onsets(&self, range: impl RangeBounds<NaiveDateTime>) -> impl Iterator<Item = Onset> {
        let instants = self.set.within(range).map_while(|found| found.ok()?.utc());
        instants.map(|at| Onset {
            at,
            offset: self.offset,
        })
    }
}

/// From the beginning of one year to that of another, UTC.
fn years(from: i32, to: i32) -> Range<NaiveDateTime> {
    let start = |year| NaiveDate::from_ymd_opt(year, 1, 1)?.and_hms_opt(0, 0, 0);
    start(from).unwrap_or(NaiveDateTime::MIN)..start(to).unwrap_or(NaiveDateTime::MAX)
}

impl Zone for CompiledZone {
    fn offset_at(&self, utc: NaiveDateTime) -> i32 {
        self.onsets(utc.year()).offset_at(utc)
    }

    fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        self.onsets(local.year()).to_utc(local)
    }

    fn span_at(&self, utc: NaiveDateTime) -> OffsetSpan {
        self.onsets(utc.year()).span_at(utc)
    }
}

impl fmt::Debug for CompiledZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompiledZone")
            .field("before", &self.before)
            .field("single", &self.single.len())
            .field("open", &self.open.len())
            .finish_non_exhaustive()
    }
}

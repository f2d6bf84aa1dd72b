//! A zone made of STANDARD and DAYLIGHT observances.

use std::fmt;
use std::ops::{Range, RangeBounds};
use std::sync::OnceLock;

use cal_rrule::{Frequency, OffsetSpan, RRule, RecurrenceSet, Start, Zone};
use chrono::{Datelike, FixedOffset, NaiveDate, NaiveDateTime};

use super::observance::Block;
use super::onsets::{Onset, Onsets, shifted};
use crate::TimeZoneBlock;

/// The most blocks of one definition that are looked at.
const MOST_OBSERVANCES: usize = 1_000;

/// The most onsets that bounded rules and dates of one definition may have.
const MOST_ONSETS: usize = 10_000;

/// The most onsets of one open rule in [`SAMPLE`] years.
const DENSEST: usize = 8 * 4;
const SAMPLE: i32 = 8;

/// How far ahead a rule is searched for its second period.
const CYCLE: i32 = 400;

/// The most rules without an end.
const MOST_OPEN_RULES: usize = 16;

/// Years whose onsets are worked out together, and kept.
const CHUNK: i32 = 64;

/// The most onsets of one open rule in that time; more than any that passes
/// the check of its density has.
const MOST_IN_CHUNK: usize = 1_000;

/// The last year of any rule.
const LAST_YEAR: i32 = 9999;

/// Wall clock and UTC are nearer to each other than this; seconds.
const MARGIN: i64 = 2 * 86_400;

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
    /// Onsets that are known one by one, in order.
    single: Vec<Onset>,
    open: Vec<OpenRule>,
    /// The year in which the first chunk begins.
    first_year: i32,
    /// The onsets of the first chunk, and all time before it.
    first: OnceLock<Onsets>,
    /// Those of the following ones; the last reaches ahead without end.
    later: Box<[OnceLock<Box<Onsets>>]>,
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

    /// Whether a VTIMEZONE makes sense, but has more rules or onsets than any
    /// real zone.
    pub(crate) fn is_excessive(definition: &TimeZoneBlock<'_>) -> bool {
        let blocks = definition.observances().take(MOST_OBSERVANCES + 1);
        let blocks: Vec<Block> = blocks.filter_map(|block| Block::read(&block)).collect();
        !blocks.is_empty() && Self::new(blocks).is_none()
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
            first_year: LAST_YEAR,
            first: OnceLock::new(),
            later: Box::default(),
        };
        for observance in observances {
            zone.take(observance)?;
        }
        zone.single.sort_by_key(|onset| onset.at);
        if let (Some(first), false) = (zone.single.first(), zone.open.is_empty()) {
            zone.first_year = first.at.year();
            let later = (LAST_YEAR - zone.first_year) / CHUNK;
            zone.later = (0..later).map(|_| OnceLock::new()).collect();
        }
        Some(zone)
    }

    /// Adds the onsets of one observance; `None` if they are too many.
    fn take(&mut self, mut observance: Block) -> Option<()> {
        let onset = |at| Onset {
            at: observance.instant(at),
            offset: observance.offset_to,
        };
        let singles = observance.dates.iter().copied().chain([observance.first]);
        self.single.extend(singles.map(onset).take(MOST_ONSETS + 1));
        for rule in std::mem::take(&mut observance.rules) {
            if !matches!(rule.frequency(), Frequency::Yearly | Frequency::Monthly) {
                return None;
            }
            let ends = rule.is_bounded();
            let rule = OpenRule::new(rule, &observance)?;
            if ends {
                self.single.extend(rule.onsets(..).take(MOST_ONSETS + 1));
            } else if rule.is_dense(observance.first.year()) {
                return None;
            } else {
                self.open.push(rule);
            }
            if self.single.len() > MOST_ONSETS || self.open.len() > MOST_OPEN_RULES {
                return None;
            }
        }
        (self.single.len() <= MOST_ONSETS).then_some(())
    }

    /// The onsets that matter for a year.
    fn onsets(&self, year: i32) -> &Onsets {
        let chunk = year.saturating_sub(self.first_year).max(0) / CHUNK;
        let chunk = usize::try_from(chunk)
            .unwrap_or_default()
            .min(self.later.len());
        let later = chunk.checked_sub(1).and_then(|index| self.later.get(index));
        match later {
            Some(kept) => kept.get_or_init(|| Box::new(self.expand(chunk))),
            None => self.first.get_or_init(|| self.expand(0)),
        }
    }

    /// All onsets that decide the offsets in a chunk, and when they do.
    fn expand(&self, chunk: usize) -> Onsets {
        let begins = |chunk: usize| {
            let chunk = i32::try_from(chunk).unwrap_or(LAST_YEAR);
            new_year(self.first_year.saturating_add(chunk.saturating_mul(CHUNK)))
        };
        let since = match chunk {
            0 => NaiveDateTime::MIN,
            chunk => shifted(begins(chunk), -MARGIN),
        };
        let until = if chunk < self.later.len() {
            shifted(begins(chunk + 1), MARGIN)
        } else {
            NaiveDateTime::MAX
        };
        let passed = |at| self.single.partition_point(|onset| onset.at < at);
        let single = passed(since).saturating_sub(1)..passed(until);
        let mut onsets = self.single.get(single).unwrap_or_default().to_vec();
        for rule in &self.open {
            onsets.extend(rule.last_before(since));
            onsets.extend(rule.onsets(since..until).take(MOST_IN_CHUNK));
        }
        Onsets::new(self.before, onsets, until)
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
        instants.map(|at| self.onset(at))
    }

    /// The onset in force when those from an instant on are yet to come.
    fn last_before(&self, at: NaiveDateTime) -> Option<Onset> {
        let found = self.set.last_before(at).ok()??;
        Some(self.onset(found.utc()?))
    }

    fn onset(&self, at: NaiveDateTime) -> Onset {
        Onset {
            at,
            offset: self.offset,
        }
    }

    /// Whether it has more onsets than any zone: in its first years, or in
    /// those of its next period, because the start may come late in the first.
    fn is_dense(&self, first: i32) -> bool {
        let is_dense = |year: i32| {
            let sample = self.onsets(years(year, year.saturating_add(SAMPLE)));
            sample.take(DENSEST + 1).count() > DENSEST
        };
        let second = first.saturating_add(1);
        let mut later = self.onsets(years(second, second.saturating_add(CYCLE)));
        is_dense(first) || later.next().is_some_and(|next| is_dense(next.at.year()))
    }
}

/// From the beginning of one year to that of another, UTC.
fn years(from: i32, to: i32) -> Range<NaiveDateTime> {
    new_year(from)..new_year(to)
}

/// The beginning of a year, UTC.
fn new_year(year: i32) -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(year, 1, 1);
    let beyond = if year < 0 {
        NaiveDateTime::MIN
    } else {
        NaiveDateTime::MAX
    };
    day.and_then(|day| day.and_hms_opt(0, 0, 0))
        .unwrap_or(beyond)
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

    fn knows_transitions(&self) -> bool {
        true
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

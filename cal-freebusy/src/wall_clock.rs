//! What clocks on the wall of a zone show during a window.

use std::sync::Arc;

use cal_core::{Calendar, Expansion, Moment, ZoneRules};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use crate::{Error, Interval};

const DAY: i64 = 86_400;

/// The offsets of a zone over a window and some days around it, as a table.
///
/// Instants and wall-clock times are seconds since 1970-01-01T00:00 of UTC and
/// of the wall.
#[derive(Clone, Debug)]
pub(crate) struct WallClock {
    /// In order of `from`; the first reaches back and the last on for ever.
    spells: Vec<Spell>,
}

/// An offset and the instant from which it holds.
#[derive(Clone, Copy, Debug)]
struct Spell {
    from: i64,
    offset: i64,
}

impl WallClock {
    /// How many days a window may have to be looked at by the wall clock.
    pub(crate) const MAX_DAYS: i64 = 3_700;

    /// The clock of `zone` during `window` and three days on either side.
    ///
    /// # Errors
    ///
    /// [`Error::WindowTooLong`] beyond [`MAX_DAYS`](Self::MAX_DAYS).
    pub(crate) fn over(zone: &ZoneRules, window: &Interval) -> Result<Self, Error> {
        if window.length() > TimeDelta::days(Self::MAX_DAYS) {
            return Err(Error::WindowTooLong {
                days: Self::MAX_DAYS,
            });
        }
        let nothing = Calendar::read("").calendar;
        let rules = Expansion::of(&nothing).in_zone(zone);
        let first = window.start().timestamp().div_euclid(DAY) - 3;
        let last = window.end().timestamp().div_euclid(DAY) + 3;
        let mut spells: Vec<Spell> = Vec::new();
        let mut day_before = None;
        for midnight in (first..=last).map(|day| day * DAY) {
            let offset = midnight - instant(&rules, midnight);
            match (spells.last(), day_before) {
                (Some(spell), Some(before)) if spell.offset != offset => {
                    let offsets = (spell.offset, offset);
                    let from = change(&rules, offsets, (before, midnight - offset));
                    spells.push(Spell { from, offset });
                }
                (Some(_), _) => {}
                (None, _) => spells.push(Spell {
                    from: i64::MIN,
                    offset,
                }),
            }
            day_before = Some(midnight - offset);
        }
        Ok(Self { spells })
    }

    /// The instant at which the wall shows `local`: the first one if there are
    /// two; as if the clocks had not changed yet if there is none (RFC 5545
    /// section 3.3.5).
    pub(crate) fn to_utc(&self, local: i64) -> i64 {
        let mut instant = local;
        for (place, spell) in self.spells.iter().enumerate() {
            let candidate = local - spell.offset;
            if place > 0 && candidate < spell.from {
                return instant;
            }
            instant = candidate;
            let next = self.spells.get(place + 1);
            if next.is_none_or(|next| candidate < next.from) {
                return instant;
            }
        }
        instant
    }

    /// What the wall shows at an instant.
    pub(crate) fn to_local(&self, instant: i64) -> i64 {
        let next = self.spells.partition_point(|spell| spell.from <= instant);
        let spell = self.spells.get(next.saturating_sub(1));
        instant + spell.map_or(0, |spell| spell.offset)
    }

    /// What the wall shows at an instant, as date and time.
    pub(crate) fn local_time(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        let local = self.to_local(instant.timestamp());
        DateTime::from_timestamp(local, 0)
            .unwrap_or(instant)
            .naive_utc()
    }
}

/// The clocks of many people over one window: those who share a zone share
/// its clock.
pub(crate) struct WallClocks {
    window: Interval,
    known: Vec<(ZoneRules, Arc<WallClock>)>,
}

impl WallClocks {
    pub(crate) fn over(window: &Interval) -> Self {
        Self {
            window: *window,
            known: Vec::new(),
        }
    }

    /// The clock of a zone, with the error of [`WallClock::over`].
    pub(crate) fn of(&mut self, zone: &ZoneRules) -> Result<Arc<WallClock>, Error> {
        let iana = zone.iana();
        let mut known = self.known.iter();
        // Only zones with a name can be told to be the same.
        if let Some((_, clock)) = known.find(|(known, _)| iana.is_some() && known.iana() == iana) {
            return Ok(Arc::clone(clock));
        }
        let clock = Arc::new(WallClock::over(zone, &self.window)?);
        if iana.is_some() {
            self.known.push((zone.clone(), Arc::clone(&clock)));
        }
        Ok(clock)
    }
}

/// Seconds since 1970 as an instant, clamped to those that there are.
pub(crate) fn utc(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or(if seconds < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    })
}

/// An instant so much later (earlier, if negative), clamped to those that
/// there are.
pub(crate) fn later(instant: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    instant
        .checked_add_signed(by)
        .unwrap_or(if by < TimeDelta::zero() {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        })
}

fn instant(rules: &Expansion<'_>, local: i64) -> i64 {
    let local = utc(local).naive_utc();
    rules.instant(&Moment::Floating(local)).timestamp()
}

/// The instant between two at which one offset gives way to another: `old`
/// holds just before `from`, `new` at `to`.
fn change(rules: &Expansion<'_>, (old, new): (i64, i64), (from, to): (i64, i64)) -> i64 {
    // What the wall shows with the offset that is in force leads back to the
    // instant. With the other offset it does not, but for times that are
    // skipped (those count as before the change) or come twice (those count
    // as the first).
    let is_old = |at: i64| {
        if new > old {
            instant(rules, at + new) != at
        } else {
            instant(rules, at + old) == at
        }
    };
    let (mut before, mut after) = (from - 1, to);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if is_old(middle) {
            before = middle;
        } else {
            after = middle;
        }
    }
    after
}

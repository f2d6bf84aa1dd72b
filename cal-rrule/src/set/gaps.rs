//! How many moments a rule's wall-clock times fall on where the clock skips.
//!
//! A time in a gap is read with the offset before it and may meet a time after
//! the gap. Only there does the number of moments differ from that of times.

use crate::engine::{SECONDS_PER_DAY, Wall};
use crate::seconds::{from_seconds, to_seconds};
use crate::set::compiled::{Compiled, CompiledRule, TimeLine};
use crate::set::count::WALK_LIMIT;
use crate::set::strike::Strike;
use crate::zone::Remembered;
use crate::{Error, Zone};

/// How many changes of a zone are looked at.
const CHANGES_LIMIT: u32 = 20_000;

/// Wall-clock times that are skipped at an instant.
#[derive(Clone, Copy, Debug)]
struct Gap {
    /// The instant, in seconds.
    change: i64,
    start: Wall,
    end: Wall,
}

impl Gap {
    fn length(self) -> i64 {
        self.end.to_seconds() - self.start.to_seconds()
    }

    /// The time after the gap that comes at the same instant as one in it.
    fn twin(self, inside: Wall) -> Wall {
        Wall::from_seconds(inside.to_seconds() + self.length())
    }
}

impl Compiled {
    /// How many moments a rule generates up to its last one, which was found
    /// in the set; `None` where too much would have to be looked at.
    pub(super) fn count_generated(
        &self,
        rule: &CompiledRule,
        last: Strike,
    ) -> Result<Option<u64>, Error> {
        let mut cache = rule.engine.cache();
        let TimeLine::Zoned(zone) = &self.line else {
            let counted = rule.engine.count_before(&mut cache, last.wall.after())?;
            return Ok(Some(counted));
        };
        let Some(first) = rule.engine.at_or_after(&mut cache, Wall::MIN, Wall::END)? else {
            return Ok(Some(0));
        };
        let first = self.line.moment(first) - i64::from(SECONDS_PER_DAY);
        let mut counted = None;
        let mut twins = 0;
        let mut visits = WALK_LIMIT;
        let mut changes = 0;
        for gap in gaps(zone, first, &mut changes).take_while(|gap| gap.change <= last.moment) {
            let mut from = gap.start;
            while let Some(inside) = rule.engine.at_or_after(&mut cache, from, gap.end)? {
                let twin = gap.twin(inside);
                let meets = rule
                    .engine
                    .at_or_after(&mut cache, twin, twin.after())?
                    .is_some_and(|twin| self.line.moment(twin) <= last.moment);
                twins += u64::from(meets);
                from = inside.after();
                visits -= 1;
                if visits == 0 {
                    return Ok(None);
                }
            }
            let since = last.moment - gap.change;
            if since < gap.length() {
                // Those in the gap and those after it come side by side.
                let upto = |wall: Wall| Wall::from_seconds(wall.to_seconds() + since).after();
                let mut before = |wall| rule.engine.count_before(&mut cache, wall);
                let inside = before(upto(gap.start))?;
                counted = Some(inside + before(upto(gap.end))? - before(gap.end)?);
            }
        }
        if changes == CHANGES_LIMIT {
            return Ok(None);
        }
        let counted = match counted {
            Some(counted) => counted,
            None => rule.engine.count_before(&mut cache, last.wall.after())?,
        };
        Ok(Some(counted.saturating_sub(twins)))
    }
}

/// The gaps of a zone from an instant on, and how many changes were looked at.
fn gaps<'a>(
    zone: &'a Remembered,
    from: i64,
    changes: &'a mut u32,
) -> impl Iterator<Item = Gap> + use<'a> {
    let mut here = from_seconds(from);
    let mut before = zone.offset_at(here);
    let mut ended = false;
    std::iter::from_fn(move || {
        while !ended && *changes < CHANGES_LIMIT {
            *changes += 1;
            let span = zone.span_from(here);
            let change = to_seconds(here);
            let wall = |offset: i32| Wall::from_seconds(change + i64::from(offset));
            let gap = Gap {
                change,
                start: wall(before),
                end: wall(span.offset),
            };
            before = span.offset;
            ended = span.end == chrono::NaiveDateTime::MAX || span.end <= here;
            here = span.end;
            if gap.start < gap.end {
                return Some(gap);
            }
        }
        None
    })
}

//! Counting beside EXDATEs: what the set would have, less what they take away.

use crate::Error;
use crate::engine::{SECONDS_PER_DAY, Wall};
use crate::seconds::{from_seconds, to_seconds};
use crate::set::RecurrenceSet;
use crate::set::count::WALK_LIMIT;
use crate::set::occurrence::Occurrence;

/// A set without its EXDATEs, and the moments that these take from it.
pub(super) struct Exclusions {
    all: RecurrenceSet,
    /// Members of `all`, ascending, each once.
    taken: Vec<i64>,
}

impl Exclusions {
    /// What the EXDATEs of a set take away; `None` where that would have to be
    /// looked for too long.
    pub(super) fn of(set: &RecurrenceSet) -> Result<Option<Self>, Error> {
        let all = set.without_exdates();
        let compiled = set.compiled();
        let mut taken = Vec::new();
        for moment in &compiled.excluded {
            if all.contains(from_seconds(*moment))? {
                taken.push(*moment);
            }
        }
        let mut visits = 0;
        let length = i64::from(SECONDS_PER_DAY);
        for day in &compiled.excluded_days {
            // No zone is further than a day from UTC.
            let start = Wall::midnight(*day).to_seconds();
            let window = from_seconds(start - length)..from_seconds(start + 2 * length);
            for occurrence in all.within(window) {
                let occurrence = occurrence?;
                if Wall::of(occurrence.local()).day() == *day {
                    taken.push(moment_of(&occurrence));
                }
                visits += 1;
                if visits == WALK_LIMIT {
                    return Ok(None);
                }
            }
        }
        taken.sort_unstable();
        taken.dedup();
        Ok(Some(Self { all, taken }))
    }

    /// What is taken away: members of the set without EXDATEs, ascending.
    #[cfg(feature = "rrule")]
    pub(super) fn moments(&self) -> &[i64] {
        &self.taken
    }

    /// How many members there are up to a moment, where that can be counted.
    pub(super) fn count_to(&self, moment: i64) -> Result<Option<u64>, Error> {
        let taken = self.taken.partition_point(|taken| *taken <= moment);
        let taken = u64::try_from(taken).unwrap_or(u64::MAX);
        let counted = self.all.compiled().count_to(moment)?;
        Ok(counted.map(|counted| counted.saturating_sub(taken)))
    }

    /// The nth member, from 0, where it and those before it can be counted.
    pub(super) fn nth(&self, n: u64) -> Result<Option<Occurrence>, Error> {
        let mut place = n;
        for taken in &self.taken {
            match self.all.compiled().count_to(*taken)? {
                Some(counted) if counted <= place + 1 => place += 1,
                Some(_) => break,
                None => return Ok(None),
            }
        }
        self.all.nth_counted(place)
    }
}

/// An occurrence on the line of its set, in seconds.
pub(super) fn moment_of(occurrence: &Occurrence) -> i64 {
    to_seconds(occurrence.utc().unwrap_or_else(|| occurrence.local()))
}

//! Where INTERVAL meets a few times of day.
//!
//! A rule such as every 86401 seconds at noon meets its time of day once in
//! centuries. The number of steps until then is found as Euclid found common
//! divisors.

use smallvec::SmallVec;

use crate::engine::times::Grid;

/// A rule with more times of day than this meets them soon.
const MOST_RUNS: usize = 16;
const MOST_SLOTS: usize = 4096;

/// The slots of a day that are allowed, as runs of them, where they are few.
#[derive(Clone, Debug)]
pub(super) struct Runs {
    /// The first and the last slot of each run; empty where they are many.
    runs: SmallVec<[(i64, i64); 1]>,
    per_day: i64,
}

impl Runs {
    /// The runs of slots of a length in seconds that start in a grid.
    pub(super) fn of(allowed: Grid, length: u32, per_day: i64) -> Self {
        let mut runs: SmallVec<[(i64, i64); 1]> = SmallVec::new();
        let seconds = std::iter::successors(allowed.at_or_after(0), |second| {
            allowed.at_or_after(second + 1)
        });
        for (seen, second) in seconds.enumerate() {
            let slot = i64::from(second / length);
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == slot => *last = slot,
                _ => runs.push((slot, slot)),
            }
            if runs.len() > MOST_RUNS || seen > MOST_SLOTS {
                runs.clear();
                break;
            }
        }
        Self { runs, per_day }
    }

    /// How many steps of a length, which may be negative, lead from a slot to
    /// the next that is allowed; `None` where that is not known.
    pub(super) fn steps_to(&self, slot: i64, step: i64) -> Option<i64> {
        let step = step.rem_euclid(self.per_day);
        let slot = slot.rem_euclid(self.per_day);
        let steps = self.runs.iter().filter_map(|(first, last)| {
            let low = (first - slot).rem_euclid(self.per_day);
            let high = low + (last - first);
            if high >= self.per_day {
                return Some(0);
            }
            multiple_within(step, self.per_day, (low, high))
        });
        steps.min()
    }
}

/// The least number, from 0, whose product with `step` lies, modulo `modulus`,
/// within a range that includes both its ends and lies below the modulus.
fn multiple_within(step: i64, modulus: i64, (low, high): (i64, i64)) -> Option<i64> {
    if low == 0 {
        return Some(0);
    }
    if step == 0 {
        return None;
    }
    if 2 * step > modulus {
        // Backwards the steps are shorter.
        return multiple_within(modulus - step, modulus, (modulus - high, modulus - low));
    }
    let up = |distance: i64| (distance + step - 1) / step;
    if up(low) * step <= high {
        return Some(up(low));
    }
    // How often it goes round until what is left to the range is a whole
    // number of steps.
    let range = (low % step, high % step);
    let rounds = multiple_within((-modulus).rem_euclid(step), step, range)?;
    Some(up(low + modulus * rounds))
}

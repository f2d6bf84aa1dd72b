//! Counting by visiting, where nothing else leads to the nth occurrence.

use super::Stop;
use super::wall::Wall;

/// How many occurrences are visited: one a month for three thousand years.
pub(crate) const WALK_LIMIT: u32 = 40_000;

/// The nth occurrence, from 0, from a time on, where `at_or_after` finds the
/// first from a time on.
pub(crate) fn nth(
    from: Wall,
    n: u64,
    mut at_or_after: impl FnMut(Wall) -> Result<Option<Wall>, Stop>,
) -> Result<Option<Wall>, Stop> {
    let mut next = from;
    for walked in 0..WALK_LIMIT {
        let Some(found) = at_or_after(next)? else {
            return Ok(None);
        };
        if found.day() >= Wall::END.day() {
            return Err(Stop::PastYear9999);
        }
        if u64::from(walked) == n {
            return Ok(Some(found));
        }
        next = found.after();
    }
    Err(Stop::CountLimit)
}

/// How many occurrences are from one on and before a time, where `at_or_after`
/// finds the first from a time on and before a day.
pub(crate) fn count_between(
    first: Wall,
    before: Wall,
    mut at_or_after: impl FnMut(Wall, i32) -> Result<Option<Wall>, Stop>,
) -> Result<u64, Stop> {
    let limit = before.day().saturating_add(1);
    let mut from = first;
    for walked in 0..WALK_LIMIT {
        match at_or_after(from, limit)? {
            Some(found) if found < before => from = found.after(),
            _ => return Ok(u64::from(walked)),
        }
    }
    Err(Stop::CountLimit)
}

//! Which times of the day a rule means.

use chrono::{NaiveTime, Timelike};

use crate::explain::Times;
use crate::explain::stated::Stated;

/// How many times of a day are listed one by one.
const LISTED: usize = 8;

/// From how many on, times that are evenly spaced are named by their step.
const STEPPED: usize = 4;

pub(super) fn times(stated: &Stated<'_>) -> Times {
    let Stated {
        hours,
        minutes,
        seconds,
        ..
    } = stated;
    if hours.is_empty() && minutes.is_empty() && seconds.is_empty() {
        return Times::Unsaid;
    }
    let sub_daily = stated.rule.frequency.is_sub_daily();
    if !sub_daily && !hours.is_empty() && !minutes.is_empty() {
        let whole_minutes = seconds.is_empty() || stated.has_start && seconds == &[0];
        let all = combinations(stated);
        let step = step(&all).filter(|_| whole_minutes && all.len() >= STEPPED);
        if let (Some(minutes), Some(&from), Some(&to)) = (step, all.first(), all.last()) {
            return Times::Stepped { minutes, from, to };
        }
        if all.len() <= LISTED {
            return Times::At {
                times: all,
                to_the_second: !whole_minutes,
            };
        }
    }
    Times::Grid {
        hours: hours.clone(),
        minutes: minutes.clone(),
        seconds: seconds.clone(),
    }
}

/// All combinations, ascending: at most a day's seconds.
fn combinations(stated: &Stated<'_>) -> Vec<NaiveTime> {
    let seconds = if stated.seconds.is_empty() {
        &[0][..]
    } else {
        &stated.seconds
    };
    let mut all = Vec::new();
    for hour in &stated.hours {
        for minute in &stated.minutes {
            for second in seconds {
                let (hour, minute) = (u32::from(*hour), u32::from(*minute));
                all.extend(NaiveTime::from_hms_opt(hour, minute, u32::from(*second)));
            }
        }
    }
    all
}

/// The minutes from each time to the next, where they are always as many.
fn step(times: &[NaiveTime]) -> Option<u32> {
    let minute = |time: &NaiveTime| time.hour() * 60 + time.minute();
    let mut steps = times
        .iter()
        .zip(times.iter().skip(1))
        .map(|(one, next)| minute(next) - minute(one));
    let first = steps.next()?;
    steps.all(|step| step == first).then_some(first)
}

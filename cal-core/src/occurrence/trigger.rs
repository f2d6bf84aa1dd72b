//! When alarms go off (RFC 5545 3.6.6), and whether that is in a window.

use cal_rrule::Zone;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::Expansion;
use super::Occurrence;
use super::plan::add;
use super::rows;
use crate::{Alarm, Component, Duration, Error, Object, Trigger, Window};

/// Repetitions of one alarm that are looked at.
const MOST_REPEATS: u32 = 1_000;

impl Occurrence<'_> {
    /// When an alarm of this occurrence's component goes off, UTC: first as
    /// its TRIGGER says, then as often as it repeats.
    ///
    /// An absolute trigger goes off at its own time, whatever the occurrence.
    /// Days of a relative one are days of the wall clock. At most a thousand
    /// repetitions are given.
    ///
    /// # Errors
    /// If the alarm has no trigger that can be read.
    pub fn alarm_times(&self, alarm: &Alarm<'_>) -> Result<Vec<DateTime<Utc>>, Error> {
        let first = match alarm.trigger()? {
            Trigger::FromStart(offset) => self.offset(self.placed.start, offset),
            Trigger::FromEnd(offset) => self.offset(self.placed.end, offset),
            Trigger::At(moment) => self.plan.rules.to_utc_of(&moment),
        };
        Ok(repeated(alarm, first))
    }

    /// So long after an instant, days on the wall clock of the start.
    fn offset(&self, from: NaiveDateTime, by: Duration) -> NaiveDateTime {
        let seconds = TimeDelta::seconds(by.seconds());
        if by.days() == 0 {
            return add(from, seconds);
        }
        let rules = &self.plan.rules;
        let local = add(rules.to_local(from), TimeDelta::days(by.days()));
        add(rules.to_utc(local), seconds)
    }
}

impl crate::ZoneRules {
    /// The instant of an absolute trigger: UTC by the RFC, local in the field.
    fn to_utc_of(&self, moment: &crate::Moment) -> NaiveDateTime {
        if moment.is_utc() {
            moment.local()
        } else {
            self.to_utc(moment.local())
        }
    }
}

/// The first time and its repetitions.
fn repeated(alarm: &Alarm<'_>, first: NaiveDateTime) -> Vec<DateTime<Utc>> {
    let pause = alarm
        .repeat_after()
        .ok()
        .flatten()
        .map(|pause| pause.to_time_delta());
    let repeats = match pause {
        Some(pause) if pause > TimeDelta::zero() => alarm.repeat().min(MOST_REPEATS),
        _ => 0,
    };
    let pause = pause.unwrap_or_default();
    let mut at = first;
    let mut times = vec![first.and_utc()];
    for _ in 0..repeats {
        at = add(at, pause);
        times.push(at.and_utc());
    }
    times
}

/// Collects the alarms of an object that go off in the window.
pub(super) fn search<'a>(
    expansion: &Expansion<'a>,
    object: &Object<'a>,
    window: &Window,
    found: &mut Vec<Component<'a>>,
) -> Result<(), Error> {
    let mut open = Vec::new();
    let mut reach = TimeDelta::zero();
    for component in object.components() {
        for alarm in component.alarms() {
            match alarm.trigger() {
                Ok(Trigger::At(moment)) => {
                    let at = expansion.clock().instant(&moment);
                    if repeated(&alarm, at)
                        .into_iter()
                        .any(|at| rows::trigger(window, at))
                    {
                        found.push(alarm.component());
                    }
                }
                Ok(Trigger::FromStart(offset) | Trigger::FromEnd(offset)) => {
                    reach = reach.max(alarm_reach(&alarm, offset));
                    open.push(alarm);
                }
                Err(_) => {}
            }
        }
    }
    if open.is_empty() {
        return Ok(());
    }
    for item in expansion.walk(object, &window.widened(reach)) {
        let occurrence = item?;
        let parent = Some(occurrence.component());
        open.retain(|alarm| {
            let rings = alarm.parent() == parent
                && occurrence
                    .alarm_times(alarm)
                    .is_ok_and(|times| times.into_iter().any(|at| rows::trigger(window, at)));
            if rings {
                found.push(alarm.component());
            }
            !rings
        });
        if open.is_empty() {
            break;
        }
    }
    Ok(())
}

/// How far from its occurrence an alarm may go off.
fn alarm_reach(alarm: &Alarm<'_>, offset: Duration) -> TimeDelta {
    let pause = alarm.repeat_after().ok().flatten().unwrap_or_default();
    let repeats = i32::try_from(alarm.repeat().min(MOST_REPEATS)).unwrap_or_default();
    let repeated = pause.to_time_delta().abs().checked_mul(repeats);
    let change = TimeDelta::days(2);
    offset.to_time_delta().abs() + repeated.unwrap_or(TimeDelta::MAX / 4) + change
}

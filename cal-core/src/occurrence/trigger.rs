//! When alarms go off (RFC 5545 3.6.6), and whether that is in a window.

use std::collections::HashMap;

use cal_rrule::Zone;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::Expansion;
use super::Occurrence;
use super::plan::add;
use super::rows;
use crate::{Alarm, Component, Duration, Error, Object, Trigger, Window};

/// Repetitions of one alarm that are looked at.
const MOST_REPEATS: u32 = 1_000;

/// Pairs of an alarm and an occurrence of one object that one search looks at.
const MOST_ASKED: usize = 1_000_000;

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

/// How often an alarm repeats after its first time, and with which pause; not
/// at all without a pause.
fn repetition(alarm: &Alarm<'_>) -> (u32, TimeDelta) {
    let pause = alarm.repeat_after().ok().flatten().unwrap_or_default();
    match pause.to_time_delta() {
        pause if pause > TimeDelta::zero() => (alarm.repeat().min(MOST_REPEATS), pause),
        _ => (0, TimeDelta::zero()),
    }
}

/// The first time and its repetitions.
fn repeated(alarm: &Alarm<'_>, first: NaiveDateTime) -> Vec<DateTime<Utc>> {
    let (repeats, pause) = repetition(alarm);
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
    let mut open = Open::default();
    let known = found.len();
    for component in object.components() {
        for alarm in component.alarms() {
            match alarm.trigger() {
                Ok(Trigger::At(moment)) => {
                    let at = expansion.clock().instant(&moment);
                    if Bell::of(&alarm, Anchor::Start(Duration::ZERO)).rings(window, at) {
                        found.push(alarm.component());
                    }
                }
                Ok(Trigger::FromStart(offset)) => {
                    open.add(*component, &alarm, Anchor::Start(offset));
                }
                Ok(Trigger::FromEnd(offset)) => {
                    open.add(*component, &alarm, Anchor::End(offset));
                }
                Err(_) => {}
            }
        }
    }
    if !open.bells.is_empty() {
        open.search(expansion, object, window, found)?;
    }
    if let Some(found) = found.get_mut(known..) {
        found.sort_unstable_by_key(|alarm| alarm.index);
    }
    Ok(())
}
/// The alarms that were not found to go off yet, by their component, those
/// that go off at the same times together.
#[derive(Default)]
struct Open<'a> {
    bells: HashMap<u32, HashMap<Bell, Vec<Component<'a>>>>,
    /// How far from its occurrence any of them may go off.
    reach: TimeDelta,
}

impl<'a> Open<'a> {
    fn add(&mut self, component: Component<'a>, alarm: &Alarm<'a>, anchor: Anchor) {
        let bell = Bell::of(alarm, anchor);
        self.reach = self.reach.max(bell.reach());
        let bells = self.bells.entry(component.index).or_default();
        bells.entry(bell).or_default().push(alarm.component());
    }

    /// Collects those that go off in the window, in any order.
    fn search(
        mut self,
        expansion: &Expansion<'a>,
        object: &Object<'a>,
        window: &Window,
        found: &mut Vec<Component<'a>>,
    ) -> Result<(), Error> {
        let mut left = MOST_ASKED;
        for item in expansion.walk(object, &window.widened(self.reach)) {
            let occurrence = item?;
            let component = occurrence.component().index;
            let Some(bells) = self.bells.get_mut(&component) else {
                continue;
            };
            left = left.checked_sub(bells.len()).ok_or(Error::AlarmLimit {
                uid: object.uid().into(),
                limit: MOST_ASKED,
            })?;
            bells.retain(|bell, alarms| {
                let rings = bell.rings(window, bell.first(&occurrence));
                if rings {
                    found.append(alarms);
                }
                !rings
            });
            if bells.is_empty() {
                self.bells.remove(&component);
            }
            if self.bells.is_empty() {
                break;
            }
        }
        Ok(())
    }
}

/// What an alarm's offset counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Anchor {
    Start(Duration),
    End(Duration),
}

/// When an alarm goes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Bell {
    anchor: Anchor,
    repeats: u32,
    pause: TimeDelta,
}

impl Bell {
    fn of(alarm: &Alarm<'_>, anchor: Anchor) -> Self {
        let (repeats, pause) = repetition(alarm);
        Self {
            anchor,
            repeats,
            pause,
        }
    }

    /// When it first goes off at an occurrence.
    fn first(&self, occurrence: &Occurrence<'_>) -> NaiveDateTime {
        match self.anchor {
            Anchor::Start(offset) => occurrence.offset(occurrence.placed.start, offset),
            Anchor::End(offset) => occurrence.offset(occurrence.placed.end, offset),
        }
    }

    /// Whether it goes off in the window, the first time or a later one.
    fn rings(&self, window: &Window, first: NaiveDateTime) -> bool {
        if rows::trigger(window, first.and_utc()) {
            return true;
        }
        let Some(missing) = window.naive().0.map(|start| start - first) else {
            return false;
        };
        if self.repeats == 0 || missing <= TimeDelta::zero() {
            return false;
        }
        // The first repetition that is not before the window.
        let pause = self.pause.num_seconds().max(1);
        let nth =
            (missing.num_seconds() + i64::from(missing.subsec_nanos() > 0) + pause - 1) / pause;
        let Some(nth) = i32::try_from(nth)
            .ok()
            .filter(|nth| nth.unsigned_abs() <= self.repeats)
        else {
            return false;
        };
        let later = self.pause.checked_mul(nth);
        later.is_some_and(|later| rows::trigger(window, add(first, later).and_utc()))
    }

    /// How far from its occurrence it may go off.
    fn reach(&self) -> TimeDelta {
        let (Anchor::Start(offset) | Anchor::End(offset)) = self.anchor;
        let repeats = i32::try_from(self.repeats).unwrap_or_default();
        let most = TimeDelta::MAX / 4;
        let repeated = self.pause.checked_mul(repeats).unwrap_or(most).min(most);
        let change = TimeDelta::days(2);
        offset.to_time_delta().abs() + repeated + change
    }
}

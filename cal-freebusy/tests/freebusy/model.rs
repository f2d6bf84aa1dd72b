//! Calendars against a brute-force model of one value a minute.

use cal_core::Calendar;
use cal_freebusy::{Availability, BusyType, Interval, Schedule, Slot, SlotSet};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::at;

/// A week.
const MINUTES: i64 = 7 * 1440;

fn origin() -> DateTime<Utc> {
    at("2026-03-20T00:00:00Z")
}

#[derive(Clone, Debug)]
struct Meeting {
    start: i64,
    length: i64,
    /// Every so many days, so many times.
    every: i64,
    count: i64,
    kind: Option<BusyType>,
}

impl Meeting {
    fn text(&self, uid: usize) -> String {
        let start = (origin() + TimeDelta::minutes(self.start)).format("%Y%m%dT%H%M%SZ");
        let (length, every, count) = (self.length, self.every, self.count);
        let kind = match self.kind {
            None => "TRANSP:TRANSPARENT",
            Some(BusyType::Tentative) => "STATUS:TENTATIVE",
            Some(_) => "STATUS:CONFIRMED",
        };
        format!(
            "BEGIN:VEVENT\nUID:{uid}\nDTSTART:{start}\nDURATION:PT{length}M\n\
             RRULE:FREQ=DAILY;INTERVAL={every};COUNT={count}\n{kind}\nEND:VEVENT\n"
        )
    }

    fn covers(&self, minute: i64) -> bool {
        (0..self.count)
            .map(|n| self.start + n * self.every * 1440)
            .any(|start| (start..start + self.length).contains(&minute))
    }
}

fn meeting() -> impl Strategy<Value = Meeting> {
    let kind = prop::sample::select(vec![None, Some(BusyType::Tentative), Some(BusyType::Busy)]);
    (-3000..MINUTES, 0_i64..400, 1_i64..4, 1_i64..10, kind).prop_map(
        |(start, length, every, count, kind)| Meeting {
            start,
            length,
            every,
            count,
            kind,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn busy_times_are_those_of_a_brute_force_walk(
        meetings in prop::collection::vec(meeting(), 0..12),
    ) {
        let events: String = meetings.iter().enumerate().map(|(uid, m)| m.text(uid)).collect();
        let calendar =
            Calendar::read(format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n")).calendar;
        let window = Interval::new(origin(), origin() + TimeDelta::minutes(MINUTES));
        let schedule = Schedule::new(chrono_tz::UTC).with_calendar(&calendar);
        let availability = Availability::of(&schedule, &window);
        prop_assert_eq!(availability.faults(), []);
        let mut slots = SlotSet::new();
        for minute in 0..MINUTES {
            let instant = window.start() + TimeDelta::minutes(minute);
            let covering = meetings.iter().filter(|meeting| meeting.covers(minute));
            let expected = covering.filter_map(|meeting| meeting.kind).max();
            prop_assert_eq!(availability.busy().at(instant), expected, "{}", instant);
            if expected.is_some() {
                slots.insert(Slot::containing(instant));
            }
        }
        prop_assert_eq!(availability.slots(), slots);
    }
}

//! Calendars as people have them: made up, the same in every run.
//!
//! A person has 15 to 25 events a week. A fifth of them are occurrences of
//! four weekly series, each of a quarter of a year; the others are single.
//! They begin on the half hours of a working day, in one of five zones; half
//! have guests, most a reminder, some a description of several lines.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

const ZONES: [Tz; 5] = [
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::America__Los_Angeles,
    Tz::Asia__Kolkata,
    Tz::Asia__Tokyo,
];

const SUBJECTS: [&str; 8] = [
    "Planning",
    "Review",
    "Interview",
    "Lunch",
    "Call",
    "Workshop",
    "Retrospective",
    "Travel",
];

/// Weekly series that a person has at any time.
const SERIES: u32 = 4;

/// Weeks that a series goes on.
const QUARTER: u32 = 13;

/// The Monday with which all calendars begin.
#[must_use]
pub fn monday(week: u32) -> DateTime<Utc> {
    let first = DateTime::UNIX_EPOCH + Duration::days(4 + 7 * 2_817);
    first + Duration::weeks(week.into())
}

/// A person with a calendar, of whom there can be any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person(
    /// Which one.
    pub u32,
);

/// An event of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its UID, which no other event has.
    pub uid: String,
    /// A VCALENDAR with it alone.
    pub text: String,
}

impl Person {
    /// The zone that the person lives in.
    #[must_use]
    pub fn zone(self) -> Tz {
        let zones = ZONES.iter().cycle();
        zones
            .copied()
            .nth(self.0 as usize % ZONES.len())
            .unwrap_or(Tz::UTC)
    }

    /// The address of the person.
    #[must_use]
    pub fn address(self) -> String {
        format!("person-{}@example.com", self.0)
    }

    /// So many events of the person, from the first week on.
    pub fn events(self, count: usize) -> impl Iterator<Item = Event> {
        (0..).flat_map(move |week| self.week(week)).take(count)
    }

    /// The events that the person makes for a week.
    fn week(self, week: u32) -> Vec<Event> {
        let mut random = SmallRng::seed_from_u64(u64::from(self.0) << 32 | u64::from(week));
        let single = random.random_range(15..=25) - SERIES;
        // Each of the series begins in a week of its own.
        let begun =
            (0..SERIES).filter(|series| (week + series * 3).is_multiple_of(QUARTER) || week == 0);
        let series = begun.map(|series| {
            let left = QUARTER - (week + series * 3) % QUARTER;
            (series, format!("RRULE:FREQ=WEEKLY;COUNT={left}\r\n"))
        });
        let single = (SERIES..SERIES + single).map(|number| (number, String::new()));
        let events = series.chain(single);
        events
            .map(|(number, rule)| self.event((week, number), &rule, &mut random))
            .collect()
    }

    fn event(self, (week, number): (u32, u32), rule: &str, random: &mut SmallRng) -> Event {
        let uid = format!("{}-{week}-{number}@example.com", self.0);
        let zone = self.zone();
        let minutes = 1_440 * random.random_range(0..5) + 480 + 30 * random.random_range(0..20);
        let start = monday(week).naive_utc() + Duration::minutes(minutes);
        let length = [30, 30, 60, 60, 90].choose(random).unwrap_or(&30);
        let subject = SUBJECTS.choose(random).unwrap_or(&"Call");
        let mut text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Profile//EN\r\n\
             BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20240101T000000Z\r\n\
             DTSTART;TZID={zone}:{}\r\nDURATION:PT{length}M\r\n{rule}SUMMARY:{subject} {number}\r\n",
            start.format("%Y%m%dT%H%M%S")
        );
        if random.random_bool(0.3) {
            text.push_str(
                "DESCRIPTION:Please bring the figures of the last quarter and the list\r\n  \
                 of questions that were left open.\\n\\nThe room has a screen.\r\n",
            );
        }
        if random.random_bool(0.5) {
            text.push_str(&format!("ORGANIZER:mailto:{}\r\n", self.address()));
            for _ in 0..random.random_range(1..=5) {
                let guest = Person(random.random_range(0..100_000)).address();
                text.push_str(&format!("ATTENDEE;PARTSTAT=ACCEPTED:mailto:{guest}\r\n"));
            }
        }
        if random.random_bool(0.7) {
            text.push_str(
                "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\r\nTRIGGER:-PT15M\r\n\
                 END:VALARM\r\n",
            );
        }
        text.push_str("END:VEVENT\r\nEND:VCALENDAR\r\n");
        Event { uid, text }
    }
}

#[cfg(test)]
mod tests {
    use cal_core::Window;

    use super::*;

    #[test]
    fn a_week_has_15_to_25_events_of_which_a_fifth_recurs() {
        let (mut all, mut recurring) = (0, 0);
        for person in 0..20 {
            let events: Vec<_> = Person(person).events(1_000).collect();
            for week in [1, 9, 23, 40] {
                let zone = Person(person).zone();
                let local = |week| monday(week).naive_utc().and_local_timezone(zone).unwrap();
                let window = Window::new(local(week).to_utc(), local(week + 1).to_utc());
                let mut seen = 0;
                for event in &events {
                    let calendar = cal_core::Calendar::read(&event.text).calendar;
                    let found = calendar.occurrences(&window, zone).count();
                    seen += found;
                    recurring += found * usize::from(event.text.contains("RRULE"));
                }
                assert!(
                    (14..=26).contains(&seen),
                    "{person} has {seen} in week {week}"
                );
                all += seen;
            }
        }
        let share =
            f64::from(u32::try_from(recurring).unwrap()) / f64::from(u32::try_from(all).unwrap());
        assert!((0.17..0.23).contains(&share), "{share}");
    }

    #[test]
    fn every_run_makes_the_same_events_and_no_uid_twice() {
        let events = |person| Person(person).events(500).collect::<Vec<_>>();
        assert_eq!(events(7), events(7));
        let uids: std::collections::BTreeSet<_> =
            (0..20).flat_map(events).map(|event| event.uid).collect();
        assert_eq!(uids.len(), 20 * 500);
    }
}

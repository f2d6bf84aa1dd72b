//! Nothing breaks where instants end.

use cal_core::Calendar;
use cal_freebusy::{
    Availability, BusyIndex, BusyTime, BusyTimes, BusyType, Change, Chart, Host, Interval, Layers,
    Participant, Preference, Request, Schedule, SharedAvailability, Team, Transparency,
    WorkingHours,
};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Europe::Berlin;
use chrono_tz::Tz;

use crate::period;

/// The first and the last week of all, and those of years with four digits.
fn weeks() -> [Interval; 4] {
    let week = TimeDelta::days(7);
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    [
        Interval::new(first, first + week),
        Interval::new(last - week, last),
        period("00010101T000000Z/P7D"),
        period("99991224T000000Z/99991231T000000Z"),
    ]
}

fn hours(zone: Tz) -> WorkingHours {
    let day = TimeDelta::hours(12);
    WorkingHours::weekdays(zone, "00:00-24:00".parse().unwrap()).with_margins(day, day)
}

fn busy(window: &Interval) -> BusyTimes {
    [BusyTime::new(*window, BusyType::Busy)]
        .into_iter()
        .collect()
}

#[test]
fn a_time_is_found_or_not() {
    let (hour, long) = (TimeDelta::hours(1), TimeDelta::days(7));
    for window in weeks() {
        for busy in [BusyTimes::new(), busy(&window)] {
            let morning = Preference::liking("morning", "08:00-12:00".parse().unwrap());
            let ada = Participant::new("Ada", Berlin, busy.clone())
                .with_hours(hours(Tz::Pacific__Kiritimati))
                .with_buffers(long, long)
                .with_travel(long, long)
                .with_preference(morning)
                .with_burden(TimeDelta::MAX);
            let request = Request::new(window, hour, Berlin).with(ada);
            request.suggest().unwrap();
            request.weekly(60).unwrap();
            request.rotation(3).unwrap();
            request.why_not(&window).unwrap();
            let team = Team::new(vec![Host::new("Ada", busy).with_hours(hours(Berlin))]);
            team.collective(&window, hour, hour).unwrap();
            team.round_robin(&window, hour, hour).unwrap();
        }
    }
}

#[test]
fn hours_charts_and_files_are_made() {
    for window in weeks() {
        for zone in [Berlin, Tz::Pacific__Kiritimati, Tz::Pacific__Pago_Pago] {
            hours(zone).open(&window).unwrap();
            hours(zone).stretched(&window).unwrap();
            hours(zone)
                .to_vavailability("hours", window.start())
                .unwrap();
            hours(zone).to_vavailability("hours", window.end()).unwrap();
            Chart::new(&busy(&window), &window, zone)
                .unwrap()
                .to_string();
        }
        let layers = Layers::new(window).with_hours(&hours(Berlin)).unwrap();
        let shared = SharedAvailability::new("ada", &layers, window.end()).unwrap();
        SharedAvailability::from_bytes(&shared.to_bytes()).unwrap();
    }
}

#[test]
fn calendars_are_looked_at() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:00010101T000000\nDURATION:P1D\n\
                RRULE:FREQ=YEARLY\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nDTSTART;VALUE=DATE:99991231\n\
                END:VEVENT\nBEGIN:VAVAILABILITY\nUID:3\nBEGIN:AVAILABLE\nUID:4\n\
                DTSTART:00010101T090000\nDURATION:PT8H\nRRULE:FREQ=DAILY\nEND:AVAILABLE\n\
                END:VAVAILABILITY\nEND:VCALENDAR\n";
    let object = Calendar::read(text).calendar;
    for window in weeks() {
        let schedule = Schedule::new(Berlin).with_calendar(&object);
        let availability = Availability::of(&schedule, &window);
        let _ = availability.to_vfreebusy(window.end());
        let _ = schedule.explain(&window);
        let _ = schedule.report(&window, &hours(Berlin));
        let mut index = BusyIndex::new(Berlin, window).unwrap();
        let transparency = Transparency::AsEvents;
        index.apply(&Change::Put {
            key: "1",
            object: &object,
            transparency,
        });
        assert_eq!(index.layers(), &Layers::of(&schedule, &window));
    }
}

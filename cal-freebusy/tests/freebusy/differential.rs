//! Busy time against what a client works out for itself from expanded events
//! (RFC 4791 section 9.6.5).

use cal_core::{Calendar, Expansion, Window};
use cal_freebusy::{Availability, BusyTime, BusyTimes, BusyType, Interval, Schedule};
use chrono_tz::Europe::Berlin;
use proptest::prelude::*;

use crate::period;

fn event() -> impl Strategy<Value = String> {
    let rule = prop::sample::select(vec![
        "",
        "RRULE:FREQ=DAILY;COUNT=9\n",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TH\nEXDATE;TZID=Europe/Berlin:20260326T090000\n",
        "RRULE:FREQ=MONTHLY;BYDAY=-1SU\n",
        "RDATE;TZID=Europe/Berlin:20260401T080000,20260402T080000\n",
    ]);
    let zone = prop::sample::select(vec![
        "Europe/Berlin",
        "America/St_Johns",
        "Australia/Lord_Howe",
    ]);
    (any::<u16>(), 1_u32..28, 0_u32..24, 0_u32..400, rule, zone).prop_map(
        |(uid, day, hour, minutes, rule, zone)| {
            format!(
                "BEGIN:VEVENT\nUID:{uid}\nDTSTART;TZID={zone}:202603{day:02}T{hour:02}0000\n\
                 DURATION:PT{minutes}M\n{rule}END:VEVENT\n"
            )
        },
    )
}

/// The union of the events of an expanded calendar, all of them in UTC.
fn by_hand(expanded: &Calendar, window: &Interval) -> BusyTimes {
    let clock = Expansion::of(expanded).in_zone(Berlin);
    let times = expanded.events().map(|event| {
        let (start, end) = (event.start().unwrap(), event.end().unwrap());
        let interval = Interval::new(clock.instant(&start), clock.instant(&end));
        BusyTime::new(interval, BusyType::Busy)
    });
    times.collect::<BusyTimes>().within(window)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn busy_time_is_the_union_of_the_expanded_events(events in prop::collection::vec(event(), 0..8)) {
        let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y\n{}END:VCALENDAR\n", events.concat());
        let calendar = Calendar::read(text).calendar;
        let window = period("20260320T120000Z/P21D");
        let expansion = Expansion::of(&calendar).in_zone(Berlin);
        let expanded = expansion.expanded(&Window::new(window.start(), window.end())).unwrap();
        let schedule = Schedule::new(Berlin).with_calendar(&calendar);
        let availability = Availability::of(&schedule, &window);
        prop_assert_eq!(availability.busy(), &by_hand(&expanded, &window));
    }
}

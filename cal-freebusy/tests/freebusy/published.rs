//! What others may see.

use cal_core::Calendar;
use cal_freebusy::{Availability, BusyTime, BusyTimes, BusyType, Interval, Schedule};
use chrono::TimeDelta;
use chrono_tz::Europe::Berlin;
use proptest::prelude::*;

use crate::{at, period};

#[test]
fn a_vfreebusy_has_intervals_and_nothing_else() {
    let busy: BusyTimes = [
        BusyTime::new(period("20260302T090000Z/PT1H"), BusyType::Busy),
        BusyTime::new(period("20260302T100000Z/PT1H"), BusyType::Unavailable),
        BusyTime::new(period("20260302T233000Z/PT1H"), BusyType::Tentative),
    ]
    .into_iter()
    .collect();
    let text = busy.to_vfreebusy(&period("20260302T000000Z/P1D"), at("2026-03-01T12:00:00Z"));
    let lines: Vec<_> = text.split("\r\n").collect();
    assert_eq!(
        lines,
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//cal-rs//cal-freebusy//EN",
            "BEGIN:VFREEBUSY",
            "UID:20260302T000000Z-20260303T000000Z-20260301T120000Z",
            "DTSTAMP:20260301T120000Z",
            "DTSTART:20260302T000000Z",
            "DTEND:20260303T000000Z",
            "FREEBUSY:20260302T090000Z/20260302T100000Z",
            "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260302T100000Z/20260302T110000Z",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260302T233000Z/20260303T000000Z",
            "END:VFREEBUSY",
            "END:VCALENDAR",
            "",
        ]
    );
    assert!(lines.iter().all(|line| line.len() <= 75));
    Calendar::parse(&text).expect("strictly valid");
}

#[test]
fn parts_of_seconds_are_rounded_outwards() {
    let start = at("2026-03-02T09:00:00.25Z");
    let moment = Interval::new(start, start + TimeDelta::milliseconds(100));
    let busy: BusyTimes = [BusyTime::new(moment, BusyType::Busy)]
        .into_iter()
        .collect();
    let text = busy.to_vfreebusy(&period("20260302T000000Z/P1D"), start);
    assert!(
        text.contains("FREEBUSY:20260302T090000Z/20260302T090001Z"),
        "{text}"
    );
}

fn busy_times() -> impl Strategy<Value = BusyTimes> {
    let kind = prop::sample::select(BusyType::ALL.to_vec());
    let time = (0_i64..86_400, 1_i64..7200, kind).prop_map(|(start, length, kind)| {
        let start = at("2026-03-02T00:00:00Z") + TimeDelta::seconds(start);
        BusyTime::new(
            Interval::new(start, start + TimeDelta::seconds(length)),
            kind,
        )
    });
    prop::collection::vec(time, 0..20).prop_map(|times| times.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_published_reads_back(busy in busy_times()) {
        let window = period("20260302T000000Z/P2D");
        let text = busy.to_vfreebusy(&window, at("2026-03-01T12:00:00Z"));
        let calendar: Calendar = text.parse().unwrap();
        let read = Availability::of(&Schedule::new(Berlin).with_calendar(&calendar), &window);
        prop_assert_eq!(read.busy(), &busy);
        prop_assert_eq!(read.faults(), []);
    }

    #[test]
    fn no_text_of_any_event_can_leak(
        texts in prop::array::uniform8("[a-zA-Z0-9äßλ🎉 .@-]{4,24}"),
        status in prop::sample::select(vec!["CONFIRMED", "TENTATIVE", "CANCELLED"]),
        answer in prop::sample::select(vec!["ACCEPTED", "DECLINED", "TENTATIVE"]),
        start in prop::sample::select(vec!["20260302T090000Z", "20260302", "nonsense"]),
    ) {
        let [summary, place, words, uid, category, note, name, custom] = &texts;
        let secret = format!(
            "BEGIN:VCALENDAR\nPRODID:{custom}\nX-WR-CALNAME:{name}\nBEGIN:VEVENT\nUID:{uid}\n\
             DTSTART:{start}\nDURATION:PT1H\nSUMMARY:{summary}\nLOCATION:{place}\n\
             DESCRIPTION:{words}\nCATEGORIES:{category}\nCOMMENT:{note}\nCLASS:PRIVATE\n\
             X-CUSTOM:{custom}\nSTATUS:{status}\nATTENDEE;CN=\"{name}\";PARTSTAT={answer}:mailto:a@b\n\
             END:VEVENT\nBEGIN:VFREEBUSY\nUID:{uid}\nCOMMENT:{note}\n\
             FREEBUSY:20260302T120000Z/PT1H,{words}\nEND:VFREEBUSY\nEND:VCALENDAR\n"
        );
        let window = period("20260302T000000Z/P1D");
        let stamp = at("2026-03-01T12:00:00Z");
        // What is written whoever's events these are may look like a text by chance.
        let frame = BusyTimes::new().to_vfreebusy(&window, stamp);
        let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        let calendar = Calendar::read(&secret).calendar;
        let schedule = Schedule::new(Berlin).with_address("a@b").with_calendar(&calendar);
        let published = Availability::of(&schedule, &window).to_vfreebusy(stamp);
        for text in texts.iter().filter(|text| !frame.contains(*text) && !digits(text)) {
            prop_assert!(!published.contains(text.as_str()), "{} in {}", text, published);
        }
    }
}

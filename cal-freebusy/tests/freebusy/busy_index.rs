//! Layers that follow changes, against layers made anew.

use std::collections::BTreeMap;

use cal_core::Calendar;
use cal_freebusy::{
    Availability, BusyIndex, Change, Error, Layer, Layers, Schedule, Transparency, WorkingHours,
};
use chrono_tz::Europe::Berlin;
use proptest::prelude::*;

use crate::period;

/// One object: an event, a series with an override, hours, or busy time.
fn object() -> impl Strategy<Value = String> {
    let event = (0_u32..20, 0_u32..24, 0_u32..60, 0_u32..600, 0_usize..6).prop_map(
        |(day, hour, minute, length, kind)| {
            let lines = [
                "",
                "STATUS:TENTATIVE\n",
                "TRANSP:TRANSPARENT\n",
                "RRULE:FREQ=DAILY;COUNT=5\n",
                "ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.com\n",
                "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ada@example.com\n",
            ];
            format!(
                "BEGIN:VEVENT\nUID:e\nDTSTART;TZID=Europe/Berlin:202603{:02}T{hour:02}{minute:02}00\n\
                 DURATION:PT{length}M\n{}END:VEVENT\n",
                day + 10,
                lines[kind],
            )
        },
    );
    let all_day = (20_u32..31).prop_map(|day| {
        format!("BEGIN:VEVENT\nUID:d\nDTSTART;VALUE=DATE:202603{day}\nEND:VEVENT\n")
    });
    let series = (0_u32..24, 0_u32..24).prop_map(|(hour, moved)| {
        format!(
            "BEGIN:VEVENT\nUID:s\nDTSTART:20260301T{hour:02}0000Z\nDURATION:PT50M\n\
             RRULE:FREQ=WEEKLY;BYDAY=MO,WE\nEND:VEVENT\nBEGIN:VEVENT\nUID:s\n\
             RECURRENCE-ID:20260323T{hour:02}0000Z\nDTSTART:20260324T{moved:02}0000Z\n\
             DURATION:PT2H\nEND:VEVENT\n"
        )
    });
    let hours = (0_u32..3, 6_u32..12, 13_u32..20).prop_map(|(priority, from, to)| {
        format!(
            "BEGIN:VAVAILABILITY\nUID:v\nPRIORITY:{priority}\nBEGIN:AVAILABLE\nUID:a\n\
             DTSTART:20260301T{from:02}0000Z\nDTEND:20260301T{to:02}0000Z\nRRULE:FREQ=DAILY\n\
             END:AVAILABLE\nEND:VAVAILABILITY\n"
        )
    });
    let published = (0_u32..24).prop_map(|hour| {
        format!(
            "BEGIN:VFREEBUSY\nUID:f\nFREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260325T{hour:02}0000Z/PT3H\n\
             END:VFREEBUSY\n"
        )
    });
    prop_oneof![4 => event, 2 => all_day, 2 => series, 1 => hours, 1 => published]
}

#[derive(Clone, Debug)]
struct Step {
    key: String,
    text: Option<String>,
    transparency: Transparency,
}

fn step() -> impl Strategy<Value = Step> {
    use Transparency::{AsEvents, Opaque, Transparent};
    let transparency = prop::sample::select(vec![AsEvents, AsEvents, Opaque, Transparent]);
    (0_u8..5, prop::option::weighted(0.7, object()), transparency).prop_map(
        |(key, text, transparency)| Step {
            key: key.to_string(),
            text,
            transparency,
        },
    )
}

fn calendar(text: &str) -> Calendar {
    Calendar::read(format!("BEGIN:VCALENDAR\n{text}END:VCALENDAR\n")).calendar
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn after_any_changes_the_layers_are_those_made_anew(steps in prop::collection::vec(step(), 1..24)) {
        let window = period("20260308T220000Z/P21D");
        let mut index = BusyIndex::new(Berlin, window).unwrap().with_address("ada@example.com");
        let mut objects: BTreeMap<String, (Calendar, Transparency)> = BTreeMap::new();
        for step in &steps {
            match &step.text {
                Some(text) => {
                    let object = calendar(text);
                    let transparency = step.transparency;
                    index.apply(&Change::Put { key: &step.key, object: &object, transparency });
                    objects.insert(step.key.clone(), (object, transparency));
                }
                None => {
                    index.apply(&Change::Remove { key: &step.key });
                    objects.remove(&step.key);
                }
            }
            let schedule = objects.values().fold(
                Schedule::new(Berlin).with_address("ada@example.com"),
                |schedule, (object, transparency)| schedule.with_calendar_as(object, *transparency),
            );
            prop_assert_eq!(index.layers(), &Layers::of(&schedule, &window));
            let exact = Availability::of(&schedule, &window);
            prop_assert_eq!(&index.busy_times(), exact.busy());
            let all = index.layers().any_of(&Layer::ALL);
            prop_assert_eq!(all, exact.slots(), "slots over-approximate the exact times and no more");
        }
    }
}

#[test]
fn a_slot_that_two_events_share_stays_taken_when_one_goes() {
    let text = |minute: u32| {
        calendar(&format!(
            "BEGIN:VEVENT\nUID:{minute}\nDTSTART:20260302T09{minute:02}00Z\nDURATION:PT5M\nEND:VEVENT\n"
        ))
    };
    let (first, second) = (text(0), text(7));
    let mut index = BusyIndex::new(Berlin, period("20260302T000000Z/P1D")).unwrap();
    let transparency = Transparency::AsEvents;
    index.apply(&Change::Put {
        key: "a",
        object: &first,
        transparency,
    });
    index.apply(&Change::Put {
        key: "b",
        object: &second,
        transparency,
    });
    assert_eq!(index.layers().slots(Layer::Busy).len(), 1);
    index.apply(&Change::Remove { key: "a" });
    assert_eq!(index.layers().slots(Layer::Busy).len(), 1);
    index.apply(&Change::Remove { key: "b" });
    assert!(index.layers().slots(Layer::Busy).is_empty());
}

#[test]
fn a_calendar_that_turns_transparent_gives_its_time_back() {
    let object =
        calendar("BEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\nDURATION:PT1H\nEND:VEVENT\n");
    let mut index = BusyIndex::new(Berlin, period("20260302T000000Z/P1D")).unwrap();
    for (transparency, slots) in [
        (Transparency::AsEvents, 4),
        (Transparency::Transparent, 0),
        (Transparency::Opaque, 4),
    ] {
        index.apply(&Change::Put {
            key: "a",
            object: &object,
            transparency,
        });
        assert_eq!(
            index.layers().slots(Layer::Busy).len(),
            slots,
            "{transparency:?}"
        );
    }
}

#[test]
fn what_is_out_of_hours_is_all_but_the_hours() {
    let hours = WorkingHours::weekdays(Berlin, "09:00-17:00".parse().unwrap());
    let window = period("20260302T000000Z/P7D");
    let layers = Layers::new(window).with_hours(&hours).unwrap();
    assert_eq!(layers.slots(Layer::OutOfHours).len(), 7 * 96 - 5 * 32);
    let open = hours.open(&window).unwrap();
    let open: cal_freebusy::SlotSet = open.into_iter().collect();
    assert!(open.is_disjoint(layers.slots(Layer::OutOfHours)));
}

#[test]
fn what_overlaps_itself_a_thousand_times_costs_no_more_than_its_window() {
    let object = calendar(
        "BEGIN:VEVENT\nUID:1\nDTSTART:20200101T000000Z\nDURATION:P3650D\nRRULE:FREQ=HOURLY\n\
         END:VEVENT\n",
    );
    let window = period("20260101T000000Z/P3650D");
    let mut index = BusyIndex::new(Berlin, window).unwrap();
    let transparency = Transparency::AsEvents;
    for _ in 0..3 {
        index.apply(&Change::Put {
            key: "a",
            object: &object,
            transparency,
        });
        assert_eq!(index.layers().slots(Layer::Busy).len(), 3650 * 96);
    }
    index.apply(&Change::Remove { key: "a" });
    assert!(index.layers().slots(Layer::Busy).is_empty());
}

#[test]
fn an_index_of_centuries_is_refused() {
    let refused = BusyIndex::new(Berlin, period("20260101T000000Z/P36500D"));
    assert!(matches!(refused, Err(Error::WindowTooLong { .. })));
}

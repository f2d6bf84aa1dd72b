//! From calendars to busy time.

use cal_core::Calendar;
use cal_freebusy::{Availability, BusyType, Interval, Schedule, SlotSet, Transparency};
use chrono::TimeDelta;
use chrono_tz::Europe::Berlin;
use chrono_tz::Tz;
use proptest::prelude::*;

use crate::{at, period};

/// A calendar with one event on 2026-03-02, 09:00 to 10:00 UTC, and these lines.
fn event(lines: &str) -> Calendar {
    calendar(&format!(
        "BEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\nDURATION:PT1H\n{lines}END:VEVENT\n"
    ))
}

fn calendar(components: &str) -> Calendar {
    Calendar::read(format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\n{components}END:VCALENDAR\n"
    ))
    .calendar
}

/// `HH:MM-HH:MM TYPE` of each busy time on 2026-03-02 in UTC.
fn monday(schedule: &Schedule<'_>) -> Vec<String> {
    let day = period("20260302T000000Z/P1D");
    let availability = Availability::of(schedule, &day);
    assert_eq!(availability.faults(), []);
    let clock = |at: chrono::DateTime<chrono::Utc>| at.format("%H:%M").to_string();
    let times = availability.busy().iter().map(|time| {
        let (start, end) = (time.interval.start(), time.interval.end());
        format!("{}-{} {}", clock(start), clock(end), time.busy_type)
    });
    times.collect()
}

fn ada(calendar: &Calendar) -> Schedule<'_> {
    Schedule::new(Berlin)
        .with_address("mailto:ada@example.com")
        .with_calendar(calendar)
}

#[test]
fn status_transparency_and_the_own_answer_decide_how_busy_an_event_is() {
    const INVITED: &str = "ORGANIZER:mailto:bob@example.com\n";
    let table = [
        ("", Some("BUSY")),
        ("STATUS:CONFIRMED\n", Some("BUSY")),
        ("STATUS:TENTATIVE\n", Some("BUSY-TENTATIVE")),
        ("STATUS:CANCELLED\n", None),
        ("TRANSP:TRANSPARENT\n", None),
        ("TRANSP:OPAQUE\n", Some("BUSY")),
        (
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@example.com\n",
            Some("BUSY"),
        ),
        ("ATTENDEE;PARTSTAT=declined:MAILTO:Ada@Example.com\n", None),
        ("ATTENDEE;PARTSTAT=DELEGATED:mailto:ada@example.com\n", None),
        (
            "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ada@example.com\n",
            Some("BUSY-TENTATIVE"),
        ),
        (
            "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ada@example.com\n",
            Some("BUSY-TENTATIVE"),
        ),
        ("ATTENDEE:mailto:ada@example.com\n", Some("BUSY-TENTATIVE")),
        (
            "ATTENDEE;PARTSTAT=X-MAYBE:mailto:ada@example.com\n",
            Some("BUSY-TENTATIVE"),
        ),
        (
            "ATTENDEE;EMAIL=ada@example.com;PARTSTAT=DECLINED:urn:uuid:7\n",
            None,
        ),
        (
            "ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.com\n",
            Some("BUSY"),
        ),
        (
            "STATUS:TENTATIVE\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@example.com\n",
            Some("BUSY-TENTATIVE"),
        ),
        (
            "STATUS:CANCELLED\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@example.com\n",
            None,
        ),
    ];
    for (lines, expected) in table {
        for organizer in ["", INVITED] {
            let calendar = event(&format!("{organizer}{lines}"));
            let expected: Vec<_> = expected
                .iter()
                .map(|kind| format!("09:00-10:00 {kind}"))
                .collect();
            assert_eq!(monday(&ada(&calendar)), expected, "{organizer}{lines}");
        }
    }
}

#[test]
fn whoever_sends_an_invitation_comes_without_having_answered_it() {
    let own = event("ORGANIZER:mailto:ada@example.com\nATTENDEE:mailto:ada@example.com\n");
    assert_eq!(monday(&ada(&own)), ["09:00-10:00 BUSY"]);
    let declined = event(
        "ORGANIZER:mailto:ada@example.com\nATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.com\n",
    );
    assert_eq!(monday(&ada(&declined)), [""; 0]);
}

#[test]
fn a_calendar_may_override_the_transparency_of_its_events() {
    let (opaque, transparent) = (event(""), event("TRANSP:TRANSPARENT\n"));
    let busy = |calendar, transparency| {
        monday(&Schedule::new(Berlin).with_calendar_as(calendar, transparency)).len()
    };
    assert_eq!(busy(&opaque, Transparency::Transparent), 0);
    assert_eq!(busy(&transparent, Transparency::Opaque), 1);
    assert_eq!(busy(&transparent, Transparency::AsEvents), 0);
}

#[test]
fn overrides_and_exceptions_of_a_series_count() {
    let calendar = calendar(
        "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/Berlin:20260223T090000\nDURATION:PT1H\n\
         RRULE:FREQ=DAILY\nEXDATE;TZID=Europe/Berlin:20260303T090000\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;TZID=Europe/Berlin:20260302T090000\n\
         DTSTART;TZID=Europe/Berlin:20260302T140000\nDURATION:PT30M\nSTATUS:TENTATIVE\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;TZID=Europe/Berlin:20260304T090000\n\
         DTSTART;TZID=Europe/Berlin:20260304T090000\nDURATION:PT1H\nSTATUS:CANCELLED\nEND:VEVENT\n",
    );
    assert_eq!(monday(&ada(&calendar)), ["13:00-13:30 BUSY-TENTATIVE"]);
    let week = period("20260302T000000Z/P1W");
    let starts: Vec<_> = Availability::of(&ada(&calendar), &week)
        .busy()
        .iter()
        .map(|time| time.interval.start().format("%d %H:%M").to_string())
        .collect();
    assert_eq!(
        starts,
        ["02 13:00", "05 08:00", "06 08:00", "07 08:00", "08 08:00"]
    );
}

#[test]
fn to_dos_journals_and_events_without_length_take_no_time() {
    let calendar = calendar(
        "BEGIN:VTODO\nUID:1\nDTSTART:20260302T090000Z\nDUE:20260302T100000Z\nEND:VTODO\n\
         BEGIN:VJOURNAL\nUID:2\nDTSTART:20260302T090000Z\nEND:VJOURNAL\n\
         BEGIN:VEVENT\nUID:3\nDTSTART:20260302T090000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:4\nDTSTART:20260302T110000Z\nDTEND:20260302T110000Z\nEND:VEVENT\n",
    );
    assert_eq!(monday(&ada(&calendar)), [""; 0]);
}

#[test]
fn floating_times_and_whole_days_are_those_of_the_schedules_zone() {
    let floating =
        calendar("BEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000\nDURATION:PT1H\nEND:VEVENT\n");
    let in_zone = |zone: Tz| monday(&Schedule::new(zone).with_calendar(&floating));
    assert_eq!(in_zone(Berlin), ["08:00-09:00 BUSY"]);
    assert_eq!(in_zone(chrono_tz::Asia::Kathmandu), ["03:15-04:15 BUSY"]);
    assert_eq!(in_zone(chrono_tz::America::New_York), ["14:00-15:00 BUSY"]);
}

#[test]
fn a_whole_day_is_as_long_as_it_is_where_the_clocks_change() {
    let table = [
        // zone, day, its span in UTC, its quarter hours
        (Berlin, "20260329", "20260328T230000Z/20260329T220000Z", 92),
        (Berlin, "20261025", "20261024T220000Z/20261025T230000Z", 100),
        (Berlin, "20260302", "20260301T230000Z/20260302T230000Z", 96),
        (
            chrono_tz::America::New_York,
            "20260308",
            "20260308T050000Z/20260309T040000Z",
            92,
        ),
        (
            chrono_tz::America::New_York,
            "20261101",
            "20261101T040000Z/20261102T050000Z",
            100,
        ),
        (
            chrono_tz::America::St_Johns,
            "20260308",
            "20260308T033000Z/20260309T023000Z",
            92,
        ),
        (
            chrono_tz::Australia::Lord_Howe,
            "20260405",
            "20260404T130000Z/20260405T133000Z",
            98,
        ),
        (
            chrono_tz::Australia::Lord_Howe,
            "20261004",
            "20261003T133000Z/20261004T130000Z",
            94,
        ),
        (
            chrono_tz::Asia::Kolkata,
            "20260329",
            "20260328T183000Z/20260329T183000Z",
            96,
        ),
        (
            chrono_tz::Asia::Kathmandu,
            "20260329",
            "20260328T181500Z/20260329T181500Z",
            96,
        ),
        (
            chrono_tz::Pacific::Kiritimati,
            "20260329",
            "20260328T100000Z/20260329T100000Z",
            96,
        ),
    ];
    for (zone, day, span, slots) in table {
        let calendar = calendar(&format!(
            "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:{day}\nEND:VEVENT\n"
        ));
        let schedule = Schedule::new(zone).with_calendar(&calendar);
        let busy = Availability::of(&schedule, &period("20260101T000000Z/P370D"));
        let intervals: Vec<_> = busy.busy().intervals().collect();
        assert_eq!(intervals, [period(span)], "{zone} {day}");
        assert_eq!(busy.slots().len(), slots, "{zone} {day}");
    }
}

#[test]
fn a_meeting_at_nine_moves_in_utc_when_the_clocks_change() {
    let calendar = calendar(
        "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/Berlin:20260327T090000\nDURATION:PT1H\n\
         RRULE:FREQ=DAILY;COUNT=4\nEND:VEVENT\n",
    );
    let busy = Availability::of(&ada(&calendar), &period("20260327T000000Z/P7D"));
    let starts: Vec<_> = busy.busy().intervals().map(|busy| busy.start()).collect();
    let expected = ["27T08", "28T08", "29T07", "30T07"];
    assert_eq!(
        starts,
        expected.map(|day| at(&format!("2026-03-{day}:00:00Z")))
    );
}

#[test]
fn busy_time_is_cut_at_the_window() {
    let calendar = event("");
    for (window, expected) in [
        (
            "20260302T093000Z/20260302T120000Z",
            Some("20260302T093000Z/20260302T100000Z"),
        ),
        (
            "20260302T080000Z/20260302T093000Z",
            Some("20260302T090000Z/20260302T093000Z"),
        ),
        (
            "20260302T091500Z/20260302T093000Z",
            Some("20260302T091500Z/20260302T093000Z"),
        ),
        ("20260302T100000Z/20260302T110000Z", None),
        ("20260302T080000Z/20260302T090000Z", None),
    ] {
        let busy = Availability::of(&ada(&calendar), &period(window));
        let found: Vec<Interval> = busy.busy().intervals().collect();
        assert_eq!(found, Vec::from_iter(expected.map(period)), "{window}");
    }
}

#[test]
fn periods_of_a_vfreebusy_count_with_their_type() {
    let calendar = calendar(
        "BEGIN:VFREEBUSY\nUID:1\n\
         FREEBUSY:20260302T090000Z/PT1H,20260302T113000Z/20260302T120000Z\n\
         FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260302T093000Z/PT1H\n\
         FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260302T090000Z/PT3H\n\
         FREEBUSY;FBTYPE=FREE:20260302T200000Z/PT1H\n\
         FREEBUSY;FBTYPE=X-GONE-FISHING:20260302T150000Z/PT1H\n\
         END:VFREEBUSY\n",
    );
    assert_eq!(
        monday(&ada(&calendar)),
        [
            "09:00-09:30 BUSY",
            "09:30-10:30 BUSY-UNAVAILABLE",
            "10:30-11:30 BUSY-TENTATIVE",
            "11:30-12:00 BUSY",
            "15:00-16:00 BUSY",
        ]
    );
}

#[test]
fn what_is_broken_takes_only_itself_out_and_is_told() {
    let calendar = calendar(
        "BEGIN:VEVENT\nUID:1\nDTSTART:next monday\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:2\nDTSTART:20260302T090000Z\nDURATION:PT1H\nEND:VEVENT\n\
         BEGIN:VFREEBUSY\nUID:3\nFREEBUSY:20260302T110000Z/PT1H,whenever\nEND:VFREEBUSY\n",
    );
    let busy = Availability::of(&ada(&calendar), &period("20260302T000000Z/P1D"));
    assert_eq!(busy.busy().len(), 2);
    assert_eq!(busy.faults().len(), 2);
}

#[test]
fn a_rule_that_never_rests_ends_in_a_fault_and_not_in_a_hang() {
    let calendar = calendar(
        "BEGIN:VEVENT\nUID:1\nDTSTART:20260101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY\n\
         END:VEVENT\n",
    );
    let busy = Availability::of(&ada(&calendar), &period("20260101T000000Z/P30D"));
    assert_eq!(busy.faults().len(), 1);
}

#[test]
fn together_people_are_free_when_both_are_and_each_when_either_is() {
    let bobs =
        calendar("BEGIN:VEVENT\nUID:2\nDTSTART:20260302T093000Z\nDURATION:PT1H\nEND:VEVENT\n");
    let adas = event("");
    let morning = period("20260302T080000Z/20260302T110000Z");
    let ada = Availability::of(&ada(&adas), &morning);
    let bob = Availability::of(&Schedule::new(Berlin).with_calendar(&bobs), &morning);
    let free = |availability: Availability| -> Vec<String> {
        let slots = availability.free_slots(TimeDelta::minutes(30));
        slots.map(|slot| slot.to_string()).collect()
    };
    assert_eq!(
        free(ada.clone() | bob.clone()),
        [
            "20260302T080000Z/20260302T090000Z",
            "20260302T103000Z/20260302T110000Z"
        ]
    );
    assert_eq!(
        free(ada & bob),
        [
            "20260302T080000Z/20260302T093000Z",
            "20260302T100000Z/20260302T110000Z"
        ]
    );
}

#[test]
fn nothing_is_known_outside_of_the_window_that_two_share() {
    let calendar = event("");
    let early = Availability::of(&ada(&calendar), &period("20260302T000000Z/PT10H"));
    let late = Availability::of(&ada(&calendar), &period("20260302T093000Z/PT10H"));
    let both = early.clone() | late;
    assert_eq!(*both.window(), period("20260302T093000Z/20260302T100000Z"));
    let elsewhere = Availability::of(&ada(&calendar), &period("20270101T000000Z/P1D"));
    let nowhere = early | elsewhere;
    assert!(nowhere.window().is_empty());
    assert_eq!(nowhere.free_slots(TimeDelta::zero()).count(), 0);
}

#[test]
fn the_kinds_have_an_order_of_precedence() {
    assert!(BusyType::Unavailable > BusyType::Busy && BusyType::Busy > BusyType::Tentative);
}

/// Zones without daylight saving, with how many quarter hours they are ahead.
fn steady_zones() -> impl Strategy<Value = (Tz, i64)> {
    prop::sample::select(vec![
        (chrono_tz::Asia::Kolkata, 22),
        (chrono_tz::Asia::Kathmandu, 23),
        (chrono_tz::Australia::Eucla, 35),
        (chrono_tz::Pacific::Marquesas, -38),
        (chrono_tz::Asia::Tokyo, 36),
        (chrono_tz::Pacific::Kiritimati, 56),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_clock_in_another_zone_is_busy_as_much_earlier_as_it_is_ahead(
        (zone, ahead) in steady_zones(),
        events in prop::collection::vec((1_u32..28, 0_u32..1440, 0_u32..3000), 0..8),
    ) {
        let text: String = events
            .iter()
            .map(|(day, minute, length)| {
                let (hour, minute) = (minute / 60, minute % 60);
                format!(
                    "BEGIN:VEVENT\nUID:{day}-{hour}-{minute}-{length}\n\
                     DTSTART:202603{day:02}T{hour:02}{minute:02}00\nDURATION:PT{length}M\n\
                     END:VEVENT\nBEGIN:VEVENT\nUID:whole-{day}-{hour}-{minute}-{length}\n\
                     DTSTART;VALUE=DATE:202604{day:02}\nEND:VEVENT\n"
                )
            })
            .collect();
        let calendar = calendar(&text);
        let window = period("20260101T000000Z/P365D");
        let slots = |zone: Tz| {
            let schedule = Schedule::new(zone).with_calendar(&calendar);
            Availability::of(&schedule, &window).slots()
        };
        let utc = slots(Tz::UTC);
        let shifted = utc.runs().map(|run| run.start.plus(-ahead)..run.end.plus(-ahead));
        prop_assert_eq!(slots(zone), shifted.collect::<SlotSet>());
    }
}

//! Instances that another component replaces (RFC 5545 3.8.4.4).

use cal_core::{Oddity, Window};

use crate::series::{DAILY, all, expand, oddities, series, window};

#[test]
fn an_override_is_matched_however_it_names_its_instance() {
    for id in [
        "RECURRENCE-ID;TZID=Europe/Berlin:20260102T090000",
        "RECURRENCE-ID:20260102T080000Z",
        "RECURRENCE-ID;TZID=America/New_York:20260102T030000",
        "RECURRENCE-ID;VALUE=DATE:20260102",
        "RECURRENCE-ID:20260102T090000",
    ] {
        let moved = format!("{id}\nDTSTART:20260102T120000Z\nDURATION:PT5M\nSUMMARY:moved");
        let calendar = series(&[DAILY, &moved]);
        assert_eq!(
            all(&calendar),
            [
                "20260101T080000Z/20260101T090000Z",
                "20260102T120000Z/20260102T120500Z moved",
                "20260103T080000Z/20260103T090000Z",
            ],
            "{id}"
        );
        let found: Vec<_> = calendar
            .occurrences(&Window::ALL, chrono_tz::UTC)
            .map(|found| found.unwrap().recurrence_id().unwrap().to_string())
            .collect();
        // As the series spells it, whatever the override does.
        assert_eq!(
            found,
            [
                "2026-01-01T09:00:00[Europe/Berlin]",
                "2026-01-02T09:00:00[Europe/Berlin]",
                "2026-01-03T09:00:00[Europe/Berlin]",
            ],
            "{id}"
        );
    }
}

#[test]
fn an_override_that_moved_is_where_it_moved_to_and_nowhere_else() {
    let far = "RECURRENCE-ID:20260102T080000Z\nDTSTART:20300101T120000Z\nSUMMARY:far";
    let calendar = series(&[DAILY, far]);
    let then = window("20260102T000000Z", "20260103T000000Z");
    assert!(expand(&calendar, &then, chrono_tz::UTC).is_empty());
    let later = window("20300101T000000Z", "20300102T000000Z");
    assert_eq!(
        expand(&calendar, &later, chrono_tz::UTC),
        ["20300101T120000Z/20300101T120000Z far"]
    );
}

#[test]
fn the_rules_of_an_override_count_for_nothing() {
    let copied = "RECURRENCE-ID:20260102T080000Z\nDTSTART:20260102T120000Z\nRRULE:FREQ=DAILY;COUNT=3\nSUMMARY:moved";
    let calendar = series(&[DAILY, copied]);
    assert_eq!(all(&calendar).len(), 3);
    assert_eq!(oddities(&calendar), [Oddity::RecurringOverride]);
}

#[test]
fn an_orphan_override_is_an_instance_more_with_a_warning() {
    for id in ["20260102T083000Z", "20270101T080000Z", "20251231T080000Z"] {
        let orphan = format!("RECURRENCE-ID:{id}\nDTSTART:20260105T120000Z\nSUMMARY:orphan");
        let calendar = series(&[DAILY, &orphan]);
        assert_eq!(all(&calendar).len(), 4, "{id}");
        assert_eq!(oddities(&calendar), [Oddity::OrphanOverride], "{id}");
    }
}

#[test]
fn an_override_of_an_excluded_instance_is_an_orphan() {
    let excluded = format!("{DAILY}\nEXDATE:20260102T080000Z");
    let kept = "RECURRENCE-ID:20260102T080000Z\nDTSTART:20260102T080000Z\nSUMMARY:kept";
    let calendar = series(&[&excluded, kept]);
    assert_eq!(all(&calendar).len(), 3);
    assert_eq!(oddities(&calendar), [Oddity::OrphanOverride]);
}

#[test]
fn overrides_without_their_series_stand_for_themselves() {
    let first = "RECURRENCE-ID:20260102T080000Z\nDTSTART:20260102T120000Z\nSUMMARY:b";
    let second = "RECURRENCE-ID;VALUE=DATE:20260101\nDTSTART;VALUE=DATE:20260101\nSUMMARY:a";
    let calendar = series(&[first, second]);
    assert_eq!(
        all(&calendar),
        ["20260101/20260102 a", "20260102T120000Z/20260102T120000Z b"]
    );
    assert!(oddities(&calendar).is_empty());
    let ids: Vec<_> = calendar
        .occurrences(&Window::ALL, chrono_tz::UTC)
        .map(|found| found.unwrap().recurrence_id().unwrap().to_value())
        .collect();
    assert_eq!(ids, ["20260101", "20260102T080000Z"]);
}

#[test]
fn a_cancelled_override_is_there_with_its_status() {
    let cancelled = "RECURRENCE-ID:20260102T080000Z\nDTSTART:20260102T080000Z\nSTATUS:CANCELLED";
    let calendar = series(&[DAILY, cancelled]);
    let states: Vec<_> = calendar
        .occurrences(&Window::ALL, chrono_tz::UTC)
        .map(|found| found.unwrap().component().is_cancelled())
        .collect();
    assert_eq!(states, [false, true, false]);
}

#[test]
fn of_two_overrides_for_one_instance_the_higher_sequence_counts() {
    let id = "RECURRENCE-ID:20260102T080000Z";
    let new = format!("{id}\nSEQUENCE:3\nDTSTART:20260102T100000Z\nSUMMARY:new");
    let old = format!("{id}\nSEQUENCE:2\nDTSTART:20260102T110000Z\nSUMMARY:old");
    for order in [[DAILY, &new, &old], [DAILY, &old, &new]] {
        let calendar = series(&order);
        assert_eq!(all(&calendar)[1], "20260102T100000Z/20260102T100000Z new");
        assert_eq!(all(&calendar).len(), 3);
        assert_eq!(oddities(&calendar), [Oddity::Superseded]);
    }
}

#[test]
fn of_two_masters_the_higher_sequence_counts_and_twins_are_one() {
    let old = "DTSTART:20260101T090000Z\nSEQUENCE:1\nSUMMARY:old";
    let new = "DTSTART:20260101T100000Z\nSEQUENCE:2\nSUMMARY:new";
    assert_eq!(
        all(&series(&[old, new])),
        ["20260101T100000Z/20260101T100000Z new"]
    );
    assert_eq!(
        all(&series(&[old, old])),
        ["20260101T090000Z/20260101T090000Z old"]
    );
    // A producer that gives every event one UID loses nothing here.
    let other = "DTSTART:20260102T090000Z\nSEQUENCE:1\nSUMMARY:other";
    assert_eq!(all(&series(&[old, other])).len(), 2);
    let meanwhile = "DTSTART:20260101T090000Z\nSEQUENCE:1\nSUMMARY:meanwhile";
    assert_eq!(all(&series(&[old, meanwhile])).len(), 2);
}

#[test]
fn this_and_future_moves_and_renames_what_follows() {
    let weekly = "DTSTART;TZID=Europe/Berlin:20260301T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=6\nSUMMARY:a";
    let later = "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260315T090000\n\
        DTSTART;TZID=Europe/Berlin:20260315T100000\nDURATION:PT2H\nSUMMARY:b";
    let calendar = series(&[weekly, later]);
    assert_eq!(
        all(&calendar),
        [
            "20260301T080000Z/20260301T090000Z a",
            "20260308T080000Z/20260308T090000Z a",
            "20260315T090000Z/20260315T110000Z b",
            "20260322T090000Z/20260322T110000Z b",
            // Summer time: ten o'clock on the wall all the same.
            "20260329T080000Z/20260329T100000Z b",
            "20260405T080000Z/20260405T100000Z b",
        ]
    );
    let one = window("20260405T093000Z", "20260405T094500Z");
    assert_eq!(
        expand(&calendar, &one, chrono_tz::UTC),
        ["20260405T080000Z/20260405T100000Z b"]
    );
    let none = window("20260405T100000Z", "20260405T110000Z");
    assert!(expand(&calendar, &none, chrono_tz::UTC).is_empty());
}

#[test]
fn this_and_future_may_change_day_kind_and_zone() {
    let daily =
        "DTSTART;TZID=Europe/Berlin:20260101T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4";
    let day_later = "RECURRENCE-ID;RANGE=THISANDFUTURE:20260103T080000Z\nDTSTART;VALUE=DATE:20260104\nSUMMARY:day";
    assert_eq!(
        all(&series(&[daily, day_later]))[2..],
        ["20260104/20260105 day", "20260105/20260106 day"]
    );
    let tokyo = "RECURRENCE-ID;RANGE=THISANDFUTURE:20260103T080000Z\n\
        DTSTART;TZID=Asia/Tokyo:20260103T180000\nSUMMARY:tokyo";
    assert_eq!(
        all(&series(&[daily, tokyo]))[2..],
        [
            "20260103T090000Z/20260103T090000Z tokyo",
            "20260104T090000Z/20260104T090000Z tokyo"
        ]
    );
    let earlier = "RECURRENCE-ID;RANGE=THISANDFUTURE:20260103T080000Z\nDTSTART:20260102T200000Z\nSUMMARY:early";
    let early = window("20260103T190000Z", "20260103T210000Z");
    assert_eq!(
        expand(&series(&[daily, earlier]), &early, chrono_tz::UTC),
        ["20260103T200000Z/20260103T200000Z early"]
    );
}

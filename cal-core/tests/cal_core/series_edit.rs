//! One instance changed or deleted, it and all that follow, or the whole series.

use cal_core::series_edit::{Change, Edited, Refusal, Scope, SeriesEdit};
use cal_core::{Calendar, Duration, Moment, NewProperty};
use chrono::NaiveDateTime;

use crate::series::{DAILY, all, of_kind, series};

pub(crate) fn now() -> NaiveDateTime {
    "2026-01-01T12:00:00".parse().unwrap()
}

pub(crate) fn berlin(text: &str) -> Moment {
    Moment::parse(text, Some("Europe/Berlin")).unwrap()
}

fn utc(text: &str) -> Moment {
    Moment::parse(text, None).unwrap()
}

fn edit(scope: Scope, instance: &Moment) -> SeriesEdit {
    SeriesEdit::new(scope, instance.clone(), now())
}

fn summary(text: &str) -> Change {
    Change::new().with_summary(text)
}

/// What takes place in both parts.
fn both(edited: &Edited) -> [Vec<String>; 2] {
    [&edited.object, &edited.following].map(|part| part.as_ref().map(all).unwrap_or_default())
}

/// The lines of a calendar that begin so.
fn lines(calendar: &Calendar, start: &str) -> Vec<String> {
    let text = calendar.to_string().replace("\r\n ", "");
    text.lines()
        .filter(|line| line.starts_with(start))
        .map(str::to_owned)
        .collect()
}

#[test]
fn one_instance_is_changed_by_an_override_and_the_series_keeps_its_bytes() {
    let calendar = series(&[&format!(
        "{DAILY}\nSUMMARY:a\nX-OWN;x=1:y\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM"
    )]);
    let second = utc("20260102T080000Z");
    let later = Change::new()
        .with_summary("b")
        .with_start(berlin("20260102T110000"));
    let edited = edit(Scope::This, &second)
        .change(&calendar, &later)
        .unwrap();
    assert!(edited.following.is_none());
    let changed = edited.object.unwrap();
    assert_eq!(
        all(&changed),
        [
            "20260101T080000Z/20260101T090000Z a",
            "20260102T100000Z/20260102T110000Z b",
            "20260103T080000Z/20260103T090000Z a",
        ]
    );
    let before = calendar.to_string();
    let series = before.strip_suffix("END:VCALENDAR\r\n").unwrap();
    let text = changed.to_string();
    let other = text.strip_prefix(series).unwrap();
    for line in [
        "RECURRENCE-ID;TZID=Europe/Berlin:20260102T090000",
        "X-OWN;x=1:y",
        "TRIGGER:-PT5M",
        "SEQUENCE:1",
        "DTSTAMP:20260101T120000Z",
    ] {
        assert!(other.contains(line), "{line} {other}");
    }
    assert!(!other.contains("RRULE"));
}

#[test]
fn an_override_that_is_there_is_changed_in_its_place() {
    let moved = "RECURRENCE-ID;TZID=Europe/Berlin:20260102T090000\nSEQUENCE:4\n\
        DTSTART;TZID=Europe/Berlin:20260102T120000\nDTEND;TZID=Europe/Berlin:20260102T123000";
    let calendar = series(&[DAILY, moved]);
    let second = berlin("20260102T090000");
    let edited = edit(Scope::This, &second)
        .change(
            &calendar,
            &Change::new().with_start(berlin("20260103T120000")),
        )
        .unwrap();
    let changed = edited.object.unwrap();
    assert_eq!(all(&changed)[2], "20260103T110000Z/20260103T113000Z");
    assert_eq!(lines(&changed, "SEQUENCE"), ["SEQUENCE:5"]);
    // No new SEQUENCE for what nobody has to answer again.
    let named = edit(Scope::This, &second).change(&calendar, &summary("x"));
    let named = named.unwrap().object.unwrap();
    assert_eq!(lines(&named, "SEQUENCE"), ["SEQUENCE:4"]);
}

#[test]
fn one_instance_is_deleted_by_an_exdate_in_the_form_of_the_start() {
    let moved = "RECURRENCE-ID:20260102T080000Z\nDTSTART:20260105T080000Z";
    for (events, instance, exdate) in [
        (
            vec![DAILY],
            utc("20260102T080000Z"),
            "EXDATE;TZID=Europe/Berlin:20260102T090000",
        ),
        (
            vec![DAILY, moved],
            berlin("20260102T090000"),
            "EXDATE;TZID=Europe/Berlin:20260102T090000",
        ),
        (
            vec!["DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;COUNT=3"],
            utc("20260102"),
            "EXDATE;VALUE=DATE:20260102",
        ),
        (
            vec!["DTSTART:20260101T080000\nRRULE:FREQ=DAILY;COUNT=3"],
            utc("20260102T080000"),
            "EXDATE:20260102T080000",
        ),
        (
            vec!["DTSTART:20260101T080000Z\nRDATE:20260102T080000Z,20260103T080000Z"],
            utc("20260102T080000Z"),
            "EXDATE:20260102T080000Z",
        ),
    ] {
        let calendar = series(&events);
        let edited = edit(Scope::This, &instance).delete(&calendar).unwrap();
        let left = edited.object.unwrap();
        let mut expected = all(&series(&events[..1]));
        expected.remove(1);
        assert_eq!(all(&left), expected);
        assert_eq!(lines(&left, "EXDATE"), [exdate]);
        assert_eq!(lines(&left, "SEQUENCE"), ["SEQUENCE:1"]);
    }
}

#[test]
fn the_object_goes_with_its_last_instance() {
    let last = format!("{DAILY}\nEXDATE:20260101T080000Z,20260102T080000Z");
    let third = utc("20260103T080000Z");
    for scope in [Scope::This, Scope::ThisAndFollowing, Scope::All] {
        let edited = edit(scope, &third).delete(&series(&[&last])).unwrap();
        assert!(
            edited.object.is_none() && edited.following.is_none(),
            "{scope:?}"
        );
    }
    let single = series(&["DTSTART:20260101T080000Z"]);
    let edited = edit(Scope::This, &utc("20260101T080000Z")).delete(&single);
    assert!(edited.unwrap().object.is_none());
}

#[test]
fn the_first_half_ends_with_its_last_instance_spelled_as_its_start_asks() {
    for (start, third, rule) in [
        (
            "DTSTART;TZID=Europe/Berlin:20260327T090000",
            berlin("20260329T090000"),
            "RRULE:FREQ=DAILY;UNTIL=20260328T080000Z;X-KEPT=1",
        ),
        (
            "DTSTART:20260327T090000Z",
            utc("20260329T090000Z"),
            "RRULE:FREQ=DAILY;UNTIL=20260328T090000Z;X-KEPT=1",
        ),
        (
            "DTSTART:20260327T090000",
            utc("20260329T090000"),
            "RRULE:FREQ=DAILY;UNTIL=20260328T090000;X-KEPT=1",
        ),
        (
            "DTSTART;VALUE=DATE:20260327",
            utc("20260329"),
            "RRULE:FREQ=DAILY;UNTIL=20260328;X-KEPT=1",
        ),
    ] {
        for until in ["UNTIL=20270101T000000Z", "UNTIL=20270101"] {
            let calendar = series(&[&format!("{start}\nRRULE:FREQ=DAILY;{until};X-KEPT=1")]);
            let edited = edit(Scope::ThisAndFollowing, &third).delete(&calendar);
            assert_eq!(lines(&edited.unwrap().object.unwrap(), "RRULE"), [rule]);
        }
    }
}

#[test]
fn a_count_is_divided_with_what_is_excluded_and_the_start_counted() {
    let rule = "DTSTART;TZID=Europe/Berlin:20260101T090000\nRRULE:FREQ=WEEKLY;COUNT=6;BYDAY=TU,SA\n\
        EXDATE;TZID=Europe/Berlin:20260103T090000,20260113T090000";
    // Thursday the first is none of the rule's days, but the start counts.
    let calendar = series(&[rule]);
    let edited = edit(Scope::ThisAndFollowing, &berlin("20260110T090000"))
        .change(&calendar, &summary("b"))
        .unwrap();
    assert_eq!(
        both(&edited),
        [
            vec![
                "20260101T080000Z/20260101T080000Z",
                "20260106T080000Z/20260106T080000Z"
            ],
            vec![
                "20260110T080000Z/20260110T080000Z b",
                "20260117T080000Z/20260117T080000Z b"
            ],
        ]
    );
    let (head, tail) = (edited.object.unwrap(), edited.following.unwrap());
    assert_eq!(
        lines(&head, "RRULE"),
        ["RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=TU,SA"]
    );
    assert_eq!(
        lines(&tail, "RRULE"),
        ["RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=TU,SA"]
    );
    assert_eq!(
        lines(&head, "EXDATE"),
        ["EXDATE;TZID=Europe/Berlin:20260103T090000"]
    );
    assert_eq!(
        lines(&tail, "EXDATE"),
        ["EXDATE;TZID=Europe/Berlin:20260113T090000"]
    );
}

#[test]
fn a_count_too_large_to_walk_becomes_an_end_in_both_halves() {
    let calendar = series(&["DTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY;COUNT=10000000"]);
    let edited = edit(Scope::ThisAndFollowing, &utc("20260301T000000Z"))
        .change(&calendar, &summary("b"))
        .unwrap();
    assert_eq!(
        lines(&edited.object.unwrap(), "RRULE"),
        ["RRULE:FREQ=SECONDLY;UNTIL=20260228T235959Z"]
    );
    assert_eq!(
        lines(&edited.following.unwrap(), "RRULE"),
        ["RRULE:FREQ=SECONDLY;UNTIL=20260426T174639Z"]
    );
}

#[test]
fn the_halves_are_linked_and_numbered() {
    let calendar = series(&[&format!("{DAILY}\nSEQUENCE:7")]);
    let second = utc("20260102T080000Z");
    let edited = edit(Scope::ThisAndFollowing, &second)
        .with_new_uid("2")
        .change(&calendar, &summary("b"))
        .unwrap();
    let (head, tail) = (edited.object.unwrap(), edited.following.unwrap());
    assert_eq!(lines(&head, "RELATED-TO"), ["RELATED-TO;RELTYPE=NEXT:2"]);
    assert_eq!(lines(&tail, "RELATED-TO"), ["RELATED-TO;RELTYPE=FIRST:1"]);
    assert_eq!(lines(&head, "SEQUENCE"), ["SEQUENCE:8"]);
    assert!(lines(&tail, "SEQUENCE").is_empty());
    assert_eq!(lines(&tail, "UID"), ["UID:2"]);
    // Cut again, the last part still leads to the first, and each to its next.
    let again = edit(Scope::ThisAndFollowing, &utc("20260103T080000Z"))
        .with_new_uid("3")
        .change(&tail, &summary("c"))
        .unwrap();
    assert_eq!(
        lines(&again.object.unwrap(), "RELATED-TO"),
        ["RELATED-TO;RELTYPE=FIRST:1", "RELATED-TO;RELTYPE=NEXT:3"]
    );
    assert_eq!(
        lines(&again.following.unwrap(), "RELATED-TO"),
        ["RELATED-TO;RELTYPE=FIRST:1"]
    );
}

#[test]
fn a_cut_before_the_first_instance_is_no_cut() {
    let calendar = series(&[DAILY]);
    let first = utc("20260101T080000Z");
    let edited = edit(Scope::ThisAndFollowing, &first).change(&calendar, &summary("b"));
    let edited = edited.unwrap();
    assert!(edited.following.is_none());
    assert_eq!(all(&edited.object.unwrap()).len(), 3);
    let gone = edit(Scope::ThisAndFollowing, &first).delete(&calendar);
    assert!(gone.unwrap().object.is_none());
}

#[test]
fn overrides_go_to_the_half_of_their_instance_wherever_they_moved() {
    let back = "RECURRENCE-ID:20260103T080000Z\nDTSTART:20251201T080000Z\nSUMMARY:back";
    let on = "RECURRENCE-ID:20260101T080000Z\nDTSTART:20260201T080000Z\nSUMMARY:on";
    let calendar = series(&[DAILY, back, on]);
    let edited = edit(Scope::ThisAndFollowing, &utc("20260102T080000Z"))
        .change(
            &calendar,
            &Change::new().with_duration(Duration::from_seconds(60)),
        )
        .unwrap();
    assert_eq!(
        both(&edited),
        [
            vec!["20260201T080000Z/20260201T080000Z on"],
            // What an override says of its own length stays.
            vec![
                "20251201T080000Z/20251201T080000Z back",
                "20260102T080000Z/20260102T080100Z"
            ],
        ]
    );
}

#[test]
fn a_date_that_an_rdate_added_does_not_put_the_rule_out_of_step() {
    let calendar = series(&[
        "DTSTART:20260105T080000Z\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3\nRDATE:20260107T080000Z,20260110T090000Z",
    ]);
    let edited = edit(Scope::ThisAndFollowing, &utc("20260107T080000Z"))
        .change(&calendar, &summary("b"))
        .unwrap();
    assert_eq!(
        both(&edited),
        [
            vec!["20260105T080000Z/20260105T080000Z"],
            vec![
                "20260107T080000Z/20260107T080000Z b",
                "20260110T090000Z/20260110T090000Z b",
                "20260119T080000Z/20260119T080000Z b",
                "20260202T080000Z/20260202T080000Z b",
            ],
        ]
    );
}

#[test]
fn an_override_for_many_holds_on_in_the_second_half() {
    let later = "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260102T090000\n\
        DTSTART;TZID=Europe/Berlin:20260102T103000\nDURATION:PT2H\nSUMMARY:late";
    let calendar = series(&[&DAILY.replace("COUNT=3", "COUNT=5"), later]);
    let before = all(&calendar);
    let place = NewProperty::new("LOCATION").unwrap().with_text("Room");
    let edited = edit(Scope::ThisAndFollowing, &berlin("20260104T090000"))
        .change(&calendar, &Change::new().with(place))
        .unwrap();
    let [mut union, rest] = both(&edited);
    assert_eq!(union.len(), 3);
    union.extend(rest);
    assert_eq!(union, before);
    let tail = edited.following.unwrap();
    assert_eq!(lines(&tail, "LOCATION").len(), 2);
}

#[test]
fn an_override_for_many_ends_in_the_second_half_where_the_next_takes_over() {
    let other = |range: &str, day: u32, summary: &str| {
        format!(
            "RECURRENCE-ID{range};TZID=Europe/Berlin:202601{day:02}T090000\n\
            DTSTART;TZID=Europe/Berlin:202601{day:02}T110000\nDURATION:PT1H\nSUMMARY:{summary}"
        )
    };
    let overrides = [
        other(";RANGE=THISANDFUTURE", 2, "late"),
        other("", 3, "once"),
        other(";RANGE=THISANDFUTURE", 4, "later"),
    ];
    let master = DAILY.replace("COUNT=3", "COUNT=5");
    let calendar = series(&[&master, &overrides[0], &overrides[1], &overrides[2]]);
    let before = all(&calendar);
    let edited = edit(Scope::ThisAndFollowing, &berlin("20260103T090000"))
        .change(&calendar, &Change::new())
        .unwrap();
    let [mut union, rest] = both(&edited);
    union.extend(rest);
    assert_eq!(union, before);
}

#[test]
fn one_instance_is_taken_out_of_an_override_for_many() {
    let later = "RECURRENCE-ID;RANGE=THISANDFUTURE:20260102T080000Z\n\
        DTSTART;TZID=Europe/Berlin:20260102T100000\nSUMMARY:late";
    let calendar = series(&[DAILY, later]);
    let second = utc("20260102T080000Z");
    let edited = edit(Scope::This, &second).change(&calendar, &summary("one"));
    assert_eq!(
        all(&edited.unwrap().object.unwrap()),
        [
            "20260101T080000Z/20260101T090000Z",
            "20260102T090000Z/20260102T090000Z one",
            "20260103T090000Z/20260103T090000Z late",
        ]
    );
    let edited = edit(Scope::This, &second).delete(&calendar);
    assert_eq!(
        all(&edited.unwrap().object.unwrap()),
        [
            "20260101T080000Z/20260101T090000Z",
            "20260103T090000Z/20260103T090000Z late"
        ]
    );
}

#[test]
fn the_whole_series_moves_with_its_rule_dates_and_overrides() {
    let master = "DTSTART;TZID=Europe/Berlin:20260302T090000\nDTEND;TZID=Europe/Berlin:20260302T100000\n\
        RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;UNTIL=20260413T070000Z\n\
        EXDATE;TZID=Europe/Berlin:20260316T090000\nRDATE:20260304T110000Z";
    let moved = "RECURRENCE-ID;TZID=Europe/Berlin:20260308T090000\n\
        DTSTART;TZID=Europe/Berlin:20260308T150000\nDURATION:PT1H\nSUMMARY:o";
    let calendar = series(&[master, moved]);
    let before = all(&calendar);
    assert_eq!(before.len(), 7);
    let edited = edit(Scope::All, &berlin("20260330T090000"))
        .change(
            &calendar,
            &Change::new().with_start(berlin("20260331T100000")),
        )
        .unwrap();
    let changed = edited.object.unwrap();
    assert_eq!(
        all(&changed),
        [
            "20260303T090000Z/20260303T100000Z",
            "20260305T120000Z/20260305T130000Z",
            "20260309T150000Z/20260309T160000Z o",
            "20260323T090000Z/20260323T100000Z",
            "20260331T080000Z/20260331T090000Z",
            "20260406T080000Z/20260406T090000Z",
            "20260414T080000Z/20260414T090000Z",
        ]
    );
    assert_eq!(
        lines(&changed, "RRULE"),
        ["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,MO;UNTIL=20260414T080000Z;WKST=TU"]
    );
}

#[test]
fn a_rule_that_cannot_follow_is_refused_unless_a_new_one_is_given() {
    let calendar = series(&["DTSTART:20260113T080000Z\nRRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=3"]);
    let tuesday = utc("20260113T080000Z");
    let wednesday = Change::new().with_start(utc("20260114T080000Z"));
    let whole = edit(Scope::All, &tuesday);
    assert_eq!(
        whole.change(&calendar, &wednesday).unwrap_err(),
        Refusal::RuleCannotFollow
    );
    let ruled = wednesday.with_rule("FREQ=MONTHLY;BYDAY=2WE;COUNT=2".parse().unwrap());
    let edited = whole.change(&calendar, &ruled).unwrap();
    assert_eq!(
        all(&edited.object.unwrap()),
        [
            "20260114T080000Z/20260114T080000Z",
            "20260211T080000Z/20260211T080000Z"
        ]
    );
    // The hour may change all the same.
    let hour = Change::new().with_start(utc("20260113T100000Z"));
    assert_eq!(
        all(&whole.change(&calendar, &hour).unwrap().object.unwrap()).len(),
        3
    );
}

#[test]
fn a_series_becomes_one_of_days_and_back_with_all_that_belongs_to_it() {
    let other = "RECURRENCE-ID;TZID=Europe/Berlin:20260103T090000\nDTSTART;TZID=Europe/Berlin:20260103T090000\nDURATION:PT1H\nSUMMARY:o";
    let timed = format!(
        "{}\nEXDATE:20260102T080000Z",
        DAILY.replace("COUNT=3", "UNTIL=20260104T080000Z")
    );
    let calendar = series(&[&timed, other]);
    let first = utc("20260101T080000Z");
    let days = Change::new().with_start(utc("20260101"));
    assert_eq!(
        edit(Scope::All, &first)
            .change(&calendar, &days)
            .unwrap_err(),
        Refusal::EndNeeded
    );
    let days = days.with_duration(Duration::from_days(1));
    let edited = edit(Scope::All, &first).change(&calendar, &days).unwrap();
    let by_day = edited.object.unwrap();
    assert_eq!(
        all(&by_day),
        [
            "20260101/20260102",
            "20260103/20260104 o",
            "20260104/20260105"
        ]
    );
    assert_eq!(lines(&by_day, "RRULE"), ["RRULE:FREQ=DAILY;UNTIL=20260104"]);
    let back = Change::new()
        .with_start(berlin("20260101T090000"))
        .with_end(berlin("20260101T100000"));
    let edited = edit(Scope::All, &utc("20260101"))
        .change(&by_day, &back)
        .unwrap();
    assert_eq!(all(&edited.object.unwrap()), all(&calendar));
}

#[test]
fn a_change_of_all_leaves_overrides_what_they_have_of_their_own() {
    let own =
        "RECURRENCE-ID:20260102T080000Z\nDTSTART:20260102T080000Z\nSUMMARY:own\nLOCATION:here";
    let same = "RECURRENCE-ID:20260103T080000Z\nDTSTART:20260103T080000Z\nSUMMARY:a";
    let calendar = series(&[&format!("{DAILY}\nSUMMARY:a"), own, same]);
    let edited = edit(Scope::All, &utc("20260101T080000Z")).change(&calendar, &summary("b"));
    let changed = edited.unwrap().object.unwrap();
    assert_eq!(
        lines(&changed, "SUMMARY"),
        ["SUMMARY:b", "SUMMARY:own", "SUMMARY:b"]
    );
    // Unless it is the one that was edited.
    let edited = edit(Scope::All, &utc("20260102T080000Z")).change(&calendar, &summary("b"));
    let changed = edited.unwrap().object.unwrap();
    assert_eq!(lines(&changed, "SUMMARY"), ["SUMMARY:b"; 3]);
}

#[test]
fn to_dos_are_edited_as_events_are() {
    let calendar = of_kind(
        "VTODO",
        &["DTSTART:20260101T080000Z\nDUE:20260101T090000Z\nRRULE:FREQ=DAILY;COUNT=3"],
    );
    let second = utc("20260102T080000Z");
    let later = Change::new().with_start(utc("20260102T100000Z"));
    let edited = edit(Scope::This, &second)
        .change(&calendar, &later)
        .unwrap();
    assert_eq!(
        all(&edited.object.unwrap())[1],
        "20260102T100000Z/20260102T110000Z"
    );
    let due = of_kind("VTODO", &["DUE:20260101T090000Z\nRRULE:FREQ=DAILY;COUNT=3"]);
    let edited = edit(Scope::ThisAndFollowing, &utc("20260102T090000Z"))
        .change(&due, &Change::new().with_start(utc("20260102T120000Z")))
        .unwrap();
    assert_eq!(both(&edited).map(|part| part.len()), [1, 2]);
}

#[test]
fn what_cannot_be_edited_is_refused_by_name() {
    let calendar = series(&[DAILY]);
    let second = utc("20260102T080000Z");
    let refusal = |scope, instance: &Moment, change: &Change| {
        edit(scope, instance).change(&calendar, change).unwrap_err()
    };
    assert_eq!(
        refusal(Scope::This, &utc("20260102T083000Z"), &summary("x")),
        Refusal::NoSuchInstance
    );
    let uid = Change::new().with(NewProperty::new("uid").unwrap().with_text("2"));
    assert_eq!(
        refusal(Scope::All, &second, &uid),
        Refusal::ReservedProperty("uid".into())
    );
    let rule = Change::new().with_rule("FREQ=DAILY".parse().unwrap());
    assert_eq!(
        refusal(Scope::This, &second, &rule),
        Refusal::RuleOfOneInstance
    );
    let two = series(&[&format!("{DAILY}\nRRULE:FREQ=WEEKLY;COUNT=9")]);
    assert_eq!(
        edit(Scope::ThisAndFollowing, &second)
            .change(&two, &summary("x"))
            .unwrap_err(),
        Refusal::SeveralRules
    );
    // Cutting off needs no second half.
    let cut = edit(Scope::ThisAndFollowing, &second).delete(&two).unwrap();
    assert_eq!(all(&cut.object.unwrap()).len(), 1);
    let alone = series(&["RECURRENCE-ID:20260102T080000Z\nDTSTART:20260102T080000Z"]);
    assert_eq!(
        edit(Scope::All, &second)
            .change(&alone, &summary("x"))
            .unwrap_err(),
        Refusal::NoMaster
    );
    assert!(
        edit(Scope::This, &second)
            .change(&alone, &summary("x"))
            .is_ok()
    );
    assert_eq!(
        edit(Scope::All, &second)
            .change(&Calendar::read("").calendar, &summary("x"))
            .unwrap_err(),
        Refusal::NotOneObject
    );
}

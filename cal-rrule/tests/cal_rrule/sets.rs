//! Recurrence sets: start, rules, added and excluded dates, bounds.

use cal_rrule::{Error, RRule, RecurrenceSet, Source, Start, StartMember, When};
use chrono::{NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::{America, Asia, Europe};

use crate::value::{date, start, time, when};

fn rule(text: &str) -> RRule {
    text.parse().unwrap()
}

fn local(set: &RecurrenceSet) -> Vec<String> {
    let times = set.local_times(..).take(20).map(Result::unwrap);
    times
        .map(|time| time.format("%Y%m%dT%H%M").to_string())
        .collect()
}

fn days(set: &RecurrenceSet) -> Vec<String> {
    local(set)
        .into_iter()
        .map(|time| time.split('T').next().unwrap().to_owned())
        .collect()
}

#[test]
fn the_start_belongs_to_the_set_and_counts() {
    // 2 January 2024 is a Tuesday.
    let set = rule("FREQ=WEEKLY;BYDAY=MO;COUNT=3").starting(date("20240102"));
    assert_eq!(days(&set), ["20240102", "20240108", "20240115"]);
    let bare = set.with_start_member(StartMember::IfGenerated);
    assert_eq!(days(&bare), ["20240108", "20240115", "20240122"]);
}

#[test]
fn a_start_after_until_is_all_there_is() {
    let set = rule("FREQ=DAILY;UNTIL=20231231").starting(date("20240102"));
    assert_eq!(days(&set), ["20240102"]);
}

#[test]
fn rules_and_dates_come_together_in_order_and_once() {
    let set = RecurrenceSet::new(date("20240101"))
        .with_rule(rule("FREQ=DAILY;INTERVAL=2;COUNT=3"))
        .with_rule(rule("FREQ=DAILY;INTERVAL=3;COUNT=3"))
        .with_rdates([
            date("20240102"),
            date("20231231"),
            date("20240103"),
            date("20240102"),
        ]);
    let expected = [
        "20231231", "20240101", "20240102", "20240103", "20240104", "20240105", "20240107",
    ];
    assert_eq!(days(&set), expected);
}

#[test]
fn each_occurrence_says_where_it_comes_from() {
    let set = RecurrenceSet::new(date("20240101"))
        .with_rule(rule("FREQ=WEEKLY;COUNT=2"))
        .with_rdates([date("20240115"), date("20240108")]);
    let sources: Vec<_> = set.iter().map(|found| found.unwrap().source()).collect();
    assert_eq!(sources, [Source::Start, Source::Rdate(1), Source::Rdate(0)]);
}

#[test]
fn exclusion_comes_last() {
    let set = rule("FREQ=DAILY;COUNT=4")
        .starting(time("20240101T090000"))
        .with_rdate(time("20240106T090000"))
        .with_exdates([
            when("20240101T090000"),
            when("20240103T100000"),
            when("20240106"),
        ]);
    assert_eq!(
        local(&set),
        ["20240102T0900", "20240103T0900", "20240104T0900"]
    );
}

#[test]
fn a_rule_can_exclude() {
    let set = rule("FREQ=DAILY;COUNT=7")
        .starting(date("20240101"))
        .with_exrule(rule("FREQ=WEEKLY;BYDAY=SA,SU"));
    assert_eq!(
        days(&set),
        ["20240101", "20240102", "20240103", "20240104", "20240105"]
    );
}

#[test]
fn a_set_without_members_is_empty() {
    let set = rule("FREQ=DAILY;COUNT=2")
        .starting(date("20240101"))
        .with_exdates([date("20240101"), date("20240102")]);
    assert_eq!(set.iter().next(), None);
    assert_eq!(set.last(), Ok(None));
}

/// Start, zone, rule, last occurrence.
const BOUNDS: [(&str, Option<&str>, &str, &str); 17] = [
    // Dates.
    (
        "20240101",
        None,
        "FREQ=DAILY;UNTIL=20240105",
        "20240105T0000",
    ),
    (
        "20240101",
        None,
        "FREQ=DAILY;UNTIL=20240105T100000",
        "20240105T0000",
    ),
    (
        "20240101",
        None,
        "FREQ=DAILY;UNTIL=20240105T115959Z",
        "20240105T0000",
    ),
    (
        "20240101",
        None,
        "FREQ=DAILY;UNTIL=20240105T120000Z",
        "20240106T0000",
    ),
    (
        "20261020",
        None,
        "FREQ=YEARLY;UNTIL=20261019T230000Z",
        "20261020T0000",
    ),
    (
        "20201229",
        None,
        "FREQ=MONTHLY;BYDAY=-1TU;UNTIL=20211129T230000Z",
        "20211130T0000",
    ),
    // Floating times.
    (
        "20240101T090000",
        None,
        "FREQ=DAILY;UNTIL=20240105",
        "20240105T0900",
    ),
    (
        "20240101T090000",
        None,
        "FREQ=DAILY;UNTIL=20240105T085959",
        "20240104T0900",
    ),
    (
        "20240101T090000",
        None,
        "FREQ=DAILY;UNTIL=20240105T090000Z",
        "20240105T0900",
    ),
    // UTC.
    (
        "20240101T090000Z",
        None,
        "FREQ=DAILY;UNTIL=20240105",
        "20240105T0900",
    ),
    (
        "20240101T090000Z",
        None,
        "FREQ=DAILY;UNTIL=20240105T085959",
        "20240104T0900",
    ),
    (
        "20240101T090000Z",
        None,
        "FREQ=DAILY;UNTIL=20240105T090000Z",
        "20240105T0900",
    ),
    // A zone: as instants, else on its wall clock.
    (
        "20240101T090000",
        Some("America/New_York"),
        "FREQ=DAILY;UNTIL=20240105T140000Z",
        "20240105T0900",
    ),
    (
        "20240101T090000",
        Some("America/New_York"),
        "FREQ=DAILY;UNTIL=20240105T135959Z",
        "20240104T0900",
    ),
    (
        "20240101T090000",
        Some("America/New_York"),
        "FREQ=DAILY;UNTIL=20240105T090000",
        "20240105T0900",
    ),
    (
        "20240101T230000",
        Some("America/New_York"),
        "FREQ=DAILY;UNTIL=20240105",
        "20240105T2300",
    ),
    (
        "20230805T123000",
        Some("Asia/Jerusalem"),
        "FREQ=WEEKLY;UNTIL=20230819T093000Z",
        "20230819T1230",
    ),
];

#[test]
fn until_is_inclusive_in_every_form() {
    for (begin, tzid, text, last) in BOUNDS {
        let set = rule(text).starting(start(begin, tzid));
        assert_eq!(local(&set).last().unwrap(), last, "{begin} {text}");
        let found = set.last().unwrap().unwrap().local();
        assert_eq!(
            found.format("%Y%m%dT%H%M").to_string(),
            last,
            "{begin} {text}, from the end"
        );
    }
}

#[test]
fn an_exdate_removes_the_instant_or_the_local_day() {
    let series =
        || rule("FREQ=DAILY;COUNT=3").starting(start("20240309T220000", Some("America/New_York")));
    let all = ["20240309T2200", "20240310T2200", "20240311T2200"];
    assert_eq!(local(&series()), all);
    for (exdate, gone) in [
        ("20240310", 1),
        ("20240310T220000", 1),
        ("20240311T020000Z", 1),
        ("20240311", 2),
        ("20240312T020000Z", 2),
    ] {
        let left: Vec<_> = (0..3)
            .filter(|index| *index != gone)
            .map(|index| all[index])
            .collect();
        assert_eq!(local(&series().with_exdate(when(exdate))), left, "{exdate}");
    }
    let all_day = rule("FREQ=DAILY;COUNT=2").starting(date("20240101"));
    assert_eq!(
        days(&all_day.with_exdate(time("20240102T235900"))),
        ["20240101"]
    );
}

#[test]
fn an_rdate_of_another_form_is_placed_on_the_series() {
    let series = RecurrenceSet::new(Berlin.start("20240101T090000")).with_rdates([
        when("20240103"),
        when("20240702T070000Z"),
        when("20240104T100000"),
    ]);
    let expected = [
        "20240101T0900",
        "20240103T0900",
        "20240104T1000",
        "20240702T0900",
    ];
    assert_eq!(local(&series), expected);
}

/// Shorthand for starts in Berlin.
struct Berlin;

impl Berlin {
    #[expect(clippy::unused_self, reason = "reads as a sentence")]
    fn start(self, text: &str) -> Start {
        Start::zoned(time(text), Europe::Berlin)
    }
}

#[test]
fn dates_ignore_times_of_day() {
    let set = rule("FREQ=DAILY;BYHOUR=9,10;BYMINUTE=30;COUNT=2").starting(date("20240101"));
    assert_eq!(local(&set), ["20240101T0000", "20240102T0000"]);
    let hourly = rule("FREQ=HOURLY;INTERVAL=36").starting(date("20240101"));
    assert_eq!(
        days(&hourly)[..4],
        ["20240101", "20240102", "20240104", "20240105"]
    );
}

#[test]
fn windows_are_half_open_and_of_the_series_own_line() {
    let floating = rule("FREQ=DAILY").starting(time("20240101T090000"));
    let window = floating.local_times(time("20240105T090000")..time("20240107T090000"));
    let found: Vec<_> = window.map(Result::unwrap).collect();
    assert_eq!(found, [time("20240105T090000"), time("20240106T090000")]);

    let zoned = rule("FREQ=DAILY").starting(start("20240101T090000", Some("Asia/Tokyo")));
    let window = zoned.local_times(time("20240105T000000")..=time("20240106T000000"));
    let found: Vec<_> = window.map(Result::unwrap).collect();
    assert_eq!(found, [time("20240105T090000"), time("20240106T090000")]);
}

#[test]
fn questions_are_answered_without_walking() {
    let set = rule("FREQ=MINUTELY;INTERVAL=7").starting(time("20000101T000000"));
    let far = time("98760101T000000");
    let next = set.first_from(far).unwrap().unwrap().local();
    let before = set.last_before(next).unwrap().unwrap().local();
    assert!(next >= far && (next - before).num_minutes() == 7);
    assert_eq!(set.contains(next), Ok(true));
    assert_eq!(
        set.contains(far + (next - far) / 2 + chrono::TimeDelta::seconds(1)),
        Ok(false)
    );
}

#[test]
fn an_endless_series_has_no_last_occurrence() {
    let set = rule("FREQ=YEARLY").starting(date("20240101"));
    assert_eq!(set.last(), Err(Error::PastYear9999));
    let mut end = set.within(time("99980101T000000")..);
    assert_eq!(
        end.next().unwrap().unwrap().local(),
        time("99980101T000000")
    );
    assert_eq!(
        end.next().unwrap().unwrap().local(),
        time("99990101T000000")
    );
    assert_eq!(end.next(), Some(Err(Error::PastYear9999)));
    assert_eq!(end.next(), None);
}

#[test]
fn a_series_keeps_the_zone_of_a_chrono_time() {
    let begin = America::New_York
        .with_ymd_and_hms(2024, 3, 9, 9, 0, 0)
        .unwrap();
    let set = rule("FREQ=DAILY;COUNT=2").starting(begin);
    let found: Vec<_> = set
        .iter()
        .map(|found| found.unwrap().utc().unwrap())
        .collect();
    assert_eq!(found, [time("20240309T140000"), time("20240310T130000")]);
}

#[test]
fn dates_and_floating_times_have_no_instant() {
    for begin in [
        Start::from(date("20240101")),
        Start::from(time("20240101T090000")),
    ] {
        let first = RecurrenceSet::new(begin)
            .first_from(NaiveDateTime::MIN)
            .unwrap()
            .unwrap();
        assert_eq!(first.utc(), None);
    }
    let utc = chrono::Utc.with_ymd_and_hms(2024, 1, 1, 9, 0, 0).unwrap();
    let first = RecurrenceSet::new(utc).iter().next().unwrap().unwrap();
    assert_eq!(first.utc(), Some(time("20240101T090000")));
}

#[test]
fn a_skipped_day_of_a_zone_is_still_a_date() {
    // Samoa had no 30 December 2011, but a calendar of dates has.
    let set = rule("FREQ=DAILY;COUNT=3").starting(date("20111229"));
    assert_eq!(days(&set), ["20111229", "20111230", "20111231"]);
}

#[test]
fn values_print_as_they_are_written() {
    for text in ["20240131", "20240131T090000", "20240131T090000Z"] {
        assert_eq!(when(text).to_string(), text);
    }
    assert_eq!(When::from(NaiveDate::default()).to_string(), "19700101");
    let jerusalem = Asia::Jerusalem
        .with_ymd_and_hms(2024, 1, 1, 0, 0, 0)
        .unwrap();
    assert_eq!(
        When::from(jerusalem.with_timezone(&chrono::Utc)).to_string(),
        "20231231T220000Z"
    );
}

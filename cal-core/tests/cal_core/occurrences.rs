//! What is on when: exceptions, added dates, lengths, windows, limits.

use cal_core::{Calendar, Error, Expansion, Oddity, Window};

use crate::calendar_of;
use crate::series::{DAILY, all, expand, instant, oddities, of_kind, series, window};

#[test]
fn an_exception_in_any_form_takes_its_instance_away() {
    for exdate in [
        "EXDATE;TZID=Europe/Berlin:20260102T090000",
        "EXDATE:20260102T080000Z",
        "EXDATE;TZID=America/New_York:20260102T030000",
        "EXDATE;VALUE=DATE:20260102",
        "EXDATE:20260102",
        "EXDATE:20260102T090000",
        "EXDATE;TZID=Europe/Berlin:20251231T090000,20260102T090000",
    ] {
        let calendar = series(&[&format!("{DAILY}\n{exdate}")]);
        assert_eq!(
            all(&calendar),
            [
                "20260101T080000Z/20260101T090000Z",
                "20260103T080000Z/20260103T090000Z"
            ],
            "{exdate}"
        );
    }
}

#[test]
fn a_timed_exception_on_an_all_day_series_takes_the_date_on_its_own_clock() {
    let days = "DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;COUNT=3";
    for exdate in [
        "EXDATE;VALUE=DATE:20260102",
        "EXDATE:20260102T000000",
        "EXDATE;TZID=Pacific/Kiritimati:20260102T230000",
        "EXDATE:20260102T230000Z",
    ] {
        let calendar = series(&[&format!("{days}\n{exdate}")]);
        assert_eq!(
            all(&calendar),
            ["20260101/20260102", "20260103/20260104"],
            "{exdate}"
        );
    }
}

#[test]
fn a_series_may_be_excluded_altogether() {
    let calendar = series(&[
        "DTSTART:20260101T090000Z\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE:20260101T090000Z,20260102T090000Z",
    ]);
    assert!(all(&calendar).is_empty());
    assert!(calendar.span().is_some());
}

#[test]
fn an_exrule_takes_away_what_it_generates() {
    let calendar = series(&[
        "DTSTART:20260101T090000Z\nRRULE:FREQ=DAILY;COUNT=4\nEXRULE:FREQ=DAILY;INTERVAL=2",
    ]);
    assert_eq!(
        all(&calendar),
        [
            "20260102T090000Z/20260102T090000Z",
            "20260104T090000Z/20260104T090000Z"
        ]
    );
}

#[test]
fn dtstart_belongs_to_the_set_and_counts_where_no_rule_gives_it() {
    // A Thursday, and a rule of Mondays.
    let calendar = series(&["DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2"]);
    assert_eq!(all(&calendar), ["20260101/20260102", "20260105/20260106"]);
}

#[test]
fn an_added_date_counts_once_and_takes_the_form_of_the_series() {
    for rdate in [
        "RDATE:20260105T080000Z",
        "RDATE;TZID=Europe/Berlin:20260105T090000",
        "RDATE;VALUE=DATE:20260105",
        "RDATE:20260105T080000Z,20260105T080000Z",
        "RDATE:20260105T080000Z\nRDATE;VALUE=PERIOD:20260105T080000Z/PT1H",
    ] {
        let calendar = series(&[&format!("{DAILY}\n{rdate}")]);
        assert_eq!(all(&calendar).len(), 4, "{rdate}");
        assert_eq!(
            all(&calendar)[3],
            "20260105T080000Z/20260105T090000Z",
            "{rdate}"
        );
    }
}

#[test]
fn a_period_has_its_own_length() {
    let rdate = "RDATE;VALUE=PERIOD:20260102T080000Z/PT15M,20260105T080000Z/20260105T100000Z";
    let calendar = series(&[&format!("{DAILY}\n{rdate}")]);
    assert_eq!(
        all(&calendar),
        [
            "20260101T080000Z/20260101T090000Z",
            "20260102T080000Z/20260102T081500Z",
            "20260103T080000Z/20260103T090000Z",
            "20260105T080000Z/20260105T100000Z",
        ]
    );
    let ends = calendar.occurrences(&Window::ALL, chrono_tz::UTC);
    let ends: Vec<_> = ends.map(|found| found.unwrap().end().to_string()).collect();
    assert_eq!(ends[3], "2026-01-05T10:00:00Z");
    // A window at its end still finds a period longer than the series.
    let late = window("20260105T095900Z", "20260105T100000Z");
    assert_eq!(expand(&calendar, &late, chrono_tz::UTC).len(), 1);
}

#[test]
fn an_added_instant_may_be_the_second_of_two_equal_clock_times() {
    let calendar = series(&["DTSTART;TZID=Europe/Berlin:20261024T023000\nRDATE:20261025T013000Z"]);
    // 02:30 was first at 00:30Z and again at 01:30Z.
    assert_eq!(all(&calendar)[1], "20261025T013000Z/20261025T013000Z");
}

#[test]
fn what_still_runs_when_the_window_begins_is_on() {
    let calendar = series(&[
        "DTSTART:20260101T090000Z\nDTEND:20260101T100000Z",
        "X-A:1\nRECURRENCE-ID:20260301T000000Z\nDTSTART:20260301T000000Z",
    ]);
    for (start, end, on) in [
        ("20260101T080000Z", "20260101T090000Z", false),
        ("20260101T080000Z", "20260101T090001Z", true),
        ("20260101T093000Z", "20260101T094000Z", true),
        ("20260101T095959Z", "20260101T110000Z", true),
        ("20260101T100000Z", "20260101T110000Z", false),
        // Without length, at the start of the window and at its end.
        ("20260301T000000Z", "20260301T000001Z", true),
        ("20260228T000000Z", "20260301T000000Z", false),
    ] {
        let found = expand(&calendar, &window(start, end), chrono_tz::UTC);
        assert_eq!(found.len(), usize::from(on), "{start} {end}");
    }
}

#[test]
fn days_are_nominal_and_hours_exact_where_the_clock_changes() {
    let berlin = |lines: &str| {
        series(&[&format!(
            "DTSTART;TZID=Europe/Berlin:20260328T120000\n{lines}"
        )])
    };
    for (lines, end) in [
        ("DURATION:P1D", "20260329T100000Z"),
        ("DURATION:PT24H", "20260329T110000Z"),
        ("DURATION:P1DT1H", "20260329T110000Z"),
        ("DURATION:P1W", "20260404T100000Z"),
        (
            "DTEND;TZID=Europe/Berlin:20260329T120000",
            "20260329T100000Z",
        ),
        ("DTEND:20260329T110000Z", "20260329T110000Z"),
    ] {
        assert_eq!(
            all(&berlin(lines)),
            [format!("20260328T110000Z/{end}")],
            "{lines}"
        );
    }
}

#[test]
fn a_dtend_gives_every_instance_the_same_exact_length() {
    let night = "DTSTART;TZID=Europe/Berlin:20260327T220000\nDTEND;TZID=Europe/Berlin:20260328T060000\nRRULE:FREQ=DAILY;COUNT=3";
    assert_eq!(
        all(&series(&[night])),
        [
            "20260327T210000Z/20260328T050000Z",
            "20260328T210000Z/20260329T050000Z",
            "20260329T200000Z/20260330T040000Z",
        ]
    );
}

#[test]
fn the_end_keeps_its_own_zone() {
    let flight = series(&[
        "DTSTART;TZID=Europe/Berlin:20260301T120000\nDTEND;TZID=America/New_York:20260301T140000\nRRULE:FREQ=WEEKLY;COUNT=2",
    ]);
    let ends: Vec<_> = flight
        .occurrences(&Window::ALL, chrono_tz::UTC)
        .map(|found| found.unwrap().end().to_string())
        .collect();
    assert_eq!(
        ends,
        [
            "2026-03-01T14:00:00[America/New_York]",
            "2026-03-08T15:00:00[America/New_York]"
        ]
    );
}

#[test]
fn a_day_has_23_or_25_hours_where_the_clock_changes() {
    for (day, next, hours) in [
        ("20260329", "20260330", 23),
        ("20261025", "20261026", 25),
        ("20260101", "20260102", 24),
    ] {
        let calendar = series(&[&format!(
            "DTSTART;VALUE=DATE:{day}\nDTEND;VALUE=DATE:{next}"
        )]);
        let found = calendar
            .occurrences(&Window::ALL, chrono_tz::Europe::Berlin)
            .next()
            .unwrap()
            .unwrap();
        assert_eq!(
            (found.end_utc() - found.start_utc()).num_hours(),
            hours,
            "{day}"
        );
    }
}

#[test]
fn a_day_and_a_floating_time_are_in_the_zone_the_caller_names() {
    let calendar = series(&["DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=DAILY;COUNT=1"]);
    let found = calendar
        .occurrences(&Window::ALL, chrono_tz::Asia::Tokyo)
        .next()
        .unwrap()
        .unwrap();
    assert_eq!(found.start_utc(), instant("20260630T150000Z"));
    let day = window("20260701T000000Z", "20260702T000000Z");
    let floating = series(&["DTSTART:20260701T010000\nDURATION:PT1H"]);
    assert_eq!(
        expand(&floating, &day, chrono_tz::UTC),
        ["20260701T010000Z/20260701T020000Z"]
    );
    assert!(expand(&floating, &day, chrono_tz::Asia::Tokyo).is_empty());
}

#[test]
fn missing_contradicting_and_impossible_ends_are_mended() {
    for (lines, expected) in [
        ("DTSTART;VALUE=DATE:20260101", "20260101/20260102"),
        (
            "DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20260101",
            "20260101/20260102",
        ),
        (
            "DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260101",
            "20260102/20260103",
        ),
        (
            "DTSTART;VALUE=DATE:20260101\nDURATION:P3D",
            "20260101/20260104",
        ),
        (
            "DTSTART;VALUE=DATE:20260101\nDURATION:PT36H",
            "20260101/20260103",
        ),
        (
            "DTSTART:20260101T090000Z",
            "20260101T090000Z/20260101T090000Z",
        ),
        (
            "DTSTART:20260101T090000Z\nDTEND:20260101T080000Z",
            "20260101T090000Z/20260101T090000Z",
        ),
        (
            "DTSTART:20260101T090000Z\nDTEND:20260101T100000Z\nDURATION:PT5H",
            "20260101T090000Z/20260101T100000Z",
        ),
        (
            "DTSTART:20260101T090000Z\nDURATION:-PT5H",
            "20260101T090000Z/20260101T090000Z",
        ),
        (
            "DTSTART:20260101T090000Z\nDURATION:P",
            "20260101T090000Z/20260101T090000Z",
        ),
        (
            "DTSTART:20260101T090000Z\nDURATION:PT5400S",
            "20260101T090000Z/20260101T103000Z",
        ),
    ] {
        assert_eq!(all(&series(&[lines])), [expected], "{lines}");
    }
}

#[test]
fn a_todo_is_on_from_start_to_due_or_when_it_is_due() {
    for (lines, expected) in [
        (
            "DTSTART:20260101T090000Z\nDUE:20260101T100000Z\nRRULE:FREQ=DAILY;COUNT=2",
            vec![
                "20260101T090000Z/20260101T100000Z",
                "20260102T090000Z/20260102T100000Z",
            ],
        ),
        (
            "DTSTART:20260101T090000Z\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=1",
            vec!["20260101T090000Z/20260101T093000Z"],
        ),
        (
            "DUE;TZID=Europe/Berlin:20260101T100000\nRRULE:FREQ=DAILY;COUNT=2",
            vec![
                "20260101T090000Z/20260101T090000Z",
                "20260102T090000Z/20260102T090000Z",
            ],
        ),
        ("SUMMARY:some day", vec![]),
    ] {
        assert_eq!(all(&of_kind("VTODO", &[lines])), expected, "{lines}");
    }
    let journal = of_kind(
        "VJOURNAL",
        &["DTSTART;VALUE=DATE:20260101", "SUMMARY:undated"],
    );
    assert_eq!(all(&journal), ["20260101/20260102"]);
}

#[test]
fn an_unknown_zone_is_the_callers_with_a_warning() {
    let calendar = series(&["DTSTART;TZID=Customized Time Zone:20260701T090000"]);
    assert_eq!(
        expand(&calendar, &Window::ALL, chrono_tz::Europe::Berlin),
        ["20260701T070000Z/20260701T070000Z"]
    );
    assert_eq!(
        oddities(&calendar),
        [Oddity::UnknownZone("Customized Time Zone".into())]
    );
    let guessed = series(&["DTSTART;TZID=Pacific Time:20260701T090000"]);
    assert_eq!(all(&guessed), ["20260701T160000Z/20260701T160000Z"]);
    assert_eq!(
        oddities(&guessed),
        [Oddity::GuessedZone("Pacific Time".into())]
    );
}

#[test]
fn each_zone_of_a_component_that_is_unknown_or_guessed_is_told_once() {
    let calendar = series(&["DTSTART;TZID=Europe/Berlin:20260101T090000\n\
         DTEND;TZID=Pacific Time:20260101T090000\n\
         RDATE;TZID=foo:20260102T090000\nRDATE;TZID=foo:20260103T090000\n\
         EXDATE;TZID=bar:20260104T090000"]);
    let mut occurrences = calendar.occurrences(&Window::ALL, chrono_tz::Europe::Berlin);
    assert_eq!(occurrences.by_ref().count(), 3);
    let told: Vec<Oddity> = occurrences
        .warnings()
        .iter()
        .map(|warning| warning.oddity.clone())
        .collect();
    assert_eq!(
        told,
        [
            Oddity::GuessedZone("Pacific Time".into()),
            Oddity::UnknownZone("foo".into()),
            Oddity::UnknownZone("bar".into()),
        ]
    );
}

#[test]
fn one_bad_event_is_an_error_and_the_others_go_on() {
    let text = "BEGIN:VEVENT\nUID:bad\nDTSTART:nonsense\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:none\nSUMMARY:no start\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:good\nDTSTART:20260101T090000Z\nRRULE:FREQ=NEVER\nEND:VEVENT";
    let calendar = Calendar::read(calendar_of(text)).calendar;
    let mut occurrences = calendar.occurrences(&Window::ALL, chrono_tz::UTC);
    let items: Vec<_> = occurrences.by_ref().collect();
    assert_eq!(items.iter().filter(|item| item.is_err()).count(), 2);
    assert_eq!(items.last().unwrap().as_ref().unwrap().uid(), "good");
    assert!(matches!(
        occurrences.warnings()[0].oddity,
        Oddity::InvalidRule(_)
    ));
}

#[test]
fn a_limit_that_is_passed_is_an_error_and_says_so() {
    let calendar = series(&["DTSTART:20260101T090000Z\nRRULE:FREQ=SECONDLY"]);
    let items: Vec<_> = Expansion::of(&calendar)
        .with_limit(5)
        .occurrences(&Window::ALL)
        .collect();
    assert_eq!(items.len(), 6);
    assert_eq!(
        items[5].as_ref().unwrap_err(),
        &Error::OccurrenceLimit {
            uid: "1".into(),
            limit: 5
        }
    );
    assert_eq!(
        items[5].as_ref().unwrap_err().to_string(),
        "\"1\" occurs more than 5 times in the window"
    );
    let exactly: Vec<_> = Expansion::of(&calendar)
        .with_limit(5)
        .occurrences(&window("20260101T090000Z", "20260101T090005Z"))
        .collect();
    assert_eq!(exactly.iter().filter(|item| item.is_ok()).count(), 5);
    assert_eq!(exactly.len(), 5);
}

#[test]
fn a_far_window_of_a_long_series_is_found_at_once() {
    let began = std::time::Instant::now();
    for rule in [
        "FREQ=DAILY;COUNT=1000000000",
        "FREQ=SECONDLY",
        "FREQ=HOURLY;COUNT=1000000000",
    ] {
        let calendar = series(&[&format!(
            "DTSTART;TZID=Europe/Berlin:19970902T090000\nDURATION:PT1M\nRRULE:{rule}"
        )]);
        let week = window("20300107T080000Z", "20300107T080200Z");
        assert!(
            !expand(&calendar, &week, chrono_tz::UTC).is_empty(),
            "{rule}"
        );
    }
    assert!(
        began.elapsed() < std::time::Duration::from_millis(500),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn an_agenda_is_in_order_over_all_objects() {
    let text = "BEGIN:VEVENT\nUID:late\nDTSTART:20260101T100000Z\nRRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:early\nDTSTART:20260101T090000Z\nRRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT";
    let calendar = Calendar::read(calendar_of(text)).calendar;
    let agenda = calendar
        .occurrences(&Window::ALL, chrono_tz::UTC)
        .by_start();
    let uids: Vec<_> = agenda
        .map(|found| found.unwrap().uid().to_owned())
        .collect();
    assert_eq!(uids, ["early", "late", "early", "late"]);
}

#[test]
fn one_uid_may_be_an_event_and_a_todo() {
    let text = "BEGIN:VEVENT\nUID:1\nDTSTART:20260101T100000Z\nEND:VEVENT\n\
        BEGIN:VTODO\nUID:1\nSEQUENCE:4\nDTSTART:20260101T090000Z\nEND:VTODO";
    let calendar = Calendar::read(calendar_of(text)).calendar;
    assert_eq!(all(&calendar).len(), 2);
}

#[test]
fn until_in_any_form_ends_where_people_mean_it() {
    let jerusalem = series(&[
        "DTSTART;TZID=Asia/Jerusalem:20230805T123000\nRRULE:FREQ=WEEKLY;UNTIL=20230819T093000Z",
    ]);
    assert_eq!(all(&jerusalem).len(), 3);
    let berlin = series(&[
        "DTSTART;TZID=Europe/Berlin:20201214T093000\nRRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20210308T083000Z\n\
        EXDATE;TZID=Europe/Berlin:20201228T093000,20210125T093000,20210208T093000",
    ]);
    let days: Vec<_> = all(&berlin).iter().map(|row| row[..8].to_owned()).collect();
    assert_eq!(days, ["20201214", "20210111", "20210222", "20210308"]);
    let outlook =
        series(&["DTSTART;VALUE=DATE:20261020\nRRULE:FREQ=YEARLY;UNTIL=20261019T230000Z"]);
    assert_eq!(all(&outlook), ["20261020/20261021"]);
    let tuesdays = series(&[
        "DTSTART;VALUE=DATE:20201229\nRRULE:FREQ=MONTHLY;BYDAY=-1TU;UNTIL=20211129T230000Z",
    ]);
    assert_eq!(all(&tuesdays).len(), 12);
    assert_eq!(all(&tuesdays)[11], "20211130/20211201");
}

#[test]
fn a_period_is_an_instance_of_its_series() {
    let calendar = series(&["DTSTART:20260101T090000Z\n\
         RDATE;VALUE=PERIOD:20260201T090000Z/PT3H"]);
    let ids: Vec<Option<String>> = calendar
        .occurrences(&Window::ALL, chrono_tz::UTC)
        .map(|found| found.unwrap().recurrence_id().map(|id| id.to_value()))
        .collect();
    let id = |text: &str| Some(text.to_owned());
    assert_eq!(ids, [id("20260101T090000Z"), id("20260201T090000Z")]);
}
